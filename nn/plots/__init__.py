"""Pictures of what is trained: each function draws on given axes, or on a figure of its own, and returns what it drew on.

All need Matplotlib (``pip install chainrule[plot]``). The look is ``nn.pictures``.
"""

from nn.plots.activation_gallery import activations
from nn.plots.boundaries import decision_boundary
from nn.plots.confusion import confusion_matrix
from nn.plots.diagrams import network
from nn.plots.distributions import parameter_histograms, weight_histograms
from nn.plots.rates import learning_rates, schedule
from nn.plots.surfaces import loss_surface, surface_of
from nn.plots.training_curves import compare, history
from nn.plots.weight_sheets import feature_maps, filters

__all__ = [
    "activations",
    "compare",
    "confusion_matrix",
    "decision_boundary",
    "feature_maps",
    "filters",
    "history",
    "learning_rates",
    "loss_surface",
    "network",
    "parameter_histograms",
    "schedule",
    "surface_of",
    "weight_histograms",
]
