"""Linear equations: gradients in closed form, NumPy's rule about right-hand sides with one axis, stacks, singular matrices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.tensors import Tensor


def leaf(x):
    return Tensor(x, requires_grad=True)


def uniforms(seed):
    """A function that draws an array of the given shape."""
    rng = np.random.default_rng(seed)
    return lambda *shape: np.asarray(rng.uniform(-1, 1, shape))


uniform = uniforms(0)


def regular(uniform, *shape):
    return uniform(*shape) / shape[-1] + 2 * np.eye(shape[-1])


# ---------------------------------------------------------------- solve


@st.composite
def systems(draw):
    """Shapes of matrices and of right-hand sides, in stacks that broadcast; with one axis, of a vector."""
    n, k = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    batch = draw(st.lists(st.integers(0, 3), max_size=2))
    own = [[draw(st.sampled_from([1, length])) for length in batch] for _ in range(2)]
    matrices = (*own[0][draw(st.integers(0, len(batch))) :], n, n)
    return matrices, (n,) if draw(st.booleans()) else (*own[1][draw(st.integers(0, len(batch))) :], n, k)


@given(systems(), st.integers(0, 99), st.booleans(), st.booleans())
@settings(max_examples=50, derandomize=True, deadline=None)
def test_gradients_of_any_two_shapes(shapes, seed, imaginary, create_graph):
    """The reference: moved by da and db, the solution x moves by the solution for the right-hand side db - da @ x."""
    uniform = uniforms(seed)
    a, b = regular(uniform, *shapes[0]), uniform(*shapes[1])
    da, db = uniform(*a.shape), uniform(*b.shape)
    if imaginary:
        a, b, da, db = a + 0.3j * uniform(*a.shape), b + 1j * uniform(*b.shape), da * (1 + 1j), db * (1 - 2j)
    x1, x2 = leaf(a), leaf(b)
    y = np.linalg.solve(x1, x2)
    x = np.linalg.solve(a, b)
    np.testing.assert_array_equal(y.numpy(), x)
    v = uniform(*x.shape) + (1j * uniform(*x.shape) if imaginary else 0)
    ga, gb = grad_of(y, [x1, x2], v, create_graph=create_graph)
    columns = x[..., None] if b.ndim == 1 else x
    change = np.linalg.solve(a, (db[:, None] if b.ndim == 1 else db) - da @ columns)
    moved = np.sum(np.conj(v) * change.reshape(x.shape)).real
    np.testing.assert_allclose(
        np.sum(np.conj(ga.numpy()) * da).real + np.sum(np.conj(gb.numpy()) * db).real, moved, rtol=1e-12, atol=1e-12
    )


def test_the_gradient_takes_one_system_with_the_transposed_matrix(monkeypatch):
    a, b, v = regular(uniform, 3, 3), uniform(3, 2), uniform(3, 2)
    solved, solve = [], np.linalg.solve

    def watched(x1, x2):
        solved.append(x1)
        return solve(x1, x2)

    monkeypatch.setattr(np.linalg, "solve", watched)
    x1, x2 = leaf(a), leaf(b)
    y = ag.linalg.solve(x1, x2)
    ga, gb = grad_of(y, [x1, x2], v)
    assert len(solved) == 2
    np.testing.assert_array_equal(solved[1], a.T)
    w = solve(a.T, v)
    np.testing.assert_array_equal(gb.numpy(), w)
    np.testing.assert_allclose(ga.numpy(), -w @ y.numpy().T, rtol=1e-14)


def test_one_axis_on_the_right_is_one_vector_for_all_matrices():
    a = regular(uniform, 4, 3, 3)
    b = leaf(uniform(3))
    assert ag.linalg.solve(a, b).shape == (4, 3)
    assert grad_of(ag.linalg.solve(a, b).sum(), b).shape == (3,)
    with pytest.raises(ValueError, match="core dimension"):  # a stack of vectors is a matrix
        ag.linalg.solve(a, leaf(uniform(4, 3)))


def test_either_input_may_be_constant():
    a, b = regular(uniform, 2, 2), uniform(2)
    x1, x2 = leaf(a), leaf(b)
    both = grad_of(ag.linalg.solve(x1, x2).sum(), [x1, x2])
    np.testing.assert_array_equal(grad_of(ag.linalg.solve(x1, b).sum(), x1).numpy(), both[0].numpy())
    np.testing.assert_array_equal(grad_of(ag.linalg.solve(a, x2).sum(), x2).numpy(), both[1].numpy())


def test_third_derivatives():
    report = gradcheck(lambda a, b: ag.linalg.solve(a, b), [regular(uniform, 2, 2), uniform(2)], order=3)
    assert report, report
    report = gradcheck(ag.linalg.inv, regular(uniform, 2, 2), order=3)
    assert report, report


def test_integers_are_solved_in_float64():
    y = ag.linalg.solve(Tensor([[2, 0], [0, 4]]), Tensor([1, 1]))
    assert y.dtype == np.float64
    assert not y.requires_grad
    np.testing.assert_array_equal(y.numpy(), [0.5, 0.25])


# ---------------------------------------------------------------- inverses


def test_the_gradient_of_an_inverse_is_the_textbooks():
    a, v = regular(uniform, 2, 3, 3), uniform(2, 3, 3)
    t = leaf(a)
    inverse = np.linalg.inv(a)
    np.testing.assert_allclose(grad_of(np.linalg.inv(t), t, v).numpy(), -inverse.mT @ v @ inverse.mT, rtol=1e-13, atol=1e-15)


def test_tensors_are_solved_as_matrices():
    a, b, v = regular(uniform, 6, 6), uniform(2, 3), uniform(3, 2)
    for shape, axes in (((2, 3, 3, 2), None), ((2, 3, 3, 2), ())):
        t = leaf(a.reshape(shape))
        y = np.linalg.tensorsolve(t, b, axes)
        np.testing.assert_allclose(y.numpy(), np.linalg.solve(a, b.ravel()).reshape(3, 2), rtol=1e-14)
        w = np.linalg.solve(a.T, v.ravel())
        expected = -np.outer(w, y.numpy()).reshape(shape)
        np.testing.assert_allclose(grad_of(y, t, v).numpy(), expected, rtol=1e-13, atol=1e-15)
    t = leaf(a.reshape(2, 3, 6))
    np.testing.assert_allclose(np.linalg.tensorinv(t).numpy(), np.linalg.inv(a).reshape(6, 2, 3), rtol=1e-14)


# ---------------------------------------------------------------- messages


@pytest.mark.parametrize("name", ["solve", "inv"])
@pytest.mark.parametrize("recorded", [False, True])
def test_a_singular_matrix_is_named_by_its_place(name, recorded):
    stack = np.array([[np.eye(2)] * 2, [np.eye(2), np.ones((2, 2))]])
    for x, where in (
        (np.ones((2, 2)), "the matrix depend"),
        (stack, r"the matrix at \[1, 1\] of the stack of shape \(2, 2, 2, 2\)"),
    ):
        arguments = [leaf(x) if recorded else x, *([np.ones(2)] if name == "solve" else [])]
        with pytest.raises(np.linalg.LinAlgError, match=f"^{name}: Singular matrix: .*{where}.*ag.linalg.pinv"):
            getattr(ag.linalg, name)(*arguments)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda t: ag.linalg.solve(t(2, 3), t(2)), np.linalg.LinAlgError, r"solve: expected a square matrix .* \(2, 3\)"),
        (lambda t: ag.linalg.inv(t(3)), np.linalg.LinAlgError, r"inv: expected a square matrix .* \(3,\)"),
        (
            lambda t: ag.linalg.tensorsolve(t(2, 3, 5), t(2, 3)),
            np.linalg.LinAlgError,
            "tensorsolve: expected as many equations as unknowns, .* 6 equations and 5 unknowns",
        ),
        (
            lambda t: ag.linalg.tensorinv(t(2, 3, 5)),
            np.linalg.LinAlgError,
            r"tensorinv: expected as many rows as columns, .* \(2, 3, 5\) with ind=2: 6 rows and 5 columns",
        ),
        (lambda t: ag.linalg.tensorinv(t(2, 2), -1), ValueError, "tensorinv: expected ind above 0, .* received -1"),
    ],
)
def test_what_is_refused(call, error, message):
    for kind in (np.ones, lambda *shape: leaf(np.ones(shape))):
        with pytest.raises(error, match=message):
            call(lambda *shape, kind=kind: kind(shape) if kind is np.ones else kind(*shape))
