"""Records what PyTorch computes for the cases in ``nn_cases``: ``python tests/data/record_torch_cases.py [FAMILY ...]``.

For each family it writes ``torch_cases/FAMILY.json`` beside itself; the tests of ``nn`` and ``python -m benchmarks parity``
compare with them. Run with PyTorch 2.13 (CPU), in an environment of its own. Everything is computed in float64: the value; the
gradient, with respect to inputs and parameters, of the value times fixed weights; the gradient of that gradient times fixed
weights; and the buffers after the call.
"""

import importlib
import json
import sys
import warnings
from operator import attrgetter
from pathlib import Path

import numpy as np
import torch

DATA = Path(__file__).parent
sys.path.insert(0, str(DATA))
from nn_cases.describing import Made, Recipe, cotangent, drawn_state, leaves, mapped  # noqa: E402 - from beside this file

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
torch.backends.cuda.enable_flash_sdp(False)  # on the CPU too: this attention has no second derivatives


def listed(x):
    """An array as nested lists, to 12 digits."""
    x = np.asarray(x.detach().numpy(force=True))  # where nothing depends on anything there may be a tensor without memory
    if x.dtype.kind != "f":
        return x.tolist()
    flat = [float(f"{each:.12g}") for each in x.reshape(-1)]
    return {"shape": x.shape, "values": flat}


def record(case):
    rng = case.generator()
    differentiated = []

    def built(leaf):
        if not isinstance(leaf, Recipe):
            return leaf.built(torch.nn) if isinstance(leaf, Made) else leaf
        tensor = torch.tensor(leaf.draw(rng), requires_grad=leaf.differentiated)
        if leaf.differentiated:
            differentiated.append(tensor)
        return tensor

    found = {}
    if case.is_function:
        run = attrgetter(case.name)(torch.nn)
        parameters = []
    else:
        arguments, settings = mapped(built, case.arguments), mapped(built, case.settings)
        run = getattr(torch.nn, case.name)(*arguments, **settings).train(case.training)
        state = run.state_dict()
        floating = {path: tuple(each.shape) for path, each in state.items() if each.dtype.is_floating_point}
        values = {**drawn_state(floating, rng), **case.state}
        run.load_state_dict({path: torch.tensor(values[path]) if path in values else each for path, each in state.items()})
        found["state"] = list(state)
        parameters = list(run.parameters())
    inputs, keywords = mapped(built, case.inputs), mapped(built, case.keywords)
    outputs = [each for each in leaves(run(*inputs, **keywords)) if isinstance(each, torch.Tensor)]
    found["value"] = [listed(each) for each in outputs]
    if parameters or differentiated:
        found |= derivatives(outputs, [*differentiated, *parameters], case.second)
    if not case.is_function and (buffers := dict(run.named_buffers())):
        found["buffers"] = {path: listed(each) for path, each in buffers.items()}
    return found


def derivatives(outputs, inputs, second):
    """The gradient of the outputs with respect to the inputs, and the gradient of that; 0 of what nothing depends on."""
    first = gradient(outputs, inputs, create_graph=second)
    found = {"gradient": [listed(each) for each in first]}
    if second:
        found["second"] = [listed(each) for each in gradient(first, inputs)]
    return found


def gradient(outputs, inputs, create_graph=False):
    weighted = [(each, cotangent(tuple(each.shape), i)) for i, each in enumerate(outputs) if each.requires_grad]
    if not weighted:
        return [torch.zeros_like(each) for each in inputs]
    total = sum((each * torch.tensor(weights)).sum() for each, weights in weighted)
    return torch.autograd.grad(total, inputs, create_graph=create_graph, allow_unused=True, materialize_grads=True)


if __name__ == "__main__":
    families = sys.argv[1:] or sorted(path.stem for path in (DATA / "nn_cases").glob("[a-z]*.py") if path.stem != "describing")
    (DATA / "torch_cases").mkdir(exist_ok=True)
    for family in families:
        cases = importlib.import_module(f"nn_cases.{family}").CASES
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about settings of PyTorch that do not matter here
            results = {str(case): record(case) for case in cases}
        if len(results) != len(cases):
            raise SystemExit(f"{family}: two cases are called the same")
        recorded = {"made by": f"PyTorch {torch.__version__}", "cases": results}
        text = json.dumps(recorded, separators=(",", ":")).replace('},"', '},\n"')
        (DATA / "torch_cases" / f"{family}.json").write_text(text + "\n")
        print(f"{family}: {len(cases)} cases")
