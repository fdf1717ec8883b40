"""SciPy's functions that speak the array API standard take tensors, once SciPy was told to let them."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import numpy as np
import scipy.fft, scipy.signal, scipy.special, scipy.stats
import autograd as ag

x = np.random.default_rng(0).uniform(0.5, 2.0, 6)
for f in (
    scipy.special.logsumexp,
    scipy.special.softmax,
    scipy.stats.zscore,
    scipy.stats.gmean,
    lambda t: scipy.signal.fftconvolve(t, t),
    lambda t: np.abs(scipy.fft.rfft(t)),
):
    np.testing.assert_allclose(f(ag.tensor(x)).numpy(), f(x), rtol=1e-12)
    report = ag.gradcheck(f, [x], order=2)
    assert report, report
print("differentiated")
"""


def test_array_api_functions_of_scipy_differentiate():
    environment = {**os.environ, "SCIPY_ARRAY_API": "1", "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=environment, check=False)
    assert done.stdout.strip() == "differentiated", done.stderr
