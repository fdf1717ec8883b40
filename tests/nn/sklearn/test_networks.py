"""What settings stand for: the perceptron's layers, activations, optimizers by name."""

import numpy as np
import pytest
from sklearn.datasets import load_iris

import nn
from nn.sklearn import Classifier, Regressor
from nn.sklearn.networks import ACTIVATIONS, OPTIMIZERS, activation_of, sizes_of

X, Y = load_iris(return_X_y=True)


def layers(**settings):
    return [type(each).__name__ for each in Classifier(epochs=1, **settings).fit(X, Y).module_]


def test_the_layers_of_the_perceptron():
    assert layers() == ["Linear", "ReLU", "Linear", "ReLU", "Linear"]
    assert layers(hidden_layer_sizes=()) == ["Linear"]
    assert layers(hidden_layer_sizes=5, batch_norm=True, dropout=0.5, activation=nn.PReLU) == [
        "Linear",
        "BatchNorm1d",
        "PReLU",
        "Dropout",
        "Linear",
    ]
    model = Regressor(hidden_layer_sizes=np.array([7, 5]), epochs=1).fit(X, X[:, :2]).module_
    assert [each.shape for each in model.parameters()] == [(7, 4), (7,), (5, 7), (5,), (2, 5), (2,)]


def test_its_first_weights_are_those_of_linear():
    """Uniform between minus and plus 1 / sqrt(inputs)."""
    weights = Classifier(hidden_layer_sizes=(500,), epochs=1, learning_rate=0.0, random_state=0).fit(X, Y).module_[0].weight
    assert 0.49 < np.abs(weights.numpy()).max() <= 0.5
    np.testing.assert_allclose(weights.numpy().std(), 0.5 / 3**0.5, rtol=0.05)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_by_name(name):
    made = activation_of(name, "f")()
    assert isinstance(made, nn.Module)
    assert type(made).__name__.lower() == {"logistic": "sigmoid"}.get(name, name.replace("_", ""))


@pytest.mark.parametrize(
    ("activation", "error", "message"),
    [
        ("rellu", ValueError, "expected activation, one of celu, .*; received 'rellu'"),
        (nn.ReLU(), TypeError, "write ReLU, the class"),
        (3, TypeError, "received 3"),
        (dict, TypeError, "received one that makes {}"),
    ],
)
def test_activations_that_are_none(activation, error, message):
    with pytest.raises(error, match=f"f: .*{message}"):
        activation_of(activation, "f")


def test_sizes():
    assert sizes_of([3, np.int64(4)], "f") == (3, 4)
    assert sizes_of(3, "f") == (3,)
    for wrong, error in (((3, 0), ValueError), ("34", TypeError), ((2.5,), TypeError), (None, TypeError)):
        with pytest.raises(error, match="f: expected hidden_layer_sizes"):
            sizes_of(wrong, "f")


def group(**settings):
    optimizer = Classifier(epochs=1, **settings).fit(X, Y).optimizer_
    return type(optimizer).__name__, {name: optimizer.param_groups[0].get(name) for name in ("lr", "weight_decay", "momentum")}


def test_optimizers_have_their_own_defaults_and_the_settings_that_are_given():
    assert group() == ("Adam", {"lr": 1e-3, "weight_decay": 0.0, "momentum": None})
    assert group(optimizer="adamw") == ("AdamW", {"lr": 1e-3, "weight_decay": 0.01, "momentum": None})
    assert group(optimizer="SGD", learning_rate=0.1)[1] == {"lr": 0.1, "weight_decay": 0.0, "momentum": 0.0}
    assert group(optimizer=nn.optim.Lion, weight_decay=0.5)[1]["weight_decay"] == 0.5
    assert group(optimizer=lambda parameters: nn.optim.SGD(parameters, 0.1, momentum=0.9))[1]["momentum"] == 0.9
    assert group(optimizer="rprop")[0] == "Rprop"


def test_every_optimizer_that_takes_one_gradient_a_step_has_a_name():
    kinds = [getattr(nn.optim, name) for name in nn.optim.__all__]
    found = {each for each in kinds if isinstance(each, type) and issubclass(each, nn.optim.Optimizer)}
    assert set(OPTIMIZERS.values()) == found - {nn.optim.Optimizer, nn.optim.UpdateRule, nn.optim.LBFGS}


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"optimizer": "addam"}, ValueError, "expected optimizer, one of adadelta, .*; received 'addam'"),
        ({"optimizer": "rprop", "weight_decay": 0.1}, ValueError, "expected weight_decay=None with Rprop"),
        ({"optimizer": 3}, TypeError, "received 3"),
        ({"optimizer": lambda parameters: 3}, TypeError, "it returned 3"),
        ({"module": nn.Linear(4, 3)}, TypeError, "a function .* that makes a module anew for each fit.*received Linear"),
        ({"module": lambda n_features, n_outputs: 3}, TypeError, "it returned 3"),
        ({"module": lambda a, b: nn.Linear(4, 2)}, ValueError, r"outputs of shape \(n, 3\).*received \(1, 2\)"),
    ],
)
def test_parts_that_are_none(settings, error, message):
    with pytest.raises(error, match=f"Classifier.fit: .*{message}"):
        Classifier(**settings).fit(X, Y)
