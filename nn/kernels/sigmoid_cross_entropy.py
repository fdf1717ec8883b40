"""``sigmoid_cross_entropy``: the loss of logits of yes-or-no questions."""

from typing import Any

import numpy as np

import autograd as ag
from autograd.samples import reals, sample


@ag.op(elementwise=True, name="sigmoid_cross_entropy", public=False, samples=[sample(reals(3, 4), reals(3, 4))])
def sigmoid_cross_entropy(logits: Any, target: Any) -> Any:
    # max(x, 0) - x y + log(1 + exp(-|x|)): no exponential of a positive number, so that none overflows
    return np.maximum(logits, 0) - logits * target + np.log1p(np.exp(-abs(logits)))


sigmoid_cross_entropy.vjp(
    logits=lambda g, logits, target: g * (ag.sigmoid(logits) - target),
    target=lambda g, logits: g * -logits,
)
