"""Gradients of random programs with writes, views and shared nodes, against those that JAX gave."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd as ag

DATA = Path(__file__).parent / "data"
sys.path.insert(0, str(DATA))
import programs  # noqa: E402 - the recorder, which runs without this library, shares it

RECORDED = json.loads((DATA / "jax_programs.json").read_text())["programs"]


@pytest.mark.parametrize("each", RECORDED, ids=lambda each: str(each["seed"]))
def test_gradients_are_those_of_jax(each):
    leaves = [ag.tensor(array, requires_grad=True) for array in programs.inputs(each["seed"])]
    variables = programs.run(each["program"], [leaf * 1.0 for leaf in leaves])
    loss = programs.loss_of(variables)
    loss.backward()
    np.testing.assert_allclose(loss.item(), each["loss"], rtol=1e-11)
    for leaf, recorded in zip(leaves, each["gradients"], strict=True):
        expected = np.reshape(recorded, leaf.shape)
        found = np.zeros(leaf.shape) if leaf.grad is None else leaf.grad.numpy()
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9 * max(1e-3, np.abs(expected).max()))


@pytest.mark.parametrize("each", RECORDED, ids=lambda each: str(each["seed"]))
def test_values_are_those_of_numpy(each):
    arrays = programs.inputs(each["seed"])
    variables = programs.run(each["program"], [ag.tensor(array, requires_grad=True) * 1.0 for array in arrays])
    expected = programs.run(each["program"], [array * 1.0 for array in arrays])
    for ours, theirs in zip(variables, expected, strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-12, atol=1e-13)


def test_the_programs_write_and_view_and_are_long():
    kinds = [{instruction[0] for instruction in each["program"]} for each in RECORDED]
    assert len(RECORDED) == 300
    assert sum({"view", "write"} <= each for each in kinds) >= 150
    assert max(len(each["program"]) for each in RECORDED) == 20
    assert {instruction[1] for each in RECORDED for instruction in each["program"] if instruction[0] == "pure"} == set(
        programs.PURE
    )
