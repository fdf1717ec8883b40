"""Special functions, as in ``scipy.special``; all but ``logsumexp`` and its like need SciPy (the extra ``scipy``)."""

from autograd.ops.activation import log_softmax, logsumexp, softmax

__all__ = ["log_softmax", "logsumexp", "softmax"]
