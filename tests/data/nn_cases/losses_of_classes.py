"""Losses of integer classes, of embeddings and of sequences."""

from nn_cases.describing import distinct, function, given, integers, module, probabilities, reals

REDUCTIONS = ("mean", "sum", "none")
WEIGHT = given([0.5, 2.0, 1.0, 1.5])
IN_MODULE = {"weight": [0.5, 2.0, 1.0, 1.5]}  # else a module's are drawn, and may add up to nearly nothing
CLASSES = given([1, 3, 0])
WITH_IGNORED = given([1, -100, 0])
LABELS = given([[3, 0, -1, 1], [-1, 0, 0, 0], [1, 2, 3, -1]])
VECTORS = (reals(3, 4), reals(3, 4))
TRIPLET = (reals(3, 4), reals(3, 4), reals(3, 4))
ALIKE = given([1, -1, 1])
# Sequences: their gradient with respect to log-probabilities differs from PyTorch's, see ctc_loss; it is tested by itself.
STEPS = reals(6, 3, 4, low=-3.0, high=0.0, differentiated=False)
SEQUENCES = given([[1, 2, 2], [3, 0, 0], [1, 3, 0]])

CASES = [
    # Cross-entropy and likelihood of classes
    *[
        module(name, reduction=reduction, weight=weight)(reals(3, 4), WITH_IGNORED, state=IN_MODULE if weight else None)
        for name in ("CrossEntropyLoss", "NLLLoss")
        for reduction in REDUCTIONS
        for weight in (None, WEIGHT)
    ],
    *[
        module(name, ignore_index=3)(reals(*shape), integers(*target, high=4))
        for name in ("CrossEntropyLoss", "NLLLoss")
        for shape, target in (((4,), ()), ((3, 4, 2), (3, 2)), ((2, 4, 1, 3), (2, 1, 3)))
    ],
    *[function("nll_loss", reals(2, 3, 2), integers(2, 2, high=3), reduction=reduction) for reduction in REDUCTIONS],
    function("nll_loss", reals(3, 4), CLASSES, WEIGHT),
    module("CrossEntropyLoss", label_smoothing=0.2, weight=WEIGHT)(reals(3, 4), WITH_IGNORED, state=IN_MODULE),
    module("CrossEntropyLoss", reduction="none")(reals(3, 4), probabilities(3, 4)),
    function("cross_entropy", reals(2, 3, 2), integers(2, 2, high=3), label_smoothing=0.1, reduction="sum"),
    # Hinges of classes
    *[
        module("MultiMarginLoss", p, margin, weight, reduction=reduction)(distinct(3, 4), CLASSES, second=False)
        for p, margin, weight, reduction in (
            (1, 1.0, None, "mean"),
            (1, 0.3, WEIGHT, "sum"),
            (2, 1.0, WEIGHT, "mean"),
            (2, 0.5, None, "none"),
        )
    ],
    function("multi_margin_loss", reals(4), given(2), second=False),
    function("multi_margin_loss", reals(3, 4), CLASSES, p=2, weight=WEIGHT, reduction="none", second=False),
    *[module("MultiLabelMarginLoss", reduction=reduction)(distinct(3, 4), LABELS, second=False) for reduction in REDUCTIONS],
    function("multilabel_margin_loss", reals(4), given([1, 1, 3, -1]), reduction="none", second=False),
    # Embeddings
    *[
        module("CosineEmbeddingLoss", margin=margin, reduction=reduction)(*VECTORS, ALIKE)
        for margin in (0.0, -0.9)
        for reduction in REDUCTIONS
    ],
    function("cosine_embedding_loss", reals(4), reals(4), given(1)),
    function("cosine_embedding_loss", reals(3, 4), reals(1, 4), given([-1]), margin=-0.8, reduction="none"),
    *[module("TripletMarginLoss", margin=2.0, reduction=reduction)(*TRIPLET) for reduction in REDUCTIONS],
    *[module("TripletMarginLoss", margin=2.0, p=p, swap=swap)(*TRIPLET) for p in (1, 3.0) for swap in (False, True)],
    function("triplet_margin_loss", *TRIPLET, margin=5.0, p=float("inf"), second=False),
    function("triplet_margin_loss", reals(4), reals(4), reals(4), margin=2.0, eps=0.1, reduction="none"),
    function("triplet_margin_loss", reals(2, 2, 3), reals(2, 2, 3), reals(2, 2, 3), margin=3.0, swap=True, reduction="none"),
    *[
        module("TripletMarginWithDistanceLoss", margin=2.0, swap=swap, reduction=reduction)(*TRIPLET)
        for swap in (False, True)
        for reduction in REDUCTIONS
    ],
    function("triplet_margin_with_distance_loss", *TRIPLET, margin=3.0),
    # Sequences
    *[
        module("CTCLoss", blank=blank, reduction=reduction)(STEPS, targets, steps, counts)
        for blank, targets in ((0, SEQUENCES), (1, given([[0, 2, 2], [3, 0, 0], [2, 3, 0]])))
        for reduction in REDUCTIONS
        for steps, counts in ((given([6, 4, 5]), given([3, 1, 2])),)
    ],
    *[
        function("ctc_loss", STEPS, SEQUENCES, (2, 4, 0), (3, 0, 0), reduction=reduction, zero_infinity=zero)
        for reduction in ("none", "mean")
        for zero in (False, True)
    ],
    function("ctc_loss", STEPS, given([1, 2, 2, 3, 1, 3]), (6, 6, 6), (3, 1, 2), reduction="none"),
    function("ctc_loss", reals(6, 4, low=-3.0, high=0.0, differentiated=False), given([1, 2]), given(5), given(2)),
]
