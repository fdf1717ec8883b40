"""Special functions, as in ``scipy.special``; all but ``logsumexp`` and its like need SciPy (the extra ``scipy``)."""

from autograd.ops.special.bessel_functions import i0, i0e, i1, i1e, iv, ive, j0, j1, jv
from autograd.ops.special.entropies import entr, kl_div, rel_entr, xlog1py, xlogy
from autograd.ops.special.error_functions import erf, erfc, erfcinv, erfcx, erfinv, log_ndtr, ndtr, ndtri
from autograd.ops.special.exponential_sums import log_softmax, logsumexp, softmax
from autograd.ops.special.gamma_functions import (
    beta,
    betaln,
    digamma,
    gamma,
    gammainc,
    gammaincc,
    gammaln,
    loggamma,
    polygamma,
    zeta,
)
from autograd.ops.special.logistic import expit, log_expit, logit

__all__ = [
    "beta",
    "betaln",
    "digamma",
    "entr",
    "erf",
    "erfc",
    "erfcinv",
    "erfcx",
    "erfinv",
    "expit",
    "gamma",
    "gammainc",
    "gammaincc",
    "gammaln",
    "i0",
    "i0e",
    "i1",
    "i1e",
    "iv",
    "ive",
    "j0",
    "j1",
    "jv",
    "kl_div",
    "log_expit",
    "log_ndtr",
    "log_softmax",
    "loggamma",
    "logit",
    "logsumexp",
    "ndtr",
    "ndtri",
    "polygamma",
    "rel_entr",
    "softmax",
    "xlog1py",
    "xlogy",
    "zeta",
]
