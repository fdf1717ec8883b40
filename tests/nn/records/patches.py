"""What moves numbers: windows side by side and back, shuffles, and margins."""

from functools import partial

import nn
from autograd.samples import reals
from tests.nn.records.describing import Record

SHAPES = {1: (2, 2, 3), 2: (2, 1, 3, 3), 3: (2, 1, 2, 2, 3)}
FEWER = {1: (), 2: (3,), 3: (3, 3)}  # than the axes that are padded

RECORDS = [
    Record(lambda: nn.Unfold(2, padding=(1, 0)), (reals(2, 2, 2, 3),), wrong=((reals(3, 3),), (reals(2, 2, 2, 1),))),
    Record(lambda: nn.Fold(3, 2), (reals(2, 8, 4),), wrong=((reals(2, 8, 5),), (reals(2, 7, 4),), (reals(4),))),
    Record(lambda: nn.PixelShuffle(2), (reals(2, 4, 2, 3),), wrong=((reals(2, 6, 2, 3),), (reals(4, 2),))),
    Record(lambda: nn.PixelUnshuffle(2), (reals(2, 1, 2, 4),), wrong=((reals(2, 1, 2, 3),), (reals(2, 4),))),
    Record(lambda: nn.ChannelShuffle(2), (reals(2, 4, 3),), wrong=((reals(2, 3, 3),), (reals(2, 4),))),
    *[
        Record(partial(getattr(nn, f"{name}Pad{rank}d"), 1, *rest), (reals(*SHAPES[rank]),), wrong=((reals(*FEWER[rank]),),))
        for name, rest in (("Constant", (1.5,)), ("Zero", ()), ("Reflection", ()), ("Replication", ()), ("Circular", ()))
        for rank in (1, 2, 3)
    ],
    Record(lambda: nn.ReflectionPad1d((0, 2)), (reals(2, 2, 3),), wrong=((reals(2, 2, 2),), (reals(2, 1, 3, 3),))),
    Record(lambda: nn.CircularPad1d((2, -1)), (reals(2, 2, 3),), wrong=((reals(2, 2, 2),), (reals(3),))),
]
