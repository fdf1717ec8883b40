"""Layers that subtract means and divide by standard deviations."""

import nn
from autograd.samples import reals
from tests.nn.records.describing import Record

RECORDS = [
    Record(lambda: nn.BatchNorm1d(3), (reals(4, 3),), wrong=((reals(4, 2),), (reals(3),), (reals(4, 3, 1, 1),))),
    Record(lambda: nn.BatchNorm1d(3, momentum=None, bias=False), (reals(2, 3, 4),)),
    Record(lambda: nn.BatchNorm2d(2), (reals(2, 2, 3, 2),), wrong=((reals(4, 2),), (reals(2, 3, 3, 2),))),
    Record(lambda: nn.BatchNorm2d(2, affine=False), (reals(2, 2, 1, 300),)),
    Record(lambda: nn.BatchNorm3d(2), (reals(2, 2, 1, 2, 2),), wrong=((reals(2, 2, 1, 2),),)),
    Record(lambda: nn.BatchNorm1d(3, track_running_stats=False), (reals(4, 3),), per_example=False),
    Record(lambda: nn.InstanceNorm1d(3), (reals(2, 3, 4),), wrong=((reals(3),), (reals(2, 4, 3),))),
    Record(lambda: nn.InstanceNorm1d(3, affine=True, track_running_stats=True), (reals(2, 3, 4),)),
    Record(lambda: nn.InstanceNorm2d(2, affine=True), (reals(2, 2, 3, 2),), wrong=((reals(3, 3, 2),),)),
    Record(lambda: nn.InstanceNorm3d(2), (reals(2, 2, 1, 2, 2),), wrong=((reals(2, 2),),)),
    Record(lambda: nn.GroupNorm(2, 4), (reals(2, 4, 3),), wrong=((reals(4),), (reals(2, 2, 3),))),
    Record(lambda: nn.GroupNorm(4, 4, affine=False), (reals(2, 4, 20),)),
    Record(lambda: nn.GroupNorm(1, 4, bias=False), (reals(2, 4),)),
    Record(lambda: nn.LayerNorm(4), (reals(2, 4),), wrong=((reals(2, 3),), (reals(),))),
    Record(lambda: nn.LayerNorm((3, 2), bias=False), (reals(2, 2, 3, 2),), wrong=((reals(3, 2, 3),),)),
    Record(lambda: nn.LayerNorm(4, elementwise_affine=False), (reals(2, 4),)),
    Record(lambda: nn.RMSNorm(4), (reals(2, 4),), wrong=((reals(2, 3),),)),
    Record(lambda: nn.RMSNorm((2, 3), elementwise_affine=False), (reals(2, 2, 3),)),
    Record(lambda: nn.LocalResponseNorm(3, alpha=0.5), (reals(2, 4, 3),), wrong=((reals(2, 4),),)),
]
