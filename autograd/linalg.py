"""Linear algebra, as in ``numpy.linalg`` and the ``linalg`` extension of the Python array API standard.

>>> ag.linalg.norm(np.array([3.0, 4.0]))
np.float64(5.0)
"""

from autograd.ops.contraction import tensordot
from autograd.ops.linear_algebra import matmul, vecdot
from autograd.ops.norms import norm
from autograd.ops.shaping import matrix_transpose

__all__ = ["matmul", "matrix_transpose", "norm", "tensordot", "vecdot"]
