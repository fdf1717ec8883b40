"""What every test and every docstring example finds in its namespace."""

import os
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import autograd as ag
import nn

os.environ.setdefault("MPLBACKEND", "Agg")  # pictures are drawn without a screen


@pytest.fixture(autouse=True)
def _closed_figures() -> Iterator[None]:
    """Figures that a test or example leaves open are closed: Matplotlib warns of many."""
    yield
    if (pyplot := sys.modules.get("matplotlib.pyplot")) is not None:
        pyplot.close("all")


@pytest.fixture(autouse=True)
def _namespace(doctest_namespace: dict[str, Any]) -> None:
    doctest_namespace.update(ag=ag, nn=nn, np=np)
