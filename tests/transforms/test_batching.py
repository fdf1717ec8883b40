"""vmap: what it gives, how it composes, how it meets writes, recorded tensors and random numbers, and what it refuses."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.modes import thread

X = np.arange(6.0).reshape(3, 2) / 4 - 0.5


def loop(f, xs):
    return np.stack([np.asarray(f(x)) for x in xs])


# ---------------------------------------------------------------- axes and structures


def test_each_example_gets_what_it_gets_alone():
    f = lambda x: np.tanh(x) * np.sum(x)
    np.testing.assert_allclose(ag.vmap(f)(X), loop(f, X), rtol=1e-15)
    assert type(ag.vmap(f)(X)) is np.ndarray
    assert isinstance(ag.vmap(f)(ag.tensor(X)), ag.Tensor)


def test_in_axes_and_out_axes():
    a, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    f = lambda a, b: np.outer(a, b)
    expected = np.stack([np.outer(a[:, i], b[i]) for i in range(3)])
    for out_axis in (0, 1, 2, -1, -2):
        found = ag.vmap(f, (1, 0), out_axis)(a, b)
        np.testing.assert_array_equal(found, np.moveaxis(expected, 0, out_axis))
    np.testing.assert_array_equal(ag.vmap(f, (-1, 0))(a, b), expected)
    np.testing.assert_array_equal(ag.vmap(f, (None, 0))(a[0], b), np.stack([np.outer(a[0], row) for row in b]))


def test_nested_over_several_axes():
    a, b = np.arange(3.0), np.arange(4.0)
    every_pair = ag.vmap(ag.vmap(lambda x, y: x - 2 * y, (None, 0)), (0, None))
    np.testing.assert_array_equal(every_pair(a, b), a[:, None] - 2 * b)
    images = np.random.default_rng(0).normal(size=(2, 3, 4))
    per_pixel = ag.vmap(ag.vmap(lambda v: v / np.sqrt(v @ v), in_axes=0), in_axes=0)
    np.testing.assert_allclose(per_pixel(images), images / np.linalg.norm(images, axis=-1, keepdims=True), rtol=1e-15)


@dataclass
class Pair:
    left: object
    right: object


def test_trees_in_and_out():
    p = {"w": np.arange(6.0).reshape(3, 2), "b": [np.arange(3.0), 2.0]}
    f = lambda p, scale: Pair(p["w"] * scale, {"sum": np.sum(p["w"]) + p["b"][0] * p["b"][1]})
    found = ag.vmap(f, ({"w": 0, "b": [0, None]}, None))(p, 10.0)
    assert type(found) is Pair
    np.testing.assert_array_equal(found.left, 10 * p["w"])
    np.testing.assert_array_equal(found.right["sum"], p["w"].sum(1) + 2 * p["b"][0])
    by_axis = ag.vmap(f, ({"w": 0, "b": [0, None]}, None), Pair(1, {"sum": 0}))(p, 10.0)
    np.testing.assert_array_equal(by_axis.left, 10 * p["w"].T)


def test_an_axis_stands_for_a_whole_subtree():
    p = {"w": np.ones((3, 2)), "b": [np.arange(3.0), np.arange(3.0)]}
    f = lambda p, x: p["w"].sum() + p["b"][0] * p["b"][1] + x
    np.testing.assert_array_equal(ag.vmap(f, (0, None))(p, 1.0), 3 + np.arange(3.0) ** 2)


def test_results_that_do_not_differ():
    constant = ag.vmap(lambda x: np.ones(2) * 3)(X)
    np.testing.assert_array_equal(constant, np.full((3, 2), 3.0))
    once, each = ag.vmap(lambda x: (np.arange(2.0), x * 2), out_axes=(None, 0))(X)
    np.testing.assert_array_equal(once, [0.0, 1.0])
    np.testing.assert_array_equal(each, 2 * X)


def test_keywords_are_passed_whole():
    np.testing.assert_array_equal(ag.vmap(lambda x, *, w: x @ w)(X, w=np.ones(2)), X.sum(1))


def test_no_examples_and_one():
    assert ag.vmap(lambda x: np.linalg.norm(x) * x)(np.zeros((0, 4))).shape == (0, 4)
    assert ag.vmap(ag.grad(lambda x: np.sum(np.sort(x) ** 2)))(np.zeros((0, 4))).shape == (0, 4)
    np.testing.assert_array_equal(ag.vmap(lambda x: x[::-1])(X[:1]), X[:1, ::-1])


@pytest.mark.parametrize("chunk_size", [1, 2, 3, 5])
def test_chunks_change_nothing(chunk_size):
    f = lambda x, w: {"a": np.tanh(x @ w), "b": x.sum(), "c": w}
    whole = ag.vmap(f, (0, None), {"a": 1, "b": 0, "c": None})(X, np.eye(2))
    parts = ag.vmap(f, (0, None), {"a": 1, "b": 0, "c": None}, chunk_size=chunk_size)(X, np.eye(2))
    for key in whole:
        np.testing.assert_allclose(parts[key], whole[key], rtol=1e-15)


def test_single_precision_and_integers_stay():
    assert ag.vmap(lambda x: np.exp(x) * 2.0)(X.astype(np.float32)).dtype == np.float32
    counts = ag.vmap(lambda n: n // 2 + np.argmax(n))(np.array([[1, 5], [9, 2]]))
    assert counts.dtype == np.int64
    np.testing.assert_array_equal(counts, [[1, 3], [4, 1]])


def test_noncontiguous_and_broadcast_inputs():
    wide = np.arange(24.0).reshape(4, 6)[::2, ::3]
    np.testing.assert_array_equal(ag.vmap(np.cumsum)(wide), np.cumsum(wide, 1))
    stretched = np.broadcast_to(np.arange(3.0), (4, 3))
    np.testing.assert_array_equal(ag.vmap(lambda x: x * 2)(stretched), 2 * stretched)


def test_the_mode_is_put_back_after_an_error():
    before = thread.mode
    with pytest.raises(ZeroDivisionError):
        ag.vmap(lambda x: 1 / 0)(X)
    assert thread.mode is before


# ---------------------------------------------------------------- with derivatives


def mlp(p, x):
    return p["v"] @ np.tanh(p["w"] @ x + p["b"])


PARAMETERS = {
    "w": np.random.default_rng(1).normal(size=(4, 2)),
    "b": np.random.default_rng(2).normal(size=4),
    "v": np.random.default_rng(3).normal(size=4),
}


def test_per_example_gradients():
    loss = lambda p, x: mlp(p, x) ** 2
    together = ag.vmap(ag.grad(loss), (None, 0))(PARAMETERS, X)
    for i, x in enumerate(X):
        for key, g in ag.grad(loss)(PARAMETERS, x).items():
            np.testing.assert_allclose(together[key][i], g, rtol=1e-13)


def test_the_gradient_of_a_sum_over_examples():
    total = lambda p: np.sum(ag.vmap(mlp, (None, 0))(p, X) ** 2)
    one_by_one = lambda p: sum(mlp(p, x) ** 2 for x in X)
    for key, g in ag.grad(total)(PARAMETERS).items():
        np.testing.assert_allclose(g, ag.grad(one_by_one)(PARAMETERS)[key], rtol=1e-13)


def test_a_gradient_of_per_example_gradients():
    penalty = lambda p: sum(np.sum(g**2) for g in ag.tree_leaves(ag.vmap(ag.grad(mlp), (None, 0))(p, X)))
    one_by_one = lambda p: sum(np.sum(g**2) for x in X for g in ag.tree_leaves(ag.grad(mlp)(p, x)))
    for key, g in ag.grad(penalty)(PARAMETERS).items():
        np.testing.assert_allclose(g, ag.grad(one_by_one)(PARAMETERS)[key], rtol=1e-12)


def test_vmap_between_two_gradients_and_inside_two_vmaps():
    f = lambda a, x: np.sum(np.sin(a * x) * x)
    inner = ag.vmap(ag.vmap(ag.grad(f), (0, None)), (None, 0))
    a = np.array([0.5, 1.5])
    expected = np.array([[np.sum(np.cos(s * x) * x**2) for s in a] for x in X])
    np.testing.assert_allclose(inner(a, X), expected, rtol=1e-13)
    outer = ag.grad(lambda a: np.sum(inner(a, X)))(a)
    np.testing.assert_allclose(outer, [-np.sum(np.sin(s * X) * X**3) for s in a], rtol=1e-12)


def test_recorded_through_tensors_that_the_function_uses():
    w = ag.tensor([2.0, 3.0], requires_grad=True)
    ag.vmap(lambda x: np.sum(np.exp(w) * x))(X).sum().backward()
    np.testing.assert_allclose(w.grad.numpy(), np.exp([2.0, 3.0]) * X.sum(0), rtol=1e-15)


def test_what_is_computed_inside_from_outer_tensors_alone_is_recorded_once():
    w = ag.tensor([2.0, 3.0], requires_grad=True)
    out = ag.vmap(lambda x: x * np.prod(w))(X)
    assert sum(node.name == "prod" for node in ag.Graph(out).nodes) == 1
    out.sum().backward()
    np.testing.assert_allclose(w.grad.numpy(), [3 * X.sum(), 2 * X.sum()], rtol=1e-14)


def test_inside_no_grad_nothing_is_recorded():
    w = ag.tensor([2.0, 3.0], requires_grad=True)
    with ag.no_grad():
        out = ag.vmap(ag.grad(lambda x: np.sum(w * x**2)))(X)
        direct = ag.vmap(lambda x: w * x)(ag.tensor(X))
    assert not isinstance(out, ag.Tensor) or not out.requires_grad
    assert not direct.requires_grad
    np.testing.assert_allclose(np.asarray(out), 2 * X * [2.0, 3.0], rtol=1e-15)


def test_no_grad_inside_cuts_at_all_levels():
    def f(w, x):
        with ag.no_grad():
            still = w * x
        return np.sum(still * w)

    g = ag.grad(lambda w: np.sum(ag.vmap(f, (None, 0))(w, X)))(np.array([2.0, 3.0]))
    np.testing.assert_allclose(g, np.array([2.0, 3.0]) * X.sum(0), rtol=1e-15)


def test_stop_gradient_and_detach_cut_at_all_levels():
    for cut in (ag.stop_gradient, lambda t: t.detach()):
        f = lambda w, x, cut=cut: np.sum(cut(w * x) * w)
        g = ag.grad(lambda w, f=f: np.sum(ag.vmap(f, (None, 0))(w, X)))(np.array([2.0, 3.0]))
        np.testing.assert_allclose(g, np.array([2.0, 3.0]) * X.sum(0), rtol=1e-15)
        per_example = ag.vmap(ag.grad(f), (None, 0))(np.array([2.0, 3.0]), X)
        np.testing.assert_allclose(per_example, np.array([2.0, 3.0]) * X, rtol=1e-15)


def test_backward_inside():
    def descend(x):
        w = ag.tensor(np.zeros(2), requires_grad=True)
        for _ in range(3):
            loss = ((w - x) ** 2).sum()
            loss.backward()
            with ag.no_grad():
                w -= 0.25 * w.grad
                w.grad = None
        return w

    np.testing.assert_allclose(ag.vmap(descend)(X), X * (1 - 0.5**3), rtol=1e-15)


def test_complex_examples():
    z = X + 1j * X[::-1]
    f = lambda z: np.sum(np.abs(np.fft.fft(z)) ** 2 * np.arange(2))
    np.testing.assert_allclose(ag.vmap(ag.grad(f))(z), loop(ag.grad(f), z), rtol=1e-13)


def test_a_model_of_nn():
    ag.seed(0)
    model = nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 3))
    x, labels = np.float32(X), np.array([0, 2, 1])
    parameters = {name: p.detach() for name, p in model.named_parameters()}

    def loss(p, x, label):
        return nn.CrossEntropyLoss()(nn.functional_call(model, p, ag.expand_dims(x, 0)), ag.expand_dims(label, 0))

    together = ag.vmap(ag.grad(loss), (None, 0, 0))(parameters, x, labels)
    for i in range(3):
        model.zero_grad()
        nn.CrossEntropyLoss()(model(x[i : i + 1]), labels[i : i + 1]).backward()
        for name, p in model.named_parameters():
            np.testing.assert_allclose(together[name].numpy()[i], p.grad.numpy(), rtol=1e-5, atol=1e-7)


# ---------------------------------------------------------------- writes


def writes(x):
    out = ag.zeros_like(x, shape=3)
    out[:2] = x * 2
    out[2] = x[1]
    tail = out[1:]
    tail *= x[0]
    out += 1
    return out


def test_writes_and_views_behave_as_outside():
    alone = np.stack([writes(ag.tensor(x)).numpy() for x in X])
    np.testing.assert_allclose(ag.vmap(writes)(X), alone, rtol=1e-15)
    total = lambda x: np.sum(writes(x) ** 2)
    np.testing.assert_allclose(ag.vmap(ag.grad(total))(X), loop(ag.grad(total), X), rtol=1e-14)
    np.testing.assert_allclose(ag.grad(lambda x: np.sum(ag.vmap(total)(x)))(X), loop(ag.grad(total), X), rtol=1e-14)


def test_the_argument_is_not_written_to():
    def f(x):
        x[0] = 5.0
        x += 1
        return x

    x = X.copy()
    np.testing.assert_array_equal(ag.vmap(f)(x)[:, 0], 6.0)
    np.testing.assert_array_equal(x, X)


def test_a_plain_tensor_takes_up_examples():
    def f(x):
        total = ag.tensor(np.zeros(2))
        total += x
        total[0] = x[1]
        return total

    np.testing.assert_array_equal(ag.vmap(f)(X), X[:, [1, 1]])


# ---------------------------------------------------------------- NumPy's functions that no op answers for


def test_questions_about_values_are_asked_of_each_example():
    np.testing.assert_array_equal(ag.vmap(lambda x: np.allclose(x, [-0.5, -0.25]))(X), [True, False, False])
    np.testing.assert_array_equal(ag.vmap(lambda x: np.isclose(x, 0.0))(X), np.isclose(X, 0.0))
    np.testing.assert_array_equal(ag.vmap(lambda x: np.array_equal(x, x[::-1]))(X), [False] * 3)


def test_questions_about_shapes_are_answered_as_for_one_example():
    def f(x):
        assert (np.ndim(x), np.shape(x), np.size(x), len(x), x.dtype) == (1, (2,), 2, 2, np.float64)
        assert np.result_type(x, np.float32) == np.float64
        assert not np.iscomplexobj(x)
        return x

    ag.vmap(f)(X)


def test_methods_of_ufuncs():
    np.testing.assert_array_equal(ag.vmap(lambda x: np.add.reduce(x))(X), X.sum(1))
    np.testing.assert_array_equal(ag.vmap(lambda x: np.maximum.accumulate(x))(X), np.maximum.accumulate(X, 1))
    np.testing.assert_array_equal(ag.vmap(lambda x: np.multiply.outer(x, x))(X), X[:, :, None] * X[:, None])


# ---------------------------------------------------------------- random numbers


def test_draws_differ_from_example_to_example():
    ag.seed(0)
    draws = ag.vmap(lambda x: x + ag.random.normal(size=4))(np.zeros(1000))
    assert draws.shape == (1000, 4)
    assert abs(draws.mean()) < 0.06
    assert abs(np.corrcoef(draws.T) - np.eye(4)).max() < 0.12
    assert np.unique(draws).size == draws.size


def test_draws_inside_two_vmaps():
    ag.seed(0)
    draws = ag.vmap(lambda x: ag.vmap(lambda y: ag.random.uniform(x, x + y))(np.full(5, 0.5)))(np.arange(3.0))
    assert draws.shape == (3, 5)
    assert np.unique(draws).size == 15
    assert np.all((draws >= np.arange(3.0)[:, None]) & (draws < np.arange(3.0)[:, None] + 0.5))


def test_what_scales_a_draw_is_differentiated_through():
    ag.seed(3)
    z = ag.random.normal(size=3).numpy()
    ag.seed(3)
    g = ag.grad(lambda s: np.sum(ag.random.normal(1.0, s, size=3) ** 2))(2.0)
    assert g == pytest.approx(np.sum(2 * (1 + 2.0 * z) * z))


@pytest.mark.parametrize(
    ("draw", "theirs"),
    [
        (lambda rng: ag.random.random((2, 3), rng=rng), lambda rng: rng.random((2, 3))),
        (lambda rng: ag.random.normal(1.0, 2.0, 3, rng=rng), lambda rng: 1 + 2 * rng.standard_normal(3)),
        (lambda rng: ag.random.uniform(-1.0, 2.0, rng=rng), lambda rng: -1 + 3 * rng.random()),
        (lambda rng: ag.random.exponential(2.0, (2,), rng=rng), lambda rng: 2 * rng.standard_exponential(2)),
        (lambda rng: ag.random.integers(2, 9, 5, rng=rng), lambda rng: rng.integers(2, 9, 5)),
        (lambda rng: ag.random.permutation(6, rng=rng), lambda rng: rng.permuted(np.arange(6))),
        (lambda rng: ag.random.normal(np.zeros((2, 1)), np.ones(3), rng=rng), lambda rng: rng.standard_normal((2, 3))),
    ],
)
def test_outside_of_vmap_draws_are_numpys(draw, theirs):
    found = draw(np.random.default_rng(7))
    assert isinstance(found, ag.Tensor)
    np.testing.assert_allclose(found.numpy(), theirs(np.random.default_rng(7)), rtol=1e-15)


def test_draws_in_single_precision():
    assert ag.random.normal(size=3, dtype=np.float32).dtype == np.float32
    assert ag.random.uniform(0.0, 2.0, 3, np.float32).dtype == np.float32


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: ag.random.normal(rng=3), TypeError, "rng: expected a np.random.Generator.*received int"),
        (lambda: ag.random.permutation(-1), ValueError, "from 0 on, received -1"),
        (lambda: ag.random.random(2.5), TypeError, "float"),
    ],
)
def test_refused_draws(act, error, message):
    with pytest.raises(error, match=message):
        act()


# ---------------------------------------------------------------- refusals

KEPT = []


def keep(x):
    KEPT[:] = [x]
    return x


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: ag.vmap(lambda x: x if x.sum() > 0 else -x)(X), ag.BatchingError, r"bool\(\) inside vmap.*ag.where"),
        (lambda: ag.vmap(lambda x: float(x.sum()))(X), ag.BatchingError, "inside vmap.*3 examples"),
        (lambda: ag.vmap(lambda x: x.numpy())(X), ag.BatchingError, "no single value"),
        (lambda: ag.vmap(lambda x: np.asarray(x))(X), ag.BatchingError, "a conversion to a NumPy array"),
        (lambda: ag.vmap(lambda x: range(x[0].astype(int)))(X), ag.BatchingError, r"int\(\) inside vmap"),
        (lambda: ag.vmap(lambda x: x[x > 0])(X), ag.BatchingError, "shape of its result depends on its values"),
        (lambda: ag.vmap(np.add)(X, np.ones(4)), ValueError, "received 3 in argument 0 and 4 in argument 1 of add"),
        (
            lambda: ag.vmap(lambda p: p["a"])({"a": X, "b": [np.ones(2)]}),
            ValueError,
            r"received 3 in argument 0\['a'\] and 2 in argument 0\['b'\]\[0\]",
        ),
        (lambda: ag.vmap(np.add, (0, 3))(X, X), ValueError, r"axis 3 of argument 1 of add, which has shape \(3, 2\)"),
        (lambda: ag.vmap(np.sin)(1.0), ValueError, r"axis 0 of argument 0 of sin, which has shape \(\)"),
        (lambda: ag.vmap(np.add, (0,))(X, X), ValueError, "in_axes has 1 entries.*2 positional arguments"),
        (lambda: ag.vmap(np.add, (None, None))(X, X), ValueError, "received none in in_axes"),
        (lambda: ag.vmap(np.sin, "0")(X), TypeError, "in_axes: expected an integer, None.*received .0."),
        (lambda: ag.vmap(np.sin, True)(X), TypeError, "received True"),
        (lambda: ag.vmap(lambda p: p["a"], ({"b": 0},))({"a": X}), ValueError, r"in_axes\[0\].*missing \['b'\]"),
        (lambda: ag.vmap(np.sin, 0, 2)(X), ValueError, r"out_axes names axis 2 of result of sin, which has shape \(3, 2\)"),
        (lambda: ag.vmap(np.sin, 0, None)(X), ag.BatchingError, "out_axes is None for result of sin, which differs"),
        (lambda: ag.vmap(lambda x: None)(X), TypeError, "received None: does it end without a return"),
        (lambda: ag.vmap(lambda x: "text")(X), TypeError, "received str as result"),
        (lambda: ag.vmap(lambda x: {"a": [x, "text"]})(X), TypeError, r"received str as result\['a'\]\[1\]"),
        (lambda: ag.vmap(np.sin, chunk_size=0)(X), ValueError, "chunk_size: expected a whole number from 1 on"),
        (lambda: (ag.vmap(keep)(X), KEPT[0] + 1), ag.BatchingError, r"inside vmap\(keep\).*not running"),
        (lambda: ag.vmap(lambda x: x @ np.ones(3))(X), ValueError, "matmul"),
        (lambda: ag.vmap(lambda x: x + np.ones(3))(X), ValueError, r"shapes \(2,\) and \(3,\) do not broadcast"),
    ],
)
def test_refusals(act, error, message):
    with pytest.raises(error, match=message):
        act()


def test_a_tensor_inside_shows_what_it_is():
    shown = []
    ag.vmap(lambda x: shown.append(repr(x)) or x)(X)
    assert "each of 3 examples, shape=(2,), dtype=float64" in shown[0]


@pytest.mark.parametrize(
    "write",
    [
        lambda y, x: np.copyto(y, x * 2),
        lambda y, x: np.copyto(y, x[0]),
        lambda y, x: np.put(y, [1], x[:1]),
        lambda y, x: np.putmask(y, [True, False], x),
        lambda y, x: np.place(y, [True, False], x[1:]),
        lambda y, x: np.put_along_axis(y, np.array([0]), x[1:], 0),
        lambda y, x: np.add.at(y, [0, 0], x[1]),
        lambda y, x: np.multiply(x, 3.0, out=y),
        lambda y, x: np.fill_diagonal(y.reshape(2, 1), x[0]),
    ],
)
def test_numpys_writes(write):
    def f(x):
        y = x * 1.0
        write(y, x)
        return y * x

    np.testing.assert_allclose(ag.vmap(f)(X), np.stack([f(ag.tensor(x)).numpy() for x in X]), rtol=1e-15)
    total = lambda x: np.sum(f(x) ** 2)
    np.testing.assert_allclose(ag.grad(lambda x: np.sum(ag.vmap(total)(x)))(X), loop(ag.grad(total), X), rtol=1e-14)


def test_axes_as_numpys_integers_and_none_in_any_structure():
    class Axes(NamedTuple):
        a: object
        b: object

    f = lambda p: p.a * p.b
    np.testing.assert_array_equal(ag.vmap(f, (Axes(np.int64(0), None),))(Axes(X, 2.0)), 2 * X)
    pair = ag.vmap(lambda x: Axes(x, 1.0), np.int64(0), Axes(0, None))(X)
    assert (pair.a.shape, pair.b) == ((3, 2), 1.0)
