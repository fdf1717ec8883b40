"""Pools: the largest, the mean, the mean of powers of windows; to a given size; and back."""

from nn_cases.describing import distinct, function, given, module, reals

NAN, INF = float("nan"), float("inf")


CASES = [
    *[
        module("MaxPool2d", *arguments, **settings)(distinct(*shape))
        for arguments, settings, shape in (
            ((2,), {}, (2, 2, 4, 4)),
            ((2,), {}, (2, 5, 5)),
            ((2,), {"ceil_mode": True}, (1, 5, 6)),
            ((3, 2, 1), {}, (1, 2, 6, 5)),
            (((2, 3), (1, 2)), {}, (1, 4, 6)),
            ((2, 1), {"dilation": (2, 1)}, (1, 4, 3)),
            ((2, 2, 1), {"dilation": 3, "return_indices": True}, (1, 5, 6)),
            ((3,), {"stride": 2, "padding": (1, 0), "return_indices": True, "ceil_mode": True}, (2, 5, 6)),
            ((1,), {"return_indices": True}, (2, 2, 3)),
            ((2, 3), {"ceil_mode": True, "return_indices": True}, (1, 5, 7)),
            ((2,), {}, (0, 2, 4, 4)),
        )
    ],
    # ties, NaN and infinities
    module("MaxPool2d", 2, return_indices=True)(given([[[1.0, 1, 2, 0], [1, 1, 2, 2]]], differentiated=True)),
    module("MaxPool2d", 3, 1, 1, return_indices=True)(given([[[0.0, 0, 0], [0, 0, 0]]], differentiated=True)),
    module("MaxPool2d", (1, 4), return_indices=True)(
        given([[[NAN, 1, NAN, 2], [1, NAN, 5, 4], [-INF, -INF, -INF, -INF]]], differentiated=True), second=False
    ),
    module("MaxPool2d", 3, 2, 1, return_indices=True)(
        given([[[-INF, -INF, -INF], [-INF, -INF, -INF], [-INF, -INF, 1]]], differentiated=True), second=False
    ),
    module("MaxPool1d", 3)(distinct(2, 2, 7)),
    module("MaxPool1d", 3, 2, 1, return_indices=True)(distinct(2, 7)),
    module("MaxPool1d", 2, dilation=2, stride=1)(distinct(1, 6)),
    module("MaxPool3d", 2)(distinct(1, 2, 2, 4, 5)),
    module("MaxPool3d", (2, 3, 1), 2, (1, 1, 0), return_indices=True)(distinct(1, 3, 4, 2)),
    function("max_pool1d", distinct(2, 6), 2),
    function("max_pool2d", distinct(2, 4, 4), 2, 1, 1, 1, False, True),
    function("max_pool3d", distinct(1, 3, 3, 3), 2, stride=1),
    *[
        module("AvgPool2d", *arguments, **settings)(reals(*shape))
        for arguments, settings, shape in (
            ((2,), {}, (2, 2, 4, 4)),
            ((2,), {}, (2, 5, 5)),
            ((3, 2, 1), {}, (1, 2, 6, 5)),
            ((3, 2, 1), {"count_include_pad": False}, (1, 6, 5)),
            ((3, 2, 1), {"ceil_mode": True}, (1, 6, 7)),
            ((3, 2, 1), {"ceil_mode": True, "count_include_pad": False}, (1, 6, 7)),
            ((2, 3), {"ceil_mode": True}, (1, 5, 7)),
            (((2, 3), (2, 1)), {"divisor_override": 5, "padding": (1, 0)}, (1, 4, 4)),
            ((2,), {}, (0, 2, 4, 4)),
        )
    ],
    module("AvgPool1d", 3)(reals(2, 2, 7)),
    module("AvgPool1d", 3, 2, 1, True, False)(reals(2, 6)),
    module("AvgPool3d", 2)(reals(1, 2, 2, 4, 5)),
    module("AvgPool3d", (2, 3, 1), 2, (1, 1, 0), divisor_override=-3)(reals(1, 3, 4, 2)),
    function("avg_pool1d", reals(2, 6), 2, 1, 1),
    function("avg_pool2d", reals(2, 4, 4), 2, None, 1, False, False),
    function("avg_pool3d", reals(1, 3, 3, 3), 2, 1),
    *[
        module(f"LPPool{rank}d", power, *arguments)(reals(*shape, low=0.3))
        for rank, power, arguments, shape in (
            (1, 2, (2,), (2, 2, 5)),
            (1, 3, (3, 1), (2, 5)),
            (2, 2, (2, 1), (2, 4, 4)),
            (2, 1.5, (2, 2, True), (1, 5, 3)),
            (2, 1, ((2, 1),), (1, 2, 4, 4)),
            (3, 2, (2,), (1, 2, 4, 3)),
        )
    ],
    module("LPPool2d", 4, 2)(reals(1, 4, 4)),
    function("lp_pool1d", reals(2, 6, low=0.3), 2.5, 2, 3),
    function("lp_pool2d", reals(2, 4, 4, low=0.3), 2, (1, 2)),
    function("lp_pool3d", reals(1, 2, 4, 2, low=0.3), 2, 2),
    *[
        module(f"Adaptive{kind}Pool{rank}d", size)(numbers(*shape))
        for kind, numbers in (("Avg", reals), ("Max", distinct))
        for rank, size, shape in (
            (1, 3, (2, 2, 7)),
            (1, 2, (2, 6)),
            (1, 5, (1, 3)),
            (2, 1, (2, 2, 3, 4)),
            (2, (2, 3), (2, 4, 6)),
            (2, (3, None), (1, 5, 4)),
            (2, (3, 4), (1, 5, 7)),
            (3, (1, 2, 3), (1, 2, 3, 5)),
        )
    ],
    module("AdaptiveMaxPool1d", 3, return_indices=True)(distinct(2, 7)),
    module("AdaptiveMaxPool2d", (2, 3), return_indices=True)(distinct(1, 5, 6)),
    *[
        function(f"adaptive_{kind}_pool{rank}d", numbers(*shape), size)
        for kind, numbers in (("avg", reals), ("max", distinct))
        for rank, size, shape in ((1, 3, (2, 5)), (2, (2, None), (1, 5, 3)), (3, 2, (1, 3, 4, 2)))
    ],
    function("adaptive_max_pool1d", distinct(2, 6), 4, True),
    module("MaxUnpool1d", 2)(reals(2, 3), given([[0, 3, 4], [1, 2, 5]])),
    module("MaxUnpool1d", 3, 2, 1)(reals(1, 3), given([[1, 1, 4]])),
    module("MaxUnpool2d", 2)(reals(1, 1, 2, 2), given([[[[0, 3], [9, 14]]]])),
    module("MaxUnpool2d", (2, 1), (2, 3))(reals(1, 2, 2), given([[[0, 3], [9, 14]]]), output_size=(5, 5)),
    module("MaxUnpool3d", (1, 2, 2))(reals(1, 1, 2, 2), given([[[[0, 3], [9, 14]]]])),
    function("max_unpool1d", reals(1, 2), given([[0, 3]]), 2, output_size=[5]),
    function("max_unpool2d", reals(1, 1, 2), given([[[0, 3]]]), 2),
    function("max_unpool3d", reals(1, 1, 1, 2), given([[[[0, 3]]]]), (1, 1, 2)),
]
