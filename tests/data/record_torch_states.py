"""Records the states of small PyTorch models and what they give: ``python tests/data/record_torch_states.py``.

For each of ``state_models`` it writes ``torch_states/NAME.safetensors``, in float32, and its outputs, computed in float64, into
``torch_states/outputs.json``; ``tests/nn/test_torch_states.py`` compares with them. Run with PyTorch 2.13 (CPU) and
safetensors, in an environment of its own.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

DATA = Path(__file__).parent
sys.path.insert(0, str(DATA))
from state_models import MODELS, input_of, leaves  # noqa: E402 - from beside this file

FOLDER = DATA / "torch_states"


def listed(x):
    """A tensor as numbers, to 12 digits."""
    return {"shape": list(x.shape), "values": [float(f"{each:.12g}") for each in x.reshape(-1).tolist()]}


def record(name):
    model = MODELS[name](torch.nn)
    with torch.no_grad():
        for path, each in (*model.named_parameters(), *model.named_buffers()):
            if each.dtype.is_floating_point and not path.endswith("unsaved"):
                each.copy_(torch.rand(each.shape) + 0.5 if path.endswith("running_var") else torch.rand(each.shape) - 0.5)
    state = model.state_dict()
    # Copies, since safetensors refuses tensors that share memory: the tied weight stands in the file under both of its names.
    save_file({path: each.clone() for path, each in state.items()}, FOLDER / f"{name}.safetensors")
    x = torch.tensor(input_of(name))
    with torch.no_grad():
        outputs = leaves(model.double().eval()(x))
    return {"keys": list(state), "outputs": [listed(each) for each in outputs]}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    torch.manual_seed(0)
    recorded = {"made by": f"PyTorch {torch.__version__}", "models": {name: record(name) for name in MODELS}}
    (FOLDER / "outputs.json").write_text(json.dumps(recorded, separators=(",", ":")).replace('},"', '},\n"') + "\n")
    print(f"{len(MODELS)} models")
