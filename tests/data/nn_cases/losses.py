"""Losses of pairs of elements: regression, yes-or-no questions, likelihoods, hinges."""

from nn_cases.describing import distinct, function, given, integers, module, probabilities, reals

REDUCTIONS = ("mean", "sum", "none")
PAIR = (reals(2, 3), reals(2, 3))
SIGNS = given([[1.0, -1.0, -1.0], [-1.0, 1.0, 1.0]])
SIMPLEX = probabilities(2, 3)
CHANCES = (reals(2, 3, low=0.05, high=0.95), reals(2, 3, low=0.0, high=1.0))
WEIGHT = reals(2, 3, low=0.5, high=1.5, differentiated=False)
ROW = given([0.5, 2.0, 1.0])  # a module's is replaced by drawn numbers, negative ones among them
POSITIVE = reals(2, 3, low=0.2, high=3.0)

CASES = [
    # Regression
    *[
        module(name, reduction=reduction)(*PAIR)
        for name in ("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss")
        for reduction in REDUCTIONS
    ],
    *[module(name)(reals(*shape), reals(*shape)) for name in ("MSELoss", "HuberLoss") for shape in ((), (4,), (2, 1, 2))],
    *[module("SmoothL1Loss", beta=beta)(*PAIR) for beta in (0.0, 0.5, 2)],
    module("HuberLoss", delta=0.7)(*PAIR),
    *[
        function(name, *PAIR, reduction=reduction, weight=WEIGHT)
        for name in ("mse_loss", "l1_loss", "huber_loss")
        for reduction in REDUCTIONS
    ],
    function("mse_loss", *PAIR),
    function("l1_loss", given([1.0, 2.0, -1.0], True), given([1.0, 1.0, 1.0], True), reduction="none"),
    function("smooth_l1_loss", *PAIR, reduction="sum", beta=0.3),
    function("huber_loss", *PAIR, reduction="none", delta=1.5),
    # Yes-or-no questions
    *[module("BCEWithLogitsLoss", reduction=reduction)(*PAIR) for reduction in REDUCTIONS],
    module("BCEWithLogitsLoss", weight=ROW, pos_weight=ROW)(
        *PAIR, state={"weight": [1.0, 2.0, 0.5], "pos_weight": [3.0, 0.5, 1.0]}
    ),
    function("binary_cross_entropy_with_logits", *PAIR, weight=WEIGHT, reduction="sum"),
    *[module("BCELoss", reduction=reduction)(*CHANCES) for reduction in REDUCTIONS],
    module("BCELoss", weight=ROW)(*CHANCES),
    function("binary_cross_entropy", *CHANCES, weight=WEIGHT, reduction="none"),
    function("binary_cross_entropy", given([0.0, 1.0, 0.0, 1.0], True), given([0.0, 1.0, 1.0, 0.0]), second=False),
    *[module("SoftMarginLoss", reduction=reduction)(reals(2, 3), SIGNS) for reduction in REDUCTIONS],
    function("soft_margin_loss", reals(4), given([1.0, -1.0, 1.0, -1.0])),
    *[
        module("MultiLabelSoftMarginLoss", reduction=reduction, weight=weight)(reals(2, 3), reals(2, 3, low=0.0, high=1.0))
        for reduction in REDUCTIONS
        for weight in (None, ROW)
    ],
    function("multilabel_soft_margin_loss", reals(4), integers(4), reduction="none"),
    # Likelihoods
    *[
        module("KLDivLoss", reduction=reduction, log_target=log_target)(
            reals(2, 3, low=-3.0, high=0.0), reals(2, 3, low=-3.0, high=0.0) if log_target else SIMPLEX
        )
        for reduction in (*REDUCTIONS, "batchmean")
        for log_target in (False, True)
    ],
    function("kl_div", reals(), reals(low=0.1, high=0.9), reduction="batchmean"),
    function("kl_div", reals(3, low=-3.0, high=0.0), given([0.0, 0.3, 0.7]), reduction="sum"),
    *[module("PoissonNLLLoss", log_input, full)(POSITIVE, POSITIVE) for log_input in (True, False) for full in (True, False)],
    module("PoissonNLLLoss", log_input=False, eps=0.1, reduction="none")(POSITIVE, given([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])),
    function("poisson_nll_loss", reals(2, 3), integers(2, 3, high=5), full=True, reduction="sum"),
    *[
        module("GaussianNLLLoss", full=full, reduction=reduction)(*PAIR, POSITIVE)
        for full in (True, False)
        for reduction in REDUCTIONS
    ],
    module("GaussianNLLLoss", eps=1.0)(*PAIR, POSITIVE),
    *[
        function("gaussian_nll_loss", reals(2, 3), reals(*target), reals(*var, low=0.2, high=2.0), reduction="none")
        for target, var in (((2, 3), (2,)), ((2, 3), (2, 1)), ((2, 1), (2, 3)), ((1, 3), (2, 3)))
    ],
    function("gaussian_nll_loss", *PAIR, 0.7),
    function("gaussian_nll_loss", reals(3), reals(3), reals(low=0.2, high=2.0)),
    # Hinges
    *[module("HingeEmbeddingLoss", 0.7, reduction=reduction)(reals(2, 3), SIGNS) for reduction in REDUCTIONS],
    function("hinge_embedding_loss", given([1.0, 1.0, 0.5, 2.0], True), given([1.0, -1.0, 0.0, -1.0]), reduction="none"),
    *[module("MarginRankingLoss", 0.4, reduction=reduction)(distinct(2, 3), reals(2, 3), SIGNS) for reduction in REDUCTIONS],
    function("margin_ranking_loss", reals(3, 1), reals(1, 4), given([[1.0, -1.0, 1.0, 1.0]], True), 0.5, reduction="none"),
    function("margin_ranking_loss", given([1.0, 2.0], True), given([1.0, 2.0], True), given([1.0, -1.0])),
]
