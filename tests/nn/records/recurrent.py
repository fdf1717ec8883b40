"""Layers that go through sequences, and their single steps."""

import nn
from autograd.samples import integers, reals
from tests.nn.records.describing import Record

LENGTHS = integers(2, low=1, high=4)

RECORDS = [
    Record(
        lambda: nn.RNN(3, 2),
        (reals(3, 2, 3),),
        batch=(1,),
        out=(1, 1),
        wrong=((reals(3, 2, 4),), (reals(3),), (reals(0, 2, 3),), (reals(3, 2, 3), reals(1, 2, 3))),
    ),
    Record(
        lambda: nn.RNN(3, 2, nonlinearity="relu", batch_first=True, bidirectional=True),
        (reals(2, 3, 3), reals(2, 2, 2), LENGTHS),
        batch=(0, 1, 0),
        out=(0, 1),
    ),
    Record(
        lambda: nn.LSTM(3, 2, bidirectional=True),
        (reals(3, 2, 3), None, LENGTHS),
        batch=(1, None, 0),
        out=(1, 1, 1),
        wrong=((reals(3, 2, 4),), (reals(3, 2, 3), reals(1, 2, 2)), (reals(3, 2, 3), None, integers(3, low=1, high=4))),
    ),
    Record(lambda: nn.LSTM(2, 2, num_layers=2, dropout=0.4), (reals(3, 2, 2),), batch=(1,), out=(1, 1, 1), random=True),
    Record(lambda: nn.LSTM(2, 3, proj_size=2, bias=False), (reals(3, 2, 2),), batch=(1,), out=(1, 1, 1)),
    Record(
        lambda: nn.GRU(3, 2, num_layers=2, bidirectional=True),
        (reals(3, 2, 3), reals(4, 2, 2), LENGTHS),
        batch=(1, 1, 0),
        out=(1, 1),
        wrong=((reals(3, 2, 4),), (reals(3, 2, 3), reals(1, 2, 2))),
    ),
    Record(lambda: nn.GRU(3, 2, bias=False), (reals(3, 2, 3),), batch=(1,), out=(1, 1)),
    Record(lambda: nn.RNNCell(3, 2), (reals(2, 3), reals(2, 2)), wrong=((reals(2, 4),), (reals(2, 3), reals(1, 2)))),
    Record(lambda: nn.LSTMCell(3, 2), (reals(2, 3),), out=(0, 0), wrong=((reals(2, 4),), (reals(2, 3), reals(2, 2)))),
    Record(lambda: nn.GRUCell(3, 2), (reals(2, 3), reals(2, 2)), wrong=((reals(2, 4),), (reals(2, 3), reals(2, 3)))),
]
