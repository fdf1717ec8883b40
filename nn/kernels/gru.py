"""``gru``: what a GRU layer computes in all steps, and ``gru_gradient``. See Note [recurrences].

There are four gates ``m, r, z, n``: what comes of the state, ``m, r, z``, are the first three of them, and what comes of the
input, ``r, z, n``, the last three. PyTorch's order of the rows of both weights is ``r, z, n``.
"""

from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import reals, sample
from nn.kernels.derivation import differentiated_as, gradient_of
from nn.kernels.recurrence import (
    as_rows,
    blocks_of,
    examples_in_batch,
    project,
    schedule,
    sent_back,
    sigmoid_from_tanh,
    state_before,
    states_before,
    step_by_step,
    times,
    times_blocks,
    times_sigmoid_slope,
    times_tanh_slope,
    weight_gradients,
    zeros_if,
)

_LENGTHS = np.array([2, 3])


@ag.op(
    multiple=True,
    name="gru",
    public=False,
    samples=[
        sample(reals(3, 2, 1), reals(2, 2), reals(6, 1), reals(6, 2), reals(6), reals(6), None, reverse=False),
        sample(reals(3, 2, 1), reals(2, 2), reals(6, 1), reals(6, 2), None, None, _LENGTHS, reverse=True),
    ],
)
def gru(x: Any, h0: Any, w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any, lengths: Any, *, reverse: bool) -> tuple[Any, Any]:
    """The states ``h`` of all steps, and the four gates, which the gradient is made of.

    ``r = sigmoid(w_ir x + b_ir + w_hr h + b_hr)``, ``z`` likewise, ``m = w_hn h + b_hn``, ``n = tanh(w_in x + b_in + r m)``,
    ``h = (1 - z) n + z h``. Biases may be ``None``.

    Shapes: x (time, batch, n), h0 (batch, hidden) -> h (time, batch, hidden), gates (4, time, batch, hidden).
    """
    (steps, batch, _), hidden = x.shape, h0.shape[1]
    gates = np.empty((4, steps, batch, hidden), x.dtype)
    bias = None
    if b_ih is not None:
        bias = np.array(b_ih)
        bias[: 2 * hidden] += b_hh[: 2 * hidden]  # of r and z both count together
    project(x, w_ih, bias, gates[1:])
    weight = blocks_of(np.roll(w_hh, hidden, 0).reshape(3, hidden, hidden).swapaxes(1, 2), batch, steps)
    states = zeros_if(lengths is not None, (steps, batch, hidden), x.dtype)
    several = np.empty((3, batch, hidden), x.dtype)
    for t, count, idle in schedule(times(steps, reverse), batch, lengths):
        moved, before = several[:, :count], state_before(states, h0, t, lengths, reverse)[:count]
        times_blocks(before, weight, moved)
        m, r, z, n = gates[:, t, :count]
        if b_hh is None:
            m[...] = moved[0]
        else:
            np.add(moved[0], b_hh[2 * hidden :], m)
        for gate, by in ((r, moved[1]), (z, moved[2])):
            np.add(gate, by, gate)
            np.multiply(gate, 0.5, gate)
            np.tanh(gate, gate)
            sigmoid_from_tanh(gate)
        h = states[t, :count]
        np.multiply(r, m, h)
        np.add(n, h, n)
        np.tanh(n, n)
        np.subtract(before, n, h)
        np.multiply(z, h, h)
        np.add(n, h, h)
        gates[:, t, count:] = 0
        if idle is not None:
            states[t, idle] = gates[:, t, idle] = 0
    return states, gates


@ag.op(
    multiple=True,
    name="gru_gradient",
    public=False,
    samples=[
        sample(reals(3, 2, 2), reals(3, 2, 2), reals(4, 3, 2, 2), reals(2, 2), reals(6, 2), None, reverse=True),
        sample(reals(3, 2, 2), reals(3, 2, 2), reals(4, 3, 2, 2), reals(2, 2), reals(6, 2), _LENGTHS, reverse=False),
    ],
)
def gru_gradient(
    to_states: Any, states: Any, gates: Any, h0: Any, w_hh: Any, lengths: Any, *, reverse: bool
) -> tuple[Any, Any]:
    """The flow, for the gradient ``to_states`` of the states; and the gradient of ``h0``."""
    _, steps, batch, hidden = gates.shape
    flow = zeros_if(lengths is not None, (steps, batch, 4, hidden), gates.dtype)
    weight = blocks_of(np.roll(w_hh, hidden, 0).reshape(3, hidden, hidden), batch, steps)
    to_h = np.zeros((batch, hidden), gates.dtype)
    other = np.empty_like(to_h)
    all_gates, by_gate = np.empty((4, *to_h.shape), gates.dtype), np.empty((3, *to_h.shape), gates.dtype)
    for t, count, idle in schedule(times(steps, not reverse), batch, lengths):
        m, r, z, n = gates[:, t, :count]
        d = all_gates[:, :count]
        d_m, d_r, d_z, d_n = d
        to_h_n, scratch, moved = to_h[:count], other[:count], by_gate[:, :count]
        if idle is not None:
            kept = to_h_n[idle]
        np.add(to_h_n, to_states[t, :count], to_h_n)
        np.subtract(state_before(states, h0, t, lengths, reverse)[:count], n, d_z)
        np.multiply(d_z, to_h_n, d_z)
        times_sigmoid_slope(d_z, z, scratch)
        np.subtract(1, z, scratch)
        np.multiply(to_h_n, scratch, d_n)
        times_tanh_slope(d_n, n, scratch)
        np.multiply(d_n, r, d_m)
        np.multiply(d_n, m, d_r)
        times_sigmoid_slope(d_r, r, scratch)
        times_blocks(d[:3, None], weight, moved)
        np.multiply(to_h_n, z, to_h_n)
        for each in moved:
            np.add(to_h_n, each, to_h_n)
        flow[t, :count] = d.swapaxes(0, 1)
        if idle is not None:
            flow[t, idle], to_h_n[idle] = 0, kept
    return flow.reshape(steps, batch, 4 * hidden), to_h


# ---------------------------------------------------------------- texts


def text_of_gru(x: Any, h0: Any, w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any, lengths: Any, *, reverse: bool) -> tuple[Any, Any]:
    """``gru``, step by step."""
    hidden = h0.shape[1]

    def step(t: int, h: Any) -> Any:
        of_input, of_state = np.matmul(x[t], w_ih.T), np.matmul(h, w_hh.T)
        if b_ih is not None:
            of_input, of_state = of_input + b_ih, of_state + b_hh
        both = ag.sigmoid(of_input[:, : 2 * hidden] + of_state[:, : 2 * hidden])
        r, z, m = both[:, :hidden], both[:, hidden:], of_state[:, 2 * hidden :]
        n = np.tanh(of_input[:, 2 * hidden :] + r * m)
        h = n + z * (h - n)
        return [h], [h, np.stack([m, r, z, n])]

    _, (states, gates) = step_by_step(step, times(x.shape[0], reverse), [h0], lengths)
    return np.stack(states), np.stack(gates, 1)


def text_of_gru_gradient(
    to_states: Any, states: Any, gates: Any, h0: Any, w_hh: Any, lengths: Any, *, reverse: bool
) -> tuple[Any, Any]:
    """``gru_gradient``, step by step."""
    _, steps, _, hidden = gates.shape
    weight = np.roll(w_hh, hidden, 0)

    def step(t: int, to_h: Any) -> Any:
        m, r, z, n = [gates[k, t] for k in range(4)]
        to_h = to_h + to_states[t]
        d_z = to_h * (state_before(states, h0, t, lengths, reverse) - n) * z * (1 - z)
        d_n = to_h * (1 - z) * (1 - n * n)
        d = np.concatenate([d_n * r, d_n * m * r * (1 - r), d_z, d_n], 1)
        return [to_h * z + np.matmul(d[:, : 3 * hidden], weight)], [d]

    nothing = np.zeros_like(states[0])
    (to_h,), (flow,) = step_by_step(step, times(steps, not reverse), [nothing], lengths)
    return np.stack(flow), to_h


differentiated_as(gru_gradient, text_of_gru_gradient)


@gru.joint_vjp
def _rule(
    g: Any,
    out: Any,
    x: Any,
    h0: Any,
    w_ih: Any,
    w_hh: Any,
    b_ih: Any,
    b_hh: Any,
    lengths: Any,
    reverse: Any,
    needed: Any,
) -> Any:
    if g[1] is not None:
        return gradient_of(text_of_gru, g, (x, h0, w_ih, w_hh, b_ih, b_hh, lengths), needed, reverse=reverse)
    states, gates = out
    flow, to_h0 = gru_gradient(g[0], states, gates, h0, w_hh, lengths, reverse=reverse)
    rows, hidden = as_rows(flow), h0.shape[1]
    of_input, of_state = rows[:, hidden:], rows[:, : 3 * hidden]
    to_w_ih = to_w_hh = to_b_ih = to_b_hh = None
    if any(needed[2:6]):
        to_w_ih, to_b_ih = weight_gradients(of_input, x)
        to_w_hh, to_b_hh = weight_gradients(of_state, states_before(states, h0, lengths, reverse))
        to_w_hh, to_b_hh = np.roll(to_w_hh, -hidden, 0), np.roll(to_b_hh, -hidden, 0)
    to_x = sent_back(of_input, w_ih, x.shape) if needed[0] else None
    return to_x, to_h0, to_w_ih, to_w_hh, to_b_ih, to_b_hh, None


gru.batch(examples_in_batch((1, 0, None, None, None, None, 0), (1, 2)))
gru_gradient.batch(examples_in_batch((1, 1, 2, 0, None, 0), (1, 0)))
