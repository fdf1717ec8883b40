"""Convolutions."""

import nn
from autograd.samples import reals
from tests.nn.records.describing import Record

RECORDS = [
    Record(lambda: nn.Conv1d(2, 3, 3, padding=1), (reals(2, 2, 5),), wrong=((reals(2, 3, 5),), (reals(5),))),
    Record(
        lambda: nn.Conv2d(2, 4, (3, 2), stride=(2, 1), groups=2),
        (reals(2, 2, 5, 4),),
        wrong=((reals(2, 3, 5, 4),), (reals(5, 4),), (reals(2, 2, 2, 2),)),
    ),
    Record(lambda: nn.Conv2d(1, 2, 3, padding="same", padding_mode="reflect", bias=False), (reals(2, 1, 4, 4),)),
    Record(lambda: nn.Conv3d(1, 2, 2, padding=1), (reals(2, 1, 2, 3, 2),), wrong=((reals(2, 2, 3, 2),),)),
    Record(lambda: nn.ConvTranspose1d(2, 3, 3, stride=2), (reals(2, 2, 3),), wrong=((reals(2, 3, 3),),)),
    Record(
        lambda: nn.ConvTranspose2d(2, 2, 3, stride=2, padding=1, output_padding=1, groups=2),
        (reals(2, 2, 2, 3),),
        wrong=(
            (reals(2, 1, 2, 3),),
            (
                reals(
                    3,
                ),
            ),
        ),
    ),
    Record(lambda: nn.ConvTranspose3d(1, 1, 2), (reals(2, 1, 2, 2, 1),), wrong=((reals(2, 2),),)),
]
