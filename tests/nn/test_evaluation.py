"""Looking at a model leaves it as it was."""

import numpy as np
import pytest

import autograd as ag
import nn
from nn.evaluation import called_with, evaluating, generators_kept, generators_of


def test_modes_of_all_modules_come_back_also_after_an_error():
    model = nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Dropout(0.5), nn.BatchNorm1d(2)))
    model[1][1].eval()
    before = [each.training for each in model.modules()]
    with evaluating(model):
        assert not any(each.training for each in model.modules())
        assert not ag.is_grad_enabled()
    assert [each.training for each in model.modules()] == before
    with pytest.raises(ValueError, match="received"), evaluating(model):
        model(np.ones((2, 3)))
    assert [each.training for each in model.modules()] == before
    assert ag.is_grad_enabled()


def test_generators_are_found_by_path_and_put_back():
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Dropout(0.5, rng=rng), nn.Sequential(nn.Dropout(0.5)))
    assert generators_of(model) == {"0.rng": rng}
    assert generators_of(model[0]) == {"rng": rng}
    ag.seed(0)
    with generators_kept(model):
        first = model(np.ones(20)), ag.generator().random()
    assert all(np.array_equal(a, b) for a, b in zip(first, (model(np.ones(20)), ag.generator().random()), strict=True))


def test_generators_in_containers_are_found_also_where_one_contains_itself():
    model, rng, knot = nn.Linear(1, 1), np.random.default_rng(0), []
    knot.extend([knot, {"own": (rng,)}])
    model.knot = knot
    assert generators_of(model) == {"knot.1.own.0": rng}


def test_tuples_are_arguments_and_dicts_named_ones():
    class Two(nn.Module):
        def forward(self, a, b):
            return a - b

    assert called_with(Two(), (3, 1)) == called_with(Two(), {"b": 1, "a": 3}) == 2
