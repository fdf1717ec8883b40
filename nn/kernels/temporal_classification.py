"""``ctc`` and ``ctc_gradient``: the loss of all ways to spread a sequence of labels over the steps of a longer one.

Note [alignments]: the labels of an example stand between blanks, ``- a - b -``: L = 2 S + 1 states. An alignment is in one
state at each step, starts in one of the first two, ends in one of the last two, and goes from step to step by 0 or 1 states, or
by 2 from a label to a different one. The probability of each is the product of what its states emit. ``forward[t, l]`` is the
logarithm of the sum over all ways to be in state l at step t. Run from the other end, on the reversed sequence, the same
recursion gives the ways to go on from there; both together, divided by the whole sum, are the probability that an alignment
passes through that state, and minus that is the gradient.

All of this is done in float64 logarithms, since sums over hundreds of steps of large logits leave nothing of float32. What
cannot happen has the logarithm ``NEVER``, which is finite, so that differences of two of them are.
"""

import math
from typing import Any

import numpy as np

import autograd as ag
from autograd.batch_rules import stretched
from autograd.samples import reals, sample
from nn.kernels.derivation import differentiated_as

NEVER = -1e30


def _labels(rng: Any) -> Any:
    return np.array([[0, 2, 0, 2, 0], [0, 1, 0, 0, 0]])


def _steps(rng: Any) -> Any:
    return np.array([5, 3])


def _counts(rng: Any) -> Any:
    return np.array([2, 1])


_SAMPLE = (reals(5, 2, 3), _labels, _steps, _counts)


@ag.op(name="ctc", public=False, samples=[sample(*_SAMPLE, zero_infinity=False)])
def ctc(log_probs: Any, labels: Any, input_lengths: Any, target_lengths: Any, *, zero_infinity: bool) -> Any:
    """Minus the logarithm of the sum over all alignments, for each example; see Note [alignments].

    Shapes: log_probs (T, N, C), labels (N, L) with blanks in between, lengths (N,) -> (N,).
    """
    _check(log_probs, labels, input_lengths, target_lengths)
    emitted = _emitted(log_probs, np.arange(len(log_probs))[:, np.newaxis], labels)
    whole = _whole(_forward(emitted, labels), input_lengths, target_lengths)
    return _losses(whole, zero_infinity).astype(log_probs.dtype)


@ag.op(name="ctc_gradient", public=False, samples=[sample(reals(2), *_SAMPLE, zero_infinity=False)])
def ctc_gradient(
    flow: Any, log_probs: Any, labels: Any, input_lengths: Any, target_lengths: Any, *, zero_infinity: bool
) -> Any:
    """The gradient of ``ctc``, for what flows to the losses; 0 where a loss is infinite."""
    _check(log_probs, labels, input_lengths, target_lengths)
    steps, examples, classes = log_probs.shape
    step, state = np.arange(steps)[:, np.newaxis], np.arange(labels.shape[1])
    ends = 2 * target_lengths[:, np.newaxis]  # the last state of each example
    mirrored_step = np.maximum(input_lengths - 1 - step, 0)
    mirrored_state = np.maximum(ends - state, 0)
    mirrored = np.take_along_axis(labels, mirrored_state, 1)
    # Both recursions in one, as twice as many examples: half the calls.
    emitted = _emitted(log_probs, step, labels)
    emitted = np.concatenate([emitted, _emitted(log_probs, mirrored_step, mirrored)], axis=1)
    both = _forward(emitted, np.concatenate([labels, mirrored]))
    before, after, emitted = both[:, :examples], both[:, examples:], emitted[:, :examples]
    whole = _whole(before, input_lengths, target_lengths)
    example = np.arange(examples)[:, np.newaxis]
    after = after[mirrored_step[:, :, np.newaxis], example, mirrored_state]
    passes = before + after - emitted - whole[:, np.newaxis]
    finite = ~(whole <= NEVER / 2)  # NaN is not hidden
    there = (step < input_lengths)[:, :, np.newaxis] & (state <= ends) & finite[:, np.newaxis]
    passes = np.exp(np.where(there, passes, NEVER)) * -flow[:, np.newaxis]
    # States with one label add up.
    places = (step[:, :, np.newaxis] * examples + example) * classes + labels
    gradient = np.bincount(places.ravel(), passes.ravel(), steps * examples * classes)
    return gradient.reshape(log_probs.shape).astype(log_probs.dtype)


def _check(log_probs: Any, labels: Any, input_lengths: Any, target_lengths: Any) -> None:
    """What functions check before; here for all examples of a ``vmap``, and since a negative class would count from the end."""
    (steps, _, classes), states = log_probs.shape, labels.shape[1]
    for name, values, most in (
        ("targets", labels, classes - 1),
        ("input_lengths", input_lengths, steps),
        ("target_lengths", target_lengths, states // 2),
    ):
        if values.size and not 0 <= values.min() <= values.max() <= most:
            raise IndexError(f"ctc_loss: expected {name} from 0 to {most}, received some from {values.min()} to {values.max()}")
    blank, targets = labels[:, :1], labels[:, 1::2]
    if ((targets == blank) & (np.arange(states // 2) < target_lengths[:, np.newaxis])).any():
        raise ValueError("ctc_loss: expected targets other than the blank, received some that are")


def _emitted(log_probs: Any, step: Any, labels: Any) -> Any:
    """What each state emits at each step, (T, N, L)."""
    example = np.arange(len(labels))[:, np.newaxis]
    return np.maximum(log_probs[step[:, :, np.newaxis], example, labels], NEVER, dtype=np.float64)


def _forward(emitted: Any, labels: Any) -> Any:
    """The logarithms of the sums over all ways to each state at each step, (T, N, L)."""
    steps, examples, states = emitted.shape
    ways = np.full((steps, examples, states + 2), NEVER)  # two states in front that are never reached
    if steps:
        ways[0, :, 2:4] = emitted[0, :, :2]
    leap = np.full((examples, states), NEVER)
    leap[:, 2:][labels[:, 2:] != labels[:, :-2]] = 0.0  # blanks are equal, so that none is leapt over from blank to blank
    stay, go, skip = np.empty((3, examples, states))
    for t in range(1, steps):
        last = ways[t - 1]
        np.add(last[:, :-2], leap, out=skip)
        largest = np.maximum(last[:, 2:], last[:, 1:-1])
        np.maximum(largest, skip, out=largest)
        np.exp(np.subtract(last[:, 2:], largest, out=stay), out=stay)
        np.exp(np.subtract(last[:, 1:-1], largest, out=go), out=go)
        np.exp(np.subtract(skip, largest, out=skip), out=skip)
        stay += go
        stay += skip
        np.log(stay, out=stay)
        stay += largest
        np.add(stay, emitted[t], out=ways[t, :, 2:])
    return ways[:, :, 2:]


def _whole(ways: Any, input_lengths: Any, target_lengths: Any) -> Any:
    """The logarithm of the sum over all alignments of each example."""
    if not len(ways):
        return np.where(target_lengths == 0, 0.0, NEVER)
    example = np.arange(len(target_lengths))
    last = ways[np.maximum(input_lengths - 1, 0), example]
    in_blank = last[example, 2 * target_lengths]
    in_label = np.where(target_lengths > 0, last[example, 2 * target_lengths - 1], NEVER)
    # np.logaddexp would warn of NaN
    either = np.maximum(in_blank, in_label) + np.log1p(np.exp(-abs(in_blank - in_label)))
    return np.where(input_lengths > 0, either, np.where(target_lengths == 0, 0.0, NEVER))


def _losses(whole: Any, zero_infinity: bool) -> Any:
    return np.where(whole <= NEVER / 2, 0.0 if zero_infinity else math.inf, 0.0 - whole)


# ---------------------------------------------------------------- gradients


ctc.vjp(
    log_probs=lambda g, log_probs, labels, input_lengths, target_lengths, zero_infinity: ctc_gradient(
        g, log_probs, labels, input_lengths, target_lengths, zero_infinity=zero_infinity
    ),
    labels=None,
    input_lengths=None,
    target_lengths=None,
)


@ag.op(elementwise=True, name="in_precision", public=False, samples=[sample(reals(2, 3), dtype=np.dtype(np.float64))])
def in_precision(x: Any, *, dtype: Any) -> Any:
    """``x`` in another floating ``dtype``, and its gradient in that of ``x``."""
    return x.astype(dtype)


in_precision.vjp(x=lambda g, x_dtype: in_precision(g, dtype=x_dtype))


def text_of_ctc(log_probs: Any, labels: Any, input_lengths: Any, target_lengths: Any, *, zero_infinity: bool) -> Any:
    """``ctc`` as a text; see Note [kernels and texts] in derivation."""
    (steps, examples, _), states = log_probs.shape, labels.shape[1]
    if not steps:  # there is nothing to differentiate with respect to
        return _losses(np.where(target_lengths == 0, 0.0, NEVER), zero_infinity).astype(log_probs.dtype)
    everywhere = np.broadcast_to(labels, (steps, examples, states))
    emitted = np.maximum(NEVER, np.take_along_axis(in_precision(log_probs, dtype=np.dtype(np.float64)), everywhere, 2))
    front, state = np.full((examples, 2), NEVER), np.arange(states)
    leaps = np.concatenate([np.zeros((examples, 2), bool)[:, :states], labels[:, 2:] != labels[:, :-2]], axis=1)
    ways = np.where(state < 2, emitted[0], NEVER)
    for t in range(1, steps):
        padded = np.concatenate([front, ways], axis=1)
        each = np.stack([ways, padded[:, 1:-1], np.where(leaps, padded[:, :-2], NEVER)])
        further = ag.logsumexp(each, axis=0) + emitted[t]
        ways = np.where(np.reshape(t < input_lengths, (examples, 1)), further, ways)
    behind = np.reshape(target_lengths * 2, (examples, 1)) - state
    whole = ag.logsumexp(np.where((behind == 0) | (behind == 1), ways, NEVER), axis=1)
    whole = np.where(input_lengths > 0, whole, np.where(target_lengths == 0, 0.0, NEVER))
    return in_precision(_losses(whole, zero_infinity), dtype=log_probs.dtype)


def text_of_ctc_gradient(
    flow: Any, log_probs: Any, labels: Any, input_lengths: Any, target_lengths: Any, *, zero_infinity: bool
) -> Any:
    """``ctc_gradient`` as a text: that of ``text_of_ctc``."""
    _, pull = ag.vjp(lambda x: text_of_ctc(x, labels, input_lengths, target_lengths, zero_infinity=zero_infinity), log_probs)
    return pull(flow)[0]


differentiated_as(ctc_gradient, text_of_ctc_gradient)


# ---------------------------------------------------------------- in vmap


def _merged(each: Any, size: int, axis: int) -> Any:
    """All examples of a ``vmap`` along ``axis`` of one."""
    each = np.moveaxis(each, 0, axis)
    return np.reshape(each, (*each.shape[:axis], size * each.shape[axis + 1], *each.shape[axis + 2 :]))


def _ctc_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    whole = [stretched(each, is_mapped, level.size) for each, is_mapped in zip(arrays, mapped, strict=True)]
    batch = whole[-1].shape[1]  # of one example
    out = record.call(*[_merged(each, level.size, 1 if len(each.shape) == 4 else 0) for each in whole], **statics)
    if record.name == "ctc":
        return np.reshape(out, (level.size, batch))
    return np.moveaxis(np.reshape(out, (len(out), level.size, batch, out.shape[2])), 1, 0)


ctc.batch(_ctc_of_examples)
ctc_gradient.batch(_ctc_of_examples)
