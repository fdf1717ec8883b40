"""Record the gradients of ``complex_cases`` by the library of the environment that this runs in: JAX or PyTorch.

``python tests/data/record_complex.py jax`` (or ``torch``) writes ``complex_jax.json`` (or ``complex_torch.json``). For a real
loss L and a complex input x + iy PyTorch gives dL/dx + i dL/dy, and JAX the conjugate; both are recorded as they are.
"""

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
import complex_cases


def by_jax(f, arrays):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def loss(*xs):
        out = f(jnp, *xs)
        on_real, on_imaginary = complex_cases.weights(out.shape)
        return jnp.sum(jnp.real(out) * on_real + jnp.imag(out) * on_imaginary)

    return [np.asarray(each) for each in jax.grad(loss, argnums=tuple(range(len(arrays))))(*map(jnp.asarray, arrays))]


def by_torch(f, arrays):
    import torch

    leaves = [torch.tensor(each, requires_grad=True) for each in arrays]
    xp = _TorchAsNumpy(torch)
    out = f(xp, *leaves)
    on_real, on_imaginary = map(torch.tensor, complex_cases.weights(tuple(out.shape)))
    loss = (out * on_real).sum() if not out.is_complex() else (out.real * on_real + out.imag * on_imaginary).sum()
    loss.backward()
    return [each.grad.resolve_conj().numpy() for each in leaves]


class _TorchAsNumpy:
    """PyTorch with the few words that it says differently."""

    def __init__(self, torch):
        self._torch = torch
        self.linalg, self.fft = torch.linalg, torch.fft

    def __getattr__(self, name):
        return getattr(self._torch, name)

    def real(self, x):
        return x.real if x.is_complex() else x

    def eye(self, n):
        return self._torch.eye(n, dtype=self._torch.complex128)

    def einsum(self, text, *operands):
        return self._torch.einsum(text, *operands)


def main(library):
    record = {"jax": by_jax, "torch": by_torch}[library]
    version = __import__(library).__version__
    found = {}
    for name, (f, arrays) in complex_cases.CASES.items():
        try:
            gradients = record(f, arrays)
        except (AttributeError, NotImplementedError, RuntimeError, TypeError) as error:
            print(f"{name}: not in {library}: {str(error).splitlines()[0][:100]}")
            continue
        found[name] = [[np.real(each).tolist(), np.imag(each).tolist()] for each in gradients]
    path = Path(__file__).parent / f"complex_{library}.json"
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(each, separators=(',', ':'))}" for name, each in found.items())
    path.write_text(f'{{"made by": "record_complex.py, {library} {version}",\n"gradients": {{\n{lines}\n}}}}\n')


if __name__ == "__main__":
    main(sys.argv[1])
