"""Derivatives of every kind and in every composition, of forty functions of trees, against those that JAX gave.

``tests/data/record_jax_transforms.py`` says what was recorded, ``benchmarks/agreement.py`` how it is computed here;
``python -m benchmarks agreement`` prints the errors.
"""

import sys

import numpy as np
import pytest

import autograd as ag
from benchmarks.agreement import CASES, DATA, QUANTITIES, computed, error, recorded

sys.path.insert(0, str(DATA))
from transform_cases import EXAMPLES, flatten, leaves_of

by_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@by_case
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_is_what_jax_gave(case, quantity):
    assert error(computed(case, quantity), recorded(case, quantity)) <= 1e-9


@by_case
def test_numpy_alone_gives_the_values_that_jax_gave(case):
    assert error(case.loss(np, case.point()), recorded(case, "value")) <= 1e-12
    assert error(case.outputs(np, case.point()).reshape(-1), recorded(case, "outputs")) <= 1e-12


@by_case
def test_results_have_the_structure_of_the_arguments(case):
    def loss(p):
        return case.loss(np, p)

    point, batch = case.point(), case.batch()
    assert described(ag.grad(loss)(point)) == described(point)
    assert described(ag.hvp(loss, (point,), (case.tangent(),))[0]) == described(point)
    assert described(ag.vmap(ag.grad(loss))(batch)) == described(batch)


def described(tree):
    """The kinds and keys of a tree, in their order, with the shapes of its arrays."""
    if isinstance(tree, dict):
        return "dict", [(key, described(each)) for key, each in tree.items()]
    if isinstance(tree, list | tuple):
        return type(tree).__name__, [described(each) for each in tree]
    assert isinstance(tree, np.ndarray | np.floating)
    assert tree.dtype == np.float64
    return tree.shape


@by_case
def test_an_example_alone_has_the_derivatives_it_has_in_a_batch(case):
    grads = recorded(case, "vmap grad")
    for number in range(EXAMPLES):
        point = case.point(number + 1)
        assert error(flatten(ag.grad(lambda p: case.loss(np, p))(point)), grads[number]) <= 1e-9


def test_the_recording_is_of_functions_that_have_derivatives_to_compare():
    assert len(CASES) == 40
    assert (DATA / "jax_transforms.json").stat().st_size < 1_500_000
    for case in CASES.values():
        n, m = flatten(case.point()).size, case.cotangent().size
        assert 3 <= n <= 30
        assert len(leaves_of(case.batch())) == len(leaves_of(case.point()))
        shapes = {
            **dict.fromkeys(("value", "slope"), ()),
            **dict.fromkeys(("outputs", "jvp", "linearize"), (m,)),
            **dict.fromkeys(("grad", "checkpoint", "vjp", "hvp", "third", "third reverse"), (n,)),
            **dict.fromkeys(("jac forward", "jac reverse"), (m, n)),
            "hessian": (n, n),
            "vmap": (EXAMPLES,),
            "vmap grad": (EXAMPLES, n),
            "vmap jvp": (EXAMPLES, m),
            "vmap hessian": (EXAMPLES, n, n if n <= 10 else 4),
            "penalty": (EXAMPLES, n),
        }
        assert set(shapes) == set(QUANTITIES)
        for quantity, shape in shapes.items():
            expected = recorded(case, quantity)
            assert expected.shape == shape, (case.name, quantity)
            assert np.isfinite(expected).all(), (case.name, quantity)
            assert np.abs(expected).max() > 1e-3, (case.name, quantity)
