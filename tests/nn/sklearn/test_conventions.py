"""scikit-learn's own checks of what an estimator has to do, and its tools for estimators."""

import pickle

import numpy as np
import pandas
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import (
    GridSearchCV,
    KFold,
    RandomizedSearchCV,
    StratifiedKFold,
    cross_val_predict,
    cross_val_score,
    train_test_split,
)
from sklearn.multioutput import MultiOutputRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator, parametrize_with_checks

import nn.sklearn
from nn.sklearn import Classifier, Regressor

IRIS = load_iris(return_X_y=True)


# Of the defaults only the number of epochs and the rate are changed, for time. No check is expected to fail: in the one that
# says that weights are repetitions all examples are in one batch, where that holds.
@parametrize_with_checks([each(epochs=20, learning_rate=0.01) for each in (Classifier, Regressor)])
@pytest.mark.filterwarnings("ignore")  # the checks do things that scikit-learn warns of
def test_scikit_learns_checks(estimator, check):
    check(estimator)


BALANCED = "class_weight='balanced' counts all examples, and partial_fit sees some"
HELD_OUT = "early_stopping holds examples out, and partial_fit sees too few"
DRAWN = "what is drawn for examples, or normalized over them, depends on how many there are"
ONE_LABEL = "class_weight is for one label for each example"
PARTIAL = ("check_fit_score_takes_y", "check_n_features_in_after_fitting", "check_estimators_partial_fit_n_features")
REPEATED = "check_sample_weight_equivalence_on_dense_data"
SHORT = {"epochs": 20, "learning_rate": 0.01}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("estimator", "failing"),
    [
        (Classifier(), {}),
        (Regressor(), {}),
        (Classifier(**SHORT, batch_size=8, optimizer="adamw", dtype="float32"), {REPEATED: "batches are drawn"}),
        (Classifier(**SHORT, dropout=0.1), {REPEATED: DRAWN}),
        (Regressor(**SHORT, batch_norm=True, dtype=np.float32), {REPEATED: DRAWN}),
        (
            Classifier(**SHORT, class_weight="balanced"),
            dict.fromkeys(PARTIAL, BALANCED)
            | {
                "check_classifiers_multilabel_representation_invariance": ONE_LABEL,
                "check_classifiers_multilabel_output_format_predict": ONE_LABEL,
                "check_classifiers_multilabel_output_format_predict_proba": ONE_LABEL,
                "check_classifiers_multilabel_output_format_decision_function": ONE_LABEL,
            },
        ),
        (Classifier(**SHORT, early_stopping=True), dict.fromkeys(PARTIAL, HELD_OUT) | {REPEATED: "others are held out"}),
        (Regressor(**SHORT, warm_start=True), {"check_supervised_y_2d": "it fits twice, and the second fit goes on"}),
    ],
)
def test_scikit_learns_checks_of_other_settings(estimator, failing):
    results = check_estimator(estimator, expected_failed_checks=failing, on_skip=None)
    assert len(results) > 50
    assert {each["check_name"] for each in results if each["status"] == "xfail"} == failing.keys()


# ---------------------------------------------------------------- tools


def test_in_a_pipeline_and_a_grid_search():
    X, y = IRIS
    pipeline = make_pipeline(StandardScaler(), Classifier(epochs=8, learning_rate=0.02, random_state=0))
    grid = {"classifier__hidden_layer_sizes": [(), (8,), (16, 8)], "classifier__optimizer": ["adam", nn.optim.AdamW]}
    search = GridSearchCV(pipeline, grid, cv=3, error_score="raise").fit(X, y)
    assert search.best_score_ > 0.9
    assert search.predict(X[:5]).tolist() == [0] * 5
    assert len(search.cv_results_["params"]) == 6


def test_a_randomized_search_in_two_processes_comes_to_what_one_process_comes_to():
    X, y = load_diabetes(return_X_y=True)
    found = [
        RandomizedSearchCV(
            Regressor(epochs=3, random_state=0),
            {"dropout": [0.0, 0.1], "learning_rate": [0.003, 0.01], "batch_norm": [False, True]},
            n_iter=3,
            cv=2,
            random_state=0,
            n_jobs=n_jobs,
            error_score="raise",
        ).fit(X, y)
        for n_jobs in (1, 2)
    ]
    first, second = [each.cv_results_["mean_test_score"] for each in found]
    np.testing.assert_allclose(first, second, rtol=1e-9)
    assert found[0].best_params_ == found[1].best_params_


def test_probabilities_across_folds():
    X, y = load_breast_cancer(return_X_y=True)
    probabilities = cross_val_predict(Classifier(epochs=5, random_state=0), X, y, cv=3, method="predict_proba")
    assert roc_auc_score(y, probabilities[:, 1]) > 0.98
    calibrated = CalibratedClassifierCV(Classifier(epochs=3, random_state=0), cv=2).fit(X, y)
    assert calibrated.score(X, y) > 0.9


def test_several_tools_that_copy_estimators():
    X, y = load_diabetes(return_X_y=True)
    both = np.stack([y, -y], axis=1)
    several = MultiOutputRegressor(Regressor(epochs=5, learning_rate=0.01, random_state=0)).fit(X, both)
    assert several.score(X, both) > 0.5
    importance = permutation_importance(several.estimators_[0], X, y, n_repeats=2, random_state=0).importances_mean
    assert importance[2] > importance[0]  # the body mass index tells more than the age


def test_a_clone_has_the_settings_and_nothing_learned():
    stopping = nn.callbacks.TerminateOnNaN()
    estimator = Classifier(epochs=1, callbacks=[stopping], activation=nn.Tanh).fit(*IRIS)
    copy = clone(estimator)
    assert copy.activation is nn.Tanh
    assert copy.get_params()["epochs"] == 1
    assert "module_" not in vars(copy)
    assert copy.callbacks[0] is not stopping
    assert copy.set_params(epochs=2) is copy
    assert repr(Classifier(epochs=1)) == "Classifier(epochs=1)"


@pytest.mark.parametrize("kind", [Classifier, Regressor])
def test_a_pickled_estimator_predicts_the_same_bits_and_goes_on_to_the_same_bits(kind):
    X, y = IRIS
    estimator = kind(hidden_layer_sizes=(8,), dropout=0.2, batch_norm=True, epochs=2, random_state=0).fit(X, y)
    copy = pickle.loads(pickle.dumps(estimator))
    np.testing.assert_array_equal(copy.predict(X), estimator.predict(X))
    assert len(pickle.dumps(estimator)) < 20_000  # the data are not in it
    for each in (estimator, copy):
        each.partial_fit(X, y)
    assert copy.history_.fingerprint == estimator.history_.fingerprint
    np.testing.assert_array_equal(copy.predict(X), estimator.predict(X))


def test_names_of_features_are_kept_and_compared():
    X, y = load_iris(return_X_y=True, as_frame=True)
    classifier = Classifier(epochs=1, random_state=0).fit(X, y)
    assert list(classifier.feature_names_in_) == list(X.columns)
    np.testing.assert_array_equal(classifier.predict(X), Classifier(epochs=1, random_state=0).fit(*IRIS).predict(IRIS[0]))
    with pytest.raises(ValueError, match="feature names"):
        classifier.predict(X.rename(columns={"sepal length (cm)": "other"}))
    assert isinstance(X, pandas.DataFrame)


# ---------------------------------------------------------------- beside scikit-learn's own networks


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")  # scikit-learn's has not converged
@pytest.mark.parametrize("load", [load_iris, load_breast_cancer, load_digits])
def test_accuracy_is_that_of_scikit_learns_network(load):
    X, y = load(return_X_y=True)
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    ours = cross_val_score(Classifier(random_state=0), X, y, cv=folds).mean()
    peer = make_pipeline(StandardScaler(), MLPClassifier((64, 32), random_state=0))
    assert ours > cross_val_score(peer, X, y, cv=folds).mean() - 0.02


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_determination_is_that_of_scikit_learns_network_on_diabetes():
    X, y = load_diabetes(return_X_y=True)
    folds = KFold(5, shuffle=True, random_state=0)
    ours = cross_val_score(Regressor(early_stopping=True, random_state=0), X, y, cv=folds).mean()
    peer = make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=(64, 32), random_state=0, early_stopping=True))
    assert ours > max(0.45, cross_val_score(peer, X, y, cv=folds).mean() - 0.02)
    assert ours > cross_val_score(LinearRegression(), X, y, cv=folds).mean() - 0.05


def test_few_epochs_come_near_a_linear_model():
    X, y = load_breast_cancer(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
    ours = Classifier(epochs=10, random_state=0).fit(X_train, y_train).score(X_test, y_test)
    peer = make_pipeline(StandardScaler(), LogisticRegression()).fit(X_train, y_train).score(X_test, y_test)
    assert ours > peer - 0.02
