"""checkpoint: the same values and gradients, less that is kept, and what it notices."""

import gc
import weakref

import numpy as np
import pytest

import autograd as ag
import nn

X = np.array([0.3, -0.5, 0.7])


def step(x):
    return np.tanh(np.sin(x) * np.exp(-x)) + x


def chain(x, wrap, n=5):
    f = wrap(step)
    for _ in range(n):
        x = f(x)
    return np.sum(x**2)


def same(f):
    return f


@pytest.mark.parametrize("transform", [ag.grad, ag.hessian, ag.value_and_grad], ids=lambda f: f.__name__)
def test_derivatives_are_the_same(transform):
    found = transform(lambda x: chain(x, ag.checkpoint))(X)
    expected = transform(lambda x: chain(x, same))(X)
    for a, b in zip(ag.tree_leaves(found), ag.tree_leaves(expected), strict=True):
        np.testing.assert_array_equal(a, b)


def test_nested_and_inside_vmap_and_around_it():
    inner = ag.checkpoint(lambda x: step(ag.checkpoint(step)(x)))
    f = ag.checkpoint(lambda x: np.sum(inner(inner(x))))
    plain = lambda x: np.sum(step(step(step(step(x)))))
    np.testing.assert_array_equal(ag.grad(f)(X), ag.grad(plain)(X))
    xs = np.stack([X, 2 * X])
    expected = np.stack([ag.grad(plain)(x) for x in xs])
    np.testing.assert_allclose(ag.vmap(ag.grad(f))(xs), expected, rtol=1e-14)
    np.testing.assert_allclose(ag.grad(lambda xs: np.sum(ag.vmap(f)(xs)))(xs), expected, rtol=1e-14)
    around = ag.checkpoint(lambda xs: np.sum(ag.vmap(plain)(xs)))
    np.testing.assert_allclose(ag.grad(around)(xs), expected, rtol=1e-14)


def test_derivatives_inside_a_checkpoint():
    f = ag.checkpoint(lambda x: np.sum(ag.grad(lambda y: np.sum(np.sin(y) * y))(x) ** 2))
    np.testing.assert_allclose(ag.grad(f)(X), ag.grad(f.__wrapped__)(X), rtol=1e-15)


def test_gradients_of_tensors_that_the_function_uses():
    ag.seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)).astype(np.float64)
    model(X).sum().backward()
    expected = [p.grad.numpy().copy() for p in model.parameters()]
    model.zero_grad()
    ag.checkpoint(model)(X).sum().backward()
    for p, g in zip(model.parameters(), expected, strict=True):
        np.testing.assert_array_equal(p.grad.numpy(), g)


def test_trees_and_keywords():
    f = ag.checkpoint(lambda p, *, scale: {"y": np.sin(p["a"]) * scale, "n": 3})
    a = ag.tensor(X, requires_grad=True)
    out = f({"a": a}, scale=2.0)
    assert out["n"] == 3
    out["y"].sum().backward()
    np.testing.assert_allclose(a.grad.numpy(), 2 * np.cos(X), rtol=1e-15)


def test_intermediate_values_are_not_kept():
    kept = []

    def f(x):
        y = np.exp(x * 2.0)
        kept.append(weakref.ref(y.numpy().base if y.numpy().base is not None else y.numpy()))
        return np.sin(y) * y

    x = ag.tensor(X, requires_grad=True)
    gc.disable()
    try:
        out = ag.checkpoint(f)(x)
        assert kept[0]() is None
        plain = f(x)
        assert kept[1]() is not None
        out.sum().backward()
        plain.sum().backward()
    finally:
        gc.enable()
    assert len(kept) == 3


def test_the_graph_is_that_of_the_function():
    x = ag.tensor(X, requires_grad=True)
    names = [[node.name for node in ag.Graph(f(x)).nodes] for f in (step, ag.checkpoint(step))]
    assert names[0] == names[1]


def test_no_cycles_are_left():
    gc.collect()
    gc.disable()
    try:
        x = ag.tensor(X, requires_grad=True)
        for _ in range(3):
            chain(x, ag.checkpoint).backward()
        del x
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_twice_with_retain_graph():
    x = ag.tensor(X, requires_grad=True)
    out = chain(x, ag.checkpoint)
    first = ag.grad_of(out, x, retain_graph=True)
    np.testing.assert_array_equal(ag.grad_of(out, x).numpy(), first.numpy())
    with pytest.raises(ag.FreedGraphError):
        ag.grad_of(out, x)


def test_inside_no_grad_it_is_the_function():
    with ag.no_grad():
        out = ag.checkpoint(step)(ag.tensor(X, requires_grad=True))
    assert not out.requires_grad


# ---------------------------------------------------------------- randomness and what changes


def test_randomness_is_replayed():
    def noisy(x, rng):
        mask = ag.generator().random(3) > 0.5
        return np.sum(x * mask * ag.random.normal(size=3) * rng.normal(size=3) * ag.random.uniform(size=3))

    for wrap in (same, ag.checkpoint):
        ag.seed(5)
        g = ag.grad(wrap(noisy))(X, np.random.default_rng(3))
        after = ag.generator().random()
        if wrap is same:
            expected = g, after
    np.testing.assert_array_equal(g, expected[0])
    assert after == expected[1]


def test_draws_from_a_generator_that_the_function_uses():
    def gradient(wrap):
        rng = np.random.default_rng(3)
        f = wrap(lambda x: np.sum(x * ag.random.normal(size=3, rng=rng)))
        return ag.grad(lambda x: f(x) + f(x))(X)

    np.testing.assert_array_equal(gradient(ag.checkpoint), gradient(same))


def test_another_result_the_second_time_is_noticed():
    rng = np.random.default_rng(0)
    with pytest.raises(ag.GradientError, match=r"checkpoint\(<lambda>\): computed a second time.*random numbers"):
        ag.grad(ag.checkpoint(lambda x: np.sum(x * rng.normal(size=3))))(X)
    turns = []
    with pytest.raises(ag.GradientError, match="did not do the same"):
        ag.grad(ag.checkpoint(lambda x: np.sum(turns.append(1) or (np.sin(x) if len(turns) > 1 else x + x))))(X)


def test_a_write_to_what_the_function_reads_is_noticed():
    w = ag.tensor([1.0, 2.0, 3.0], requires_grad=True)
    out = ag.checkpoint(lambda x: np.sum(np.sin(w) * x))(X)
    with ag.no_grad():
        w += 1
    with pytest.raises(ag.OverwrittenError, match=r"checkpoint\(<lambda>\) has to compute"):
        out.backward()


def test_a_write_to_a_plain_tensor_that_changes_the_result_is_noticed():
    t = ag.tensor(np.ones(1000))
    x = ag.tensor(np.ones(1000), requires_grad=True)
    out = ag.checkpoint(lambda v: v * v * (t * 1.0))(x)
    t[1] = 5.0
    with pytest.raises(ag.GradientError, match="did not do the same"):
        out.sum().backward()
