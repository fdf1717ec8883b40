"""Published problems, each with first and second derivatives by hand: what optimizers are told with and without the library.

``RESIDUALS``: sums of squares, most from Moré, Garbow and Hillstrom, "Testing Unconstrained Optimization Software" (1981), by
whose numbers they are listed; ``second`` gives, for a vector v, the sum of v_i times the Hessian of residual i.
``CONSTRAINED``: problems of Hock and Schittkowski (1981) and of SciPy's tutorial. ``EQUATIONS``: systems from the former.
"""

from typing import Any, NamedTuple

import numpy as np


def rosenbrock(x):
    """The text of ``scipy.optimize.rosen``, which converts its argument to an array unless SCIPY_ARRAY_API is set."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2.0) ** 2.0 + (1 - x[:-1]) ** 2.0)


class Residuals(NamedTuple):
    """Residuals r with their derivatives: where to start, where the sum of squares is least, and how much it is there."""

    name: str
    r: Any
    jacobian: Any
    second: Any
    start: list[float]
    solution: list[float]
    least: float

    def f(self, x):
        return np.sum(self.r(x) ** 2)

    def gradient(self, x):
        return 2 * self.jacobian(x).T @ self.r(x)

    def hessian(self, x):
        jacobian = self.jacobian(x)
        return 2 * (jacobian.T @ jacobian + self.second(x, self.r(x)))


def symmetric(size, entries):
    """A matrix of the entries on and above the diagonal that are not zero."""
    matrix = np.zeros((size, size))
    for (i, j), value in entries.items():
        matrix[i, j] = matrix[j, i] = value
    return matrix


# ---------------------------------------------------------------- two to four variables, without data


def freudenstein_roth(x):
    a, b = x
    return np.stack([-13 + a + ((5 - b) * b - 2) * b, -29 + a + ((b + 1) * b - 14) * b])


def freudenstein_roth_jacobian(x):
    b = x[1]
    return np.array([[1, 10 * b - 3 * b**2 - 2], [1, 3 * b**2 + 2 * b - 14]])


def freudenstein_roth_second(x, v):
    return symmetric(2, {(1, 1): v[0] * (10 - 6 * x[1]) + v[1] * (6 * x[1] + 2)})


def powell_badly_scaled(x):
    return np.stack([1e4 * x[0] * x[1] - 1, np.sum(np.exp(-x)) - 1.0001])


def powell_badly_scaled_jacobian(x):
    return np.array([[1e4 * x[1], 1e4 * x[0]], -np.exp(-x)])


def powell_badly_scaled_second(x, v):
    return symmetric(2, {(0, 1): 1e4 * v[0], (0, 0): v[1] * np.exp(-x[0]), (1, 1): v[1] * np.exp(-x[1])})


def brown_badly_scaled(x):
    return np.stack([x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2])


def brown_badly_scaled_jacobian(x):
    return np.array([[1, 0], [0, 1], [x[1], x[0]]])


def brown_badly_scaled_second(x, v):
    return symmetric(2, {(0, 1): v[2]})


BEALE = np.array([1.5, 2.25, 2.625])


def beale(x):
    return BEALE - x[0] * (1 - x[1] ** np.arange(1, 4))


def beale_jacobian(x):
    a, b = x
    return np.array([[b - 1, a], [b**2 - 1, 2 * a * b], [b**3 - 1, 3 * a * b**2]])


def beale_second(x, v):
    a, b = x
    return symmetric(2, {(0, 1): v[0] + 2 * b * v[1] + 3 * b**2 * v[2], (1, 1): 2 * a * v[1] + 6 * a * b * v[2]})


def booth(x):
    return np.array([[1.0, 2.0], [2.0, 1.0]]) @ x - np.array([7.0, 5.0])


def himmelblau(x):
    return np.stack([x[0] ** 2 + x[1] - 11, x[0] + x[1] ** 2 - 7])


def himmelblau_jacobian(x):
    return np.array([[2 * x[0], 1], [1, 2 * x[1]]])


def himmelblau_second(x, v):
    return np.diag([2 * v[0], 2 * v[1]])


def helical_valley(x):
    a, b, c = x
    theta = np.arctan(b / a) / (2 * np.pi) + np.where(a < 0, 0.5, 0.0)
    return np.stack([10 * (c - 10 * theta), 10 * (np.sqrt(a**2 + b**2) - 1), c])


def helical_valley_jacobian(x):
    a, b, _ = x
    square, k = a**2 + b**2, 50 / np.pi
    length = np.sqrt(square)
    return np.array([[k * b / square, -k * a / square, 10], [10 * a / length, 10 * b / length, 0], [0, 0, 1]])


def helical_valley_second(x, v):
    a, b, _ = x
    square, k = a**2 + b**2, 50 / np.pi
    cube = square**1.5
    entries = {
        (0, 0): -2 * k * v[0] * a * b / square**2 + 10 * v[1] * b**2 / cube,
        (0, 1): k * v[0] * (a**2 - b**2) / square**2 - 10 * v[1] * a * b / cube,
        (1, 1): 2 * k * v[0] * a * b / square**2 + 10 * v[1] * a**2 / cube,
    }
    return symmetric(3, entries)


def powell_singular(x):
    a, b, c, d = x
    return np.stack([a + 10 * b, np.sqrt(5) * (c - d), (b - 2 * c) ** 2, np.sqrt(10) * (a - d) ** 2])


def powell_singular_jacobian(x):
    a, b, c, d = x
    near, far = 2 * (b - 2 * c), 2 * np.sqrt(10) * (a - d)
    return np.array([[1, 10, 0, 0], [0, 0, np.sqrt(5), -np.sqrt(5)], [0, near, -2 * near, 0], [far, 0, 0, -far]])


def powell_singular_second(x, v):
    p, q = v[2], np.sqrt(10) * v[3]
    entries = {(1, 1): 2 * p, (1, 2): -4 * p, (2, 2): 8 * p, (0, 0): 2 * q, (0, 3): -2 * q, (3, 3): 2 * q}
    return symmetric(4, entries)


def wood(x):
    a, b, c, d = x
    rows = [10 * (b - a**2), 1 - a, np.sqrt(90) * (d - c**2), 1 - c, np.sqrt(10) * (b + d - 2), (b - d) / np.sqrt(10)]
    return np.stack(rows)


def wood_jacobian(x):
    a, _, c, _ = x
    p, q, s = np.sqrt(90), np.sqrt(10), 1 / np.sqrt(10)
    rows = [[-20 * a, 10, 0, 0], [-1, 0, 0, 0], [0, 0, -2 * p * c, p], [0, 0, -1, 0], [0, q, 0, q], [0, s, 0, -s]]
    return np.array(rows)


def wood_second(x, v):
    return np.diag([-20 * v[0], 0, -2 * np.sqrt(90) * v[2], 0])


# ---------------------------------------------------------------- curves through data

BARD = np.array([0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39])
U = np.arange(1.0, 16.0)
V = 16 - U
W = np.minimum(U, V)


def bard(x):
    return BARD - (x[0] + U / (V * x[1] + W * x[2]))


def bard_jacobian(x):
    below = (V * x[1] + W * x[2]) ** 2
    return np.stack([-np.ones(15), U * V / below, U * W / below], axis=1)


def bard_second(x, v):
    factor = -2 * v * U / (V * x[1] + W * x[2]) ** 3
    return symmetric(3, {(1, 1): factor @ V**2, (1, 2): factor @ (V * W), (2, 2): factor @ W**2})


KOWALIK = np.array([0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246])
KOWALIK_U = np.array([4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625])


def kowalik_osborne(x):
    a, b, c, d = x
    u = KOWALIK_U
    return KOWALIK - a * (u**2 + u * b) / (u**2 + u * c + d)


def kowalik_osborne_jacobian(x):
    a, b, c, d = x
    u = KOWALIK_U
    above, below = u**2 + u * b, u**2 + u * c + d
    return np.stack([-above / below, -a * u / below, a * above * u / below**2, a * above / below**2], axis=1)


def kowalik_osborne_second(x, v):
    a, b, c, d = x
    u = KOWALIK_U
    above, below = u**2 + u * b, u**2 + u * c + d
    entries = {
        (0, 1): v @ (-u / below),
        (0, 2): v @ (above * u / below**2),
        (0, 3): v @ (above / below**2),
        (1, 2): v @ (a * u**2 / below**2),
        (1, 3): v @ (a * u / below**2),
        (2, 2): v @ (-2 * a * above * u**2 / below**3),
        (2, 3): v @ (-2 * a * above * u / below**3),
        (3, 3): v @ (-2 * a * above / below**3),
    }
    return symmetric(4, entries)


MEYER = np.array([34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872.0])
T = 45 + 5 * np.arange(1.0, 17.0)


def meyer(x):
    return x[0] * np.exp(x[1] / (T + x[2])) - MEYER


def meyer_jacobian(x):
    s = T + x[2]
    e = np.exp(x[1] / s)
    return np.stack([e, x[0] * e / s, -x[0] * x[1] * e / s**2], axis=1)


def meyer_second(x, v):
    a, b, c = x
    s = T + c
    e = v * np.exp(b / s)
    entries = {
        (0, 1): np.sum(e / s),
        (0, 2): np.sum(-b * e / s**2),
        (1, 1): np.sum(a * e / s**2),
        (1, 2): np.sum(-a * e / s**2 - a * b * e / s**3),
        (2, 2): np.sum(2 * a * b * e / s**3 + a * b**2 * e / s**4),
    }
    return symmetric(3, entries)


TIMES = np.arange(1.0, 21.0) / 5


def brown_dennis(x):
    a, b, c, d = x
    return (a + TIMES * b - np.exp(TIMES)) ** 2 + (c + d * np.sin(TIMES) - np.cos(TIMES)) ** 2


def brown_dennis_jacobian(x):
    a, b, c, d = x
    p, q = a + TIMES * b - np.exp(TIMES), c + d * np.sin(TIMES) - np.cos(TIMES)
    return 2 * np.stack([p, p * TIMES, q, q * np.sin(TIMES)], axis=1)


def brown_dennis_second(x, v):
    t, s = TIMES, np.sin(TIMES)
    entries = {
        (0, 0): 2 * np.sum(v),
        (0, 1): 2 * v @ t,
        (1, 1): 2 * v @ t**2,
        (2, 2): 2 * np.sum(v),
        (2, 3): 2 * v @ s,
        (3, 3): 2 * v @ s**2,
    }
    return symmetric(4, entries)


COUNT = np.arange(1.0, 11.0)


def jennrich_sampson(x):
    return 2 + 2 * COUNT - (np.exp(COUNT * x[0]) + np.exp(COUNT * x[1]))


def jennrich_sampson_jacobian(x):
    return -COUNT[:, None] * np.exp(np.multiply.outer(COUNT, x))


def jennrich_sampson_second(x, v):
    return np.diag(-(v * COUNT**2) @ np.exp(np.multiply.outer(COUNT, x)))


def named(function, first, second, start, solution, least=0.0):
    return Residuals(function.__name__, function, first, second, start, solution, least)


RESIDUALS = [
    named(freudenstein_roth, freudenstein_roth_jacobian, freudenstein_roth_second, [4.5, 3.5], [5, 4]),  # 2
    named(freudenstein_roth, freudenstein_roth_jacobian, freudenstein_roth_second, [0.5, -2], [11.41278, -0.896805], 48.9842),
    named(
        powell_badly_scaled,
        powell_badly_scaled_jacobian,
        powell_badly_scaled_second,
        [0, 1],
        [1.09815932969975976e-5, 9.106146739866695],
    ),  # 3
    named(brown_badly_scaled, brown_badly_scaled_jacobian, brown_badly_scaled_second, [1, 1], [1e6, 2e-6]),  # 4
    named(beale, beale_jacobian, beale_second, [1, 1], [3, 0.5]),  # 5
    named(jennrich_sampson, jennrich_sampson_jacobian, jennrich_sampson_second, [0.3, 0.4], [0.257825, 0.257825], 124.362),  # 6
    named(helical_valley, helical_valley_jacobian, helical_valley_second, [-1, 0.1, 0], [1, 0, 0]),  # 7
    named(bard, bard_jacobian, bard_second, [1, 1, 1], [0.0824106, 1.133036, 2.343695], 8.21487e-3),  # 8
    named(meyer, meyer_jacobian, meyer_second, [0.02, 4000, 250], [5.60964e-3, 6181.35, 345.224], 87.9458),  # 10
    named(powell_singular, powell_singular_jacobian, powell_singular_second, [3, -1, 0, 1], [0, 0, 0, 0]),  # 13
    named(wood, wood_jacobian, wood_second, [-3, -1, -3, -1], [1, 1, 1, 1]),  # 14
    named(
        kowalik_osborne,
        kowalik_osborne_jacobian,
        kowalik_osborne_second,
        [0.25, 0.39, 0.415, 0.39],
        [0.192807, 0.191282, 0.123057, 0.136062],
        3.07505e-4,
    ),  # 15
    named(
        brown_dennis,
        brown_dennis_jacobian,
        brown_dennis_second,
        [25, 5, -5, -1],
        [-11.5944, 13.2036, -0.403440, 0.236779],
        85822.2,
    ),  # 16
    named(booth, lambda x: np.array([[1.0, 2.0], [2.0, 1.0]]), lambda x, v: np.zeros((2, 2)), [0, 0], [1, 3]),
    named(himmelblau, himmelblau_jacobian, himmelblau_second, [1, 1], [3, 2]),
]


# ---------------------------------------------------------------- systems of equations of any size


def broyden_tridiagonal(x):
    left, right = np.concatenate([[0.0], x[:-1]]), np.concatenate([x[1:], [0.0]])
    return (3 - 2 * x) * x - left - 2 * right + 1


def broyden_tridiagonal_jacobian(x):
    return np.diag(3 - 4 * x) - np.eye(len(x), k=-1) - 2 * np.eye(len(x), k=1)


def discrete_boundary_value(x):
    n = len(x)
    h, t = 1 / (n + 1), np.arange(1, n + 1) / (n + 1)
    around = np.pad(x, 1)
    return 2 * x - around[:-2] - around[2:] + h**2 * (x + t + 1) ** 3 / 2


def discrete_boundary_value_jacobian(x):
    n = len(x)
    h, t = 1 / (n + 1), np.arange(1, n + 1) / (n + 1)
    return np.diag(2 + 3 * h**2 * (x + t + 1) ** 2 / 2) - np.eye(n, k=-1) - np.eye(n, k=1)


def trigonometric(x):
    n = len(x)
    return n - np.sum(np.cos(x)) + np.arange(1, n + 1) * (1 - np.cos(x)) - np.sin(x)


def trigonometric_jacobian(x):
    n = len(x)
    return np.tile(np.sin(x), (n, 1)) + np.diag(np.arange(1, n + 1) * np.sin(x) - np.cos(x))


GRID = np.arange(1, 9) / 9

EQUATIONS = [
    ("broyden_tridiagonal", broyden_tridiagonal, broyden_tridiagonal_jacobian, -np.ones(10)),  # 30
    ("discrete_boundary_value", discrete_boundary_value, discrete_boundary_value_jacobian, GRID * (GRID - 1)),  # 28
    ("trigonometric", trigonometric, trigonometric_jacobian, np.full(4, 1 / 8)),  # 26
    ("helical_valley", helical_valley, helical_valley_jacobian, np.array([-1.0, 0.1, 0.0])),  # 7
    ("powell_singular", powell_singular, powell_singular_jacobian, np.array([3.0, -1.0, 0.0, 1.0])),  # 13
]


# ---------------------------------------------------------------- with constraints


class Constrained(NamedTuple):
    """Minimize ``f`` where ``low <= c(x) <= high``, within bounds; derivatives of ``f`` and ``c`` by hand.

    ``curvature(x, v)`` is the sum of v_i times the Hessian of constraint i.
    """

    name: str
    f: Any
    gradient: Any
    hessian: Any
    c: Any
    jacobian: Any
    curvature: Any
    low: list[float]
    high: list[float]
    bounds: list[tuple[float, float]]
    start: list[float]
    solution: list[float]
    least: float


def quadratic(name, q, p, constant, rows, low, high, bounds, start, solution, least):
    """Minimize x'Qx/2 + p'x under linear constraints, in which form many of the collection are."""
    q, p, rows = np.array(q, float), np.array(p, float), np.array(rows, float)
    return Constrained(
        name,
        lambda x: x @ (q @ x) / 2 + p @ x + constant,
        lambda x: q @ x + p,
        lambda x: q,
        lambda x: rows @ x,
        lambda x: rows,
        lambda x, v: np.zeros_like(q),
        low,
        high,
        bounds,
        start,
        solution,
        least,
    )


INF = np.inf


def hs71(x):
    return x[0] * x[3] * (x[0] + x[1] + x[2]) + x[2]


def hs71_gradient(x):
    a, b, c, d = x
    return np.array([d * (2 * a + b + c), a * d, a * d + 1, a * (a + b + c)])


def hs71_hessian(x):
    a, b, c, d = x
    return symmetric(4, {(0, 0): 2 * d, (0, 1): d, (0, 2): d, (0, 3): 2 * a + b + c, (1, 3): a, (2, 3): a})


def hs71_jacobian(x):
    a, b, c, d = x
    return np.array([[b * c * d, a * c * d, a * b * d, a * b * c], 2 * x])


def hs71_curvature(x, v):
    a, b, c, d = x
    entries = {(0, 1): c * d, (0, 2): b * d, (0, 3): b * c, (1, 2): a * d, (1, 3): a * c, (2, 3): a * b}
    return v[0] * symmetric(4, entries) + 2 * v[1] * np.eye(4)


HS43_C = np.array([[-1.0, 1.0, -1.0, 1.0], [1.0, 0.0, 0.0, 1.0], [-2.0, 1.0, 0.0, 1.0]])
HS43_S = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 2.0, 1.0, 2.0], [2.0, 1.0, 1.0, 0.0]])
HS43_Q, HS43_P = np.array([2.0, 2.0, 4.0, 2.0]), np.array([-5.0, -5.0, -21.0, 7.0])


def hs7_jacobian(x):
    return np.array([[4 * x[0] * (1 + x[0] ** 2), 2 * x[1]]])


def rosenbrock_gradient(x):
    a, b = x
    return np.array([-400 * a * (b - a**2) - 2 * (1 - a), 200 * (b - a**2)])


def rosenbrock_hessian(x):
    a, b = x
    return np.array([[1200 * a**2 - 400 * b + 2, -400 * a], [-400 * a, 200.0]])


CONSTRAINED = [
    Constrained(
        "hs6",
        lambda x: (1 - x[0]) ** 2,
        lambda x: np.array([-2 * (1 - x[0]), 0.0]),
        lambda x: np.diag([2.0, 0.0]),
        lambda x: 10 * (x[1:] - x[:1] ** 2),
        lambda x: np.array([[-20 * x[0], 10.0]]),
        lambda x, v: np.diag([-20 * v[0], 0.0]),
        [0],
        [0],
        [(-INF, INF)] * 2,
        [-1.2, 1],
        [1, 1],
        0,
    ),
    Constrained(
        "hs7",
        lambda x: np.log(1 + x[0] ** 2) - x[1],
        lambda x: np.array([2 * x[0] / (1 + x[0] ** 2), -1.0]),
        lambda x: np.diag([(2 - 2 * x[0] ** 2) / (1 + x[0] ** 2) ** 2, 0.0]),
        lambda x: (1 + x[:1] ** 2) ** 2 + x[1:] ** 2,
        hs7_jacobian,
        lambda x, v: v[0] * np.diag([4 + 12 * x[0] ** 2, 2.0]),
        [4],
        [4],
        [(-INF, INF)] * 2,
        [2, 2],
        [0, np.sqrt(3)],
        -np.sqrt(3),
    ),
    quadratic(
        "hs35",
        [[4, 2, 2], [2, 4, 0], [2, 0, 2]],
        [-8, -6, -4],
        9,
        [[1, 1, 2]],
        [-INF],
        [3],
        [(0, INF)] * 3,
        [0.5, 0.5, 0.5],
        [4 / 3, 7 / 9, 4 / 9],
        1 / 9,
    ),
    Constrained(
        "hs43",
        lambda x: x @ (HS43_Q * x) / 2 + HS43_P @ x,
        lambda x: HS43_Q * x + HS43_P,
        lambda x: np.diag(HS43_Q),
        lambda x: HS43_S @ x**2 - HS43_C @ x,
        lambda x: 2 * HS43_S * x - HS43_C,
        lambda x, v: np.diag(2 * v @ HS43_S),
        [-INF] * 3,
        [8, 10, 5],
        [(-INF, INF)] * 4,
        [0, 0, 0, 0],
        [0, 1, 2, -1],
        -44,
    ),
    quadratic(
        "hs48",
        [[2, 0, 0, 0, 0], [0, 2, -2, 0, 0], [0, -2, 2, 0, 0], [0, 0, 0, 2, -2], [0, 0, 0, -2, 2]],
        [-2, 0, 0, 0, 0],
        1,
        [[1, 1, 1, 1, 1], [0, 0, 1, -2, -2]],
        [5, -3],
        [5, -3],
        [(-INF, INF)] * 5,
        [3, 5, -3, 2, -2],
        [1, 1, 1, 1, 1],
        0,
    ),
    Constrained(
        "hs71",
        hs71,
        hs71_gradient,
        hs71_hessian,
        lambda x: np.stack([np.prod(x), x @ x]),
        hs71_jacobian,
        hs71_curvature,
        [25, 40],
        [INF, 40],
        [(1, 5)] * 4,
        [1, 5, 5, 1],
        [1, 4.742999637, 3.821149984, 1.379408293],
        17.0140172891,
    ),
    quadratic(
        "hs76",
        [[2, 0, -1, 0], [0, 1, 0, 0], [-1, 0, 2, 1], [0, 0, 1, 1]],
        [-1, -3, 1, -1],
        0,
        [[1, 2, 1, 1], [3, 1, 2, -1], [0, 1, 4, 0]],
        [-INF, -INF, 1.5],
        [5, 4, INF],
        [(0, INF)] * 4,
        [0.5, 0.5, 0.5, 0.5],
        [3 / 11, 23 / 11, 0, 6 / 11],
        -103 / 22,
    ),
    Constrained(
        "tutorial_rosenbrock",
        rosenbrock,
        rosenbrock_gradient,
        rosenbrock_hessian,
        lambda x: np.stack([x[0] ** 2 + x[1], x[0] ** 2 - x[1], x[0] + 2 * x[1], 2 * x[0] + x[1]]),
        lambda x: np.array([[2 * x[0], 1], [2 * x[0], -1], [1, 2], [2, 1]]),
        lambda x, v: np.diag([2 * v[0] + 2 * v[1], 0]),
        [-INF, -INF, -INF, 1],
        [1, 1, 1, 1],
        [(0, 1), (-0.5, 2)],
        [0.5, 0],
        [0.4149443154885242, 0.1701113690229516],  # the root on the line; the tutorial prints [0.41494531, 0.17010937]
        0.34271757484331294,
    ),
    quadratic(
        "minimize_docs",
        [[2, 0], [0, 2]],
        [-2, -5],
        7.25,
        [[1, -2], [-1, -2], [-1, 2]],
        [-2, -6, -2],
        [INF, INF, INF],
        [(0, INF)] * 2,
        [2, 0],
        [1.4, 1.7],
        0.8,
    ),
]
