"""Random programs of array expressions, views and writes, as data: made here, run by NumPy, by tensors and by other libraries.

A program is a list of instructions ``[kind, name, *operands]`` over numbered variables, of which the first three are the
inputs. ``pure`` computes a new variable, ``view`` makes a variable that shares memory with another, ``write`` changes one in
place.
"""

import random

import numpy as np

SHAPES = ((3, 4), (4,), (3, 3))


def inputs(seed):
    """The three input arrays of a program."""
    rng = np.random.Generator(np.random.PCG64(seed))
    return [rng.uniform(-1.5, 1.5, shape) for shape in SHAPES]


def _spd(xp, a):
    return a @ xp.swapaxes(a, -1, -2) + 2.0 * np.eye(a.shape[-2])


PURE = {
    "tanh": lambda xp, a: xp.tanh(a),
    "sin": lambda xp, a: xp.sin(a),
    "exp": lambda xp, a: xp.exp(-a * a),
    "log": lambda xp, a: xp.log1p(a * a),
    "sqrt": lambda xp, a: xp.sqrt(1.0 + a * a),
    "arctan": lambda xp, a: xp.arctan(2.0 * a),
    "absolute": lambda xp, a: xp.abs(a),
    "cube": lambda xp, a: 0.3 * a**3,
    "add": lambda xp, a, b: a + b,
    "subtract": lambda xp, a, b: a - 0.5 * b,
    "multiply": lambda xp, a, b: a * b,
    "divide": lambda xp, a, b: a / (2.0 + b * b),
    "power": lambda xp, a, b: (1.0 + a * a) ** xp.tanh(b),
    "maximum": lambda xp, a, b: xp.maximum(a, b),
    "hypot": lambda xp, a, b: xp.hypot(a, b),
    "arctan2": lambda xp, a, b: xp.arctan2(a, 3.0 + b),
    "logaddexp": lambda xp, a, b: xp.logaddexp(a, b),
    "where": lambda xp, a, b: xp.where(a > b, a * b, b - a),
    "clip": lambda xp, a: xp.clip(a, -0.5, 0.7),
    "sum": lambda xp, a: xp.sum(a, axis=0),
    "sum of rows": lambda xp, a: xp.sum(a, axis=-1, keepdims=True),
    "mean": lambda xp, a: xp.mean(a, axis=0, keepdims=True),
    "prod": lambda xp, a: xp.prod(a, axis=-1),
    "max": lambda xp, a: xp.max(a, axis=-1),
    "min": lambda xp, a: xp.min(a, axis=0),
    "var": lambda xp, a: xp.var(a, axis=-1, keepdims=True),
    "std": lambda xp, a: xp.std(a),
    "norm": lambda xp, a: xp.linalg.norm(a),
    "cumsum": lambda xp, a: xp.cumsum(a, axis=0),
    "cumprod": lambda xp, a: xp.cumprod(a, axis=-1),
    "sort": lambda xp, a: xp.sort(a, axis=-1),
    "median": lambda xp, a: xp.median(a, axis=0),
    "diff": lambda xp, a: xp.diff(a, axis=-1),
    "roll": lambda xp, a: xp.roll(a, 1, axis=0),
    "tile": lambda xp, a: xp.tile(a, 2),
    "repeat": lambda xp, a: xp.repeat(a, 2, axis=0),
    "pad": lambda xp, a: xp.pad(a, 1),
    "concatenate": lambda xp, a, b: xp.concatenate([a, b], axis=0),
    "stack": lambda xp, a, b: xp.stack([a, b], axis=-1),
    "take": lambda xp, a: a[np.array([0, -1, 0])],
    "mask": lambda xp, a: a[np.arange(a.shape[0]) % 2 == 0],
    "tril": lambda xp, a: xp.tril(xp.atleast_2d(a)),
    "outer": lambda xp, a, b: xp.outer(a, b),
    "matmul": lambda xp, a, b: a @ b,
    "matmul transposed": lambda xp, a, b: a @ xp.swapaxes(b, -1, -2),
    "einsum": lambda xp, a, b: xp.einsum("ij,kj->ik", a, b),
    "kron": lambda xp, a, b: xp.kron(a, b),
    "solve": lambda xp, a, b: xp.linalg.solve(_spd(xp, a), b),
    "inv": lambda xp, a: xp.linalg.inv(_spd(xp, a)),
    "slogdet": lambda xp, a: xp.linalg.slogdet(_spd(xp, a))[1],
    "cholesky": lambda xp, a: xp.linalg.cholesky(_spd(xp, a)),
    "spectrum": lambda xp, a: xp.abs(xp.fft.rfft(a)) ** 2,
    "convolve": lambda xp, a, b: xp.convolve(xp.ravel(a), xp.ravel(b)),
}

ELEMENTWISE = set(list(PURE)[: list(PURE).index("sum")])  # these take numbers, too

VIEWS = {
    "first": lambda a: a[0],
    "tail": lambda a: a[1:],
    "backwards": lambda a: a[::-2],
    "columns": lambda a: a[..., 1:],
    "newaxis": lambda a: a[:, None],
    "T": lambda a: a.T,
    "swapaxes": lambda a: a.swapaxes(0, -1),
    "reshape": lambda a: a.reshape(-1),
    "ravel": lambda a: a.ravel(),
}

INDICES = {
    "first": lambda a: 0,
    "tail": lambda a: slice(1, None),
    "backwards": lambda a: (Ellipsis, slice(None, None, -2)),
    "everything": lambda a: Ellipsis,
    "last column": lambda a: (Ellipsis, -1),
    "rows": lambda a: np.array([0, -1]),
    "mixed": lambda a: (slice(None), np.array([1, 0])),
    "mask": lambda a: np.arange(a.size).reshape(a.shape) % 3 == 0,
}

WRITES = ("set", "add", "multiply", "add.at")
MOST_ELEMENTS, LARGEST = 60, 20.0


def run(program, arrays, xp=np):
    """All variables of a program at its end; ``xp`` is whatever has NumPy's functions."""
    variables = list(arrays)
    for instruction in program:
        kind, name, *operands = instruction
        if kind == "pure":
            variables.append(PURE[name](xp, *[variables[i] for i in operands]))
        elif kind == "view":
            variables.append(VIEWS[name](variables[operands[0]]))
        else:
            target, value = variables[operands[0]], variables[operands[1]]
            write(name, target, INDICES[operands[2]](target), value)
    return variables


def write(name, target, index, value):
    """One write of NumPy's."""
    if name == "set":
        target[index] = value
    elif name == "add":
        target[index] += value
    elif name == "multiply":
        target[index] *= value
    else:
        np.add.at(target, (np.array([0, -1, 0]),), value)


def loss_of(variables, xp=np):
    """One number that every element of every variable enters differently."""
    total = 0.0
    for k, each in enumerate(variables):
        weights = 0.5 + np.arange(max(each.size, 1)).reshape(each.shape) / max(each.size, 1)
        total = total + xp.sum(xp.cos(0.7 * each + k) * weights)
    return total


def make(seed, length):
    """A random program in which every intermediate result is finite, small, and of floating numbers."""
    rng = random.Random(seed)
    program = []
    while len(program) < length:
        kind = rng.choices(["pure", "view", "write"], [5, 2, 3])[0]
        count = len(SHAPES) + sum(each[0] != "write" for each in program)
        pick = [rng.randrange(count) for _ in range(2)]
        if kind == "pure":
            name = rng.choice(list(PURE))
            candidate = ["pure", name, *pick[: PURE[name].__code__.co_argcount - 1]]
        elif kind == "view":
            candidate = ["view", rng.choice(list(VIEWS)), pick[0]]
        else:
            candidate = ["write", rng.choice(WRITES), *pick, rng.choice(list(INDICES))]
        if _is_sound([*program, candidate], seed):
            program.append(candidate)
    return program


def _is_sound(program, seed):
    try:
        with np.errstate(all="ignore"):
            variables = run(program, inputs(seed))
    except (ValueError, IndexError, TypeError, np.linalg.LinAlgError):
        return False
    kind, name, *operands = program[-1]
    if kind == "pure" and name not in ELEMENTWISE and any(variables[i].ndim == 0 for i in operands):
        return False  # NumPy lets axis=-1 of a number pass, the standard and JAX do not
    return all(
        isinstance(each, np.ndarray | np.floating) and 0 < each.size <= MOST_ELEMENTS and np.all(np.abs(each) <= LARGEST)
        for each in variables
    )
