"""The loop: against one written by hand, against larger batches, against repeated examples; and what it refuses."""

import copy

import numpy as np
import pytest

import autograd as ag
import nn
from nn.callbacks import Callback
from nn.data import DataLoader, TensorDataset

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 4))
LABELS = (X[:, 0] + X[:, 1] > 0).astype(int) + (X[:, 2] > 0)
VALUES = X @ np.array([[1.0], [-2.0], [0.5], [0.0]])


def model_of(outputs, dropout=0.0):
    ag.seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Dropout(dropout), nn.Linear(8, outputs)).astype(np.float64)


def classifier(**settings):
    model = model_of(3)
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    return nn.Trainer(model, nn.CrossEntropyLoss(), optimizer, metrics=["accuracy"], **settings)


def regressor(optimizer=nn.optim.SGD, loss=None, **settings):
    model = model_of(1)
    return nn.Trainer(model, loss or nn.MSELoss(), optimizer(model.parameters(), lr=0.05), **settings)


def weights(trainer):
    return np.concatenate([each.numpy().ravel() for each in trainer.model.parameters()])


# ---------------------------------------------------------------- the loop


def test_it_is_the_loop_that_everybody_writes():
    trainer = classifier()
    loader = DataLoader(TensorDataset(X, LABELS), 16, shuffle=True, rng=3)
    history = trainer.fit(loader, epochs=3, validation_data=(X[:7], LABELS[:7]))

    model, loss_function = model_of(3), nn.CrossEntropyLoss()
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    losses, accuracies, validation = [], [], []
    again = DataLoader(TensorDataset(X, LABELS), 16, shuffle=True, rng=3)
    for _ in range(3):
        total, right = 0.0, 0
        for x, y in again:
            optimizer.zero_grad()
            logits = model(x)
            loss = loss_function(logits, y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
            right += int((logits.argmax(axis=1) == y).sum())
        losses.append(total / 60)
        accuracies.append(right / 60)
        with ag.no_grad():
            validation.append(loss_function(model(X[:7]), LABELS[:7]).item())
    assert history["loss"] == pytest.approx(losses, rel=1e-14)
    assert history["accuracy"] == accuracies
    assert history["val_loss"] == pytest.approx(validation, rel=1e-14)
    assert np.array_equal(weights(trainer), np.concatenate([each.numpy().ravel() for each in model.parameters()]))


@pytest.mark.parametrize("size", [7, 20])
def test_accumulated_gradients_are_those_of_a_large_batch(size):
    """Three batches, the last of which may be shorter, have the gradient of one."""
    small, large = regressor(accumulate=3), regressor()
    small.fit(X[:20], VALUES[:20], batch_size=size if size == 20 else 7, epochs=4, shuffle=False)
    large.fit(X[:20], VALUES[:20], batch_size=20, epochs=4, shuffle=False)
    assert small.updates == large.updates == 4
    assert weights(small) == pytest.approx(weights(large), rel=1e-12)


def test_an_accumulated_sum_is_a_sum():
    small, large = regressor(loss=nn.MSELoss(reduction="sum"), accumulate=2), regressor(loss=nn.MSELoss(reduction="sum"))
    for trainer, size in ((small, 5), (large, 10)):
        trainer.optimizer.param_groups[0]["lr"] = 1e-3
        history = trainer.fit(X[:10], VALUES[:10], batch_size=size, epochs=2, shuffle=False)
    assert weights(small) == pytest.approx(weights(large), rel=1e-12)
    assert history["loss"][0] == pytest.approx(np.mean((model_of(1)(X[:10]).numpy() - VALUES[:10]) ** 2))


def test_weights_of_whole_numbers_are_repetitions():
    counts = RNG.integers(0, 4, 60)
    weighted, repeated = regressor(), regressor()
    weighted.fit(X, VALUES, batch_size=60, epochs=5, sample_weight=counts, shuffle=False)
    history = repeated.fit(np.repeat(X, counts, 0), np.repeat(VALUES, counts, 0), batch_size=240, epochs=5, shuffle=False)
    assert weights(weighted) == pytest.approx(weights(repeated), rel=1e-12)
    assert weighted.history["loss"] == pytest.approx(history["loss"], rel=1e-12)
    found = weighted.evaluate(X, VALUES, batch_size=9, sample_weight=counts)["loss"]
    assert found == pytest.approx(repeated.evaluate(np.repeat(X, counts, 0), np.repeat(VALUES, counts, 0))["loss"], rel=1e-12)


@pytest.mark.parametrize("given", [{0: 1.0, 1: 2.0, 2: 0.5}, {1: 2.0, 2: 0.5}, [1.0, 2.0, 0.5]])
def test_class_weights_are_those_of_the_loss(given):
    trainer, other = classifier(), classifier()
    other = nn.Trainer(other.model, nn.CrossEntropyLoss(weight=np.array([1.0, 2.0, 0.5])), other.optimizer)
    trainer.fit(X, LABELS, batch_size=20, epochs=2, class_weight=given, shuffle=False)
    other.fit(X, LABELS, batch_size=20, epochs=2, shuffle=False)
    assert weights(trainer) == pytest.approx(weights(other), rel=1e-12)


def test_balanced_classes_and_weights_of_examples_multiply():
    counts = np.bincount(LABELS)
    balanced, explicit = classifier(), classifier()
    own = RNG.random(60)
    balanced.fit(X, LABELS, class_weight="balanced", sample_weight=own, shuffle=False)
    explicit.fit(X, LABELS, sample_weight=own * (60 / (3 * counts))[LABELS], shuffle=False)
    assert weights(balanced) == pytest.approx(weights(explicit), rel=1e-12)


def test_a_batch_of_which_nothing_counts_is_as_if_it_were_not_there():
    counts = np.repeat([1.0, 0.0, 1.0], 4)
    trainer, other = regressor(nn.optim.Adam), regressor(nn.optim.Adam)
    trainer.fit(X[:12], VALUES[:12], batch_size=4, sample_weight=counts, shuffle=False)
    other.fit(X[:12][counts > 0], VALUES[:12][counts > 0], batch_size=4, shuffle=False)
    assert trainer.updates == 2
    assert weights(trainer) == pytest.approx(weights(other), rel=1e-12)
    assert np.isnan(regressor().fit(X, VALUES, sample_weight=np.zeros(60))["loss"][0])


def test_metrics_are_weighted_by_example_and_not_by_class():
    own = RNG.random(60)
    seen = []

    class Recording(nn.metrics.Accuracy):
        def update(self, predictions, targets, sample_weight=None):
            seen.append(sample_weight)
            super().update(predictions, targets, sample_weight)

    model = model_of(3)
    trainer = nn.Trainer(model, nn.CrossEntropyLoss(), nn.optim.SGD(model.parameters(), lr=0.1), metrics=[Recording()])
    trainer.fit(X, LABELS, batch_size=60, class_weight=[1.0, 5.0, 2.0], sample_weight=own, shuffle=False)
    assert np.array_equal(seen[-1], own)
    trainer.fit(X, LABELS, batch_size=60, class_weight=[1.0, 5.0, 2.0], shuffle=False)
    assert seen[-1] is None


def test_a_last_batch_with_fewer_examples_may_be_left_out():
    trainer = regressor()
    trainer.fit(X, VALUES, batch_size=25, drop_last=True, shuffle=False)
    other = regressor()
    other.fit(X[:50], VALUES[:50], batch_size=25, shuffle=False)
    assert trainer.updates == 2
    assert np.array_equal(weights(trainer), weights(other))
    with pytest.raises(TypeError, match="a loader alone, received drop_last, too"):
        trainer.fit(DataLoader(TensorDataset(X, VALUES)), drop_last=True)


def test_several_inputs_and_outputs():
    class Two(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(4, 1, dtype=np.float64)

        def forward(self, left, right):
            return self.layer(left) + right, left

    model = Two()
    trainer = nn.Trainer(model, lambda found, y: ((found[0] - y) ** 2).mean(), nn.optim.SGD(model.parameters(), lr=0.1))
    trainer.fit((X, VALUES), VALUES, epochs=3, batch_size=25)
    by_name = trainer.predict({"left": X, "right": VALUES}, batch_size=17)
    assert np.array_equal(by_name[0], trainer.predict((X, VALUES))[0])
    assert by_name[1].shape == (60, 4)


@pytest.mark.parametrize("make", [lambda d: DataLoader(d, 20), lambda d: d, lambda d: list(DataLoader(d, 20))])
def test_loaders_data_sets_and_lists_of_batches(make):
    trainer, other = regressor(), regressor()
    data = TensorDataset(X, VALUES)
    trainer.fit(make(data), **({"batch_size": 20, "shuffle": False} if make(data) is data else {}))
    other.fit(X, VALUES, batch_size=20, shuffle=False)
    assert np.array_equal(weights(trainer), weights(other))
    assert trainer.evaluate(make(data)) == pytest.approx(other.evaluate(X, VALUES))


IGNORED = np.where(np.arange(60) % 5 < 3, LABELS, -100)
CLASSES = np.array([1.0, 5.0, 20.0])


@pytest.mark.parametrize(
    ("loss", "labels"),
    [
        (nn.CrossEntropyLoss(weight=CLASSES), LABELS),
        (nn.CrossEntropyLoss(), IGNORED),
        (nn.CrossEntropyLoss(weight=CLASSES, label_smoothing=0.1), IGNORED),
        (nn.CrossEntropyLoss(), np.eye(3)[LABELS]),
    ],
)
def test_losses_that_weigh_or_leave_out_targets_have_means_over_batches(loss, labels):
    def trainer(**settings):
        model = model_of(3)
        return nn.Trainer(model, loss, nn.optim.SGD(model.parameters(), lr=0.1), **settings)

    whole, parts = trainer(), trainer(accumulate=6)
    expected = loss(whole.model(X), labels).item()
    for each in (1, 7, 60):
        assert whole.evaluate(X, labels, batch_size=each)["loss"] == pytest.approx(expected, rel=1e-12)
        weighted = whole.evaluate(X, labels, batch_size=each, sample_weight=np.full(60, 3.0))["loss"]
        assert weighted == pytest.approx(expected, rel=1e-12)
    counts = RNG.integers(0, 3, 60)
    repeated = whole.evaluate(np.repeat(X, counts, 0), np.repeat(labels, counts, 0))["loss"]
    assert whole.evaluate(X, labels, sample_weight=counts, batch_size=11)["loss"] == pytest.approx(repeated, rel=1e-12)
    whole.fit(X, labels, batch_size=60, epochs=2, shuffle=False)
    parts.fit(X, labels, batch_size=10, epochs=2, shuffle=False)
    assert weights(parts) == pytest.approx(weights(whole), rel=1e-9)


def test_pictures_of_labels_count_by_pixel():
    images, labels = RNG.normal(size=(6, 2, 3, 3)), RNG.integers(0, 3, (6, 3, 3))
    labels[:2] = -100
    model = nn.Sequential(nn.Conv2d(2, 3, 1)).astype(np.float64)
    trainer = nn.Trainer(model, nn.CrossEntropyLoss(), nn.optim.SGD(model.parameters(), lr=0.1), metrics=["accuracy"])
    expected = nn.CrossEntropyLoss()(model(images), labels).item()
    for size in (1, 4, 6):
        found = trainer.evaluate(images, labels, batch_size=size)
        assert found["loss"] == pytest.approx(expected, rel=1e-12)
    kept = labels != -100
    assert found["accuracy"] == np.mean((trainer.predict(images).argmax(axis=1) == labels)[kept])
    trainer.fit(images, labels, class_weight="balanced", batch_size=4)


def test_batchmean_is_a_mean_over_examples_with_weights_too():
    logs = np.log(np.full((4, 3), 1 / 3))
    targets = RNG.dirichlet(np.ones(3), 4)
    model = nn.Sequential(nn.Linear(3, 3), nn.LogSoftmax(dim=1)).astype(np.float64)
    trainer = nn.Trainer(model, nn.KLDivLoss("batchmean"), nn.optim.SGD(model.parameters(), lr=0.1))
    plain = trainer.evaluate(logs, targets)["loss"]
    assert trainer.evaluate(logs, targets, sample_weight=np.full(4, 7.0))["loss"] == pytest.approx(plain, rel=1e-12)


def test_half_precision_sums_weights_in_more():
    model = model_of(3).astype(np.float16)
    trainer = nn.Trainer(model, nn.CrossEntropyLoss(), nn.optim.SGD(model.parameters(), lr=0.1))
    x, labels = np.tile(X, (80, 1)), np.tile(LABELS, 80)
    plain = trainer.evaluate(x, labels, batch_size=4800)["loss"]
    assert trainer.evaluate(x, labels, batch_size=4800, sample_weight=np.full(4800, 20.0))["loss"] == pytest.approx(
        plain, rel=1e-3
    )


def test_accumulation_divides_the_gradients_of_tensors_outside_the_model():
    def trained(size, accumulate):
        model, scale = model_of(1), ag.tensor(1.0, requires_grad=True)
        trainer = nn.Trainer(
            model,
            lambda z, y: ((z * scale - y) ** 2).mean(),
            nn.optim.SGD([*model.parameters(), scale], lr=0.01),
            accumulate=accumulate,
        )
        trainer.fit(X, VALUES, batch_size=size, shuffle=False)
        return scale.item()

    assert trained(10, 6) == pytest.approx(trained(60, 1), rel=1e-12)


def test_parameters_that_are_not_updated_keep_no_gradient():
    model = model_of(1)
    trainer = nn.Trainer(model, nn.MSELoss(), nn.optim.SGD(model[3].parameters(), lr=0.01))
    trainer.fit(X, VALUES)
    assert all(each.grad is None for each in model.parameters())


def test_data_sets_of_ones_own_are_asked_for_every_example():
    class Counting(TensorDataset):
        calls = 0

        def __getitem__(self, index):
            type(self).calls += 1
            return super().__getitem__(index)

    regressor().fit(Counting(X, VALUES), epochs=2, validation_split=0.5)
    assert Counting.calls >= 2 * 60
    assert len(nn.data.Subset(Counting(X, VALUES), [1, 2])[0]) == 2


# ---------------------------------------------------------------- validation, evaluation, prediction


def test_the_last_examples_are_split_off():
    trainer = regressor(metrics=["mae"])
    history = trainer.fit(X, VALUES, validation_split=0.25, epochs=2)
    found = trainer.evaluate(X[45:], VALUES[45:], batch_size=4)
    assert history["val_loss"][-1] == pytest.approx(found["loss"], rel=1e-12)
    assert history["val_mae"][-1] == pytest.approx(found["mae"], rel=1e-12)


def test_evaluation_is_right_for_unequal_batches_and_changes_nothing():
    trainer = classifier()
    trainer.fit(X, LABELS, epochs=2)
    state = copy.deepcopy(trainer.state_dict())
    whole = trainer.evaluate(X, LABELS, batch_size=60)
    assert trainer.evaluate(X, LABELS, batch_size=7) == pytest.approx(whole, rel=1e-12)
    logits = trainer.predict(X)
    assert whole["accuracy"] == np.mean(logits.argmax(axis=1) == LABELS)
    after = trainer.state_dict()
    assert ag.tree_flatten(after)[1] == ag.tree_flatten(state)[1]
    assert all(np.array_equal(a, b) for a, b in zip(ag.tree_leaves(state), ag.tree_leaves(after), strict=True))


@pytest.mark.parametrize(("loss", "threshold"), [(nn.BCEWithLogitsLoss(), 0.0), (nn.BCELoss(), 0.5)])
def test_metrics_by_name_take_outputs_as_the_loss_does(loss, threshold):
    model = nn.Sequential(model_of(1), *([nn.Sigmoid()] if threshold else []))
    trainer = nn.Trainer(model, loss, nn.optim.SGD(model.parameters(), lr=0.1), ["accuracy", "f1", "roc_auc"])
    labels = (LABELS > 0).astype(float).reshape(60, 1)
    found = trainer.evaluate(X, labels)
    assert found["accuracy"] == np.mean((trainer.predict(X) > threshold) == labels)


def test_dropout_acts_in_training_only():
    model = model_of(1, dropout=0.5)
    trainer = nn.Trainer(model, nn.MSELoss(), nn.optim.SGD(model.parameters(), lr=0.1))
    assert np.array_equal(trainer.predict(X), trainer.predict(X))
    assert model.training
    trainer.fit(X, VALUES)
    assert model.training


@pytest.mark.parametrize(
    ("loss", "outputs", "expected"),
    [
        (nn.CrossEntropyLoss(), 3, lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)),
        (nn.NLLLoss(), 3, np.exp),
        (nn.BCEWithLogitsLoss(), 1, lambda z: 1 / (1 + np.exp(-z))),
        (nn.BCELoss(), 1, lambda z: z),
    ],
)
def test_probabilities_are_what_the_loss_takes_outputs_for(loss, outputs, expected):
    model = model_of(outputs)
    trainer = nn.Trainer(model, loss, nn.optim.SGD(model.parameters(), lr=0.1))
    assert trainer.predict_proba(X) == pytest.approx(expected(trainer.predict(X)), rel=1e-12)


def test_evaluating_a_model_that_draws_draws_nothing_for_later():
    class Drawing(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(4, 1, dtype=np.float64)

        def forward(self, x):
            return self.layer(x) + ag.random.normal(size=(len(x), 1))

    ag.seed(0)
    model = Drawing()
    trainer = nn.Trainer(model, nn.MSELoss(), nn.optim.SGD(model.parameters(), lr=0.1))
    before = ag.generator().bit_generator.state
    assert trainer.evaluate(X, VALUES) == trainer.evaluate(X, VALUES)
    trainer.predict(X)
    assert ag.generator().bit_generator.state == before


def test_outputs_that_are_not_by_example_are_refused():
    class States(nn.Module):
        def __init__(self):
            self.lstm = nn.LSTM(4, 3, batch_first=True)

        def forward(self, x):
            return self.lstm(x)

    model = States()
    trainer = nn.Trainer(model, nn.MSELoss(), nn.optim.SGD(model.parameters(), lr=0.1))
    with pytest.raises(TypeError, match=r"first axis is that of the examples, received shape \(1, 5, 3\) for 5 examples"):
        trainer.predict(RNG.normal(size=(5, 2, 4)))
    with pytest.raises(ValueError, match="at least one batch, received none"):
        trainer.predict(iter([]))


def test_a_loss_that_says_nothing_of_probabilities():
    with pytest.raises(TypeError, match="whose inputs stand for probabilities .* received MSELoss"):
        regressor().predict_proba(X)


def test_prediction_from_a_loader_and_of_one_example():
    trainer = regressor()
    expected = trainer.predict(X)
    assert trainer.predict(DataLoader(TensorDataset(X, VALUES), 13)) == pytest.approx(expected, rel=1e-12)
    assert trainer.predict(DataLoader(TensorDataset(X), 13)) == pytest.approx(expected, rel=1e-12)
    assert trainer.predict(X[:1]) == pytest.approx(expected[:1], rel=1e-12)
    assert trainer.predict(X.tolist()).shape == (60, 1)


# ---------------------------------------------------------------- schedules, fits that go on, moments


def test_schedules_step_after_epochs_or_updates():
    for every, steps in (("epoch", 3), ("update", 9)):
        trainer = regressor()
        schedule = nn.optim.ExponentialLR(trainer.optimizer, gamma=0.5)
        trainer = nn.Trainer(
            trainer.model,
            trainer.loss,
            trainer.optimizer,
            schedule=schedule,
            schedule_every=every,
            callbacks=[nn.callbacks.LearningRateMonitor()],
        )
        history = trainer.fit(X, VALUES, epochs=3, batch_size=20)
        assert schedule.last_epoch == steps
        assert trainer.optimizer.param_groups[0]["lr"] == 0.05 * 0.5**steps
        assert history["lr"] == [0.05 * 0.5**i for i in ((0, 1, 2) if every == "epoch" else (3, 6, 9))]


def test_a_plateau_goes_by_epochs():
    model = model_of(1)
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="schedule_every='epoch' for ReduceLROnPlateau"):
        nn.Trainer(model, nn.MSELoss(), optimizer, schedule=nn.optim.ReduceLROnPlateau(optimizer), schedule_every="update")


@pytest.mark.parametrize(("monitor", "seen"), [(None, "val_loss"), ("loss", "loss")])
def test_a_plateau_is_told_the_number_that_it_watches(monitor, seen):
    trainer = regressor()
    schedule = nn.optim.ReduceLROnPlateau(trainer.optimizer, patience=100)
    trainer = nn.Trainer(trainer.model, trainer.loss, trainer.optimizer, schedule=schedule, schedule_monitor=monitor)
    history = trainer.fit(X, VALUES, epochs=4, validation_split=0.3)
    assert schedule.state_dict()["best"] == min(history[seen])


def test_a_second_fit_goes_on_counting():
    trainer = regressor()
    assert trainer.fit(X, VALUES, epochs=2) is trainer.history
    trainer.fit(X, VALUES, epochs=3)
    assert (trainer.epoch, trainer.epochs, trainer.history.epochs) == (5, 5, 5)
    trainer.fit(X, VALUES, epochs=0)
    assert trainer.history.epochs == 5


def test_the_moments_come_in_their_order():
    seen = []

    class Watching(Callback):
        pass

    for moment in (
        "on_fit_begin",
        "on_epoch_begin",
        "on_batch_begin",
        "on_gradients",
        "on_batch_end",
        "on_epoch_end",
        "on_checkpoint",
        "on_fit_end",
    ):
        setattr(
            Watching,
            moment,
            lambda self, trainer, moment=moment: seen.append((moment, trainer.epoch, trainer.batch, trainer.updates)),
        )
    regressor(callbacks=[Watching()], accumulate=2).fit(X[:3], VALUES[:3], batch_size=1, epochs=1)
    assert seen == [
        ("on_fit_begin", 0, 0, 0),
        ("on_epoch_begin", 0, 0, 0),
        ("on_batch_begin", 0, 0, 0),
        ("on_batch_end", 0, 1, 0),
        ("on_checkpoint", 0, 1, 0),
        ("on_batch_begin", 0, 1, 0),
        ("on_gradients", 0, 1, 0),
        ("on_batch_end", 0, 2, 1),
        ("on_checkpoint", 0, 2, 1),
        ("on_batch_begin", 0, 2, 1),
        ("on_batch_end", 0, 3, 1),
        ("on_checkpoint", 0, 3, 1),
        ("on_gradients", 0, 3, 1),
        ("on_epoch_end", 1, 3, 2),
        ("on_checkpoint", 1, 0, 2),
        ("on_fit_end", 1, 0, 2),
    ]


def test_the_same_seed_gives_the_same_bits():
    def run(seed):
        ag.seed(seed)
        model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.3), nn.BatchNorm1d(8), nn.Linear(8, 3))
        trainer = nn.Trainer(model, nn.CrossEntropyLoss(), nn.optim.Adam(model.parameters()))
        return trainer.fit(X, LABELS, epochs=2).fingerprint

    assert run(0) == run(0) != run(1)


# ---------------------------------------------------------------- what is refused

NAN = np.where(np.arange(240).reshape(60, 4) == 101, np.nan, X)


@pytest.mark.parametrize(
    ("x", "y", "settings", "kind", "message"),
    [
        (NAN, LABELS, {}, ValueError, "expected finite numbers in x, received nan in row 25, column 1"),
        (X, np.where(np.arange(60) == 3, np.inf, 0.0), {}, ValueError, "finite numbers in y, received inf in row 3"),
        (X, LABELS + 1, {}, ValueError, r"labels from 0 to 2, .* received 3 in y at \d+"),
        (X, LABELS - 1, {}, ValueError, "labels from 0 to 2, .* received -1 in y"),
        (X, LABELS[:9], {}, ValueError, "as many examples in y as in x, which has 60; received 9"),
        (X, LABELS, {"sample_weight": np.ones(3)}, ValueError, "in sample_weight as in x, which has 60; received 3"),
        (X, LABELS, {"sample_weight": -np.ones(60)}, ValueError, "weights from 0 on in sample_weight, received -1"),
        (X[:0], LABELS[:0], {}, ValueError, r"at least one example, received none: x has the shape \(0, 4\)"),
        (X, LABELS, {"validation_split": 0.001}, ValueError, "leaves 60 and 0"),
        (X, LABELS, {"validation_split": 0.999}, ValueError, "leaves 0 and 60"),
        (X, LABELS, {"validation_split": 1.5}, ValueError, "validation_split"),
        (X, LABELS, {"validation_split": 0.5, "validation_data": (X, LABELS)}, TypeError, "received both"),
        (X, LABELS, {"validation_data": X}, TypeError, r"validation_data \(x, y\), .* received ndarray"),
        (X, LABELS, {"validation_data": (NAN, LABELS)}, ValueError, "validation_data: expected finite numbers in x"),
        (X, LABELS, {"epochs": 1.5}, TypeError, "epochs"),
        (X, LABELS, {"batch_size": 0}, ValueError, "batch_size"),
        (X, LABELS, {"class_weight": {"a": 1}}, TypeError, "numbers of classes as keys"),
        (X, LABELS, {"class_weight": "equal"}, ValueError, "a dict, a list or 'balanced'"),
        (X, LABELS, {"class_weight": [1.0, 2.0]}, ValueError, "the classes 0 to 2, received 2 weights"),
        (X, None, {}, TypeError, "expected targets y beside the inputs x"),
        (X.astype(str), LABELS, {}, TypeError, "x, an array of numbers"),
        (DataLoader(TensorDataset(X, LABELS)), LABELS, {}, TypeError, "a loader alone, received y, too"),
        (DataLoader(TensorDataset(X, LABELS)), None, {"batch_size": 3}, TypeError, "a loader alone, received batch_size"),
        (DataLoader(TensorDataset(X, LABELS)), None, {"validation_split": 0.2}, TypeError, "validation_split is for arrays"),
        (DataLoader(TensorDataset(X)), None, {}, TypeError, "batches of inputs and targets"),
        (iter([(X, LABELS)]), None, {}, TypeError, "once an epoch, received a list_iterator, which ends"),
        (TensorDataset(X, LABELS), LABELS, {}, TypeError, "a data set alone"),
        ("data.csv", LABELS, {}, TypeError, "received the text 'data.csv'; to read a file there is nn.data.load_csv"),
        (
            X,
            LABELS.reshape(60, 1),
            {},
            ValueError,
            r"y of shape \(N,\), numbers of classes; received \(60, 1\); write y.reshape\(-1\)",
        ),
        (X, LABELS, {"validation_data": (X, LABELS + 1)}, ValueError, "validation_data: expected labels from 0 to 2"),
        (X, LABELS, {"validation_data": (X[:, :3], LABELS)}, ValueError, "Linear"),
        (X, LABELS, {"validation_batch_size": 0, "validation_split": 0.5}, ValueError, "validation_data: expected batch_size"),
        (list(zip(X, LABELS, strict=True)), None, {}, TypeError, "expected targets y beside the inputs x"),
        (X, IGNORED, {"class_weight": [1.0, 1.0]}, ValueError, "the classes 0 to 2, received 2 weights"),
    ],
)
def test_data_that_make_no_sense(x, y, settings, kind, message):
    trainer = classifier()
    before = weights(trainer)
    with pytest.raises(kind, match=message) as caught:
        trainer.fit(x, y, **settings)
    assert str(caught.value).startswith("Trainer.fit: ") or message == "Linear"
    assert np.array_equal(weights(trainer), before)
    trainer.fit(X, LABELS)


@pytest.mark.parametrize(
    ("loss", "y", "message"),
    [
        (
            nn.MSELoss(),
            VALUES.reshape(60),
            r"y of shape \(N, 1\), as the model's outputs are; received \(60,\); write y.reshape\(-1, 1\)",
        ),
        (nn.MSELoss(), np.ones((60, 2)), r"y of shape \(N, 1\), as the model's outputs are; received \(60, 2\)$"),
        (
            nn.BCEWithLogitsLoss(),
            VALUES,
            r"y from 0 to 1 for BCEWithLogitsLoss, received -?\d.* in y at \(1, 0\), and \d+ more; for more",
        ),
    ],
)
def test_targets_that_do_not_fit_the_outputs(loss, y, message):
    with pytest.raises(ValueError, match=message):
        regressor(loss=loss).fit(X, y)


def test_callbacks_and_metrics_that_are_no_lists():
    for settings in ({"callbacks": nn.callbacks.ProgressBar()}, {"callbacks": None}, {"metrics": None}):
        with pytest.raises(TypeError, match=f"Trainer: expected {next(iter(settings))} in a list"):
            regressor(**settings)


def test_parts_that_do_not_fit_together():
    model, other = model_of(3), model_of(3)
    loss, optimizer = nn.CrossEntropyLoss(), nn.optim.Adam(model.parameters())
    wrong = [
        ((model, "mse", optimizer), {}, TypeError, "loss, a function of predictions and targets; received 'mse'"),
        ((model, nn.MSELoss, optimizer), {}, TypeError, r"write nn.MSELoss\(\)"),
        ((model, nn.MSELoss(reduction="none"), optimizer), {}, ValueError, "one number"),
        ((lambda x: x, loss, optimizer), {}, TypeError, "model, an nn.Module; received function"),
        ((model, loss, "adam"), {}, TypeError, "optimizer, one of nn.optim"),
        ((other, loss, optimizer), {}, ValueError, "optimizer of the model's parameters"),
        ((model, loss, nn.optim.LBFGS(model.parameters())), {}, TypeError, "LBFGS computes several"),
        ((model, loss, optimizer), {"metrics": ["acuracy"]}, ValueError, "acuracy"),
        ((model, loss, optimizer), {"metrics": "accuracy"}, TypeError, "in a list"),
        ((model, loss, optimizer), {"metrics": ["accuracy", "accuracy"]}, ValueError, "two 'accuracy'"),
        ((model, loss, optimizer), {"metrics": [nn.metrics.Accuracy]}, TypeError, r"write Accuracy\(\)"),
        ((model, loss, optimizer), {"callbacks": [nn.callbacks.EarlyStopping]}, TypeError, r"write EarlyStopping\(\)"),
        ((model, loss, optimizer), {"schedule_every": "step"}, ValueError, "'epoch' or 'update'"),
        ((model, loss, optimizer), {"accumulate": 0}, ValueError, "accumulate"),
        ((model, loss, optimizer), {"generators": {"a": 3}}, TypeError, "generators by name"),
        (
            (model, loss, optimizer),
            {"schedule": nn.optim.StepLR(nn.optim.Adam(model.parameters()), 3)},
            ValueError,
            "a schedule of this optimizer",
        ),
    ]
    for parts, settings, kind, message in wrong:
        with pytest.raises(kind, match=message):
            nn.Trainer(*parts, **settings)


@pytest.mark.parametrize(
    ("loss", "kind", "message"),
    [
        (lambda z, y: (z - y) ** 2, ValueError, r"a tensor of one number, received shape \(1, 1\)|received shape"),
        (lambda z, y: 3.0, TypeError, "received float"),
    ],
)
def test_a_loss_that_is_no_number(loss, kind, message):
    trainer = regressor(loss=loss)
    with pytest.raises(kind, match=message):
        trainer.fit(np.vstack([X, X]), np.vstack([VALUES, VALUES]))


def test_weights_need_the_loss_of_each_example():
    trainer = regressor(loss=lambda z, y: ((z - y) ** 2).mean())
    with pytest.raises(TypeError, match="reduction='none'; received a function of your own"):
        trainer.fit(X, VALUES, sample_weight=np.ones(60))


class Logarithm(nn.Module):
    def __init__(self):
        self.inner = nn.Sequential(nn.Linear(4, 1, dtype=np.float64))

    def forward(self, x):
        with np.errstate(all="ignore"):
            return np.log(self.inner(x))


def test_a_loss_that_is_not_finite_ends_training_and_names_the_place():
    ag.seed(0)
    model = Logarithm()
    trainer = nn.Trainer(model, nn.MSELoss(), nn.optim.SGD(model.parameters(), lr=0.1))
    before = weights(trainer)
    with pytest.raises(FloatingPointError, match=r"received nan in epoch 1, batch 1: op log gives nan .*test_trainer.py:\d+"):
        trainer.fit(X, VALUES)
    assert np.array_equal(weights(trainer), before)


def test_nan_in_the_batch_of_a_loader_or_in_a_parameter_is_named():
    trainer = regressor()
    with pytest.raises(FloatingPointError, match="epoch 1, batch 2: row 5 of the batch's x holds NaN"):
        trainer.fit(DataLoader(TensorDataset(NAN, VALUES), 20))
    trainer = regressor()
    with ag.no_grad():
        trainer.model[3].bias[...] = np.inf
    with pytest.raises(FloatingPointError, match="parameter 3.bias holds inf at 0"):
        trainer.fit(X, VALUES)


def test_the_representation_says_what_is_trained():
    assert repr(classifier()) == "Trainer(Sequential, CrossEntropyLoss(reduction='mean'), SGD, 0 epochs, 0 updates)"
