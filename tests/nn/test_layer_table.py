"""The table: every layer and loss, with each of its records, through the same checks. Nothing here knows one by name.

``records`` has a file for each family. Numbers are compared with PyTorch's in ``test_parity``; here is what has to hold of a
layer whatever it computes.
"""

import importlib
import inspect
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Tensor
from nn.module import Module

FAMILIES = sorted(path.stem for path in (Path(__file__).parent / "records").glob("[a-z]*.py") if path.stem != "describing")
RECORDS = [(family, record) for family in FAMILIES for record in importlib.import_module(f"tests.nn.records.{family}").RECORDS]


def table(condition=lambda record: True):
    found = [(family, record) for family, record in RECORDS if condition(record)]
    ids = [f"{family}-{record}-{i}" for i, (family, record) in enumerate(found)]
    return pytest.mark.parametrize("record", [record for _, record in found], ids=ids)


def made(record, dtype=np.float64, training=False, seed=0):
    """The module, with first values from ``seed``."""
    ag.seed(seed)
    module = record.make().astype(dtype).train(training)
    with ag.no_grad():  # what starts at 0 or 1 says little
        rng = np.random.default_rng(seed)
        for path, each in (*module.named_parameters(), *module.named_buffers()):
            if each.dtype.kind == "f":
                each += (
                    rng.uniform(0.1, 0.3, each.shape) if path.endswith("running_var") else rng.uniform(-0.1, 0.1, each.shape)
                )
    return module


def is_floating(x):
    return isinstance(x, np.ndarray) and x.dtype.kind == "f"


def converted(tree, dtype):
    """Arguments with their floating arrays in ``dtype``."""
    inputs, keywords = tree
    convert = lambda x: x.astype(dtype) if is_floating(x) else x
    return [convert(each) for each in inputs], {name: convert(each) for name, each in keywords.items()}


def outputs(result):
    """The tensors and arrays of a result, from left to right."""
    if isinstance(result, list | tuple):
        return [leaf for each in result for leaf in outputs(each)]
    return [] if result is None else [result]


def plain(result):
    return [np.asarray(each.detach().numpy() if isinstance(each, Tensor) else each) for each in outputs(result)]


def called(module, inputs, keywords=None, seed=0):
    ag.seed(seed)  # what is drawn is drawn alike
    return module(*inputs, **(keywords or {}))


def assert_close(actual, expected, rtol=1e-12):
    assert len(actual) == len(expected)
    for a, b in zip(actual, expected, strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, rtol=0, atol=rtol * max(1.0, np.abs(b, dtype=float).max(initial=0.0)))


def axes_of(record, inputs):
    return record.batch or tuple([0 if isinstance(each, np.ndarray) else None for each in inputs])


def rows_of(record, inputs, rows):
    """The arguments with some of the examples only."""
    return [x if axis is None else np.take(x, rows, axis) for x, axis in zip(inputs, axes_of(record, inputs), strict=True)]


def in_modes(condition=lambda record: True):
    """Every record in evaluation mode; and in training mode, where that makes a difference."""
    found = [
        (family, record, training)
        for family, record in RECORDS
        for training in (False, True)
        if condition(record) and (not training or (record.training and (record.random or list(record.make().buffers()))))
    ]
    ids = [f"{family}-{record}-{i}{'-training' * training}" for i, (family, record, training) in enumerate(found)]
    return pytest.mark.parametrize(("record", "training"), [each[1:] for each in found], ids=ids)


# ---------------------------------------------------------------- all of them are here


def test_every_module_has_a_record():
    classes = {each for name in nn.__all__ if inspect.isclass(each := getattr(nn, name)) and issubclass(each, Module)}
    recorded = {type(each) for _, record in RECORDS for each in record.make().modules()}
    assert {each.__name__ for each in classes - recorded} <= {"Module"}


# ---------------------------------------------------------------- gradients


@in_modes(lambda record: record.differentiable)
def test_gradients(record, training):
    """First and second derivatives with respect to all inputs and parameters, against finite differences."""
    module = made(record, training=training)
    inputs, keywords = record.draw()
    floating = [i for i, each in enumerate(inputs) if is_floating(each)]
    members = dict(module.named_parameters())
    before = module.state_dict()

    def f(*arrays):
        module.load_state_dict(before)  # running means are as they were
        filled = list(inputs)
        for i, each in zip(floating, arrays, strict=False):
            filled[i] = each
        ag.seed(0)
        named = dict(zip(members, arrays[len(floating) :], strict=True))
        return tuple(outputs(nn.functional_call(module, named, *filled, **keywords)))

    checked = [*[inputs[i] for i in floating], *[each.numpy() for each in members.values()]]
    assert checked
    ag.gradcheck(f, checked, order=2 if record.second else 1, max_elements=3, raise_on_failure=True)


# ---------------------------------------------------------------- modes, dtypes, saving


@table()
def test_evaluation_draws_and_changes_nothing(record):
    module = made(record)
    inputs, keywords = record.draw()
    before = module.state_dict()
    first, second = plain(called(module, inputs, keywords, seed=0)), plain(called(module, inputs, keywords, seed=1))
    assert_close(first, second, 0)
    for path, value in module.state_dict().items():
        np.testing.assert_array_equal(value, before[path])


@table(lambda record: record.random)
def test_training_draws_and_evaluation_comes_back(record):
    module = made(record, training=True)
    inputs, keywords = record.draw()
    first, again, other = [plain(called(module, inputs, keywords, seed)) for seed in (0, 0, 1)]
    assert_close(first, again, 0)
    assert any(not np.array_equal(a, b) for a, b in zip(first, other, strict=True))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@in_modes()
def test_dtype_is_kept(record, dtype, training):
    module = made(record, dtype, training)
    inputs, keywords = converted(record.draw(), dtype)
    leaves = [ag.tensor(each, requires_grad=True) if is_floating(each) else each for each in inputs]
    found = outputs(called(module, leaves, keywords))
    for each in found:
        if each.dtype.kind == "f":
            assert each.dtype == dtype
    total = sum([each.sum() for each in found if isinstance(each, Tensor) and each.requires_grad])
    if isinstance(total, Tensor):
        total.backward()
        for each in (*leaves, *module.parameters()):
            if isinstance(each, Tensor) and each.grad is not None:
                assert each.grad.dtype == dtype
                assert each.grad.shape == each.shape
    for each in (*module.parameters(), *module.buffers()):
        assert each.dtype == dtype or each.dtype.kind in "iu"


@table()
def test_single_precision_is_near_double(record):
    results = []
    for dtype in (np.float64, np.float32):
        module = made(record, np.float64)
        module.astype(dtype)
        results.append(plain(called(module, *converted(record.draw(), dtype))))
    assert_close(results[1], results[0], 1e-5)


@table()
def test_state_round_trip(record):
    module, other = made(record, seed=0), made(record, seed=1)
    inputs, keywords = record.draw()
    state = module.state_dict()
    assert other.load_state_dict(state) == ((), ())
    assert_close(plain(called(other, inputs, keywords)), plain(called(module, inputs, keywords)), 0)


# ---------------------------------------------------------------- batches and layouts


@table(lambda record: record.per_example)
def test_batch_of_one(record):
    module = made(record)
    inputs, keywords = record.draw()
    whole = plain(called(module, inputs, keywords))
    for row in (0, 1):
        alone = plain(called(module, rows_of(record, inputs, [row]), keywords))
        axes = record.out or (0,) * len(whole)
        assert_close(alone, [x if axis is None else np.take(x, [row], axis) for x, axis in zip(whole, axes, strict=True)])


@table(lambda record: record.empty)
def test_empty_batch(record):
    module = made(record)
    inputs, keywords = record.draw()
    nothing = rows_of(record, inputs, [])
    leaves = [ag.tensor(each, requires_grad=True) if is_floating(each) else each for each in nothing]
    found = outputs(called(module, leaves, keywords))
    if record.per_example:
        whole = plain(called(module, inputs, keywords))
        for each, x, axis in zip(found, whole, record.out or (0,) * len(found), strict=True):
            shape = list(x.shape)
            if axis is not None:
                shape[axis] = 0
            assert each.shape == tuple(shape)
    for each in found:
        if isinstance(each, Tensor) and each.requires_grad:
            each.backward(np.zeros(each.shape), retain_graph=True)
    for each in module.parameters():
        assert each.grad is None or not np.any(each.grad.numpy())


@in_modes()
def test_strides_do_not_matter(record, training):
    """Inputs in another memory order, and cut out of larger arrays, give the same; and none of them is written to."""
    inputs, keywords = record.draw()
    results = []
    for layout in (lambda x: x, np.asfortranarray, lambda x: np.repeat(x, 2, axis=-1)[..., ::2]):
        module = made(record, training=training)
        arrays = [layout(each) if isinstance(each, np.ndarray) and each.ndim else each for each in inputs]
        copies = [np.array(each) if isinstance(each, np.ndarray) else each for each in arrays]
        for each in arrays:
            if isinstance(each, np.ndarray):
                each.setflags(write=False)
        leaves = [ag.asarray(each).requires_grad_() if is_floating(each) else each for each in arrays]
        found = [each for each in outputs(called(module, leaves, keywords)) if isinstance(each, Tensor)]
        recorded = [each for each in found if each.requires_grad]
        wanted = [each for each in (*leaves, *module.parameters()) if isinstance(each, Tensor) and each.requires_grad]
        gradients = ag.grad_of(recorded, wanted, [np.ones(x.shape) for x in recorded], allow_unused=True) if recorded else []
        results.append([*plain(found), *plain(list(gradients))])
        for a, b in zip(arrays, copies, strict=True):
            if isinstance(a, np.ndarray):
                np.testing.assert_array_equal(a, b)
    for each in results[1:]:
        assert_close(each, results[0])


@table(lambda record: record.per_example and not record.keywords)
def test_vmap_is_a_batch(record):
    """``vmap`` over stacked inputs gives what each gives, value and gradients, in training mode where it draws nothing."""
    module = made(record, training=record.training and not record.random and not list(record.make().buffers()))
    draws = [record.draw(seed)[0] for seed in (0, 1, 2)]
    mapped = [i for i, each in enumerate(draws[0]) if isinstance(each, np.ndarray)]
    axes = tuple([0 if i in mapped else None for i in range(len(draws[0]))])
    stacked = [np.stack([each[i] for each in draws]) if i in mapped else draws[0][i] for i in range(len(draws[0]))]

    def f(*inputs):
        return tuple(outputs(module(*inputs)))

    together = plain(ag.vmap(f, axes)(*stacked))
    alone = [plain(f(*each)) for each in draws]
    assert_close(together, [np.stack(each) for each in zip(*alone, strict=True)], 1e-11)


# ---------------------------------------------------------------- mistakes


class Model(Module):
    def __init__(self, layer):
        self.layers = [layer]

    def forward(self, *inputs, **keywords):
        return self.layers[0](*inputs, **keywords)


WRONG = [(record, each) for _, record in RECORDS for each in record.wrong]


@pytest.mark.parametrize(("record", "wrong"), WRONG, ids=[f"{record}-{i}" for i, (record, _) in enumerate(WRONG)])
def test_a_wrong_shape_is_named_with_the_path_of_the_layer(record, wrong):
    rng = np.random.default_rng(0)
    inputs = [each(rng) if callable(each) else each for each in wrong]
    with pytest.raises((ValueError, TypeError, IndexError)) as raised:
        Model(made(record))(*inputs)
    message = str(raised.value)
    assert "layers.0" in message
    assert "expected" in message
    assert "received" in message


def test_every_layer_that_takes_certain_shapes_has_a_wrong_one():
    named = {type(record.make()).__name__ for _, record in RECORDS if record.wrong}
    assert named >= {"Linear", "Flatten"}
