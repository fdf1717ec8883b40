"""What the error for a method of PyTorch's that a module does not have says: our spelling of it."""

from typing import Any, NoReturn


class Elsewhere:
    """Stands in a class in place of an attribute that it does not have: asking for it raises an error with our spelling.

    A descriptor for each name, and no ``__getattr__``, which would slow down every other attribute of every module.
    """

    def __init__(self, name: str, ours: str) -> None:
        self._name = name
        self._ours = ours

    def __get__(self, instance: Any, owner: type) -> NoReturn:
        raise AttributeError(f"{owner.__name__} has no attribute {self._name!r}; write {self._ours}")


_IN_MEMORY = "the model as it is: parameters are in main memory"

MODULE_SPELLING = {
    "bfloat16": "model.astype(np.float32); there is no bfloat16 here",
    "cpu": _IN_MEMORY,
    "cuda": _IN_MEMORY,
    "double": "model.astype(np.float64)",
    "float": "model.astype(np.float32)",
    "half": "model.astype(np.float16)",
    "register_full_backward_hook": "output.register_hook(f) in a hook of model.register_forward_hook",
    "register_module": "model.add_module(name, module)",
    "to": "model.astype(dtype); parameters are in main memory",
    "to_empty": _IN_MEMORY,
    "type": "model.astype(dtype)",
    "xpu": _IN_MEMORY,
    "_buffers": "dict(model.named_buffers())",
    "_modules": "dict(model.named_children())",
    "_parameters": "dict(model.named_parameters())",
}
