"""Linear algebra, as in ``numpy.linalg`` and the ``linalg`` extension of the Python array API standard.

>>> ag.linalg.norm(np.array([3.0, 4.0]))
np.float64(5.0)
"""

from autograd.ops.arrays.shaping import matrix_transpose
from autograd.ops.matrices.conditioning import cond
from autograd.ops.matrices.contraction import tensordot
from autograd.ops.matrices.decompositions import cholesky, qr
from autograd.ops.matrices.determinants import det, slogdet
from autograd.ops.matrices.eigenvalues import eig, eigh, eigvals, eigvalsh
from autograd.ops.matrices.least_squares import lstsq, pinv
from autograd.ops.matrices.linear_algebra import matmul, vecdot
from autograd.ops.matrices.namesakes import cross, diagonal, outer, trace
from autograd.ops.matrices.norms import matrix_norm, norm, vector_norm
from autograd.ops.matrices.powers import matrix_power
from autograd.ops.matrices.products import multi_dot
from autograd.ops.matrices.singular_values import matrix_rank, svd, svdvals
from autograd.ops.matrices.solving import inv, solve, tensorinv, tensorsolve

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
