"""Records the gradients that PyTorch gives through decompositions: ``python tests/data/record_torch_decompositions.py``.

It writes ``torch_decompositions.json`` beside itself; ``tests/ops`` compares with it. Run with PyTorch 2.13 (CPU). No function
depends on the phases of vectors, nor on which triangle of a Hermitian matrix is read, which it makes itself.
"""

import json
from pathlib import Path

import numpy as np
import torch

linalg = torch.linalg


def hermitian(x):
    return x + x.mH


def positive_definite(x):
    return x @ x.mH + torch.eye(x.shape[-1])


def powers(w, v):
    """Something of all eigenvalues and vectors that depends neither on their order nor on the phases."""
    return (v.abs() ** 3 * w[..., None, :]).sum(-1)


FUNCTIONS = {
    "cholesky": lambda x: linalg.cholesky(positive_definite(x)),
    "cholesky upper": lambda x: linalg.cholesky(positive_definite(x), upper=True),
    "qr Q": lambda x: linalg.qr(x).Q,
    "qr R": lambda x: linalg.qr(x).R,
    "qr both": lambda x: torch.cat([each.flatten() for each in linalg.qr(x)]),
    "svdvals": linalg.svdvals,
    "svd S": lambda x: linalg.svd(x).S,
    "svd polar": lambda x: (lambda U, S, Vh: U @ Vh)(*linalg.svd(x, full_matrices=False)),
    "svd abs U": lambda x: linalg.svd(x, full_matrices=False).U.abs(),
    "svd abs Vh": lambda x: linalg.svd(x, full_matrices=False).Vh.abs(),
    "svd rank 1": lambda x: (lambda U, S, Vh: (U[..., :1] * S[..., None, :1] ** 2) @ Vh[..., :1, :])(
        *linalg.svd(x, full_matrices=False)
    ),
    "eigvalsh": lambda x: linalg.eigvalsh(hermitian(x)),
    "eigvalsh upper": lambda x: linalg.eigvalsh(hermitian(x), UPLO="U"),
    "eigh projector": lambda x: (lambda V: V[..., :2] @ V[..., :2].mH)(linalg.eigh(hermitian(x)).eigenvectors),
    "eigh abs": lambda x: linalg.eigh(hermitian(x), UPLO="U").eigenvectors.abs(),
    "eigh exp": lambda x: (lambda w, v: (v * w.exp()[..., None, :]) @ v.mH)(*linalg.eigh(hermitian(x))),
    "eig powers": lambda x: powers(*linalg.eig(x)),
    "eigvals powers": lambda x: (linalg.eigvals(x) ** 3).sum(-1),
}
SQUARE_ONLY = ("eig", "cholesky")


def parts(x):
    """A complex array as a list of two, which JSON can hold."""
    x = x.detach().resolve_conj().numpy()
    return [x.real.tolist(), x.imag.tolist()] if x.dtype.kind == "c" else [x.tolist()]


def case(name, x):
    x = torch.tensor(x, requires_grad=True)
    y = FUNCTIONS[name](x)
    place = torch.arange(y.numel(), dtype=torch.float64).reshape(y.shape)
    loss = (y.real * place.cos()).sum() + ((y.imag * place.sin()).sum() if y.is_complex() else 0)
    loss.backward()
    return {"function": name, "x": parts(x), "loss": loss.item(), "gradient": parts(x.grad)}


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    torch.set_default_dtype(torch.float64)
    cases = []
    for name in FUNCTIONS:
        for shape in [(3, 3), (2, 4, 4), (4, 3), (3, 5)]:
            if shape[-1] == shape[-2] or not name.startswith(SQUARE_ONLY):
                x = rng.normal(size=shape)
                cases += [case(name, x), case(name, x + 1j * rng.normal(size=shape))]
    recorded = {"torch": torch.__version__, "cases": cases}
    path = Path(__file__).with_name("torch_decompositions.json")
    path.write_text(json.dumps(recorded, indent=None, separators=(",", ":")) + "\n")
