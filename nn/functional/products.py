"""What is linear in the input, and linear in the weight."""

from typing import Any

from nn.inputs import as_array
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
