"""Planes in the space of a model's weights, and the loss on them: the numbers that ``loss_surface`` draws."""

from __future__ import annotations  # np.random would be imported to annotate with it

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

import autograd as ag
from nn.inputs import as_array, plain
from nn.module import Module
from nn.plots.evaluation import undisturbed
from nn.substitution import functional_call
from nn.vectors import split_vector

NAME = "loss_surface"  # what messages begin with


class Plane(NamedTuple):
    """The weights ``origin + a * directions[0] + b * directions[1]``.

    Shapes: origin (parameters,), directions (2, parameters). ``explained`` is the share of the variance of recorded paths that
    lies along each of the two, where they are principal components.
    """

    origin: np.ndarray[Any, Any]
    directions: np.ndarray[Any, Any]
    explained: tuple[float, float] | None = None

    def at(self, a: float, b: float) -> np.ndarray[Any, Any]:
        """The weights at the coordinates (a, b)."""
        return self.origin + a * self.directions[0] + b * self.directions[1]

    def coordinates(self, weights: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Coordinates (steps, 2) of the points of the plane that are nearest to weights (steps, parameters)."""
        gram = self.directions @ self.directions.T
        return np.linalg.solve(gram, self.directions @ (weights - self.origin).T).T


def flat_weights(model: Module) -> np.ndarray[Any, Any]:
    """All parameters as one vector of float64."""
    return np.concatenate([np.zeros(0), *[each.numpy().ravel() for each in model.parameters()]])


# ---------------------------------------------------------------- planes


def random_plane(model: Module, rng: np.random.Generator) -> Plane:
    """The plane of two random directions, each filter of them as long as that of the weights: ``d * |w| / |d|``.

    A filter is what makes one output: a row of a linear layer, a kernel of a convolution. Biases and the weights of norms stay
    as they are, unless the model has no others.

    Raises:
        ValueError: where these directions are 0.

    Source: H. Li et al., Visualizing the loss landscape of neural nets, 2018, section 4; and the authors' program, of which
    this is ``--xnorm filter --xignore biasbn``.
    """
    parameters = [each.numpy().astype(float) for each in model.parameters()]
    matrices = any(each.ndim > 1 for each in parameters)
    directions = []
    for _ in range(2):
        parts = [np.zeros(0)]
        for weights in parameters:
            drawn = rng.standard_normal(weights.shape)
            if weights.ndim > 1:
                axes = tuple(range(1, weights.ndim))
                scale = _norm(weights, axes) / np.maximum(_norm(drawn, axes), 1e-10)
            else:
                scale = 0.0 if matrices else _norm(weights, None) / np.maximum(_norm(drawn, None), 1e-10)
            parts.append((drawn * scale).ravel())
        directions.append(np.concatenate(parts))
    plane = Plane(flat_weights(model), np.array(directions))
    if not _is_plane(plane.directions):
        raise ValueError(
            f"{NAME}: expected a model whose weights are not all 0, since random directions are made as long as they are; pass "
            "directions, or paths"
        )
    return plane


def _norm(array: np.ndarray[Any, Any], axes: tuple[int, ...] | None) -> Any:
    return np.sqrt(np.sum(array * array, axis=axes, keepdims=True))


def given_plane(model: Module, directions: Any) -> Plane:
    """The plane of two vectors that the user gives."""
    origin = flat_weights(model)
    vectors = np.asarray(plain(as_array(directions, NAME)))
    if vectors.shape != (2, origin.size) or vectors.dtype.kind not in "biuf":
        raise ValueError(
            f"{NAME}: expected directions, two vectors of {origin.size} numbers (as nn.parameters_to_vector makes them); "
            f"received {vectors.dtype} of shape {vectors.shape}"
        )
    vectors = vectors.astype(float)
    if not np.all(np.isfinite(vectors)) or not _is_plane(vectors):
        raise ValueError(f"{NAME}: expected directions, two finite vectors of which neither is a multiple of the other")
    return Plane(origin, vectors)


def _is_plane(directions: np.ndarray[Any, Any]) -> bool:
    lengths = np.sqrt(np.sum(directions * directions, axis=1))
    if not np.all(lengths > 0):
        return False
    cosine = (directions[0] / lengths[0]) @ (directions[1] / lengths[1])
    return bool(1 - abs(cosine) > 1e-12)


def principal_plane(model: Module, paths: Mapping[str, np.ndarray[Any, Any]]) -> Plane:
    """The plane through the model's weights along the first two principal components of all points of all paths.

    Raises:
        ValueError: for paths whose points lie on a line.

    Source: H. Li et al., Visualizing the loss landscape of neural nets, 2018, section 7.2.
    """
    points = np.concatenate(list(paths.values()))
    points = points - points.mean(axis=0)
    # The smaller of the two products has the same eigenvalues, and is at most as large as the recording.
    wide = points.shape[0] < points.shape[1]
    variances, vectors = np.linalg.eigh(points @ points.T if wide else points.T @ points)
    total = variances.sum()
    if len(variances) < 2 or not variances[-2] > 1e-13 * total:
        raise ValueError(
            f"{NAME}: expected paths that span a plane, received {len(points)} points on a line; record more steps, or pass "
            "directions"
        )
    directions = (vectors.T @ points)[[-1, -2]] if wide else vectors.T[[-1, -2]]
    directions = directions / np.sqrt(np.sum(directions**2, axis=1, keepdims=True))
    # An eigenvector has no sign: the largest element is positive, so that a picture can be made again.
    largest = np.abs(directions).argmax(axis=1)
    directions = directions * np.sign(directions[[0, 1], largest])[:, np.newaxis]
    return Plane(flat_weights(model), directions, (float(variances[-1] / total), float(variances[-2] / total)))


def checked_paths(model: Module, paths: Any) -> dict[str, np.ndarray[Any, Any]]:
    """Recordings by name, as float64 of shape (steps, parameters)."""
    return checked_recordings(NAME, paths, sum([math.prod(each.shape) for each in model.parameters()]))


def checked_recordings(receiver: str, paths: Any, width: int) -> dict[str, np.ndarray[Any, Any]]:
    """Recordings by name, as float64 of shape (steps, width).

    Raises:
        TypeError: for what is no mapping.
        ValueError: for none, another shape, and numbers that are not finite.
    """
    if not isinstance(paths, Mapping):
        raise TypeError(
            f"{receiver}: expected paths, recordings by name such as {{'SGD': recording}}; received {type(paths).__name__}"
        )
    if not paths:
        raise ValueError(f"{receiver}: expected paths, one or more recordings by name; received none")
    checked = {}
    for name, recording in paths.items():
        array = np.asarray(plain(as_array(recording, f"{receiver}: paths[{name!r}]")))
        if array.ndim != 2 or not len(array) or array.shape[1] != width or array.dtype.kind not in "biuf":
            raise ValueError(
                f"{receiver}: expected paths[{name!r}], numbers of shape (steps, {width}); received {array.dtype} of shape "
                f"{array.shape}"
            )
        if not np.all(finite := np.isfinite(array).all(axis=1)):
            step = int(finite.argmin())
            raise ValueError(
                f"{receiver}: expected finite numbers, received NaN or infinity in step {step} of paths[{name!r}]; draw what "
                f"comes before, recording[:{step}], and try a smaller learning rate"
            )
        checked[str(name)] = array.astype(float)
    return checked


# ---------------------------------------------------------------- losses


class Landscape:
    """``loss(model(x), y)`` as a function of the weights. Batches count by how many examples they have.

    Args:
        model: the module. It is never written to: each evaluation is a ``functional_call``.
        loss: a function of outputs and targets, or a loss module, that gives one number: a mean over the examples.
        x, y: inputs and targets, examples first.
        batch_size: how many examples to evaluate at once.
    """

    def __init__(self, model: Module, loss: Callable[..., Any], x: Any, y: Any, batch_size: int | None) -> None:
        inputs, targets = as_array(x, f"{NAME}: x"), as_array(y, f"{NAME}: y")
        if not inputs.shape or not targets.shape or len(inputs) != len(targets) or not len(inputs):
            raise ValueError(
                f"{NAME}: expected x and y, as many examples in both and at least one; received shapes {inputs.shape} and "
                f"{targets.shape}"
            )
        self.model = model
        self.loss = loss
        size = batch_size or len(inputs)
        self.batches = [(inputs[i : i + size], targets[i : i + size]) for i in range(0, len(inputs), size)]
        named = list(model.named_parameters())
        self.names = [name for name, _ in named]
        self.parameters = [each for _, each in named]

    def losses(self, weights: Any) -> np.ndarray[Any, Any]:
        """The loss for each of several vectors of weights."""
        with undisturbed(self.model), np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return np.array([self._loss(each) for each in weights])

    def _loss(self, vector: np.ndarray[Any, Any]) -> float:
        parts = split_vector(vector, self.parameters, NAME)
        values = {
            name: ag.asarray(part.astype(parameter.dtype))
            for name, part, parameter in zip(self.names, parts, self.parameters, strict=True)
        }
        total, count = 0.0, 0
        for x, y in self.batches:
            value = np.asarray(plain(self.loss(functional_call(self.model, values, x), y)))
            if value.size != 1:
                raise ValueError(
                    f"{NAME}: expected a loss that gives one number, received shape {value.shape}; make it with "
                    "reduction='mean'"
                )
            total += value.item() * len(x)
            count += len(x)
        return total / count
