"""Networks as scikit-learn estimators: ``Classifier`` and ``Regressor``, for pipelines, searches and cross-validation.

This is the only room that imports scikit-learn, and it is imported when it is first asked for. Read ``base`` first: one ``fit``
for both. ``randomness`` says where the numbers come from that are drawn.
"""

try:
    from sklearn.utils.validation import validate_data  # noqa: F401 - which scikit-learn has from version 1.6 on
except ImportError as error:
    raise ImportError("nn.sklearn needs scikit-learn 1.6 or later: pip install 'scikit-learn>=1.6'") from error

from nn.sklearn.classification import Classifier
from nn.sklearn.regression import Regressor

__all__ = ["Classifier", "Regressor"]
