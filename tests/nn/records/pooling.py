"""Pools of windows, to a given size, and back."""

import nn
from autograd.samples import distinct, integers, reals
from tests.nn.records.describing import Record

LINES = ((reals(4),), (reals(2, 3, 4, 5),), (reals(2, 3, 1),))
PLANES = ((reals(4, 5),), (reals(2, 1, 3, 4, 5),), (reals(2, 3, 1, 5),))
SPACES = ((reals(4, 5, 6),), (reals(2, 1, 3, 4, 5, 6),), (reals(2, 3, 4, 5, 1),))

RECORDS = [
    Record(lambda: nn.MaxPool1d(2), (distinct(2, 2, 5),), wrong=LINES),
    Record(lambda: nn.MaxPool2d(2), (distinct(2, 2, 4, 5),), wrong=PLANES),
    Record(lambda: nn.MaxPool2d(3, 2, 1, return_indices=True, ceil_mode=True), (distinct(2, 2, 4, 5),), wrong=PLANES[:2]),
    Record(lambda: nn.MaxPool3d((1, 2, 2), 1), (distinct(2, 1, 2, 3, 3),), wrong=SPACES),
    Record(lambda: nn.AvgPool1d(2, padding=1), (reals(2, 2, 5),), wrong=LINES[:2]),
    Record(lambda: nn.AvgPool2d(3, 2, 1, count_include_pad=False), (reals(2, 2, 4, 5),), wrong=PLANES[:2]),
    Record(lambda: nn.AvgPool3d((1, 2, 2), 1, divisor_override=3), (reals(2, 1, 2, 3, 3),), wrong=SPACES),
    Record(lambda: nn.LPPool1d(2, 2), (reals(2, 2, 5, low=0.3),), wrong=LINES),
    Record(lambda: nn.LPPool2d(1.5, 2), (reals(2, 2, 4, 4, low=0.3),), wrong=PLANES),
    Record(lambda: nn.LPPool3d(3, (1, 2, 2), 1), (reals(2, 1, 2, 3, 3, low=0.3),), wrong=SPACES),
    Record(lambda: nn.AdaptiveAvgPool1d(3), (reals(2, 2, 5),), wrong=LINES[:2]),
    Record(lambda: nn.AdaptiveAvgPool2d(1), (reals(2, 2, 4, 5),), wrong=(*PLANES[:2], (reals(2, 2, 0, 3),))),
    Record(lambda: nn.AdaptiveAvgPool2d((2, None)), (reals(2, 2, 4, 5),), wrong=PLANES[:2]),
    Record(lambda: nn.AdaptiveAvgPool3d((1, 2, 2)), (reals(2, 1, 2, 3, 3),), wrong=SPACES[:2]),
    Record(lambda: nn.AdaptiveMaxPool1d(3), (distinct(2, 2, 5),), wrong=LINES[:2]),
    Record(lambda: nn.AdaptiveMaxPool2d((2, 3), return_indices=True), (distinct(2, 2, 4, 5),), wrong=PLANES[:2]),
    Record(lambda: nn.AdaptiveMaxPool3d((1, 2, 2)), (distinct(2, 1, 2, 3, 3),), wrong=SPACES[:2]),
    Record(
        lambda: nn.MaxUnpool1d(2),
        (reals(2, 2, 2), integers(2, 2, 2, low=0, high=4)),
        wrong=((reals(2, 2, 2), integers(2, 2, 3)), (reals(2), integers(2)), (reals(2, 2, 2), integers(2, 2, 2, low=4))),
    ),
    Record(lambda: nn.MaxUnpool2d(2), (reals(2, 1, 2, 2), integers(2, 1, 2, 2, low=0, high=16))),
    Record(lambda: nn.MaxUnpool3d(2), (reals(2, 1, 1, 2, 1), integers(2, 1, 1, 2, 1, low=0, high=16))),
]
