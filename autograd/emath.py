"""Functions whose result is complex where it has to be, as in ``numpy.emath``: ``ag.emath.sqrt(-1.0)`` is ``1j``."""

from autograd.ops.elementwise.scimath import arccos, arcsin, arctanh, log, log2, log10, logn, power, sqrt

__all__ = ["arccos", "arcsin", "arctanh", "log", "log2", "log10", "logn", "power", "sqrt"]
