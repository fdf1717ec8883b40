"""What both estimators share: settings, random numbers, weights, early stopping, going on."""

import importlib
import sys
import threading

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_iris
from sklearn.exceptions import NotFittedError

import autograd as ag
import nn
from nn.sklearn import Classifier, Regressor

X, Y = load_iris(return_X_y=True)
BOTH = pytest.mark.parametrize("kind", [Classifier, Regressor])


def network(n_features, n_outputs):
    return nn.Sequential(nn.Linear(n_features, 8), nn.Tanh(), nn.Dropout(0.2), nn.Linear(8, n_outputs))


def fingerprint(estimator, X=X, y=Y):
    return estimator.fit(X, y).history_.fingerprint


# ---------------------------------------------------------------- random numbers


@BOTH
@pytest.mark.parametrize("settings", [{"dropout": 0.3}, {"module": network}, {"early_stopping": True}])
def test_the_same_random_state_gives_the_same_bits_and_leaves_the_library_alone(kind, settings):
    make = lambda state: kind(**settings, epochs=3, random_state=state)
    ag.seed(3)
    before = ag.generator().bit_generator.state
    first = fingerprint(make(1))
    assert ag.generator().bit_generator.state == before
    ag.generator().random(5)
    assert fingerprint(make(1)) == first
    assert fingerprint(make(2)) != first
    assert fingerprint(make(np.random.RandomState(1))) == first


@BOTH
@pytest.mark.parametrize("module", [None, network])
def test_without_random_state_the_seed_of_the_library_counts(kind, module):
    ag.seed(5)
    first, other = fingerprint(kind(module, epochs=1)), fingerprint(kind(module, epochs=1))
    ag.seed(5)
    assert fingerprint(kind(module, epochs=1)) == first != other


def test_a_random_state_that_is_none_is_refused():
    with pytest.raises(ValueError, match="seed"):
        Classifier(random_state="one").fit(X, Y)


def test_threads_come_to_the_same_bits():
    expected = [fingerprint(Classifier(network, epochs=5, random_state=seed)) for seed in range(4)]
    found = {}
    before = ag.generator().bit_generator.state
    threads = [
        threading.Thread(
            target=lambda seed=seed: found.update({seed: fingerprint(Classifier(network, epochs=5, random_state=seed))})
        )
        for seed in range(4)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [found[seed] for seed in range(4)] == expected
    assert ag.generator().bit_generator.state == before


def test_a_module_that_fails_leaves_the_library_alone():
    def broken(n_features, n_outputs):
        ag.generator().random()
        raise RuntimeError("broken")

    before = ag.generator().bit_generator.state
    with pytest.raises(RuntimeError, match="broken"):
        Classifier(broken).fit(X, Y)
    after = ag.generator().bit_generator.state
    Classifier(epochs=1, random_state=0).fit(X, Y)
    assert ag.generator().bit_generator.state == after
    with pytest.raises(RuntimeError):
        Classifier(broken, random_state=0).fit(X, Y)
    assert ag.generator().bit_generator.state == after != before


# ---------------------------------------------------------------- standardization and dtypes


@BOTH
def test_units_of_the_inputs_do_not_matter(kind):
    scale, offset = np.array([1.0, 100.0, 1e-3, 1e4]), np.array([0.0, 5.0, 1.0, -1e4])
    first = kind(epochs=5, random_state=0).fit(X, Y)
    second = kind(epochs=5, random_state=0).fit(X * scale + offset, Y)
    np.testing.assert_allclose(first.history_["loss"], second.history_["loss"], rtol=1e-6)
    raw = kind(epochs=5, random_state=0, standardize=False).fit(X, Y)
    assert raw.scaler_ is None
    assert raw.history_["loss"] != first.history_["loss"]


def test_the_module_takes_what_the_scaler_gives():
    classifier = Classifier(epochs=2, random_state=0).fit(X, Y)
    logits = classifier.module_(classifier.scaler_.transform(X))
    np.testing.assert_array_equal(classifier.classes_[logits.numpy().argmax(axis=1)], classifier.predict(X))
    assert not classifier.module_.training


@BOTH
def test_dtypes(kind):
    dtype_of = lambda estimator, X: next(estimator.fit(X, Y).module_.parameters()).dtype
    assert dtype_of(kind(epochs=1), X) == np.float64
    assert dtype_of(kind(epochs=1), X.astype(int)) == np.float64
    assert dtype_of(kind(epochs=1), X.astype(np.float32)) == np.float32
    assert dtype_of(kind(epochs=1, dtype="float32"), X) == np.float32
    assert dtype_of(kind(network, epochs=1), X) == np.float32
    assert dtype_of(kind(network, epochs=1, dtype=np.float64), X) == np.float64
    assert kind(epochs=1).fit(X, Y).predict(X.astype(np.float32)).shape == Y.shape


def test_images_go_into_a_module_of_ones_own():
    def convolutional(n_features, n_outputs):
        return nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 36, n_outputs))

    digits, labels = load_digits(n_class=3, return_X_y=True)
    images = digits.reshape(-1, 1, 8, 8)
    classifier = Classifier(convolutional, epochs=3, learning_rate=0.01, random_state=0).fit(images[::2], labels[::2])
    assert classifier.score(images[1::2], labels[1::2]) > 0.95
    with pytest.raises(ValueError, match="dim 4"):
        Classifier().fit(images, labels)


def test_inputs_that_are_no_rows_in_memory():
    wide = np.repeat(X, 2, axis=1)[:, ::2]
    assert not wide.flags.c_contiguous
    assert fingerprint(Classifier(epochs=1, random_state=0), wide) == fingerprint(Classifier(epochs=1, random_state=0))
    assert fingerprint(Classifier(epochs=1, random_state=0), X.tolist(), Y.tolist()) == fingerprint(
        Classifier(epochs=1, random_state=0)
    )


# ---------------------------------------------------------------- batches and early stopping


@BOTH
def test_a_last_batch_of_one_example_does_not_stop_batch_norm(kind):
    estimator = kind(batch_norm=True, batch_size=16, epochs=2, random_state=0).fit(X[:33], Y[:33])
    assert estimator.module_[1].num_batches_tracked.item() == 2 * 2
    everything = kind(batch_norm=True, batch_size=16, epochs=2, random_state=0).fit(X[:34], Y[:34])
    assert everything.module_[1].num_batches_tracked.item() == 2 * 3
    with pytest.raises(ValueError, match="at least two examples in a batch with batch norm, received batch_size=1"):
        kind(batch_norm=True, batch_size=1).fit(X, Y)
    with pytest.raises(ValueError, match="received n_samples = 1"):
        kind(batch_norm=True).fit(X[:1], Y[:1])


def test_all_examples_are_one_batch_without_a_size():
    class Counter(nn.callbacks.Callback):
        batches = 0

        def on_batch_end(self, trainer):
            self.batches += 1

    for size, batches in ((None, 1), (50, 3), (1000, 1)):
        counter = Counter()
        Classifier(epochs=2, batch_size=size, callbacks=[counter]).fit(X, Y)
        assert counter.batches == 2 * batches


@BOTH
def test_early_stopping_keeps_the_best_weights_and_learns_nothing_of_what_is_held_out(kind):
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(60, 5))
    labels = rng.integers(0, 2, 60)
    estimator = kind(early_stopping=True, validation_fraction=0.25, patience=3, learning_rate=0.01, random_state=0)
    estimator.fit(noise, labels)
    history = estimator.history_
    best = history.best("val_loss")
    assert estimator.n_iter_ == history.epochs == best + 3 < 100
    assert estimator.scaler_.n_samples_seen_ == 45
    assert estimator.loss_ == history["loss"][-1]
    again = kind(early_stopping=True, validation_fraction=0.25, patience=3, learning_rate=0.01, random_state=0, epochs=best)
    again.fit(noise, labels)
    np.testing.assert_array_equal(again.predict(noise), estimator.predict(noise))


@BOTH
def test_early_stopping_with_too_few_examples(kind):
    kind(early_stopping=True, epochs=2).fit(X[:4], [0, 1, 1, 2])  # too few for shares of each class
    with pytest.raises(ValueError, match="at least two examples with early_stopping=True, received n_samples = 1"):
        kind(early_stopping=True).fit(X[:1], Y[:1])


# ---------------------------------------------------------------- going on


@BOTH
def test_warm_start_goes_on_from_the_weights_and_with_their_standardization(kind):
    estimator = kind(epochs=2, warm_start=True, random_state=0).fit(X, Y)
    first, mean = estimator.module_, estimator.scaler_.mean_.copy()
    weights = first.state_dict()
    estimator.fit(X[10:], Y[10:])
    assert estimator.module_ is first
    assert estimator.n_iter_ == 4
    np.testing.assert_array_equal(estimator.scaler_.mean_, mean)
    assert not np.array_equal(first.state_dict()["0.weight"], weights["0.weight"])
    estimator.set_params(warm_start=False).fit(X, Y)
    assert estimator.module_ is not first
    assert estimator.n_iter_ == 2


@BOTH
def test_settings_of_another_network_are_refused_when_it_is_to_go_on(kind):
    estimator = kind(epochs=1, warm_start=True, hidden_layer_sizes=[8]).fit(X, Y)
    estimator.set_params(hidden_layer_sizes=(8,), learning_rate=0.1, epochs=2).fit(X, Y)
    with pytest.raises(ValueError, match=r"expected hidden_layer_sizes=\[8\], .* received \(9,\); begin anew with"):
        estimator.set_params(hidden_layer_sizes=(9,)).fit(X, Y)
    with pytest.raises(ValueError, match="4 features"):
        estimator.set_params(hidden_layer_sizes=[8]).fit(X[:, :2], Y)


@BOTH
def test_partial_fit_learns_from_one_batch_after_another(kind):
    estimator = kind(learning_rate=0.01, random_state=0)
    first = {"classes": [0, 1, 2]} if kind is Classifier else {}
    order = np.random.default_rng(0).permutation(len(X))
    for _ in range(12):
        for part in np.array_split(order, 5):
            estimator.partial_fit(X[part], Y[part], **first)
    assert estimator.score(X, Y) > 0.9
    assert estimator.n_iter_ == 60
    np.testing.assert_allclose(estimator.scaler_.mean_, X.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(estimator.scaler_.var_, X.var(axis=0), rtol=1e-12)
    with pytest.raises(ValueError, match="partial_fit: expected early_stopping=False"):
        estimator.set_params(early_stopping=True).partial_fit(X, Y)


def test_partial_fit_after_fit_keeps_the_optimizer():
    estimator = Regressor(epochs=1, random_state=0).fit(X, Y)
    optimizer = estimator.optimizer_
    estimator.partial_fit(X, Y)
    assert estimator.optimizer_ is optimizer
    estimator.fit(X, Y)
    assert estimator.optimizer_ is not optimizer


def test_a_fit_that_fails_leaves_nothing_that_predicts():
    classifier = Classifier(epochs=1, random_state=0).fit(X, Y)
    expected = classifier.predict(X)
    with pytest.raises(ValueError, match="NaN"):
        classifier.fit(np.where(X > 5, np.nan, X), Y)
    np.testing.assert_array_equal(classifier.predict(X), expected)  # the data were not even read
    with pytest.raises(ValueError, match="outputs of shape"):
        classifier.set_params(module=lambda n_features, n_outputs: nn.Linear(n_features, 1)).fit(X * 100, Y)
    with pytest.raises(NotFittedError):
        classifier.predict(X)


def test_an_interrupt_leaves_an_estimator_that_predicts():
    class Interrupt(nn.callbacks.Callback):
        def on_epoch_begin(self, trainer):
            if trainer.epoch == self.epoch:
                raise KeyboardInterrupt

    interrupt = Interrupt()
    classifier = Classifier(callbacks=[interrupt], random_state=0)
    for interrupt.epoch in (0, 3):
        with pytest.raises(KeyboardInterrupt):
            classifier.fit(X, Y)
        assert classifier.n_iter_ == interrupt.epoch
        assert np.isnan(classifier.loss_) == (interrupt.epoch == 0)
    assert classifier.predict(X).shape == (150,)
    assert not classifier.module_.training


def test_verbose_shows_a_bar(capsys):
    Classifier(epochs=1, verbose=True).fit(X, Y)
    shown = capsys.readouterr()
    assert "loss" in shown.err + shown.out
    Classifier(epochs=1).fit(X, Y)
    shown = capsys.readouterr()
    assert shown.err + shown.out == ""


# ---------------------------------------------------------------- weights


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (-np.eye(1, 150)[0], "expected sample_weight from 0 on, received -1.0 for example 0"),
        (np.zeros(150), "all zero"),
        (np.ones(149), "received shape \\(149,\\)"),
        (np.full(150, np.nan), "NaN"),
    ],
)
def test_weights_that_make_no_sense(weights, message):
    with pytest.raises(ValueError, match=message):
        Classifier(epochs=1).fit(X, Y, sample_weight=weights)


# ---------------------------------------------------------------- settings


@BOTH
@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"epochs": 0}, ValueError, "expected epochs, a finite number of 1 or more; received 0"),
        ({"epochs": 1.5}, TypeError, "expected epochs, a whole number"),
        ({"patience": -1}, ValueError, "patience"),
        ({"batch_size": 0}, ValueError, "batch_size"),
        ({"learning_rate": -1.0}, ValueError, "learning_rate"),
        ({"weight_decay": "1"}, TypeError, "weight_decay"),
        ({"dropout": 1.5}, ValueError, "dropout"),
        ({"validation_fraction": 1.0}, ValueError, "expected validation_fraction, a share between 0 and 1; received 1.0"),
        ({"batch_norm": "yes"}, TypeError, "expected batch_norm, True or False"),
        ({"dtype": np.int32}, TypeError, "expected dtype np.float32, np.float64 or None"),
        ({"module": network, "dropout": 0.5}, ValueError, "dropout=0.5 would have no effect, since module is"),
        ({"optimizer": nn.optim.SGD, "learning_rate": 0.1, "epochs": 0}, ValueError, "epochs"),
        (
            {"optimizer": lambda p: nn.optim.SGD(p), "learning_rate": 0.1},
            ValueError,
            "learning_rate=0.1 would have no effect, since optimizer is",
        ),
    ],
)
def test_settings_that_make_no_sense_are_refused_in_fit(kind, settings, error, message):
    with pytest.raises(error, match=f"{kind.__name__}.fit: .*{message}"):
        kind(**settings).fit(X, Y)


def test_what_is_not_fitted_says_so():
    with pytest.raises(NotFittedError, match="not fitted yet"):
        Classifier().predict_proba(X)
    with pytest.raises(AttributeError):
        Classifier().n_iter_  # noqa: B018


def test_an_older_scikit_learn_is_named(monkeypatch):
    for name in [each for each in sys.modules if each.startswith("nn.sklearn")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn.utils.validation", None)
    with pytest.raises(ImportError, match="needs scikit-learn 1.6 or later: pip install"):
        importlib.import_module("nn.sklearn")
