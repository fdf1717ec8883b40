"""First contact: a network of two layers learns XOR, and its graph is drawn. Run with ``python -m examples.xor``."""

import pathlib

import numpy as np

import autograd as ag

rng = np.random.default_rng(0)
x = ag.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], name="x")
target = ag.tensor([[0.0], [1.0], [1.0], [0.0]], name="target")
w1 = ag.tensor(rng.normal(size=(2, 8)), requires_grad=True, name="w1")
b1 = ag.tensor(np.zeros(8), requires_grad=True, name="b1")
w2 = ag.tensor(rng.normal(size=(8, 1)), requires_grad=True, name="w2")

for step in range(301):
    prediction = ag.sigmoid(np.tanh(x @ w1 + b1) @ w2)  # NumPy's functions record, too
    loss = ((prediction - target) ** 2).mean()
    loss.backward()  # fills in w1.grad, b1.grad, w2.grad
    with ag.no_grad():
        for w in (w1, b1, w2):
            w -= 2.0 * w.grad
            w.grad = None
    if step % 100 == 0:
        print(f"step {step:3}  loss {loss:.4f}")

print("prediction", prediction.numpy().round(2).ravel())
pathlib.Path("out").mkdir(exist_ok=True)
print("graph in", ag.draw(loss).save("out/xor.svg"))
