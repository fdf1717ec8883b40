"""Ranges: NumPy's values and dtypes, limits that are tensors, and what is refused."""

import numpy as np
import pytest

import autograd as ag

MAKERS = ["linspace", "logspace", "geomspace"]
CALLS = [
    ((1.0, 2.0), {}),
    ((1, 3, 5), {}),
    ((1.0, 2.0, 4, False), {}),
    (([1.0, 2.0], 3.0, 4), {"axis": -1}),
    (([1.0, 2.0], [[3.0], [4.0]], 4), {"axis": 1}),
    ((np.float32(1), np.float32(2), 3), {}),
    ((np.float32(1), 2.0, 3), {}),
    ((1, 4, 3), {"dtype": np.float32}),
    ((1.0, 2.0, 1), {}),
    ((1.0, 2.0, 0), {}),
    ((1 + 1j, 2.0, 3), {}),
    ((1.0, 4.0, 3), {"dtype": np.int64}),
]


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize(("arguments", "keywords"), CALLS, ids=str)
def test_values_are_numpys(name, arguments, keywords):
    expected = getattr(np, name)(*arguments, **keywords)
    out = getattr(ag, name)(*arguments, **keywords)
    assert isinstance(out, ag.Tensor)
    assert out.dtype == expected.dtype
    np.testing.assert_array_equal(out.numpy(), expected)
    tensors = [ag.tensor(each) if isinstance(each, list) else each for each in arguments[:2]]
    np.testing.assert_array_equal(getattr(np, name)(*tensors, *arguments[2:], **keywords), expected)


@pytest.mark.parametrize("name", MAKERS)
def test_gradients_flow_from_the_limits_of_numpys_function(name):
    f = getattr(np, name)
    for endpoint in (True, False):
        assert ag.gradcheck(lambda a, b, e=endpoint: f(a, b, 4, e), [np.array([1.0, 2.0]), np.array([[3.0], [2.5]])], order=2)


def test_the_base_of_logspace_is_differentiable():
    base = np.array([[2.0], [3.0]])
    np.testing.assert_array_equal(ag.logspace(0.0, [1.0, 2.0], 3, base=base), np.logspace(0.0, [1.0, 2.0], 3, base=base))
    assert ag.gradcheck(lambda b: ag.logspace(0.0, np.array([1.0, 2.0]), 3, base=b, axis=1), [base], order=2)


def test_geomspace_between_negative_and_complex_limits():
    for start, stop in ((-1.0, -8.0), (1j, 8j), (1 + 1j, -3 + 2j)):
        np.testing.assert_array_equal(ag.geomspace(start, stop, 4), np.geomspace(start, stop, 4))
    assert ag.gradcheck(lambda a: ag.geomspace(a, -8.0, 4), [-1.0], order=2)


def test_retstep():
    for num, endpoint in ((5, True), (4, False), (1, True)):
        numbers, step = ag.linspace(ag.tensor(1.0, requires_grad=True), 3.0, num, endpoint, retstep=True)
        expected = np.linspace(1.0, 3.0, num, endpoint, retstep=True)
        np.testing.assert_array_equal(numbers.numpy(), expected[0])
        np.testing.assert_array_equal(step.numpy(), expected[1])
    assert isinstance(ag.linspace(0.0, 1.0, 3, retstep=True)[1], ag.Tensor)


@pytest.mark.parametrize("name", MAKERS)
def test_plain_ranges_may_be_leaves(name):
    x = getattr(ag, name)(1.0, 2.0, 3, requires_grad=True, name="x")
    assert x.is_leaf
    assert x.requires_grad
    assert x.name == "x"


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize(
    ("arguments", "error"),
    [((1.0, 2.0, -1), ValueError), ((1.0, 2.0, 2.5), TypeError), (([1.0, 2.0], [1.0, 2.0, 3.0]), ValueError)],
)
def test_what_numpy_refuses_is_refused(name, arguments, error):
    with pytest.raises(error):
        getattr(np, name)(*arguments)
    with pytest.raises(error):
        getattr(ag, name)(*arguments)


def test_geomspace_has_no_place_for_zero():
    with pytest.raises(ValueError, match="geomspace.*zero"):
        ag.geomspace(0.0, 1.0)


def test_only_main_memory_is_a_device():
    assert ag.linspace(0.0, 1.0, 3, device="cpu").shape == (3,)
    with pytest.raises(ValueError, match="expected the device .*received 'gpu'"):
        ag.linspace(0.0, 1.0, 3, device="gpu")


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_the_axis_of_logspace_counts_after_broadcasting_with_the_base(axis):
    base = np.array([2.0, 3.0])
    expected = np.logspace(0.0, 1.0, 3, base=base, axis=axis)
    np.testing.assert_array_equal(ag.logspace(0.0, 1.0, 3, base=base, axis=axis), expected)
