"""Calls of layers, losses and functionals whose results PyTorch was asked for: what to build, what to feed it.

``describing`` says what a case is; each other file has the cases of one family. The recorder ``record_torch_cases.py``, which
runs in an environment with PyTorch and without this library, reads the same cases as the tests and as ``python -m benchmarks
parity``; so nothing here imports either.
"""
