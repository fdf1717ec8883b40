import numpy as np
import pytest

import autograd as ag
import nn
from nn.plots.evaluation import undisturbed


class Restless(nn.Module):
    """Changes all that a call can change."""

    def __init__(self):
        self.rng = np.random.default_rng(1)
        self.weight = nn.Parameter([1.0, 2.0])
        self.calls = nn.Buffer(np.int64(0))

    def forward(self, x):
        with ag.no_grad():
            self.calls[...] = self.calls.item() + 1
            self.weight[...] = self.weight.numpy() + 1
        return x + ag.random.normal(size=2) + self.rng.normal(size=2)


def snapshot(model):
    state = {path: (each.dtype, each.tobytes()) for path, each in model.state_dict().items()}
    return (
        state,
        [each.training for each in model.modules()],
        ag.generator().bit_generator.state,
        model[0].rng.bit_generator.state,
    )


@pytest.mark.parametrize("error", [None, ValueError, KeyboardInterrupt])
def test_the_model_is_as_it_was_afterwards(error):
    model = nn.Sequential(Restless(), nn.BatchNorm1d(2), nn.Dropout(0.5))
    model[1].eval()
    before = snapshot(model)
    try:
        with undisturbed(model):
            assert not any(each.training for each in model.modules())
            model(np.ones((3, 2)))
            assert snapshot(model) != before
            assert not ag.is_grad_enabled()
            if error is not None:
                raise error
    except (ValueError, KeyboardInterrupt):
        assert error is not None
    assert snapshot(model) == before


def test_a_graph_that_was_recorded_before_can_still_be_walked():
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    loss = model(np.eye(2)).sum()
    with undisturbed(model):
        model(np.ones((1, 2)))
    loss.backward()
    assert model[0].weight.grad is not None
