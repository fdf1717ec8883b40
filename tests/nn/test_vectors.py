import numpy as np
import pytest

import autograd as ag
import nn
from nn.vectors import parameters_to_vector, vector_to_parameters


def model():
    ag.seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2, dtype=np.float64))


def test_the_vector_holds_the_parameters_in_their_order():
    net = model()
    vector = parameters_to_vector(net.parameters())
    assert vector.dtype == np.float64
    assert vector.shape == (sum(each.size for each in net.parameters()),)
    start = 0
    for each in net.parameters():
        assert np.array_equal(vector.numpy()[start : start + each.size].reshape(each.shape), each.numpy())
        start += each.size


def test_the_vector_is_differentiated_through():
    w, b = nn.Parameter([[1.0, 2.0]]), nn.Parameter(3.0)
    (parameters_to_vector([w, b]) ** 2).sum().backward()
    assert w.grad.tolist() == [[2.0, 4.0]]
    assert b.grad.item() == 6.0


def test_the_vector_is_a_copy_and_plain_without_recording():
    w = nn.Parameter([1.0, 2.0])
    with ag.no_grad():
        vector = parameters_to_vector([w])
        w[...] = 5.0
    assert not vector.requires_grad
    assert vector.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("kind", [np.array, list, ag.tensor, lambda vector: np.repeat(vector, 2)[::2], nn.Parameter])
def test_a_vector_goes_back_into_the_parameters(kind):
    net, other = model(), nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2, dtype=np.float64))
    vector_to_parameters(kind(parameters_to_vector(net.parameters()).numpy()), other.parameters())
    for a, b in zip(net.parameters(), other.parameters(), strict=True):
        assert a.dtype == b.dtype
        assert np.array_equal(a.numpy(), b.numpy())


def test_a_vector_of_integers_is_cast_and_a_parameter_without_axes_is_written():
    w, b = nn.Parameter([1.0, 2.0]), nn.Parameter(3.0)
    vector_to_parameters([4, 5, 6], [w, b])
    assert (w.tolist(), b.item()) == ([4.0, 5.0], 6.0)
    assert b.requires_grad


def test_nothing_is_written_where_something_is_wrong():
    w, b = nn.Parameter([1.0, 2.0]), nn.Parameter([3.0])
    for vector, error, message in (
        ([1.0, 2.0], ValueError, r"expected a vector of 3 numbers, .* received shape \(2,\)"),
        ([1.0, 2.0, 3.0, 4.0], ValueError, r"received shape \(4,\)"),
        ([[1.0, 2.0, 3.0]], ValueError, r"received shape \(1, 3\)"),
        ([1.0, 2.0, 3j], TypeError, "expected numbers that can be cast to float64, received complex128"),
        (["a", "b", "c"], TypeError, "expected numbers"),
    ):
        with pytest.raises(error, match=f"vector_to_parameters: .*{message}"):
            vector_to_parameters(vector, [w, b])
    assert (w.tolist(), b.tolist()) == ([1.0, 2.0], [3.0])


@pytest.mark.parametrize("function", [parameters_to_vector, lambda parameters: vector_to_parameters([1.0], parameters)])
def test_what_is_no_parameters_is_refused(function):
    with pytest.raises(TypeError, match=r"expected parameters, received a module; write model.parameters\(\)"):
        function(nn.Linear(2, 1))
    with pytest.raises(TypeError, match="expected tensors, received float at place 1"):
        function([nn.Parameter([1.0]), 2.0])
    with pytest.raises(ValueError, match="expected"):
        function([])
