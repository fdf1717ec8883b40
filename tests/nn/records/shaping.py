"""Layers that rearrange, and containers."""

import nn
from autograd.samples import reals
from tests.nn.records.describing import Record

RECORDS = [
    Record(lambda: nn.Identity(), (reals(2, 3),)),
    Record(lambda: nn.Flatten(), (reals(2, 3, 4),), wrong=((reals(2),),)),
    Record(lambda: nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2)), (reals(2, 4),), wrong=((reals(2, 3),),)),
]
