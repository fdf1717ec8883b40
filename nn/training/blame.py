"""Where a loss that is not finite comes from."""

import numpy as np

from nn.evaluation import called_with
from nn.inspection.nonfinite import first_nonfinite
from nn.module import Module
from nn.training.batches import Batch, count_of, named_arrays
from nn.training.weighting import BatchLoss


def blamed(model: Module, loss: BatchLoss, batch: Batch) -> str:
    """The row of the batch, the parameter or the op from which it comes."""
    inputs, targets, weights = batch
    for name, each in (*named_arrays(inputs, "x"), *named_arrays(targets, "y")):
        array = np.asarray(each)
        if array.dtype.kind in "fc" and not np.isfinite(array).all():
            row = int(np.argwhere(~np.isfinite(array))[0][0])
            return f"row {row} of the batch's {name} holds NaN or infinity"
    place = first_nonfinite(model, lambda: loss(called_with(model, inputs), targets, weights, count_of(inputs))[0])
    return place or "computed once more it was finite: is something drawn from a generator that the model does not hold?"
