"""The Kalman filter: its likelihood is that of the normal distribution it stands for, and the example finds the truth."""

import re
from pathlib import Path

import numpy as np
import pytest
import scipy.stats

import autograd as ag
from examples import kalman
from tests.examples.running import example, files, looks_drawn


def joint_covariance(parameters, steps):
    """Of all observations at once: var * damping**|lag| * cos(2 pi lag / period), and their noise."""
    period, damping, process, observation = parameters
    lag = np.abs(np.subtract.outer(np.arange(steps), np.arange(steps)))
    stationary = process**2 / (1 - damping**2)
    return stationary * damping**lag * np.cos(2 * np.pi * lag / period) + observation**2 * np.eye(steps)


@pytest.mark.parametrize("parameters", [kalman.TRUTH, kalman.GUESS])
def test_the_filter_gives_the_density_of_all_observations_together(parameters):
    _, observed = kalman.simulate(60, np.random.default_rng(0))
    there = ~np.isnan(observed)
    assert 0 < np.count_nonzero(~there) < 20
    covariance = joint_covariance(parameters, 60)[np.ix_(there, there)]
    expected = scipy.stats.multivariate_normal(cov=covariance).logpdf(observed[there])
    log_likelihood, mean, variance = kalman.kalman_filter(observed, parameters)
    assert log_likelihood == pytest.approx(expected, rel=1e-12)
    assert mean.shape == variance.shape == (60,)
    state = joint_covariance(parameters, 60) - parameters[3] ** 2 * np.eye(60)  # without the noise of the observations
    last = state[-1, there] @ np.linalg.solve(covariance, observed[there])
    assert mean[-1] == pytest.approx(last, rel=1e-10)


def test_the_gradient_is_that_of_the_density():
    """By the formula for a normal density: tr(A dC) / 2 with A = C^-1 y y^T C^-1 - C^-1, dC by finite differences."""
    _, observed = kalman.simulate(20, np.random.default_rng(0))
    observed = np.nan_to_num(observed)
    inverse = np.linalg.inv(joint_covariance(kalman.GUESS, 20))
    a = inverse @ np.outer(observed, observed) @ inverse - inverse
    expected = []
    for i in range(4):
        h = 1e-5 * (np.arange(4) == i)
        change = (joint_covariance(kalman.GUESS + h, 20) - joint_covariance(kalman.GUESS - h, 20)) / 2e-5
        expected.append(0.5 * np.sum(a * change))
    found = ag.grad(lambda p: kalman.kalman_filter(observed, p)[0])(kalman.GUESS)
    np.testing.assert_allclose(found, expected, rtol=1e-7)


def test_free_numbers_and_parameters_are_one_to_one():
    np.testing.assert_allclose(kalman.from_free(kalman.to_free(kalman.TRUTH)), kalman.TRUTH, rtol=1e-14)


@pytest.mark.slow
def test_the_program(tmp_path):
    done = example("kalman", "--out", "pictures", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "200 steps of a noisy cycle, 30 of them not observed" in done.stdout
    assert "gradcheck passed" in done.stdout
    before, after, at_truth = map(
        float, re.search(r"log-likelihood (\S+) -> (\S+) in \d+ steps of BFGS; at the truth (\S+)", done.stdout).groups()
    )
    assert before < at_truth < after < at_truth + 10
    rows = re.findall(r"^(\w[\w ]*?) +[\d.]+ +([\d.]+) +([\d.]+) \.\. +([\d.]+) +([\d.]+)$", done.stdout, re.MULTILINE)
    assert [row[0] for row in rows] == list(kalman.NAMES)
    for _, fitted, low, high, true in rows:
        assert float(low) < float(fitted) < float(high)
        assert float(low) < float(true) < float(high)
    assert files(tmp_path) == [str(Path("pictures/filter.png"))]
    assert looks_drawn(tmp_path / "pictures" / "filter.png")


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "file").touch()
    done = example("kalman", "--out", "file", folder=tmp_path)
    assert done.returncode == 2
    assert "argument --out: expected a folder, received 'file'" in done.stderr
