"""What is linear in each input, and linear in the weight."""

import math
from typing import Any

import numpy as np

from nn.inputs import Receiver, as_array, called
from nn.kernels.linear import affine


def linear(input: Any, weight: Any, bias: Any = None) -> Any:
    """``input @ weight.T + bias``, as one op.

    Args:
        input: features on the last axis.
        weight: one row of ``in`` numbers for each output.
        bias: one number for each output; ``None`` for none.

    Shapes: ``input`` (..., in), ``weight`` (out, in), ``bias`` (out,) -> (..., out).

    Raises:
        ValueError: for shapes that do not fit.

    >>> nn.functional.linear(np.array([1.0, 2.0]), np.array([[3.0, 4.0]]), np.array([0.5]))
    array([11.5])
    """
    input, weight = as_array(input), as_array(weight)
    if len(weight.shape) != 2 or input.shape[-1:] != weight.shape[1:]:
        raise ValueError(
            f"linear: expected input (..., in) and weight (out, in), received {input.shape} and {weight.shape}; "
            "the last axis of the input has to be as long as that of the weight"
        )
    if bias is not None:
        bias = as_array(bias)
        if bias.shape != weight.shape[:1]:
            raise ValueError(f"linear: expected bias of shape {weight.shape[:1]}, one per output; received {bias.shape}")
    return affine(input, weight, bias)


def bilinear(input1: Any, input2: Any, weight: Any, bias: Any = None) -> Any:
    """``x1 W_k x2 + b_k`` for each output k: linear in each of two inputs.

    Args:
        input1: features on the last axis.
        input2: other features on the last axis; the other axes are those of ``input1``.
        weight: a matrix for each output.
        bias: one number for each output; ``None`` for none.

    Shapes: ``input1`` (..., in1), ``input2`` (..., in2), ``weight`` (out, in1, in2), ``bias`` (out,) -> (..., out).

    Raises:
        ValueError: for shapes that do not fit.

    >>> nn.functional.bilinear(np.array([1.0, 2.0]), np.array([3.0]), np.array([[[1.0], [10.0]]]))
    array([63.])
    """
    weight = as_array(weight)
    if len(weight.shape) != 3:
        raise ValueError(f"bilinear: expected weight of shape (out, in1, in2), received {weight.shape}")
    if bias is not None:
        bias = as_array(bias)
        if bias.shape != weight.shape[:1]:
            raise ValueError(f"bilinear: expected bias of shape {weight.shape[:1]}, one per output; received {bias.shape}")
    return two_sided(as_array(input1), as_array(input2), weight, bias, "bilinear")


def two_sided(input1: Any, input2: Any, weight: Any, bias: Any, receiver: Receiver) -> Any:
    """``bilinear`` with a weight and a bias that fit each other, for any receiver."""
    out, in1, in2 = weight.shape
    shape = input1.shape[:-1]
    if input1.shape[-1:] != (in1,) or input2.shape[-1:] != (in2,) or input2.shape[:-1] != shape:
        raise ValueError(
            f"{called(receiver)}: expected inputs of shapes (..., {in1}) and (..., {in2}) that agree but for the last axis, "
            f"received {input1.shape} and {input2.shape}"
        )
    count = math.prod(shape)
    # One product with all matrices side by side, and then one with the second input for each row.
    side_by_side = np.reshape(np.transpose(weight, (1, 0, 2)), (in1, out * in2))
    left = np.reshape(np.matmul(np.reshape(input1, (count, in1)), side_by_side), (count, out, in2))
    result = np.reshape(np.matmul(left, np.reshape(input2, (count, in2, 1))), (*shape, out))
    return result if bias is None else result + bias
