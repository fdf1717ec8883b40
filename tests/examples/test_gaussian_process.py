"""The Gaussian process: likelihood and posterior agree with scikit-learn's, and the example finds period and noise."""

import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, ExpSineSquared, WhiteKernel

import autograd as ag
from examples import gaussian_process
from tests.examples.running import example, files, looks_drawn

PARAMETERS = np.array([1.3, 2.0, 0.8, 1.1, 0.9, 0.3])
# In scikit-learn the sizes and the noise are squared: its parameters are the logarithms of ours times these.
FACTORS = np.array([2, 1, 2, 1, 1, 2])


def theirs(x, y):
    """The same model in scikit-learn."""
    size, length, cycle_size, roughness, period, noise = PARAMETERS
    kernel = (
        ConstantKernel(size**2) * RBF(length)
        + ConstantKernel(cycle_size**2) * ExpSineSquared(roughness, period)
        + WhiteKernel(noise**2)
    )
    return GaussianProcessRegressor(kernel, optimizer=None).fit(x[:, None], y)


def test_likelihood_and_its_gradient_are_those_of_scikit_learn():
    x, y = gaussian_process.observe(30, np.random.default_rng(0))
    expected, slopes = theirs(x, y).log_marginal_likelihood(np.log(PARAMETERS) * FACTORS, eval_gradient=True)
    value, found = ag.value_and_grad(lambda p: gaussian_process.log_marginal_likelihood(np.exp(p), x, y))(np.log(PARAMETERS))
    assert value == pytest.approx(expected, rel=1e-8)  # scikit-learn adds 1e-10 to the diagonal
    np.testing.assert_allclose(found, slopes * FACTORS, rtol=1e-6)


def test_the_posterior_is_that_of_scikit_learn():
    x, y = gaussian_process.observe(30, np.random.default_rng(0))
    at = np.linspace(-1, 10, 50)
    mean, deviation = gaussian_process.posterior(PARAMETERS, x, y, at)
    expected, with_noise = theirs(x, y).predict(at[:, None], return_std=True)
    np.testing.assert_allclose(mean, expected, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(deviation**2 + PARAMETERS[5] ** 2, with_noise**2, rtol=1e-6)


def test_the_program(tmp_path):
    done = example("gaussian_process", "--out", "pictures", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "gradcheck passed" in done.stdout
    before, after = map(float, re.search(r"^log marginal likelihood (\S+) -> (\S+)$", done.stdout, re.MULTILINE).groups())
    assert after > before + 50
    starts = [float(each) for each in re.findall(r"from a period of .* to .*: log marginal likelihood (\S+)", done.stdout)]
    assert len(starts) == len(gaussian_process.PERIODS)
    assert max(starts) == after
    rows = dict(re.findall(r"^(\w[\w ]*?) +[\d.]+ +([\d.]+)$", done.stdout, re.MULTILINE))
    assert set(rows) == set(gaussian_process.NAMES)
    assert float(rows["period"]) == pytest.approx(gaussian_process.PERIOD, rel=0.01)
    assert float(rows["noise"]) == pytest.approx(gaussian_process.NOISE, rel=0.2)
    guess, fitted = map(float, re.findall(r"root mean square error: ([\d.]+)", done.stdout))
    assert fitted < guess / 2
    assert files(tmp_path) == [str(Path("pictures/posterior.png"))]
    assert looks_drawn(tmp_path / "pictures" / "posterior.png")


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "file").touch()
    done = example("gaussian_process", "--out", "file", folder=tmp_path)
    assert done.returncode == 2
    assert "argument --out: expected a folder, received 'file'" in done.stderr
