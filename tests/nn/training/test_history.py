"""The history: columns, table, file, fingerprint."""

import csv
import math
import struct
from hashlib import sha256

import numpy as np
import pytest

import nn


def history_of(*epochs):
    history = nn.History()
    for each in epochs:
        history.append(each)
    return history


def test_an_epoch_that_says_nothing_has_nan():
    history = history_of({"loss": 1.0}, {"loss": 0.5, "lr": 0.1}, {"lr": 0.01})
    assert history.epochs == 3
    assert list(history) == ["loss", "lr"]
    assert history["loss"][:2] == [1.0, 0.5]
    assert math.isnan(history["loss"][2])
    assert math.isnan(history["lr"][0])
    with pytest.raises(KeyError, match="expected one of loss, lr; received 'accuracy'"):
        history["accuracy"]


@pytest.mark.parametrize("value", ["good", None, True, np.ones(2)])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(TypeError, match="expected a number under 'note'"):
        history_of({"note": value})


def test_the_best_epoch_counts_from_one_and_passes_over_nan():
    history = history_of({"val_loss": math.nan}, {"val_loss": 0.5}, {"val_loss": 0.4}, {"val_loss": 0.9})
    assert history.best() == 3
    assert history.best("val_loss", "max") == 4
    with pytest.raises(ValueError, match="mode 'min' or 'max'"):
        history.best(mode="less")
    with pytest.raises(ValueError, match="none but NaN"):
        history_of({"val_loss": math.nan}).best()


def test_a_file_has_every_bit(tmp_path):
    rng = np.random.default_rng(0)
    history = history_of(
        *[{"loss": float(each), "tiny": float(each) * 1e-300} for each in rng.normal(size=20)], {"loss": math.inf}
    )
    history.to_csv(tmp_path / "history.csv")
    with open(tmp_path / "history.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == [str(i) for i in range(1, 22)]
    for name in history:
        assert np.array_equal([float(row[name]) for row in rows], history[name], equal_nan=True)


def test_text_and_representation():
    history = history_of({"loss": 1.5, "lr": 1e-5}, {"loss": math.nan, "lr": 0.0})
    assert str(history).split("\n") == ["epoch    loss        lr", "    1  1.5000  1.00e-05", "    2     nan    0.0000"]
    assert repr(history) == "History(2 epochs: loss=nan, lr=0)"
    assert str(nn.History()) == "no epochs"
    assert repr(nn.History()) == "History(0 epochs)"


def test_the_fingerprint_is_a_chain_of_hashes():
    history = nn.History()
    history.note(0.25)
    history.append({"loss": 0.25}, [np.arange(3.0)])
    first = sha256(bytes(32) + struct.pack("<d", 0.25)).digest()
    expected = sha256(first + b"loss" + struct.pack("<d", 0.25) + np.arange(3.0).tobytes()).hexdigest()
    assert history.fingerprint == expected


@pytest.mark.parametrize("change", ["batch", "number", "weight"])
def test_one_bit_changes_the_fingerprint(change):
    def fingerprint(batch=0.5, number=0.25, weight=1.0):
        history = nn.History()
        history.note(batch)
        history.append({"loss": number}, [np.array([weight])])
        return history.fingerprint

    assert fingerprint() == fingerprint()
    value = {"batch": 0.5, "number": 0.25, "weight": 1.0}[change]
    assert fingerprint(**{change: math.nextafter(value, 2)}) != fingerprint()


def test_the_state_round_trips_and_is_checked():
    history = history_of({"loss": 1.0}, {"loss": 0.5})
    other = nn.History()
    other.load_state_dict(history.state_dict())
    assert dict(other) == dict(history)
    assert other.fingerprint == history.fingerprint
    other.append({"loss": 0.1})
    assert history.epochs == 2
    for wrong in ({}, {**history.state_dict(), "epochs": 3}, {**history.state_dict(), "fingerprint": "zz"}):
        with pytest.raises(ValueError, match="expected what state_dict"):
            history.load_state_dict(wrong)


def test_it_draws_itself():
    from matplotlib import pyplot

    figure = history_of({"loss": 1.0, "val_loss": 1.1}, {"loss": 0.5, "val_loss": 0.7}).plot()
    assert [list(line.get_ydata()) for line in figure.axes[0].lines][:2] == [[1.0, 0.5], [1.1, 0.7]]
    pyplot.close(figure)
