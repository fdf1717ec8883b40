"""Dropout where nothing is drawn: in evaluation, and with probabilities 0 and 1."""

from nn_cases.describing import function, module, reals

SHAPES = {
    "Dropout": ((2, 3), (), (0, 2)),
    "Dropout1d": ((2, 3, 2), (3, 2)),
    "Dropout2d": ((2, 3, 2, 2), (2, 3, 2)),
    "Dropout3d": ((2, 2, 1, 2, 2), (2, 1, 2, 2)),
    "AlphaDropout": ((2, 3), ()),
    "FeatureAlphaDropout": ((2, 3), (2, 3, 2)),
}
FUNCTIONS = ("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout")

CASES = [
    *[
        module(name, p=p)(reals(*shape), training=training)
        for name, shapes in SHAPES.items()
        for shape in shapes
        for p, training in ((0.5, False), (0.0, True), (1.0, True))
    ],
    *[
        function(function_, reals(*shapes[0]), p=p, training=training)
        for function_, shapes in zip(FUNCTIONS, SHAPES.values(), strict=True)
        for p, training in ((0.3, False), (0.0, True), (1.0, True))
    ],
    *[function(name, reals(2, 3)) for name in ("alpha_dropout", "feature_alpha_dropout")],
]
