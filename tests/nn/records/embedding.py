"""Tables of which rows are looked up."""

import nn
from autograd.samples import integers, reals
from tests.nn.records.describing import Record

RECORDS = [
    Record(lambda: nn.Embedding(5, 3), (integers(2, 4, low=0, high=5),), wrong=((integers(2, low=5, high=9),), (reals(2),))),
    Record(lambda: nn.Embedding(6, 100), (integers(9, low=0, high=6),), wrong=((integers(2, low=-9, high=-1),),)),
    Record(lambda: nn.Embedding(5, 3, max_norm=9.0), (integers(2, 4, low=0, high=5),), per_example=False),
    *[
        Record(
            lambda mode=mode: nn.EmbeddingBag(5, 3, mode=mode),
            (integers(2, 4, low=0, high=5),),
            second=mode != "max",
            wrong=((integers(2, low=0, high=5),), (integers(2, 2, low=5, high=9),)),
        )
        for mode in ("sum", "mean", "max")
    ],
]
