"""Records the learning rates and momenta of PyTorch's schedules: ``python tests/data/record_torch_schedules.py``.

It reads ``schedule_cases`` and writes ``torch_schedules.json`` beside itself; the tests of ``nn.optim.lr_scheduler`` compare
with it. Run with PyTorch 2.13 (CPU), in an environment of its own.
"""

import json
import sys
import types
import warnings
from pathlib import Path

import torch
from torch.optim import lr_scheduler, swa_utils

DATA = Path(__file__).parent
sys.path.insert(0, str(DATA))
from schedule_cases import CASES  # noqa: E402 - from beside this file

schedulers = types.SimpleNamespace(**vars(lr_scheduler), SWALR=swa_utils.SWALR)


def parameter():
    return torch.zeros(1, requires_grad=True)


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about steps of a schedule without steps of the optimizer
        results = {str(case): case.run(*case.start(schedulers, torch.optim, parameter)) for case in CASES}
    if len(results) != len(CASES):
        raise SystemExit("two cases are called the same")
    recorded = {"made by": f"PyTorch {torch.__version__}", "cases": results}
    (DATA / "torch_schedules.json").write_text(json.dumps(recorded, separators=(",", ":")).replace('},"', '},\n"') + "\n")
    print(f"{len(CASES)} cases")
