"""Layers that are linear in each input, and the lengths and angles of vectors."""

import nn
from autograd.samples import reals
from tests.nn.records.describing import Record

RECORDS = [
    Record(lambda: nn.Linear(4, 3), (reals(2, 4),), wrong=((reals(2, 5),), (reals(),))),
    Record(lambda: nn.Linear(4, 3, bias=False), (reals(2, 5, 4),)),
    Record(
        lambda: nn.Bilinear(4, 3, 2),
        (reals(2, 4), reals(2, 3)),
        wrong=((reals(2, 3), reals(2, 4)), (reals(2, 4), reals(3, 3)), (reals(), reals())),
    ),
    Record(lambda: nn.Bilinear(2, 3, 2, bias=False), (reals(2, 5, 2), reals(2, 5, 3))),
    Record(
        lambda: nn.CosineSimilarity(),
        (reals(2, 3), reals(2, 3)),
        wrong=((reals(2, 3), reals(2, 4)), (reals(3), reals(3))),
    ),
    Record(lambda: nn.CosineSimilarity(dim=-1), (reals(2, 4, 3), reals(2, 4, 3))),
    *[
        Record(lambda p=p: nn.PairwiseDistance(p), (reals(2, 3), reals(2, 3)), wrong=((reals(2, 3), reals(2, 4)),))
        for p in (2.0, 3.0)
    ],
]
