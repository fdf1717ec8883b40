"""Convolutions along one, two and three axes, and transposed ones."""

from itertools import product

from nn_cases.describing import function, module, reals

PLANE = [
    {},
    {"stride": 2},
    {"stride": (2, 1), "padding": (0, 1)},
    {"padding": 1},
    {"padding": 3},
    {"padding": "valid"},
    {"dilation": 2, "padding": 1},
    {"dilation": (1, 2), "stride": (1, 3)},
    {"groups": 2},
    {"groups": 4, "padding": 1},
    {"bias": False},
]

CASES = [
    *[module("Conv1d", 2, 4, 3, **settings)(reals(2, 2, 6)) for settings in ({}, {"stride": 2, "padding": 1}, {"groups": 2})],
    *[module("Conv1d", 2, 1, 4, padding="same", dilation=dilation)(reals(2, 2, 7)) for dilation in (1, 2)],
    module("Conv1d", 1, 1, 1)(reals(3, 1, 4)),
    module("Conv1d", 2, 1, 3)(reals(2, 5)),
    *[module("Conv2d", 4, 4, (3, 2), **settings)(reals(2, 4, 6, 5)) for settings in PLANE],
    *[module("Conv2d", 2, 8, 2, groups=2, stride=stride)(reals(1, 2, 4, 4)) for stride in (1, 2)],
    module("Conv2d", 2, 1, 3, padding="same")(reals(1, 2, 4, 4)),
    module("Conv2d", 1, 2, 3)(reals(1, 5, 5)),
    module("Conv2d", 3, 2, 1)(reals(2, 3, 2, 2)),
    module("Conv2d", 1, 2, 3, padding=1)(reals(0, 1, 4, 4)),
    *[
        module("Conv2d", 1, 2, 3, padding=(2, 1), padding_mode=mode)(reals(1, 1, 4, 3))
        for mode in ("reflect", "replicate", "circular")
    ],
    module("Conv1d", 1, 1, 4, padding="same", padding_mode="circular")(reals(1, 1, 5)),
    *[
        module("Conv3d", 2, 2, 2, **settings)(reals(1, 2, 3, 4, 3))
        for settings in ({}, {"stride": (1, 2, 1), "padding": 1}, {"groups": 2, "dilation": (1, 2, 1)})
    ],
    *[
        module("ConvTranspose1d", 2, 2, 3, **settings)(reals(2, 2, 4))
        for settings in ({}, {"stride": 2, "padding": 1, "output_padding": 1}, {"groups": 2, "dilation": 2}, {"bias": False})
    ],
    module("ConvTranspose1d", 2, 1, 3)(reals(2, 5)),
    *[
        module("ConvTranspose2d", 2, 4, (3, 2), **settings)(reals(1, 2, 3, 4))
        for settings in (
            {},
            {"stride": 2},
            {"stride": (2, 3), "padding": (1, 0), "output_padding": (1, 2)},
            {"padding": (2, 1)},
            {"groups": 2, "stride": 2, "dilation": (2, 1)},
        )
    ],
    module("ConvTranspose2d", 1, 1, 3, stride=2, padding=1)(reals(1, 1, 3, 3), output_size=[6, 5]),
    module("ConvTranspose2d", 1, 1, 3, dilation=(3, 1), padding=(1, 0), output_padding=(2, 0))(reals(1, 1, 3, 3)),
    module("ConvTranspose1d", 1, 2, 2, stride=2, dilation=4, padding=1, output_padding=3)(reals(2, 1, 3)),
    *[
        module("ConvTranspose3d", 2, 1, 2, **settings)(reals(1, 2, 2, 3, 2))
        for settings in ({}, {"stride": 2, "padding": 1, "output_padding": (1, 0, 1)})
    ],
    *[
        function(f"conv{rank}d", reals(1, 2, *[4] * rank), reals(2, 2, *[2] * rank), *bias, stride=2, padding=1)
        for rank, bias in product((1, 2, 3), ((), (reals(2),)))
    ],
    *[
        function(f"conv_transpose{rank}d", reals(1, 2, *[2] * rank), reals(2, 2, *[2] * rank), *bias, stride=2)
        for rank, bias in product((1, 2, 3), ((), (reals(2),)))
    ],
]
