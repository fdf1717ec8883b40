"""Layers that rearrange, and the one that does nothing."""

from nn_cases.describing import module, reals

CASES = [
    *[module("Flatten", *arguments)(reals(2, 3, 2)) for arguments in ((), (0,), (0, 1), (-2, -1), (1, 1))],
    *[module("Flatten")(reals(*shape)) for shape in ((2, 3), (0, 2, 2))],
    *[module("Unflatten", 1, size)(reals(2, 6)) for size in ((2, 3), (-1, 2), (6, 1, 1), (-1,))],
    module("Unflatten", -1, (2, 2))(reals(4)),
    module("Unflatten", 0, (0, 3))(reals(0, 2)),
    module("Identity")(reals(2, 3)),
]
