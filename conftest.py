"""What every test and every docstring example finds in its namespace, and how pictures are drawn and closed."""

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
def _surroundings(doctest_namespace: dict[str, Any]) -> Iterator[None]:
    """Names for docstring examples; and figures that are left open are closed, since Matplotlib warns of many."""
    doctest_namespace.update(ag=ag, nn=nn, np=np)
    yield
    if (pyplot := sys.modules.get("matplotlib.pyplot")) is not None:
        pyplot.close("all")
