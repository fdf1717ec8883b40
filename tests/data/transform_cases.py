"""Forty functions of trees, in the words that NumPy and JAX share, for recording and comparing derivatives of every kind.

A case has ``outputs(xp, p)``, an array, and ``loss(xp, p)``, one number made of it; ``xp`` is whatever has NumPy's functions
and ``p`` a tree: an array, or a dict, list or tuple of trees. Its inputs come from seeded generators: ``point()``, the tree to
differentiate at, ``tangent()``, a direction of the same structure, ``cotangent()``, weights of the shape of the outputs, and
``batch()`` and ``tangents()``, three trees and three directions at once, stacked along a new first axis of each leaf.

What is recorded of a tree is a vector: ``flatten`` goes through the leaves in the order in which dicts were written, and
``unflatten`` makes a tree of a vector again. (JAX sorts the keys of dicts, and makes sorted ones; so the recorder
differentiates functions of vectors.) ``record_jax_transforms.py`` says what is recorded.
"""

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

EXAMPLES = 3


def leaves_of(tree):
    """The arrays of a tree, in the order in which dicts were written."""
    if isinstance(tree, dict):
        return [leaf for each in tree.values() for leaf in leaves_of(each)]
    if isinstance(tree, list | tuple):
        return [leaf for each in tree for leaf in leaves_of(each)]
    return [tree]


def mapped(f, tree):
    """The tree of what ``f`` makes of each leaf."""
    if isinstance(tree, dict):
        return {key: mapped(f, each) for key, each in tree.items()}
    if isinstance(tree, list | tuple):
        return type(tree)(mapped(f, each) for each in tree)
    return f(tree)


def stacked(trees):
    """One tree of several of the same structure: each leaf has them along a new first axis."""
    columns = zip(*map(leaves_of, trees), strict=True)
    return mapped(lambda _: np.stack(next(columns)), trees[0])


def flatten(tree, xp=np, batch_axes=0):
    """All elements of a tree as a vector; the first ``batch_axes`` axes, the same in each leaf, stay in front."""
    leaves = leaves_of(tree)
    return xp.concatenate([xp.reshape(leaf, (*np.shape(leaf)[:batch_axes], -1)) for leaf in leaves], axis=-1)


def unflatten(like, vector):
    """The tree of the structure of ``like`` that ``flatten`` makes ``vector`` of."""
    start = 0

    def next_leaf(leaf):
        nonlocal start
        start += np.size(leaf)
        return vector[start - np.size(leaf) : start].reshape(np.shape(leaf))

    return mapped(next_leaf, like)


def projected(hessians):
    """What is recorded of ``vmap(hessian)``: all of it up to ten inputs, its products with four fixed vectors beyond."""
    size = hessians.shape[-1]
    return hessians if size <= 10 else hessians @ _generator("projection", size).uniform(-1.0, 1.0, (size, 4))


def _generator(name, number):
    return np.random.Generator(np.random.PCG64([zlib.crc32(name.encode()), number]))


def _fixed(name, *shape, low=-1.0, high=1.0):
    """Data that a function uses and that are not differentiated."""
    return _generator(name, 0).uniform(low, high, shape)


@dataclass(frozen=True)
class Case:
    """A function of a tree and the inputs to differentiate it at."""

    name: str
    inputs: Callable[[np.random.Generator], Any]
    outputs: Callable[[Any, Any], Any]
    head: Callable[[Any, Any], Any]
    seed: int = 0  # another one, where the inputs would be near a kink

    def loss(self, xp, p):
        return self.head(xp, self.outputs(xp, p))

    def point(self, number=0):
        """The tree to differentiate at; the numbers from 1 are those of the batch."""
        return mapped(np.asarray, self.inputs(_generator(self.name, 10 * self.seed + number)))

    def tangent(self, number=0):
        rng = _generator(f"tangent of {self.name}", number)
        return mapped(lambda leaf: np.asarray(rng.uniform(-1.0, 1.0, leaf.shape)), self.point())

    def cotangent(self):
        shape = np.shape(self.outputs(np, self.point()))
        return _generator(f"cotangent of {self.name}", 0).uniform(-1.0, 1.0, shape)

    def batch(self):
        return stacked([self.point(number) for number in range(1, EXAMPLES + 1)])

    def tangents(self):
        return stacked([self.tangent(number) for number in range(1, EXAMPLES + 1)])


CASES = {}


def waves(xp, out):
    """One number that each output enters differently, and not linearly."""
    size = math.prod(np.shape(out))
    weights = 0.5 + np.arange(size).reshape(np.shape(out)) / size
    return xp.sum(weights * xp.sin(0.7 * out + 0.3))


def weighted_sum(xp, out):
    """One number that each output enters differently."""
    size = math.prod(np.shape(out))
    return xp.sum((0.5 + np.arange(size).reshape(np.shape(out)) / size) * out)


def case(name, inputs, head=waves, seed=0):
    """Make a case of the function below, which computes the outputs; ``head`` makes the loss of them."""

    def register(outputs):
        CASES[name] = Case(name, inputs, outputs, head, seed)
        return outputs

    return register


def logsumexp(xp, a, axis=-1):
    top = xp.max(a, axis=axis, keepdims=True)
    return xp.squeeze(top, axis=axis) + xp.log(xp.sum(xp.exp(a - top), axis=axis))


def softmax(xp, a):
    weights = xp.exp(a - xp.max(a, axis=-1, keepdims=True))
    return weights / xp.sum(weights, axis=-1, keepdims=True)


def sigmoid(xp, a):
    return 1.0 / (1.0 + xp.exp(-a))


def softplus(xp, a):
    return xp.logaddexp(0.0, a)


def gelu(xp, a):
    return 0.5 * a * (1.0 + xp.tanh(math.sqrt(2.0 / math.pi) * (a + 0.044715 * a**3)))


def relu(xp, a):
    return xp.maximum(a, 0.0)


def layer_norm(xp, a, gain, bias):
    centred = a - xp.mean(a, axis=-1, keepdims=True)
    return centred / xp.sqrt(xp.mean(centred**2, axis=-1, keepdims=True) + 1e-5) * gain + bias


def layers(*widths):
    """Makes the parameters of dense layers: a list of dicts whose keys are not in alphabetical order."""

    def inputs(rng):
        return [{"w": rng.uniform(-1.2, 1.2, (m, n)), "b": rng.uniform(-0.5, 0.5, n)} for m, n in pairwise(widths)]

    return inputs


def mlp(xp, p, x, *activations):
    """Dense layers, each but the last followed by its activation."""
    for layer, activation in zip(p, [*activations, None], strict=True):
        x = x @ layer["w"] + layer["b"]
        x = x if activation is None else activation(xp, x)
    return x


POINTS = _fixed("points of the MLPs", 4, 2, low=-1.5, high=1.5)


@case("polynomial by Horner", lambda rng: {"x": rng.uniform(-1.2, 1.2, 3), "c": rng.uniform(-1, 1, 5)}, weighted_sum)
def polynomial(xp, p):
    value = 0.0 * p["x"]
    for k in range(5):
        value = value * p["x"] + p["c"][k]
    return value


@case("polynomial of three variables", lambda rng: tuple(rng.uniform(-1.5, 1.5, 3)), weighted_sum)
def polynomial_of_three(xp, p):
    x, y, z = p
    return xp.stack([x**2 * y - 3.0 * y * z**2, x * y * z + z**4, (x + 2.0 * y - z) ** 3, x**5 - y])


@case("Rosenbrock", lambda rng: rng.uniform(-1.2, 1.2, 6), lambda xp, out: xp.sum(out**2))
def rosenbrock(xp, p):
    return xp.concatenate([10.0 * (p[1:] - p[:-1] ** 2), 1.0 - p[:-1]])


@case(
    "rational and trigonometric functions",
    lambda rng: {
        "x": rng.uniform(-1, 1, 5),
        "numerator": rng.uniform(-1, 1, 3),
        "denominator": rng.uniform(0.2, 1, 2),
        "phase": rng.uniform(-1, 1),
    },
)
def rational(xp, p):
    x, a, b = p["x"], p["numerator"], p["denominator"]
    quotient = (a[0] + a[1] * x + a[2] * x**2) / (1.5 + b[0] * x**2 + b[1] * xp.cos(x))
    return quotient * xp.sin(2.0 * x + p["phase"]) + xp.tan(0.5 * x) * xp.arctan(quotient) + xp.sinh(x) / xp.cosh(p["phase"])


@case("softmax and logsumexp", lambda rng: rng.uniform(-2, 2, (3, 4)))
def softmax_and_logsumexp(xp, p):
    return xp.concatenate([softmax(xp, p), logsumexp(xp, p)[:, None]], axis=1)


@case("norms", lambda rng: rng.uniform(0.3, 1.2, (3, 4)) * np.array([1.0, -1.0, 1.0, -1.0]))
def norms(xp, p):
    rows = xp.linalg.norm(p, axis=-1)
    columns = xp.linalg.norm(p, ord=1, axis=0)
    cubic = xp.sum(xp.abs(p) ** 3, axis=-1) ** (1.0 / 3.0)
    return xp.concatenate([rows, columns, cubic, xp.reshape(xp.linalg.norm(p), (1,)), xp.hypot(p[0], p[1])])


@case("MLP with tanh", layers(2, 3, 2, 1))
def mlp_with_tanh(xp, p):
    return mlp(xp, p, POINTS, lambda xp, a: xp.tanh(a), lambda xp, a: xp.tanh(a))


@case("MLP with sigmoid and softplus", layers(2, 2, 2, 2, 2))
def mlp_with_sigmoid_and_softplus(xp, p):
    return mlp(xp, p, POINTS, sigmoid, softplus, sigmoid)


@case("MLP with gelu", layers(2, 5, 2))
def mlp_with_gelu(xp, p):
    return mlp(xp, p, POINTS, gelu)


@case("MLP with relu", layers(2, 4, 2, 1), seed=35)
def mlp_with_relu(xp, p):
    return mlp(xp, p, POINTS, relu, relu)


LABELS = np.array([2, 0, 1, 2])


@case("cross-entropy of an MLP", layers(2, 3, 3), lambda xp, out: xp.mean(out))
def cross_entropy(xp, p):
    logits = mlp(xp, p, POINTS, lambda xp, a: xp.tanh(a))
    return logsumexp(xp, logits) - logits[np.arange(4), LABELS]


@case(
    "convolution by shifted products", lambda rng: {"kernel": rng.uniform(-1, 1, (3, 3)), "image": rng.uniform(-1, 1, (4, 4))}
)
def convolution(xp, p):
    padded = xp.pad(p["image"], 1)
    return sum(p["kernel"][i, j] * padded[i : i + 4, j : j + 4] for i in range(3) for j in range(3))


IMAGE = _fixed("image of the network", 6, 6)
ROWS = np.arange(4)[:, None, None, None] + np.arange(3)[:, None]
COLUMNS = np.arange(4)[:, None, None] + np.arange(3)


@case(
    "convolution, pooling and a dense layer",
    lambda rng: {
        "convolution": {"w": rng.uniform(-1, 1, (2, 3, 3)), "b": rng.uniform(-0.5, 0.5, 2)},
        "dense": (rng.uniform(-1, 1, 8), rng.uniform(-0.5, 0.5)),
        "brightness": rng.uniform(0.5, 1.5),
    },
)
def convolutional_network(xp, p):
    windows = (IMAGE * p["brightness"])[ROWS, COLUMNS]
    maps = xp.tanh(xp.einsum("xyij,oij->oxy", windows, p["convolution"]["w"]) + p["convolution"]["b"][:, None, None])
    pooled = xp.max(xp.reshape(maps, (2, 2, 2, 2, 2)), axis=(2, 4))
    weights, bias = p["dense"]
    return xp.concatenate([xp.reshape(pooled, -1) * weights, xp.reshape(xp.sum(xp.reshape(pooled, -1) * weights) + bias, (1,))])


TOKENS = _fixed("tokens", 4, 4)
CAUSAL = np.tril(np.ones((4, 4), dtype=bool))


@case(
    "attention with a causal mask",
    lambda rng: {
        "query": rng.uniform(-1, 1, (4, 2)),
        "key": rng.uniform(-1, 1, (4, 2)),
        "value": rng.uniform(-1, 1, (4, 2)),
        "norm": {"gain": rng.uniform(0.5, 1.5, 2), "bias": rng.uniform(-0.5, 0.5, 2)},
    },
)
def attention(xp, p):
    tokens = layer_norm(xp, TOKENS, np.ones(4), np.zeros(4))
    query, key, value = (xp.einsum("td,dh->th", tokens, p[name]) for name in ("query", "key", "value"))
    scores = xp.where(CAUSAL, xp.einsum("th,sh->ts", query, key) / math.sqrt(2.0), -np.inf)
    mixed = xp.einsum("ts,sh->th", softmax(xp, scores), value)
    wide = xp.concatenate([mixed, xp.tanh(tokens[:, :2] * p["norm"]["gain"])], axis=1)
    return layer_norm(xp, wide, xp.tile(p["norm"]["gain"], 2), xp.tile(p["norm"]["bias"], 2))


@case(
    "layer norm and batch statistics",
    lambda rng: {
        "x": rng.uniform(-1, 1, (5, 4)),
        "layer": {"gain": rng.uniform(0.5, 1.5, 4), "bias": rng.uniform(-0.5, 0.5, 4)},
        "momentum": rng.uniform(0.2, 0.8),
    },
)
def norm_layers(xp, p):
    hidden = layer_norm(xp, p["x"], p["layer"]["gain"], p["layer"]["bias"])
    running = p["momentum"] * xp.var(hidden, axis=0) + (1.0 - p["momentum"]) * xp.std(p["x"], axis=0)
    normalized = (hidden - xp.mean(hidden, axis=0)) / xp.sqrt(running + 1e-3)
    return normalized[:3]


OBSERVED = _fixed("observations", 5)


@case(
    "Gaussian likelihood by Cholesky",
    lambda rng: {
        "x": np.arange(5) + rng.uniform(-0.3, 0.3, 5),
        "log_scale": rng.uniform(-0.2, 0.4),
        "log_amplitude": rng.uniform(-0.5, 0.5),
        "log_noise": rng.uniform(-1.5, -0.5),
    },
    lambda xp, out: 0.5 * xp.sum(out[:5] ** 2) + xp.sum(xp.log(out[5:])),
)
def gaussian_likelihood(xp, p):
    distances = (p["x"][:, None] - p["x"]) / xp.exp(p["log_scale"])
    covariance = xp.exp(2.0 * p["log_amplitude"] - 0.5 * distances**2) + xp.exp(2.0 * p["log_noise"]) * np.eye(5)
    factor = xp.linalg.cholesky(covariance)
    return xp.concatenate([xp.linalg.solve(factor, OBSERVED), xp.diagonal(factor)])


@case("log-determinant", lambda rng: (rng.uniform(-1, 1, (4, 4)), rng.uniform(-0.5, 0.5)), weighted_sum)
def log_determinant(xp, p):
    matrix, shift = p
    matrix = matrix + 2.5 * np.eye(4)
    gram = matrix.T @ matrix + xp.exp(shift) * np.eye(4)
    return xp.stack([xp.linalg.slogdet(matrix)[1], xp.linalg.slogdet(gram)[1]])


@case("inverse of a matrix", lambda rng: rng.uniform(-1, 1, (3, 3)) + 2.0 * np.eye(3))
def inverse(xp, p):
    return xp.linalg.inv(p)


@case("eigenvalues of a symmetric matrix", lambda rng: rng.uniform(-0.4, 0.4, (4, 4)) + np.diag([0.0, 1.0, 2.5, 4.0]))
def eigenvalues(xp, p):
    return xp.linalg.eigvalsh(0.5 * (p + p.T))


@case("singular values", lambda rng: rng.uniform(-0.4, 0.4, (4, 3)) + np.eye(4, 3) * np.array([1.0, 2.0, 3.5]))
def singular_values(xp, p):
    return xp.linalg.svd(p, compute_uv=False)


@case(
    "matrix powers and a chain of products",
    lambda rng: [rng.uniform(-1, 1, (2, 3)), rng.uniform(-0.8, 0.8, (3, 3)), rng.uniform(-1, 1, (3, 2))],
)
def matrix_chain(xp, p):
    first, middle, last = p
    return first @ xp.linalg.matrix_power(middle, 3) @ last + first @ (middle @ (last @ (first @ last)))


@case(
    "filter by FFT",
    lambda rng: {
        "signal": rng.uniform(-1, 1, 8),
        "gains": rng.uniform(0.5, 1.5, 5),
        "decay": rng.uniform(0.1, 0.3),
        "delay": rng.uniform(-0.5, 0.5),
    },
)
def fft_filter(xp, p):
    frequencies = np.arange(5.0)
    response = p["gains"] * xp.exp(-p["decay"] * frequencies) * xp.exp(1j * p["delay"] * frequencies)
    return xp.fft.irfft(xp.fft.rfft(p["signal"]) * response, 8)


@case("power spectrum", lambda rng: {"signal": rng.uniform(-1, 1, 8), "log_window": rng.uniform(-0.5, 0.5, 8)})
def power_spectrum(xp, p):
    spectrum = xp.fft.rfft(p["signal"] * xp.exp(p["log_window"]))
    return xp.concatenate([xp.log(0.5 + xp.real(spectrum) ** 2 + xp.imag(spectrum) ** 2), xp.abs(spectrum[1:-1])])


@case("cumulative sums and products", lambda rng: rng.uniform(0.4, 1.4, (3, 4)))
def cumulative(xp, p):
    return xp.cumprod(p, axis=1) * xp.cumsum(p, axis=0) - xp.diff(xp.cumsum(xp.reshape(p, -1)), append=0.0).reshape(3, 4)


@case(
    "sorting",
    lambda rng: {"x": np.argsort(rng.uniform(size=7)) * 0.4 + rng.uniform(0, 0.3, 7), "attached": rng.uniform(-1, 1, 7)},
)
def sorting(xp, p):
    places = np.linspace(-1.0, 1.0, 7)
    return xp.sort(p["x"]) * places + xp.sin(p["x"]) * p["attached"][xp.argsort(p["x"])]


@case("gathering by integer indices", lambda rng: {"table": rng.uniform(-1, 1, (5, 3)), "row": rng.uniform(-1, 1, 4)})
def gathering(xp, p):
    rows = xp.take(p["table"], np.array([0, 3, 3, -1]), axis=0)
    picked = xp.take_along_axis(p["table"], np.array([[0], [2], [1], [1], [0]]), axis=1)[:4]
    return rows**2 * picked + p["row"][np.array([[3], [1], [1], [0]])] * p["table"][1:, [2, 0, 2]]


@case("where, maximum and clip", lambda rng: (rng.uniform(-1.5, 1.5, 6), rng.uniform(-1.5, 1.5, 6)))
def choices(xp, p):
    x, y = p
    smaller = xp.minimum(x**2, xp.maximum(y, -0.6))
    return xp.where(xp.greater(x, y), x * xp.exp(y), y**3 - x) + xp.clip(x * y, -0.7, 0.8) ** 2 + xp.sin(smaller)


DRIVE = _fixed("drive of the recurrent net", 5, 2)


@case(
    "recurrent net over five steps",
    lambda rng: {
        "state": rng.uniform(-0.5, 0.5, 3),
        "recurrent": rng.uniform(-0.8, 0.8, (3, 3)),
        "drive": rng.uniform(-1, 1, (2, 3)),
        "bias": rng.uniform(-0.3, 0.3, 3),
    },
)
def recurrent_net(xp, p):
    state, states = p["state"], []
    for step in range(5):
        state = xp.tanh(state @ p["recurrent"] + DRIVE[step] @ p["drive"] + p["bias"])
        states.append(state)
    return xp.stack(states)


@case("Runge-Kutta steps", lambda rng: {"rates": rng.uniform(0.4, 1.2, 4), "state": rng.uniform(0.5, 1.5, 2)})
def runge_kutta(xp, p):
    """Prey and predators."""

    def slope(state):
        meetings = state[0] * state[1]
        rates = p["rates"]
        return xp.stack([rates[0] * state[0] - rates[1] * meetings, rates[2] * meetings - rates[3] * state[1]])

    state, states, dt = p["state"], [], 0.2
    for _ in range(4):
        k1 = slope(state)
        k2 = slope(state + 0.5 * dt * k1)
        k3 = slope(state + 0.5 * dt * k2)
        k4 = slope(state + dt * k3)
        state = state + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        states.append(state)
    return xp.stack(states)


@case(
    "Kepler's equation by Newton's method",
    lambda rng: {"mean": rng.uniform(0.3, 2.8, 3), "eccentricity": rng.uniform(0.1, 0.6, 3)},
)
def kepler(xp, p):
    e = p["eccentricity"]
    anomaly = p["mean"] + e * xp.sin(p["mean"])
    for _ in range(5):
        anomaly = anomaly - (anomaly - e * xp.sin(anomaly) - p["mean"]) / (1.0 - e * xp.cos(anomaly))
    return xp.stack([xp.cos(anomaly) - e, xp.sqrt(1.0 - e**2) * xp.sin(anomaly)])


@case(
    "kernel of pairwise distances",
    lambda rng: {
        "x": rng.uniform(-1, 0.5, (4, 2)),
        "centres": rng.uniform(0.6, 2, (3, 2)),
        "log_scale": rng.uniform(-0.3, 0.3),
    },
)
def kernel(xp, p):
    squares = xp.sum((p["x"][:, None, :] - p["centres"]) ** 2, axis=-1)
    distances = xp.sqrt(3.0 * squares) * xp.exp(-p["log_scale"])
    return (1.0 + distances) * xp.exp(-distances)


@case("determinant", lambda rng: rng.uniform(-1, 1, (4, 4)))
def determinant(xp, p):
    """The characteristic polynomial at three places."""
    return xp.linalg.det(p - np.array([-0.5, 0.4, 1.3])[:, None, None] * np.eye(4))


@case(
    "einsum of three tensors",
    lambda rng: [rng.uniform(-1, 1, (2, 3)), (rng.uniform(-1, 1, (3, 2, 2)), rng.uniform(-1, 1, (2, 2)))],
)
def einsum(xp, p):
    a, (b, c) = p
    return xp.einsum("ij,jkl,lm->ikm", a, b, c) + xp.einsum("ij,jkk,ik->i", a, b, c)[:, None, None]


REGRESSORS = _fixed("regressors", 6, 3)
RESPONSES = _fixed("responses", 6, low=-2.0, high=2.0)


@case(
    "Student's t",
    lambda rng: ({"slopes": rng.uniform(-1, 1, 3)}, [rng.uniform(-0.5, 0.5), rng.uniform(0.5, 1.5)]),
    lambda xp, out: -xp.sum(out),
)
def student_t(xp, p):
    """Logarithms of the densities, without the constant that has gamma functions in it."""
    log_scale, log_freedom = p[1]
    freedom = xp.exp(log_freedom)
    z = (RESPONSES - REGRESSORS @ p[0]["slopes"]) * xp.exp(-log_scale)
    return -0.5 * (freedom + 1.0) * xp.log1p(z**2 / freedom) - log_scale - 0.5 * log_freedom


@case(
    "soft decision tree",
    lambda rng: {"w": rng.uniform(-1, 1, (2, 3)), "b": rng.uniform(-0.5, 0.5, 3), "leaves": rng.uniform(-2, 2, (4, 2))},
)
def decision_tree(xp, p):
    right = sigmoid(xp, 2.0 * (POINTS @ p["w"] + p["b"]))
    root, low, high = right[:, 0], right[:, 1], right[:, 2]
    ways = xp.stack([(1.0 - root) * (1.0 - low), (1.0 - root) * low, root * (1.0 - high), root * high], axis=-1)
    return ways @ p["leaves"]


SAMPLES = _fixed("samples of the mixture", 6, 2, low=-1.5, high=1.5)


@case(
    "mixture of Gaussians",
    lambda rng: {
        "means": rng.uniform(-1, 1, (3, 2)),
        "log_scales": rng.uniform(-0.5, 0.3, (3, 2)),
        "logits": rng.uniform(-1, 1, 3),
    },
    lambda xp, out: -xp.mean(out),
)
def mixture(xp, p):
    z = (SAMPLES[:, None, :] - p["means"]) * xp.exp(-p["log_scales"])
    densities = xp.sum(-0.5 * z**2 - p["log_scales"] - 0.5 * math.log(2.0 * math.pi), axis=-1)
    return logsumexp(xp, densities + p["logits"] - logsumexp(xp, p["logits"]))


@case(
    "Ising energy",
    lambda rng: {"fields": rng.uniform(-1.5, 1.5, (4, 4)), "coupling": rng.uniform(0.3, 0.9), "outer": rng.uniform(-0.5, 0.5)},
    lambda xp, out: xp.sum(out) + 0.1 * xp.sum(out**3),
)
def ising(xp, p):
    spins = xp.tanh(p["fields"])
    neighbours = xp.roll(spins, 1, axis=0) + xp.roll(spins, 1, axis=1)
    return -spins * (p["coupling"] * neighbours + p["outer"])


@case(
    "quaternion rotations and spherical coordinates",
    lambda rng: {"quaternion": rng.uniform(0.2, 1, 4), "points": rng.uniform(0.2, 1.2, (3, 3)) + np.eye(3)},
)
def rotations(xp, p):
    unit = p["quaternion"] / xp.linalg.norm(p["quaternion"])
    axis = unit[1:]
    turned = xp.cross(axis, p["points"])
    x, y, z = xp.moveaxis(p["points"] + 2.0 * unit[0] * turned + 2.0 * xp.cross(axis, turned), -1, 0)
    radius = xp.sqrt(x**2 + y**2 + z**2)
    return xp.stack([radius, xp.arccos(z / radius), xp.arctan2(y, x)], axis=-1)


@case(
    "normal distribution function by approximations",
    lambda rng: {
        "x": np.array([-1.6, -0.8, 0.6, 1.2, 2.0]) + rng.uniform(-0.2, 0.2, 5),
        "mean": rng.uniform(-0.1, 0.1),
        "scale": rng.uniform(0.8, 1.3),
    },
)
def normal_distribution(xp, p):
    """By a polynomial times the density (Abramowitz and Stegun 26.2.17), and by a hyperbolic tangent."""
    z = (p["x"] - p["mean"]) / p["scale"]
    t = 1.0 / (1.0 + 0.2316419 * xp.abs(z))
    series = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    tail = series * xp.exp(-0.5 * z**2) / math.sqrt(2.0 * math.pi)
    by_tanh = 0.5 + 0.5 * xp.tanh(math.sqrt(2.0 / math.pi) * (z + 0.044715 * z**3))
    return xp.stack([xp.where(xp.greater(z, 0.0), 1.0 - tail, tail), by_tanh])


PICTURES, NOISE = _fixed("pictures", 4, 3), _fixed("noise", 4, 2)


@case(
    "variational autoencoder",
    lambda rng: {
        "encoder": {"w": rng.uniform(-1, 1, (3, 4)), "b": rng.uniform(-0.5, 0.5, 4)},
        "decoder": [rng.uniform(-1, 1, (2, 3)), rng.uniform(-0.5, 0.5, 3)],
    },
    lambda xp, out: xp.mean(out),
)
def autoencoder(xp, p):
    code = PICTURES @ p["encoder"]["w"] + p["encoder"]["b"]
    mean, log_variance = xp.split(code, 2, axis=1)
    latent = mean + xp.exp(0.5 * log_variance) * NOISE
    weights, bias = p["decoder"]
    misfit = xp.sum((xp.tanh(latent @ weights + bias) - PICTURES) ** 2, axis=1)
    divergence = 0.5 * xp.sum(xp.exp(log_variance) + mean**2 - 1.0 - log_variance, axis=1)
    return misfit + 0.2 * divergence
