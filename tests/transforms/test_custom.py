"""custom_vjp: the rule is used, in every composition, and what is refused."""

import numpy as np
import pytest

import autograd as ag

X = np.array([0.3, -0.5, 0.7])
P = {"scale": np.array(2.0), "shift": np.array([1.0, 0.0, -1.0])}


@ag.custom_vjp
def wave(x, p):
    """The sine of a stretched argument."""
    return np.sin(x * p["scale"] + p["shift"])


def wave_forward(x, p):
    phase = x * p["scale"] + p["shift"]
    return np.sin(phase), (phase, x, p["scale"], "a note", 7)


def wave_backward(residuals, g):
    phase, x, scale, note, seven = residuals
    assert (note, seven) == ("a note", 7)
    along = g * np.cos(phase)
    return along * scale, {"scale": np.sum(along * x), "shift": along}


wave.defvjp(wave_forward, wave_backward)


def plain(x, p):
    return np.sin(x * p["scale"] + p["shift"])


LOSSES = [lambda x, p, f=f: np.sum(f(x, p) ** 3) for f in (wave, plain)]
XS = np.stack([X, 2 * X])
COMPOSITIONS = {
    "gradient": lambda f: ag.grad(f, (0, 1))(X, P),
    "hessian": lambda f: ag.hessian(f, (0, 1))(X, P),
    "hvp": lambda f: ag.hvp(f, (X, P), (X, P)),
    "jvp": lambda f: ag.jvp(f, (X, P), (X, P)),
    "third": lambda f: ag.jvp(ag.hessian(f), (X, P), (X, P)),
    "vmap": lambda f: ag.vmap(f, (0, None))(XS, P),
    "per example": lambda f: ag.vmap(ag.grad(f, (0, 1)), (0, None))(XS, P),
    "other axis": lambda f: ag.vmap(ag.grad(f, (0, 1)), (None, {"scale": None, "shift": 0}))(X, P | {"shift": XS}),
    "grad of vmap": lambda f: ag.grad(lambda p: np.sum(ag.vmap(f, (0, None))(XS, p)))(P),
    "hessian of vmap": lambda f: ag.hessian(lambda p: np.sum(ag.vmap(f, (0, None))(XS, p)))(P),
    "per-example hessian": lambda f: ag.vmap(ag.hessian(f), (0, None))(XS, P),
    "nested vmap": lambda f: ag.vmap(ag.vmap(ag.grad(f), (0, None)), (None, {"scale": 0, "shift": None}))(
        XS, P | {"scale": np.array([1.0, 2.0, 3.0])}
    ),
    "checkpoint": lambda f: ag.grad(ag.checkpoint(f))(X, P),
}


@pytest.mark.parametrize("name", COMPOSITIONS)
def test_a_true_rule_changes_nothing(name):
    found, expected = [ag.tree_leaves(COMPOSITIONS[name](f)) for f in LOSSES]
    assert len(found) == len(expected)
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


def test_the_rule_is_what_is_used():
    f = ag.custom_vjp(lambda x: x * 2)
    f.defvjp(lambda x: (x * 2, None), lambda residuals, g: (g * 100,))
    assert ag.grad(f)(1.0) == 100.0
    x = ag.tensor(1.0, requires_grad=True)
    f(x).backward()
    assert x.grad.item() == 100.0
    assert f(3.0) == 6.0


def test_only_where_a_gradient_is_asked_for():
    calls = []
    f = ag.custom_vjp(lambda x: calls.append("f") or x)
    f.defvjp(lambda x: calls.append("forward") or (x, None), lambda _, g: (g,))
    f(np.ones(2))
    f(ag.tensor(1.0))
    with ag.no_grad():
        f(ag.tensor(1.0, requires_grad=True))
    assert calls == ["f"] * 3
    f(ag.tensor(1.0, requires_grad=True))
    assert calls[3:] == ["forward"]


def test_none_is_zero_and_whole_numbers_have_no_gradient():
    f = ag.custom_vjp(lambda x, n, kind: x * n)
    f.defvjp(lambda x, n, kind: (x * n, n), lambda n, g: (g * n, None, None))
    assert ag.grad(f)(2.0, np.array(3), "text") == 3.0
    assert ag.grad(f, 0)(2.0, 3, None) == 3.0
    both = ag.custom_vjp(lambda a, b: a * b)
    both.defvjp(lambda a, b: (a * b, b), lambda b, g: (g * b, None))
    assert ag.grad(both, (0, 1))(2.0, 5.0) == (5.0, 0.0)


def test_several_outputs_of_which_one_is_used():
    f = ag.custom_vjp(lambda x: {"a": x**2, "b": [x * 3]})
    f.defvjp(lambda x: ({"a": x**2, "b": [x * 3]}, x), lambda x, g: (g["a"] * 2 * x + g["b"][0] * 3,))
    assert ag.grad(lambda x: f(x)["a"])(5.0) == 10.0
    assert ag.grad(lambda x: f(x)["b"][0] + f(x)["a"])(5.0) == 13.0


def test_complex_cotangents_are_in_the_users_convention():
    f = ag.custom_vjp(lambda z: z * (1 + 2j))
    f.defvjp(lambda z: (z * (1 + 2j), None), lambda _, g: (g * (1 - 2j),))
    loss = lambda f: lambda z: np.sum(np.abs(f(z) - 1) ** 2)
    z = X + 1j * X[::-1]
    np.testing.assert_allclose(ag.grad(loss(f))(z), ag.grad(loss(lambda z: z * (1 + 2j)))(z), rtol=1e-14)


def test_its_name_and_text_are_the_functions():
    assert (wave.__name__, wave.__doc__) == ("wave", "The sine of a stretched argument.")


def ruled(backward, f=lambda x, y: x * y):
    made = ag.custom_vjp(f)
    made.defvjp(lambda x, y: (f(x, y), (x, y)), backward)
    return made


W = ag.tensor(2.0, requires_grad=True)


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: ag.custom_vjp(np.sin)(1.0), ag.GradientError, "called without a rule"),
        (
            lambda: ag.grad(ruled(lambda r, g: g))(1.0, 2.0),
            ValueError,
            "a tuple with a cotangent for each of 2.*received Tensor",
        ),
        (lambda: ag.grad(ruled(lambda r, g: (g,)))(1.0, 2.0), ValueError, "for each of 2 arguments, received a tuple of 1"),
        (lambda: ag.grad(ruled(lambda r, g: (np.ones(3), g)))(1.0, 2.0), ag.GradientError, r"wrong shape: expected \(\)"),
        (
            lambda: ag.grad(ruled(lambda r, g: ({"a": g}, g)), 0)({"b": 1.0}, 2.0),
            TypeError,
            "unsupported operand",
        ),
        (lambda: ag.grad(ruled(lambda r, g: (g, g), lambda x, y: x * W))(1.0, 2.0), ag.GradientError, "that is no argument"),
        (
            lambda: ag.vmap(lambda z: ag.grad(ruled(lambda r, g: (g, g), lambda x, y: x * z))(1.0, 2.0))(X),
            ag.BatchingError,
            "does not take it as an argument",
        ),
    ],
)
def test_refusals(act, error, message):
    with pytest.raises(error, match=message):
        act()


def test_forward_has_to_return_a_pair():
    f = ag.custom_vjp(np.sin)
    f.defvjp(np.sin, lambda r, g: (g,))
    with pytest.raises(TypeError, match=r"expected forward to return a pair \(output, residuals\), received Tensor"):
        ag.grad(f)(1.0)


def test_arguments_by_name_reach_the_rule_in_their_places():
    f = ag.custom_vjp(lambda x, scale=2.0, kind="sine": x * scale)
    f.defvjp(lambda x, scale, kind: (x * scale, scale), lambda scale, g: (g * scale, None, None))
    assert ag.grad(lambda x: f(x, kind="other"))(1.0) == 2.0
    assert ag.grad(lambda x: f(scale=5.0, x=x))(1.0) == 5.0
    named = ag.custom_vjp(lambda x, *, scale: x * scale)
    named.defvjp(lambda x: (x, None), lambda _, g: (g,))
    with pytest.raises(TypeError, match=r"received \['scale'\] by name alone"):
        named(1.0, scale=2.0)


def test_residuals_of_per_example_gradients_have_their_own_derivatives():
    c = ag.custom_vjp(np.sin)
    c.defvjp(lambda x: (np.sin(x), x), lambda x, g: (g * np.cos(x),))
    np.testing.assert_allclose(ag.grad(lambda x: np.sum(ag.vmap(ag.grad(c))(x)))(X), -np.sin(X), rtol=1e-15)
    w = ag.tensor(2.0, requires_grad=True)
    ag.vmap(lambda x: ag.grad(lambda x: c(w * x))(x))(X).sum().backward()
    assert w.grad.item() == pytest.approx(np.sum(np.cos(2 * X) - 2 * X * np.sin(2 * X)))


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_a_rule_may_use_functions_of_functions(mode):
    c = ag.custom_vjp(np.sin)
    c.defvjp(lambda x: (np.sin(x), x), lambda x, g: (ag.vjp(np.sin, x)[1](g)[0],))
    np.testing.assert_allclose(ag.jacobian(c, mode=mode)(X), np.diag(np.cos(X)), rtol=1e-15)
    np.testing.assert_allclose(ag.vmap(ag.jacobian(c, mode=mode))(XS), [np.diag(np.cos(x)) for x in XS], rtol=1e-15)


def test_random_residuals_are_drawn_once():
    c = ag.custom_vjp(lambda x: x)

    def forward(x):
        mask = ag.random.normal(size=3)
        return x * mask, mask

    c.defvjp(forward, lambda mask, g: (g * mask,))
    for derivative in (
        lambda: ag.jvp(c, (X,), (X,)),
        lambda: (c(ag.tensor(X, requires_grad=True)).numpy(), np.diag(ag.jacobian(c, mode="forward")(X)) * X),
    ):
        ag.seed(0)
        expected = ag.random.normal(size=3).numpy() * X
        ag.seed(0)
        np.testing.assert_allclose(derivative()[0], expected, rtol=1e-15)
    ag.seed(0)
    value, tangent = ag.jvp(c, (X,), (X,))
    np.testing.assert_allclose(tangent, value, rtol=1e-15)
    np.testing.assert_array_equal(ag.hessian(lambda x: np.sum(c(x) ** 3))(X) != 0, np.eye(3, dtype=bool))
