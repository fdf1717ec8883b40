"""Tables of which rows are looked up."""

from nn_cases.describing import function, given, integers, module, reals

BAGS = given([3, 0, 1, 1, 4, 0, 3])
OFFSETS = given([0, 2, 2, 5])  # an empty bag, and one with the rest
WITH_END = given([0, 2, 2, 5, 7])
FACTORS = reals(7)
SETTINGS = (
    {},
    {"padding_idx": 1},
    {"padding_idx": -1},
    {"max_norm": 0.5},
    {"max_norm": 0.5, "norm_type": 1.0},
    {"scale_grad_by_freq": True},
)

CASES = [
    *[module("Embedding", 5, 3, **each)(integers(2, 4, high=5)) for each in SETTINGS],
    *[module("Embedding", 5, 3)(integers(*shape, high=5)) for shape in ((), (6,), (0,), (2, 3, 2))],
    module("Embedding", 7, 100)(given([1, 6, 1, 1, 0, 1, 1, 1, 2, 6])),
    *[
        module("EmbeddingBag", 5, 3, mode=mode, **each)(x, second=False)
        for mode in ("sum", "mean", "max")
        for each in ({}, {"padding_idx": 1})
        for x in (integers(2, 4, high=5), given([[1, 1], [2, 1]]))
    ],
    *[
        module("EmbeddingBag", 5, 3, mode=mode, **each)(BAGS, offsets=OFFSETS, second=False)
        for mode in ("sum", "mean", "max")
        for each in ({}, {"padding_idx": 1}, {"max_norm": 0.5})
    ],
    *[
        module("EmbeddingBag", 5, 3, mode=mode, include_last_offset=True)(BAGS, WITH_END, second=False)
        for mode in ("sum", "mean", "max")
    ],
    module("EmbeddingBag", 5, 3, mode="sum")(BAGS, OFFSETS, FACTORS, second=False),
    module("EmbeddingBag", 5, 3, mode="sum", padding_idx=0)(BAGS, OFFSETS, FACTORS, second=False),
    *[function("embedding", integers(2, 3, high=4), reals(4, 2), **each) for each in ({}, {"padding_idx": 2})],
    function("embedding", integers(2, 3, high=4), reals(4, 2), scale_grad_by_freq=True),
    *[
        function("embedding_bag", integers(2, 3, high=4), reals(4, 2), mode=mode, second=False)
        for mode in ("sum", "mean", "max")
    ],
    function("embedding_bag", BAGS, reals(5, 2), OFFSETS, second=False),
    function("embedding_bag", integers(2, 3, high=4), reals(4, 2), mode="sum", per_sample_weights=reals(2, 3), second=False),
    *[function("one_hot", integers(2, 3, high=4), **each) for each in ({}, {"num_classes": 6})],
    function("one_hot", given(2)),
]
