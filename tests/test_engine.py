"""backward and grad_of: gradients, orders, options, and every refusal."""

import gc
import weakref

import numpy as np
import pytest

import autograd as ag


def variable(*values, dtype=np.float64):
    return ag.tensor(values, dtype=dtype, requires_grad=True)


# ---------------------------------------------------------------- gradients


def test_a_closed_form():
    x, y = variable(1.0, 2.0, 3.0), variable(0.5, -1.0, 2.0)
    (np.sin(x) * y + x / y).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), np.cos(x.detach()).numpy() * y.numpy() + 1 / y.numpy(), rtol=1e-15)
    np.testing.assert_allclose(y.grad.numpy(), np.sin(x.numpy()) - x.numpy() / y.numpy() ** 2, rtol=1e-15)


def test_grad_accumulates_and_keeps_its_memory():
    x = variable(1.0, 2.0)
    (x * 3).sum().backward()
    first = x.grad
    (x * 4).sum().backward()
    assert x.grad is first
    assert x.grad.tolist() == [7.0, 7.0]


def test_a_shared_node_is_visited_once_and_sums_its_gradients():
    x = variable(2.0)
    y = x * x
    z = y * y + y + y
    calls = []
    y.register_hook(lambda g: calls.append(g.item()))
    z.sum().backward()
    assert calls == [2 * 4.0 + 2.0]
    assert x.grad.tolist() == [4 * 8.0 + 2 * 2 * 2.0]


@pytest.mark.parametrize("fan_out", [1, 2, 3, 10])
def test_gradients_of_a_leaf_never_alias(fan_out):
    """add hands the same cotangent to both sides; each .grad must still be memory of its own."""
    x, y = variable(1.0, 2.0), variable(3.0, 4.0)
    z = x + y
    for _ in range(fan_out - 1):
        z = z + x + y
    cotangent = ag.tensor([1.0, 10.0])
    z.backward(cotangent)
    x.grad[...] = -1.0
    assert y.grad.tolist() == [fan_out, 10.0 * fan_out]
    assert cotangent.tolist() == [1.0, 10.0]


def test_grad_does_not_alias_what_a_rule_keeps():
    kept = np.array([1.0, 2.0])

    @ag.op
    def odd(x):
        return x.sum()

    odd.vjp(x=lambda g: kept)
    x = variable(5.0, 6.0)
    odd(x).backward()
    odd(x).backward()
    assert x.grad.tolist() == [2.0, 4.0]
    assert kept.tolist() == [1.0, 2.0]


def test_grad_is_writable_even_where_a_rule_returns_a_view():
    x = variable(1.0, 2.0)
    x.sum().backward()  # its rule returns a read-only broadcast
    x.grad[0] = 5.0
    assert x.grad.tolist() == [5.0, 1.0]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_grad_has_its_tensors_dtype_and_shape(dtype):
    x = ag.tensor(np.ones((2, 3)), dtype=dtype, requires_grad=True)
    y = ag.tensor(np.ones(3), dtype=np.float64, requires_grad=True)
    (x * y).sum().backward()
    assert (x.grad.dtype, x.grad.shape) == (dtype, (2, 3))
    assert (y.grad.dtype, y.grad.shape) == (np.float64, (3,))


def test_a_complex_path_to_a_real_leaf_gives_a_real_gradient():
    x = variable(1.0, 2.0)
    z = x * (1 + 2j)
    ag.real(z * ag.conj(z)).sum().backward()
    assert x.grad.dtype == np.float64
    np.testing.assert_allclose(x.grad.numpy(), 2 * 5 * x.numpy())


def test_complex_gradient_is_the_direction_of_steepest_ascent():
    z = ag.tensor([1 + 2j, -0.5j], requires_grad=True)
    (ag.abs(z) ** 2).sum().backward()
    np.testing.assert_allclose(z.grad.numpy(), 2 * z.numpy())  # dL/dx + i dL/dy of x**2 + y**2


def test_complex_cotangents_enter_conjugated():
    """For w = a z the gradient is conj(a) v: PyTorch's convention."""
    z = ag.tensor([1 + 2j], requires_grad=True)
    (z * (3 + 1j)).backward(np.array([2 - 1j]))
    np.testing.assert_allclose(z.grad.numpy(), [(3 - 1j) * (2 - 1j)])


def test_two_outputs_used_one_not():
    x = variable(1.0, 2.0, 3.0, 4.0)
    first, second = np.split(x, 2)
    (second * 5).sum().backward()
    assert x.grad.tolist() == [0.0, 0.0, 5.0, 5.0]
    with pytest.raises(ag.FreedGraphError, match="'split'"):
        first.sum().backward()


def test_both_outputs_used_twice_and_differentiated_twice():
    x = variable(1.0, 2.0, 3.0, 4.0)
    first, second = np.split(x, 2)
    y = (first * first * second + second * 2).sum()
    g = ag.grad_of(y, x, create_graph=True)
    np.testing.assert_allclose(g.numpy(), [2 * 1 * 3, 2 * 2 * 4, 1 + 2, 4 + 2])
    h = ag.grad_of(g.sum(), x)
    np.testing.assert_allclose(h.numpy(), [2 * 3 + 2 * 1, 2 * 4 + 2 * 2, 2 * 1, 2 * 2])


# ---------------------------------------------------------------- higher orders


def test_third_derivative():
    x = variable(0.3, -1.2)
    g = (x**5).sum()
    for _ in range(3):
        g = ag.grad_of(g.sum(), x, create_graph=True)
    np.testing.assert_allclose(g.numpy(), 60 * x.numpy() ** 2)


def test_create_graph_accumulates_a_differentiable_grad():
    x = variable(2.0)
    (x**3).sum().backward(create_graph=True)
    assert x.grad.requires_grad
    assert ag.grad_of(x.grad.sum(), x).tolist() == [12.0]


def test_create_graph_leaves_no_cycle():
    x = variable(2.0)
    gone = weakref.ref(x)
    (x**3).sum().backward(create_graph=True)
    gc.disable()
    try:
        del x
        assert gone() is None
    finally:
        gc.enable()


def test_gradient_with_respect_to_the_cotangent():
    x, v = variable(1.0, 2.0), variable(1.0, 1.0)
    g = ag.grad_of(x * x, x, v, create_graph=True)
    assert ag.grad_of(g.sum(), v).tolist() == [2.0, 4.0]


def test_recorded_pass_inside_no_grad():
    x = variable(3.0)
    y = (x**3).sum()
    with ag.no_grad():
        g = ag.grad_of(y, x, create_graph=True)
        assert not ag.is_grad_enabled()
    assert ag.grad_of(g.sum(), x).tolist() == [18.0]


def test_gradient_nodes_carry_the_scope_of_the_forward():
    x = variable(3.0)
    with ag.scope("layer"):
        y = x**3
    g = ag.grad_of(y.sum(), x, create_graph=True)
    assert g.node.scope == "layer"


# ---------------------------------------------------------------- options


def test_inputs_limits_what_receives_a_gradient_and_which_rules_run():
    called = []

    @ag.op
    def spied(x):
        return x * 1

    spied.vjp(x=lambda g: called.append("spied") or g)
    x, y = variable(1.0), variable(2.0)
    (spied(x) * y).sum().backward(inputs=y)
    assert (x.grad, y.grad.tolist(), called) == (None, [1.0], [])
    (spied(x) * y).sum().backward(inputs=[x])
    assert (x.grad.tolist(), called) == ([2.0], ["spied"])


def test_inputs_may_be_an_intermediate_result():
    x = variable(1.0, 2.0)
    y = x * x
    (y * 3).sum().backward(inputs=[y])
    assert (y.grad.tolist(), x.grad) == ([3.0, 3.0], None)


def test_a_constant_inputs_rule_never_runs():
    @ag.op
    def product(x, y):
        return x * y

    def refuse(g, x):
        raise AssertionError("called for a constant")

    product.vjp(x=lambda g, y: g * y, y=refuse)
    x = variable(1.0, 2.0)
    product(x, ag.tensor([3.0, 4.0])).sum().backward()
    product(x, np.array([3.0, 4.0])).sum().backward()
    assert x.grad.tolist() == [6.0, 8.0]


def test_only_what_a_needed_rule_names_is_saved():
    x, y = variable(1.0, 2.0), variable(3.0, 4.0)
    assert (x + y).node.saved == ()
    assert [each is y._value for each in (x * y.detach()).node.saved] == [True]
    assert len((x * y).node.saved) == 2


def test_grad_of_touches_no_grad_and_keeps_the_form_of_inputs():
    x, y = variable(1.0), variable(2.0)
    z = (x * y).sum()
    single = ag.grad_of(z, x, retain_graph=True)
    several = ag.grad_of([z], [x, y])
    assert single.tolist() == [2.0]
    assert isinstance(several, tuple)
    assert [each.tolist() for each in several] == [[2.0], [1.0]]
    assert x.grad is None


def test_grad_of_several_outputs_adds_up():
    x = variable(1.0, 2.0)
    g = ag.grad_of([x * 2, (x * 3).sum(), x * 2], x, [np.array([1.0, 10.0]), None, ag.tensor([0.0, 1.0])])
    assert g.tolist() == [2 + 3, 20 + 3 + 2]


def test_grad_of_the_same_output_twice():
    x = variable(1.0)
    y = (x * 2).sum()
    assert ag.grad_of([y, y], x).tolist() == [4.0]


def test_grad_of_the_same_input_twice_gives_separate_memory():
    x = variable(1.0, 2.0)
    first, second = ag.grad_of((x * 2).sum(), [x, x])
    first[...] = 0.0
    assert second.tolist() == [2.0, 2.0]


def test_grad_of_an_output_with_respect_to_itself():
    x = variable(1.0, 2.0)
    y = x * 2
    assert ag.grad_of(y, y, np.array([5.0, 6.0])).tolist() == [5.0, 6.0]


def test_unused_inputs():
    x, y = variable(1.0), variable(2.0)
    z = (x * 2).sum()
    with pytest.raises(ag.GradientError, match=r"grad_of\(inputs\)\[1\] .* was not used .* allow_unused=True"):
        ag.grad_of(z, [x, y], retain_graph=True)
    assert ag.grad_of(z, [x, y], allow_unused=True)[1] is None


def test_backward_of_a_leaf():
    x = ag.tensor(3.0, requires_grad=True)
    x.backward()
    assert x.grad.item() == 1.0


def test_one_element_of_any_rank_needs_no_gradient_argument():
    x = ag.tensor([[2.0]], requires_grad=True)
    (x * x).backward()
    assert x.grad.tolist() == [[4.0]]


def test_empty_tensors():
    x = ag.tensor(np.ones((0, 3)), requires_grad=True)
    (x * 2).sum().backward()
    assert x.grad.shape == (0, 3)


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda x: (x * 2).backward(), ag.GradientError, r"one element, received shape \(2,\).*\.sum\(\).*Jacobian"),
        (
            lambda x: x.detach().sum().backward(),
            ag.GradientError,
            r"backward: no tensor .* requires a gradient.*requires_grad=True",
        ),
        (lambda x: (x > 1).backward(), ag.GradientError, "no tensor .* requires a gradient"),
        (
            lambda x: (x * 2).backward(np.ones(3)),
            ValueError,
            r"gradient=.* expected the shape of the tensor, \(2,\), received \(3,\)",
        ),
        (lambda x: (x * 2).backward(1.0), ValueError, r"received \(\)"),
        (lambda x: (x * 2).backward(["a", "b"]), TypeError, "cotangent has to be numeric"),
        (lambda x: (x * 2).backward(np.array([1j, 0])), TypeError, "expected a real cotangent"),
        (lambda x: (x * 1j).sum().backward(), ag.GradientError, r"expected a real result, received complex128.*ag\.real"),
        (
            lambda x: (x * 2).sum().backward(inputs=[ag.tensor([1.0])]),
            ag.GradientError,
            r"inputs=...\)\[0\]: expected a tensor that requires",
        ),
        (lambda x: (x * 2).sum().backward(inputs=[np.ones(2)]), TypeError, "expected a Tensor, received ndarray"),
        (lambda x: ag.grad_of(x.detach(), x), ag.GradientError, r"grad_of\(outputs\)\[0\]: no tensor"),
        (lambda x: ag.grad_of(3.0, x), TypeError, "float"),
        (lambda x: ag.grad_of([x * 2], x, []), ValueError, "one cotangent per output, received 0 for 1"),
    ],
)
def test_refusals(act, error, message):
    with pytest.raises(error, match=message):
        act(variable(1.0, 2.0))


def planted(rule, joint=False):
    @ag.op
    def wrong(x, y):
        return x * y

    if joint:
        wrong.joint_vjp(rule)
    else:
        wrong.vjp(x=rule, y=rule)
    return wrong(variable(1.0, 2.0), variable(3.0, 4.0)).sum()


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (planted(lambda g: g[:1]), r"op 'wrong' for its input 'x' returned the wrong shape: expected \(2,\).*received \(1,\)"),
        (planted(lambda g: g[:, None] * g), r"received \(2, 2\)"),
        (planted(lambda g: None), r"returned None.*zeros_like"),
        (planted(lambda g: (g,), joint=True), r"joint gradient rule of op 'wrong': expected a sequence of 2 .* received 1"),
        (planted(lambda g: g, joint=True), "received ndarray"),
        (planted(lambda g: (g, g[:1]), joint=True), "'y' returned the wrong shape"),
    ],
)
def test_wrong_rules_are_named(loss, message):
    with pytest.raises(ag.GradientError, match=message):
        loss.backward()


def test_a_wrong_shape_in_an_elementwise_op_that_cannot_come_from_broadcasting():
    @ag.op(elementwise=True)
    def wrong(x):
        return x * 1

    wrong.vjp(x=lambda g: g[:1])
    with pytest.raises(ag.GradientError, match="wrong shape"):
        wrong(variable(1.0, 2.0)).sum().backward()


def test_an_op_that_gives_integers_has_to_say_so():
    @ag.op
    def rounded(x):
        return np.rint(x).astype(int)

    rounded.vjp(x=lambda g: g)
    with pytest.raises(ag.GradientError, match="op 'rounded' gave int64 values.*differentiable=False"):
        (rounded(variable(1.2)) * 1.5).sum().backward()
    with pytest.raises(ag.GradientError, match="op 'sum' gave int64 values"):
        rounded(variable(1.2)).sum().backward()


def test_joint_rules_and_needed():
    asked = []

    @ag.op
    def product(x, y):
        return x * y

    @product.joint_vjp
    def rule(g, x, y, needed):
        asked.append(needed)
        return g * y, g * x

    x, y = variable(1.0, 2.0), variable(3.0, 4.0)
    product(x, y).sum().backward()
    product(x, np.ones(2)).sum().backward()
    assert (x.grad.tolist(), y.grad.tolist()) == ([4.0, 5.0], [1.0, 2.0])
    assert asked == [(True, True), (True, False)]
