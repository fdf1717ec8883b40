"""Runge-Kutta, t-SNE and the wave equation: the programs' NumPy against solutions in closed form, SciPy and scikit-learn, their
gradients against sensitivity equations, closed forms and finite differences, and the programs as a user runs them."""

import functools
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy.integrate
import scipy.optimize
import scipy.special
from sklearn.datasets import load_digits
from sklearn.manifold import TSNE

import autograd as ag
from examples import runge_kutta, tsne, wave
from tests.examples.running import example, files, looks_drawn

PICTURES = {runge_kutta: "fit.png", tsne: "layout.png", wave: "wave.png"}

# ---------------------------------------------------------------- Runge-Kutta


def oscillator(state, frequency):
    return np.stack([frequency * state[1], -frequency * state[0]])


def test_runge_kutta_is_of_order_4():
    def error(steps):
        times = np.linspace(0, 3, steps + 1)
        states = runge_kutta.runge_kutta(oscillator, np.array([0.0, 1.0]), times, 2.0)
        return np.max(np.abs(states - np.stack([np.sin(2 * times), np.cos(2 * times)], axis=1)))

    assert error(80) < 1e-5
    assert np.log2(error(40) / error(80)) == pytest.approx(4, abs=0.05)


def sensitivities(theta, times):
    """The states and their derivatives with respect to ``theta``, from the differential equation for both."""
    birth, predation, growth, death = np.exp(theta[:4])

    def both(_, values):
        hares, lynxes = values[:2]
        by_state = np.array([[birth - predation * lynxes, -predation * hares], [growth * lynxes, growth * hares - death]])
        by_rates = np.array([[hares, -hares * lynxes, 0, 0], [0, 0, hares * lynxes, -lynxes]]) * np.exp(theta[:4])
        change = by_state @ values[2:].reshape(2, 6) + np.pad(by_rates, [(0, 0), (0, 2)])
        return np.concatenate([runge_kutta.lotka_volterra(values[:2], np.exp(theta[:4])), change.ravel()])

    initial = np.exp(theta[4:])
    begin = np.concatenate([initial, np.pad(np.diag(initial), [(0, 0), (4, 0)]).ravel()])
    solved = scipy.integrate.solve_ivp(both, times[[0, -1]], begin, "DOP853", times, rtol=1e-10, atol=1e-10)
    assert solved.success
    return solved.y.T[:, :2], solved.y.T[:, 2:].reshape(-1, 2, 6)


def test_the_gradient_through_runge_kutta_is_that_of_the_sensitivity_equations():
    theta, times = np.log(runge_kutta.START), np.linspace(0, 4, 81)
    states, derivatives = sensitivities(theta, times)
    np.testing.assert_allclose(runge_kutta.simulate(theta, times), states, rtol=1e-7)
    counts = runge_kutta.simulate(np.log(runge_kutta.TRUTH), times)[runge_kutta.OBSERVED]
    relative = derivatives / states[:, :, None]
    expected = np.einsum("ti,tik->k", (np.log(states)[::2] - np.log(counts)), relative[::2])
    found = ag.grad(runge_kutta.loss)(theta, counts, times)
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_arrays_stay_arrays_and_tensors_give_the_same_numbers():
    theta = np.log(runge_kutta.TRUTH)
    plain = runge_kutta.simulate(theta)
    assert type(plain) is np.ndarray
    recorded = runge_kutta.simulate(ag.tensor(theta, requires_grad=True))
    assert recorded.requires_grad
    np.testing.assert_array_equal(recorded.detach(), plain)


def test_standard_errors_are_those_of_a_linear_fit_near_the_minimum():
    """Where model and counts agree up to ``e``, the Hessian is J^T J, with J from the sensitivity equations."""
    theta = np.log(runge_kutta.TRUTH)
    states, derivatives = sensitivities(theta, runge_kutta.TIMES)
    jacobian = (derivatives / states[:, :, None])[runge_kutta.OBSERVED].reshape(-1, 6)
    e = 1e-3 * np.random.default_rng(0).choice([-1, 1], size=(51, 2))
    counts = runge_kutta.simulate(theta)[runge_kutta.OBSERVED] * np.exp(e)
    expected = np.sqrt(e.size * 1e-6 / (e.size - 6) * np.diag(np.linalg.inv(jacobian.T @ jacobian)))
    np.testing.assert_allclose(runge_kutta.standard_errors(theta, counts), expected, rtol=0.02)


# ---------------------------------------------------------------- t-SNE


def digits(count):
    return load_digits().data[:count] / 16


def test_affinities_and_divergence_are_those_of_scikit_learn():
    x = digits(120)
    peer = TSNE(method="exact", init="pca", perplexity=20, random_state=0).fit(x)
    p = tsne.affinities(x, perplexity=20)
    np.testing.assert_array_equal(p, p.T)
    assert np.sum(p) == pytest.approx(1, rel=1e-12)
    assert tsne.divergence(peer.embedding_.astype(float), p) == pytest.approx(peer.kl_divergence_, rel=1e-5)


def test_the_divergence_is_the_relative_entropy():
    y, p = np.random.default_rng(0).normal(size=(20, 2)), tsne.affinities(digits(20), perplexity=5)
    w = 1 / (1 + np.sum((y[:, None] - y) ** 2, axis=-1)) - np.eye(20)
    assert tsne.divergence(y, p) == pytest.approx(np.sum(scipy.special.rel_entr(p, w / np.sum(w))), rel=1e-12)


@pytest.mark.parametrize("exaggeration", [1.0, 4.0])
@pytest.mark.parametrize("size", [1e-4, 1.0, 30.0])
def test_the_gradient_of_the_divergence_is_the_closed_form(exaggeration, size):
    p = tsne.affinities(digits(100))
    y = size * np.random.default_rng(0).normal(size=(100, 2))
    w = 1 / (1 + np.sum((y[:, None] - y) ** 2, axis=-1)) - np.eye(100)
    forces = (exaggeration * p - w / np.sum(w)) * w
    expected = 4 * np.einsum("ij,ijk->ik", forces, y[:, None] - y)
    worst = np.max(np.abs(expected))
    np.testing.assert_allclose(ag.grad(tsne.divergence)(y, p, exaggeration), expected, rtol=0, atol=1e-10 * worst)
    np.testing.assert_allclose(tsne.closed_form(y, p, exaggeration), expected, rtol=0, atol=1e-10 * worst)


def test_digits_are_laid_out_with_their_like():
    x, labels = digits(150), load_digits().target[:150]
    start = tsne.principal_components(x)
    y, history, worst = tsne.lay_out(0.01 * start / start.std(), tsne.affinities(x), 180)
    assert worst < 1e-10
    assert len(history) == 180
    assert history[-1] < 0.3 < 1 < history[0]
    assert tsne.accuracy(start, labels) < 0.8 < 0.9 < tsne.accuracy(y, labels)


# ---------------------------------------------------------------- the wave equation


def test_the_second_derivative_of_waves():
    x = np.arange(32) * 2 * np.pi / 32
    u = np.stack([np.sin(3 * x), np.cos(15 * x), np.ones(32)])
    expected = np.stack([-9 * u[0], -225 * u[1], 0 * x])
    np.testing.assert_allclose(wave.second_derivative(u, 2 * np.pi), expected, rtol=0, atol=1e-11)


def test_waves_on_a_uniform_string_are_those_of_d_alembert():
    """Half the shape runs to either side: u(x, t) = (f(x - c t) + f(x + c t)) / 2, up to an error of order step^2."""

    def shape(x):
        return np.exp(np.cos(2 * np.pi * x / wave.LENGTH))

    def error(step):
        times = np.arange(round(3 / step) + 1)[:, None] * step
        expected = 0.5 * (shape(wave.X - 1.3 * times) + shape(wave.X + 1.3 * times))
        return np.max(np.abs(wave.propagate(np.full(wave.POINTS, 1.3), shape(wave.X), step, len(times) - 1) - expected))

    assert error(0.02) < 2e-4
    assert np.log2(error(0.02) / error(0.01)) == pytest.approx(2, abs=0.02)


def test_the_gradient_of_the_misfit_is_that_of_finite_differences():
    records = wave.record(np.random.default_rng(0))
    assert records.shape == (wave.STEPS + 1, len(wave.SENSORS))
    assert wave.misfit(wave.TRUTH, records) == pytest.approx(1, abs=0.1)
    speed, direction = 1 + 0.1 * np.sin(wave.X), np.random.default_rng(1).normal(size=wave.POINTS)
    value, gradient = ag.value_and_grad(wave.loss)(speed, records)
    assert value == wave.loss(speed, records)
    h = 1e-5 * direction
    slope = (8 * (wave.loss(speed + h, records) - wave.loss(speed - h, records))) / 1e-5
    slope -= (wave.loss(speed + 2 * h, records) - wave.loss(speed - 2 * h, records)) / 1e-5
    assert gradient @ direction == pytest.approx(slope / 12, rel=1e-7)


# ---------------------------------------------------------------- the programs


def cut_short(monkeypatch):
    few = functools.partial(scipy.optimize.minimize, options={"maxiter": 2})
    monkeypatch.setattr(runge_kutta, "minimize", few)
    monkeypatch.setattr(wave, "minimize", few)
    monkeypatch.setattr(tsne, "DIGITS", 100)
    monkeypatch.setattr(tsne, "STEPS", 5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "message"),
    [(runge_kutta, "no fit: expected"), (tsne, "no good layout: expected"), (wave, "no reconstruction: expected")],
)
def test_what_was_not_reached_is_reported(program, message, tmp_path, monkeypatch, capsys):
    cut_short(monkeypatch)
    monkeypatch.setattr(sys, "argv", ["example", "--out", str(tmp_path)])
    with pytest.raises(SystemExit, match=message):
        program.main()
    assert "gradcheck passed" in capsys.readouterr().out
    drawn = files(tmp_path)
    assert drawn == ([] if program is runge_kutta else [PICTURES[program]])  # without a fit it has no standard errors to draw
    assert all(looks_drawn(tmp_path / name) for name in drawn)


@pytest.mark.parametrize("program", PICTURES)
def test_a_wrong_gradient_is_reported(program, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["example", "--out", str(tmp_path)])
    monkeypatch.setattr(ag, "gradcheck", lambda *_, **__: False)
    with pytest.raises(SystemExit, match="the gradient is wrong"):
        program.main()


@pytest.mark.parametrize("program", PICTURES)
def test_a_file_in_place_of_the_folder_is_refused(program, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setattr(sys, "argv", ["example", "--out", str(tmp_path / "file")])
    with pytest.raises(SystemExit) as stopped:
        program.main()
    assert stopped.value.code == 2
    assert "argument --out: expected a folder, received" in capsys.readouterr().err


@pytest.mark.slow
def test_runge_kutta(tmp_path):
    done = example("runge_kutta", "--out", "pictures", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "gradcheck passed" in done.stdout
    rows = re.findall(r"([a-z0 ]+\w) +([\d.]+) \+- ([\d.]+) +truth ([\d.]+)\n", done.stdout)
    assert [name.strip() for name, *_ in rows] == list(runge_kutta.NAMES)
    for _, *numbers in rows:
        value, error, truth = map(float, numbers)
        assert abs(value - truth) < 3 * error < 0.2 * truth
    assert files(tmp_path) == [str(Path("pictures") / PICTURES[runge_kutta])]
    assert looks_drawn(tmp_path / "pictures" / PICTURES[runge_kutta])


@pytest.mark.slow
def test_tsne(tmp_path):
    done = example("tsne", "--out", "pictures", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    before, after = re.findall(r"trustworthiness ([\d.]+), nearest neighbour is the same digit for ([\d.]+)%", done.stdout)
    assert float(before[0]) < 0.9 < 0.98 < float(after[0])
    assert float(before[1]) < 70 < 97 < float(after[1])
    assert files(tmp_path) == [str(Path("pictures") / PICTURES[tsne])]
    assert looks_drawn(tmp_path / "pictures" / PICTURES[tsne])


@pytest.mark.slow
def test_wave(tmp_path):
    done = example("wave", "--out", "pictures", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    before, after = map(float, re.search(r"misfit ([\d.]+) -> ([\d.]+) variances", done.stdout).groups())
    assert after < 1.05 < 100 < before
    before, after = map(float, re.search(r"error of the speed ([\d.]+) -> ([\d.]+) m/s", done.stdout).groups())
    assert after < 0.1 * before
    assert files(tmp_path) == [str(Path("pictures") / PICTURES[wave])]
    assert looks_drawn(tmp_path / "pictures" / PICTURES[wave])
