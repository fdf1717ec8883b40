"""A complex array from its real and its imaginary part: what a write to ``t.real`` or ``t.imag`` makes of ``t``."""

from typing import Any

import numpy as np

from autograd.batch_rules import shifted_together
from autograd.gate import op
from autograd.samples import reals, sample


@op(linear=True, public=False, samples=[sample(reals(3, 4), reals(3, 4)), sample(reals(), reals())])
def from_parts(real: Any, imag: Any) -> Any:
    """``real + 1j * imag``, for infinities and NaNs too, which that product would mix up."""
    out = np.empty_like(real, dtype=np.result_type(real, imag, np.complex64))
    out.real = real
    out.imag = imag
    return out[()]


from_parts.vjp(real=lambda g: g, imag=lambda g: g * 1j)
from_parts.batch(shifted_together())
