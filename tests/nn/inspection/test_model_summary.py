"""The table of a model: what stands in it, and that the model stays as it was."""

import copy
import gc
import html.parser
import re
import tracemalloc
import weakref

import numpy as np
import pytest

import autograd as ag
import nn
from nn.inspection import summary


def mlp():
    return nn.Sequential(
        *(nn.Linear(20, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.2)),
        *(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 3)),
    )


def lenet():
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    )


class Shared(nn.Module):
    """Modules in lists and dicts, a shared block, tied weights, one in a loop, one that is never called."""

    def __init__(self):
        self.embedding = nn.Embedding(50, 8)
        self.blocks = {"a": [nn.Linear(8, 8), nn.Linear(8, 8)], "b": nn.Sequential(nn.Linear(8, 8), nn.Tanh())}
        self.scale = nn.Parameter(np.ones(8, np.float32))
        self.idle = nn.Sequential(nn.Linear(3, 3))
        self.head = nn.Linear(8, 50, bias=False)
        self.head.weight = self.embedding.weight
        self.again = self.blocks["b"]
        self.looped = nn.ModuleList([nn.Linear(8, 8)])

    def forward(self, indices):
        x = self.embedding(indices)
        for layer in self.blocks["a"]:
            x = ag.relu(layer(x))
        for _ in range(3):
            x = self.looped[0](x)
        x = self.again(self.blocks["b"](x))
        return {"logits": self.head(x * self.scale), "features": x}


def by_path(found):
    return {row.path: row for row in found.rows}


# ---------------------------------------------------------------- numbers


def test_a_tabular_network():
    """Parameters as in Keras, 4,003 of dense layers and 128 of batch normalisation; it adds the 128 statistics, our buffers."""
    found = summary(mlp(), (20,))
    assert [row.parameters for row in found.rows] == [0, 1344, 128, 0, 0, 2080, 0, 528, 0, 51]
    assert found.totals.parameters == found.totals.trainable == 4003 + 128
    assert found.totals.parameter_bytes == 4 * 4131
    assert found.totals.buffers == 128 + 1  # and the number of batches
    assert [row.outputs for row in found.rows][:3] == [("(N, 3)",), ("(N, 64)",), ("(N, 64)",)]
    assert found.rows[1].output_bytes == 256
    assert found.totals.flops == 2 * (20 * 64 + 64 * 32 + 32 * 16 + 16 * 3) + (64 + 32 + 16 + 3) + 2 * 64 + (64 + 32 + 16)
    assert not found.notes


def test_a_convolutional_network():
    """61,706 parameters: LeNet-5 with full connections and 10 outputs."""
    found = summary(lenet(), (1, 28, 28), batch_size=32)
    assert found.totals.parameters == 61706
    assert [row.outputs[0] for row in found.rows[4:8]] == ["(N, 16, 10, 10)", "(N, 16, 10, 10)", "(N, 16, 5, 5)", "(N, 400)"]
    assert found.rows[1].output_bytes == 32 * 6 * 28 * 28 * 4
    assert found.totals.input_bytes == 32 * 28 * 28 * 4
    assert found.totals.flops == 32 * summary(lenet(), (1, 28, 28)).totals.flops


def test_outputs_in_tuples_and_dicts():
    layer = nn.LSTM(5, 8, num_layers=2, batch_first=True)
    assert summary(layer, (7, 5)).rows[0].outputs == ("(N, 7, 8)", "(2, N, 8)", "(2, N, 8)")
    assert summary(layer).totals.parameters == 4 * 8 * (5 + 8 + 2) + 4 * 8 * (8 + 8 + 2)
    assert summary(Shared(), (12,), dtype=np.int64).rows[0].outputs == ("logits: (N, 12, 50)", "features: (N, 12, 8)")


def test_shared_modules_tied_weights_and_loops():
    found = summary(Shared(), (12,), dtype=np.int64)
    rows = by_path(found)
    assert list(rows) == [
        *("", "embedding", "blocks.a.0", "blocks.a.1", "blocks.b", "blocks.b.0", "blocks.b.1", "idle", "idle.0", "head"),
        *("again", "looped", "looped.0"),
    ]
    assert rows[""].parameters == 8
    assert (rows["head"].parameters, rows["head"].tied, rows["head"].shared) == (0, True, None)
    assert (rows["again"].parameters, rows["again"].tied, rows["again"].shared) == (0, True, "blocks.b")
    assert rows["again"].flops == rows["blocks.b"].flops + rows["blocks.b.0"].flops + rows["blocks.b.1"].flops
    assert (rows["looped.0"].calls, rows["looped.0"].flops) == (3, 3 * rows["blocks.a.0"].flops)
    assert (rows["idle"].state, rows["idle.0"].state, rows["looped"].state) == ("not called", "not called", "")
    assert (
        found.totals.parameters == sum(each.size for each in Shared().parameters()) == sum(row.parameters for row in found.rows)
    )
    assert found.totals.flops == sum(row.flops for row in found.rows)
    assert "(N, 12, 8) ×3" in str(found)
    assert "again: Sequential, same as blocks.b" in str(found)


def test_a_module_used_by_two_others_has_a_row_in_each():
    class Part(nn.Module):
        def __init__(self, inner, times):
            self.inner, self.times = inner, times

        def forward(self, x):
            for _ in range(self.times):
                x = self.inner(x)
            return x

    inner = nn.Linear(3, 3)
    rows = by_path(summary(nn.Sequential(Part(inner, 1), Part(inner, 2), inner), (3,)))
    assert [rows[path].calls for path in ("0.inner", "1.inner", "2")] == [1, 2, 1]
    assert [rows[path].parameters for path in ("0.inner", "1.inner", "2")] == [12, 0, 0]


def test_shared_is_said_of_parameters_in_other_rows_only():
    activation = nn.ReLU()
    rows = summary(nn.Sequential(nn.Linear(3, 3), activation, activation), (3,)).rows
    assert [(row.shared, row.tied) for row in rows] == [(None, False)] * 3 + [("1", False)]
    assert [row.tied for row in summary(Shared(), depth=0).rows] == [False]


def test_depth_puts_together_what_is_inside():
    model = nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 4, dim_feedforward=32, batch_first=True), 2)
    whole, cut = summary(model, (10, 16)), summary(model, (10, 16), depth=1)
    assert [row.path for row in cut.rows] == ["", "layers.0", "layers.1"]
    assert cut.totals == whole.totals
    assert sum(row.flops for row in cut.rows) == whole.totals.flops
    assert sum(row.parameters for row in cut.rows) == whole.totals.parameters
    assert [row.parameters for row in summary(model, depth=0).rows] == [whole.totals.parameters]


def test_frozen_parameters():
    model = mlp()
    model[0].requires_grad_(False)
    model[4].bias.requires_grad_(False)
    found = summary(model, (20,))
    assert (found.totals.trainable, found.totals.frozen) == (4131 - 1344 - 32, 1344 + 32)
    lines = str(found).splitlines()
    assert ["no" in lines[5].split(), "yes" in lines[6].split(), "partly" in lines[9].split()] == [True] * 3
    assert found.totals.flops == summary(mlp(), (20,)).totals.flops


def test_memory_that_a_training_step_keeps():
    """Tanh keeps its result, a linear layer and softplus their input; behind frozen layers only what is trained does."""
    model = nn.Sequential(nn.Linear(6, 10), nn.Tanh(), nn.Linear(10, 4, bias=False))
    assert summary(model, (6,), batch_size=5).totals.kept_bytes == 5 * 10 * 4  # one array for both
    assert summary(nn.Sequential(nn.Linear(6, 10), nn.Softplus(), nn.Tanh()), (6,)).totals.kept_bytes == 2 * 40
    model.requires_grad_(False)
    assert summary(model, (6,)).totals.kept_bytes == 0
    model.eval()[2].requires_grad_(True)
    assert summary(model, (6,)).totals.kept_bytes == 40


def test_batch_normalisation_keeps_its_input_though_it_does_not_train_on_one_example():
    model = nn.Sequential(nn.Linear(6, 10), nn.BatchNorm1d(10))
    one, two, three = [summary(model, (6,), batch_size=count).totals.kept_bytes for count in (1, 2, 3)]
    assert two - one == three - two >= 40


def test_memory_is_what_python_sees():
    """Within the few objects of the graph, what ``tracemalloc`` counts after a forward pass whose result is one number."""
    model = nn.Sequential(
        *(nn.Conv2d(2, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.3), nn.Flatten()),
        *(nn.Linear(8 * 64, 500), nn.GELU(), nn.LayerNorm(500), nn.Linear(500, 1), nn.Flatten(0)),
    )
    x = np.ones((64, 2, 16, 16), np.float32)
    model(x)  # what is made once, at the first call
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        loss = model(x)
        kept = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert loss.shape == (64,)
    assert summary(model, (2, 16, 16), batch_size=64).totals.kept_bytes == pytest.approx(kept, abs=20_000)
    assert kept > 2_000_000


def test_a_checkpointed_block_keeps_less():
    block = nn.Sequential(*[layer for _ in range(4) for layer in (nn.Linear(8, 8), nn.Tanh())])

    class Net(nn.Module):
        def __init__(self, saves):
            self.block, self.saves = block, saves

        def forward(self, x):
            return ag.checkpoint(self.block)(x) if self.saves else self.block(x)

    plain, saving = [summary(Net(saves), (8,)) for saves in (False, True)]
    assert saving.totals.kept_bytes < plain.totals.kept_bytes == 4 * 32
    assert saving.totals.flops == plain.totals.flops


# ---------------------------------------------------------------- inputs


def test_axes_of_the_batch_are_told_from_others_of_the_same_length():
    class Net(nn.Module):
        def forward(self, x):
            return x.reshape(-1, 2), np.swapaxes(x, 0, 1), x.sum(axis=0), x.sum(), [x @ x.T]

    outputs = summary(Net(), (4,)).rows[0].outputs
    assert outputs == ("(2N, 2)", "(4, N)", "(4,)", "()", "(N, N)")


def test_a_model_for_one_size_of_batch_only_shows_that():
    class Net(nn.Module):
        def forward(self, x):
            return x.reshape(3, 4)

    assert summary(Net(), (4,), batch_size=3).rows[0].outputs == ("(3, 4)",)


@pytest.mark.parametrize(
    "given",
    [
        {"input_shape": ((3,), [4])},
        {"input_shape": {"input1": (3,), "input2": (4,)}},
        {"input_data": (np.ones((1, 3)), [[1, 2, 3, 4]])},
        {"input_data": {"input2": ag.tensor(np.ones((1, 4), np.float32)), "input1": np.ones((1, 3), np.float32)}},
    ],
)
def test_several_inputs(given):
    found = summary(nn.Bilinear(3, 4, 2), **given)
    assert found.totals.flops == 2 * 3 * 8 + 2 * 8 + 2
    assert found.rows[0].outputs == (("(N, 2)",) if "input_shape" in given else ("(1, 2)",))


def test_data_are_given_as_they_are_and_stay_so():
    class Net(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(3, 2)

        def forward(self, x):
            x *= 2
            return self.layer(x)

    x = np.ones((5, 3))
    found = summary(Net(), input_data=x)
    assert found.title == "Net, called with (5, 3) float64"
    assert (found.totals.input_bytes, found.totals.batch_size) == (5 * 3 * 8, None)
    np.testing.assert_array_equal(x, 1)
    assert summary(nn.LSTM(3, 4), input_data=np.ones((7, 2, 3))).rows[0].outputs[0] == "(7, 2, 4)"


def test_dtypes_of_several_inputs():
    class Net(nn.Module):
        def __init__(self):
            self.table = nn.Embedding(9, 3)

        def forward(self, words, weights):
            return (self.table(words) * weights).sum(axis=1)

    found = summary(Net(), ((5,), (5, 3)), dtype=(np.int64, np.float32))
    assert found.title == "Net, called with (N, 5) int64, (N, 5, 3) float32"
    assert found.totals == summary(Net(), {"words": (5,), "weights": (5, 3)}, dtype={"weights": "f4", "words": "i8"}).totals


def test_a_layer_that_takes_the_batch_for_time_is_named():
    model = nn.Sequential(nn.Identity(), nn.LSTM(5, 8))
    (note,) = summary(model, (7, 5)).notes
    (other,) = summary(nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8), 1), (7, 4)).notes
    assert other.startswith("layers.0.self_attn (MultiheadAttention)")
    assert note.startswith("1 (LSTM) has batch_first=False and took the batch for time")

    class Right(nn.Module):
        def __init__(self):
            self.lstm = nn.LSTM(5, 8)

        def forward(self, x):
            return self.lstm(np.swapaxes(x, 0, 1))

    assert not summary(Right(), (7, 5)).notes


def test_a_model_that_takes_plain_arrays_only():
    class Net(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(4, 2)

        def forward(self, x):
            return self.layer(np.asarray(x) / float(np.max(x)))

    found = summary(Net(), (4,))
    assert found.totals.flops == 18
    assert "plain arrays only (ConversionError: " in found.notes[0]


def test_inside_vmap():
    class Net(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(4, 2)

        def forward(self, x):
            return ag.vmap(self.layer)(x)

    assert summary(Net(), (4,), batch_size=3).totals.flops == 3 * 18


# ---------------------------------------------------------------- the model stays as it was


class Noisy(nn.Module):
    """Everything that may change in a forward pass."""

    def __init__(self, rng):
        self.layers = nn.Sequential(nn.Linear(4, 4, rng=rng), nn.BatchNorm1d(4), nn.Dropout(0.5, rng=rng), nn.Dropout(0.5))
        self.calls, self.seen, self.fails = 0, [], False

    def forward(self, x):
        self.calls += 1
        self.seen.append(x)
        self.last = self.layers(x)
        if self.fails:
            raise KeyError("a name")
        return self.last


@pytest.mark.parametrize("fails", [False, True])
def test_the_model_is_untouched(fails):
    rng = np.random.default_rng(3)
    model = Noisy(rng)
    ((model.layers(np.ones((3, 4))) ** 2).sum()).backward()
    model.fails = fails
    model.layers[1].eval()
    handle = model.layers[0].register_forward_hook(lambda module, inputs, output: None)
    ag.seed(5)
    before = copy.deepcopy((vars(model), [vars(each) for each in model.modules()])), ag.generator().bit_generator.state
    gradients = [each.grad.numpy().copy() for each in model.parameters()]
    if fails:
        with pytest.raises(
            RuntimeError, match="summary: the forward pass failed in Noisy, which received .1, 4.: KeyError: 'a name'"
        ):
            summary(model, (4,))
    else:
        summary(model, (4,))
    assert ag.generator().bit_generator.state == before[1]
    state = [vars(each) for each in model.modules()]
    for now, then in zip(state, before[0][1], strict=True):
        assert list(now) == list(then)
        for name, value in now.items():
            if isinstance(value, ag.Tensor):
                np.testing.assert_array_equal(value.numpy(), then[name].numpy())
                assert value.requires_grad == then[name].requires_grad
            elif isinstance(value, np.random.Generator):
                assert value.bit_generator.state == then[name].bit_generator.state
            elif isinstance(value, int | float | list):
                assert value == then[name]
    assert [each.training for each in model.modules()] == [True, True, True, False, True, True]
    assert (model.calls, model.seen) == (0, [])
    for each, then in zip(model.parameters(), gradients, strict=True):
        np.testing.assert_array_equal(each.grad.numpy(), then)
    hooks = model.layers[0]._forward_hooks
    assert (len(hooks.before), len(hooks.after)) == (0, 1)
    handle.remove()
    assert not hooks.after


def test_hooks_of_the_user_run():
    model = nn.Sequential(nn.Linear(4, 2), nn.Tanh())
    model[0].register_forward_hook(lambda module, inputs, output: np.concatenate([output, output], axis=1))
    assert [row.outputs for row in summary(model, (4,)).rows] == [("(N, 4)",), ("(N, 4)",), ("(N, 4)",)]


def test_what_cannot_be_copied_is_shared():
    class Net(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(4, 2)
            self.stream = (each for each in ())  # a generator has no copies
            self.kept = [self.layer(np.ones((1, 4)))]  # neither has a recorded tensor

        def forward(self, x):
            self.kept = [self.layer(x)]
            return self.kept[0]

    model = Net()
    kept = model.kept
    assert summary(model, (4,)).totals.flops == 18
    assert model.kept is kept


def test_memory_returns_without_the_collector():
    alive = []

    class Net(nn.Module):
        def __init__(self, fails):
            self.layer, self.fails = nn.Linear(4, 2), fails

        def forward(self, x):
            out = self.layer(x)
            alive.extend([weakref.ref(out), weakref.ref(self)])
            if self.fails and ag.is_grad_enabled() and self.training:
                raise ValueError("not in training")
            return out

    models = Net(False), Net(True)
    gc.collect()
    gc.disable()
    try:
        for model in models:
            found = summary(model, (4,))
        assert len(alive) > 6
        assert not [each for each in alive if each() is not None]
    finally:
        gc.enable()
    assert found.totals.kept_bytes is None
    assert found.notes == (
        "Kept for the gradient: not known, since the model fails in training mode (ValueError: not in training).",
    )


def test_modes_of_the_caller_do_not_matter():
    expected = summary(mlp(), (20,))
    with ag.no_grad(), ag.scope("outer"):
        assert summary(mlp(), (20,)) == expected


def test_example_data_raise_no_warnings():
    class Net(nn.Module):
        def forward(self, x):
            return np.log(x - 5), 1 / (x - x)

    assert summary(Net(), (4,)).totals.flops == 16


# ---------------------------------------------------------------- errors


def test_a_failing_layer_is_named_with_what_ran_before():
    model = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(32, 3))
    with pytest.raises(
        ValueError, match="the forward pass failed in 2 .Linear., which received .1, 64.: 2 .Linear.in_fe"
    ) as caught:
        summary(model, (20,))
    assert "Before it ran 0 (Linear) -> (1, 64); 1 (ReLU) -> (1, 64)." in str(caught.value)
    with pytest.raises(TypeError, match="for indices give dtype=np.int64"):
        summary(nn.Sequential(nn.Embedding(5, 3)), (4,))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((nn.Linear,), TypeError, "expected a module, received the class Linear; write Linear"),
        ((np.tanh,), TypeError, "expected a module, received ufunc"),
        ((mlp(), 20), TypeError, "received 20; write .20,."),
        ((mlp(), np.ones((2, 20))), TypeError, "received an array of shape .2, 20.; data are given as input_data="),
        ((mlp(), (None, 20)), TypeError, "without the batch; received .None, 20."),
        ((mlp(), (2.0,)), TypeError, "a whole number; received 2.0"),
        ((mlp(), (-1,)), ValueError, "expected lengths of 0 or more"),
        ((nn.Bilinear(3, 4, 2), ((3,), (4.5,))), TypeError, "input 1.*received 4.5"),
    ],
)
def test_wrong_arguments(arguments, error, message):
    with pytest.raises(error, match=f"^summary.*{message}"):
        summary(*arguments)


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"input_shape": (20,), "input_data": np.ones((1, 20))}, TypeError, "received both"),
        ({"dtype": np.int64}, TypeError, "dtype together with input_shape"),
        ({"batch_size": 2, "input_data": np.ones((1, 20))}, TypeError, "that of the data"),
        ({"input_shape": (20,), "batch_size": 0}, ValueError, "batch_size of 1 or more"),
        ({"input_shape": (20,), "batch_size": 1.5}, TypeError, "batch_size, a whole number"),
        ({"depth": -1}, ValueError, "depth of 0 or more"),
        ({"input_shape": (20,), "dtype": (np.float32, np.float32)}, ValueError, "dtype for each of 1 inputs, received 2"),
        ({"input_shape": {"x": (20,)}, "dtype": {"y": np.float32}}, ValueError, "received those of ..y.."),
    ],
)
def test_wrong_settings(settings, error, message):
    with pytest.raises(error, match=f"^summary: .*{message}"):
        summary(mlp(), **settings)


# ---------------------------------------------------------------- how it looks


def test_as_text():
    model = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Sequential({"out": nn.Linear(64, 3, bias=False)}))
    assert (
        "\n" + repr(summary(model, (20,))) + "\n"
        == """
Sequential, called with (N, 20) float32
─────────────────────────────────────────────────────────────────────────────────────────────────
Module                                            Output   Memory  Parameters   Memory      FLOPs
─────────────────────────────────────────────────────────────────────────────────────────────────
Sequential                                        (N, 3)     12 B
├─ 0: Linear(in_features=20, out_features=64, …)  (N, 64)   256 B       1,344  5.2 KiB  2.6 kFLOP
├─ 1: ReLU                                        (N, 64)   256 B                         64 FLOP
└─ 2: Sequential                                  (N, 3)     12 B
   └─ out: Linear(in_features=64, …)              (N, 3)     12 B         192    768 B   384 FLOP
─────────────────────────────────────────────────────────────────────────────────────────────────
Parameters             1,536 (6.0 KiB)
Forward pass           3.1 kFLOP (evaluation mode, N = 1)
Input                  80 B
Kept for the gradient  256 B (training mode, besides parameters and input)
"""
    )


def test_without_input_parameters_only():
    found = summary(mlp())
    assert (found.totals.flops, found.rows[0].outputs, found.rows[0].state) == (None, (), "")
    assert str(found).splitlines()[2].split() == ["Module", "Parameters", "Memory"]
    assert str(found).splitlines()[-1] == "Buffers     129 (520 B)"


def test_branches_and_further_lines():
    lines = str(summary(Shared(), (12,), dtype=np.int64)).splitlines()
    assert [line.split("  ")[0] for line in lines[4:11]] == [
        *("Shared", "│", "├─ embedding: Embedding(50, 8)"),
        *("├─ blocks.a.0: Linear(in_features=8, …)", "├─ blocks.a.1: Linear(in_features=8, …)", "├─ blocks.b: Sequential", "│"),
    ]
    lines = str(summary(nn.Sequential(nn.LSTM(2, 3, batch_first=True)), (5, 2))).splitlines()
    assert [line[:7] for line in lines[7:10]] == ["└─ 0: L", "       ", "       "]


class Reader(html.parser.HTMLParser):
    """Checks that what is opened is closed, and collects the cells of rows."""

    def __init__(self):
        super().__init__()
        self.open, self.rows = [], []

    def handle_starttag(self, tag, attributes):
        if tag == "br":
            return
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data


def test_as_html():
    class Odd(nn.Module):
        def extra_repr(self):
            return "kind=<script>alert('&')</script>, " + "x" * 60

        def forward(self, x):
            return {"<b>": x, "other": x}

    found = summary(nn.Sequential(Odd()), (2,))
    text = found._repr_html_()
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert not reader.open
    assert "<script" not in text
    assert "<b>" not in text
    assert reader.rows[0] == ["Module", "Output", "Memory", "Parameters", "Memory", "FLOPs"]
    assert {len(row) for row in reader.rows[:3]} == {6}
    assert reader.rows[2][1] == "<b>: (N, 2)other: (N, 2)"
    assert re.search(r'title="0: Odd\(kind=&lt;script&gt;alert\(&#x27;&amp;', text)


def test_large_and_deep_models():
    wide = summary(nn.Sequential(*[nn.Linear(2, 2) for _ in range(500)]), (2,))
    assert (wide.totals.parameters, len(wide.rows)) == (3000, 501)
    assert len(str(wide).splitlines()) == 501 + 9
    deep = nn.Linear(2, 2)
    for _ in range(150):
        deep = nn.Sequential(deep)
    assert summary(deep, (2,)).rows[-1].flops == 10


def test_a_module_may_know_the_one_around_it():
    model = nn.Sequential(nn.Linear(2, 2))
    model[0].around = model
    assert [row.path for row in summary(model, (2,)).rows] == ["", "0"]
