"""Maps of another size."""

import nn
from autograd.samples import reals
from tests.nn.records.describing import Record

PLANES = ((reals(2, 4, 5),), (reals(2, 1, 3, 4, 5),), (reals(2, 3, 0, 5),))

RECORDS = [
    Record(lambda: nn.Upsample(scale_factor=2), (reals(2, 2, 3),), wrong=((reals(2, 3),), (reals(2, 3, 0),))),
    Record(lambda: nn.Upsample((3, 4), mode="bicubic", align_corners=True), (reals(2, 1, 2, 3),), wrong=PLANES),
    Record(
        lambda: nn.Upsample(scale_factor=(1, 1.5, 2), mode="trilinear"), (reals(2, 1, 2, 2, 2),), wrong=((reals(2, 3, 3, 3),),)
    ),
    Record(lambda: nn.UpsamplingNearest2d(scale_factor=2), (reals(2, 1, 2, 3),), wrong=((reals(2, 3, 0, 5),),)),
    Record(lambda: nn.UpsamplingBilinear2d(size=4), (reals(2, 1, 2, 3),), wrong=PLANES),
]
