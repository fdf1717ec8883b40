"""What PyTorch's optimizers did, read from ``torch_optimizers.json``, and the same done by this library's."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import nn

RECORDED = json.loads(Path(__file__).with_name("torch_optimizers.json").read_text())
STARTS = [np.asarray(each) for each in RECORDED["starts"]]


class Descent(NamedTuple):
    """20 steps of an optimizer on a quartic bowl, from ``STARTS``."""

    optimizer: str
    settings: dict[str, Any]
    values: list[Any]
    groups: dict[str, Any] | None = None  # the settings of a group of the first two parameters, as "first"

    def __str__(self) -> str:
        settings = [f"{name}={value}" for name, value in self.settings.items()]
        return " ".join([self.optimizer, *settings, *(["groups"] if self.groups else [])])

    def made(self, parameters: list[Any]) -> nn.optim.Optimizer:
        """The optimizer for these parameters."""
        listed = [{"params": parameters[:2], **self.groups["first"]}, {"params": parameters[2:]}] if self.groups else parameters
        return getattr(nn.optim, self.optimizer)(listed, **self.settings)

    def computed(self, dtype: Any) -> list[Any]:
        """Where the steps lead in ``dtype``."""
        parameters = started(dtype)
        trained(parameters, self.made(parameters), range(20))
        return parameters


class Search(NamedTuple):
    """Three calls of ``LBFGS.step`` on one of two problems, from the first three of ``STARTS``."""

    problem: str
    settings: dict[str, Any]
    calls: int  # of the closure
    returned: list[float]
    values: list[Any]
    float32_error: float  # how far PyTorch's own float32 is from its float64: a search decides by small differences
    optimizer: str = "LBFGS"

    def __str__(self) -> str:
        return " ".join([self.optimizer, self.problem, *(f"{name}={value}" for name, value in self.settings.items())])

    def made(self, parameters: list[Any]) -> nn.optim.Optimizer:
        """The optimizer for these parameters."""
        return nn.optim.LBFGS(parameters, **self.settings)

    def closure(self, parameters: list[Any], optimizer: nn.optim.Optimizer, losses: list[float]) -> Any:
        """The closure for ``step``; it notes each loss in ``losses``."""

        def computed() -> Any:
            optimizer.zero_grad()
            loss = {"bowl": bowl, "rosenbrock": rosenbrock}[self.problem](parameters)
            loss.backward()
            losses.append(loss.item())
            return loss

        return computed

    def computed(self, dtype: Any) -> list[Any]:
        """Where the steps lead in ``dtype``."""
        parameters = started(dtype)[:3]
        optimizer = self.made(parameters)
        for _ in self.returned:
            optimizer.step(self.closure(parameters, optimizer, []))
        return parameters


DESCENTS = [Descent(**each) for each in RECORDED["cases"]]
SEARCHES = [Search(**each) for each in RECORDED["closures"]]


def started(dtype: Any = np.float64) -> list[nn.Parameter]:
    """Parameters with the values that all cases start from."""
    return [nn.Parameter(start, dtype) for start in STARTS]


def bowl(parameters: list[Any]) -> Any:
    """A sum of quartic bowls, lowest near 0.3."""
    return sum([((each - 0.3) ** 2 + 0.1 * each**4).sum() for each in parameters])


def rosenbrock(parameters: list[Any]) -> Any:
    """Rosenbrock's function of all parameters as one vector."""
    x = np.concatenate([each.reshape(-1) for each in parameters])
    return ((1 - x[:-1]) ** 2 + 100 * (x[1:] - x[:-1] ** 2) ** 2).sum()


def trained(parameters: list[Any], optimizer: nn.optim.Optimizer, steps: range) -> None:
    """Steps on the bowl; the third parameter has no gradient in every third of them."""
    for step in steps:
        optimizer.zero_grad()
        bowl([each for i, each in enumerate(parameters) if i != 2 or step % 3]).backward()
        optimizer.step()
