"""Activations, element by element and along an axis."""

from nn_cases.describing import distinct, function, given, module, reals

# Far out, where a careless formula overflows or loses all digits.
FAR = given([-1e4, -300.0, -40.0, -9.0, -6.5, 0.7, 6.5, 9.0, 25.0, 300.0, 1e4], differentiated=True)

SMOOTH = {
    "Tanh": ({},),
    "Sigmoid": ({},),
    "LogSigmoid": ({},),
    "Softplus": ({}, {"beta": 2.5, "threshold": 1.5}, {"beta": 0.5, "threshold": -0.5}),
    "Softsign": ({},),
    "Tanhshrink": ({},),
    "GELU": ({}, {"approximate": "tanh"}),
    "SiLU": ({}, {"inplace": False}),
    "ELU": ({}, {"alpha": 0.5}, {"alpha": 3.0}, {"alpha": 0.0}),
    "SELU": ({},),
    "CELU": ({}, {"alpha": 0.5}, {"alpha": 3.0}),
}
PIECEWISE = {
    "ReLU": ({},),
    "ReLU6": ({},),
    "LeakyReLU": ({}, {"negative_slope": 0.3}, {"negative_slope": -0.5}, {"negative_slope": 2.0}, {"negative_slope": 0}),
    "Hardtanh": ({}, {"min_val": -0.3, "max_val": 1.2}),
    "Hardswish": ({},),
    "Threshold": ({"threshold": 0.4, "value": -3.0}, {"threshold": -0.4, "value": 0.0}),
    "Softshrink": ({}, {"lambd": 1.1}),
    "Hardshrink": ({}, {"lambd": 1.1}),
}
KINKS = (
    ("ReLU", {}, [0.0, -0.0]),
    ("ReLU6", {}, [0.0, 6.0]),
    ("LeakyReLU", {}, [0.0, -0.0]),
    ("Hardtanh", {}, [-1.0, 1.0]),
    ("Hardswish", {}, [-3.0, 0.0, 3.0]),
    ("Threshold", {"threshold": 0.5, "value": 1.0}, [0.5, 0.0]),
    ("Softshrink", {}, [-0.5, 0.0, 0.5]),
    ("Softshrink", {"lambd": 0.0}, [-0.5, 0.0, 0.5]),
    ("Hardshrink", {}, [-0.5, 0.0, 0.5]),
    ("ELU", {}, [0.0, -0.0]),
    ("ELU", {"alpha": 2.0}, [0.0, -0.0]),
    ("SELU", {}, [0.0, -0.0]),
    ("CELU", {"alpha": 2.0}, [0.0, -0.0]),
    ("Softplus", {"beta": 2.0, "threshold": 3.0}, [1.5, 2.0]),
    ("Softsign", {}, [0.0, -0.0]),
)
WIDE = given([[-7.0, -2.5, 6.5], [2.5, 0.25, -0.25]], differentiated=True)

CASES = [
    *[module(name, **each)(reals(2, 3)) for name, settings in SMOOTH.items() for each in settings],
    *[module(name)(FAR) for name in SMOOTH],
    *[module("GELU", approximate="tanh")(FAR), module("Mish")(given([-40.0, -9.0, 9.0, 25.0], differentiated=True))],
    *[module("Mish")(reals(*shape)) for shape in ((2, 3), (), (0, 3))],
    *[module(name, **each)(distinct(3, 4)) for name, settings in PIECEWISE.items() for each in settings],
    *[module(name, **each)(given(x, differentiated=True)) for name, each, x in KINKS],
    module("PReLU")(given([0.0, -0.0, 1.0], differentiated=True), second=False),
    *[module(name)(WIDE) for name in ("ReLU6", "Hardswish")],
    # PyTorch computes its gradient with 1 / 6 in single precision.
    *[module("Hardsigmoid")(distinct(*shape, differentiated=False)) for shape in ((3, 4), ())],
    module("Hardsigmoid")(given([[-7.0, -3.0, 3.0], [6.5, 2.5, 0.0]])),
    *[module(name)(reals(*shape)) for name in ("GELU", "ELU", "LeakyReLU") for shape in ((), (0, 2))],
    *[module("PReLU")(distinct(*shape)) for shape in ((4,), (2, 3), (0, 3))],
    *[module("PReLU", 3, init=0.5)(distinct(*shape)) for shape in ((2, 3), (2, 3, 2), (2, 3, 2, 2))],
    *[
        module(name, dim=dim)(reals(2, 3, 2))
        for name in ("Softmax", "LogSoftmax", "Softmin")
        for dim in (0, 1, -1)
    ],
    *[module(name, dim=0)(FAR) for name in ("Softmax", "LogSoftmax", "Softmin")],
    *[module(name, dim=-1)(reals()) for name in ("Softmax", "LogSoftmax", "Softmin")],
    *[module("Softmax2d")(reals(*shape)) for shape in ((2, 3, 2, 1), (3, 2, 2))],
    *[module("RReLU", *settings)(distinct(3, 4), training=False) for settings in ((), (-0.5, 0.1))],
    module("RReLU", 0.25, 0.25)(distinct(3, 4), second=False),
    *[module("GLU", dim)(reals(2, 4, 2)) for dim in (0, 1, -1)],
    *[
        function(name, reals(2, 3), **settings)
        for name, settings in (
            ("tanh", {}),
            ("sigmoid", {}),
            ("logsigmoid", {}),
            ("softplus", {"beta": 2, "threshold": 1}),
            ("softsign", {}),
            ("tanhshrink", {}),
            ("gelu", {}),
            ("gelu", {"approximate": "tanh"}),
            ("silu", {}),
            ("mish", {}),
            ("elu", {"alpha": 2.0}),
            ("selu", {}),
            ("celu", {"alpha": 2.0}),
            ("relu", {}),
            ("relu6", {}),
            ("leaky_relu", {"negative_slope": 0.2}),
            ("rrelu", {"lower": 0.1, "upper": 0.3, "training": False}),
            ("hardtanh", {"min_val": -0.5, "max_val": 0.7}),
            ("hardswish", {}),
            ("threshold", {"threshold": 0.3, "value": 2.0}),
            ("softshrink", {"lambd": 0.3}),
            ("hardshrink", {"lambd": 0.3}),
            ("softmax", {"dim": 1}),
            ("log_softmax", {"dim": 0}),
            ("softmin", {"dim": -1}),
            ("glu", {"dim": 0}),
        )
    ],
    function("hardsigmoid", reals(2, 3, differentiated=False)),
    function("prelu", distinct(2, 3), reals(1)),
    function("prelu", distinct(2, 3, 2), reals(3)),
    function("prelu", distinct(4), reals()),
    function("prelu", given(-1.5, differentiated=True), reals()),
]  # fmt: skip
