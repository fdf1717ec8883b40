"""Records what PyTorch computes for losses and layers: ``python tests/data/record_torch_nn.py``.

It writes ``torch_nn.json`` beside itself; the tests of ``nn`` compare with it. Run with PyTorch 2.13 (CPU).
"""

import itertools
import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

rng = np.random.default_rng(0)
REDUCTIONS = ("mean", "sum", "none")


def listed(x):
    return x.detach().numpy().tolist()


def case(function, arguments, keywords, differentiable):
    """Value, and gradients of the sum of the value times fixed weights, in float64."""
    tensors = [torch.tensor(np.asarray(each), requires_grad=name in differentiable) for name, each in arguments.items()]
    extra = {name: torch.tensor(value) if isinstance(value, np.ndarray) else value for name, value in keywords.items()}
    out = getattr(F, function)(*tensors, **extra)
    cotangent = np.cos(np.arange(out.numel())).reshape(out.shape)
    (out * torch.tensor(cotangent)).sum().backward()
    return {
        "function": function,
        "arguments": {name: np.asarray(each).tolist() for name, each in arguments.items()},
        "keywords": {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in keywords.items()},
        "value": listed(out),
        "gradients": {
            name: listed(tensor.grad) for name, tensor in zip(arguments, tensors, strict=True) if name in differentiable
        },
    }


def losses():
    cases = []
    shapes = [((3,), ()), ((4, 3), (4,)), ((2, 3, 2), (2, 2))]
    for (shape, places), weight, reduction, smoothing in itertools.product(
        shapes, (None, np.array([0.5, 2.0, 1.25])), REDUCTIONS, (0.0, 0.2)
    ):
        logits = rng.normal(0, 2, shape)
        keywords = {"reduction": reduction, "label_smoothing": smoothing}
        if weight is not None:
            keywords["weight"] = weight
        target = rng.integers(0, 3, places)
        cases.append(case("cross_entropy", {"input": logits, "target": target}, keywords, {"input"}))
        q = rng.dirichlet(np.ones(3), places)
        q = np.moveaxis(q, -1, 0 if len(shape) == 1 else 1)
        cases.append(case("cross_entropy", {"input": logits, "target": q}, keywords, {"input", "target"}))
        if places:
            for ignored in (-100, 1):
                target = rng.integers(0, 3, places)
                target.flat[1], target.flat[0] = ignored, 2
                cases.append(
                    case("cross_entropy", {"input": logits, "target": target}, {**keywords, "ignore_index": ignored}, {"input"})
                )
    extreme = np.array([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4], [1e4, 1e4, 1e4]])
    cases += [
        case("cross_entropy", {"input": extreme, "target": np.full(3, label)}, {"reduction": "none"}, {"input"})
        for label in (0, 1)
    ]
    for function, shape, reduction in itertools.product(("mse_loss", "l1_loss"), ((), (4,), (3, 2)), REDUCTIONS):
        arguments = {"input": rng.normal(size=shape), "target": rng.normal(size=shape)}
        cases.append(case(function, arguments, {"reduction": reduction}, {"input", "target"}))
    name = "binary_cross_entropy_with_logits"
    weights = (None, np.array([0.5, 2.0]))
    for shape, reduction, weight, pos_weight in itertools.product(((3, 2), (2,)), REDUCTIONS, weights, weights):
        keywords = {"reduction": reduction, "weight": weight, "pos_weight": pos_weight}
        keywords = {name: value for name, value in keywords.items() if value is not None}
        arguments = {"input": rng.normal(0, 3, shape), "target": rng.uniform(0, 1, shape)}
        cases.append(case(name, arguments, keywords, {"input"}))
    arguments = {"input": np.array([1e4, -1e4, 1e4, -1e4, 0.0]), "target": np.array([1.0, 1.0, 0.0, 0.0, 0.5])}
    cases.append(case(name, arguments, {"reduction": "none"}, {"input"}))
    return cases


def linear():
    cases = []
    for shape, bias in itertools.product(((3,), (5, 3), (2, 4, 3), (0, 3)), (True, False)):
        arguments = {"input": rng.normal(size=shape), "weight": rng.normal(size=(2, 3))}
        if bias:
            arguments["bias"] = rng.normal(size=2)
        cases.append(case("linear", arguments, {}, set(arguments)))
    return cases


def gains():
    names = ("linear", "sigmoid", "tanh", "relu", "selu", "conv2d", "conv_transpose3d")
    found = [[name, None, torch.nn.init.calculate_gain(name)] for name in names]
    return found + [["leaky_relu", slope, torch.nn.init.calculate_gain("leaky_relu", slope)] for slope in (None, 0.2)]


if __name__ == "__main__":
    recorded = {
        "torch": torch.__version__,
        "losses": losses(),
        "linear": linear(),
        "gains": gains(),
    }
    Path(__file__).with_name("torch_nn.json").write_text(json.dumps(recorded, indent=None, separators=(",", ":")) + "\n")
