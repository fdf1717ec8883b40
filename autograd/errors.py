"""The exceptions that are raised here and nowhere in NumPy.

Where NumPy itself would refuse an input, its own exception class is kept (``ValueError``, ``TypeError``,
``IndexError``, ...) and the message gains the op's name and what it received. The classes below are for what only
a library of gradients can refuse. Each message says what was expected, what was received, and what to do.
"""


class GradientError(RuntimeError):
    """A gradient was asked for that cannot be given."""


class FreedGraphError(GradientError):
    """The arrays that a gradient rule needs were already freed by an earlier backward pass."""


class OverwrittenError(GradientError):
    """An array that a gradient rule needs was written to after the op had saved it."""


class WriteError(RuntimeError):
    """A write in memory was refused because it would cut, or falsify, the recorded graph."""


class BatchingError(RuntimeError):
    """What was asked of a value inside ``vmap``, which stands for many examples at once, cannot be had of it."""


class ConvergenceError(RuntimeError):
    """An iteration did not come to the accuracy that was asked for."""


class ConversionError(TypeError):
    """An implicit conversion was refused because it would silently cut a tensor out of the graph."""
