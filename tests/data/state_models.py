"""Models whose states PyTorch saved: one text, for ``torch.nn`` and for this library's ``nn``, which is handed in.

``record_torch_states.py``, which runs in an environment with PyTorch and without this library, builds the same models as the
tests; so nothing here imports either.
"""

import numpy as np


def small_cnn(nn):
    """Convolutions with batch normalization, pooling, and a linear layer."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1, bias=False),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3, stride=2, groups=2),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(6, 3),
    )


def lstm(nn):
    """Two layers in both directions."""
    return nn.LSTM(4, 3, num_layers=2, batch_first=True, bidirectional=True)


def transformer_encoder(nn):
    """Two layers, with dropout that does nothing in evaluation mode."""
    layer = nn.TransformerEncoderLayer(8, 2, dim_feedforward=12, activation="gelu", batch_first=True, norm_first=True)
    return nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(8), enable_nested_tensor=False)


def tied_language_model(nn):
    """A recurrent network with one matrix as embedding and as output, in containers, and with a buffer of its own."""

    class LanguageModel(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(7, 4)
            self.layers = nn.ModuleList([nn.GRU(4, 4, batch_first=True) for _ in range(2)])
            self.heads = nn.ModuleDict({"next": nn.Linear(4, 7), "kind": nn.Sequential(nn.LayerNorm(4), nn.Linear(4, 2))})
            self.heads["next"].weight = self.embedding.weight
            self.scales = nn.ParameterList([self.heads["kind"][1].bias[:1].detach() * 0 + 2.0 for _ in range(2)])
            self.offsets = nn.ParameterDict({"next": self.heads["next"].bias.detach() * 0 + 0.5})
            self.register_buffer("temperature", self.offsets["next"].detach()[:1] * 4)
            self.register_buffer("unsaved", self.offsets["next"].detach()[:1], persistent=False)

        def forward(self, tokens):
            x = self.embedding(tokens)
            for layer, scale in zip(self.layers, self.scales, strict=True):
                x = x + layer(x)[0] * scale
            return (self.heads["next"](x) + self.offsets["next"]) / self.temperature, self.heads["kind"](x)

    return LanguageModel()


MODELS = {each.__name__: each for each in (small_cnn, lstm, transformer_encoder, tied_language_model)}
INPUTS = {
    "small_cnn": lambda rng: rng.uniform(-1, 1, (3, 1, 8, 8)),
    "lstm": lambda rng: rng.uniform(-1, 1, (2, 5, 4)),
    "transformer_encoder": lambda rng: rng.uniform(-1, 1, (2, 5, 8)),
    "tied_language_model": lambda rng: rng.integers(0, 7, (2, 6)),
}


def input_of(name):
    """What a model is called with; floating in float64."""
    return INPUTS[name](np.random.default_rng(0))


def leaves(outputs):
    """The arrays of nested tuples, from left to right."""
    return [leaf for each in outputs for leaf in leaves(each)] if isinstance(outputs, tuple) else [outputs]
