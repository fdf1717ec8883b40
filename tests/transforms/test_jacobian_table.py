"""Jacobians of every op: the rows, of unit cotangents pulled back, are what the columns, of unit tangents pushed forward, are.

Both run all units at once, inside ``vmap``: gradient rules are called with saved values that are plain arrays and with
cotangents that stand for many. The two directions have little in common but the rules, so that one is a check of the other.
"""

import numpy as np
import pytest

import autograd as ag
from autograd.engine import grad_of
from autograd.tensors import Tensor, wrap
from benchmarks.cases import function_cases, op_cases, outputs_of

ARRAYS = (Tensor, np.ndarray, np.generic)


def floating_outputs(case, arrays):
    """What a case returns, as far as it may have a derivative; its results are plain arrays or tensors, as ``arrays`` are."""
    return [each for each in outputs_of(case(arrays)) if isinstance(each, ARRAYS) and each.dtype.kind in "fc"]


def is_between_reals(case):
    split = case.split()
    if not split.floating or (case.op is not None and (case.op.random or not case.op.differentiable)):
        return False
    outputs = floating_outputs(case, split.arrays)
    return bool(outputs) and all([each.dtype.kind == "f" for each in (*outputs, *[split.arrays[i] for i in split.floating])])


CASES = [case for case in [*op_cases(), *[each for each in function_cases() if each.op is None]] if is_between_reals(case)]


def function_of(case):
    """The case as a function of its floating arrays that returns its floating results."""
    split = case.split()

    def call(*floating):
        every = list(split.arrays)
        for place, x in zip(split.floating, floating, strict=True):
            every[place] = x
        return tuple(floating_outputs(case, every))

    return call, [split.arrays[place] for place in split.floating]


def one_by_one(f, arrays):
    """The rows of the Jacobian, by a pullback for each element of each output."""
    inputs = [ag.tensor(each, requires_grad=True) for each in arrays]
    blocks = []
    for y in f(*inputs):
        units = [wrap(each.reshape(y.shape)) for each in np.eye(y.size)]
        rows = [grad_of(y, inputs, each, retain_graph=True, allow_unused=True) for each in units if y.requires_grad]
        blocks.append([stacked([row[i] for row in rows], y, x) for i, x in enumerate(inputs)])
    return blocks


def stacked(rows, y, x):
    values = [np.zeros(x.shape) if each is None else each.numpy() for each in rows]
    return np.array(values).reshape((*y.shape, *x.shape)) if values else np.zeros((*y.shape, *x.shape))


@pytest.mark.parametrize("case", CASES, ids=[f"{'function' if case.op is None else 'op'}-{case}" for case in CASES])
def test_rows_are_columns(case):
    f, arrays = function_of(case)
    places = tuple(range(len(arrays)))
    rows, columns = [ag.jacobian(f, places, mode=mode)(*arrays) for mode in ("reverse", "forward")]
    for by_rows, by_columns, expected in zip(rows, columns, one_by_one(f, arrays), strict=True):
        for row, column, alone in zip(by_rows, by_columns, expected, strict=True):
            assert not isinstance(row, Tensor)
            largest = np.max(np.abs(alone), initial=1.0, where=np.isfinite(alone))
            np.testing.assert_allclose(row, alone, rtol=0, atol=1e-12 * largest)
            np.testing.assert_allclose(column, alone, rtol=0, atol=1e-10 * largest)
