"""What the kernels of recurrent layers share. Read this, then ``elman`` (the simplest one), ``lstm``, ``gru``.

Note [recurrences]: a kernel takes all steps of one layer in one direction. Sequences are (time, batch, features); ``reverse``
goes from the last step to the first. With ``lengths``, a whole number from 1 to the number of steps for each example, a step
beyond an example's length is not taken: its results are 0, and the state stays. The gradient kernel goes the same steps the
other way and gives the *flow*, the gradient with respect to the preactivations of all steps. What remains, the gradients with
respect to weights and inputs, are products of whole sequences, and plain text.

Note [gates first]: an array of several gates is (gates, time, batch, hidden). So one gate of one step is one piece of memory,
which NumPy goes through several times as fast as through parts of rows. The flow is (time, batch, gates * hidden) all the
same, as the products with it want it; a step's is computed apart and copied there.

Note [blocks]: OpenBLAS rearranges its operands before it multiplies, unless they are small. In a loop over time the same
weights would be rearranged in every step; so products with few rows are made as several small ones, each with some of the
columns: 32 rows by a 128 x 512 matrix take 25 us in 8 blocks, and 40 us as one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

import autograd as ag

_SMALL = 10**6  # multiplications, up to which OpenBLAS leaves matrices as they are
_LARGEST, _NARROWEST = 2**15, 2**7  # bytes of a block, which is to stay in the first cache, and of a row of it
_FEW = 8  # rows, below which a product takes as long as reading the matrix; steps, below which copies of weights do not pay


# ---------------------------------------------------------------- steps


def times(steps: int, reverse: bool) -> range:
    """The steps in the order in which they are taken."""
    return range(steps - 1, -1, -1) if reverse else range(steps)


def schedule(order: Iterable[int], batch: int, lengths: Any) -> Iterator[tuple[int, int, Any]]:
    """For each time in ``order`` how many examples, from the first on, take part; and which of these are idle, or ``None``.

    Where examples are sorted by length, the longest first, none is.
    """
    for t in order:
        if lengths is None:
            yield t, batch, None
            continue
        active = lengths > t
        count = batch - int(np.argmax(active[::-1])) if active.any() else 0
        idle = np.flatnonzero(~active[:count])
        yield t, count, idle if idle.size else None


def state_before(states: Any, initial: Any, t: int, lengths: Any, reverse: bool) -> Any:
    """The states of the step taken before that of time ``t``; ``initial`` where it is the first one."""
    before = t + 1 if reverse else t - 1
    if not 0 <= before < states.shape[0]:
        return initial
    if reverse and lengths is not None:
        return np.where(np.expand_dims(lengths > before, 1), states[before], initial)
    return states[before]


def states_before(states: Any, initial: Any, lengths: Any, reverse: bool) -> Any:
    """``state_before`` of all times."""
    initial = np.expand_dims(initial, 0)
    if not reverse:
        return np.concatenate([initial, states[:-1]])
    shifted = np.concatenate([states[1:], initial])
    if lengths is None:
        return shifted
    behind = np.arange(1, states.shape[0] + 1)
    return np.where(np.expand_dims(lengths > np.expand_dims(behind, 1), 2), shifted, initial)


def last_state(states: Any, lengths: Any, reverse: bool) -> Any:
    """The states of the step that each example takes last."""
    if reverse:
        return states[0]
    return states[-1] if lengths is None else states[lengths - 1, np.arange(states.shape[1])]


def zeros_if(idle: bool, shape: tuple[int, ...], dtype: Any) -> Any:
    """A new array; it is filled with zeros only if some of it stays untouched."""
    return np.zeros(shape, dtype) if idle else np.empty(shape, dtype)


# ---------------------------------------------------------------- products


def with_bias(x: Any, weight: Any, bias: Any) -> tuple[Any, Any]:
    """``x`` with a feature more that is 1, and ``weight`` with ``bias`` as a column more; as they are without one."""
    if bias is None:
        return x, weight
    ones = np.ones((*x.shape[:-1], 1), x.dtype)
    return np.concatenate([x, ones], -1), np.concatenate([weight, bias[:, None]], 1)


def project(x: Any, weight: Any, bias: Any, gates: Any) -> None:
    """Fill ``gates`` (gates, time, batch, hidden) with ``x @ weight.T + bias`` for all steps; ``bias`` may be ``None``."""
    count, steps, batch, hidden = gates.shape
    if steps * batch > weight.shape[1]:  # else the sum is less work than the copy
        x, weight = with_bias(x, weight, bias)
        bias = None
    rows = x.reshape(steps * batch, x.shape[2])
    matrices = weight.reshape(count, hidden, weight.shape[1]).swapaxes(1, 2)
    np.matmul(rows, matrices, out=gates.reshape(count, steps * batch, hidden))
    if bias is not None:
        np.add(gates, bias.reshape(count, 1, 1, hidden), gates)


def width_of_blocks(rows: int, matrices: Any, more: int = 0) -> int | None:
    """How many columns of ``matrices`` (number, depth, columns) make a block; ``None`` where no block is small enough.

    ``more`` is added to the depth.
    """
    depth, columns, size = matrices.shape[1] + more, matrices.shape[2], matrices.itemsize
    widest = min(columns, _LARGEST // max(depth * size, 1), _SMALL // max(rows * depth, 1))
    narrowest = min(columns, _NARROWEST // size)
    return next((n for n in range(widest, narrowest - 1, -1) if columns % n == 0), None)


def blocks_of(matrices: Any, rows: int, steps: int) -> Any:
    """``matrices`` (number, depth, columns) in blocks of columns, (number, blocks, depth, width): see Note [blocks]."""
    number, depth, columns = matrices.shape
    if rows < _FEW or steps < _FEW:  # too few for a copy to pay
        return matrices[:, None]
    width = width_of_blocks(rows, matrices) or columns
    return np.ascontiguousarray(matrices.reshape(number, depth, columns // width, width).swapaxes(1, 2))


def times_blocks(rows: Any, blocks: Any, result: Any) -> None:
    """``result = rows @ matrices``, for ``matrices`` in blocks; shapes (number, n, depth) -> (number, n, columns)."""
    number, n, _ = result.shape
    np.matmul(rows, blocks, out=result.reshape(number, n, blocks.shape[1], blocks.shape[3]).swapaxes(1, 2))


class Preactivations:
    """``w_ih x + w_hh h + bias`` of one step after another, in ``gates`` (gates, time, batch, hidden).

    What is of the input is computed for all steps at once; but where products are in small blocks, in each step together with
    what is of the state, which is as fast and saves a way through memory. The gates numbered in ``halved`` are halved, for
    ``sigmoid_from_tanh``.
    """

    def __init__(self, x: Any, w_ih: Any, w_hh: Any, bias: Any, gates: Any, halved: Sequence[int] = ()) -> None:
        count, steps, batch, hidden = gates.shape
        self.x, self.gates, self.halved = x, gates, halved
        weight = w_hh.reshape(count, hidden, w_hh.shape[1]).swapaxes(1, 2)
        self.together = min(batch, steps) >= _FEW and width_of_blocks(batch, weight, more=w_ih.shape[1] + 1) is not None
        if self.together:
            self.x, w_ih = with_bias(x, w_ih, bias)
            weight = np.concatenate([w_ih, w_hh], 1).reshape(count, hidden, w_ih.shape[1] + w_hh.shape[1])
            for gate in halved:
                weight[gate] *= 0.5
            weight = weight.swapaxes(1, 2)
            self.scratch = np.empty((batch, weight.shape[1]), x.dtype)
        else:
            project(x, w_ih, bias, gates)
            self.scratch = np.empty((count, batch, hidden), x.dtype)
        self.weight = blocks_of(weight, batch, steps)

    def fill(self, t: int, h: Any) -> Any:
        """Those of time ``t`` for the first examples, whose states before are ``h``: a part of ``gates``."""
        n = len(h)
        z = self.gates[:, t, :n]
        if self.together:
            rows, features = self.scratch[:n], self.x.shape[2]
            rows[:, :features], rows[:, features:] = self.x[t, :n], h
            times_blocks(rows, self.weight, z)
        else:
            scratch = self.scratch[:, :n]
            times_blocks(h, self.weight, scratch)
            np.add(z, scratch, z)
            for gate in self.halved:
                np.multiply(z[gate], 0.5, z[gate])
        return z


def sigmoid_from_tanh(x: Any) -> None:
    """``x = (x + 1) / 2``, in place: the sigmoid of ``2 y`` where ``x`` is ``tanh(y)``."""
    np.multiply(x, 0.5, x)
    np.add(x, 0.5, x)


def times_sigmoid_slope(x: Any, value: Any, scratch: Any) -> None:
    """``x *= value * (1 - value)``: times the derivative of the sigmoid whose value is given."""
    np.subtract(1, value, scratch)
    np.multiply(scratch, value, scratch)
    np.multiply(x, scratch, x)


def times_tanh_slope(x: Any, value: Any, scratch: Any) -> None:
    """``x *= 1 - value ** 2``: times the derivative of the hyperbolic tangent whose value is given."""
    np.multiply(value, value, scratch)
    np.subtract(1, scratch, scratch)
    np.multiply(x, scratch, x)


def as_rows(x: Any) -> Any:
    """Time and batch (time, batch, n) as one axis."""
    steps, batch, n = x.shape
    return np.reshape(x, (steps * batch, n))


def weight_gradients(flow: Any, *inputs: Any) -> list[Any]:
    """For each of ``inputs`` (time, batch, n) the gradient of what it is multiplied by; and last that of a bias.

    One product for all of them, since ``flow``, as rows, is the larger part of what is read.
    """
    ones = np.ones((*inputs[0].shape[:2], 1), flow.dtype)
    found = np.matmul(np.transpose(flow), as_rows(np.concatenate([*inputs, ones], -1)))
    ends = np.cumsum([each.shape[2] for each in inputs]).tolist()
    parts = [found[:, start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return [*parts, found[:, ends[-1]]]


def sent_back(flow: Any, weight: Any, x_shape: tuple[int, ...]) -> Any:
    """The gradient of an input of ``x_shape`` that is multiplied by ``weight`` in all steps; ``flow`` as rows."""
    return np.reshape(np.matmul(flow, weight), x_shape)


# ---------------------------------------------------------------- texts


def step_by_step(
    step: Callable[..., tuple[Sequence[Any], Sequence[Any]]], order: Iterable[int], carry: Sequence[Any], lengths: Any
) -> tuple[Sequence[Any], list[list[Any]]]:
    """Run ``carry, results = step(t, *carry)`` for the times in ``order``: a text, where a kernel has a loop.

    Returns what is carried on at the end; and of each result a list of those of all times, from the first to the last.
    """
    found = {}
    for t in order:
        after, results = step(t, *carry)
        if lengths is not None:
            active = np.expand_dims(lengths > t, 1)
            after = [np.where(active, new, old) for new, old in zip(after, carry, strict=True)]
            results = [np.where(active, each, 0) for each in results]
        carry, found[t] = after, results
    return carry, [list(each) for each in zip(*[found[t] for t in sorted(found)], strict=True)]


# ---------------------------------------------------------------- batching


def examples_in_batch(inputs: Sequence[int | None], outputs: Sequence[int]) -> Any:
    """The batching rule of a recurrence: examples that share the weights are more of the batch.

    ``inputs``, ``outputs``: for each the axis of the batch, ``None`` for what has none, which are weights.
    """

    def rule(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
        if any([is_mapped and axis is None for is_mapped, axis in zip(mapped, inputs, strict=True)]):
            return NotImplemented
        whole = []
        batch = 0
        for x, is_mapped, axis in zip(arrays, mapped, inputs, strict=True):
            if x is None or axis is None:
                whole.append(x)
                continue
            x = np.moveaxis(ag.batch_rules.stretched(x, is_mapped, level.size), 0, axis)
            batch = x.shape[axis + 1]
            whole.append(np.reshape(x, (*x.shape[:axis], level.size * batch, *x.shape[axis + 2 :])))
        found = record.call(*whole, **statics)
        several = found if record.multiple else [found]
        split = [
            np.moveaxis(np.reshape(x, (*x.shape[:axis], level.size, batch, *x.shape[axis + 1 :])), axis, 0)
            for x, axis in zip(several, outputs, strict=True)
        ]
        return tuple(split) if record.multiple else split[0]

    return rule
