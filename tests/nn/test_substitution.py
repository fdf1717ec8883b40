"""functional_call: a module as a function of its parameters."""

from dataclasses import dataclass

import numpy as np
import pytest

import autograd as ag
import nn


class Network(nn.Module):
    def __init__(self):
        self.layers = [nn.Linear(3, 4, rng=np.random.default_rng(0)), nn.Tanh()]
        self.heads = {"a": nn.Linear(4, 2, rng=np.random.default_rng(1))}
        self.scale = nn.Parameter([2.0])
        self.offset = nn.Buffer([0.5])
        self.tied = self.scale

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.heads["a"](x) * self.scale + self.tied + self.offset


def substitutes(network, factor):
    members = [*network.named_parameters(), *network.named_buffers()]
    return {name: ag.tensor(member.detach() * factor, requires_grad=True) for name, member in members}


def test_equals_a_module_with_these_parameters():
    network, x = Network(), np.ones((5, 3), np.float32)
    values = substitutes(network, 3.0)
    other = Network()
    other.load_state_dict({name: value.numpy() for name, value in values.items()})
    result = nn.functional_call(network, values, x)
    np.testing.assert_array_equal(result.numpy(), other(x).numpy())
    result.sum().backward()
    assert all(value.grad is not None for value in values.values())
    assert all(parameter.grad is None for parameter in network.parameters())


def test_the_module_is_as_before_even_after_an_error():
    network, x = Network(), np.ones((5, 3), np.float32)
    before = dict(network.named_parameters())
    expected = network(x).numpy()
    with pytest.raises(ValueError, match="expected"):
        nn.functional_call(network, substitutes(network, 3.0), np.ones((5, 7), np.float32))
    assert all(after is before[name] for name, after in network.named_parameters())
    assert network.tied is network.scale
    np.testing.assert_array_equal(network(x).numpy(), expected)


def test_some_parameters_only():
    network, x = Network(), np.ones((5, 3), np.float32)
    result = nn.functional_call(network, {"scale": ag.tensor([0.0])}, x)
    np.testing.assert_array_equal(result.numpy(), np.full((5, 2), 0.5))


def test_gradcheck_of_a_whole_module():
    network, x = Network(), np.random.default_rng(0).normal(size=(5, 3))
    values = {name: value.detach().astype(np.float64) for name, value in substitutes(network, 1.0).items()}
    report = ag.gradcheck(
        lambda *v: nn.functional_call(network, dict(zip(values, v, strict=True)), x), list(values.values()), order=2
    )
    assert report, str(report)


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"weight": ag.tensor([1.0])}, KeyError, "has no parameter or buffer 'weight'; it has layers.0.weight"),
        ({"scale": [1.0]}, TypeError, "expected a Tensor for 'scale', received list"),
        ({"scale": ag.tensor([1.0, 2.0])}, ValueError, r"expected shape \(1,\) for 'scale', received \(2,\)"),
        (
            {"scale": ag.tensor([1])},
            TypeError,
            r"expected a floating tensor for 'scale', received int64; write tensor.astype\(np.float64\)",
        ),
        ({"offset": ag.tensor([True])}, TypeError, "expected a floating tensor for 'offset', received bool"),
    ],
)
def test_refusals(parameters, error, message):
    with pytest.raises(error, match=message):
        nn.functional_call(Network(), parameters, np.ones((5, 3), np.float32))


def test_a_parameter_in_a_tuple():
    class Pair(nn.Module):
        def __init__(self):
            self.pair = (nn.Parameter([1.0]), nn.Parameter([2.0]))

        def forward(self):
            return self.pair[0] + self.pair[1]

    with pytest.raises(TypeError, match="in a tuple cannot be replaced"):
        nn.functional_call(Pair(), {"pair.0": ag.tensor([3.0])})


def test_two_members_of_one_path_are_refused():
    network = Network()
    network.table = {1: nn.Parameter([1.0]), "1": nn.Parameter([2.0])}
    with pytest.raises(ValueError, match=r"two members of this Network have the path 'table\.1'; rename one"):
        nn.functional_call(network, {"table.1": ag.tensor([3.0])}, np.ones((5, 3), np.float32))


def test_a_frozen_dataclass():
    @dataclass(frozen=True)
    class Line(nn.Module):
        slope: nn.Parameter

        def forward(self, x):
            return self.slope * x

    line = Line(nn.Parameter([2.0]))
    assert nn.functional_call(line, {"slope": ag.tensor([3.0])}, [5.0]).tolist() == [15]
    assert line([5.0]).tolist() == [10]


def test_the_arguments_may_come_in_pytorchs_tuples():
    line = nn.Linear(3, 2)
    x = np.ones((5, 3))
    expected = line(x).numpy()
    weight, bias = dict(line.named_parameters()), {}
    np.testing.assert_array_equal(nn.functional_call(line, weight, (x,)).numpy(), expected)
    np.testing.assert_array_equal(nn.functional_call(line, (weight, bias), (x,)).numpy(), expected)
    np.testing.assert_array_equal(nn.functional_call(line, [weight], (), {"input": x}).numpy(), expected)
    np.testing.assert_array_equal(nn.functional_call(line, weight, input=x).numpy(), expected)
