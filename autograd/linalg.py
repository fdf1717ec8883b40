"""Linear algebra, as in ``numpy.linalg`` and the ``linalg`` extension of the Python array API standard.

>>> ag.linalg.norm(np.array([3.0, 4.0]))
np.float64(5.0)
"""

from autograd.ops.conditioning import cond
from autograd.ops.contraction import tensordot
from autograd.ops.decompositions import cholesky, qr
from autograd.ops.determinants import det, slogdet
from autograd.ops.eigenvalues import eig, eigh, eigvals, eigvalsh
from autograd.ops.least_squares import lstsq, pinv
from autograd.ops.linear_algebra import matmul, vecdot
from autograd.ops.namesakes import cross, diagonal, outer, trace
from autograd.ops.norms import matrix_norm, norm, vector_norm
from autograd.ops.powers import matrix_power
from autograd.ops.products import multi_dot
from autograd.ops.shaping import matrix_transpose
from autograd.ops.singular_values import matrix_rank, svd, svdvals
from autograd.ops.solving import inv, solve, tensorinv, tensorsolve

__all__ = [
    "cholesky",
    "cond",
    "cross",
    "det",
    "diagonal",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "inv",
    "lstsq",
    "matmul",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "matrix_transpose",
    "multi_dot",
    "norm",
    "outer",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "svd",
    "svdvals",
    "tensordot",
    "tensorinv",
    "tensorsolve",
    "trace",
    "vecdot",
    "vector_norm",
]
