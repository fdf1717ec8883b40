"""``scipy_fun``: a loss over a tree of parameters, as the functions of one vector that SciPy's optimizers take."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autograd.tensors import Tensor
from autograd.transforms.arguments import name_of
from autograd.transforms.differentiation import value_and_grad
from autograd.transforms.jacobians import hvp
from autograd.transforms.trees import tree_flatten


class ScipyFunctions(NamedTuple):
    """What ``scipy_fun`` returns: ``fun, x0, jac, hessp``, for ``scipy.optimize.minimize``."""

    fun: Callable[[Any], float]
    x0: "np.ndarray[Any, Any]"
    jac: Callable[[Any], "np.ndarray[Any, Any]"]
    hessp: Callable[[Any, Any], "np.ndarray[Any, Any]"]

    def unpack(self, x: Any) -> Any:
        """The tree of parameters of a vector, such as ``result.x``: arrays in the shapes and dtypes that the parameters had."""
        return self.fun.packing.unpack(x)  # type: ignore[attr-defined, no-any-return]

    def pack(self, params: Any) -> "np.ndarray[Any, Any]":
        """The vector of a tree of parameters: what ``unpack`` takes apart."""
        return self.fun.packing.pack(params, "pack: params")  # type: ignore[attr-defined, no-any-return]


def scipy_fun(loss: Callable[..., Any], params: Any, *arguments: Any) -> ScipyFunctions:
    """Functions of one vector of float64, as SciPy's optimizers take them, of a loss over a tree of parameters.

    Args:
        loss: takes a tree like ``params``, and ``arguments``, and returns one real number.
        params: where to start: real arrays and numbers, or a tree of them.
        *arguments: passed to ``loss``.

    Returns:
        A named tuple ``(fun, x0, jac, hessp)``: the loss, the start, the gradient, and the Hessian times a vector; with ``unpack(x)``,
        which turns a vector into a tree like ``params``, and ``pack(params)``. A value and a gradient at the same point are
        computed once.

    Raises:
        TypeError: for parameters that are not real and floating; and as ``grad`` when the functions are called.
        ValueError: for parameters without an element.

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
        self.arrays = [_array(each) for each in leaves]
        for array, path in zip(self.arrays, self.structure.paths("params"), strict=True):
            if array.dtype.kind != "f":
                raise TypeError(f"scipy_fun: expected {path} to be real floating numbers, received {array.dtype}")
        self.ends = np.cumsum([each.size for each in self.arrays])
        if not leaves or self.ends[-1] == 0:
            raise ValueError(f"scipy_fun: expected params with at least one number, received {params!r}")

    def pack(self, params: Any, what: str) -> Any:
        leaves = self.structure.flatten_like(params, what)
        for leaf, array, path in zip(leaves, self.arrays, self.structure.paths(what), strict=True):
            if np.shape(leaf) != array.shape:
                raise ValueError(f"{path}: expected shape {array.shape}, received {np.shape(leaf)}")
        return np.concatenate([np.ravel(_array(each)).astype(np.float64) for each in leaves])

    def unpack(self, x: Any) -> Any:
        x = np.asarray(x)
        if x.shape != (self.ends[-1],):
            raise ValueError(f"scipy_fun: expected a vector of {self.ends[-1]} numbers, received shape {x.shape}")
        parts = np.split(x, self.ends[:-1])
        return self.structure.unflatten(
            [part.reshape(each.shape).astype(each.dtype)[()] for part, each in zip(parts, self.arrays, strict=True)]
        )


def _array(x: Any) -> Any:
    return x.detach().numpy() if isinstance(x, Tensor) else np.asarray(x)


class _Evaluation:
    """The loss as a function of a vector; keeps the last point, as optimizers ask for value and gradient one after the other."""

    def __init__(self, loss: Callable[..., Any], packing: _Packing, arguments: tuple[Any, ...]) -> None:
        self._loss = loss
        self.packing = packing
        self._arguments = arguments
        self._at: bytes | None = None
        self._value = 0.0
        self._gradient: Any = None
        self.__name__ = name_of(loss)

    def _evaluate(self, x: Any) -> None:
        key = np.asarray(x, np.float64).tobytes()
        if key != self._at:
            value, gradient = value_and_grad(self._loss)(self.packing.unpack(x), *self._arguments)
            self._value = float(_array(value))
            self._gradient = self.packing.pack(gradient, "the gradient")
            self._at = key

    def __call__(self, x: Any) -> float:
        self._evaluate(x)
        return self._value

    def gradient(self, x: Any) -> Any:
        """The gradient at ``x``."""
        self._evaluate(x)
        return self._gradient.copy()

    def hessian_product(self, x: Any, v: Any) -> Any:
        """The Hessian at ``x`` times ``v``."""
        f = lambda params: self._loss(params, *self._arguments)
        (product,) = hvp(f, (self.packing.unpack(x),), (self.packing.unpack(v),))
        return self.packing.pack(product, "the product")
