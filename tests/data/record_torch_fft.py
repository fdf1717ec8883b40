"""Records what PyTorch computes for Fourier transforms and their gradients: ``python tests/data/record_torch_fft.py``.

It writes ``torch_fft.json`` beside itself; the tests of the transforms compare with it. Run with PyTorch 2.13 (CPU). A complex
array is recorded as its real and its imaginary part.
"""

import json
from pathlib import Path

import numpy as np
import torch

rng = np.random.default_rng(0)
SETTINGS = [
    {},
    {"n": 3, "norm": "ortho"},
    {"n": 3, "dim": 0, "norm": "forward"},
    {"n": 7, "dim": 1},
    {"n": 8, "dim": -1, "norm": "ortho"},
]
GRIDS = [
    {},
    {"s": (3, 6), "dim": (0, 2), "norm": "ortho"},
    {"s": (5, 3), "dim": (2, 1), "norm": "forward"},
    {"dim": (1, 0, 2)},
]
REAL_ONLY = {"rfft", "ihfft", "rfftn", "rfft2"}


def parts(x):
    x = x.detach().resolve_conj().numpy()
    return [x.real.tolist(), x.imag.tolist()] if x.dtype.kind == "c" else x.tolist()


def case(name, shape, is_complex, settings):
    """Value, and gradient of the real part of the sum of the value times fixed conjugated weights, in float64."""
    x = rng.normal(size=shape) + (1j * rng.normal(size=shape) if is_complex else 0)
    tensor = torch.tensor(x, requires_grad=True)
    out = getattr(torch.fft, name)(tensor, **settings)
    weights = np.cos(np.arange(out.numel())).reshape(out.shape)
    if out.is_complex():
        weights = weights + 1j * np.sin(2.0 * np.arange(out.numel())).reshape(out.shape)
    out.backward(torch.tensor(weights))
    return {"name": name, "settings": settings, "x": parts(tensor), "value": parts(out), "gradient": parts(tensor.grad)}


def cases(names, shape, every_settings):
    return [
        case(name, shape, is_complex, settings)
        for name in names
        for settings in every_settings
        if not name.endswith("2") or len(settings.get("dim", (0, 0))) == 2
        for is_complex in ((False,) if name in REAL_ONLY else (False, True))
    ]


recorded = [
    *cases(("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"), (2, 5), SETTINGS),
    *cases(("fftn", "ifftn", "rfftn", "irfftn", "fft2", "ifft2", "rfft2", "irfft2"), (2, 2, 4), GRIDS),
]

path = Path(__file__).with_name("torch_fft.json")
path.write_text(json.dumps({"torch": torch.__version__, "cases": recorded}, separators=(",", ":")) + "\n")
print(len(recorded), "cases,", path.stat().st_size, "bytes")
