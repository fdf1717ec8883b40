"""What callbacks do, each against what can be known without it."""

import csv
import math

import numpy as np
import pytest

import autograd as ag
import nn
from nn.callbacks import (
    BestModel,
    Callback,
    Checkpoint,
    CSVLogger,
    EarlyStopping,
    GradientClipping,
    HistogramRecorder,
    ProgressBar,
    TerminateOnNaN,
    WeightPath,
)
from nn.callbacks.monitoring import Monitor

X = np.random.default_rng(0).normal(size=(40, 3))
Y = X @ np.array([[1.0], [2.0], [3.0]])


def make(*callbacks, lr=0.05, loss=None):
    ag.seed(0)
    model = nn.Sequential(nn.Linear(3, 1)).astype(np.float64)
    return nn.Trainer(model, loss or nn.MSELoss(), nn.optim.SGD(model.parameters(), lr=lr), callbacks=callbacks)


class Scripted(Callback):
    """Puts numbers of our choice into the logs, and the epoch's number into the bias."""

    def __init__(self, values, name="val_loss"):
        self.values, self.name = values, name

    def on_epoch_end(self, trainer):
        trainer.logs[self.name] = self.values[trainer.epoch - 1]
        with ag.no_grad():
            trainer.model[0].bias[...] = trainer.epoch


@pytest.mark.parametrize(
    ("values", "settings", "last", "best"),
    [
        ([3, 2, 1, 2, 3, 4, 0], {"patience": 0}, 4, 3),
        ([3, 2, 1, 2, 3, 4, 0], {"patience": 1}, 4, 3),
        ([3, 2, 1, 2, 3, 4, 0], {"patience": 2}, 5, 3),
        ([3, 2, 1, 2, 3, 0, 1], {"patience": 3}, 7, 6),
        ([3, 2.9, 2.8, 2.7, 0, 0, 0], {"patience": 2, "min_delta": 0.5}, 3, 1),
        ([1, 2, 3, 2, 1, 0, 0], {"patience": 2, "mode": "max"}, 5, 3),
        ([0, 5, 4, 5, 6, 7, 8], {"patience": 2, "start_from_epoch": 1}, 5, 3),
        ([math.nan, 2, math.nan, math.nan, 1, 1, 1], {"patience": 2}, 4, 2),
    ],
)
def test_early_stopping_ends_and_puts_the_best_weights_back(values, settings, last, best):
    stopping = EarlyStopping(**settings)
    trainer = make(Scripted(values), stopping)
    history = trainer.fit(X, Y, epochs=7)
    assert history.epochs == last
    assert stopping.best_epoch == best
    assert stopping.best == values[best - 1]
    assert stopping.stopped_epoch == (last if last < 7 else 0)
    assert trainer.model[0].bias.item() == best


def test_early_stopping_may_keep_the_last_weights_and_begins_anew_with_each_fit():
    stopping = EarlyStopping(restore_best_weights=False)
    trainer = make(Scripted([2, 1, 3, 4, 5, 6]), stopping)
    trainer.fit(X, Y, epochs=6)
    assert trainer.model[0].bias.item() == 3
    assert trainer.stop_training
    trainer.fit(X, Y, epochs=3)
    assert (stopping.best_epoch, trainer.epoch) == (4, 5)


def test_what_cannot_be_written_is_said_before_anything_is_trained(tmp_path):
    for callback in (
        Checkpoint(tmp_path / "no" / "run.npz"),
        BestModel(tmp_path / "no" / "b.npz"),
        CSVLogger(tmp_path / "no" / "c"),
    ):
        trainer = make(callback)
        with pytest.raises(FileNotFoundError, match=f"{type(callback).__name__}: expected the folder .*no"):
            trainer.fit(X, Y)
        assert trainer.updates == 0
    for path in ("run-{foo}.npz", "run-{}.npz", "run-{.npz"):
        with pytest.raises(ValueError, match="with {epoch} and {batch} in it, or none of both"):
            Checkpoint(path)


def test_a_number_that_is_not_logged():
    with pytest.raises(ValueError, match="EarlyStopping: expected 'val_loss' among the logs loss; give validation data to fit"):
        make(EarlyStopping()).fit(X, Y)
    with pytest.raises(ValueError, match="expected mode 'min' or 'max' for 'speed', whose name does not tell"):
        EarlyStopping("speed")
    with pytest.raises(ValueError, match="patience"):
        EarlyStopping(patience=-1)
    assert Monitor("", "val_roc_auc").mode == Monitor("", "val_accuracy").mode == "max"
    assert Monitor("", "val_rmse").mode == "min"


def test_the_best_model_is_in_a_file(tmp_path):
    path = tmp_path / "best.safetensors"
    trainer = make(Scripted([3, 1, 2]), BestModel(path))
    trainer.fit(X, Y, epochs=3)
    assert trainer.model[0].bias.item() == 3
    nn.load(path, into=trainer.model)
    assert trainer.model[0].bias.item() == 2
    assert nn.read_metadata(path)["epoch"] == 2
    with pytest.raises(ValueError, match=r"ends in .safetensors or .npz, received 'best.pkl'"):
        BestModel("best.pkl")


def test_checkpoints_of_epochs_and_batches_can_have_names_of_their_own(tmp_path):
    make(Checkpoint(tmp_path / "{epoch}-{batch}.npz", every=2)).fit(X, Y, epochs=2, batch_size=8)
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "0-2.npz",
        "0-4.npz",
        "1-0.npz",
        "1-2.npz",
        "1-4.npz",
        "2-0.npz",
    ]
    with pytest.raises(ValueError, match="ends in .safetensors or .npz"):
        Checkpoint("run.ckpt")
    with pytest.raises(ValueError, match="every"):
        Checkpoint("run.npz", every=0)


def test_gradients_are_clipped_before_the_update():
    class Norms(Callback):
        def __init__(self):
            self.seen = []

        def on_gradients(self, trainer):
            self.seen.append(np.sqrt(sum(np.sum(each.grad.numpy() ** 2) for each in trainer.model.parameters())))

    before, after = Norms(), Norms()
    history = make(before, GradientClipping(0.5), after).fit(X, Y, epochs=1, batch_size=10)
    assert all(each > 0.5 for each in before.seen)
    assert after.seen == pytest.approx([0.5] * 4, rel=1e-5)
    assert history["grad_norm"] == pytest.approx([np.mean(before.seen)])
    largest = Norms()
    trainer = make(GradientClipping(max_value=1e-3), largest)
    trainer.fit(X, Y)
    assert all(each <= 2e-3 for each in largest.seen)
    for settings in ({}, {"max_norm": 1.0, "max_value": 1.0}):
        with pytest.raises(ValueError, match="max_norm or max_value"):
            GradientClipping(**settings)


def test_the_table_grows_with_each_epoch(tmp_path):
    path = tmp_path / "log.csv"

    class Reading(Callback):
        def on_checkpoint(self, trainer):
            if trainer.batch == 0:
                with open(path, newline="") as file:
                    assert len(list(csv.DictReader(file))) == trainer.epoch

    history = make(CSVLogger(path), Reading()).fit(X, Y, epochs=3)
    with open(path, newline="") as file:
        assert [float(row["loss"]) for row in csv.DictReader(file)] == history["loss"]


def test_a_gradient_that_is_not_finite_ends_training_before_the_update():
    def root(z, y):
        return np.sqrt(np.maximum(z, 0.0)).sum() * 0 + ((z - y) ** 2).mean() + np.sqrt(np.abs(z - z)).sum()

    trainer = make(TerminateOnNaN(), loss=root)
    before = trainer.model.state_dict()
    with (
        np.errstate(all="ignore"),
        pytest.raises(FloatingPointError, match=r"in the gradient of 0.weight at \(0, 0\), in epoch 1, batch 1"),
    ):
        trainer.fit(X, Y)
    assert all(np.array_equal(a, b) for a, b in zip(before.values(), trainer.model.state_dict().values(), strict=True))


def test_histograms_count_every_element():
    recorder = HistogramRecorder(bins=5)
    make(recorder).fit(X, Y, epochs=3)
    for recorded in (recorder.weights, recorder.gradients):
        assert list(recorded) == ["0.weight", "0.bias"]
        assert [epoch for epoch, _, _ in recorded["0.weight"]] == [1, 2, 3]
        for _, counts, edges in recorded["0.weight"]:
            assert counts.sum() == 3
            assert counts.shape == (5,)
            assert edges.shape == (6,)


def test_the_path_of_the_weights_begins_where_they_begin_and_ends_where_they_end():
    recorder = WeightPath(every=2)
    trainer = make(recorder)
    begin = np.concatenate([each.numpy().ravel() for each in trainer.model.parameters()])
    trainer.fit(X, Y, epochs=2, batch_size=10)
    assert recorder.path.shape == (5, 4)
    assert np.array_equal(recorder.path[0], begin)
    assert np.array_equal(recorder.path[-1], np.concatenate([each.numpy().ravel() for each in trainer.model.parameters()]))


def test_the_progress_bar_is_quiet_without_a_terminal_and_tells_all_with_one(capsys):
    make().fit(X, Y, epochs=1)
    assert capsys.readouterr() == ("", "")
    trainer = make(ProgressBar(quiet=False))
    trainer.fit(X, Y, epochs=2, batch_size=10)
    shown = capsys.readouterr().err
    assert "epoch 2/2" in shown
    assert "4/4" in shown
    assert f"loss={trainer.history['loss'][-1]:.4g}" in shown
    make().fit(X, Y, progress=True)
    assert "epoch 1/1" in capsys.readouterr().err


def test_representations():
    assert repr(EarlyStopping("val_loss", 3)).startswith(
        "EarlyStopping(monitor='val_loss', patience=3, restore_best_weights=True"
    )
    assert repr(HistogramRecorder(3)) == "HistogramRecorder(bins=3)"
