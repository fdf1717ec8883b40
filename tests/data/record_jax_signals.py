"""Records what JAX computes for sequences and polynomials: ``python tests/data/record_jax_signals.py``.

It writes ``jax_signals.json`` beside itself; the tests of differences, slopes, signals and polynomials compare with it. Run
with JAX 0.10 (CPU). A complex array is recorded as its real and its imaginary part. JAX's gradient for complex inputs is the
conjugate of the direction of steepest ascent, and is recorded conjugated.
"""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
rng = np.random.default_rng(0)
MODES = ("full", "same", "valid")


def parts(x):
    x = np.asarray(x)
    return [x.real.tolist(), x.imag.tolist()] if x.dtype.kind == "c" else x.tolist()


def weights(out):
    w = np.cos(np.arange(out.size)).reshape(out.shape)
    return w + 1j * np.sin(2.0 * np.arange(out.size)).reshape(out.shape) if out.dtype.kind == "c" else w


def case(name, inputs, **keywords):
    """Values, and the gradients of the real part of the sum of the values times fixed conjugated weights, in float64."""

    def loss(*inputs):
        outputs = jax.tree.leaves(getattr(jnp, name)(*inputs, **keywords))
        return sum(jnp.sum(jnp.real(jnp.conj(weights(out)) * out)) for out in outputs)

    outputs = jax.tree.leaves(getattr(jnp, name)(*inputs, **keywords))
    gradients = jax.grad(loss, argnums=tuple(range(len(inputs))))(*inputs)
    return {
        "name": name,
        "inputs": [parts(each) for each in inputs],
        "keywords": keywords,
        "values": [parts(each) for each in outputs],
        "gradients": [parts(np.conjugate(each)) for each in gradients],
    }


def real(*shape):
    return rng.normal(size=shape)


def both(*shape):
    return rng.normal(size=shape) + 1j * rng.normal(size=shape)


knots = np.array([-1.0, -0.2, 0.5, 1.7])
places = np.array([-1.5, -0.7, 0.1, 0.9, 1.5, 2.2])
cases = [
    *[case("convolve", (real(n), real(m)), mode=mode) for n, m in ((5, 3), (4, 2), (2, 5)) for mode in MODES],
    *[case("convolve", (both(4), both(3)), mode=mode) for mode in MODES],
    *[case("correlate", (real(n), real(m)), mode=mode) for n, m in ((5, 3), (4, 2)) for mode in MODES],
    *[case("correlate", (both(4), both(3)), mode=mode) for mode in MODES],
    case("interp", (places, knots, real(4))),
    case("interp", (knots[[0, 2, 3]], knots, real(4))),
    case("interp", (places, knots, real(4)), left=3.0, right=-1.0),
    case("interp", (places, knots[[2, 0, 3, 1]], real(4)), period=3.1),
    case("diff", (real(3, 5),), n=2, axis=1),
    case("trapezoid", (real(2, 4), np.sort(real(4)))),
    case("trapezoid", (real(2, 4), np.sort(real(2, 4)))),
    case("unwrap", (4.0 * real(8),)),
    case("gradient", (real(3, 4),)),
    case("gradient", (real(4), np.array(0.7))),
    case("polyval", (real(4), real(2, 3))),
    case("polyval", (both(3), real(3))),
    case("polymul", (real(3), real(4))),
    case("polyint", (real(3),), m=2),
    case("polyder", (real(5),), m=2),
    case("poly", (real(4),)),
    case("polyfit", (np.linspace(-1, 1, 6) + 0.1 * real(6), real(6)), deg=2),
    case("polyfit", (np.linspace(-1, 1, 6) + 0.1 * real(6), real(6, 2)), deg=1),
]

path = Path(__file__).with_name("jax_signals.json")
path.write_text(json.dumps({"jax": jax.__version__, "cases": cases}, separators=(",", ":")) + "\n")
print(len(cases), "cases,", path.stat().st_size, "bytes")
