"""Record JAX's derivatives of the functions of ``transform_cases`` into ``jax_transforms.json``.

Run in an environment of its own that has JAX (``python3 -m venv ../jax && ../jax/bin/pip install jax``):
``../jax/bin/python tests/data/record_jax_transforms.py``, ten minutes on one core.

Trees are recorded as vectors (``transform_cases.flatten``), outputs as vectors in C order. With n inputs, m outputs, the point
p, its tangent t and the outputs' cotangent c, a case has

- ``value``, ``outputs``: the loss and the outputs, m
- ``grad``: of the loss, n; ``slope``: its ``jvp`` along t, a number
- ``jvp``: of the outputs along t, m; ``vjp``: of the outputs with c, n; ``jacobian``: of the outputs, m by n
- ``hessian``: of the loss, n by n; ``hvp``: its product with t, n; ``third``: the derivative of the hvp along t, n

and with the batch of three points and their tangents

- ``batch_values``: ``vmap(loss)``, 3; ``batch_grads``: ``vmap(grad(loss))``, 3 by n
- ``batch_jvps``: ``vmap`` of the jvp of the outputs, with a tangent for each example, 3 by m
- ``batch_hessians``: ``vmap(hessian(loss))``, of which ``transform_cases.projected`` is recorded, 3 by n by n or 3 by n by 4
- ``penalty``: the gradient of ``sum(vmap(grad(loss))(batch) ** 2)``, 3 by n.

Before anything is written, the values are compared with NumPy's, what can be computed in two ways in JAX is, and the inputs are
checked to be away from kinks, ties and equal eigenvalues.
"""

import json
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
import transform_cases
from transform_cases import CASES, EXAMPLES, flatten, projected, unflatten

jax.config.update("jax_enable_x64", True)

KEYS = (
    *("value", "outputs", "grad", "slope", "jvp", "vjp", "jacobian", "hessian", "hvp", "third"),
    *("batch_values", "batch_grads", "batch_jvps", "batch_hessians", "penalty"),
)
CLOSEST = 5e-3  # how near a kink or a tie may be


def record(case):
    like = case.point()
    point, tangent = flatten(like), flatten(case.tangent())
    points, tangents = (flatten(each, batch_axes=1) for each in (case.batch(), case.tangents()))
    cotangent = case.cotangent().reshape(-1)

    def loss(v):
        return case.loss(jnp, unflatten(like, v))

    def outputs(v):
        return case.outputs(jnp, unflatten(like, v)).reshape(-1)

    def jvp_of_outputs(v, t):
        return jax.jvp(outputs, (v,), (t,))[1]

    def penalty(vs):
        return jnp.sum(jax.vmap(jax.grad(loss))(vs) ** 2)

    @jax.jit
    def derivatives(p, t, c, batch, ts):
        def hvp(v):
            return jax.jvp(jax.grad(loss), (v,), (t,))[1]

        return {
            "value": loss(p),
            "outputs": outputs(p),
            "grad": jax.grad(loss)(p),
            "slope": jax.jvp(loss, (p,), (t,))[1],
            "jvp": jvp_of_outputs(p, t),
            "vjp": jax.vjp(outputs, p)[1](c)[0],
            "jacobian": jax.jacrev(outputs)(p),
            "hessian": jax.hessian(loss)(p),
            "hvp": hvp(p),
            "third": jax.jvp(hvp, (p,), (t,))[1],
            "batch_values": jax.vmap(loss)(batch),
            "batch_grads": jax.vmap(jax.grad(loss))(batch),
            "batch_jvps": jax.vmap(jvp_of_outputs)(batch, ts),
            "batch_hessians": jax.vmap(jax.hessian(loss))(batch),
            "penalty": jax.grad(penalty)(batch),
        }

    found = derivatives(point, tangent, cotangent, points, tangents)
    found = {key: np.asarray(found[key]) for key in KEYS}  # JAX has sorted them
    by_reverse = jax.jit(jax.jacrev(jax.jacrev(loss)))
    again = {
        "value": case.loss(np, like),
        "outputs": np.reshape(case.outputs(np, like), -1),
        "grad": jax.jit(jax.jacfwd(loss))(point),
        "slope": found["grad"] @ tangent,
        "jvp": found["jacobian"] @ tangent,
        "vjp": cotangent @ found["jacobian"],
        "jacobian": jax.jit(jax.jacfwd(outputs))(point),
        "hessian": by_reverse(point),
        "hvp": found["hessian"] @ tangent,
        "third": tangent @ np.asarray(jax.jit(jax.jacrev(jax.jacfwd(jax.jacrev(loss))))(point)).swapaxes(0, 1) @ tangent,
        "batch_values": [case.loss(np, case.point(number)) for number in range(1, EXAMPLES + 1)],
        "batch_grads": [jax.jit(jax.jacfwd(loss))(each) for each in points],
        "batch_jvps": [jax.jit(jax.jacfwd(outputs))(v) @ t for v, t in zip(points, tangents, strict=True)],
        "batch_hessians": [by_reverse(each) for each in points],
        "penalty": 2.0 * np.einsum("bij,bj->bi", found["batch_hessians"], found["batch_grads"]),
    }
    for key, each in found.items():
        assert np.isfinite(each).all(), f"{case.name}: {key} is not finite"
        other = np.asarray(again[key])
        assert each.shape == other.shape, f"{case.name}: {key} has the shape {each.shape}, by other means {other.shape}"
        off = np.abs(each - other).max() / max(1e-3, np.abs(each).max())
        tolerance = 1e-12 if key in ("value", "outputs", "batch_values") else 1e-10
        assert off < tolerance, f"{case.name}: {key} differs by {off:.1e} from what it is by other means"
    off = np.abs(found["hessian"] - found["hessian"].T).max() / max(1e-3, np.abs(found["hessian"]).max())
    assert off < 1e-10, f"{case.name}: the hessian is not symmetric by {off:.1e}"
    return found | {"batch_hessians": projected(found["batch_hessians"])}


class _Watched:
    """NumPy that keeps how near its functions came to where they have no derivative."""

    def __init__(self, namespace=np):
        self._namespace, self.gaps = namespace, []

    def __getattr__(self, name):
        found = getattr(self._namespace, name)
        if name in ("linalg", "fft"):
            inner = _Watched(found)
            inner.gaps = self.gaps
            return inner
        of = self._GAPS.get(name)
        if of is None:
            return found

        def watched(*args, **kwargs):
            out = found(*args, **kwargs)
            self.gaps += [(float(np.min(gap)), name) for gap in of(out, *args, **kwargs)]
            return out

        return watched

    _GAPS = {  # noqa: RUF012 - a table
        **dict.fromkeys(("maximum", "minimum", "greater"), lambda out, a, b: [np.abs(a - b)]),
        "clip": lambda out, a, low, high: [np.abs(a - low), np.abs(a - high)],
        "abs": lambda out, a: [out],
        "norm": lambda out, a, ord=None, axis=None: [out, np.abs(a)],
        "max": lambda out, a, axis, keepdims=False: [_gap_of_largest(a, axis)],
        **dict.fromkeys(("sort", "eigvalsh"), lambda out, a: [np.diff(out)]),
        "svd": lambda out, a, compute_uv: [out, -np.diff(out)],
        "argsort": lambda out, a: [np.diff(np.sort(a))],
        "det": lambda out, a: [np.abs(out)],
        "slogdet": lambda out, a: [np.exp(out[1])],
    }


def _gap_of_largest(a, axis):
    """How far the second largest element is from the largest."""
    axes = axis if isinstance(axis, tuple) else (axis,)
    last = np.moveaxis(a, axes, range(-len(axes), 0)).reshape(*np.delete(a.shape, axes), -1)
    return np.diff(np.sort(last, axis=-1)[..., -2:], axis=-1)


def check_distance_from_kinks(case):
    for number in range(EXAMPLES + 1):
        xp = _Watched()
        case.outputs(xp, case.point(number))
        if xp.gaps:
            gap, name = min(xp.gaps)
            assert gap > CLOSEST, f"{case.name}: input {number} is {gap:.1e} from where {name} has no derivative"


def main():
    recorded = {}
    for name, case in CASES.items():
        check_distance_from_kinks(case)
        recorded[name] = {key: each.tolist() for key, each in record(case).items()}
        print(name, flush=True)
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(each, separators=(',', ':'))}" for name, each in recorded.items())
    made_by = f"record_jax_transforms.py, JAX {jax.__version__}"
    path = Path(transform_cases.__file__).parent / "jax_transforms.json"
    path.write_text(f'{{"made by": "{made_by}",\n"cases": {{\n{lines}\n}}}}\n')


if __name__ == "__main__":
    main()
