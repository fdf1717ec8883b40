"""Numbers to predict, one or several: against scikit-learn's linear regression where it has the answer."""

import numpy as np
import pytest
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression, PoissonRegressor

import nn
from nn.sklearn import Regressor

X, Y = load_diabetes(return_X_y=True)
RNG = np.random.default_rng(0)
LINEAR = {"hidden_layer_sizes": (), "batch_size": None, "learning_rate": 0.1, "epochs": 600, "random_state": 0}


@pytest.mark.parametrize("weights", [None, RNG.uniform(0, 3, len(X))], ids=["equal", "weighted"])
def test_without_hidden_layers_it_is_linear_regression(weights):
    """Of columns that are hardly correlated, so that a few hundred steps get there."""
    columns = X[:, [0, 1, 2, 6]]
    expected = LinearRegression().fit(columns, Y, sample_weight=weights).predict(columns)
    found = Regressor(**LINEAR).fit(columns, Y, sample_weight=weights).predict(columns)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_several_numbers_for_each_example():
    columns, both = X[:, [0, 1, 2, 6]], np.stack([Y, 1e-3 * Y**2, -Y], axis=1)
    regressor = Regressor(**LINEAR).fit(columns, both)
    np.testing.assert_allclose(regressor.predict(columns), LinearRegression().fit(columns, both).predict(columns), atol=0.1)
    assert regressor.n_outputs_ == 3
    assert regressor.score(columns, both) == pytest.approx(LinearRegression().fit(columns, both).score(columns, both), abs=1e-5)


def test_predictions_have_the_shape_of_y():
    for y in (Y, Y[:, np.newaxis], np.stack([Y, Y], axis=1), Y.tolist(), Y.astype(int)):
        assert Regressor(epochs=1).fit(X, y).predict(X).shape == np.shape(y)
    assert Regressor(epochs=1).fit(X.astype(np.float32), Y.astype(np.float32)).predict(X.astype(np.float32)).dtype == np.float32
    assert Regressor(epochs=1, dtype=np.float32).fit(X, Y).predict(X).dtype == np.float64
    assert Regressor(epochs=1).fit(X[:1], Y[:1]).predict(X[:1]) == pytest.approx(Y[:1], abs=1)


def test_units_of_the_targets_do_not_matter():
    first = Regressor(epochs=5, random_state=0).fit(X, Y)
    second = Regressor(epochs=5, random_state=0).fit(X, 1e6 * Y - 1e7)
    np.testing.assert_allclose(second.predict(X), 1e6 * first.predict(X) - 1e7, rtol=1e-6)
    np.testing.assert_allclose(first.loss_, second.loss_, rtol=1e-9)
    raw = Regressor(epochs=5, random_state=0, standardize_target=False).fit(X, Y)
    assert raw.target_scaler_ is None
    assert raw.loss_ > 1000 * first.loss_


def test_targets_as_they_are_for_a_loss_of_counts():
    columns = X[:, [2, 8]]
    counts = np.random.default_rng(0).poisson(np.exp(1 + 10 * columns[:, 0]))
    expected = PoissonRegressor(alpha=0, tol=1e-10).fit(columns, counts).predict(columns)
    settings = LINEAR | {"loss": nn.PoissonNLLLoss(), "standardize_target": False}
    np.testing.assert_allclose(np.exp(Regressor(**settings).fit(columns, counts).predict(columns)), expected, rtol=1e-4)


def test_a_loss_that_minds_outliers_less():
    y = 3 * X[:, 2]
    spoiled = np.where(np.arange(len(y)) % 20 == 0, 5.0, y)
    error = {
        type(loss).__name__: np.abs(Regressor(**LINEAR, loss=loss).fit(X[:, [2]], spoiled).predict(X[:, [2]]) - y).mean()
        for loss in (nn.MSELoss(), nn.HuberLoss(delta=0.05))
    }
    assert error["HuberLoss"] < 0.2 * error["MSELoss"]


def test_a_module_of_ones_own_gives_columns():
    regressor = Regressor(lambda n, k: nn.Sequential(nn.Linear(n, 4), nn.Tanh(), nn.Linear(4, k)), epochs=1).fit(X, Y)
    assert regressor.predict(X).shape == Y.shape
    with pytest.raises(ValueError, match=r"outputs of shape \(n, 1\), one for each of n_outputs; received \(1,\)"):
        Regressor(lambda n, k: nn.Sequential(nn.Linear(n, 1), nn.Flatten(0))).fit(X, Y)


def test_targets_that_make_no_sense():
    with pytest.raises(ValueError, match="NaN"):
        Regressor().fit(X, np.where(Y > 300, np.nan, Y))
    with pytest.raises(ValueError, match="could not convert string"):
        Regressor().fit(X[:2], np.array(["a", "b"], object))
    regressor = Regressor().partial_fit(X, Y)
    with pytest.raises(ValueError, match=r"expected 1 numbers? in y for each example.*received.*\(442, 2\)"):
        regressor.partial_fit(X, np.stack([Y, Y], axis=1))
    with pytest.raises(TypeError, match="expected standardize_target, True or False"):
        Regressor(standardize_target="no").fit(X, Y)


def test_partial_fit_follows_the_targets():
    regressor = Regressor(learning_rate=0.01, random_state=0)
    for _ in range(10):
        for part in np.array_split(np.arange(len(X)), 4):
            regressor.partial_fit(X[part], Y[part], sample_weight=np.ones(len(part)))
    np.testing.assert_allclose(regressor.target_scaler_.mean_, Y.mean())
    np.testing.assert_allclose(regressor.target_scaler_.scale_, Y.std())
    assert regressor.score(X, Y) > 0.4
