"""SciPy is optional: the library imports without it, and what needs it says so."""

import subprocess
import sys

import numpy as np
import pytest
import scipy.special

from autograd import special
from autograd.ops.special.scipy_access import in_one_dtype, of_scipy

WITHOUT_SCIPY = """
import sys
sys.modules["scipy"] = None  # which makes importing it fail
import numpy as np, autograd as ag
assert ag.special.logsumexp(np.zeros(2), b=[1.0, 3.0]) == np.log(4.0)
assert ag.i0(ag.tensor(0.0, requires_grad=True)).item() == 1.0
try:
    ag.special.{call}
except ImportError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("name", "call"), [("erf", "erf(0.5)"), ("digamma", "digamma(ag.tensor([0.5]))"), ("iv", "iv(1, 2.0)")]
)
def test_without_scipy_the_error_says_what_to_install(name, call):
    done = subprocess.run([sys.executable, "-c", WITHOUT_SCIPY.format(call=call)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"ag.special.{name} needs SciPy: pip install scipy\n"


def test_every_function_of_scipy_is_found():
    assert of_scipy("erf") is scipy.special.erf
    assert all(hasattr(scipy.special, name) for name in special.__all__)


def test_every_ufunc_of_scipy_that_is_here_takes_tensors():
    from autograd.record import BY_SCIPY

    ufuncs = [name for name in special.__all__ if isinstance(getattr(scipy.special, name), np.ufunc)]
    assert len(ufuncs) >= 30
    for name in ufuncs:
        assert BY_SCIPY[getattr(scipy.special, name).__name__] is getattr(special, name)


def test_a_common_dtype():
    single = np.ones(2, np.float32)
    assert [each.dtype for each in in_one_dtype(single, 2.5)] == [np.float32] * 2
    assert [each.dtype for each in in_one_dtype(single, np.ones(2))] == [np.float64] * 2
    assert in_one_dtype(2, 3) == [2, 3]
