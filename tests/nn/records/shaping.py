"""Layers that rearrange, and containers."""

import numpy as np

import nn
from autograd.samples import reals
from tests.nn.records.describing import Record


class Network(nn.Module):
    """A forward that goes through containers."""

    def __init__(self):
        self.layers = nn.ModuleList([nn.Linear(4, 3), nn.Linear(3, 3, bias=False)])
        self.heads = nn.ModuleDict({"out": nn.Linear(3, 2)})
        self.scales = nn.ParameterList([nn.Parameter([1.0], np.float32), nn.Parameter([2.0, 1.0, 0.5], np.float32)])
        self.offsets = nn.ParameterDict({"out": nn.Parameter([0.5, -0.5], np.float32)})

    def forward(self, x):
        for layer, scale in zip(self.layers, self.scales, strict=True):
            x = np.tanh(layer(x)) * scale
        return self.heads["out"](x) + self.offsets["out"]


RECORDS = [
    Record(lambda: nn.Identity(), (reals(2, 3),)),
    Record(lambda: nn.Flatten(), (reals(2, 3, 4),), wrong=((reals(2),),)),
    Record(lambda: nn.Unflatten(1, (2, -1)), (reals(2, 6),), wrong=((reals(2, 5),), (reals(2),))),
    Record(lambda: nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2)), (reals(2, 4),), wrong=((reals(2, 3),),)),
    Record(lambda: Network(), (reals(2, 4),), wrong=((reals(2, 3),),)),
]
