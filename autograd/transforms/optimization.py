"""``scipy_fun``: a loss over a tree of parameters, as the functions of one vector that SciPy's optimizers take."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.tensors import Tensor, as_value
from autograd.transforms.arguments import name_of
from autograd.transforms.differentiation import value_and_grad
from autograd.transforms.jacobians import hvp
from autograd.transforms.trees import tree_flatten


class ScipyFunctions(NamedTuple):
    """What ``scipy_fun`` returns: ``fun, x0, jac, hessp``, for ``scipy.optimize.minimize``."""

    fun: "_Evaluation"
    x0: "np.ndarray[Any, Any]"
    jac: Callable[[Any], "np.ndarray[Any, Any]"]
    hessp: Callable[[Any, Any], "np.ndarray[Any, Any]"]

    def unpack(self, x: Any) -> Any:
        """The tree of parameters of a vector, such as ``result.x``, in the shapes and dtypes that the parameters had.

        Of a tensor it is a tree of tensors, through which gradients flow.
        """
        return self.fun.packing.unpack(x)

    def pack(self, params: Any) -> "np.ndarray[Any, Any]":
        """The vector of a tree of parameters: what ``unpack`` takes apart."""
        return self.fun.packing.pack(params, "pack: params")


def scipy_fun(loss: Callable[..., Any], params: Any, *arguments: Any) -> ScipyFunctions:
    """Functions of one vector of float64, as SciPy's optimizers take them, of a loss over a tree of parameters.

    Args:
        loss: takes a tree like ``params``, and ``arguments``, and returns one real number.
        params: where to start: real arrays and numbers, or a tree of them.
        *arguments: passed to ``loss``.

    Returns:
        A named tuple ``(fun, x0, jac, hessp)``: the loss, the start, the gradient, and the Hessian times a vector; with
        ``unpack(x)``, which turns a vector into a tree like ``params``, and ``pack(params)``. A value and a gradient at one
        point are computed once; what is asked for again is computed again, as the loss may use what has changed since.

    Raises:
        TypeError: for parameters that are not real and floating, and for vectors that are not real; and as ``grad`` when the
            functions are called.
        ValueError: for parameters without an element, and for a vector of another length.

    >>> from scipy.optimize import minimize
    >>> loss = lambda p: (p["a"] - 3.0) ** 2 + np.sum((p["b"] + 1.0) ** 2)
    >>> problem = ag.scipy_fun(loss, {"a": 0.0, "b": np.zeros(2)})
    >>> result = minimize(problem.fun, problem.x0, jac=problem.jac, hessp=problem.hessp, method="Newton-CG")
    >>> ag.tree_map(lambda x: x.round(3), problem.unpack(result.x))
    {'a': np.float64(3.0), 'b': array([-1., -1.])}
    """
    packing = _Packing(params)
    evaluation = _Evaluation(loss, packing, arguments)
    return ScipyFunctions(evaluation, packing.pack(params, "params"), evaluation.gradient, evaluation.hessian_product)


class _Packing:
    """How the arrays of a tree follow each other in one vector."""

    def __init__(self, params: Any) -> None:
        leaves, self.structure = tree_flatten(params)
        paths = self.structure.paths("scipy_fun: params")
        self.arrays = [_array(each, path, "f") for each, path in zip(leaves, paths, strict=True)]
        self.ends = np.cumsum([each.size for each in self.arrays])
        if not leaves or self.ends[-1] == 0:
            raise ValueError(f"scipy_fun: expected params with at least one number, received {params!r}")

    def pack(self, params: Any, what: str) -> Any:
        leaves = self.structure.flatten_like(params, what)
        parts = []
        for leaf, array, path in zip(leaves, self.arrays, self.structure.paths(what), strict=True):
            part = _array(leaf, path, "iuf")
            if part.shape != array.shape:
                raise ValueError(f"{path}: expected shape {array.shape}, received {part.shape}")
            parts.append(part.ravel().astype(np.float64))
        return np.concatenate(parts)

    def vector(self, x: Any) -> Any:
        """What an optimizer passes, as a vector of float64.

        Raises:
            TypeError: for what is not real.
            ValueError: for another length.
        """
        x = _array(x, "scipy_fun: the vector", "iuf", sequences=True)
        if x.shape != (self.ends[-1],):
            raise ValueError(f"scipy_fun: expected a vector of {self.ends[-1]} numbers, received shape {x.shape}")
        return x.astype(np.float64)

    def unpack(self, x: Any) -> Any:
        recorded = isinstance(x, Tensor) and x.shape == (self.ends[-1],)  # a part of a graph: it stays one
        parts = np.split(x if recorded else self.vector(x), self.ends[:-1])
        return self.structure.unflatten(
            [np.reshape(part, each.shape).astype(each.dtype)[()] for part, each in zip(parts, self.arrays, strict=True)]
        )


def _array(x: Any, path: str, kinds: str, sequences: bool = False) -> Any:
    """A leaf as an array, whose dtype is of one of ``kinds``."""
    wanted = "real floating numbers" if kinds == "f" else "real numbers"
    if isinstance(x, Sequence) and not sequences:  # a subclass of list would come back as an array
        raise TypeError(f"{path}: expected an array or a number, received {type(x).__name__}")
    array = x.detach().numpy() if isinstance(x, Tensor) else np.asarray(x)
    if array.dtype.kind not in kinds:
        raise TypeError(f"{path}: expected {wanted}, received {type(x).__name__} (dtype {array.dtype})")
    return array if isinstance(x, Tensor) else np.asarray(as_value(x))


class _Evaluation:
    """The loss as a function of a vector.

    What one evaluation finds is handed out once, value and gradient, as optimizers ask for one after the other; whoever asks
    again, asks for another evaluation.
    """

    def __init__(self, loss: Callable[..., Any], packing: _Packing, arguments: tuple[Any, ...]) -> None:
        self._loss = loss
        self.packing = packing
        self._arguments = arguments
        self._at: bytes | None = None
        self._found: dict[str, Any] = {}
        self.__name__ = name_of(loss)

    def _evaluated(self, what: str, x: Any) -> Any:
        x = self.packing.vector(x)
        key = x.tobytes()
        if key != self._at or what not in self._found:
            value, gradient = value_and_grad(self._loss)(self.packing.unpack(x), *self._arguments)
            self._found = {"value": float(value.item()), "gradient": self.packing.pack(gradient, "the gradient")}
            self._at = key
        return self._found.pop(what)

    def __call__(self, x: Any) -> float:
        return self._evaluated("value", x)

    def gradient(self, x: Any) -> Any:
        """The gradient at ``x``."""
        return self._evaluated("gradient", x)

    def hessian_product(self, x: Any, v: Any) -> Any:
        """The Hessian at ``x`` times ``v``."""
        f = lambda params: self._loss(params, *self._arguments)
        (product,) = hvp(f, (self.packing.unpack(x),), (self.packing.unpack(v),))
        return self.packing.pack(product, "the product")
