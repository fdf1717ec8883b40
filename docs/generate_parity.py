"""Write the parity page: ``python docs/generate_parity.py``. A test holds the page to the names there are and to the bounds.

``parity.md`` says for every public name of ``nn`` how far it is from what PyTorch gave, as ``python -m benchmarks parity``
measures it; the last digit of the errors differs from machine to machine. Names that have no row are listed with what they
are tested against instead.
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import nn
from benchmarks import parity

PAGE = Path(__file__).parent / "parity.md"

HEAD = """# Parity with PyTorch

How far the layers, losses, functions, optimizers (after 20 steps) and schedules of `nn` are from PyTorch 2.13: {names} names,
{calls} calls over a grid of their arguments. What PyTorch computed, in double precision, is recorded in `tests/data`, with the
scripts that recorded it; the tests compare with it to 1e-9, and in single precision to 1e-4. This page is made by `python
docs/generate_parity.py`; `python -m benchmarks parity` prints the same figures for your machine.

A figure is the largest error over all calls: of an element, relative to the largest element of the same quantity that was
recorded. *Value* has the buffers after the call in it; *gradient* and *second* are with respect to all inputs and parameters,
the latter the gradient of the gradient. No figure: there is nothing to differentiate, or PyTorch has no second derivative.
Where `nn` differs on purpose, the docstring says so.

| name | calls | value | gradient | second | value, float32 | gradient, float32 | second, float32 |
|---|---|---|---|---|---|---|---|
"""

# Public names without a row, and what they are tested against.
ELSEWHERE = {
    "modules and containers, in `tests/nn`: what they hold, PyTorch's state dicts": [
        "Module", "Parameter", "Buffer", "Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict",
        "functional_call",
    ],
    "recorded results of PyTorch, by tests of their own": [
        "PackedSequence", "pack_padded_sequence", "pad_packed_sequence", "pack_sequence", "pad_sequence", "unpack_sequence",
        "unpad_sequence", "clip_grad_norm_", "clip_grad_value_", "clip_grads_with_norm_", "get_total_norm", "AveragedModel",
        "get_ema_avg_fn", "get_swa_avg_fn", "update_bn",
    ],
    "closed forms, since PyTorch does not have them": [
        "SinusoidalPositionalEncoding", "RotaryPositionalEmbedding", "functional.sinusoidal_positional_encoding",
        "functional.rotary_positional_embedding", "Lion", "lr_curve",
    ],
    "their distributions, since they draw": [
        "functional.gumbel_softmax", "init.uniform_", "init.normal_", "init.trunc_normal_", "init.xavier_uniform_",
        "init.xavier_normal_", "init.kaiming_uniform_", "init.kaiming_normal_", "init.orthogonal_", "init.sparse_",
    ],
    "their subclasses": ["Optimizer", "UpdateRule", "LRScheduler"],
    "loops by hand, scikit-learn, runs that are killed: training, in `tests/nn`": [
        "Trainer", "History", "verify_resume", "ResumeReport", "find_learning_rate", "LearningRates", "summary", "save", "load",
        "read_metadata", "parameters_to_vector", "vector_to_parameters",
    ],
    "namespaces": ["functional", "init", "optim", "lr_scheduler", "data", "callbacks", "metrics", "plots"],
}  # fmt: skip


def page() -> str:
    """The text of the page, with everything measured anew."""
    found = sorted(parity.rows_by_name().items(), key=lambda each: order(each[0]))
    results = [parity.measure(name, cases) for name, cases in found]
    lines = [line(each) for each in results]
    head = HEAD.format(names=len(results), calls=f"{sum(each['cases'] for each in results):,}")
    rest = "\n".join(f"- {how}: {', '.join(f'`{name}`' for name in names)}" for how, names in ELSEWHERE.items())
    return head + "\n".join(lines) + f"\n\nThe other public names are tested against something else:\n\n{rest}\n"


def order(name: str) -> tuple[int, str]:
    """Classes first, then functions, optimizers and schedules, first values."""
    groups = ("functional.", "optim.", "init.")
    return next((i for i, group in enumerate(groups, 1) if name.startswith(group)), 0), name.lower()


def line(result: dict[str, Any]) -> str:
    """A row of the table."""
    figures = [
        error_text(result["errors"][dtype].get(quantity)) for dtype in ("float64", "float32") for quantity in parity.QUANTITIES
    ]
    return f"| `{result['name']}` | {result['cases']} | {' | '.join(figures)} |"


def error_text(error: float | None) -> str:
    """An error as a cell."""
    return "" if error is None else "0" if error == 0 else f"{error:.0e}"


def public_names() -> set[str]:
    """Every public name of ``nn``, as the page writes it."""
    initialisers = {f"init.{name}" for name in vars(nn.init) if name.endswith("_") and not name.startswith("_")}
    functions = {f"functional.{name}" for name in nn.functional.__all__}
    return {*nn.__all__, *nn.optim.__all__, *functions, *initialisers}


if __name__ == "__main__":
    PAGE.write_text(page())
    print(PAGE)
