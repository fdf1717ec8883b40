"""Lesson 8: optimizers. Run with ``python -m examples.course.08_optimizers``."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot

import autograd as ag
import nn
from examples.course.complete import BATCH, EPOCHS, Data, data, network
from examples.course.page import Page, run
from examples.course.rules import (
    CALLS,
    COLOR,
    EXPLAINED,
    OPTIMIZERS,
    RULES,
    Array,
    Rule,
    losses_picture,
    recoloured,
    sgd,
    valley_picture,
)
from nn.pictures import SMALL, finished

START, STEPS = (-4.0, 1.0), 60
IN_VALLEY = {"SGD": 0.018, "momentum": 0.01, "RMSprop": 0.05, "Adam": 0.2, "AdamW": 0.2, "Lion": 0.1}
TRIED = {
    "SGD": (0.1, 0.3, 1.0, 2.0),
    "momentum": (0.01, 0.03, 0.1, 0.3),
    "RMSprop": (0.001, 0.003, 0.01, 0.03),
    "Adam": (0.001, 0.003, 0.01, 0.03),
    "Lion": (0.0003, 0.001, 0.003, 0.01),
}
ON_SURFACE = {"SGD": 0.5, "momentum": 0.05, "Adam": 0.02}
LEARNED = 640  # of the 800 training samples; the others are to validate with
SETTINGS: dict[str, Any] = {"batch_size": BATCH, "validation_split": 0.2, "progress": False}


def valley(x: Any, y: Any) -> Any:
    """A long narrow valley. Its gradient is (x, 100y): across, it is a hundred times as steep."""
    return (x**2 + 100 * y**2) / 2


def on_paper(rule: Rule, lr: float, steps: int = STEPS) -> Array:
    """The path of a rule through the valley; the gradient is written by hand."""
    w, state = np.array(START), dict[str, Any]()
    path = [w]
    for t in range(1, steps + 1):
        w = rule(w, w * [1, 100], state, t, lr)
        path.append(w)
    return np.array(path)


def walked(name: str, lr: float) -> Array:
    """The path of the library's optimizer, with the library's gradient."""
    w = nn.Parameter(START)
    optimizer = OPTIMIZERS[name]([w], lr=lr)
    path = [w.tolist()]
    for _ in range(STEPS):
        optimizer.zero_grad()
        valley(w[0], w[1]).backward()
        optimizer.step()
        path.append(w.tolist())
    return np.array(path)


def trained(
    name: str,
    lr: float,
    table: Data,
    epochs: int,
    make: Callable[[], nn.Module] = network,
    callbacks: Sequence[nn.callbacks.Callback] = (),
) -> nn.Trainer:
    """A network after training. First weights, order of batches and dropout are always the same."""
    ag.seed(0)
    model, loss = make(), nn.CrossEntropyLoss()
    optimizer = OPTIMIZERS[name](model.parameters(), lr=lr)
    trainer = nn.Trainer(model, loss, optimizer, metrics=["accuracy"], callbacks=callbacks)
    trainer.fit(table.x_train, table.y_train, epochs=epochs, **SETTINGS)
    return trainer


def small() -> nn.Sequential:
    """A smaller network for the same data, of two linear layers with tanh between them."""
    return nn.Sequential(nn.Linear(20, 8), nn.Tanh(), nn.Linear(8, 3))


def annealed(lr: float, table: Data, epochs: int) -> nn.Trainer:
    """As ``trained`` with momentum, but the rate goes up to ``lr`` and down to almost 0."""
    ag.seed(0)
    model, loss = network(), nn.CrossEntropyLoss()
    optimizer = nn.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    schedule = nn.optim.OneCycleLR(optimizer, lr, epochs=epochs, steps_per_epoch=LEARNED // BATCH)
    trainer = nn.Trainer(model, loss, optimizer, schedule=schedule, schedule_every="update")
    trainer.fit(table.x_train, table.y_train, epochs=epochs, **SETTINGS)
    return trainer


# ---------------------------------------------------------------- the lesson


def lesson(page: Page) -> None:
    """Optimizers."""
    page.say(
        """The gradient says in which direction the loss grows. An optimizer decides what to do with it: how far to go, whether
        to remember the steps before, whether each weight has a step size of its own. Six of them are written in NumPy here,
        beside the library's; then they walk through a valley, and then they train the network of lesson 7."""
    )
    rules(page)
    decay(page)
    paths(page)
    table = data()
    rates = learning_rates(page, table)
    comparison(page, table, rates)
    surface(page, table)
    schedules(page, table, rates["momentum"])
    page.heading("What to take away")
    page.say(
        """Each optimizer has its own scale of learning rates, so look for a good one first. With it, the six
        were no further apart here than chance may put them. Adam, AdamW, or SGD with momentum are good ones to begin with. Let
        the rate fall towards the end."""
    )
    page.ask(
        "Why can the learning rate of SGD in the valley not be larger than 0.02? (What does one step make of y?)",
        "Multiply the loss by 1000. Which of the six notice it?",
        """Adam keeps two arrays for each parameter, SGD none. What does that mean for a network that just fits into memory?""",
    )


def rules(page: Page) -> None:
    """Each rule in NumPy, beside the library's."""
    page.heading("Six rules")
    page.say(
        f"""w are the weights, g is the gradient, lr the learning rate, t the number of the step. What a rule has to remember is
        in `state`. Each is checked on the same small problem: two weights, {STEPS} steps, a gradient known by hand."""
    )
    page.code(f"START, STEPS = {START}, {STEPS}", valley, on_paper)
    for name, rule in RULES.items():
        page.say(f"{name}. {EXPLAINED[name]}")
        page.code(rule)
        own = on_paper(rule, IN_VALLEY[name])
        page.check(f"{STEPS} steps of these lines and of `{CALLS[name]}`", walked(name, IN_VALLEY[name]), own, 1e-12)
    page.say(
        """The very first step shows how different they are. At (-4, 1) the gradient is (-4, 100): small along the valley, large
        across it. All rules go the other way. How far does each move the two weights, in units of its learning rate?"""
    )
    first = {name: (on_paper(rule, 0.001, 1)[1] - START) / 0.001 for name, rule in RULES.items()}
    page.output("            along   across", *[f"{name:9} {each[0]:7.2f}  {each[1]:7.2f}" for name, each in first.items()])
    page.check("SGD's move, and the gradient with the other sign", first["SGD"], [4, -100])
    page.check("The moves of Adam and Lion, and the learning rate", [first["Adam"], first["Lion"]], [[1, -1], [1, -1]])
    page.check("RMSprop's move, since its mean begins at 0, and ten times the rate", first["RMSprop"], [10, -10])
    page.check("The sum of momentum after 100 gradients of 1, and 10", sum([0.9**k for k in range(100)]), 10, 1e-4)


def decay(page: Page) -> None:
    """What the W in AdamW is for."""
    page.heading("Weight decay: the W in AdamW")
    page.say(
        """The older way to keep weights small is to add a penalty to the loss, half of λ·w² for each weight, whose gradient is
        λ·w. With SGD this is the same as to let weights shrink. With Adam it is not: Adam divides by the size of the gradient,
        and what is left of the penalty is a step of the same length for a large weight and for a small one. AdamW leaves the
        gradient alone and shrinks the weights themselves. Two weights whose loss is flat (gradient 0), one step with lr = 0.05
        and λ = 0.1:"""
    )
    moved = {}
    for optimizer in (nn.optim.SGD, nn.optim.Adam, nn.optim.AdamW):
        w = nn.Parameter([10.0, 0.1])
        w.grad = ag.tensor([0.0, 0.0])
        optimizer([w], lr=0.05, weight_decay=0.1).step()
        moved[optimizer.__name__] = w.numpy()
    page.output("begin     10.0000   0.1000", *[f"{name:8} {w[0]:8.4f}  {w[1]:7.4f}" for name, w in moved.items()])
    shrunk = [10 * (1 - 0.05 * 0.1), 0.1 * (1 - 0.05 * 0.1)]
    page.check("AdamW and SGD, and both weights times 1 - 0.05·0.1", [moved["AdamW"], moved["SGD"]], [shrunk, shrunk])
    page.check("Adam, and both weights less the learning rate", moved["Adam"], [10 - 0.05, 0.1 - 0.05])


def paths(page: Page) -> None:
    """The paths through the valley."""
    page.heading("Paths through a valley")
    found = {name: on_paper(RULES[name], IN_VALLEY[name]) for name in OPTIMIZERS if name != "AdamW"}
    page.say(
        f"""Now whole paths: {STEPS} steps from (-4, 1) to the minimum at (0, 0), each with a learning rate that suits it.
        (AdamW is left out: with a decay of 0.01 it walks beside Adam.) One step of SGD multiplies x by 1 - lr and y by 1 -
        100·lr. So lr must be below 0.02, or y grows; and with 0.018, x comes only 1.8 % nearer in each step."""
    )
    lines = [f"{name:9} lr {IN_VALLEY[name]:5}   x {path[-1, 0]:6.3f}   y {path[-1, 1]:6.3f}" for name, path in found.items()]
    page.output(f"after {STEPS} steps:", *lines)
    last = [-4 * (1 - 0.018) ** STEPS, (1 - 100 * 0.018) ** STEPS]
    page.check(f"SGD's last point, and START times the factors to the power of {STEPS}", found["SGD"][-1], last)
    page.claim(
        "With lr = 0.021 SGD leaves the valley: |y| grows from 1 to more than 100", abs(on_paper(sgd, 0.021)[-1, 1]) > 100
    )
    nearer = [abs(found[name][-1, 0]) < 0.5 * abs(found["SGD"][-1, 0]) for name in ("momentum", "RMSprop", "Adam")]
    page.claim("Momentum, RMSprop and Adam end less than half as far from x = 0 as SGD", all(nearer))
    page.show(
        valley_picture(valley, found),
        "valley",
        "SGD jumps from wall to wall and hardly moves along. Momentum swings, too, but gains speed along the valley, and "
        "shoots past the minimum. RMSprop and Adam go about as fast in both directions. Lion's steps are all of one length, "
        "near the minimum, too: its momentum carries it past. On the right the ends of those three that come near.",
    )


def learning_rates(page: Page, table: Data) -> dict[str, float]:
    """Choose a learning rate for each."""
    page.heading("A learning rate for each")
    page.say(
        f"""Now the data and the network of lesson 7. A comparison is fair only if each optimizer has a learning rate that suits
        it. So each is tried with four rates, from the same first weights, for five epochs; the rate with the lowest validation
        loss is taken. Of the {len(table.x_train)} training samples {LEARNED} are learned from and the others are to validate
        with. The test part is not looked at. AdamW takes Adam's rate."""
    )
    optimizers = 'OPTIMIZERS = {"SGD": nn.optim.SGD, "Adam": nn.optim.Adam, ...}  # all six'
    page.code(f"LEARNED, SETTINGS = {LEARNED}, {SETTINGS}\n{optimizers}", trained)
    losses = {name: [trained(name, rate, table, 5).history["val_loss"][-1] for rate in rates] for name, rates in TRIED.items()}
    rates = {name: TRIED[name][int(np.argmin(each))] for name, each in losses.items()}
    rates["AdamW"] = rates["Adam"]
    page.output(
        "validation loss after 5 epochs",
        *[
            f"{name:9}" + "".join([f"   {rate:6g}: {loss:.3f}" for rate, loss in zip(TRIED[name], each, strict=True)])
            for name, each in losses.items()
        ],
        "chosen: " + ", ".join([f"{name} {rates[name]:g}" for name in OPTIMIZERS]),
    )
    inside = all([each[0] > min(each) < each[-1] for each in losses.values()])
    page.claim("Each optimizer's best rate is between others that are worse", inside)
    figure, ax = pyplot.subplots(figsize=(6.4, 3.6), layout="constrained")
    for name, each in losses.items():
        ax.plot(TRIED[name], each, ".-", color=COLOR[name], linewidth=1.8, label=name)
        ax.plot(rates[name], min(each), "o", color=COLOR[name], markersize=8)
    ax.set_xscale("log")
    ax.legend(frameon=False, fontsize=SMALL, loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0)
    finished(ax, x="learning rate", y="validation loss after 5 epochs")
    page.show(
        figure,
        "rates",
        "The validation loss after five epochs by the learning rate; the large dot is the rate that is taken. A rate that is "
        "best for one optimizer is far too small for another.",
    )
    page.claim(
        "The largest of the chosen rates is more than 100 times the smallest", max(rates.values()) > 100 * min(rates.values())
    )
    return rates


def comparison(page: Page, table: Data, rates: dict[str, float]) -> None:
    """The network of lesson 7 with each of them."""
    page.heading("The network of lesson 7 with each of them")
    page.say(f"{EPOCHS} epochs in batches of {BATCH}. Accuracies are measured at the end, in evaluation mode.")
    learned = (table.x_train[:LEARNED], table.y_train[:LEARNED])
    histories, lines, tests = {}, [], []
    for name in OPTIMIZERS:
        begin = time.perf_counter()
        trainer = trained(name, rates[name], table, EPOCHS)
        seconds = time.perf_counter() - begin
        histories[name] = trainer.history
        scores = [trainer.history["val_accuracy"][-1], trainer.evaluate(table.x_test, table.y_test)["accuracy"]]
        tests.append(scores[1])
        train = trainer.evaluate(*learned)["accuracy"]
        lines.append(f"{name:9} {rates[name]:6g}   {train:8.1%}   {scores[0]:10.1%}   {scores[1]:6.1%}   {seconds:5.1f} s")
    page.output("              lr   training   validation     test      time", *lines)
    page.claim("Each is right on more than 80 % of the test samples", min(tests) > 0.8)
    count, mean = len(table.y_test), float(np.mean(tests))
    error = (mean * (1 - mean) / count) ** 0.5
    page.say(
        f"""Which is the best? The test part has {count} samples, so one sample is {1 / count:.1%} of it. If a network is right
        with the probability p on each sample, its test accuracy has the standard deviation √(p(1 - p)/{count}), here
        {error:.1%}. Now let six networks be equally good, and differ by chance alone, with this deviation. How far apart are
        the best and the worst of them? Six random numbers, drawn 100,000 times, tell:"""
    )
    apart = np.ptp(np.random.default_rng(0).normal(scale=error, size=(100_000, 6)), axis=1)
    usual, often = apart.mean(), np.quantile(apart, 0.95)
    page.output(
        f"six equal networks: {usual:.1%} apart on average, at most {often:.1%} in 95 of 100 cases",
        f"our table:          {max(tests) - min(tests):.1%} apart",
    )
    page.claim("So the table does not say that one optimizer is better than the others", max(tests) - min(tests) < often)
    page.show(
        losses_picture(histories),
        "comparison",
        "The loss in training (with dropout) and in validation (without); the pale lines are the losses, the others their "
        "running means. Most of the way is done in the first ten epochs. After these the lines lie close together, "
        "in training closer than in validation.",
    )
    late = {name: float(np.mean(history["val_loss"][-10:])) for name, history in histories.items()}
    page.output("mean validation loss of the last ten epochs:", *[f"{name:9} {each:.3f}" for name, each in late.items()])
    page.say(
        f"""The lowest is that of {min(late, key=late.__getitem__)}. Is it the best, then? A low loss may say that a
        network is surer of its right answers, or less sure of wrong ones, and not that more are right: that is in the table.
        And it is one run of each, looked at with {len(table.x_train) - LEARNED} samples. To rank optimizers one repeats all
        of this from many seeds, and looks how much the results of one and the same optimizer differ."""
    )


def surface(page: Page, table: Data) -> None:
    """The paths of a smaller network on its loss surface."""
    page.heading("Paths on a loss surface")
    count = sum([w.size for w in small().parameters()])
    page.say(
        f"""What the valley was for two weights, the loss is for all weights of a network: here {count}. So many directions
        cannot be drawn, but two of them can. The callback `nn.callbacks.WeightPath` records all weights as the training goes
        on. `nn.plots.loss_surface` takes the two directions along which the paths reach furthest, computes the loss on the
        plane that they span, and draws the paths as they look in it."""
    )
    page.code(small)
    page.code(
        'walker = nn.callbacks.WeightPath(every=5)\n...\nnn.plots.loss_surface(model, loss, x, y, paths={"Adam": walker.path})'
    )
    found = {}
    for name, rate in ON_SURFACE.items():
        walker = nn.callbacks.WeightPath(every=5)
        model = trained(name, rate, table, 20, small, (walker,)).model
        found[name] = walker.path
    page.check("The first points of the paths", [each[0] for each in found.values()], [found["SGD"][0]] * len(found))
    x, y = table.x_train[:LEARNED], table.y_train[:LEARNED]
    axes = nn.plots.loss_surface(model, nn.functional.cross_entropy, x, y, paths=found)
    recoloured(axes, found)
    page.show(
        axes.figure,
        "surface",
        "The loss on the training samples along the paths of three optimizers from the same first weights. SGD and momentum "
        "come to one basin and Adam to another, which is about as deep. The percentage above the picture says how much of the "
        "paths it holds; the losses below it are those of the networks at the ends.",
    )
    ends = {name: path[-1] for name, path in found.items()}
    near, far = np.linalg.norm(ends["SGD"] - ends["momentum"]), np.linalg.norm(ends["SGD"] - ends["Adam"])
    page.output(f"between the ends of SGD and momentum: {near:.1f}", f"between the ends of SGD and Adam:     {far:.1f}")
    page.claim("Adam's end is more than twice as far from that of SGD as that of momentum", far > 2 * near)
    page.say(
        """That momentum with a tenth of the learning rate takes nearly the way of SGD is no accident: where gradients agree,
        its steps are ten times as long."""
    )


def schedules(page: Page, table: Data, best: float) -> None:
    """The learning-rate finder, and a rate that changes."""
    page.heading("Find a learning rate, and let it fall")
    page.say(
        """Trying four rates costs four trainings. `nn.find_learning_rate` makes one short one: it begins with a tiny rate,
        makes it a little larger with each batch, and writes down the loss, until that explodes. Then the weights are put back.
        A good rate is where the loss falls fastest, and well below where it rises again."""
    )
    ag.seed(0)
    model = network()
    trainer = nn.Trainer(model, nn.CrossEntropyLoss(), nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9))
    before = nn.parameters_to_vector(model.parameters()).numpy()
    found = nn.find_learning_rate(trainer, table.x_train[:LEARNED], table.y_train[:LEARNED], least=1e-5, batch_size=BATCH)
    page.code("found = nn.find_learning_rate(trainer, x, y, least=1e-5, batch_size=32)\nfound.suggestion")
    page.output(found)
    page.check("The weights before and after", nn.parameters_to_vector(model.parameters()).numpy(), before)
    page.claim(
        f"The suggestion is within a factor of 5 of {best:g}, the best of the four that were tried with momentum",
        1 / 5 < found.suggestion / best < 5,
    )
    page.show(
        found.plot().figure,
        "finder",
        "The loss of each batch while the learning rate grows, for SGD with momentum. On the left the steps are too small to "
        "matter; then the loss falls; on the right it rises, since they are too large.",
    )
    top, epochs = 0.2, 30
    page.say(
        f"""A schedule changes the rate as training goes on: large steps to get far, small ones to arrive. `OneCycleLR` goes up
        to a highest rate, so high that it would do harm if it stayed, and down to almost nothing; the momentum goes the other
        way. Compare {epochs} epochs with the rate {top:g} all the time, and with one cycle up to it:"""
    )
    page.code(annealed)
    runs = {"constant": trained("momentum", top, table, epochs), "one cycle": annealed(top, table, epochs)}
    losses = {name: (each.history["loss"][-5:], each.history["val_loss"][-5:]) for name, each in runs.items()}
    ends = {name: np.mean(each, axis=1) for name, each in losses.items()}
    page.output(
        "means over the last five epochs:",
        "            training loss   validation loss",
        *[f"{name:10} {each[0]:14.3f}   {each[1]:15.3f}" for name, each in ends.items()],
    )
    page.claim("With the schedule both losses are lower", bool(np.all(ends["one cycle"] < ends["constant"])))
    figure, axes = pyplot.subplots(1, 2, figsize=(9.0, 3.4), layout="constrained")
    optimizer = nn.optim.SGD(model.parameters(), momentum=0.9)
    cycle = nn.optim.OneCycleLR(optimizer, top, epochs=epochs, steps_per_epoch=LEARNED // BATCH)
    cycle.plot(cycle.total_steps, axes[0])
    nn.plots.compare({name: each.history for name, each in runs.items()}, "val_loss", ax=axes[1])
    page.show(
        figure,
        "schedule",
        "Left: the learning rate in each step of one cycle, and the momentum. Right: the validation loss with it and with a "
        "constant rate. While the rate is high, both jump; as it falls, the loss with the schedule comes to rest.",
    )


if __name__ == "__main__":
    run(lesson, __file__)
