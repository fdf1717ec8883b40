"""Layers that are linear in each input, and the lengths and angles of vectors."""

import math

from nn_cases.describing import function, module, reals

CASES = [
    *[
        module("Linear", 3, 2, bias=bias)(reals(*shape))
        for bias in (True, False)
        for shape in ((3,), (5, 3), (2, 4, 3), (0, 3))
    ],
    function("linear", reals(5, 3), reals(2, 3), reals(2)),
    function("linear", reals(5, 3), reals(2, 3)),
    *[
        module("Bilinear", 3, 4, 2, bias=bias)(reals(*shape, 3), reals(*shape, 4))
        for bias in (True, False)
        for shape in ((), (5,), (2, 2), (0,))
    ],
    function("bilinear", reals(2, 3), reals(2, 2), reals(4, 3, 2)),
    function("bilinear", reals(2, 3), reals(2, 2), reals(4, 3, 2), reals(4)),
    *[
        module("CosineSimilarity", dim=dim)(reals(2, 3, 2), reals(*shape))
        for dim in (0, 1, -1)
        for shape in ((2, 3, 2), (2, 3, 1))
    ],
    module("CosineSimilarity", eps=2.5)(reals(2, 3, differentiated=False), reals(2, 3, differentiated=False)),
    *[
        module("PairwiseDistance", p=p, **each)(reals(2, 3), reals(2, 3))
        for p in (1.0, 2.0, 3.0, math.inf)
        for each in ({}, {"keepdim": True, "eps": 0.1})
    ],
    *[module("PairwiseDistance")(reals(*a), reals(*b)) for a, b in (((3,), (3,)), ((2, 1, 3), (4, 3)), ((0, 3), (0, 3)))],
    function("cosine_similarity", reals(2, 3), reals(1, 3)),
    function("pairwise_distance", reals(2, 3), reals(2, 3), p=1.5),
    *[function("normalize", reals(2, 3, 2), p=p, dim=dim) for p in (1.0, 2.0, 2.5, math.inf) for dim in (0, 1, -1)],
    function("normalize", reals(2, 3, 2), dim=(0, 2)),
    function("normalize", reals(3), dim=0, eps=5.0),
]
