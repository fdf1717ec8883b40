"""The examples, run as a user runs them, in an empty folder: what they print, and the pictures that they leave behind."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from examples.digits import shortfall
from tests.examples.running import example, files, looks_drawn


def words(path):
    """The texts in an SVG file."""
    texts = ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")
    return {(each.text or "").strip("\xa0 ") for each in texts}


def test_xor(tmp_path):
    done = example("xor", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    *steps, prediction, last = done.stdout.splitlines()
    losses = [float(re.fullmatch(r"step +\d+  loss (\d\.\d{4})", line)[1]) for line in steps]
    assert len(losses) == 4
    assert losses[-1] < 0.01 < 0.1 < losses[0]
    low, high, also_high, also_low = map(float, re.fullmatch(r"prediction \[(.*)\]", prediction)[1].split())
    assert max(low, also_low) < 0.2
    assert min(high, also_high) > 0.8
    assert last == f"graph in {Path('out/xor.svg')}"
    assert files(tmp_path) == [str(Path("out/xor.svg"))]
    assert {"x", "w1", "b1", "w2", "target", "matmul", "tanh", "sigmoid", "mean"} <= words(tmp_path / "out" / "xor.svg")


def test_digits(tmp_path):
    done = example("digits", "--seeds", 1, "--epochs", 2, "--out", "pictures", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1797 digits; a network of 9610 parameters\n")
    assert "gradcheck passed" in done.stdout
    for parameter in ("w1", "b1", "w2", "b2"):
        assert re.search(rf"\b{parameter}\b", done.stdout)
    first, second, final = re.search(
        r"seed 0  epoch  1: loss ([\d.]+)  epoch  2: loss ([\d.]+)  test accuracy ([\d.]+)%\n", done.stdout
    ).groups()
    assert float(second) < float(first)
    assert float(final) > 70
    assert f"test accuracy: mean {final}%, worst {final}%, over 1 seed and split\n" in done.stdout
    folder = tmp_path / "pictures"
    assert files(tmp_path) == [str(Path("pictures") / name) for name in ("curves.png", "graph.svg", "predictions.png")]
    assert looks_drawn(folder / "curves.png")
    assert looks_drawn(folder / "predictions.png")
    assert {"images", "w1", "b1", "w2", "b2", "maximum", "softmax_cross_entropy", "parameter"} <= words(folder / "graph.svg")


@pytest.mark.slow
@pytest.mark.parametrize("option", ["--seeds", "--epochs"])
@pytest.mark.parametrize("value", ["0", "-1", "many"])
def test_nothing_to_train_is_refused(tmp_path, option, value):
    done = example("digits", f"{option}={value}", folder=tmp_path)
    assert done.returncode == 2
    assert f"argument {option}: expected a whole number of at least 1, received '{value}'" in done.stderr
    assert files(tmp_path) == []


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "file").touch()
    done = example("digits", "--out", "file", folder=tmp_path)
    assert done.returncode == 2
    assert "argument --out: expected a folder, received 'file'" in done.stderr


def test_a_network_that_learned_too_little_is_reported():
    assert shortfall([0.97, 0.96, 0.98]) is None
    assert shortfall([0.965, 0.969]) == (
        "expected a mean test accuracy of at least 97% and none below 96%, received mean 96.70%, worst 96.50%"
    )
    assert shortfall([0.99, 0.99, 0.959]).endswith("worst 95.90%")
