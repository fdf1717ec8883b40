"""Schedules whose learning rates PyTorch was asked for: how to make each, spelled alike here and there.

``record_torch_schedules.py``, which runs in an environment with PyTorch and without this library, reads the same cases as the
tests; so nothing here imports either.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """One schedule.

    Args:
        text: an expression that makes it, of ``S``, the schedules, and ``o``, the optimizer.
        lrs: the learning rates of the optimizer's groups.
        optimizer: ``"SGD"``, with a momentum of 0.9, or ``"Adam"``.
        steps: how many learning rates are recorded; or what ``step`` is given each time.
        last_epoch: where a schedule is resumed: the optimizer's state after so many steps more than that is loaded before.
    """

    text: str
    lrs: tuple[float, ...] = (0.3,)
    optimizer: str = "SGD"
    steps: Any = 25
    last_epoch: int = -1

    @property
    def name(self) -> str:
        """The outermost schedule's name."""
        return self.text.removeprefix("S.").partition("(")[0]

    def __str__(self) -> str:
        settings = [f"lrs={self.lrs}"] if self.lrs != (0.3,) else []
        settings += [self.optimizer] if self.optimizer != "SGD" else []
        settings += [f"given={self.steps}"] if not isinstance(self.steps, int) else []
        settings += [f"resumed={self.last_epoch}"] if self.last_epoch != -1 else []
        return f"{self.text.removeprefix('S.')} {' '.join(settings)}".strip().replace(" ", "")

    @property
    def given(self) -> list[tuple[Any, ...]]:
        """What ``step`` is given each time."""
        return [()] * (self.steps - 1) if isinstance(self.steps, int) else [(each,) for each in self.steps]

    def start(self, schedulers: Any, optimizers: Any, parameter: Callable[[], Any]) -> tuple[Any, Any]:
        """Optimizer and schedule before the first of the recorded steps."""
        optimizer = self._optimizer(optimizers, parameter, self.lrs)
        if self.last_epoch == -1:
            return optimizer, self._schedule(self.text, schedulers, optimizer)
        first = self._schedule(self.text, schedulers, optimizer)
        for _ in range(self.last_epoch + 1):
            first.step()
        resumed = self._optimizer(optimizers, parameter, (1.0,) * len(self.lrs))
        resumed.load_state_dict(optimizer.state_dict())
        return resumed, self._schedule(f"{self.text.removesuffix(')')}, last_epoch={self.last_epoch})", schedulers, resumed)

    def run(self, optimizer: Any, schedule: Any) -> dict[str, Any]:
        """The learning rates and momenta of every group in each step, the first ones included."""
        lrs, momenta = [], []
        for each in (None, *self.given):
            if each is not None:
                schedule.step(*each)
            lrs.append([group["lr"] for group in optimizer.param_groups])
            assert lrs[-1] == schedule.get_last_lr()
            momenta.append([group["betas"][0] if "betas" in group else group["momentum"] for group in optimizer.param_groups])
        return {"lr": lrs, "momentum": momenta}

    def _optimizer(self, optimizers: Any, parameter: Callable[[], Any], lrs: tuple[float, ...]) -> Any:
        settings = {"momentum": 0.9} if self.optimizer == "SGD" else {}
        return getattr(optimizers, self.optimizer)([{"params": [parameter()], "lr": lr} for lr in lrs], **settings)

    def _schedule(self, text: str, schedulers: Any, optimizer: Any) -> Any:
        return eval(text, {"S": schedulers, "o": optimizer})


TWO = (0.3, 0.02)
METRICS = [
    1.0,
    0.9,
    0.9,
    0.9,
    0.95,
    0.91,
    0.899999,
    0.8,
    0.8,
    0.81,
    0.8,
    0.8,
    0.79995,
    0.8,
    0.8,
    0.2,
    0.3,
    0.3,
    math.nan,
    0.3,
    0.3,
]

CASES = [
    Case("S.StepLR(o, 3)"),
    Case("S.StepLR(o, step_size=4, gamma=0.5)", TWO),
    Case("S.StepLR(o, 1, 0.9)", optimizer="Adam"),
    Case("S.MultiStepLR(o, [3, 8, 12])"),
    Case("S.MultiStepLR(o, [9, 2, 9, 2, 2], gamma=0.7)", TWO),
    Case("S.MultiStepLR(o, [0, 5], 0.5)"),
    Case("S.ConstantLR(o)"),
    Case("S.ConstantLR(o, factor=0.7, total_iters=9)", TWO),
    Case("S.ConstantLR(o, 1.0, 3)"),
    Case("S.LinearLR(o)"),
    Case("S.LinearLR(o, start_factor=0.01, total_iters=10)", TWO),
    Case("S.LinearLR(o, start_factor=1.0, end_factor=0.0, total_iters=12)"),
    Case("S.LinearLR(o, 0.9, 0.3, 7)"),
    Case("S.LinearLR(o, 0.25, 0.75, 1)"),
    Case("S.ExponentialLR(o, 0.9)"),
    Case("S.ExponentialLR(o, gamma=1.05)", TWO),
    Case("S.PolynomialLR(o)"),
    Case("S.PolynomialLR(o, total_iters=12, power=2.0)", TWO),
    Case("S.PolynomialLR(o, 9, 0.5)"),
    Case("S.LambdaLR(o, lambda t: 0.95**t)"),
    Case("S.LambdaLR(o, [lambda t: 1 / (1 + t), lambda t: min(1, t / 5)])", TWO),
    Case("S.MultiplicativeLR(o, lambda t: 0.95)"),
    Case("S.MultiplicativeLR(o, [lambda t: 1 - 0.01 * t, lambda t: 1.01])", TWO),
    Case("S.CosineAnnealingLR(o, 10)"),
    Case("S.CosineAnnealingLR(o, T_max=7, eta_min=0.01)", TWO, steps=40),
    Case("S.CosineAnnealingLR(o, 1)"),
    Case("S.CosineAnnealingWarmRestarts(o, 5)"),
    Case("S.CosineAnnealingWarmRestarts(o, T_0=2, T_mult=2, eta_min=0.001)", TWO, steps=40),
    Case("S.CosineAnnealingWarmRestarts(o, 1, 3)", steps=45),
    Case("S.CosineAnnealingWarmRestarts(o, 4, 2)", steps=[0.25, 0.5, 3.75, 4, 4.5, 11.9, 12, 13.5, 30.125, 3, None, None]),
    Case("S.CosineAnnealingWarmRestarts(o, 3)", steps=[0.5, 2.5, 3.0, 7.25, None, None, 1]),
    Case("S.SWALR(o, 0.05)"),
    Case("S.SWALR(o, swa_lr=[0.05, 0.5], anneal_epochs=7, anneal_strategy='linear')", TWO),
    Case("S.SWALR(o, 0.05, 0)"),
    Case("S.OneCycleLR(o, 1.0, total_steps=25)"),
    Case("S.OneCycleLR(o, max_lr=[1.0, 0.1], epochs=5, steps_per_epoch=5, anneal_strategy='linear')", TWO),
    Case("S.OneCycleLR(o, 0.5, 25, three_phase=True, pct_start=0.4)"),
    Case("S.OneCycleLR(o, 0.5, 25, three_phase=True, pct_start=0.25, anneal_strategy='linear')", optimizer="Adam"),
    Case("S.OneCycleLR(o, 0.5, 25, pct_start=0.0, div_factor=10, final_div_factor=100)", optimizer="Adam"),
    Case("S.OneCycleLR(o, 0.5, 25, pct_start=1.0, base_momentum=0.7, max_momentum=0.99)"),
    Case("S.OneCycleLR(o, 0.5, 25, cycle_momentum=False)"),
    Case("S.OneCycleLR(o, 0.5, total_steps=1)", steps=1),
    Case("S.CyclicLR(o, 0.01, 0.1, 5)"),
    Case("S.CyclicLR(o, base_lr=[0.01, 0.1], max_lr=[0.1, 0.2], step_size_up=3, step_size_down=5)", TWO),
    Case("S.CyclicLR(o, 0.01, 0.1, 4, mode='triangular2')", optimizer="Adam", steps=40),
    Case("S.CyclicLR(o, 0.01, 0.1, 4, mode='exp_range', gamma=0.97)", steps=40),
    Case("S.CyclicLR(o, 0.01, 0.1, 4, scale_fn=lambda x: 1 / x)"),
    Case("S.CyclicLR(o, 0.01, 0.1, 4, scale_fn=lambda x: 0.9**x, scale_mode='iterations', cycle_momentum=False)"),
    Case("S.CyclicLR(o, 0.01, 0.1, 4, base_momentum=0.5, max_momentum=0.95)"),
    Case("S.ReduceLROnPlateau(o)", steps=METRICS),
    Case("S.ReduceLROnPlateau(o, patience=1, factor=0.5)", TWO, steps=METRICS),
    Case("S.ReduceLROnPlateau(o, 'min', 0.5, 0, cooldown=2, min_lr=[0.01, 0.015])", TWO, steps=METRICS),
    Case("S.ReduceLROnPlateau(o, 'max', patience=2, threshold=0.05, threshold_mode='abs')", steps=METRICS),
    Case("S.ReduceLROnPlateau(o, mode='max', patience=1, threshold=0.01)", steps=[1 - each for each in METRICS]),
    Case("S.ReduceLROnPlateau(o, patience=1, threshold=0.15, threshold_mode='abs', eps=1e-3)", TWO, steps=METRICS),
    Case("S.SequentialLR(o, [S.LinearLR(o, 0.1, total_iters=5), S.CosineAnnealingLR(o, 15)], milestones=[5])"),
    Case("S.SequentialLR(o, [S.ConstantLR(o, 0.1, 2), S.ExponentialLR(o, 0.9), S.StepLR(o, 2)], [3, 10])", TWO),
    Case("S.SequentialLR(o, [S.ExponentialLR(o, 0.9), S.PolynomialLR(o, 8, 2.0)], [6])"),
    Case("S.SequentialLR(o, [S.ExponentialLR(o, 0.9), S.SWALR(o, 0.5, 5)], [6])"),
    Case("S.SequentialLR(o, [S.LambdaLR(o, lambda t: 1 / (1 + t)), S.CosineAnnealingWarmRestarts(o, 3, 2)], [4])", TWO),
    Case("S.SequentialLR(o, [S.MultiStepLR(o, [2, 4]), S.OneCycleLR(o, 1.0, 15)], [7])", steps=20),
    Case("S.SequentialLR(o, [S.LinearLR(o), S.CyclicLR(o, 0.01, 0.2, 4)], [6])"),
    Case("S.SequentialLR(o, [S.StepLR(o, 2), S.ExponentialLR(o, 0.9), S.ConstantLR(o)], [4, 4])"),
    Case("S.SequentialLR(o, [S.StepLR(o, 2), S.ExponentialLR(o, 0.9)], [0])"),
    Case("S.ChainedScheduler([S.ConstantLR(o, 0.1, 4), S.ExponentialLR(o, 0.9)])"),
    Case("S.ChainedScheduler([S.LinearLR(o, 0.25), S.StepLR(o, 4, 0.5), S.MultiplicativeLR(o, lambda t: 0.99)], o)", TWO),
    Case("S.ChainedScheduler([S.CosineAnnealingLR(o, 8, 0.01), S.ExponentialLR(o, 0.95)])"),
    Case(
        "S.ChainedScheduler([S.SequentialLR(o, [S.LinearLR(o), S.ExponentialLR(o, 0.9)], [5]), S.MultiStepLR(o, [3, 9], 0.5)])"
    ),
    *[
        Case(text, TWO, last_epoch=last_epoch)
        for text in (
            "S.StepLR(o, 4)",
            "S.MultiStepLR(o, [3, 9])",
            "S.LinearLR(o, total_iters=9)",
            "S.ExponentialLR(o, 0.9)",
            "S.PolynomialLR(o, 12, 2.0)",
            "S.ConstantLR(o, 0.5, 7)",
            "S.CosineAnnealingLR(o, 6)",
            "S.CosineAnnealingWarmRestarts(o, 6)",
            "S.LambdaLR(o, lambda t: 0.9**t)",
            "S.MultiplicativeLR(o, lambda t: 0.95)",
            "S.CyclicLR(o, 0.01, 0.1, 4)",
        )
        for last_epoch in (1, 5)
    ],
    Case("S.OneCycleLR(o, 0.5, 25)", last_epoch=6, steps=18),
]
