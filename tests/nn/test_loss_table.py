"""One table of losses: reductions, dtypes, targets, empty batches, ``vmap`` and messages, alike for all of them.

Values are compared with PyTorch's in ``test_parity``, derivatives with finite differences in ``test_layer_table``.
"""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.samples import distinct, integers, positives, reals
from nn import functional as F


def signs(*shape):
    return lambda rng: np.where(rng.uniform(size=shape) < 0.5, 1, -1)


def chances(*shape):
    return reals(*shape, low=0.1, high=0.9)


def label_sets(rng):
    return np.array([rng.permutation([0, 2, -1]) for _ in range(4)])


@dataclass(frozen=True)
class Row:
    """A loss: its function and its class, what to feed them, and which inputs learn.

    ``losses``: how many losses four examples have. ``lengths``: whether the last two inputs are lengths, which stay the same in
    every draw; the mean then divides by them, too. ``by_row``: the place of an input that has a number for each row, so that
    (N,) and (N, 1) go together.
    """

    function: str
    module: str
    inputs: tuple[Any, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    learns: tuple[bool, ...] = (True, True)
    losses: tuple[int, ...] = (4, 3)
    lengths: bool = False
    by_row: int | None = None

    def __str__(self):
        return f"{self.function}{self.settings or ''}".replace(" ", "")

    def draw(self, seed=0):
        rng = np.random.default_rng(seed)
        return [each(rng) if callable(each) else each for each in self.inputs]

    def call(self, *inputs, **settings):
        return getattr(F, self.function)(*inputs, **self.settings, **settings)

    def made(self, **settings):
        return getattr(nn, self.module)(**self.settings, **settings)


PAIR = (reals(4, 3), reals(4, 3))
CLASSES = integers(4, low=0, high=3)
TRIPLET = (reals(4, 3), reals(4, 3), reals(4, 3))
OF_CLASSES = {"learns": (True, False), "losses": (4,)}

ROWS = [
    Row("mse_loss", "MSELoss", PAIR),
    Row("l1_loss", "L1Loss", PAIR),
    Row("smooth_l1_loss", "SmoothL1Loss", PAIR, {"beta": 0.7}),
    Row("smooth_l1_loss", "SmoothL1Loss", PAIR, {"beta": 0.0}),
    Row("huber_loss", "HuberLoss", PAIR, {"delta": 0.7}),
    Row("binary_cross_entropy", "BCELoss", (chances(4, 3), chances(4, 3))),
    Row("binary_cross_entropy_with_logits", "BCEWithLogitsLoss", (reals(4, 3), chances(4, 3))),
    Row("soft_margin_loss", "SoftMarginLoss", PAIR),
    Row("multilabel_soft_margin_loss", "MultiLabelSoftMarginLoss", (reals(4, 3), chances(4, 3)), losses=(4,)),
    Row("cross_entropy", "CrossEntropyLoss", (reals(4, 3), CLASSES), **OF_CLASSES),
    Row("cross_entropy", "CrossEntropyLoss", (reals(4, 3), CLASSES), {"label_smoothing": 0.1}, **OF_CLASSES),
    Row("cross_entropy", "CrossEntropyLoss", (reals(4, 3), chances(4, 3)), losses=(4,)),
    Row("nll_loss", "NLLLoss", (reals(4, 3), CLASSES), **OF_CLASSES),
    Row("kl_div", "KLDivLoss", (reals(4, 3), chances(4, 3))),
    Row("kl_div", "KLDivLoss", PAIR, {"log_target": True}),
    Row("poisson_nll_loss", "PoissonNLLLoss", (reals(4, 3), positives(4, 3)), {"full": True}),
    Row("poisson_nll_loss", "PoissonNLLLoss", (positives(4, 3), positives(4, 3)), {"log_input": False}),
    Row("gaussian_nll_loss", "GaussianNLLLoss", (*PAIR, positives(4, 3)), learns=(True, True, True), by_row=2),
    Row("hinge_embedding_loss", "HingeEmbeddingLoss", (positives(4, 3), signs(4, 3)), learns=(True, False)),
    Row("margin_ranking_loss", "MarginRankingLoss", (distinct(4), distinct(4), signs(4)), learns=(True,) * 3, losses=(4,)),
    Row("multi_margin_loss", "MultiMarginLoss", (distinct(4, 3), CLASSES), {"p": 2}, **OF_CLASSES),
    Row("multi_margin_loss", "MultiMarginLoss", (distinct(4, 3), CLASSES), {"weight": [0.5, 2.0, 1.0]}, **OF_CLASSES),
    Row("multilabel_margin_loss", "MultiLabelMarginLoss", (distinct(4, 3), label_sets), **OF_CLASSES),
    Row("cosine_embedding_loss", "CosineEmbeddingLoss", (*PAIR, signs(4)), learns=(True, True, False), losses=(4,), by_row=2),
    Row("triplet_margin_loss", "TripletMarginLoss", TRIPLET, {"margin": 4.0}, learns=(True,) * 3, losses=(4,)),
    Row("triplet_margin_loss", "TripletMarginLoss", TRIPLET, {"swap": True, "p": 3}, learns=(True,) * 3, losses=(4,)),
    Row("triplet_margin_with_distance_loss", "TripletMarginWithDistanceLoss", TRIPLET, learns=(True,) * 3, losses=(4,)),
    Row(
        "ctc_loss",
        "CTCLoss",
        (reals(5, 4, 3, high=0.0), integers(4, 2, low=1, high=3), np.array([5, 3, 4, 5]), np.array([2, 1, 2, 0])),
        learns=(True, False, False, False),
        losses=(4,),
        lengths=True,
    ),
]
table = pytest.mark.parametrize("row", ROWS, ids=str)
reductions = pytest.mark.parametrize("reduction", ["mean", "sum", "none"])


def is_floating(x):
    return isinstance(x, np.ndarray) and x.dtype.kind == "f"


def test_every_loss_is_in_the_table():
    classes = {name for name in nn.__all__ if name.endswith("Loss")}
    assert {row.module for row in ROWS} == classes
    assert {row.function for row in ROWS} == {name for name in nn.losses.__all__ if name not in classes}
    assert all(hasattr(F, row.function) for row in ROWS)


# ---------------------------------------------------------------- reductions


@table
def test_sum_and_mean_are_those_of_the_single_losses(row):
    inputs = row.draw()
    single = row.call(*inputs, reduction="none")
    assert single.shape == row.losses
    np.testing.assert_allclose(row.call(*inputs, reduction="sum"), single.sum(), rtol=1e-14)
    counts = np.maximum(inputs[-1], 1) if row.lengths else 1
    np.testing.assert_allclose(row.call(*inputs, reduction="mean"), (single / counts).mean(), rtol=1e-14)
    np.testing.assert_array_equal(row.call(*inputs), row.call(*inputs, reduction="mean"))


@reductions
@table
def test_the_module_is_the_function(row, reduction):
    inputs = row.draw()
    found = row.made(reduction=reduction)(*inputs)
    np.testing.assert_array_equal(found, row.call(*inputs, reduction=reduction))
    np.testing.assert_array_equal(row.made()(*inputs), row.call(*inputs))


@table
def test_another_reduction_is_refused(row):
    with pytest.raises(ValueError, match=rf"{row.function}: expected reduction 'mean', 'sum'.*received 'average'"):
        row.call(*row.draw(), reduction="average")
    with pytest.raises(ValueError, match=rf"{row.module}: expected reduction .* received None"):
        row.made(reduction=None)
    module = row.made()
    module.reduction = "average"
    with pytest.raises(ValueError, match=rf"{row.module}\(.*: expected reduction 'mean', .*received 'average'"):
        module(*row.draw())


@reductions
@pytest.mark.parametrize("loss", [F.nll_loss, F.cross_entropy])
def test_the_mean_over_classes_divides_by_the_weights_of_those_that_count(loss, reduction):
    x, target, weight = np.random.default_rng(0).normal(size=(5, 3)), [0, 2, -100, 1, 2], [0.5, 2.0, 1.0]
    log_p = x - np.log(np.exp(x).sum(1, keepdims=True)) if loss is F.cross_entropy else x
    counts = np.array([0 if t == -100 else weight[t] for t in target])
    single = np.array([0 if t == -100 else -weight[t] * log_p[i, t] for i, t in enumerate(target)])
    expected = {"none": single, "sum": single.sum(), "mean": single.sum() / counts.sum()}[reduction]
    np.testing.assert_allclose(loss(x, target, weight, reduction=reduction), expected, rtol=1e-13)


@reductions
@pytest.mark.parametrize("loss", [F.mse_loss, F.l1_loss, F.huber_loss])
def test_the_mean_of_weighted_errors(loss, reduction):
    rng = np.random.default_rng(0)
    x, y, weight = rng.uniform(size=(3, 4, 2))
    single = {F.mse_loss: (x - y) ** 2, F.l1_loss: abs(x - y), F.huber_loss: (x - y) ** 2 / 2}[loss] * weight
    count = single.size if loss is F.huber_loss else weight.sum()
    expected = {"none": single, "sum": single.sum(), "mean": single.sum() / count}[reduction]
    np.testing.assert_allclose(loss(x, y, reduction=reduction, weight=weight), expected, rtol=1e-13)
    with pytest.raises(TypeError, match="weight is a constant"):
        loss(x, y, weight=ag.tensor(weight, requires_grad=True))
    with pytest.raises(ValueError, match=r"expected weight of .*shape.*received \(3,\)"):
        loss(x, y, weight=np.ones(3))


def test_batchmean_divides_by_the_number_of_rows():
    x, y = np.random.default_rng(0).uniform(0.1, 0.9, (2, 4, 3))
    np.testing.assert_allclose(F.kl_div(x, y, reduction="batchmean"), F.kl_div(x, y, reduction="none").sum(1).mean())
    with pytest.raises(ValueError, match="received 'batchmean'"):
        F.mse_loss(x, y, reduction="batchmean")
    with pytest.raises(ValueError, match="expected reduction 'mean', 'sum', 'none' or 'batchmean', received 'sums'"):
        F.kl_div(x, y, reduction="sums")


# ---------------------------------------------------------------- inputs


@reductions
@table
def test_lists_are_arrays(row, reduction):
    inputs = row.draw()
    listed = [each.tolist() if isinstance(each, np.ndarray) else each for each in inputs]
    found = row.call(*listed, reduction=reduction)
    assert not isinstance(found, ag.Tensor)
    np.testing.assert_array_equal(found, row.call(*inputs, reduction=reduction))


@reductions
@table
def test_single_precision_stays_and_plain_targets_are_cast(row, reduction):
    inputs = row.draw()
    x = ag.tensor(inputs[0].astype(np.float32), requires_grad=True)
    loss = row.call(x, *inputs[1:], reduction=reduction)  # the others in float64
    assert loss.dtype == np.float32
    loss.sum().backward()
    assert x.grad.dtype == np.float32
    np.testing.assert_allclose(loss.numpy(), row.call(*inputs, reduction=reduction), rtol=2e-5, atol=1e-6)


@table
def test_what_learns_gets_a_gradient_and_nothing_else(row):
    leaves = [ag.tensor(each, requires_grad=True) if is_floating(each) or learns else each
              for each, learns in zip(row.draw(), row.learns, strict=True)
              for each in [each.astype(float) if learns else each]]  # fmt: skip
    row.call(*leaves).backward()
    for each, learns in zip(leaves, row.learns, strict=True):
        if learns:
            assert np.any(each.grad.numpy())
        else:
            assert not isinstance(each, ag.Tensor) or each.grad is None or not np.any(each.grad.numpy())


@pytest.mark.parametrize("row", [row for row in ROWS if row.learns[1]], ids=str)
def test_only_the_target_may_be_recorded_and_leads(row):
    inputs = row.draw()
    target = ag.tensor(inputs[1].astype(np.float32), requires_grad=True)
    loss = row.call(inputs[0], target, *inputs[2:])
    loss.backward()
    assert loss.dtype == target.grad.dtype == np.float32


@table
def test_nothing_is_broadcast_by_mistake(row):
    """(N,) against (N, 1): in each place where an input of N numbers may stand."""
    vector, column = np.full(3, 0.5), np.full((3, 1), 0.5)
    count = len(row.inputs)
    for place in range(count):
        for one, others in ((vector, column), (column, vector)):
            if place == row.by_row and one is vector:
                continue
            with pytest.raises((ValueError, TypeError, IndexError), match="expected .* received"):
                row.call(*[one if i == place else others for i in range(count)])


@reductions
@table
def test_an_empty_batch(row, reduction):
    nothing = [each[:, :0] if row.lengths and i == 0 else each[:0] for i, each in enumerate(row.draw())]
    x = ag.tensor(nothing[0], requires_grad=True)
    loss = row.call(x, *nothing[1:], reduction=reduction)
    expected = {"mean": math.nan, "sum": 0.0, "none": np.zeros((0, *row.losses[1:]))}[reduction]
    np.testing.assert_array_equal(loss.numpy(), expected)
    loss.sum().backward()
    assert x.grad.shape == x.shape


@reductions
@pytest.mark.parametrize("pattern", ["all", "first", "others"])
@table
def test_vmap_gives_each_example_its_loss_and_gradient(row, pattern, reduction):
    draws = [row.draw(seed) for seed in range(3)]
    count = len(row.inputs)
    axes = tuple([0 if pattern == "all" or (pattern == "first") == (i == 0) else None for i in range(count)])
    arrays = [np.stack([each[i] for each in draws]) if axis == 0 else draws[0][i] for i, axis in enumerate(axes)]
    alone = [[x[k] if axis == 0 else x for x, axis in zip(arrays, axes, strict=True)] for k in range(3)]

    def loss(*inputs):
        return row.call(*inputs, reduction=reduction)

    for f in (loss, ag.grad(lambda *inputs: np.sum(loss(*inputs) * 1.5))):
        found = ag.vmap(f, axes)(*arrays)
        np.testing.assert_allclose(found, np.stack([f(*each) for each in alone]), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("wrong", [3, -7])
@pytest.mark.parametrize("row", [row for row in ROWS if row.losses == (4,) and not row.learns[1]], ids=str)
def test_a_class_that_there_is_not_is_refused_inside_vmap_too(row, wrong):
    x, target, *others = row.draw()
    target[(2,) + (0,) * (target.ndim - 1)] = wrong
    with pytest.raises(IndexError, match=rf"{row.function}: expected .* received {wrong} at position"):
        row.call(x, target, *others)
    arrays = [np.stack([each, each]) for each in (x, target, *others)]
    with pytest.raises(IndexError, match="expected (classes|targets) from 0 to"):
        ag.vmap(row.call)(*arrays)


# ---------------------------------------------------------------- what it costs, and where it says that it was wrong


OF_ELEMENTS = [row for row in ROWS if row.losses == (4, 3) and row.function != "gaussian_nll_loss"]  # whose variance broadcasts


@reductions
@pytest.mark.parametrize("row", OF_ELEMENTS, ids=str)
def test_a_loss_of_elements_is_one_op(row, reduction):
    inputs = row.draw()
    x = ag.tensor(inputs[0], requires_grad=True)
    assert row.call(x, *inputs[1:], reduction=reduction).node.inputs[0] is x.node


class Training(nn.Module):
    def __init__(self, loss):
        self.losses = {"main": loss}

    def forward(self, *inputs):
        return self.losses["main"](*inputs)


@table
def test_errors_name_the_path_of_a_loss_in_a_model(row):
    inputs = [each[:2] if i == len(row.inputs) - 1 else each for i, each in enumerate(row.draw())]
    with pytest.raises((ValueError, IndexError), match=rf"^losses.main \({row.module}\(.*.*expected .*received"):
        Training(row.made())(*inputs)
    with pytest.raises((ValueError, IndexError), match=rf"^{row.module}\(.*expected .*received"):
        row.made()(*inputs)
