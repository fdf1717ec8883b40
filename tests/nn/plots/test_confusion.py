"""Confusion matrices as pictures: what stands in the cells, and in which colours."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib import pyplot
from sklearn.metrics import confusion_matrix as reference

import autograd as ag
import nn

COUNTS = [[48, 2, 0], [5, 40, 5], [0, 0, 0]]


def cells(axes):
    """The texts of the cells by row and column."""
    size = axes.images[0].get_array().shape
    found = np.full(size, "", object)
    for text in axes.texts:
        column, row = text.get_position()
        found[row, column] = text.get_text()
    return found.tolist()


def test_rows_are_true_and_columns_predicted():
    axes = nn.plots.confusion_matrix(COUNTS, ["cat", "dog", "owl"])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted", "true")
    assert [each.get_text() for each in axes.get_xticklabels()] == ["cat", "dog", "owl"]
    assert [each.get_text() for each in axes.get_yticklabels()] == ["cat", "dog", "owl"]
    assert axes.get_ylim() == (2.5, -0.5)  # the first row is above
    assert cells(axes) == [["48\n96 %", "2\n4 %", "0\n0 %"], ["5\n10 %", "40\n80 %", "5\n10 %"], ["0", "0", "0"]]
    shares = axes.images[0].get_array()
    np.testing.assert_allclose(shares[:2], [[0.96, 0.04, 0], [0.1, 0.8, 0.1]])
    assert np.ma.getmaskarray(np.ma.masked_invalid(shares))[2].all()  # a class without examples has no colour
    assert axes.images[0].get_clim() == (0.0, 1.0)
    assert axes.get_title("left") == "Confusion matrix: 88 % of 100 right"
    axes.figure.draw_without_rendering()


@pytest.mark.parametrize("normalize", ["true", "pred", "all"])
def test_shares_are_scikit_learns(normalize):
    rng = np.random.default_rng(0)
    true, predicted = rng.integers(0, 4, 200), rng.integers(0, 4, 200)
    axes = nn.plots.confusion_matrix(reference(true, predicted), normalize=normalize)
    expected = reference(true, predicted, normalize=normalize)
    np.testing.assert_allclose(axes.images[0].get_array(), expected)
    assert cells(axes) == [[f"{100 * each:.0f} %" for each in row] for row in expected]


def test_what_is_little_is_not_nothing_and_nearly_all_not_all():
    axes = nn.plots.confusion_matrix([[9999, 1], [0, 7]], normalize="true")
    assert cells(axes) == [[">99 %", "<1 %"], ["0 %", "100 %"]]
    assert nn.plots.confusion_matrix([[10**6, 1], [0, 0]]).get_title("left") == "Confusion matrix: 99.99 % right"


def test_numbers_are_white_on_dark_and_black_on_light_cells():
    axes = nn.plots.confusion_matrix([[99, 1], [40, 60]])
    colors = {text.get_text().split("\n")[0]: text.get_color() for text in axes.texts}
    assert (colors["99"], colors["1"]) == ("white", "black")
    with pyplot.style.context("dark_background"):
        empty = nn.plots.confusion_matrix([[0, 0], [1, 1]])
    assert empty.texts[0].get_color() == "white"


@pytest.mark.parametrize(("classes", "numbers"), [(10, 100), (11, 121), (31, 0), (100, 0)])
def test_many_classes_have_counts_alone_and_then_none(classes, numbers):
    axes = nn.plots.confusion_matrix(np.eye(classes, dtype=int) * 250)
    assert len(axes.texts) == numbers
    assert len(axes.get_xticks()) == (50 if classes == 100 else classes)
    if numbers:
        assert axes.texts[0].get_text() == ("250\n100 %" if classes <= 10 else "250")
    assert max(axes.figure.get_size_inches()) < 13


def test_numbers_fit_into_their_cells():
    for counts in (np.eye(16, dtype=int) * 5000, np.full((3, 3), 123456), np.eye(12) * 0.25):
        axes = nn.plots.confusion_matrix(counts, [f"a long name of class {i}" for i in range(len(counts))])
        axes.figure.canvas.draw()
        cell = axes.get_window_extent().width / len(counts)
        assert max(text.get_window_extent().width for text in axes.texts) <= cell
        labels = [each.get_window_extent() for each in axes.get_yticklabels()]
        assert min(each.x0 for each in labels) >= 0  # none is cut
        assert all(above.y0 > below.y1 - 1 for above, below in pairwise(labels))
        pyplot.close("all")


def test_shares_and_tensors_are_matrices_too():
    axes = nn.plots.confusion_matrix(ag.tensor([[0.75, 0.25], [0.5, 0.5]]))
    assert cells(axes)[0] == ["0.75\n75 %", "0.25\n25 %"]
    assert axes.get_title("left") == "Confusion matrix"
    assert nn.plots.confusion_matrix(np.zeros((2, 2), int)).get_title("left") == "Confusion matrix"
    assert cells(nn.plots.confusion_matrix([[5]])) == [["5\n100 %"]]


def test_given_axes_are_used():
    axes = pyplot.subplots()[1]
    assert nn.plots.confusion_matrix(COUNTS, ax=axes) is axes


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1, 2]],), r"expected a square matrix, a row and a column for each class; received \(1, 2\)"),
        ((np.empty((0, 0)),), r"expected a square matrix.*received \(0, 0\)"),
        (([[1, 2], [-1, 0]],), "expected counts from 0 on; received -1 at row 1, column 0"),
        (([[1, np.nan], [1, 0]],), "expected counts from 0 on; received nan at row 0, column 1"),
        (([["a", "b"], ["c", "d"]],), "expected a matrix of counts; received <U1"),
        ((COUNTS, ["a", "b"]), "expected 3 classes, one for each row; received 2 names"),
        ((COUNTS, None, "rows"), "expected normalize, 'true', 'pred', 'all' or None; received 'rows'"),
        (([[1, 2], [3]],), "confusion_matrix: expected rows of one length"),
    ],
)
def test_mistakes_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        nn.plots.confusion_matrix(*arguments)
    assert not pyplot.get_fignums()
