"""Layers that are linear in their input."""

import nn
from autograd.samples import reals
from tests.nn.records.describing import Record

RECORDS = [
    Record(lambda: nn.Linear(4, 3), (reals(2, 4),), wrong=((reals(2, 5),), (reals(),))),
    Record(lambda: nn.Linear(4, 3, bias=False), (reals(2, 5, 4),)),
]
