"""Layers that are linear in their input."""

from nn_cases.describing import function, module, reals

CASES = [
    *[
        module("Linear", 3, 2, bias=bias)(reals(*shape))
        for bias in (True, False)
        for shape in ((3,), (5, 3), (2, 4, 3), (0, 3))
    ],
    function("linear", reals(5, 3), reals(2, 3), reals(2)),
    function("linear", reals(5, 3), reals(2, 3)),
]
