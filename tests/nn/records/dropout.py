"""Dropout."""

import nn
from autograd.samples import reals
from tests.nn.records.describing import Record

RECORDS = [
    Record(lambda: nn.Dropout(0.4), (reals(4, 5),), random=True),
    Record(lambda: nn.Dropout1d(), (reals(4, 5, 2),), random=True, wrong=((reals(2),), (reals(1, 2, 3, 4),))),
    Record(lambda: nn.Dropout2d(), (reals(4, 5, 2, 2),), random=True, wrong=((reals(2, 3),), (reals(1, 1, 2, 3, 4),))),
    Record(lambda: nn.Dropout3d(), (reals(4, 5, 2, 2, 1),), random=True, wrong=((reals(2, 3, 4),),)),
    Record(lambda: nn.AlphaDropout(), (reals(4, 5),), random=True),
    Record(lambda: nn.FeatureAlphaDropout(), (reals(4, 5, 2),), random=True, wrong=((reals(2),),)),
]
