"""Runs that are broken off and go on: to the same bits, or not at all."""

import os

import numpy as np
import pytest

import autograd as ag
import nn
from benchmarks.resume import killed_and_resumed
from nn.callbacks import Callback, Checkpoint
from nn.data import DataLoader, TensorDataset

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 6)).astype(np.float32)
Y = RNG.integers(0, 3, 50)


def make(optimizer=nn.optim.Adam, schedule=None, callbacks=(), **settings):
    ag.seed(0)
    model = nn.Sequential(
        nn.Linear(6, 8),
        nn.BatchNorm1d(8),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Dropout(0.1, rng=np.random.default_rng(1)),
        nn.Linear(8, 3),
    )
    built = optimizer(model.parameters(), lr=0.01)
    schedule = schedule and schedule(built)
    metrics = ["accuracy", nn.metrics.F1Score(average="macro")]
    return nn.Trainer(model, nn.CrossEntropyLoss(), built, metrics, schedule, callbacks, **settings)


OPTIMIZERS = [nn.optim.SGD, nn.optim.AdamW, nn.optim.RMSprop, nn.optim.Adafactor, nn.optim.Lion, nn.optim.Rprop]
SCHEDULES = [
    lambda optimizer: nn.optim.OneCycleLR(optimizer, 0.1, total_steps=30),
    lambda optimizer: nn.optim.ReduceLROnPlateau(optimizer, patience=0),
    lambda optimizer: nn.optim.SequentialLR(
        optimizer, [nn.optim.LinearLR(optimizer), nn.optim.CosineAnnealingLR(optimizer, 10)], milestones=[3]
    ),
]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_resumes(optimizer):
    report = nn.verify_resume(lambda: make(optimizer), X, Y, epochs=2, batch_size=16, at=[3, 4, 5])
    assert report, str(report)


@pytest.mark.parametrize(
    ("schedule", "every"),
    [*[(each, "epoch") for each in SCHEDULES], (SCHEDULES[0], "update"), (SCHEDULES[2], "update")],
)
def test_every_schedule_resumes(schedule, every):
    report = nn.verify_resume(
        lambda: make(schedule=schedule, schedule_every=every), X, Y, epochs=3, batch_size=16, validation_split=0.3, at=[4]
    )
    assert report, str(report)


def callbacks():
    return [
        nn.callbacks.EarlyStopping("loss", patience=1),
        nn.callbacks.GradientClipping(0.1),
        nn.callbacks.HistogramRecorder(4),
        nn.callbacks.WeightPath(2),
        nn.callbacks.LearningRateMonitor(),
        nn.callbacks.TerminateOnNaN(),
    ]


@pytest.mark.parametrize("accumulate", [1, 3])
def test_callbacks_and_accumulated_gradients_resume_after_every_batch(accumulate):
    report = nn.verify_resume(
        lambda: make(callbacks=callbacks(), accumulate=accumulate),
        X,
        Y,
        epochs=2,
        batch_size=10,
        at=range(1, 11),
        class_weight="balanced",
        sample_weight=np.linspace(0, 1, 50),
    )
    assert report, str(report)
    assert report.batches == 10
    assert "after batch 10, saved, resumed: the same bits" in str(report)


@pytest.mark.parametrize("prefetch", [0, 3])
def test_a_loader_with_random_transforms_resumes(prefetch):
    loader = DataLoader(
        TensorDataset(X, Y),
        8,
        shuffle=True,
        prefetch=prefetch,
        rng=5,
        transform=lambda batch, rng: (batch[0] + rng.standard_normal(batch[0].shape, np.float32), batch[1]),
    )
    report = nn.verify_resume(make, loader, epochs=2)
    assert report, str(report)


def test_any_iterable_resumes_at_its_place():
    batches = [(X[:20], Y[:20]), (X[20:30], Y[20:30]), (X[30:], Y[30:])]
    assert nn.verify_resume(make, batches, epochs=3)


class Halving(Callback):
    """Changes a learning rate by hand, beside a schedule, and goes through the loader by itself."""

    def on_batch_end(self, trainer):
        if trainer.epoch == 1 and trainer.batch == 1:
            trainer.optimizer.param_groups[0]["lr"] /= 2
        next(iter(trainer.loaders.present["training"]))


def test_what_callbacks_do_to_rates_and_loaders_is_resumed():
    report = nn.verify_resume(
        lambda: make(schedule=lambda optimizer: nn.optim.StepLR(optimizer, 2), callbacks=[Halving()]),
        X,
        Y,
        epochs=3,
        batch_size=16,
        at=range(1, 12),
    )
    assert report, str(report)


def test_a_loader_of_validation_is_resumed():
    validation = DataLoader(
        TensorDataset(X, Y), 8, shuffle=True, transform=lambda batch, rng: (batch[0] + rng.random(), batch[1])
    )
    report = nn.verify_resume(
        lambda: make(callbacks=[nn.callbacks.EarlyStopping(patience=1)]),
        X,
        Y,
        epochs=4,
        validation_data=validation,
        at=[2, 4, 5],
    )
    assert report, str(report)


@pytest.mark.parametrize("accumulate", [1, 2])
def test_tensors_that_only_the_optimizer_has_and_parameters_that_it_has_not(accumulate):
    def partial():
        trainer = make()
        scale = ag.tensor(np.float32(1.0), requires_grad=True)
        model = trainer.model
        return nn.Trainer(
            model,
            lambda z, y: nn.functional.cross_entropy(z * scale, y) + 0.1 * scale * scale,
            nn.optim.Adam([*model[5].parameters(), scale], lr=0.1),
            callbacks=[nn.callbacks.HistogramRecorder(4)],
            accumulate=accumulate,
        )

    assert nn.verify_resume(partial, X, Y, epochs=2, batch_size=10, at=range(1, 11))


def test_generators_in_lists_and_dicts_of_a_module_are_resumed():
    class Noisy(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(6, 3)
            self.own = {"noise": [np.random.default_rng(0)]}

        def forward(self, x):
            return self.layer(x) + float(self.own["noise"][0].random())

    def noisy():
        ag.seed(0)
        model = Noisy()
        return nn.Trainer(model, nn.CrossEntropyLoss(), nn.optim.SGD(model.parameters(), lr=0.1))

    assert nn.verify_resume(noisy, X, Y, batch_size=10)


def test_verifying_leaves_the_files_of_a_run_alone(tmp_path):
    path = tmp_path / "run.npz"

    def saving():
        return make(
            callbacks=[
                Checkpoint(path),
                nn.callbacks.BestModel(tmp_path / "best.npz", "loss"),
                nn.callbacks.CSVLogger(tmp_path / "c.csv"),
            ]
        )

    saving().fit(X, Y, epochs=2)
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    assert nn.verify_resume(saving, X, Y, batch_size=16)
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("resume", "kind", "message"),
    [
        ("run-{epoch}.npz", ValueError, "the pattern"),
        (1, TypeError, "a path, True or False"),
        (True, ValueError, "a trainer that has not been trained"),
    ],
)
def test_what_cannot_be_resumed_from(resume, kind, message):
    with pytest.raises(kind, match=message):
        make().fit(X, Y, resume=resume)


def test_a_damaged_state_is_refused_and_nothing_is_changed():
    trainer = make()
    trainer.fit(X, Y)
    state = trainer.state_dict()
    for part, wrong in (
        ("progress", {}),
        ("optimizer", {"state": {}}),
        ("generators", {**state["generators"], "library": {}}),
        ("history", 3),
    ):
        with pytest.raises(ValueError, match=r"load_state_dict|damaged"):
            trainer.load_state_dict({**state, part: wrong})
        assert all(
            np.array_equal(a, b) for a, b in zip(ag.tree_leaves(trainer.state_dict()), ag.tree_leaves(state), strict=True)
        )


def test_what_a_checkpoint_does_not_have_is_found():
    """The tester is tested: a generator that the trainer is not told of."""

    def leaking(told):
        rng = np.random.default_rng(3)
        trainer = make(generators={"noise": rng} if told else None)
        trainer.model[0].register_forward_hook(lambda module, inputs, output: output + float(rng.random()))
        return trainer

    report = nn.verify_resume(lambda: leaking(False), X, Y, batch_size=16, at=[2])
    assert not report
    assert any("0.weight" in each for each in report.differences[2])
    assert "parts differ: " in str(report)
    assert nn.verify_resume(lambda: leaking(True), X, Y, batch_size=16, at=[2])


def test_places_out_of_reach():
    with pytest.raises(ValueError, match="from batch 1 to 8 in at, received 9"):
        nn.verify_resume(make, X, Y, batch_size=16, at=[9])


class Interrupt(Callback):
    """Raises ``KeyboardInterrupt`` after some batches, as Ctrl-C does."""

    def __init__(self, place):
        self.left = place

    def on_batch_end(self, trainer):
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


def test_an_interrupted_fit_goes_on_in_the_same_process():
    expected = make().fit(X, Y, epochs=3, batch_size=16)
    broken = make(callbacks=[Interrupt(6)])
    with pytest.raises(KeyboardInterrupt):
        broken.fit(X, Y, epochs=3, batch_size=16)
    history = broken.fit(X, Y, epochs=3, batch_size=16, resume=True)
    assert history.fingerprint == expected.fingerprint


def test_a_path_that_is_not_there_yet_begins(tmp_path):
    path = tmp_path / "run.npz"
    first = make(callbacks=[Checkpoint(path)]).fit(X, Y, epochs=2, resume=path)
    again = make(callbacks=[Checkpoint(path)]).fit(X, Y, epochs=2, resume=path)
    assert again.fingerprint == first.fingerprint
    more = make(callbacks=[Checkpoint(path)]).fit(X, Y, epochs=3, resume=path)
    assert more.fingerprint == make().fit(X, Y, epochs=3).fingerprint


def other_model():
    model = nn.Sequential(nn.Linear(6, 9), nn.BatchNorm1d(9), nn.Linear(9, 3))
    return nn.Trainer(
        model, nn.CrossEntropyLoss(), nn.optim.Adam(model.parameters()), ["accuracy", nn.metrics.F1Score(average="macro")]
    )


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (other_model, r"0.weight: expected shape \(9, 6\), received \(8, 6\)"),
        (lambda: make(nn.optim.SGD), "SGD.load_state_dict"),
        (lambda: make(schedule=SCHEDULES[0]), "this trainer has one as its schedule, the saved one had none"),
        (lambda: make(callbacks=callbacks()), "the callbacks of this trainer, EarlyStopping, .* received none"),
        (
            lambda: make(generators={"a": np.random.default_rng(0)}),
            "the generators of this trainer, library, model.4.rng, own.a",
        ),
    ],
)
def test_a_run_of_another_make_is_refused_and_nothing_is_changed(other, message, tmp_path):
    trainer = make()
    trainer.fit(X, Y)
    nn.save(trainer, tmp_path / "run.safetensors")
    different = other()
    before = different.state_dict()
    with pytest.raises(ValueError, match=message):
        nn.load(tmp_path / "run.safetensors", into=different)
    after = different.state_dict()
    with pytest.raises(ValueError, match=message):
        different.fit(X, Y, resume=tmp_path / "run.safetensors")
    assert all(np.array_equal(a, b) for a, b in zip(ag.tree_leaves(before), ag.tree_leaves(after), strict=True))


def test_other_data_are_refused(tmp_path):
    trainer = make()
    trainer.fit(X, Y)
    nn.save(trainer, tmp_path / "run.safetensors")
    with pytest.raises(ValueError, match="expected batch_size 10, as this loader has; received 32"):
        make().fit(X, Y, batch_size=10, epochs=2, resume=tmp_path / "run.safetensors")
    with pytest.raises(ValueError, match="expected examples 40"):
        make().fit(X[:40], Y[:40], epochs=2, resume=tmp_path / "run.safetensors")


def test_a_full_disk_keeps_the_last_checkpoint_and_the_weights(tmp_path, monkeypatch):
    path = tmp_path / "run.safetensors"
    trainer = make(callbacks=[Checkpoint(path)])
    trainer.fit(X, Y)
    content = path.read_bytes()

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="run.safetensors"):
        trainer.fit(X, Y)
    assert path.read_bytes() == content
    assert os.listdir(tmp_path) == ["run.safetensors"]


def test_a_training_that_is_killed_resumes_to_the_same_bits():
    found = killed_and_resumed(1, 6, np.random.default_rng(), lambda line: None)
    assert found.same, f"{found.whole}\n{found.resumed}"


@pytest.mark.slow
def test_a_training_that_is_killed_twenty_times_resumes_to_the_same_bits(capsys):
    found = killed_and_resumed(20, 60, np.random.default_rng(), print)
    assert found.same, f"{found.whole}\n{found.resumed}\n{capsys.readouterr().out}"
