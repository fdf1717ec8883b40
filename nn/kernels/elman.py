"""``elman``: what a simple recurrent layer computes in all steps, and ``elman_gradient``. See Note [recurrences]."""

from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import reals, sample
from nn.kernels.derivation import differentiated_as
from nn.kernels.recurrence import (
    Preactivations,
    as_rows,
    blocks_of,
    examples_in_batch,
    schedule,
    sent_back,
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
_WEIGHTS = (reals(2, 3), reals(2, 2))


@ag.op(
    name="elman",
    public=False,
    samples=[
        sample(reals(3, 2, 3), reals(2, 2), *_WEIGHTS, reals(2), None, reverse=False, nonlinearity="tanh"),
        sample(reals(3, 2, 3), reals(2, 2), *_WEIGHTS, None, _LENGTHS, reverse=True, nonlinearity="relu"),
    ],
)
def elman(x: Any, h0: Any, w_ih: Any, w_hh: Any, bias: Any, lengths: Any, *, reverse: bool, nonlinearity: str) -> Any:
    """``h = tanh(w_ih x + w_hh h + bias)``, or with ``relu``: the states of all steps.

    Shapes: x (time, batch, n), h0 (batch, hidden) -> (time, batch, hidden). ``bias`` may be ``None``.
    """
    (steps, batch, _), hidden = x.shape, h0.shape[1]
    states = zeros_if(lengths is not None, (steps, batch, hidden), x.dtype)
    preactivations = Preactivations(x, w_ih, w_hh, bias, states[None])
    for t, n, idle in schedule(times(steps, reverse), batch, lengths):
        (h,) = preactivations.fill(t, state_before(states, h0, t, lengths, reverse)[:n])
        if nonlinearity == "tanh":
            np.tanh(h, h)
        else:
            np.maximum(h, 0, out=h)
        states[t, n:] = 0
        if idle is not None:
            h[idle] = 0
    return states


@ag.op(
    multiple=True,
    name="elman_gradient",
    public=False,
    samples=[
        sample(reals(3, 2, 2), reals(3, 2, 2), reals(2, 2), None, reverse=True, nonlinearity="tanh"),
        sample(reals(3, 2, 2), reals(3, 2, 2), reals(2, 2), _LENGTHS, reverse=False, nonlinearity="relu"),
    ],
)
def elman_gradient(to_states: Any, states: Any, w_hh: Any, lengths: Any, *, reverse: bool, nonlinearity: str) -> Any:
    """The flow, for the gradient ``to_states`` of the states; and the gradient of ``h0``."""
    steps, batch, hidden = states.shape
    flow = zeros_if(lengths is not None, states.shape, states.dtype)
    weight = blocks_of(w_hh[None], batch, steps)
    to_h = np.zeros((batch, hidden), states.dtype)
    scratch = np.empty_like(to_h)
    for t, n, idle in schedule(times(steps, not reverse), batch, lengths):
        h, d, to_h_n = states[t, :n], flow[t, :n], to_h[:n]
        if idle is not None:
            kept = to_h_n[idle]
        np.add(to_h_n, to_states[t, :n], d)
        if nonlinearity == "tanh":
            times_tanh_slope(d, h, scratch[:n])
        else:
            np.multiply(d, h > 0, d)
        times_blocks(d[None], weight, to_h_n[None])
        if idle is not None:
            d[idle], to_h_n[idle] = 0, kept
    return flow, to_h


def text_of_elman_gradient(
    to_states: Any, states: Any, w_hh: Any, lengths: Any, *, reverse: bool, nonlinearity: str
) -> tuple[Any, Any]:
    """``elman_gradient``, step by step."""

    def step(t: int, to_h: Any) -> Any:
        h = states[t]
        d = (to_h + to_states[t]) * (1 - h * h if nonlinearity == "tanh" else h > 0)
        return [np.matmul(d, w_hh)], [d]

    nothing = np.zeros_like(states[0])
    (to_h,), (flow,) = step_by_step(step, times(states.shape[0], not reverse), [nothing], lengths)
    return np.stack(flow), to_h


differentiated_as(elman_gradient, text_of_elman_gradient)


@elman.joint_vjp
def _rule(
    g: Any, out: Any, x: Any, h0: Any, w_ih: Any, w_hh: Any, lengths: Any, reverse: Any, nonlinearity: Any, needed: Any
) -> Any:
    flow, to_h0 = elman_gradient(g, out, w_hh, lengths, reverse=reverse, nonlinearity=nonlinearity)
    rows = as_rows(flow)
    to_w_ih = to_w_hh = to_bias = None
    if any(needed[2:5]):
        to_w_ih, to_w_hh, to_bias = weight_gradients(rows, x, states_before(out, h0, lengths, reverse))
    to_x = sent_back(rows, w_ih, x.shape) if needed[0] else None
    return to_x, to_h0, to_w_ih, to_w_hh, to_bias, None


elman.batch(examples_in_batch((1, 0, None, None, None, 0), (1,)))
elman_gradient.batch(examples_in_batch((1, 1, None, 0), (1, 0)))
