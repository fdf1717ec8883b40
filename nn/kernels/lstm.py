"""``lstm``: what an LSTM layer computes in all steps, and ``lstm_gradient``. See Note [recurrences]."""

from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import reals, sample
from nn.kernels.derivation import differentiated_as, gradient_of
from nn.kernels.recurrence import (
    Preactivations,
    as_rows,
    blocks_of,
    examples_in_batch,
    schedule,
    sent_back,
    sigmoid_from_tanh,
    state_before,
    states_before,
    step_by_step,
    times,
    times_blocks,
    times_tanh_slope,
    weight_gradients,
    zeros_if,
)

_LENGTHS = np.array([2, 3])
_PROJECTION = reals(1, 2)


@ag.op(
    multiple=True,
    name="lstm",
    public=False,
    samples=[
        sample(
            *(reals(3, 2, 1), reals(2, 2), reals(2, 2), reals(8, 1), reals(8, 2), reals(8), None, None),
            reverse=False,
        ),
        sample(
            *(reals(3, 2, 1), reals(2, 1), reals(2, 2), reals(8, 1), reals(8, 1), None, _PROJECTION, _LENGTHS),
            reverse=True,
        ),
    ],
)
def lstm(
    x: Any, h0: Any, c0: Any, w_ih: Any, w_hh: Any, bias: Any, w_hr: Any, lengths: Any, *, reverse: bool
) -> tuple[Any, Any, Any]:
    """The states ``h`` and the cells ``c`` of all steps, and the four gates, which the gradient is made of.

    ``i, f, g, o = w_ih x + w_hh h + bias``, ``c = sigmoid(f) c + sigmoid(i) tanh(g)``, ``h = sigmoid(o) tanh(c)``;
    with ``w_hr`` the state is ``w_hr h``. ``bias`` and ``w_hr`` may be ``None``.

    Shapes: x (time, batch, n), h0 (batch, size), c0 (batch, hidden) -> h (time, batch, size), c (time, batch, hidden), gates
    (4, time, batch, hidden). The size of the state is that of the hidden, but with ``w_hr`` (size, hidden).
    """
    (steps, batch, _), hidden = x.shape, c0.shape[1]
    gates = np.empty((4, steps, batch, hidden), x.dtype)
    preactivations = Preactivations(x, w_ih, w_hh, bias, gates, halved=(0, 1, 3))
    states = zeros_if(lengths is not None, (steps, batch, h0.shape[1]), x.dtype)
    cells = zeros_if(lengths is not None, (steps, batch, hidden), x.dtype)
    other = np.empty((batch, hidden), x.dtype)
    for t, n, idle in schedule(times(steps, reverse), batch, lengths):
        z = preactivations.fill(t, state_before(states, h0, t, lengths, reverse)[:n])
        np.tanh(z, z)
        i, f, g, o = z
        for gate in (i, f, o):
            sigmoid_from_tanh(gate)
        c, scratch = cells[t, :n], other[:n]
        np.multiply(f, state_before(cells, c0, t, lengths, reverse)[:n], c)
        np.multiply(i, g, scratch)
        np.add(c, scratch, c)
        np.tanh(c, scratch)
        if w_hr is None:
            np.multiply(o, scratch, states[t, :n])
        else:
            np.multiply(o, scratch, scratch)
            np.matmul(scratch, w_hr.T, states[t, :n])
        gates[:, t, n:] = 0
        if idle is not None:
            states[t, idle] = cells[t, idle] = gates[:, t, idle] = 0
    return states, cells, gates


@ag.op(
    multiple=True,
    name="lstm_gradient",
    public=False,
    samples=[
        sample(*(reals(3, 2, 2), None, reals(3, 2, 2), reals(4, 3, 2, 2), reals(2, 2), reals(8, 2), None, None), reverse=True),
        sample(
            *(reals(3, 2, 1), reals(3, 2, 2), reals(3, 2, 2), reals(4, 3, 2, 2), reals(2, 2), reals(8, 1)),
            *(_PROJECTION, _LENGTHS),
            reverse=False,
        ),
    ],
)
def lstm_gradient(
    to_states: Any, to_cells: Any, cells: Any, gates: Any, c0: Any, w_hh: Any, w_hr: Any, lengths: Any, *, reverse: bool
) -> tuple[Any, Any, Any]:
    """The flow, for the gradients ``to_states`` and ``to_cells`` (``None`` for 0) of both; and those of ``h0`` and ``c0``."""
    _, steps, batch, hidden = gates.shape
    flow = zeros_if(lengths is not None, (steps, batch, 4, hidden), gates.dtype)
    weight = blocks_of(w_hh.reshape(4, hidden, -1), batch, steps)
    to_h, to_c = np.zeros((batch, w_hh.shape[1]), gates.dtype), np.zeros((batch, hidden), gates.dtype)
    one, other = np.empty_like(to_c), np.empty_like(to_c)
    all_gates, by_gate = np.empty((4, *to_c.shape), gates.dtype), np.empty((4, *to_h.shape), gates.dtype)
    for t, n, idle in schedule(times(steps, not reverse), batch, lengths):
        i, f, g, o = gates[:, t, :n]
        d = all_gates[:, :n]
        d_i, d_f, d_g, d_o = d
        to_h_n, to_c_n, value, scratch = to_h[:n], to_c[:n], one[:n], other[:n]
        if idle is not None:
            kept = to_h_n[idle], to_c_n[idle]
        if to_states is not None:
            np.add(to_h_n, to_states[t, :n], to_h_n)
        if to_cells is not None:
            np.add(to_c_n, to_cells[t, :n], to_c_n)
        to_output = to_h_n if w_hr is None else np.matmul(to_h_n, w_hr)
        np.tanh(cells[t, :n], value)
        np.multiply(to_output, o, scratch)
        np.multiply(scratch, value, d_o)
        times_tanh_slope(scratch, value, value)
        np.add(to_c_n, scratch, to_c_n)
        np.multiply(to_c_n, i, d_g)
        np.multiply(d_g, g, d_i)
        np.multiply(to_c_n, f, to_c_n)
        np.multiply(to_c_n, state_before(cells, c0, t, lengths, reverse)[:n], d_f)
        for each, gate in ((d_i, i), (d_f, f), (d_o, o)):  # s (1 - s) is the slope of a sigmoid s, which is a factor already
            np.subtract(1, gate, scratch)
            np.multiply(each, scratch, each)
        times_tanh_slope(d_g, g, scratch)
        times_blocks(d[:, None], weight, by_gate[:, :n])
        np.add.reduce(by_gate[:, :n], 0, out=to_h_n)
        flow[t, :n] = d.swapaxes(0, 1)
        if idle is not None:
            flow[t, idle] = 0
            to_h_n[idle], to_c_n[idle] = kept
    return flow.reshape(steps, batch, 4 * hidden), to_h, to_c


# ---------------------------------------------------------------- texts


def text_of_lstm(
    x: Any, h0: Any, c0: Any, w_ih: Any, w_hh: Any, bias: Any, w_hr: Any, lengths: Any, *, reverse: bool
) -> tuple[Any, Any, Any]:
    """``lstm``, step by step."""
    hidden = c0.shape[1]

    def step(t: int, h: Any, c: Any) -> Any:
        z = np.matmul(x[t], w_ih.T) + np.matmul(h, w_hh.T)
        if bias is not None:
            z = z + bias
        i, f, g, o = [z[:, k * hidden : (k + 1) * hidden] for k in range(4)]
        i, f, g, o = ag.sigmoid(i), ag.sigmoid(f), np.tanh(g), ag.sigmoid(o)
        c = f * c + i * g
        h = o * np.tanh(c)
        if w_hr is not None:
            h = np.matmul(h, w_hr.T)
        return [h, c], [h, c, np.stack([i, f, g, o])]

    _, (states, cells, gates) = step_by_step(step, times(x.shape[0], reverse), [h0, c0], lengths)
    return np.stack(states), np.stack(cells), np.stack(gates, 1)


def text_of_lstm_gradient(
    to_states: Any, to_cells: Any, cells: Any, gates: Any, c0: Any, w_hh: Any, w_hr: Any, lengths: Any, *, reverse: bool
) -> tuple[Any, Any, Any]:
    """``lstm_gradient``, step by step."""

    def step(t: int, to_h: Any, to_c: Any) -> Any:
        i, f, g, o = [gates[k, t] for k in range(4)]
        if to_states is not None:
            to_h = to_h + to_states[t]
        if to_cells is not None:
            to_c = to_c + to_cells[t]
        to_output = to_h if w_hr is None else np.matmul(to_h, w_hr)
        value = np.tanh(cells[t])
        to_c = to_c + to_output * o * (1 - value * value)
        before = state_before(cells, c0, t, lengths, reverse)
        d_i, d_f, d_g = to_c * g * i * (1 - i), to_c * before * f * (1 - f), to_c * i * (1 - g * g)
        d = np.concatenate([d_i, d_f, d_g, to_output * value * o * (1 - o)], 1)
        return [np.matmul(d, w_hh), to_c * f], [d]

    nothing = np.zeros_like(cells[0])
    to_nothing = nothing if w_hr is None else np.matmul(nothing, w_hr.T)
    (to_h, to_c), (flow,) = step_by_step(step, times(cells.shape[0], not reverse), [to_nothing, nothing], lengths)
    return np.stack(flow), to_h, to_c


differentiated_as(lstm_gradient, text_of_lstm_gradient)


@lstm.joint_vjp
def _rule(
    g: Any,
    out: Any,
    x: Any,
    h0: Any,
    c0: Any,
    w_ih: Any,
    w_hh: Any,
    bias: Any,
    w_hr: Any,
    lengths: Any,
    reverse: Any,
    needed: Any,
) -> Any:
    if g[2] is not None:
        inputs = (x, h0, c0, w_ih, w_hh, bias, w_hr, lengths)
        return gradient_of(text_of_lstm, g, inputs, needed, reverse=reverse)
    states, cells, gates = out
    flow, to_h0, to_c0 = lstm_gradient(g[0], g[1], cells, gates, c0, w_hh, w_hr, lengths, reverse=reverse)
    rows = as_rows(flow)
    to_w_ih = to_w_hh = to_bias = None
    if any(needed[3:6]):
        to_w_ih, to_w_hh, to_bias = weight_gradients(rows, x, states_before(states, h0, lengths, reverse))
    to_x = sent_back(rows, w_ih, x.shape) if needed[0] else None
    to_w_hr = _projection_gradient(g[0], flow, cells, gates, w_hh, reverse) if needed[6] else None
    return to_x, to_h0, to_c0, to_w_ih, to_w_hh, to_bias, to_w_hr, None


def _projection_gradient(to_states: Any, flow: Any, cells: Any, gates: Any, w_hh: Any, reverse: bool) -> Any:
    """The gradient of ``w_hr``: of each step what arrives at the state, from outside and from the step that is taken next."""
    nothing = np.zeros_like(flow[:1])
    arriving = np.matmul(np.concatenate([nothing, flow[:-1]] if reverse else [flow[1:], nothing]), w_hh)
    if to_states is not None:
        arriving = arriving + to_states
    outputs = gates[3] * np.tanh(cells)  # 0 in steps that are not taken
    return np.tensordot(arriving, outputs, ((0, 1), (0, 1)))


lstm.batch(examples_in_batch((1, 0, 0, None, None, None, None, 0), (1, 1, 2)))
lstm_gradient.batch(examples_in_batch((1, 1, 1, 2, 0, None, None, 0), (1, 0, 0)))
