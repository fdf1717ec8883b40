"""The programs on functions of functions: Burgers' equation, per-example gradients, the deep equilibrium, hanging chains, the
Hessian's spectrum. What they compute against closed forms, and the programs as a user runs them."""

import re
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import scipy.integrate
import scipy.special

import autograd as ag
from examples import burgers, constrained, deep_equilibrium, hessian_spectrum, per_example_gradients
from tests.examples.running import example, files, looks_drawn

PICTURES = {
    burgers: "burgers.png",
    per_example_gradients: "gradients.png",
    deep_equilibrium: "equilibrium.png",
    constrained: "chains.png",
    hessian_spectrum: "spectrum.png",
}


def name_of(program):
    return program.__name__.rpartition(".")[2]


# ---------------------------------------------------------------- Burgers' equation


def test_what_is_left_of_the_equation_for_a_network_of_one_unit():
    rng = np.random.default_rng(0)
    params = burgers.initial(rng, width=1, depth=1)
    params["hidden"][0]["bias"][:] = 0.3
    params["output"]["bias"] = np.array(0.2)
    t, x = rng.uniform(0, 1, 7), rng.uniform(-1, 1, 7)
    (by_t,), (by_x,) = params["hidden"][0]["weight"]
    (factor,) = params["output"]["weight"]
    unit = np.tanh(by_t * (2 * t - 1) + by_x * x + 0.3)
    slope = factor * (1 - unit**2)
    u, u_t, u_x, u_xx = factor * unit + 0.2, 2 * by_t * slope, by_x * slope, -2 * by_x**2 * unit * slope
    np.testing.assert_allclose(burgers.network(params, t, x), u, rtol=1e-14)
    expected = u_t + u * u_x - burgers.VISCOSITY * u_xx
    np.testing.assert_allclose(burgers.residuals(partial(burgers.network, params), t, x), expected, rtol=1e-12)
    u_found, along_t = ag.jvp(lambda t: burgers.network(params, t, x), (t,), (np.ones(7),))
    np.testing.assert_allclose(np.stack([u_found, along_t]), [u, u_t], rtol=1e-12)


def test_the_exact_solution_solves_the_equation():
    """By finite differences, which know nothing of ours; and what is given at the beginning and at both ends."""
    x, h = np.linspace(-0.9, 0.9, 31), 1e-3
    t = np.full(31, 0.3)
    u = burgers.exact(t, x)
    forth, back = burgers.exact(t, x + h), burgers.exact(t, x - h)
    u_t = (burgers.exact(t + h, x) - burgers.exact(t - h, x)) / (2 * h)
    left = u_t + u * (forth - back) / (2 * h) - burgers.VISCOSITY * (forth - 2 * u + back) / h**2
    assert np.max(np.abs(left)) < 1e-3 * np.max(np.abs(u_t))
    np.testing.assert_allclose(burgers.exact(0 * t, x), -np.sin(np.pi * x), rtol=0, atol=1e-14)
    np.testing.assert_allclose(burgers.exact(t, -x), -u, rtol=0, atol=1e-12)
    np.testing.assert_allclose(burgers.exact(t[:2], np.array([-1.0, 1.0])), 0, rtol=0, atol=1e-12)
    assert np.max(np.abs(burgers.residuals(burgers.exact, t, x))) < 1e-10


def test_the_loss_is_that_of_the_points_and_of_the_border():
    params = burgers.initial(np.random.default_rng(1), width=3, depth=2)
    points, (t, x, values) = burgers.scatter(16), burgers.border()
    assert np.all((points[0] >= 0) & (points[0] < 1) & (np.abs(points[1]) <= 1))
    np.testing.assert_array_equal(values, np.where(t > 0, 0, np.where(np.abs(x) < 1, -np.sin(np.pi * x), values)))
    u = partial(burgers.network, params)
    expected = np.mean(burgers.residuals(u, *points) ** 2) + np.mean((u(t, x) - values) ** 2)
    assert burgers.loss(params, points, (t, x, values)) == pytest.approx(expected, rel=1e-12)


# ---------------------------------------------------------------- per-example gradients


def test_per_example_gradients_are_those_by_hand():
    rng = np.random.default_rng(0)
    network = per_example_gradients.initial(rng, features=5)
    images, labels = rng.random((6, 64)), rng.integers(0, 10, 6)
    hidden = np.tanh(images @ network.w1 + network.b1)
    missed = scipy.special.softmax(hidden @ network.w2 + network.b2, axis=1) - np.eye(10)[labels]
    back = (missed @ network.w2.T) * (1 - hidden**2)
    expected = {
        "w1": images[:, :, None] * back[:, None],
        "b1": back,
        "w2": hidden[:, :, None] * missed[:, None],
        "b2": missed,
    }
    found = per_example_gradients.per_example(network, images, labels)
    assert isinstance(found, per_example_gradients.Network)
    for name, each in expected.items():
        np.testing.assert_allclose(getattr(found, name), each, rtol=1e-10, atol=1e-14)
    squares = sum([np.sum(each.reshape(6, -1) ** 2, axis=1) for each in expected.values()])
    np.testing.assert_allclose(per_example_gradients.lengths(found), np.sqrt(squares), rtol=1e-12)
    mean = ag.grad(per_example_gradients.mean_loss)(network, images, labels)
    np.testing.assert_allclose(mean.w1, np.mean(expected["w1"], axis=0), rtol=1e-10, atol=1e-14)


def test_the_sum_of_shortened_gradients():
    rng = np.random.default_rng(0)
    network = per_example_gradients.initial(rng, features=5)
    gradients = per_example_gradients.per_example(network, rng.random((6, 64)), rng.integers(0, 10, 6))
    long = np.median(per_example_gradients.lengths(gradients))
    expected = 0
    for i in range(6):
        one = np.concatenate([np.ravel(each[i]) for each in ag.tree_leaves(gradients)])
        expected = expected + one * min(1, long / np.linalg.norm(one))
    found = per_example_gradients.shortened_sum(gradients, long)
    np.testing.assert_allclose(np.concatenate([np.ravel(each) for each in ag.tree_leaves(found)]), expected, rtol=1e-12)


def renyi_divergence(order, sampled, noise):
    """Between what a step gives without an example and with it, by quadrature over the normal density."""

    def integrand(x):
        ratio = 1 - sampled + sampled * np.exp((2 * x - 1) / (2 * noise**2))
        return np.exp(order * np.log(ratio) - x**2 / (2 * noise**2)) / np.sqrt(2 * np.pi * noise**2)

    return np.log(scipy.integrate.quad(integrand, -40, 40, epsabs=0, limit=200)[0]) / (order - 1)


@pytest.mark.parametrize("sampled", [0.15, 1.0])
def test_epsilon_is_that_of_the_renyi_divergences(sampled):
    steps, noise, delta = 50, 3.0, 1e-5
    found = [steps * renyi_divergence(order, sampled, noise) + np.log(1 / delta) / (order - 1) for order in range(2, 25)]
    assert np.argmin(found) not in (0, len(found) - 1) or sampled == 1
    assert per_example_gradients.privacy(steps, sampled, noise, delta) == pytest.approx(min(found), rel=1e-6)
    if sampled == 1:  # no chance: order / (2 noise^2), whose best order is known
        bound = steps / (2 * noise**2) + np.sqrt(2 * steps * np.log(1 / delta)) / noise
        assert bound <= min(found) < 1.02 * bound


def test_wrong_labels_are_planted_in_the_training_set_alone():
    data = per_example_gradients.plant(np.random.default_rng(0))
    assert len(data.images) + len(data.test_images) == 1797
    assert np.count_nonzero(data.wrong) == round(per_example_gradients.WRONG * len(data.images))
    assert set(data.labels) == set(range(10))


# ---------------------------------------------------------------- the deep equilibrium


def test_the_equilibrium_is_where_stacked_layers_lead():
    rng = np.random.default_rng(0)
    network = deep_equilibrium.initial(rng, width=4)
    x, _ = deep_equilibrium.spirals(9, rng)
    w = deep_equilibrium.contraction(network.recurrent)
    np.testing.assert_allclose(np.linalg.norm(w, 2), deep_equilibrium.BOUND, rtol=1e-12)
    np.testing.assert_array_equal(deep_equilibrium.contraction(0.1 * w), 0.1 * w)
    states = deep_equilibrium.equilibrium(network, x, tol=1e-12)
    np.testing.assert_allclose(deep_equilibrium.layer(states, w, network, x), states, rtol=0, atol=1e-11)
    np.testing.assert_allclose(deep_equilibrium.stacked(network, x, 500), states, rtol=0, atol=1e-10)


def test_the_gradient_of_the_equilibrium_is_that_of_the_implicit_function_theorem():
    """For z = tanh(W^T z + a): dz/da = (I - D W^T)^-1 D, with D the slopes of tanh at z."""
    rng = np.random.default_rng(1)
    network = deep_equilibrium.initial(rng, width=4)._replace(output=rng.normal(size=4))
    x = rng.normal(size=(1, 2))
    w = deep_equilibrium.contraction(network.recurrent)
    slopes = np.diag(1 - deep_equilibrium.equilibrium(network, x, tol=1e-13)[0] ** 2)
    by_input = np.linalg.solve(np.eye(4) - slopes @ w.T, slopes).T @ network.output

    def logit(network):
        return deep_equilibrium.logits(network, deep_equilibrium.equilibrium(network, x, tol=1e-13))[0]

    found = ag.grad(logit)(network)
    np.testing.assert_allclose(found.bias, by_input, rtol=1e-9)
    np.testing.assert_allclose(found.input, np.outer(x[0], by_input), rtol=1e-9)
    assert found.offset == 1


def test_acceleration_needs_fewer_layers():
    rng = np.random.default_rng(0)
    network, (x, labels) = deep_equilibrium.initial(rng), deep_equilibrium.spirals(20, rng)
    plain, accelerated = (deep_equilibrium.residuals(network, x, memory) for memory in (0, 5))
    assert len(accelerated) < len(plain)
    assert max(plain[-1], accelerated[-1]) <= 1e-10
    deep, shallow, implicit = (deep_equilibrium.recorded(network, x, labels, depth) for depth in (40, 20, None))
    assert deep[0] - shallow[0] == 5 * 20  # operations of a layer: two products, two sums and the tanh
    assert implicit[0] < 40
    assert implicit[1] < shallow[1] / 5 < deep[1] / 9


# ---------------------------------------------------------------- hanging chains


def test_the_closed_form_is_in_balance():
    forces, points = constrained.balance()
    np.testing.assert_allclose(points[[0, -1]], [constrained.BEGIN, constrained.END], rtol=0, atol=1e-9)
    steps = np.diff(points, axis=0)
    np.testing.assert_allclose(np.hypot(*steps.T), constrained.LINK, rtol=1e-12)
    pull = constrained.tension(forces)[:, None] * steps / constrained.LINK
    np.testing.assert_allclose(
        np.diff(pull, axis=0), np.tile([0, 1 / constrained.LINKS], (constrained.LINKS - 1, 1)), atol=1e-12
    )
    x = np.ravel(points[1:-1])
    stationary = ag.grad(constrained.energy)(x) + constrained.tension(forces) @ ag.jacobian(constrained.stretch)(x)
    np.testing.assert_allclose(stationary, 0, atol=1e-9)


def test_elastic_chains_in_balance_have_the_least_energy():
    _, points = constrained.balance(1 / 8)
    positions = {"across": points[1:-1, 0], "up": points[1:-1, 1]}
    slopes = ag.grad(constrained.elastic_energy)(positions, 8.0)
    np.testing.assert_allclose(np.concatenate(list(slopes.values())), 0, atol=1e-9)


def test_the_catenary_has_the_chain_s_length_and_ends():
    across = np.linspace(constrained.BEGIN[0], constrained.END[0], 4001)
    up = constrained.catenary(across)
    np.testing.assert_allclose(up[[0, -1]], [constrained.BEGIN[1], constrained.END[1]], rtol=0, atol=1e-9)
    assert np.sum(np.hypot(np.diff(across), np.diff(up))) == pytest.approx(constrained.LENGTH, rel=1e-6)


def test_second_derivatives_of_the_constraints():
    """A link's squared length has the same ones everywhere."""
    rng = np.random.default_rng(0)
    given = constrained.all_derivatives(constrained.stretch)
    x, v = constrained.parabola(1), rng.normal(size=constrained.LINKS)
    differences = np.diff(np.eye(constrained.LINKS + 1), axis=0)[:, 1:-1]
    expected = np.kron(differences.T @ np.diag(v) @ differences, np.eye(2)) / constrained.LINK
    np.testing.assert_allclose(given["hess"](x, v), expected, rtol=1e-12, atol=1e-12)
    steps = np.diff(constrained.joints(x), axis=0) / constrained.LINK
    expected = (differences[:, :, None] * steps[:, None]).reshape(constrained.LINKS, -1)
    np.testing.assert_allclose(given["jac"](x), expected, rtol=1e-12, atol=1e-12)


def test_optimizers_find_the_closed_form():
    forces, closed = constrained.balance()
    start = constrained.parabola(0.6)
    found = constrained.hang(start)
    assert constrained.distance(constrained.joints(found.x), closed) < 1e-7
    assert constrained.violation(found.x, disc=False) < 1e-12
    np.testing.assert_allclose(np.abs(found.multipliers[0]), constrained.tension(forces), rtol=1e-6)
    assert found.course[-1][0] == found.evaluations < 100
    _, balanced = constrained.balance(1 / 2)
    for method in ("BFGS", "Newton-CG"):
        elastic = constrained.hang_elastic(start, 2.0, method)
        assert constrained.distance(constrained.joints(elastic.x), balanced) < 1e-6


# ---------------------------------------------------------------- the Hessian's spectrum


def test_the_hessian_of_a_linear_network():
    rng = np.random.default_rng(0)
    x, labels = deep_equilibrium.spirals(30, rng)
    layers = hessian_spectrum.initial(rng, (2, 1))
    matrix = hessian_spectrum.as_matrix(ag.hessian(hessian_spectrum.loss)(layers, x, labels), layers)
    inputs = np.column_stack([x, np.ones(30)])
    np.testing.assert_allclose(matrix, inputs.T @ inputs / 30, rtol=1e-12, atol=1e-14)
    descent = hessian_spectrum.descend(layers, x, labels, 0.1, 3, rng)
    assert descent.sharpnesses == {0: pytest.approx(np.linalg.eigvalsh(matrix)[-1], rel=1e-12)}
    weights = np.concatenate([layers[0]["weight"][:, 0], layers[0]["bias"]])
    for expected in descent.losses:
        missed = inputs @ weights - (2 * labels - 1)
        assert expected == pytest.approx(0.5 * np.mean(missed**2), rel=1e-12)
        weights = weights - 0.1 * inputs.T @ missed / 30


def test_the_matrix_and_the_products_agree():
    rng = np.random.default_rng(0)
    x, labels = deep_equilibrium.spirals(20, rng)
    layers = hessian_spectrum.initial(rng, (2, 4, 4, 1))
    matrix = hessian_spectrum.as_matrix(ag.hessian(hessian_spectrum.loss)(layers, x, labels), layers)
    np.testing.assert_allclose(matrix, matrix.T, rtol=0, atol=1e-13)
    problem = ag.scipy_fun(hessian_spectrum.loss, layers, x, labels)
    v = rng.normal(size=len(matrix))
    np.testing.assert_allclose(problem.hessp(problem.x0, v), matrix @ v, rtol=1e-9, atol=1e-12)
    (product,) = ag.hvp(partial(hessian_spectrum.loss, x=x, labels=labels), (layers,), (problem.unpack(v),))
    np.testing.assert_allclose(problem.pack(product), matrix @ v, rtol=1e-9, atol=1e-12)
    found = hessian_spectrum.sharpness(problem, problem.x0, rng, products=25)
    assert found == pytest.approx(np.linalg.eigvalsh(matrix)[-1], rel=1e-9)


def test_lanczos_finds_all_eigenvalues_of_a_small_matrix():
    rng = np.random.default_rng(0)
    values = np.array([-3.0, -1.0, 0.0, 2.0, 2.0, 7.0])
    basis = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    matrix = basis * values @ basis.T
    reduced = hessian_spectrum.lanczos(lambda v: matrix @ v, rng.normal(size=6), 20)
    assert reduced.shape == (5, 5)  # of two equal eigenvalues it sees one
    np.testing.assert_allclose(np.linalg.eigvalsh(reduced), np.unique(values), rtol=0, atol=1e-12)


# ---------------------------------------------------------------- the programs


TOLD = {
    burgers: r"the exact solution, put into the equation by the same derivatives, leaves at most \d\.\de-1\d\n",
    per_example_gradients: r"at once \d+ ms, one after another \d+ ms; largest difference \d\.\de-1\d\n",
    deep_equilibrium: r"100 layers +\d\.\de-\d+ +518 +\d+\.\d+\n",
    constrained: r"rigid links, exact derivatives +\d\d +\d\d +\d\.\de-\d\d +\d\.\de-1\d\n",
    hessian_spectrum: r"the 5 largest eigenvalues after 40 products: off by at most \d\.\de-\d\d of their size\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("program", PICTURES, ids=name_of)
def test_a_quick_run(program, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["example", "--quick", "--out", str(tmp_path)])
    program.main()
    told = capsys.readouterr().out
    assert "gradcheck passed" in told or program is per_example_gradients
    assert re.search(TOLD[program], told)
    assert files(tmp_path) == [PICTURES[program]]
    assert looks_drawn(tmp_path / PICTURES[program])


@pytest.mark.parametrize("program", [each for each in PICTURES if each is not per_example_gradients], ids=name_of)
def test_a_wrong_gradient_is_reported(program, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["example", "--out", str(tmp_path)])
    monkeypatch.setattr(ag, "gradcheck", lambda *_, **__: False)
    with pytest.raises(SystemExit, match="the gradient is wrong"):
        program.main()


@pytest.mark.parametrize("program", PICTURES, ids=name_of)
def test_a_file_in_place_of_the_folder_is_refused(program, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setattr(sys, "argv", ["example", "--out", str(tmp_path / "file")])
    with pytest.raises(SystemExit) as stopped:
        program.main()
    assert stopped.value.code == 2
    assert "argument --out: expected a folder, received" in capsys.readouterr().err


SHORT = [
    (burgers, {"POINTS": 16, "ITERATIONS": 2}, "no solution: expected a relative error of at most"),
    (per_example_gradients, {"EPOCHS": 1, "PRIVATE_STEPS": 1}, "expected a precision of at least"),
    (deep_equilibrium, {"ITERATIONS": 2}, "expected a test accuracy of at least"),
    (constrained, {"WORST": 1e-30}, "expected joints at most 1e-30 m off"),
    (hessian_spectrum, {"STEPS": 40}, "no edge of stability: expected"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("program", "settings", "message"), SHORT, ids=[name_of(each) for each, *_ in SHORT])
def test_what_was_not_reached_is_reported(program, settings, message, tmp_path, monkeypatch):
    for name, value in settings.items():
        monkeypatch.setattr(program, name, value)
    monkeypatch.setattr(sys, "argv", ["example", "--out", str(tmp_path)])
    with pytest.raises(SystemExit, match=message):
        program.main()
    assert looks_drawn(tmp_path / PICTURES[program])


@pytest.mark.slow
@pytest.mark.parametrize("program", PICTURES, ids=name_of)
def test_a_full_run(program, tmp_path):
    done = example(name_of(program), "--out", "pictures", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert re.search(TOLD[program], done.stdout)
    assert files(tmp_path) == [str(Path("pictures") / PICTURES[program])]
    assert looks_drawn(tmp_path / "pictures" / PICTURES[program])
