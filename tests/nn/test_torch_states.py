"""States that PyTorch saved as safetensors load under the same keys, and the models then give PyTorch's outputs."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import autograd as ag
import nn

DATA = Path(__file__).parents[1] / "data"
sys.path.insert(0, str(DATA))
from state_models import MODELS, input_of, leaves  # noqa: E402 - the recorder shares it

RECORDED = json.loads((DATA / "torch_states" / "outputs.json").read_text())["models"]
TIED = {"heads.next.weight": "embedding.weight"}
every = pytest.mark.parametrize("name", MODELS)


def state_of(name):
    return load_file(DATA / "torch_states" / f"{name}.safetensors")


def loaded(name):
    model = MODELS[name](nn)
    assert model.load_state_dict(state_of(name)) == ((), ())
    return model.eval()


def assert_outputs(model, name, dtype, close):
    x = input_of(name)
    outputs = leaves(model.astype(dtype)(x.astype(dtype) if x.dtype.kind == "f" else x))
    for found, recorded in zip(outputs, RECORDED[name]["outputs"], strict=True):
        expected = np.reshape(recorded["values"], recorded["shape"])
        assert found.dtype == dtype
        assert found.shape == expected.shape
        np.testing.assert_allclose(found.numpy(), expected, rtol=0, atol=close * np.abs(expected).max())


@pytest.mark.parametrize(("dtype", "close"), [(np.float64, 1e-10), (np.float32, 1e-5)])
@every
def test_outputs_are_pytorchs(name, dtype, close):
    assert_outputs(loaded(name), name, dtype, close)


@every
def test_keys_are_pytorchs(name):
    keys = [key for key in RECORDED[name]["keys"] if key not in TIED]
    found = list(MODELS[name](nn).state_dict())
    assert sorted(found) == sorted(keys)
    if name != "tied_language_model":  # whose own buffer PyTorch lists before what is in its modules
        assert found == keys


@every
def test_what_is_saved_here_has_the_same_keys_shapes_and_values(name, tmp_path):
    """... and so loads in PyTorch, once the tied weight stands there under its second name as well."""
    save_file(loaded(name).state_dict(), tmp_path / "model.safetensors")
    saved, expected = load_file(tmp_path / "model.safetensors"), state_of(name)
    for second, first in TIED.items():
        if first in saved:
            saved[second] = saved[first]
    assert saved.keys() == expected.keys()
    for key, value in saved.items():
        assert value.dtype == expected[key].dtype
        np.testing.assert_array_equal(value, expected[key])


def test_a_tied_weight_stays_tied():
    model = loaded("tied_language_model")
    assert model.heads["next"].weight is model.embedding.weight
    model(input_of("tied_language_model"))[0].sum().backward()
    assert [path for path, _ in model.named_parameters() if path in TIED] == []
    state = state_of("tied_language_model")
    state["heads.next.weight"] = state["heads.next.weight"] + 1
    with pytest.raises(ValueError, match=r"heads\.next\.weight: expected the values of embedding\.weight"):
        model.load_state_dict(state)


@every
def test_a_wrong_weight_would_be_found(name):
    model = loaded(name)
    with ag.no_grad():
        list(model.parameters())[-1][...] += 0.01
    with pytest.raises(AssertionError):
        assert_outputs(model, name, np.float64, 1e-10)
