"""Records the gradients that PyTorch gives through linear algebra: ``python tests/data/record_torch_linear_algebra.py``.

It writes ``torch_linear_algebra.json`` beside itself; ``tests/ops/test_linear_algebra.py`` compares with it. Run with PyTorch
2.13 (CPU), which cannot differentiate its own ``cond`` but in the order 2. Each function takes two arrays, whose gradients are
both recorded.
"""

import json
from pathlib import Path

import numpy as np
import torch

linalg = torch.linalg

# Name: the function, and the shapes of its arrays.
FUNCTIONS = {
    "solve": (linalg.solve, (3, 3), (3, 2)),
    "solve stacks": (linalg.solve, (2, 1, 2, 2), (3, 2, 1)),
    "solve vector": (linalg.solve, (3, 3), (3,)),
    "tensorsolve": (linalg.tensorsolve, (4, 2, 2), (4,)),
    "tensorinv": (lambda a, b: linalg.tensorinv(a, 1) * b, (4, 2, 2), (2, 2, 4)),
    "inv": (lambda a, b: linalg.inv(a) @ b, (2, 3, 3), (3, 2)),
    "det": (lambda a, b: linalg.det(a) * b, (2, 3, 3), (2,)),
    "det of rank 2": (lambda a, b: linalg.det(torch.cat([a, a[:, :1].detach() + b - b.detach()], 1)), (3, 2), (3, 1)),
    "slogdet sign": (lambda a, b: linalg.slogdet(a).sign * b, (2, 3, 3), (2,)),
    "slogdet logarithm": (lambda a, b: linalg.slogdet(a).logabsdet * b, (2, 3, 3), (2,)),
    "pinv tall": (lambda a, b: linalg.pinv(a) @ b, (2, 4, 2), (4, 2)),
    "pinv wide": (lambda a, b: linalg.pinv(a) @ b, (2, 4), (2, 2)),
    "lstsq": (lambda a, b: linalg.lstsq(a, b).solution, (4, 2), (4, 2)),
    "matrix_power 5": (lambda a, b: linalg.matrix_power(a, 5) @ b, (2, 3, 3), (3, 2)),
    "matrix_power -2": (lambda a, b: linalg.matrix_power(a, -2) @ b, (3, 3), (3, 2)),
    "multi_dot": (lambda a, b: linalg.multi_dot([a, b, a, b]), (2, 3), (3, 2)),
    "cond": (lambda a, b: linalg.cond(a) * b, (2, 3, 3), (2,)),
    "cond 1": (lambda a, b: linalg.matrix_norm(a, 1) * linalg.matrix_norm(linalg.inv(a), 1) * b, (2, 3, 3), (2,)),
    "cond fro": (lambda a, b: linalg.matrix_norm(a) * linalg.matrix_norm(linalg.inv(a)) * b, (2, 3, 3), (2,)),
    "norm nuc": (lambda a, b: linalg.matrix_norm(a, "nuc") * b, (2, 4, 3), (2,)),
    "norm 2": (lambda a, b: linalg.matrix_norm(a, 2) * b, (2, 3, 4), (2,)),
    "norm -2": (lambda a, b: linalg.matrix_norm(a, -2) * b, (2, 3, 3), (2,)),
    "norm inf": (lambda a, b: linalg.matrix_norm(a, torch.inf) * b, (2, 3, 4), (2,)),
    "vector_norm 3": (lambda a, b: linalg.vector_norm(a, 3, dim=(0, 2)) * b, (2, 3, 2), (3,)),
    "kron": (torch.kron, (2, 3), (3, 2)),
    "cross": (linalg.cross, (2, 1, 3), (1, 2, 3)),
    "vdot": (torch.vdot, (4,), (4,)),
    "vecdot": (linalg.vecdot, (2, 3), (3,)),
    "vander": (lambda a, b: linalg.vander(a, N=4) * b, (3,), (3, 4)),
    "diag_embed": (lambda a, b: torch.diag(a, -1) @ b, (2,), (3, 2)),
}


def parts(x):
    """A complex array as a list of two, which JSON can hold."""
    x = x.detach().resolve_conj().numpy()
    return [x.real.tolist(), x.imag.tolist()] if x.dtype.kind == "c" else [x.tolist()]


def case(name, *arrays):
    tensors = [torch.tensor(each, requires_grad=True) for each in arrays]
    y = FUNCTIONS[name][0](*tensors)
    place = torch.arange(y.numel(), dtype=torch.float64).reshape(y.shape)
    loss = (y.real * place.cos()).sum() + ((y.imag * place.sin()).sum() if y.is_complex() else 0)
    loss.backward()
    return {
        "function": name,
        "inputs": [parts(each) for each in tensors],
        "loss": loss.item(),
        "gradients": [parts(torch.zeros_like(each) if each.grad is None else each.grad) for each in tensors],
    }


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    torch.set_default_dtype(torch.float64)
    cases = []
    for name, (_, *shapes) in FUNCTIONS.items():
        real, imaginary = ([rng.normal(size=shape) for shape in shapes] for _ in range(2))
        cases += [case(name, *real), case(name, *[x + 1j * y for x, y in zip(real, imaginary, strict=True)])]
    recorded = {"torch": torch.__version__, "cases": cases}
    path = Path(__file__).with_name("torch_linear_algebra.json")
    path.write_text(json.dumps(recorded, indent=None, separators=(",", ":")) + "\n")
