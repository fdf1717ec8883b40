"""Layers that go through sequences, and their single steps. Lengths and packed sequences are in ``torch_sequences.json``."""

from nn_cases.describing import module, reals

LAYERS = (("RNN", {}), ("RNN", {"nonlinearity": "relu"}), ("LSTM", {}), ("LSTM", {"proj_size": 1}), ("GRU", {}))
CELLS = (("RNNCell", {}), ("RNNCell", {"nonlinearity": "relu"}), ("LSTMCell", {}), ("GRUCell", {}))


def states(name, settings, *batch):
    """The states to start from, for as many layers and directions as there are."""
    places = settings.get("num_layers", 1) * (1 + settings.get("bidirectional", False))
    h = reals(places, *batch, settings.get("proj_size", 2))
    return (h, reals(places, *batch, 2)) if name == "LSTM" else h


def cell_states(name, *batch):
    return (reals(*batch, 2), reals(*batch, 2)) if name == "LSTMCell" else reals(*batch, 2)


CASES = [
    *[
        module(name, 3, 2, **(settings | kind))(reals(3, 2, 3))
        for name, kind in LAYERS
        for settings in (
            {},
            {"bias": False},
            {"bidirectional": True},
            {"num_layers": 2, "bidirectional": True},
        )
    ],
    *[
        module(name, 3, 2, **(settings | kind))(reals(3, 2, 3), states(name, settings | kind, axis))
        for name, kind in LAYERS
        for settings, axis in (
            ({}, 2),
            ({"batch_first": True, "bidirectional": True}, 3),
            ({"num_layers": 2, "batch_first": True, "bias": False}, 3),
        )
    ],
    *[module(name, 3, 2, **kind)(reals(4, 3)) for name, kind in LAYERS],
    *[
        module(name, 3, 2, **(settings | kind))(reals(2, 3), states(name, settings | kind))
        for name, kind in LAYERS
        for settings in ({"bidirectional": True}, {"num_layers": 2, "batch_first": True})
    ],
    *[
        module(name, 3, 2, num_layers=2, dropout=0.5, **kind)(reals(2, 2, 3), training=False)
        for name, kind in LAYERS
        if not kind
    ],
    *[module(name, 3, 2, **kind)(reals(1, 1, 3)) for name, kind in LAYERS],
    *[module(name, 3, 2, bias=bias, **kind)(reals(2, 3)) for name, kind in CELLS for bias in (True, False)],
    *[module(name, 3, 2, **kind)(reals(2, 3), cell_states(name, 2)) for name, kind in CELLS],
    *[module(name, 3, 2, **kind)(reals(3)) for name, kind in CELLS],
    *[module(name, 3, 2, bias=False, **kind)(reals(3), cell_states(name)) for name, kind in CELLS],
]
