"""Losses against recorded PyTorch values, against finite differences, and at their edges."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
import nn
from nn import functional as F

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "torch_nn.json").read_text())
CASES = RECORDED["losses"]
TOLERANCE = {np.float64: 1e-6, np.float32: 1e-4}


def assert_close(actual, expected, relative):
    """Within ``relative`` of the largest element; also the shape and where there is NaN."""
    expected = np.asarray(expected)
    assert np.shape(actual) == expected.shape
    scale = np.max(np.abs(expected), initial=0.0)
    np.testing.assert_allclose(actual, expected, rtol=0, atol=relative * scale)


def called(case, dtype, names=()):
    arguments = {}
    for name, value in case["arguments"].items():
        value = np.asarray(value)
        if value.dtype.kind == "f":
            value = value.astype(dtype)
        arguments[name] = ag.tensor(value, requires_grad=name in names)
    out = getattr(F, case["function"])(*arguments.values(), **case["keywords"])
    return arguments, out


def cotangent_of(out):
    return np.cos(np.arange(np.size(out.numpy()))).reshape(out.shape).astype(out.dtype)


def identified(case):
    shapes = [np.shape(value) for value in case["arguments"].values()]
    settings = [f"{name}={value}" for name, value in case["keywords"].items()]
    return " ".join(map(str, [case["function"], *shapes, *settings]))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("case", CASES, ids=identified)
def test_values_and_gradients_are_pytorchs(case, dtype):
    arguments, out = called(case, dtype, case["gradients"])
    assert out.dtype == dtype
    assert_close(out.numpy(), case["value"], TOLERANCE[dtype])
    out.backward(cotangent_of(out))
    for name, expected in case["gradients"].items():
        assert_close(arguments[name].grad.numpy(), expected, TOLERANCE[dtype])


@pytest.mark.parametrize("case", CASES, ids=identified)
def test_arrays_give_the_same_as_tensors(case):
    arguments = [np.asarray(value) for value in case["arguments"].values()]
    out = getattr(F, case["function"])(*arguments, **case["keywords"])
    assert not isinstance(out, ag.Tensor)
    np.testing.assert_array_equal(out, called(case, np.float64)[1].numpy())


SMOOTH = [case for case in CASES if np.abs(case["arguments"]["input"]).max() < 100]


@pytest.mark.parametrize("case", SMOOTH, ids=identified)
def test_first_and_second_derivatives_agree_with_differences(case):
    names = list(case["gradients"])
    fixed = {name: np.asarray(value) for name, value in case["arguments"].items() if name not in names}

    def f(*variables):
        given = {**dict(zip(names, variables, strict=True)), **fixed}
        return getattr(F, case["function"])(*[given[name] for name in case["arguments"]], **case["keywords"])

    inputs = [np.asarray(case["arguments"][name]) for name in names]
    assert ag.gradcheck(f, inputs, order=1)
    assert ag.gradcheck(f, inputs, order=2)


def test_the_probabilities_inside_cross_entropy_differentiate_too():
    from nn.kernels.softmax_cross_entropy import softmax_cross_entropy

    target = np.array([0, 2, 1])

    def f(x):
        loss, probabilities = softmax_cross_entropy(x, target, None, 0.5, rows=False)
        return loss * np.sum(probabilities**3)

    x = np.random.default_rng(0).normal(size=(3, 3))
    assert ag.gradcheck(f, [x], order=1)
    assert ag.gradcheck(f, [x], order=2)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_cross_entropy_of_huge_logits(dtype):
    x = ag.tensor(np.array([[1e4, 0, -1e4], [1e4, 0, -1e4]], dtype), requires_grad=True)
    loss = F.cross_entropy(x, [0, 2], reduction="none")
    np.testing.assert_array_equal(loss.numpy(), [0, 2e4])
    loss.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), [[0, 0, 0], [1, 0, -1]])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("pos_weight", [None, 2.0])
def test_binary_cross_entropy_of_huge_logits(dtype, pos_weight):
    x = ag.tensor(np.array([1e4, 1e4, -1e4, -1e4], dtype), requires_grad=True)
    loss = F.binary_cross_entropy_with_logits(x, [1, 0, 1, 0], reduction="none", pos_weight=pos_weight)
    p = pos_weight or 1.0
    np.testing.assert_array_equal(loss.numpy(), [0, 1e4, p * 1e4, 0])
    loss.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), [0, 1, -p, 0])


def test_masked_classes_get_no_gradient():
    x = ag.tensor([[0.0, -np.inf, 0.0]], requires_grad=True)
    loss = F.cross_entropy(x, [0])
    assert loss.item() == pytest.approx(math.log(2), rel=1e-15)
    loss.backward()
    np.testing.assert_array_equal(x.grad.numpy(), [[-0.5, 0, 0.5]])


EMPTY = [
    (F.cross_entropy, (np.zeros((0, 3)), np.zeros(0, int))),
    (F.cross_entropy, (np.zeros((0, 3)), [])),
    (F.cross_entropy, (np.zeros((0, 3)), np.zeros((0, 3)))),
    (F.mse_loss, (np.zeros(0), np.zeros(0))),
    (F.l1_loss, (np.zeros((0, 2)), np.zeros((0, 2)))),
    (F.binary_cross_entropy_with_logits, (np.zeros(0), np.zeros(0))),
]


NOTHING = {"mean": math.nan, "sum": 0.0}  # what is made of no losses


def settings_of(loss):
    return [{"label_smoothing": smoothing} for smoothing in (0.0, 0.1, 1.0)] if loss is F.cross_entropy else [{}]


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(
    ("loss", "arguments", "settings"),
    [(loss, arguments, settings) for loss, arguments in EMPTY for settings in settings_of(loss)],
)
def test_an_empty_batch_has_mean_nan_and_sum_zero(loss, arguments, settings, reduction):
    x = ag.tensor(arguments[0], requires_grad=True)
    out = loss(x, arguments[1], reduction=reduction, **settings)
    expected = NOTHING.get(reduction, np.zeros(x.shape if loss is not F.cross_entropy else 0))
    np.testing.assert_array_equal(out.numpy(), expected)
    out.sum().backward()
    assert x.grad.shape == x.shape


@pytest.mark.parametrize("weight", [None, [1.0, 2.0, 3.0]])
@pytest.mark.parametrize("label_smoothing", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("logits", [np.ones((2, 3)), np.array([[0, -np.inf, 0], [1, 2, 3]])], ids=["finite", "masked"])
def test_a_batch_of_ignored_targets_has_mean_nan_sum_zero_and_gradient_zero(logits, reduction, label_smoothing, weight):
    x = ag.tensor(logits, requires_grad=True)
    loss = F.cross_entropy(x, [-100, -100], weight, reduction=reduction, label_smoothing=label_smoothing)
    np.testing.assert_array_equal(loss.numpy(), NOTHING.get(reduction, np.zeros(2)))
    loss.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), np.zeros((2, 3)))


@pytest.mark.parametrize("label_smoothing", [0.0, 0.1])
@pytest.mark.parametrize(("reduction", "expected"), [("mean", math.nan), ("sum", 0.0), ("none", [0.0, 0.0])])
def test_weights_that_are_all_zero(reduction, expected, label_smoothing):
    # with smoothing the other classes count by their own weights, which are 0, too
    loss = F.cross_entropy(np.ones((2, 3)), [0, 1], np.zeros(3), reduction=reduction, label_smoothing=label_smoothing)
    np.testing.assert_array_equal(loss, expected)


def test_plain_targets_and_weights_are_cast_to_the_logits_dtype():
    x = ag.tensor(np.ones((2, 3), np.float32), requires_grad=True)
    y = np.ones((2, 3))
    assert F.mse_loss(x, y).dtype == np.float32
    assert F.binary_cross_entropy_with_logits(x, y.astype(int), weight=np.ones(3), pos_weight=[2, 2, 2]).dtype == np.float32
    assert F.cross_entropy(x, [0, 1], weight=np.ones(3)).dtype == np.float32
    assert F.cross_entropy(x, [0, -100], label_smoothing=np.float64(0.1)).dtype == np.float32
    assert F.mse_loss(np.ones(2), ag.tensor(np.ones(2, np.float32), requires_grad=True)).dtype == np.float32
    assert F.mse_loss([1, 2], [1.5, 2]) == 0.125  # integers predict nothing: they become float64


def test_inputs_are_left_as_they_are():
    x, target, weight = np.ones((2, 3)), np.array([0, -100]), np.ones(3)
    given = [x.copy(), target.copy(), weight.copy()]
    F.cross_entropy(ag.tensor(x, requires_grad=True), target, weight=weight, label_smoothing=0.1).backward()
    for before, after in zip(given, [x, target, weight], strict=True):
        np.testing.assert_array_equal(before, after)


def test_read_only_and_strided_inputs():
    x = np.asfortranarray(np.random.default_rng(0).normal(size=(6, 4)))[::2, ::-1]
    x.flags.writeable = False
    target = np.arange(6)[::2] % 4
    np.testing.assert_allclose(F.cross_entropy(x, target), F.cross_entropy(x.copy(), target.copy()), rtol=1e-15)


def test_cross_entropy_of_indices_is_one_op():
    x = ag.tensor(np.ones((2, 3)), requires_grad=True)
    assert F.cross_entropy(x, [0, 1]).node.inputs[0].name == "softmax_cross_entropy"
    assert F.cross_entropy(x, [0, 1]).node.inputs[0].inputs[0] is x.node


Z23, X23 = np.zeros((2, 3)), lambda: ag.tensor(np.zeros((2, 3)), requires_grad=True)
ERRORS = [
    (
        lambda: F.mse_loss(np.zeros(3), np.zeros((3, 1))),
        ValueError,
        r"mse_loss: expected input and target of the same shape, rec.*\(3,\) and \(3, 1\)",
    ),
    (lambda: F.l1_loss(np.zeros(3), 0.0), ValueError, r"l1_loss: .* received \(3,\) and \(\)"),
    (
        lambda: F.binary_cross_entropy_with_logits(np.zeros((3, 1)), np.zeros(3)),
        ValueError,
        r"Nothing is broadcast.*target.reshape\(\(3, 1\)\)",
    ),
    (
        lambda: F.mse_loss(Z23, Z23, reduction="avg"),
        ValueError,
        "mse_loss: expected reduction 'mean', 'sum' or 'none', received 'avg'",
    ),
    (
        lambda: F.mse_loss(Z23 * 1j, Z23),
        TypeError,
        "mse_loss: input: expected numbers that can be cast to float64, received complex128",
    ),
    (
        lambda: F.mse_loss(X23(), ag.tensor(np.zeros((2, 3), np.float32), requires_grad=True)),
        TypeError,
        "mse_loss: target: expected float64, received a recorded tensor of float32",
    ),
    (
        lambda: F.binary_cross_entropy_with_logits(Z23, Z23, weight=np.ones(2)),
        ValueError,
        r"expected weight of a shape that broadcasts to \(2, 3\), received \(2,\)",
    ),
    (
        lambda: F.binary_cross_entropy_with_logits(Z23[0], Z23[0], pos_weight=Z23),
        ValueError,
        r"expected pos_weight of a shape that broadcasts to \(3,\), received \(2, 3\)",
    ),
    (
        lambda: F.binary_cross_entropy_with_logits(Z23, Z23, weight=X23()),
        TypeError,
        r"weight is a constant, received a tensor that requires a gradient; pass weight.detach\(\)",
    ),
    (
        lambda: F.cross_entropy(Z23, [0, 3]),
        IndexError,
        r"expected classes from 0 to 2 \(or ignore_index=-100\), received 3 at position 1",
    ),
    (lambda: F.cross_entropy(Z23, [-1, 0]), IndexError, "received -1 at position 0"),
    (lambda: F.cross_entropy(Z23, [0, -100], ignore_index=-7), IndexError, "received -100 at position 1"),
    (lambda: F.cross_entropy(Z23, [0.0, 1.0]), ValueError, r"received float64 \(2,\)\. For classes: target.astype\(int\)"),
    (
        lambda: F.cross_entropy(Z23, np.eye(3, dtype=int)[:2]),
        ValueError,
        r"received int64 \(2, 3\)\. For one-hot targets: target.astype\(float\)",
    ),
    (
        lambda: F.cross_entropy(Z23, np.zeros((2, 1), int)),
        ValueError,
        r"integer classes of shape \(2,\).*received int64 \(2, 1\)\. Reshape.*reshape\(\(2,\)\)",
    ),
    (lambda: F.cross_entropy(Z23, [True, False]), TypeError, r"received bool \(2,\)"),
    (lambda: F.cross_entropy(Z23 * 1j, [0, 1]), TypeError, "cross_entropy: the logits: .* received complex128"),
    (lambda: F.cross_entropy(0.5, 0), ValueError, r"expected logits of shape \(C,\), \(N, C\) or \(N, C, ...\), received \(\)"),
    (
        lambda: F.cross_entropy(Z23, [0, 1], weight=np.ones(2)),
        ValueError,
        r"expected weight of shape \(3,\), one per class; received \(2,\)",
    ),
    (
        lambda: F.cross_entropy(Z23, [0, 1], label_smoothing=1.5),
        ValueError,
        "cross_entropy: expected label_smoothing, a finite number from 0 to 1; received 1.5",
    ),
    (
        lambda: F.cross_entropy(Z23, [0, 1], label_smoothing=None),
        TypeError,
        "cross_entropy: expected label_smoothing, a number from 0 to 1; received None",
    ),
    (lambda: F.cross_entropy(Z23, [0, 1], label_smoothing=np.nan), ValueError, "label_smoothing, a finite .* received nan"),
    (
        lambda: F.cross_entropy(Z23, [0, 1], ignore_index=None),
        TypeError,
        "cross_entropy: expected ignore_index, a whole number; received None",
    ),
    (lambda: F.cross_entropy(Z23, [0, 1], ignore_index=1.5), TypeError, "ignore_index, a whole number; received 1.5"),
    (
        lambda: nn.CrossEntropyLoss(ignore_index="x"),
        TypeError,
        "CrossEntropyLoss: expected ignore_index, a whole number; received 'x'",
    ),
    (lambda: F.cross_entropy(Z23, [0, 1], reduction=None), ValueError, "cross_entropy: expected reduction"),
    (lambda: F.cross_entropy(Z23, Z23, ignore_index=1), ValueError, "ignore_index=1 is for integer classes"),
    (lambda: nn.CrossEntropyLoss(reduction="no"), ValueError, "CrossEntropyLoss: expected reduction"),
    (lambda: nn.CrossEntropyLoss(label_smoothing=-1), ValueError, "CrossEntropyLoss: .* from 0 to 1; received -1"),
    (lambda: nn.MSELoss("no"), ValueError, "MSELoss: expected reduction"),
    (lambda: nn.L1Loss("no"), ValueError, "L1Loss: expected reduction"),
    (lambda: nn.BCEWithLogitsLoss(reduction="no"), ValueError, "BCEWithLogitsLoss: expected reduction"),
]


@pytest.mark.parametrize(("call", "error", "message"), ERRORS)
def test_bad_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()


MODULES = [
    (nn.MSELoss("sum"), F.mse_loss, {"reduction": "sum"}, "MSELoss(reduction='sum')"),
    (nn.L1Loss(), F.l1_loss, {}, "L1Loss(reduction='mean')"),
    (
        nn.BCEWithLogitsLoss([1.0, 2, 3], "sum", [2.0]),
        F.binary_cross_entropy_with_logits,
        {"weight": [1.0, 2, 3], "reduction": "sum", "pos_weight": [2.0]},
        "BCEWithLogitsLoss(reduction='sum')",
    ),
    (
        nn.CrossEntropyLoss([1.0, 2, 3], -7, "sum", 0.1),
        F.cross_entropy,
        {"weight": [1.0, 2, 3], "ignore_index": -7, "reduction": "sum", "label_smoothing": 0.1},
        "CrossEntropyLoss(reduction='sum', ignore_index=-7, label_smoothing=0.1)",
    ),
]


@pytest.mark.parametrize(("module", "function", "keywords", "printed"), MODULES)
def test_modules_call_the_functions(module, function, keywords, printed):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(4, 3)), rng.dirichlet(np.ones(3), 4)
    assert module(x, y) == function(x, y, **keywords)
    assert repr(module) == printed


def test_weights_of_loss_modules_are_saved_and_not_trained():
    loss = nn.BCEWithLogitsLoss(weight=[1.0], pos_weight=[2.0])
    assert list(loss.state_dict()) == ["weight", "pos_weight"]
    assert list(loss.parameters()) == []


def test_classes_on_the_last_axis_are_told_what_to_write():
    logits, target = np.ones((2, 5, 4)), np.zeros((2, 5), int)
    with pytest.raises(ValueError, match=r"write cross_entropy\(logits.reshape\(-1, 4\), target.reshape\(-1\)\)"):
        nn.functional.cross_entropy(logits, target)
    with pytest.raises(ValueError, match=r"received int64 \(7,\)\.$"):  # no shape to recommend
        nn.functional.cross_entropy(np.ones((2, 4)), np.zeros(7, int))
