"""Random numbers as tensors, under the names of ``np.random.Generator``: see ``ops.making.draws``."""

from autograd.ops.making.draws import exponential, integers, normal, permutation, random, uniform

__all__ = ["exponential", "integers", "normal", "permutation", "random", "uniform"]
