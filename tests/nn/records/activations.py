"""Activations."""

import nn
from autograd.samples import reals
from tests.nn.records.describing import Record

SMOOTH = [
    nn.Tanh, nn.Sigmoid, nn.LogSigmoid, nn.Softplus, nn.Softsign, nn.Tanhshrink, nn.GELU, nn.SiLU, nn.Mish, nn.ELU, nn.SELU,
    nn.CELU,
]  # fmt: skip
PIECEWISE = [nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.Hardtanh, nn.Hardsigmoid, nn.Softshrink, nn.Hardshrink]

RECORDS = [
    *[Record(make, (reals(2, 3),)) for make in SMOOTH],
    *[Record(make, (reals(2, 3, away_from=0.0),), second=False) for make in PIECEWISE],
    Record(lambda: nn.GELU(approximate="tanh"), (reals(2, 3),)),
    Record(lambda: nn.Softplus(beta=2.0, threshold=1.0), (reals(2, 3),)),
    Record(lambda: nn.ELU(alpha=2.0), (reals(2, 3, away_from=0.0),)),
    Record(lambda: nn.CELU(alpha=0.5), (reals(2, 3, away_from=0.0),)),
    Record(lambda: nn.Hardswish(), (reals(2, 3, low=-2.5, high=4.5),)),
    Record(lambda: nn.Threshold(0.5, -1.0), (reals(2, 3, away_from=0.5),), second=False),
    Record(lambda: nn.PReLU(), (reals(2, 3, away_from=0.0),)),
    Record(lambda: nn.PReLU(3), (reals(2, 3, 4, away_from=0.0),), wrong=((reals(2, 4),), (reals(),))),
    Record(lambda: nn.Softmax(dim=1), (reals(2, 3),), wrong=((reals(3),), (reals(),))),
    Record(lambda: nn.LogSoftmax(dim=-1), (reals(2, 3),)),
    Record(lambda: nn.Softmax2d(), (reals(2, 3, 2, 2),), wrong=((reals(2, 3),), (reals(1, 2, 3, 4, 5),))),
    Record(lambda: nn.RReLU(), (reals(4, 5, away_from=0.0),), random=True, second=False),
    Record(lambda: nn.Softmin(dim=1), (reals(2, 3, 4),), wrong=((reals(3),),)),
    Record(lambda: nn.LogSoftmax(dim=2), (reals(2, 3, 4),), wrong=((reals(2, 3),),)),
    Record(lambda: nn.GLU(), (reals(2, 4),), wrong=((reals(2, 3),), (reals(),))),
    Record(lambda: nn.GLU(dim=1), (reals(2, 4, 3),), wrong=((reals(4),),)),
]
