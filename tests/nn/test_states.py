"""Loading what PyTorch saves: shared members under several paths; buffers that are not saved."""

import copy
import pickle

import numpy as np
import pytest

import autograd as ag
import nn


class Tied(nn.Module):
    """An encoder and a decoder with one weight, as language models have; and a buffer that both see."""

    def __init__(self):
        self.encoder = nn.Linear(2, 3, bias=False)
        self.decoder = nn.Linear(2, 3)
        self.decoder.weight = self.encoder.weight
        self.scale = nn.Buffer([1.0])
        self.heads = [{"scale": self.scale}]


A, B = np.arange(6.0).reshape(3, 2), np.ones((3, 2))
BIAS = {"decoder.bias": np.zeros(3)}


def test_a_shared_member_is_saved_once():
    assert list(Tied().state_dict()) == ["encoder.weight", "decoder.bias", "scale"]


@pytest.mark.parametrize(
    "state",
    [
        {"encoder.weight": A, "decoder.weight": A, "scale": [2], "heads.0.scale": [2]},
        {"decoder.weight": A, "heads.0.scale": [2.0]},
        {"encoder.weight": A, "scale": np.array([2])},
    ],
)
def test_a_shared_member_loads_from_any_of_its_paths(state):
    model = Tied()
    assert model.load_state_dict({**state, **BIAS}) == ((), ())
    assert model.encoder.weight is model.decoder.weight
    np.testing.assert_array_equal(model.encoder.weight.numpy(), A)
    assert model.scale.tolist() == [2]


def test_values_that_are_not_shared_in_the_state_are_refused():
    model = Tied()
    before = model.state_dict()
    with pytest.raises(
        ValueError, match=r"decoder\.weight: expected the values of encoder\.weight, since both are one parameter"
    ):
        model.load_state_dict({"encoder.weight": A, "decoder.weight": B, "scale": [2], **BIAS})
    np.testing.assert_array_equal(model.encoder.weight.numpy(), before["encoder.weight"])


def test_not_a_number_equals_itself():
    model = Tied()
    state = {"encoder.weight": A * np.nan, "decoder.weight": A * np.nan, "scale": [1], **BIAS}
    model.load_state_dict(state)
    assert np.isnan(model.encoder.weight.numpy()).all()


def test_missing_and_unexpected_keys():
    found = Tied().load_state_dict({"decoder.weight": A, "heads.0": 1, "heads.1.scale": 2}, strict=False)
    assert found.missing_keys == ("decoder.bias", "scale")
    assert found.unexpected_keys == ("heads.0", "heads.1.scale")


def test_keys_of_dicts_may_have_dots():
    model = nn.Module()
    model.table = {"a.b": nn.Parameter([1.0]), "a": {"c": nn.Parameter([2.0])}}
    model.again = model.table
    assert list(model.state_dict()) == ["table.a.b", "table.a.c"]
    model.load_state_dict({"again.a.b": [3.0], "again.a.c": [4.0]})
    assert model.table["a.b"].item() == 3
    assert model.table["a"]["c"].item() == 4


def test_cycles_end():
    model, child = Tied(), Tied()
    model.child, child.parent = child, model
    state = {**model.state_dict(), "child.parent.child.scale": [5.0]}
    model.load_state_dict({**state, "child.scale": [5.0]})
    assert child.scale.item() == 5
    assert model.load_state_dict({"child.parent.child.parent.x": 0}, strict=False).unexpected_keys


def test_a_buffer_that_is_not_persistent():
    model = nn.Module()
    model.table = nn.Buffer([1.0, 2.0], persistent=False)
    model.mean = nn.Buffer([3.0])
    assert [name for name, _ in model.named_buffers()] == ["table", "mean"]
    assert list(model.state_dict()) == ["mean"]
    assert model.load_state_dict({"mean": [4.0]}) == ((), ())
    with pytest.raises(ValueError, match="unexpected in the state: table"):
        model.load_state_dict({"mean": [4.0], "table": [0.0, 0.0]})
    assert nn.functional_call(Adds(model.table), {"offset": ag.tensor([1.0, 1.0])}, 1.0).tolist() == [2, 2]
    assert not model.astype(np.float32).table.persistent


class Adds(nn.Module):
    def __init__(self, offset):
        self.offset = offset

    def forward(self, x):
        return x + self.offset


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_copies_of_buffers_are_as_persistent(copied):
    model = nn.Module()
    model.pair = [nn.Buffer([1.0], persistent=False, name="table"), nn.Buffer(2)]
    other = copied(model)
    assert list(other.state_dict()) == ["pair.1"]
    assert other.pair[0].name == "table"
    assert other.pair[0].tolist() == [1]
