"""What every test and every docstring example finds in its namespace."""

from typing import Any

import numpy as np
import pytest

import autograd as ag
import nn


@pytest.fixture(autouse=True)
def _namespace(doctest_namespace: dict[str, Any]) -> None:
    doctest_namespace.update(ag=ag, nn=nn, np=np)
