"""The networks and optimizers of the estimators: what their settings stand for."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from nn import optim
from nn.inputs import check_number, check_whole
from nn.layers import (
    CELU,
    ELU,
    GELU,
    SELU,
    BatchNorm1d,
    Dropout,
    Hardswish,
    Identity,
    LeakyReLU,
    Linear,
    Mish,
    ReLU,
    ReLU6,
    Sequential,
    Sigmoid,
    SiLU,
    Softplus,
    Softsign,
    Tanh,
)
from nn.module import Module

ACTIVATIONS: dict[str, Callable[[], Module]] = {
    "celu": CELU,
    "elu": ELU,
    "gelu": GELU,
    "hardswish": Hardswish,
    "identity": Identity,
    "leaky_relu": LeakyReLU,
    "logistic": Sigmoid,  # as scikit-learn calls it
    "mish": Mish,
    "relu": ReLU,
    "relu6": ReLU6,
    "selu": SELU,
    "sigmoid": Sigmoid,
    "silu": SiLU,
    "softplus": Softplus,
    "softsign": Softsign,
    "tanh": Tanh,
}

OPTIMIZERS: dict[str, Callable[..., optim.Optimizer]] = {
    each.__name__.lower(): each
    for each in (
        optim.Adadelta,
        optim.Adafactor,
        optim.Adagrad,
        optim.Adam,
        optim.AdamW,
        optim.Adamax,
        optim.Lion,
        optim.NAdam,
        optim.RAdam,
        optim.RMSprop,
        optim.Rprop,
        optim.SGD,
    )
}


def perceptron(
    n_features: int,
    n_outputs: int,
    hidden_layer_sizes: tuple[int, ...],
    activation: Callable[[], Module],
    dropout: float,
    batch_norm: bool,
    dtype: Any,
    rng: np.random.Generator,
) -> Sequential:
    """Linear layers, each but the last one with an activation behind it; batch norm in front of that, dropout behind."""
    layers: list[Module] = []
    width = n_features
    for size in hidden_layer_sizes:
        layers.append(Linear(width, size, dtype=dtype, rng=rng))
        if batch_norm:
            layers.append(BatchNorm1d(size, dtype=dtype))
        layers.append(activation())
        if dropout:
            layers.append(Dropout(dropout, rng=rng))
        width = size
    layers.append(Linear(width, n_outputs, dtype=dtype, rng=rng))
    return Sequential(*layers).astype(dtype)  # activations may have weights, too


def sizes_of(hidden_layer_sizes: Any, receiver: str) -> tuple[int, ...]:
    """The widths of the hidden layers: of a sequence of numbers, or of one number.

    Raises:
        TypeError, ValueError: for anything else, and for a width below 1.
    """
    sizes = list(hidden_layer_sizes) if isinstance(hidden_layer_sizes, Iterable) else [hidden_layer_sizes]
    for each in sizes:
        check_whole(receiver, "hidden_layer_sizes", each)
        check_number(receiver, "hidden_layer_sizes", each, least=1)
    return tuple([int(each) for each in sizes])


def activation_of(activation: Any, receiver: str) -> Callable[[], Module]:
    """What makes the activations: of a name, or of a class or function that makes modules.

    Raises:
        ValueError: for a name that there is not.
        TypeError: for what makes no module.
    """
    if isinstance(activation, str):
        if activation not in ACTIVATIONS:
            raise ValueError(f"{receiver}: expected activation, one of {', '.join(ACTIVATIONS)}; received {activation!r}")
        return ACTIVATIONS[activation]
    if isinstance(activation, Module) or not callable(activation):
        hint = f"; write {type(activation).__name__}, the class" if isinstance(activation, Module) else ""
        raise TypeError(
            f"{receiver}: expected activation, a name, or a class or function that makes a module; received "
            f"{activation!r}{hint}"
        )
    if not isinstance(made := activation(), Module):
        raise TypeError(f"{receiver}: expected activation, which makes modules; received one that makes {made!r}")
    return activation


def module_of(module: Any, n_features: int, n_outputs: int, receiver: str) -> Module:
    """The module that the user's function makes.

    Raises:
        TypeError: for what is no such function, such as a module, which would have to be made once for each ``fit``.
    """
    if isinstance(module, Module) or not callable(module):
        raise TypeError(
            f"{receiver}: expected module, a function (n_features, n_outputs) that makes a module anew for each fit, or None; "
            f"received {type(module).__name__}"
        )
    made = module(n_features, n_outputs)
    if not isinstance(made, Module):
        raise TypeError(f"{receiver}: expected module, a function that returns an nn.Module; it returned {made!r}")
    return made


def optimizer_of(
    optimizer: Any, parameters: Any, learning_rate: float | None, weight_decay: float | None, receiver: str
) -> optim.Optimizer:
    """The optimizer of a name or a class, with these settings, or its own for ``None``; or of a function.

    Raises:
        ValueError: for a name that there is not, and for weight decay where there is none.
        TypeError: for anything else.
    """
    if isinstance(optimizer, str):
        if optimizer.lower() not in OPTIMIZERS:
            raise ValueError(f"{receiver}: expected optimizer, one of {', '.join(OPTIMIZERS)}; received {optimizer!r}")
        optimizer = OPTIMIZERS[optimizer.lower()]
    if isinstance(optimizer, type) and issubclass(optimizer, optim.Optimizer):
        kind: Callable[..., optim.Optimizer] = optimizer
        given = {"lr": learning_rate, "weight_decay": weight_decay}
        settings = {name: value for name, value in given.items() if value is not None}
        if weight_decay is not None and "weight_decay" not in inspect.signature(optimizer).parameters:
            raise ValueError(
                f"{receiver}: expected weight_decay=None with {optimizer.__name__}, which has none; received {weight_decay}"
            )
        return kind(parameters, **settings)
    if not callable(optimizer) or isinstance(optimizer, type):
        raise TypeError(
            f"{receiver}: expected optimizer, a name such as 'adam', or a function of parameters that makes an optimizer; "
            f"received {optimizer!r}"
        )
    made = optimizer(parameters)
    if not isinstance(made, optim.Optimizer):
        raise TypeError(f"{receiver}: expected optimizer, a function that returns one of nn.optim; it returned {made!r}")
    return made
