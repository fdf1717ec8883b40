"""Records what PyTorch computes for sequences of different lengths: ``python tests/data/record_torch_sequences.py``.

It writes ``torch_sequences.json`` beside itself; ``tests/nn/layers/test_recurrent.py`` and ``test_sequences.py`` compare with
it. Run with PyTorch 2.13 (CPU). Results are in float64; gradients are those of all floating results times fixed weights.
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch.nn.utils import rnn

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(0)
LENGTHS = ([4, 3, 1], [2, 4, 1], [3, 3, 3])


def drawn(*shape):
    """Numbers of few digits, so that they are the same after they were written down."""
    return torch.tensor(rng.uniform(-1, 1, shape).round(3), requires_grad=True)


def listed(x):
    x = x.detach().numpy()
    return x.tolist() if x.dtype.kind != "f" else np.array([float(f"{each:.12g}") for each in x.flat]).reshape(x.shape).tolist()


def gradients(results, inputs):
    total = sum(
        (each * torch.cos(0.7 * torch.arange(each.numel()) + i).reshape(each.shape)).sum() for i, each in enumerate(results)
    )
    return [listed(each) for each in torch.autograd.grad(total, inputs)]


def layer(name, lengths, given, **settings):
    """A layer on a packed batch: outputs, padded to the length of the input, and last states; from states, if ``given``."""
    module = getattr(torch.nn, name)(2, 2, **settings)
    state = {path: drawn(*each.shape) for path, each in module.state_dict().items()}
    module.load_state_dict(state)
    x = drawn(*((3, 5) if settings.get("batch_first") else (5, 3)), 2)
    places = settings.get("num_layers", 1) * (1 + settings.get("bidirectional", False))
    initial = [drawn(places, 3, settings.get("proj_size", 0) or 2), drawn(places, 3, 2)][: 2 if name == "LSTM" else 1]
    if not given:
        initial = []
    hx = (tuple(initial) if name == "LSTM" else initial[0]) if given else None
    batch_first = settings.get("batch_first", False)
    packed = rnn.pack_padded_sequence(x, torch.tensor(lengths), batch_first, enforce_sorted=lengths == sorted(lengths)[::-1])
    output, last = module(packed, hx)
    padded, _ = rnn.pad_packed_sequence(output, batch_first, total_length=5)
    results = [padded, *(last if name == "LSTM" else [last])]
    return {
        "name": name,
        "settings": settings,
        "lengths": lengths,
        "state": {path: listed(each) for path, each in state.items()},
        "input": listed(x),
        "hx": [listed(each) for each in initial],
        "packed": listed(packed.data),
        "batch_sizes": listed(packed.batch_sizes),
        "results": [listed(each) for each in results],
        "gradients": gradients(results, [x, *initial, *module.parameters()]),
    }


def packing(lengths, features, **settings):
    """Sequences packed, padded, and their gradients through both."""
    sequences = [drawn(n, *features) for n in lengths]
    packed = rnn.pack_sequence(sequences, enforce_sorted=False)
    padded, found = rnn.pad_packed_sequence(packed, **settings)
    return {
        "sequences": [listed(each) for each in sequences],
        "settings": settings,
        "batch_sizes": listed(packed.batch_sizes),
        "padded": listed(padded),
        "lengths": listed(found),
        "gradients": gradients([padded, packed.data[:1]], sequences),
    }


def padding(lengths, features, **settings):
    sequences = [drawn(n, *features) for n in lengths]
    padded = rnn.pad_sequence(sequences, **settings)
    return {
        "sequences": [listed(each) for each in sequences],
        "settings": settings,
        "padded": listed(padded),
        "gradients": gradients([padded], sequences),
    }


if __name__ == "__main__":
    kinds = [("RNN", {}), ("RNN", {"nonlinearity": "relu"}), ("LSTM", {}), ("LSTM", {"proj_size": 1}), ("GRU", {})]
    variants = [{"bidirectional": True}, {"num_layers": 2, "bidirectional": True, "batch_first": True}, {"bias": False}]
    recorded = {
        "made by": f"PyTorch {torch.__version__}",
        "layers": [
            layer(name, lengths, given=i != 2, **kind, **variant)
            for name, kind in kinds
            for i, (variant, lengths) in enumerate(zip(variants, LENGTHS, strict=True))
        ],
        "packing": [
            packing([2, 4, 1], (2,)),
            packing([4, 2], (), batch_first=True, padding_value=-1.0),
            packing([1, 3], (2, 2), total_length=5),
        ],
        "padding": [
            padding([2, 4, 1], (2,)),
            padding([2, 3], (), batch_first=True, padding_value=0.5),
            padding([1, 3], (2,), padding_value=-1.0, padding_side="left"),
        ],
    }
    text = json.dumps(recorded, separators=(",", ":")).replace('},{"', '},\n{"')
    (Path(__file__).parent / "torch_sequences.json").write_text(text + "\n")
    print(", ".join(f"{len(each)} of {name}" for name, each in recorded.items() if isinstance(each, list)))
