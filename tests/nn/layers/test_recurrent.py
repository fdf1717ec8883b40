"""Recurrent layers: lengths and packed sequences against PyTorch's, kernels against their texts, cells, settings, mistakes."""

import json
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
import nn
from nn.kernels.elman import elman, elman_gradient, text_of_elman_gradient
from nn.kernels.gru import gru, gru_gradient, text_of_gru, text_of_gru_gradient
from nn.kernels.lstm import lstm, lstm_gradient, text_of_lstm, text_of_lstm_gradient
from nn.kernels.recurrence import Preactivations, step_by_step, times

RECORDED = json.loads((Path(__file__).parents[2] / "data" / "torch_sequences.json").read_text())["layers"]
LAYERS = (nn.RNN, nn.LSTM, nn.GRU)


def cotangents(results):
    return [np.cos(0.7 * np.arange(each.size) + i).reshape(each.shape) for i, each in enumerate(results)]


def flat(result):
    output, last = result
    return [output, *(last if isinstance(last, tuple) else [last])]


# ---------------------------------------------------------------- lengths


@pytest.fixture(params=RECORDED, ids=lambda case: f"{case['name']}-{case['settings']}".replace(" ", ""))
def case(request):
    return request.param


def built(case):
    layer = getattr(nn, case["name"])(2, 2, **case["settings"], dtype=np.float64)
    layer.load_state_dict(case["state"])
    x, *initial = [ag.tensor(each, requires_grad=True) for each in (case["input"], *case["hx"])]
    hx = (tuple(initial) if case["name"] == "LSTM" else initial[0]) if initial else None
    return layer, x, hx, [x, *initial, *layer.parameters()]


def assert_recorded(case, results, inputs):
    for actual, expected in zip(results, case["results"], strict=True):
        np.testing.assert_allclose(actual.numpy(), expected, rtol=0, atol=1e-11)
    for actual, expected in zip(ag.grad_of(results, inputs, cotangents(results)), case["gradients"], strict=True):
        np.testing.assert_allclose(actual.numpy(), expected, rtol=0, atol=1e-10)


def test_packed_sequences_give_what_they_give_in_pytorch(case):
    layer, x, hx, inputs = built(case)
    first = case["settings"].get("batch_first", False)
    packed = nn.pack_padded_sequence(x, case["lengths"], first, enforce_sorted=False)
    np.testing.assert_array_equal(packed.batch_sizes, case["batch_sizes"])
    if len(set(case["lengths"])) == 3:  # else their order is open
        np.testing.assert_array_equal(packed.data.numpy(), case["packed"])
    output, last = layer(packed, hx)
    assert isinstance(output, nn.PackedSequence)
    padded, lengths = nn.pad_packed_sequence(output, first, total_length=5)
    assert lengths.tolist() == case["lengths"]
    assert_recorded(case, flat((padded, last)), inputs)


def test_lengths_give_what_packed_sequences_give_in_pytorch(case):
    layer, x, hx, inputs = built(case)
    assert_recorded(case, flat(layer(x, hx, lengths=case["lengths"])), inputs)


def test_lengths_of_each_example_inside_vmap(case):
    layer, x, hx, _ = built(case)
    if case["settings"].get("batch_first"):
        x = np.swapaxes(x, 0, 1)
        layer.batch_first = False
    initial = () if hx is None else hx if isinstance(hx, tuple) else (hx,)

    def one(x, length, *states):
        hx = (states if isinstance(layer, nn.LSTM) else states[0]) if states else None
        return tuple(flat(layer(x, hx, length)))

    axes = (1, 0, *[1] * len(initial))
    together = [each.numpy() for each in ag.vmap(one, axes, out_axes=1)(x, np.array(case["lengths"]), *initial)]
    if case["settings"].get("batch_first"):
        together[0] = np.swapaxes(together[0], 0, 1)
    for actual, expected in zip(together, case["results"], strict=True):
        np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-11)


@pytest.mark.parametrize("layer_class", LAYERS)
def test_what_stands_behind_the_end_is_not_seen(layer_class):
    layer = layer_class(3, 4, bidirectional=True, num_layers=2)
    x = np.random.default_rng(0).uniform(-1, 1, (5, 2, 3))
    other = x.copy()
    other[3:, 1] = np.nan
    found = []
    for each in (x, other):
        each = ag.tensor(each.astype(np.float32), requires_grad=True)
        results = flat(layer(each, lengths=[5, 3]))
        gradients = ag.grad_of(results, [each, *layer.parameters()], [np.ones(y.shape) for y in results])
        found.append([y.numpy() for y in (*results, *gradients)])
    for a, b in zip(*found, strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.any(found[0][0][3:, 1])


@pytest.mark.parametrize("layer_class", LAYERS)
def test_each_sequence_is_on_its_own(layer_class):
    """Sorted or not, the outputs of a sequence are those that it has alone, at its own length."""
    layer = layer_class(3, 4, bidirectional=True, dtype=np.float64)
    x = np.random.default_rng(0).uniform(-1, 1, (6, 4, 3))
    for lengths in ([6, 4, 4, 1], [2, 6, 1, 5]):
        output, *last = flat(layer(x, lengths=lengths))
        for i, n in enumerate(lengths):
            alone, *last_alone = flat(layer(x[:n, i]))
            np.testing.assert_allclose(output[:n, i].numpy(), alone.numpy(), rtol=0, atol=1e-14)
            for a, b in zip(last, last_alone, strict=True):
                np.testing.assert_allclose(a[:, i].numpy(), b.numpy(), rtol=0, atol=1e-14)


# ---------------------------------------------------------------- kernels

# Time, batch, features, hidden.
SIZES = {
    "blocks": (8, 9, 40, 96),
    "small": (8, 9, 3, 4),
    "one row": (8, 1, 30, 20),
    "no blocks": (8, 9, 50, 97),
    "few": (3, 9, 40, 96),
}


def text_of_elman(x, h0, w_ih, w_hh, bias, lengths, *, reverse, nonlinearity):
    def step(t, h):
        h = x[t] @ w_ih.T + h @ w_hh.T + bias
        h = np.tanh(h) if nonlinearity == "tanh" else np.maximum(h, 0)
        return [h], [h]

    _, (states,) = step_by_step(step, times(len(x), reverse), [h0], lengths)
    return np.stack(states)


def weights_of(rng, gates, n, hidden, biases):
    shapes = [(gates * hidden, n), (gates * hidden, hidden), *[(gates * hidden,)] * biases]
    return [rng.uniform(-0.3, 0.3, shape) for shape in shapes]


def recurrences(steps, batch, n, hidden, lengths, statics):
    """Each kernel and its text, with inputs; then each gradient kernel and its text."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-2, 2, (steps, batch, n))
    h, c = rng.uniform(-1, 1, (2, batch, hidden))
    to_states, to_cells = rng.uniform(-1, 1, (2, steps, batch, hidden))
    for nonlinearity in ("tanh", "relu"):
        more = {**statics, "nonlinearity": nonlinearity}
        weights = weights_of(rng, 1, n, hidden, 1)
        yield elman, text_of_elman, (x, h, *weights, lengths), more
        states = elman(x, h, *weights, lengths, **more)
        yield elman_gradient, text_of_elman_gradient, (to_states, states, weights[1], lengths), more
    weights = weights_of(rng, 4, n, hidden, 1)
    yield lstm, text_of_lstm, (x, h, c, *weights, None, lengths), statics
    _, *made = lstm(x, h, c, *weights, None, lengths, **statics)
    yield lstm_gradient, text_of_lstm_gradient, (to_states, to_cells, *made, c, weights[1], None, lengths), statics
    weights = weights_of(rng, 3, n, hidden, 2)
    yield gru, text_of_gru, (x, h, *weights, lengths), statics
    made = gru(x, h, *weights, lengths, **statics)
    yield gru_gradient, text_of_gru_gradient, (to_states, *made, h, weights[1], lengths), statics


@pytest.mark.parametrize("order", [None, "sorted", "any"])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_kernels_are_their_texts(size, reverse, order):
    """Values; and gradients of what comes of the states and cells, which texts have by themselves."""
    steps, batch, n, hidden = SIZES[size]
    lengths = None if order is None else np.random.default_rng(1).integers(1, steps, batch, endpoint=True)
    if order == "sorted":
        lengths = np.sort(lengths)[::-1]
    for kernel, text, inputs, statics in recurrences(steps, batch, n, hidden, lengths, {"reverse": reverse}):
        found = []
        for function in (kernel, text):
            leaves = [ag.tensor(each, requires_grad=True) if is_floating(each) else each for each in inputs]
            results = function(*leaves, **statics)
            results = results if isinstance(results, tuple) else (results,)
            followed = [each for each in results if each.shape[:2] == (steps, batch)]
            wanted = [each for each in leaves if isinstance(each, ag.Tensor)]
            gradients = ag.grad_of(followed, wanted, cotangents(followed), allow_unused=True)
            gradients = [np.zeros(x.shape) if g is None else g.numpy() for x, g in zip(wanted, gradients, strict=True)]
            found.append([*[each.numpy() for each in results], *gradients])
        for a, b in zip(*found, strict=True):
            np.testing.assert_allclose(a, b, rtol=0, atol=1e-12 * max(np.abs(b).max(initial=0), 1))


def is_floating(x):
    return isinstance(x, np.ndarray) and x.dtype.kind == "f"


def test_the_sizes_above_are_computed_in_all_ways():
    found = {}
    for name, (steps, batch, n, hidden) in SIZES.items():
        x, gates = np.zeros((steps, batch, n)), np.zeros((4, steps, batch, hidden))
        made = Preactivations(x, np.zeros((4 * hidden, n)), np.zeros((4 * hidden, hidden)), None, gates)
        found[name] = made.together, made.weight.shape[1] > 1
    assert found.pop("blocks") == (True, True)
    assert found.pop("small") == (True, False)
    assert set(found.values()) == {(False, False)}


@pytest.mark.parametrize("layer_class", LAYERS)
def test_saturated_gates_neither_overflow_nor_stop(layer_class):
    layer = layer_class(2, 3)
    x = ag.tensor(np.full((4, 2, 2), 1e4, np.float32), requires_grad=True)
    output, _ = layer(x)
    output.sum().backward()
    assert np.isfinite(output.numpy()).all()
    assert np.isfinite(x.grad.numpy()).all()


@pytest.mark.parametrize("layer_class", LAYERS)
def test_a_frozen_layer_passes_gradients_on(layer_class):
    layer = layer_class(2, 3, dtype=np.float64)
    x = np.random.default_rng(0).uniform(-1, 1, (4, 2, 2))
    found = []
    for frozen in (False, True):
        layer.requires_grad_(not frozen)
        each = ag.tensor(x, requires_grad=True)
        layer(each)[0].sum().backward()
        found.append(each.grad.numpy())
    np.testing.assert_array_equal(*found)


# ---------------------------------------------------------------- cells


@pytest.mark.parametrize(
    ("layer", "cell"),
    [
        (nn.RNN(3, 4, nonlinearity="relu"), nn.RNNCell(3, 4, nonlinearity="relu")),
        (nn.LSTM(3, 4), nn.LSTMCell(3, 4)),
        (nn.GRU(3, 4, bias=False), nn.GRUCell(3, 4, bias=False)),
    ],
    ids=lambda each: type(each).__name__,
)
def test_cells_in_a_loop_are_a_layer(layer, cell):
    for each in (layer, cell):
        each.astype(np.float64)
    cell.load_state_dict({path.removesuffix("_l0"): value for path, value in layer.state_dict().items()})
    x = np.random.default_rng(0).uniform(-1, 1, (6, 2, 3))
    state, outputs = None, []
    for each in x:
        state = cell(each, state)
        outputs.append(state[0] if isinstance(state, tuple) else state)
    outputs = np.stack(outputs)
    expected, _ = layer(x)
    np.testing.assert_allclose(outputs.numpy(), expected.numpy(), rtol=0, atol=1e-14)
    for each in (outputs, expected):
        (each * np.cos(np.arange(each.size)).reshape(each.shape)).sum().backward()
    for a, b in zip(cell.parameters(), layer.parameters(), strict=True):
        np.testing.assert_allclose(a.grad.numpy(), b.grad.numpy(), rtol=0, atol=1e-13)


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize("layer_class", [*LAYERS, nn.RNNCell, nn.LSTMCell, nn.GRUCell])
def test_first_values_are_pytorchs(layer_class):
    layer = layer_class(300, 64, rng=np.random.default_rng(0))
    for parameter in layer.parameters():
        x = parameter.numpy() * 8  # uniform on (-1, 1)
        assert parameter.dtype == np.float32
        assert np.abs(x).max() <= 1
        assert np.abs(x).max() > 0.95
        assert x.var() == pytest.approx(1 / 3, abs=0.08)
    again = layer_class(300, 64, rng=np.random.default_rng(0))
    for a, b in zip(layer.parameters(), again.parameters(), strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


def test_the_backward_direction_reads_from_the_end():
    both = nn.GRU(3, 4, bidirectional=True, dtype=np.float64)
    one = nn.GRU(3, 4, dtype=np.float64)
    state = both.state_dict()
    one.load_state_dict({path.removesuffix("_reverse"): value for path, value in state.items() if path.endswith("_reverse")})
    x = np.random.default_rng(0).uniform(-1, 1, (5, 2, 3))
    np.testing.assert_allclose(both(x)[0][..., 4:].numpy(), one(x[::-1])[0][::-1].numpy(), rtol=0, atol=1e-14)
    np.testing.assert_allclose(both(x)[1][1].numpy(), one(x[::-1])[1][0].numpy(), rtol=0, atol=1e-14)


def passing_on(layers, **settings):
    """An RNN whose layers all give their input, if it is positive."""
    rnn = nn.RNN(50, 50, layers, "relu", **settings)
    rnn.load_state_dict({path: np.eye(50) if "weight_ih" in path else 0 * each for path, each in rnn.state_dict().items()})
    return rnn


def test_dropout_is_between_layers_and_in_training_only():
    x = np.ones((10, 8, 50), np.float32)
    one, two, three = [passing_on(n, dropout=0.25, rng=np.random.default_rng(0)) for n in (1, 2, 3)]
    np.testing.assert_array_equal(one(x)[0].numpy(), x)  # the last layer's outputs stay
    np.testing.assert_array_equal(two.eval()(x)[0].numpy(), x)
    y = two.train()(x)[0].numpy()
    assert set(np.unique(y)) == {np.float32(0), np.float32(1 / 0.75)}
    assert np.mean(y == 0) == pytest.approx(0.25, abs=0.03)
    assert np.mean(three(x)[0].numpy() == 0) == pytest.approx(1 - 0.75**2, abs=0.03)
    assert not np.any(passing_on(2, dropout=1.0)(x)[0].numpy())


def test_dropout_draws_for_each_example_of_a_vmap_and_from_the_librarys_generator():
    rnn = passing_on(2, dropout=0.5)
    x = np.ones((2, 10, 1, 50), np.float32)
    found = []
    for seed in (3, 3, 4):
        ag.seed(seed)
        found.append(ag.vmap(lambda x: rnn(x)[0])(x).numpy())
    assert np.any(found[0][0] != found[0][1])
    np.testing.assert_array_equal(found[0], found[1])
    assert np.any(found[0] != found[2])


def test_the_last_states_take_up_where_a_sequence_ended():
    layer = nn.LSTM(3, 4, num_layers=2, proj_size=2, dtype=np.float64)
    x = np.random.default_rng(0).uniform(-1, 1, (6, 2, 3))
    output, last = layer(x)
    first, between = layer(x[:4])
    second, at_end = layer(x[4:], between)
    np.testing.assert_allclose(output.numpy(), np.concatenate([first, second]).numpy(), rtol=0, atol=1e-14)
    for a, b in zip(last, at_end, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=0, atol=1e-14)


def test_gradients_of_the_cells_alone():
    """A loss of ``c_n`` only: nothing flows to the outputs."""
    layer = nn.LSTM(2, 3, dtype=np.float64)
    x = np.random.default_rng(0).uniform(-1, 1, (4, 2, 2))
    assert ag.gradcheck(lambda x: layer(x)[1][1].sum(), [x], order=2)


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (nn.RNN(3, 4), "RNN(3, 4)"),
        (nn.RNN(3, 4, 2, "relu", dropout=0.5), "RNN(3, 4, num_layers=2, dropout=0.5, nonlinearity='relu')"),
        (nn.LSTM(3, 4, bidirectional=True, proj_size=2), "LSTM(3, 4, bidirectional=True, proj_size=2)"),
        (nn.GRU(3, 4, bias=False, batch_first=True), "GRU(3, 4, bias=False, batch_first=True)"),
        (nn.RNNCell(3, 4, False, "relu"), "RNNCell(3, 4, bias=False, nonlinearity='relu')"),
    ],
)
def test_repr_has_what_is_not_usual(layer, text):
    assert repr(layer) == text


# ---------------------------------------------------------------- mistakes

X = np.ones((5, 3, 2), np.float32)


@pytest.mark.parametrize(
    ("run", "error", "message"),
    [
        (lambda: nn.RNN(2, 0), ValueError, "RNN: expected .* a hidden_size of 1 or more; received 2 and 0"),
        (lambda: nn.RNN(2.5, 4), TypeError, "RNN: expected input_size, a whole number; received 2.5"),
        (lambda: nn.RNN(2, 4, nonlinearity="gelu"), ValueError, "RNN: expected nonlinearity 'tanh' or 'relu', received 'gelu'"),
        (lambda: nn.RNNCell(2, 4, nonlinearity="gelu"), ValueError, "RNNCell: expected nonlinearity"),
        (lambda: nn.GRU(2, 4, 0), ValueError, "GRU: expected num_layers of 1 or more, received 0"),
        (lambda: nn.GRU(2, 4, dropout=1.5), ValueError, "GRU: expected dropout, .* from 0 to 1; received 1.5"),
        (lambda: nn.LSTM(2, 4, proj_size=4), ValueError, "LSTM: expected proj_size from 0 to 3, .* received 4"),
        (
            lambda: nn.RNN(3, 4)(X),
            ValueError,
            r"RNN\(3, 4\): expected input of shape \(time, batch, 3\) .* received \(5, 3, 2\)",
        ),
        (lambda: nn.RNN(3, 4, batch_first=True)(X), ValueError, r"expected input of shape \(batch, time, 3\)"),
        (lambda: nn.RNN(2, 4)(X[:0]), ValueError, "expected sequences of at least one element, received 0"),
        (
            lambda: nn.GRU(2, 4, 2)(X, np.ones((2, 3, 2))),
            ValueError,
            r"GRU\(2, 4, num_layers=2\): expected h_0 of shape \(2, 3, 4\), received \(2, 3, 2\)",
        ),
        (lambda: nn.GRU(2, 4)(X[0], np.ones((1, 3, 4))), ValueError, r"expected h_0 of shape \(1, 4\), received \(1, 3, 4\)"),
        (
            lambda: nn.LSTM(2, 4)(X, (np.ones((1, 3, 4)), np.ones((1, 3, 3)))),
            ValueError,
            r"expected c_0 of shape \(1, 3, 4\), received \(1, 3, 3\)",
        ),
        (lambda: nn.LSTM(2, 4)(X, X), TypeError, r"LSTM\(2, 4\): expected a pair of states, \(h_0, c_0\), received ndarray"),
        (lambda: nn.LSTM(2, 4)(X, (X,)), TypeError, "expected a pair of states, .* received 1 of them"),
        (lambda: nn.LSTMCell(2, 4)(X[0], (X[0],)), TypeError, "expected a pair of states, .* received 1 of them"),
        (lambda: nn.GRU(2, 4)(X, lengths=[5, 3, 0]), ValueError, "expected lengths from 1 to 5, received some from 0 to 5"),
        (lambda: nn.GRU(2, 4)(X, lengths=[5, 3, 6]), ValueError, "expected lengths from 1 to 5, received some from 3 to 6"),
        (lambda: nn.GRU(2, 4)(X, lengths=[5, 3]), ValueError, r"a length for each sequence, of shape \(3,\), received \(2,\)"),
        (lambda: nn.GRU(2, 4)(X, lengths=[5.0, 3.0, 1.0]), TypeError, "expected lengths, integers, received float64"),
        (
            lambda: nn.GRU(2, 4)(nn.pack_padded_sequence(X, [5, 3, 1]), lengths=[5, 3, 1]),
            ValueError,
            "expected no lengths beside a PackedSequence",
        ),
        (
            lambda: nn.GRU(3, 4)(nn.pack_padded_sequence(X, [5, 3, 1])),
            ValueError,
            r"expected data of shape \(elements, 3\), received \(9, 2\)",
        ),
        (
            lambda: nn.GRUCell(2, 4)(X),
            ValueError,
            r"GRUCell\(2, 4\): expected input of shape \(batch, 2\) or \(2,\), received \(5, 3, 2\)",
        ),
        (lambda: nn.GRUCell(2, 4)(X[0], X[0]), ValueError, r"expected hx of shape \(3, 4\), received \(3, 2\)"),
    ],
)
def test_mistakes_are_named(run, error, message):
    with pytest.raises(error, match=message):
        run()
