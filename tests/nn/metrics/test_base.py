"""What a subclass of ``Metric`` gets, and what names lead to."""

import re

import numpy as np
import pytest

import nn
from nn.metrics.names import METRICS

m = nn.metrics


class Count(m.Metric):
    accumulators = ("examples",)

    def reset(self):
        self.examples = 0

    def update(self, predictions, targets, sample_weight=None):
        self.examples += len(targets)

    def compute(self):
        return self.examples


def test_a_subclass_has_the_name_of_its_class_until_another_is_given():
    assert Count().name == "Count"
    assert Count("seen").name == "seen"
    assert Count.name == "Count"
    assert type("Fewer", (Count,), {})().name == "Count"
    assert type("Exact", (m.Accuracy,), {})().name == "accuracy"


def test_a_subclass_is_reset_saved_and_loaded():
    metric, other = Count(), Count()
    metric.update([1, 2], [1, 2])
    other.load_state_dict(metric.state_dict())
    other.update([1], [1])
    assert (metric.compute(), other.compute()) == (2, 3)
    assert isinstance(other.compute(), int)


def test_a_subclass_without_accumulators_says_so_when_it_is_saved():
    class Forgetful(Count):
        accumulators = None

    with pytest.raises(TypeError, match=r'Forgetful: to save this metric, name the attributes .* accumulators = \("total"'):
        Forgetful().state_dict()


def test_a_subclass_without_update_cannot_be_made():
    with pytest.raises(TypeError, match="abstract"):
        type("Half", (m.Metric,), {"reset": lambda self: None})()


@pytest.mark.parametrize(
    ("metric", "text"),
    [
        (m.Accuracy(), "Accuracy()"),
        (m.Accuracy(threshold=0.5), "Accuracy(threshold=0.5)"),
        (m.TopKAccuracy(3), "TopKAccuracy(k=3, name='top_3_accuracy')"),
        (m.Precision(average=None, num_classes=3), "Precision(average=None, num_classes=3)"),
        (m.FBetaScore(2.0), "FBetaScore(beta=2.0)"),
        (m.ConfusionMatrix(3, normalize="all"), "ConfusionMatrix(num_classes=3, normalize='all')"),
        (m.ROCAUC(from_logits=True), "ROCAUC(from_logits=True)"),
        (m.R2Score(name="r"), "R2Score(name='r')"),
        (Count(), "Count()"),
    ],
)
def test_a_metric_prints_the_settings_that_are_not_the_defaults(metric, text):
    assert repr(metric) == text


def test_a_failed_load_changes_nothing():
    metric = m.MeanSquaredError()
    metric.update([1.0], [3.0])
    with pytest.raises(ValueError, match=r"load_state_dict: weight: expected 0 axes, received shape \(1,\)"):
        metric.load_state_dict({"total": 1.0, "weight": [1.0]})
    assert metric.compute() == 4.0


@pytest.mark.parametrize("metric", [m.Recall(average="macro", num_classes=3), m.ConfusionMatrix(3)])
def test_counts_of_another_number_of_classes_are_not_loaded(metric):
    other = type(metric)(num_classes=4, **({"average": "macro"} if metric.name == "recall" else {}))
    with pytest.raises(ValueError, match=r"expected counts of 3 classes, received shape \(4"):
        metric.load_state_dict(other.state_dict())


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_asked_for_by_name_has_this_name(name):
    assert m.metric_named(name).name == name
    assert f"``{name}``" in m.metric_named.__doc__


def test_an_unknown_name_lists_those_that_there_are():
    with pytest.raises(ValueError, match=re.escape(f"expected one of {', '.join(METRICS)}; received 'acuracy'")):
        m.metric_named("acuracy")
    with pytest.raises(TypeError, match="expected a name such as 'accuracy', received"):
        m.metric_named(m.Accuracy)


def test_two_metrics_of_one_name_do_not_share_anything():
    one, other = m.metric_named("confusion_matrix"), m.metric_named("confusion_matrix")
    one.update([0], [0])
    assert other.compute().shape == (0, 0)
    np.testing.assert_array_equal(one.compute(), [[1]])
