"""Hanging chains: SciPy's optimizers under constraints, with every derivative they can use, against finite differences.

A chain of rigid links hangs between two points: the least energy under as many equations as there are links.
``trust-constr`` is given the gradient, the Jacobian of the constraints and all second derivatives, by ``ag.grad``,
``ag.jacobian`` and ``ag.hessian``; then the chain is hung over a disc, an inequality for each joint. Chains of elastic links
need no constraint: their positions, a dict, are fitted by BFGS and Newton-CG through ``ag.scipy_fun``. What is found is
compared with the closed form, whose two unknown forces ``ag.root`` finds. Run with ``python -m examples.constrained``; the
picture goes to ``out/constrained``.

Sources: the chain as a problem of optimization: D. G. Luenberger and Y. Ye, "Linear and Nonlinear Programming", Springer 2008,
section 11.4; the optimizer: R. H. Byrd, M. E. Hribar and J. Nocedal, "An interior point algorithm for large-scale nonlinear
programming", SIAM Journal on Optimization 9, 1999.
"""

import argparse
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import BFGS, NonlinearConstraint, minimize

import autograd as ag
from examples.arguments import parsed

matplotlib.use("Agg")  # pictures go to files
import matplotlib.pyplot as plt

LINKS, LENGTH = 24, 3.0  # how many; how long they are together (m)
LINK = LENGTH / LINKS
BEGIN, END = np.array([0.0, 0.0]), np.array([2.0, 0.5])  # where the chain is held (m)
CENTRE, RADIUS = np.array([0.9, -0.8]), 0.45  # of the disc (m)
STIFFNESS = (2.0, 8.0, 64.0)  # the force, in weights of the chain, that would double an elastic chain's length
WORST = 1e-7  # m: how far a joint may be from the closed form
EXACT, DIFFERENCES = "exact derivatives", "finite differences"
BLUE, ORANGE, RED = "#2f6690", "#c77d0a", "#b3261e"


# ---------------------------------------------------------------- the chain: plain NumPy


def joints(x: Any) -> Any:
    """All joints, those that are held among them. Shapes: (2 (links - 1),) -> (links + 1, 2)."""
    return np.concatenate([BEGIN[None], np.reshape(x, (-1, 2)), END[None]])


def energy(x: Any) -> Any:
    """The height of the chain's centre of mass; each joint has the mass of a link."""
    return np.sum(np.reshape(x, (-1, 2))[:, 1]) / LINKS


def stretch(x: Any) -> Any:
    """How much too long each link is, to first order: 0 for the right length. Shapes: (2 (links - 1),) -> (links,)."""
    steps = np.diff(joints(x), axis=0)
    return (np.sum(steps**2, axis=1) / LINK - LINK) / 2


def clearance(x: Any) -> Any:
    """Not negative for joints outside of the disc. Shapes: (2 (links - 1),) -> (links - 1,)."""
    return np.sum((np.reshape(x, (-1, 2)) - CENTRE) ** 2, axis=1) / RADIUS**2 - 1


def elastic_energy(positions: Any, stiffness: Any) -> Any:
    """The energy of a chain of springs, whose joints are at ``positions``, a dict of ``across`` and ``up``."""
    x = np.stack([positions["across"], positions["up"]], axis=1)
    lengths = np.sqrt(np.sum(np.diff(joints(x), axis=0) ** 2, axis=1))
    return energy(x) + stiffness * np.sum((lengths - LINK) ** 2) / (2 * LINK)


def links(forces: Any, give: Any) -> Any:
    """The links of a chain in balance, by the force at its beginning: each bears one joint more than the one before.

    ``give`` is the inverse of the stiffness, 0 for rigid links. Shapes: (2,), () -> (links, 2).
    """
    pull = np.stack([forces[0] * np.ones(LINKS), forces[1] + np.arange(LINKS) / LINKS], axis=1)
    return LINK * (1 / tension(forces)[:, None] + give) * pull


def tension(forces: Any) -> Any:
    """The force along each link, in weights of the chain. Shapes: (2,) -> (links,)."""
    return np.hypot(forces[0], forces[1] + np.arange(LINKS) / LINKS)


def balance(give: float = 0.0) -> tuple[NDArray[Any], NDArray[Any]]:
    """The forces for which the chain ends where it is held, and its joints: two equations with two unknowns."""
    forces = ag.root(lambda forces: np.sum(links(forces, give), axis=0) - (END - BEGIN), np.array([0.5, -0.5]))
    return forces, BEGIN + np.concatenate([np.zeros((1, 2)), np.cumsum(links(forces, give), axis=0)])


def catenary(across: Any) -> Any:
    """The curve of a chain of infinitely many links: ``a cosh((x - m) / a) + c``, with the chain's length."""
    (width, height) = END - BEGIN
    a = ag.root(lambda a: 2 * a * np.sinh(width / (2 * a)) - np.sqrt(LENGTH**2 - height**2), 0.5)
    middle = width / 2 - a * np.arctanh(height / LENGTH)
    return BEGIN[1] + a * (np.cosh((across - BEGIN[0] - middle) / a) - np.cosh(middle / a))


# ---------------------------------------------------------------- the optimizers


def parabola(depth: float) -> NDArray[Any]:
    """Joints to start from, which violate the constraints."""
    t = np.linspace(0, 1, LINKS + 1)[1:-1, None]
    return np.ravel(BEGIN + (END - BEGIN) * t - np.array([0, 4 * depth]) * t * (1 - t))


class Outcome(NamedTuple):
    """What an optimizer found.

    ``course``: for each iteration the evaluations of the energy so far, and all joints. ``multipliers``: of each constraint.
    """

    iterations: int
    evaluations: int
    x: NDArray[Any]
    course: list[tuple[int, NDArray[Any]]]
    multipliers: list[NDArray[Any]]


class Counted:
    """A function that counts its calls."""

    def __init__(self, f: Callable[[Any], Any]) -> None:
        self.f = f
        self.calls = 0

    def __call__(self, x: Any) -> Any:
        self.calls += 1
        return self.f(x)


def all_derivatives(constraint: Callable[[Any], Any]) -> dict[str, Any]:
    """The Jacobian of a constraint, and the Hessian of its product with multipliers."""
    return {"jac": ag.jacobian(constraint), "hess": lambda x, v: ag.hessian(lambda x: v @ constraint(x))(x)}


def finite_differences(constraint: Callable[[Any], Any]) -> dict[str, Any]:
    """What SciPy does without derivatives: it estimates first ones by differences, and second ones from those."""
    return {"jac": "2-point", "hess": BFGS()}


def hang(start: NDArray[Any], kind: str = EXACT, disc: bool = False, iterations: int = 300) -> Outcome:
    """The chain of rigid links, by ``trust-constr``: with all derivatives, or with finite differences."""
    derivatives = all_derivatives if kind == EXACT else finite_differences
    gradient = ag.grad(energy) if kind == EXACT else "2-point"
    hessian = ag.hessian(energy) if kind == EXACT else lambda x: np.zeros((len(x), len(x)))  # a gift: the energy is linear
    constraints = [NonlinearConstraint(stretch, 0, 0, **derivatives(stretch))]
    if disc:
        constraints.append(NonlinearConstraint(clearance, 0, np.inf, **derivatives(clearance)))
    counted, course = Counted(energy), []
    result = minimize(
        counted,
        start,
        jac=gradient,
        hess=hessian,
        method="trust-constr",
        constraints=constraints,
        callback=lambda x, _: course.append((counted.calls, joints(x))),
        options={"maxiter": iterations, "gtol": 1e-9, "xtol": 1e-10},
    )
    return Outcome(result.nit, counted.calls, result.x, course, result.v)


def hang_elastic(start: NDArray[Any], stiffness: float, method: str, kind: str = EXACT) -> Outcome:
    """The chain of springs, without constraints."""
    across, up = np.reshape(start, (-1, 2)).T
    problem = ag.scipy_fun(elastic_energy, {"across": across, "up": up}, stiffness)
    counted = Counted(problem.fun if kind == EXACT else lambda x: elastic_energy(problem.unpack(x), stiffness))
    result = minimize(
        counted,
        problem.x0,
        jac=problem.jac if kind == EXACT else "2-point",
        hessp=problem.hessp if method == "Newton-CG" else None,
        method=method,
        options={"maxiter": 1000, **({"xtol": 1e-10} if method == "Newton-CG" else {"gtol": 1e-7})},
    )
    positions = problem.unpack(result.x)
    return Outcome(result.nit, counted.calls, np.stack([positions["across"], positions["up"]], axis=1), [], [])


def distance(a: NDArray[Any], b: NDArray[Any]) -> float:
    """How far the worst joint is off."""
    return float(np.max(np.hypot(*(a - b).T)))


def violation(x: NDArray[Any], disc: bool) -> float:
    """The most by which a constraint is not kept."""
    return float(max(np.max(np.abs(stretch(x))), np.max(-clearance(x)) if disc else 0.0, 0.0))


def plot(path: Path, rigid: dict[str, Outcome], discs: dict[str, Outcome], elastic: dict[float, Outcome]) -> None:
    """The rigid chain, the way to it, the chain over the disc with the forces in it, and elastic chains."""
    figure, axes = plt.subplot_mosaic([["rigid", "disc"], ["elastic", "course"]], figsize=(12.5, 8.6), layout="constrained")
    across = np.linspace(BEGIN[0], END[0], 300)
    axes["rigid"].plot(across, catenary(across), color="0.78", linewidth=6, label="catenary: infinitely many links")
    axes["rigid"].plot(*joints(parabola(0.6)).T, ":", color=ORANGE, label="start")
    axes["rigid"].plot(*joints(rigid[EXACT].x).T, "o-", color=BLUE, markersize=4, label=f"{LINKS} links, found")
    axes["rigid"].set_title("rigid links")
    points = joints(discs[EXACT].x)
    axes["disc"].add_patch(plt.Circle(CENTRE, RADIUS, color="0.85"))
    forces = np.abs(discs[EXACT].multipliers[0])
    colors = plt.get_cmap("viridis")(forces / forces.max())
    for link, color in zip(pairwise(points), colors, strict=True):
        axes["disc"].plot(*np.stack(link).T, color=color, linewidth=3, solid_capstyle="round")
    axes["disc"].plot(*points.T, "o", color="0.2", markersize=3)
    shades = plt.cm.ScalarMappable(plt.Normalize(0, forces.max()), "viridis")
    figure.colorbar(shades, ax=axes["disc"], label="force along the link (weights of the chain)", pad=0.02)
    axes["disc"].set_title("rigid links over a disc: forces from the multipliers")
    for (stiffness, outcome), color in zip(elastic.items(), (RED, ORANGE, BLUE), strict=False):
        axes["elastic"].plot(*balance(1 / stiffness)[1].T, color="0.78", linewidth=6, zorder=1)
        axes["elastic"].plot(*joints(outcome.x).T, "o-", color=color, markersize=4, label=f"stiffness {stiffness:g}")
    axes["elastic"].set_title("elastic links (closed form in grey)")
    for name in ("rigid", "disc", "elastic"):
        axes[name].plot(*np.stack([BEGIN, END]).T, "k^", markersize=8, zorder=3)
        axes[name].set(xlabel="across (m)", ylabel="up (m)", aspect="equal", xlim=(-0.15, 2.15), ylim=(-1.3, 0.65))
    axes["rigid"].legend(fontsize="small", loc="upper center")
    axes["elastic"].legend(fontsize="small", loc="lower center", ncols=3)
    _, closed = balance()
    for (name, outcome), color in zip(rigid.items(), (BLUE, ORANGE), strict=False):
        counts, found = zip(*outcome.course, strict=True)
        axes["course"].loglog(counts, [distance(each, closed) for each in found], "o-", markersize=3, color=color, label=name)
    axes["course"].set(xlabel="evaluations of the energy", ylabel="worst joint off by (m)", title="rigid links: the way there")
    axes["course"].legend(fontsize="small")
    for each in axes.values():
        each.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def main() -> None:
    """Check the derivatives, hang the chains, compare with the closed forms, and plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--quick", action="store_true", help="fewer chains, without finite differences, and not waiting for the disc"
    )
    options = parsed(parser, "constrained")

    begin = time.perf_counter()
    start, above = parabola(0.6), parabola(-0.1)
    report = ag.gradcheck(lambda x: np.concatenate([stretch(x), clearance(x)]), [start[:10]], order=2)
    print(f"{report}\n")
    if not report:
        raise SystemExit("the gradient is wrong")

    forces, closed = balance()
    print(f"{'':42} {'iterations':>10} {'evaluations':>11} {'joint off by':>12} {'violation':>9}")

    def tell(name: str, outcome: Outcome, off: float | None, violated: float | None) -> None:
        numbers = [f"{'' if each is None else f'{each:.1e}':>{width}}" for each, width in ((off, 12), (violated, 9))]
        print(f"{name:42} {outcome.iterations:10} {outcome.evaluations:11} {' '.join(numbers)}".rstrip())

    kinds = [EXACT] if options.quick else [EXACT, DIFFERENCES]
    rigid, discs, elastic, worst = {}, {}, {}, 0.0
    for kind in kinds:
        rigid[kind] = hang(start, kind)
        off = distance(joints(rigid[kind].x), closed)
        tell(f"rigid links, {kind}", rigid[kind], off, violation(rigid[kind].x, False))
        worst = off if kind == EXACT else worst
    for kind in kinds:
        discs[kind] = hang(above, kind, disc=True, iterations=40 if options.quick else 300)
        tell(f"over the disc, {kind}", discs[kind], None, violation(discs[kind].x, True))
    for stiffness in STIFFNESS[:1] if options.quick else STIFFNESS:
        _, balanced = balance(1 / stiffness)
        for method, kind in (("Newton-CG", EXACT), *[("BFGS", kind) for kind in kinds]):
            outcome = hang_elastic(start, stiffness, method, kind)
            off = distance(joints(outcome.x), balanced)
            tell(f"stiffness {stiffness:g}, {method}, {kind}", outcome, off, None)
            if method == "Newton-CG":
                elastic[stiffness] = outcome
                worst = max(worst, off)

    found = np.abs(rigid[EXACT].multipliers[0])
    print(f"\nforce in the chain, from the multipliers: {found.min():.4f} to {found.max():.4f} of its weight")
    print(f"in closed form: {tension(forces).min():.4f} to {tension(forces).max():.4f}")
    apart = np.max(np.abs(closed[:, 1] - catenary(closed[:, 0])))
    print(f"a joint is at most {apart:.4f} m above or below the catenary, the curve of infinitely many links")
    plot(options.out / "chains.png", rigid, discs, elastic)
    print(f"chains.png is in {options.out}; {time.perf_counter() - begin:.1f} s in all")
    if worst > WORST or (not options.quick and violation(discs[EXACT].x, True) > WORST):
        raise SystemExit(f"expected joints at most {WORST:.0e} m off, and no constraint violated by more")


if __name__ == "__main__":
    main()
