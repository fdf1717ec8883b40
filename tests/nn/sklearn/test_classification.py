"""Classes of all kinds, probabilities, losses, weights: against scikit-learn's logistic regression where it has the answer."""

import warnings

import numpy as np
import pytest
from scipy import sparse
from sklearn.datasets import load_iris, make_multilabel_classification
from sklearn.linear_model import LogisticRegression
from sklearn.utils.class_weight import compute_sample_weight

import nn
from nn.sklearn import Classifier

X, Y = load_iris(return_X_y=True)
TWO = Y > 0
RNG = np.random.default_rng(0)
NOISY = np.where(RNG.random(150) < 0.25, RNG.integers(0, 3, 150), Y)  # classes that no plane separates
LINEAR = {"hidden_layer_sizes": (), "batch_size": None, "learning_rate": 0.3, "epochs": 600, "random_state": 0}


def logistic(y, **weights):
    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    return LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(scaled, y, **weights).predict_proba(scaled)


@pytest.mark.parametrize("loss", [None, nn.BCEWithLogitsLoss()])
def test_without_hidden_layers_it_is_logistic_regression_of_two_classes(loss):
    y = NOISY > 0
    found = Classifier(**LINEAR, loss=loss).fit(X, y).predict_proba(X)
    np.testing.assert_allclose(found, logistic(y), atol=1e-4)


def test_without_hidden_layers_it_is_logistic_regression_of_several_classes_with_weights():
    weights = RNG.uniform(0, 2, 150)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        expected = logistic(NOISY, sample_weight=weights)
        assert np.abs(expected - logistic(NOISY)).max() > 0.05
    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    settings = LINEAR | {"epochs": 2000, "learning_rate": 0.1}
    found = Classifier(**settings, standardize=False).fit(scaled, NOISY, sample_weight=weights).predict_proba(scaled)
    np.testing.assert_allclose(found, expected, atol=2e-3)


def test_in_one_batch_a_weight_is_a_number_of_repetitions():
    weights = np.random.default_rng(1).integers(0, 4, 150)
    settings = {"batch_size": None, "optimizer": "sgd", "learning_rate": 0.1, "epochs": 20, "random_state": 0}
    for balanced in (None, "balanced"):
        first = Classifier(**settings, class_weight=balanced).fit(X, NOISY, sample_weight=weights)
        second = Classifier(**settings, class_weight=balanced).fit(np.repeat(X, weights, axis=0), np.repeat(NOISY, weights))
        np.testing.assert_allclose(first.predict_proba(X), second.predict_proba(X), rtol=1e-9)


@pytest.mark.parametrize("class_weight", ["balanced", {0: 1.0, 1: 5.0, 2: 0.5}])
def test_weights_of_classes_are_scikit_learns(class_weight):
    y = np.minimum(NOISY, 1 + (np.arange(150) % 5 == 0))
    first = Classifier(epochs=3, random_state=0, class_weight=class_weight).fit(X, y)
    second = Classifier(epochs=3, random_state=0).fit(X, y, sample_weight=compute_sample_weight(class_weight, y))
    np.testing.assert_allclose(first.predict_proba(X), second.predict_proba(X), rtol=1e-9)


# ---------------------------------------------------------------- labels


@pytest.mark.parametrize(
    "names",
    [
        np.array(["setosa", "versicolor", "virginica"]),
        np.array(["setosa", "versicolor", "virginica"], object),
        np.array([10, -3, 7]),
        np.array([0.0, 2.0, 1.0]),
    ],
    ids=lambda names: str(names.dtype),
)
def test_labels_come_back_as_they_were(names):
    classifier = Classifier(epochs=15, learning_rate=0.02, random_state=0).fit(X, names[Y])
    assert classifier.classes_.tolist() == sorted(names.tolist())
    predicted = classifier.predict(X)
    assert predicted.dtype == names.dtype
    assert np.mean(predicted == names[Y]) > 0.9
    np.testing.assert_array_equal(classifier.classes_[classifier.predict_proba(X).argmax(axis=1)], predicted)


@pytest.mark.parametrize("labels", [TWO, np.where(TWO, "yes", "no")])
@pytest.mark.parametrize("loss", [None, nn.BCEWithLogitsLoss(), nn.BCELoss()], ids=str)
def test_two_classes(labels, loss):
    sigmoid = isinstance(loss, nn.BCELoss)
    network = (lambda n, k: nn.Sequential(nn.Linear(n, k), nn.Sigmoid())) if sigmoid else None
    classifier = Classifier(network, loss=loss, epochs=20, learning_rate=0.02, random_state=0).fit(X, labels)
    assert classifier.n_outputs_ == (2 if loss is None else 1)
    assert classifier.score(X, labels) > 0.95
    probabilities = classifier.predict_proba(X)
    assert probabilities.shape == (150, 2)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_array_equal(classifier.classes_[probabilities.argmax(axis=1)], classifier.predict(X))
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(classifier.predict_log_proba(X), np.log(probabilities), rtol=1e-9, atol=1e-9)


def test_logarithms_of_probabilities_that_are_zero():
    classifier = Classifier(hidden_layer_sizes=(), standardize=False, random_state=0, epochs=1).fit([[0.0], [1.0]], [0, 1])
    far = classifier.predict_log_proba([[1e5], [-1e5]])
    assert np.isfinite(far).all()
    assert far.min() < -1000
    single = classifier.set_params(loss=nn.BCEWithLogitsLoss()).fit([[0.0], [1.0]], [0, 1])
    far = single.predict_log_proba([[1e5], [-1e5]])
    assert np.isfinite(far).all()
    assert far.min() < -1000


def test_other_losses():
    network = lambda n, k: nn.Sequential(nn.Linear(n, k), nn.LogSoftmax(dim=1))
    likelihood = Classifier(network, loss=nn.NLLLoss(), epochs=3, random_state=0).fit(X, Y)
    usual = Classifier(lambda n, k: nn.Linear(n, k), epochs=3, random_state=0).fit(X, Y)
    np.testing.assert_allclose(likelihood.predict_proba(X), usual.predict_proba(X), rtol=1e-5)
    np.testing.assert_allclose(likelihood.predict_log_proba(X), usual.predict_log_proba(X), rtol=1e-4)

    margin = Classifier(loss=nn.MultiMarginLoss(), epochs=15, learning_rate=0.02, random_state=0).fit(X, Y)
    assert margin.score(X, Y) > 0.9
    assert not hasattr(margin, "predict_proba")
    assert not hasattr(margin.set_params(loss=None), "predict_proba")
    assert hasattr(Classifier(), "predict_proba")
    assert not hasattr(Classifier(loss=nn.MultiMarginLoss()), "predict_log_proba")
    own = Classifier(loss=lambda outputs, labels: nn.functional.cross_entropy(outputs, labels), epochs=3, random_state=0)
    assert own.fit(X, Y).history_["loss"] == Classifier(epochs=3, random_state=0).fit(X, Y).history_["loss"]
    with pytest.raises(TypeError, match="weights need the loss of each example"):
        own.fit(X, Y, sample_weight=np.ones(150))


def test_losses_that_do_not_fit_the_classes():
    with pytest.raises(ValueError, match="expected two classes with BCEWithLogitsLoss.*y has 3, for which there is"):
        Classifier(loss=nn.BCEWithLogitsLoss()).fit(X, Y)
    with pytest.raises(ValueError, match=r"expected a loss for several labels, such as nn.BCEWithLogitsLoss\(\)"):
        Classifier(loss=nn.CrossEntropyLoss()).fit(X, np.stack([TWO, ~TWO], axis=1))


# ---------------------------------------------------------------- several labels


def test_several_labels_for_each_example():
    inputs, labels = make_multilabel_classification(200, n_features=8, n_classes=3, random_state=0)
    classifier = Classifier(epochs=40, learning_rate=0.01, early_stopping=True, random_state=0).fit(inputs, labels)
    assert classifier.classes_.tolist() == [0, 1, 2]
    probabilities, predicted = classifier.predict_proba(inputs), classifier.predict(inputs)
    assert probabilities.shape == predicted.shape == labels.shape
    np.testing.assert_array_equal(predicted, probabilities > 0.5)
    assert np.mean(predicted == labels) > 0.8
    assert classifier.score(inputs, labels) == np.mean((predicted == labels).all(axis=1))
    np.testing.assert_allclose(classifier.predict_log_proba(inputs), np.log(probabilities))


def test_a_label_of_several_is_learned_as_it_would_be_alone():
    y = NOISY > 0
    both = Classifier(**LINEAR).fit(X, np.stack([y, ~y], axis=1))
    np.testing.assert_allclose(both.predict_proba(X)[:, 0], logistic(y)[:, 1], atol=1e-4)


def test_what_several_labels_cannot_be():
    several = np.stack([TWO, ~TWO], axis=1).astype(int)
    with pytest.raises(ValueError, match="class_weight is for one label"):
        Classifier(class_weight="balanced").fit(X, several)
    with pytest.raises(ValueError, match=r"expected 0 and 1 in the columns of y, received \[1, 3\]"):
        Classifier().fit(X, several * 2 + 1)
    with pytest.raises(ValueError, match=r"or several of 0 and 1; received several of more"):
        Classifier().fit(X, np.stack([Y, Y], axis=1))
    with pytest.raises(TypeError, match="[Ss]parse"):
        Classifier().fit(X, sparse.csr_array(several))
    classifier = Classifier().partial_fit(X, several)
    with pytest.raises(ValueError, match=r"expected y with 2 columns as before"):
        classifier.partial_fit(X, several[:, [0, 0, 1]])
    with pytest.raises(ValueError, match=r"expected y with 2 columns as before"):
        classifier.partial_fit(X, TWO)


# ---------------------------------------------------------------- partial_fit


def test_partial_fit_knows_classes_that_come_later():
    classifier = Classifier(random_state=0)
    with pytest.raises(ValueError, match="Classifier.partial_fit: expected classes"):
        classifier.partial_fit(X, Y)
    classifier.partial_fit(X[:50], Y[:50], classes=[2, 1, 0])
    assert classifier.classes_.tolist() == [0, 1, 2]
    classifier.partial_fit(X[50:], Y[50:])
    assert classifier.predict_proba(X).shape == (150, 3)
    with pytest.raises(ValueError, match="expected the classes that are known"):
        classifier.partial_fit(X, Y, classes=[0, 1])
    with pytest.raises(ValueError, match="expected the classes 0, 1, 2; received .*3.* in row 1 of y"):
        classifier.partial_fit(X[:2], [0, 3])
    with pytest.raises(ValueError, match="for the 3 outputs of the network|expected two classes"):
        classifier.set_params(loss=nn.BCEWithLogitsLoss()).partial_fit(X, Y)
    with pytest.raises(ValueError, match="expected class_weight as a dict"):
        classifier.set_params(class_weight="balanced").partial_fit(X, Y)


def test_another_loss_for_the_network_that_is_there():
    classifier = Classifier(epochs=1, warm_start=True, random_state=0).fit(X, TWO)
    classifier.set_params(loss=nn.MultiMarginLoss()).fit(X, TWO)
    assert classifier.n_iter_ == 2
    with pytest.raises(ValueError, match="expected a loss for the 2 outputs of the network that is there"):
        classifier.set_params(loss=nn.BCEWithLogitsLoss()).fit(X, TWO)
