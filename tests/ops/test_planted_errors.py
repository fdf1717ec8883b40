"""The tester, tested: errors planted in an op, each in a process of its own, and which test of the table notices."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys
import numpy as np
import pytest
from autograd.ops.elementwise.trigonometric import tanh
from autograd.samples import reals, sample
{plant}
options = ["-q", "-n0", "--tb=no", "-p", "no:cacheprovider"]
sys.exit(pytest.main([*options, "tests/ops/test_table.py", "-k", "tanh and not arctanh"]))
"""

WRITES_TO_G = """
def rule(g, out):
    if isinstance(g, np.ndarray):
        g *= 1 - out * out
        return g
    return g * (1 - out * out)
tanh.vjp(x=rule)
"""
WRITES_TO_SAVED = """
def rule(g, out):
    gradient = g * (1 - out * out)
    if isinstance(out, np.ndarray):
        out[...] = 0
    return gradient
tanh.vjp(x=rule)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("plant", "noticed_by"),
    [
        pytest.param("", None, id="nothing"),
        pytest.param("tanh.vjp(x=lambda g, out: g * (1 + out * out))", "first_and_second_derivatives", id="wrong gradient"),
        pytest.param(
            "tanh.vjp(x=lambda g, out: g * (1 - (out if type(out) is np.ndarray else np.asarray(out.detach())) ** 2))",
            "first_and_second_derivatives",
            id="wrong second derivative",
        ),
        pytest.param(WRITES_TO_G, "rules_write_to_nothing", id="a rule that writes to g"),
        pytest.param(WRITES_TO_SAVED, "rules_write_to_nothing", id="a rule that writes to what was saved"),
        pytest.param(
            "tanh.vjp(x=lambda g, out: g * (1 - out * out) * np.float64(1))", "single_precision", id="double precision"
        ),
        pytest.param("tanh.op.rules.clear()", "has_a_rule_for_each_input", id="no rule"),
        pytest.param("tanh.op.linear = True", "a_linear_op_is_linear", id="not linear"),
        pytest.param("tanh.op.samples = ()", "every_op_has_samples", id="no samples"),
        pytest.param("tanh.op.errors = ((sample(reals(3)), ValueError),)", "errors_are_refused", id="no error"),
    ],
)
def test_the_table_notices(plant, noticed_by):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(plant=plant)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    if noticed_by is None:
        assert done.returncode == 0, done.stdout
        assert not failed
    else:
        assert done.returncode == 1, done.stdout
        assert any(noticed_by in line for line in failed), done.stdout
