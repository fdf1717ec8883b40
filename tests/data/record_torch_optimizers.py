"""Records what PyTorch's optimizers, averages and clipping do: ``python tests/data/record_torch_optimizers.py``.

It writes ``torch_optimizers.json`` beside itself, all in float64; ``optimizer_cases`` reads it. Run with PyTorch 2.13 (CPU).

The problem of ``cases`` is a quartic bowl for each of several parameters; the third has no gradient in every third of the 20
steps. With ``"groups"`` the first two parameters are a group with the settings under ``"first"``. ``closures`` are optimizers
that compute the loss themselves: on the bowl, and on Rosenbrock's function.
"""

import inspect
import json
from pathlib import Path

import numpy as np
import torch

torch.set_default_dtype(torch.float64)  # of the numbers that optimizers keep beside their tensors, too
SHAPES = ((3, 2), (), (4,), (2,), (2, 3, 2))
ADAM = (
    {},
    {"betas": (0.5, 0.9)},
    {"eps": 0.1},
    {"weight_decay": 0.1},
    {"amsgrad": True},
    {"amsgrad": True, "weight_decay": 0.1, "betas": (0.8, 0.6)},
    {"maximize": True},
)
DECOUPLED = ({"weight_decay": 0.5, "decoupled_weight_decay": True}, {"decoupled_weight_decay": True, "maximize": True})
GRIDS = {
    "SGD": (
        {},
        {"momentum": 0.9},
        {"momentum": 0.9, "dampening": 0.5},
        {"momentum": 0.9, "nesterov": True},
        {"weight_decay": 0.1},
        {"momentum": 0.5, "weight_decay": 0.1, "nesterov": True},
        {"momentum": 0.5, "weight_decay": 0.1, "maximize": True, "lr": 0.001},
    ),
    "Adam": ADAM + DECOUPLED,
    "AdamW": (*ADAM, {"weight_decay": 0.0}),
    "Adamax": ({}, {"betas": (0.5, 0.9)}, {"eps": 0.1}, {"weight_decay": 0.1}, {"maximize": True, "betas": (0.8, 0.6)}),
    "NAdam": (
        {},
        {"betas": (0.5, 0.9)},
        {"eps": 0.1, "momentum_decay": 0.1},
        {"weight_decay": 0.1, "momentum_decay": 0.0},
        {"maximize": True, "betas": (0.0, 0.6)},
        *DECOUPLED,
    ),
    "RAdam": (
        {},
        {"betas": (0.5, 0.9)},
        {"betas": (0.8, 0.6)},
        {"eps": 0.1, "betas": (0.9, 0.99)},
        {"weight_decay": 0.1, "betas": (0.9, 0.8)},
        {"maximize": True},
        *DECOUPLED,
    ),
    "RMSprop": (
        {},
        {"alpha": 0.5},
        {"eps": 0.1},
        {"weight_decay": 0.1},
        {"momentum": 0.9},
        {"centered": True, "alpha": 0.9},
        {"centered": True, "momentum": 0.5, "weight_decay": 0.1},
        {"maximize": True},
    ),
    "Rprop": ({}, {"etas": (0.3, 2.0)}, {"step_sizes": (0.02, 0.05)}, {"maximize": True}),
    "Adagrad": (
        {},
        {"lr_decay": 0.5},
        {"weight_decay": 0.1},
        {"initial_accumulator_value": 0.5},
        {"eps": 0.1, "maximize": True},
    ),
    "Adadelta": ({}, {"rho": 0.5}, {"eps": 0.01}, {"weight_decay": 0.1}, {"maximize": True, "rho": 0.99}),
    "Adafactor": (
        {},
        {"beta2_decay": -0.2},
        {"eps": (0.1, 0.5)},
        {"eps": (None, 3.0)},
        {"d": 2.0},
        {"weight_decay": 0.5},
        {"maximize": True},
    ),
}
CLOSURES = (
    {"lr": 0.1},
    {"lr": 0.5, "max_iter": 4, "history_size": 2},
    {"max_iter": 7, "max_eval": 3, "lr": 0.1},
    {"line_search_fn": "strong_wolfe"},
    {"line_search_fn": "strong_wolfe", "history_size": 3, "max_iter": 5},
    {"line_search_fn": "strong_wolfe", "lr": 0.01, "max_iter": 10},
    {"line_search_fn": "strong_wolfe", "lr": 100.0, "max_eval": 12},
    {"line_search_fn": "strong_wolfe", "tolerance_grad": 0.5},
    {"line_search_fn": "strong_wolfe", "tolerance_change": 0.01, "max_iter": 40},
)
LEFT_OUT = {"self", "params", "foreach", "capturable", "differentiable", "fused"}


def listed(x):
    return x.detach().numpy().tolist()


def bowl(parameters):
    return sum(((each - 0.3) ** 2 + 0.1 * each**4).sum() for each in parameters)


def rosenbrock(parameters):
    x = torch.cat([each.reshape(-1) for each in parameters])
    return ((1 - x[:-1]) ** 2 + 100 * (x[1:] - x[:-1] ** 2) ** 2).sum()


def trained(name, settings, starts, groups=None):
    parameters = [torch.tensor(start, requires_grad=True) for start in starts]
    listing = [{"params": parameters[:2], **groups["first"]}, {"params": parameters[2:]}] if groups else parameters
    optimizer = getattr(torch.optim, name)(listing, **settings)
    for step in range(20):
        optimizer.zero_grad()
        bowl([each for i, each in enumerate(parameters) if i != 2 or step % 3]).backward()
        optimizer.step()
    return [listed(each) for each in parameters]


def cases(starts):
    for name, grid in GRIDS.items():
        for i, settings in enumerate(grid):
            for lr in (0.01, 0.1):
                used = {"lr": lr, **settings}
                first = {"lr": 0.03} if name == "Rprop" else {"lr": 0.03, "weight_decay": 0.3}
                groups = {"first": first} if i % 3 == 1 else None
                case = {"optimizer": name, "settings": used, "values": trained(name, used, starts, groups)}
                yield case | ({"groups": groups} if groups else {})


def searched(problem, settings, starts, dtype):
    """Three calls of ``LBFGS.step``: where they lead, what they return, and how often they compute the loss."""
    parameters = [torch.tensor(start, dtype=dtype, requires_grad=True) for start in starts[:3]]
    optimizer, calls = torch.optim.LBFGS(parameters, **settings), []

    def closure():
        optimizer.zero_grad()
        loss = problem(parameters)
        loss.backward()
        calls.append(loss)
        return loss

    returned = [optimizer.step(closure).item() for _ in range(3)]
    return [listed(each) for each in parameters], returned, len(calls)


def closures(starts):
    for problem in (bowl, rosenbrock):
        for settings in CLOSURES:
            values, returned, calls = searched(problem, settings, starts, torch.float64)
            single, exact = (
                np.concatenate([np.ravel(each) for each in found])
                for found in (searched(problem, settings, starts, torch.float32)[0], values)
            )
            yield {
                "problem": problem.__name__,
                "settings": settings,
                "calls": calls,
                "returned": returned,
                "values": values,
                "float32_error": float(np.abs(single - exact).max() / np.abs(exact).max()),
            }


class Counting(torch.nn.Module):
    """A parameter, a floating buffer and a count."""

    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.zeros(2))
        self.register_buffer("mean", torch.zeros(2))
        self.register_buffer("count", torch.tensor(0))


def averages():
    models = [np.array([[1.0, 2.0], [5.0, 0.5]]) * k + k * k for k in range(5)]
    functions = {
        "default": None,
        "swa": torch.optim.swa_utils.get_swa_avg_fn(),
        "ema": torch.optim.swa_utils.get_ema_avg_fn(0.8),
    }
    for name, function in functions.items():
        for use_buffers in (False, True) if name == "ema" else (False,):
            model = Counting()
            average = torch.optim.swa_utils.AveragedModel(model, avg_fn=function, use_buffers=use_buffers)
            for w, mean in models:
                with torch.no_grad():
                    model.w.copy_(torch.tensor(w))
                    model.mean.copy_(torch.tensor(mean))
                average.update_parameters(model)
            yield {
                "avg_fn": name,
                "use_buffers": use_buffers,
                "models": [each.tolist() for each in models],
                "state": {path: listed(each) for path, each in average.state_dict().items()},
            }


def statistics(rng):
    """What ``update_bn`` leaves in a batch normalization after a pass over three batches."""
    model = torch.nn.Sequential(torch.nn.BatchNorm1d(3), torch.nn.Linear(3, 2))
    batches = [rng.normal(size=(n, 3)) for n in (4, 4, 2)]
    model(torch.tensor(batches[0]))
    torch.optim.swa_utils.update_bn([(torch.tensor(each), None) for each in batches], model)
    return {
        "batches": [each.tolist() for each in batches],
        "momentum": model[0].momentum,
        "state": {path: listed(each) for path, each in model[0].state_dict().items()},
    }


def signatures():
    """The arguments of each optimizer, in order, with their defaults, but for those about how it is computed."""
    return {
        name: {
            argument.name: argument.default
            for argument in inspect.signature(getattr(torch.optim, name)).parameters.values()
            if argument.name not in LEFT_OUT
        }
        for name in (*GRIDS, "LBFGS")
    }


def clippings(rng):
    gradients = [rng.normal(size=shape) for shape in ((2, 3), (), (4,))]
    for norm_type in (2.0, 1.0, 3.5, float("inf")):
        for max_norm in (0.5, 100.0):
            tensors = [torch.zeros(each.shape, requires_grad=True) for each in gradients]
            for each, gradient in zip(tensors, gradients, strict=True):
                each.grad = torch.tensor(gradient)
            norm = torch.nn.utils.clip_grad_norm_(tensors, max_norm, norm_type)
            yield {
                "gradients": [each.tolist() for each in gradients],
                "max_norm": max_norm,
                "norm_type": "inf" if norm_type == float("inf") else norm_type,
                "norm": norm.item(),
                "clipped": [listed(each.grad) for each in tensors],
            }


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    starts = [rng.normal(size=shape) for shape in SHAPES]
    recorded = {
        "torch": torch.__version__,
        "signatures": signatures(),
        "starts": [each.tolist() for each in starts],
        "cases": list(cases(starts)),
        "closures": list(closures(starts)),
        "averages": list(averages()),
        "statistics": statistics(rng),
        "clippings": list(clippings(rng)),
    }
    path = Path(__file__).with_name("torch_optimizers.json")
    path.write_text(json.dumps(recorded, indent=None, separators=(",", ":")) + "\n")
