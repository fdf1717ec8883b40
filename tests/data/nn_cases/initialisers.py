"""First values that are not drawn."""

from nn_cases.describing import initialiser

CASES = [
    initialiser("zeros_", (2, 3)),
    initialiser("ones_", (2, 3)),
    initialiser("constant_", (2, 3), val=0.25),
    *[initialiser("eye_", shape) for shape in ((3, 3), (2, 4), (4, 2), (1, 1))],
    *[
        initialiser("dirac_", shape, groups=groups)
        for shape, groups in (
            ((3, 3, 3), 1),
            ((2, 4, 2), 1),
            ((4, 2, 5), 2),
            ((6, 1, 3), 3),
            ((6, 4, 1), 2),
            ((3, 2, 3, 3), 1),
            ((4, 2, 2, 4), 2),
            ((2, 2, 3, 2, 3), 1),
            ((4, 1, 1, 3, 3), 4),
        )
    ],
]
