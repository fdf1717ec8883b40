"""Lesson 6: the training loop. Run with ``python -m examples.course.06_training_loop``."""

from typing import Any

import numpy as np
from matplotlib import pyplot

import autograd as ag
import nn
from examples.course.loops import (
    BATCH,
    RATE,
    SEED,
    Losses,
    by_hand,
    fresh,
    loader_of,
    network,
    validation_loss,
    with_loader,
    with_optimizer,
    with_trainer,
)
from examples.course.moons import Array, Data, boundary, measured, noisy, one_legend, scaled, split, two_scales
from examples.course.page import Page, run
from nn.pictures import TEXT, TITLE

EPOCHS = 60
SHOWN = (0, 1, 10, EPOCHS)  # after so many epochs the decision boundary is drawn


def on_paper(w: float, steps: int) -> list[float]:
    """The weight after each step downhill on (2w - 6)²."""
    found = []
    for _ in range(steps):
        gradient = 2 * (2 * w - 6) * 2
        w = w - 0.05 * gradient
        found.append(w)
    return found


def with_gradients(start: float, steps: int) -> list[float]:
    """The same; the gradient is the library's."""
    w = ag.tensor(start, requires_grad=True)
    found = []
    for _ in range(steps):
        loss = (2 * w - 6) ** 2
        loss.backward()
        with ag.no_grad():
            w -= 0.05 * w.grad
        w.grad = None
        found.append(w.item())
    return found


def gradient_of(model: nn.Module, x: Array, y: Array) -> Array:
    """The gradients of the loss on these examples, all in one vector."""
    model.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    return np.concatenate([np.ravel(w.grad) for w in model.parameters()])


def cosines(model: nn.Module, data: Data, order: Array) -> Array:
    """The cosines of the angles between the gradients of batches, and that of all examples."""
    whole = gradient_of(model, data.x_train, data.y_train)
    parts = np.split(order, len(order) // BATCH)
    gradients = [gradient_of(model, data.x_train[rows], data.y_train[rows]) for rows in parts]
    lengths = np.linalg.norm(gradients, axis=1) * np.linalg.norm(whole)
    return np.array(gradients) @ whole / lengths


def in_batches(data: Data, size: int) -> tuple[int, float]:
    """Train in batches of another size; how many updates that were, and the validation loss."""
    model = fresh()
    trainer = nn.Trainer(model, nn.CrossEntropyLoss(), nn.optim.SGD(model.parameters(), lr=RATE))
    examples = nn.data.TensorDataset(data.x_train, data.y_train)
    trainer.fit(nn.data.DataLoader(examples, size, shuffle=True, rng=SEED), epochs=EPOCHS, progress=False)
    return trainer.updates, validation_loss(model, data)


def trained(sizes: tuple[int, ...], data: Data, *callbacks: nn.callbacks.Callback) -> nn.Trainer:
    """A network of these sizes after 200 epochs, or fewer, if a callback says so."""
    ag.seed(1)
    model, loss = network(*sizes), nn.CrossEntropyLoss()
    optimizer = nn.optim.Adam(model.parameters(), lr=0.003)
    trainer = nn.Trainer(model, loss, optimizer, metrics=["accuracy"], callbacks=callbacks)
    settings = {"epochs": 200, "batch_size": 10, "validation_data": (data.x_val, data.y_val)}
    trainer.fit(data.x_train, data.y_train, **settings, progress=False)
    return trainer


# ---------------------------------------------------------------- the lesson


def lesson(page: Page) -> None:
    """The training loop."""
    page.say(
        """To train a network is to repeat four steps. Forward: the network computes outputs. Loss: one number says how wrong
        they are. Backward: for each weight the gradient says how the loss changes when the weight grows. Update: each weight is
        moved a little against its gradient. The program that repeats them is the training loop. Here it is written by hand
        first, and then with less and less text, until it is one call of `nn.Trainer`. The numbers stay the same."""
    )
    one_weight(page)
    data = three_parts(page)
    why_batches(page, data, the_loop(page, data))
    less_text(page, data)
    overfitting(page)
    page.heading("What to take away")
    page.say(
        """Split first; scale with the numbers of the training part; shuffle in each epoch; forget old gradients before new ones
        come; validate without gradients, in evaluation mode; test once, at the end. A low training loss may be learned by
        heart. What counts is the validation loss, and the epoch in which it is lowest."""
    )
    page.ask(
        "What happens if `w.grad = None` is left out of the loop? Say it first, then run it.",
        "Why may the test part not be used to decide when to stop?",
        """Would the large network learn wrong labels by heart, too, if it had 4000 examples in place of 40? Change `noisy` and
        see.""",
    )


def one_weight(page: Page) -> None:
    """The update, of a single weight."""
    page.heading("One update")
    page.say(
        """The smallest network has one weight w, and makes w·x of x. Of x = 2 it is to make 6. The loss is the squared error,
        its gradient follows from the chain rule, and the learning rate lr says how far a step goes."""
    )
    page.formula("loss = (2w - 6)²        gradient = 2·(2w - 6)·2        w <- w - lr · gradient")
    w, steps = 1.0, on_paper(1.0, 5)
    gradient = 2 * (2 * w - 6) * 2
    page.output(
        f"w = {w}, lr = 0.05",
        f"loss     = (2·1 - 6)²     = {(2 * w - 6) ** 2:.0f}",
        f"gradient = 2·(2·1 - 6)·2  = {gradient:.0f}",
        f"new w    = 1 - 0.05·(-16) = {steps[0]:.2f}",
        f"new loss = (2·1.8 - 6)²   = {(2 * steps[0] - 6) ** 2:.2f}",
        "",
        "after steps 1 to 5: w = " + ", ".join([f"{each:.4f}" for each in steps]),
    )
    page.say("w goes to 3, where the loss is 0. With the library, which finds the gradient by itself:")
    page.code(with_gradients)
    page.check("Five updates on paper and with `w.grad`", with_gradients(1.0, 5), steps)
    page.say(
        """In `ag.no_grad()` nothing is recorded: the update is no part of the function whose gradient is wanted.
        `w.grad = None` forgets the gradient. Without it the next `backward()` would add to it:"""
    )
    again = ag.tensor(1.0, requires_grad=True)
    for _ in range(2):
        ((2 * again - 6) ** 2).backward()
    page.check("`w.grad` after two calls of `backward()`, and two times the gradient", again.grad, 2 * gradient)


def three_parts(page: Page) -> Data:
    """The data, split and scaled."""
    page.heading("Data: split, then scale")
    raw = split(*measured())
    data = scaled(raw)
    page.say(
        """The task: to say of two measured numbers which of two kinds a thing is. There are 500 examples. How well a network
        does on examples that it has learned from says little about new ones, so they are split in three. Most are to train on.
        Some are to validate with: after each epoch one looks how the network does on them. The others are the test part, which
        is used once, at the end. The order is random, because data are often sorted."""
    )
    page.code(measured, Data, split)
    page.say(
        """One feature is in centimetres and one in metres, so the numbers of the first are about a hundred times larger, for no
        good reason. Scaling gives each feature mean 0 and standard deviation 1. Both are computed from the training part alone.
        The other two parts stand for examples that are not there yet; who takes the mean of all examples tells the network
        something of those that it is tested with."""
    )
    page.formula("scaled = (x - mean of the training part) / deviation of the training part")
    page.code(scaled)
    rows = [("training, measured", raw.x_train), ("training, scaled", data.x_train), ("validation, scaled", data.x_val)]
    page.output(
        "                         feature 1                feature 2",
        "                       mean   deviation         mean   deviation",
        *[
            f"{name:20}"
            + "".join([f"{round(m, 2) + 0:7.2f}   {s:9.2f}      " for m, s in zip(x.mean(0), x.std(0), strict=True)])
            for name, x in rows
        ],
    )
    page.say("The validation part is not exactly at 0 and 1, and is not meant to be. The library has the same:")
    scaler = nn.data.StandardScaler().fit(raw.x_train)
    page.code("scaler = nn.data.StandardScaler().fit(x_train)\nscaler.transform(x_val)")
    page.check("Scaling by hand and `nn.data.StandardScaler`", data.x_val, scaler.transform(raw.x_val))
    page.show(
        two_scales(raw, data),
        "scaling",
        "The training part before and after scaling. In each picture both axes have the same units. Before, the second feature "
        "is so small beside the first that all points lie on a line. After, one sees the two moons.",
    )
    lost = by_hand(fresh(), raw, EPOCHS, np.random.default_rng(0))
    page.say(
        f"""What if one does not scale? With the numbers as they were measured, the loop below has a loss of
        {lost["loss"][0]:.1f} in the first epoch, and after {EPOCHS} epochs a validation loss of {lost["val_loss"][-1]:.3f}. Who
        says "one half each" to every question has the loss log 2 = {np.log(2):.3f}."""
    )
    page.claim("Without scaling nothing was learned: the validation loss is not below log 2", lost["val_loss"][-1] >= np.log(2))
    return data


def the_loop(page: Page, data: Data) -> float:
    """The loop by hand, and the boundary while it runs. Returns the last validation loss."""
    page.heading("The loop, by hand")
    page.say(
        f"""The network has two inputs, two hidden layers of 16 neurons with ReLU, and one output for each kind. The loss is the
        cross-entropy. A batch is {BATCH} examples, for which one update is made. An epoch is once through all training
        examples: {len(data.x_train)}/{BATCH} = {len(data.x_train) // BATCH} updates. Read the loop from the inside: forward,
        loss, backward, update; around it go the batches, and around these the epochs, each with a validation at its end."""
    )
    page.code(f"RATE, BATCH = {RATE}, {BATCH}\nLosses = dict[str, list[float]]", by_hand, validation_loss)
    page.say(
        """`model.train()` and `model.eval()` switch layers that do something else in training, such as dropout (lesson 11).
        This network has none, but a loop should work with any."""
    )
    model, rng = fresh(), np.random.default_rng(0)
    figure, axes = pyplot.subplots(2, 2, figsize=(8.4, 7.2), layout="constrained", sharex=True, sharey=True)
    history: Losses = {"loss": [], "val_loss": []}
    for done, each in zip(SHOWN, axes.flat, strict=True):
        for name, values in by_hand(model, data, done - len(history["loss"]), rng).items():
            history[name] += values
        title = {0: "before training", 1: "after 1 epoch"}.get(done, f"after {done} epochs")
        boundary(model, data.x_val, data.y_val, title, each)
    losses = [history["loss"], history["val_loss"]]
    lines = [f"{n:5}   {losses[0][n - 1]:8.4f}   {losses[1][n - 1]:10.4f}" for n in (1, 2, 5, 10, 20, 40, EPOCHS)]
    page.output("epoch   training   validation", *lines)
    page.claim("At the end both losses are less than half of those of the first epoch", all(v[-1] < v[0] / 2 for v in losses))
    one_legend(figure, axes)
    for each in axes.flat:
        each.tick_params(labelbottom=True, labelleft=True)
    page.show(
        figure,
        "boundaries",
        "What the network says of each point of the plane, before, during and after training. The colour is its decision, the "
        "paler the less sure. The points are the validation part; those with a ring are decided wrongly. After one epoch the "
        "boundary is almost a straight line; later it bends around the moons.",
    )
    page.say(
        """Early in the table the validation loss is below the training loss. The training loss of an epoch is the mean over its
        batches, while the weights change; the validation loss is measured after the last of them."""
    )
    return losses[1][-1]


def why_batches(page: Page, data: Data, last: float) -> None:
    """What batches and shuffling are for."""
    count = len(data.x_train)
    page.heading("Why batches, and why shuffle")
    page.say(
        f"""The gradient of a batch is an estimate of the gradient over all training examples, from {BATCH} of them instead of
        {count}. On the average it is right: if the weights stay as they are, the mean of the gradients of the {count // BATCH}
        batches of an epoch is the gradient of all examples."""
    )
    page.code(gradient_of)
    model, order = fresh(), np.random.default_rng(0).permutation(count)
    parts = [gradient_of(model, data.x_train[rows], data.y_train[rows]) for rows in np.split(order, count // BATCH)]
    whole = gradient_of(model, data.x_train, data.y_train)
    page.check("The mean of the gradients of all batches, and the gradient of all examples", np.mean(parts, axis=0), whole)
    page.say(
        """How good is a single estimate? The cosine of the angle between two directions is 1 where they agree, and 0 where they
        have nothing to do with each other. Here it is taken between each batch's gradient and that of all examples, before
        training: of shuffled examples, and of the same examples sorted by kind."""
    )
    page.code(cosines)
    shuffled, by_kind = cosines(model, data, order), cosines(model, data, np.argsort(data.y_train, kind="stable"))
    lines = [f"{name:15} {c.mean():5.2f}   {c.min():5.2f}" for name, c in (("shuffled", shuffled), ("sorted by kind", by_kind))]
    page.output("                 mean   worst", *lines)
    page.claim("All gradients of shuffled batches point downhill: their cosines are above 0", bool(np.all(shuffled > 0)))
    page.claim("On the average their cosine is more than twice that of sorted ones", shuffled.mean() > 2 * by_kind.mean())
    page.say(
        f"""Shuffled, each batch is a fair sample of all examples; sorted, it knows one kind only. And shuffling gives other
        batches in each epoch. With steps that are about right, one epoch makes {count // BATCH} of them in place of one. Here
        is the loop of above once more, with batches of three sizes, after {EPOCHS} epochs:"""
    )
    results = {size: in_batches(data, size) for size in (BATCH, 100, count)}
    lines = [f"{size:5}   {updates:7}   {loss:15.4f}" for size, (updates, loss) in results.items()]
    page.output("batch   updates   validation loss", *lines)
    page.claim("The smaller batches have the lower loss here", results[BATCH][1] < results[100][1] < results[count][1])
    page.check(f"The loss with batches of {BATCH}, and the last one in the table above", results[BATCH][1], last)


def less_text(page: Page, data: Data) -> None:
    """The same loop with optimizer, loader and trainer."""
    page.heading("The same with less text")
    page.say(
        """An optimizer knows the parameters and the rule of the update: `zero_grad` forgets the gradients, `step` makes the
        update. Another rule is then another line (lesson 8). These are the lines that change:"""
    )
    page.code(
        "optimizer = nn.optim.SGD(model.parameters(), lr=RATE)\n...\noptimizer.zero_grad()\nloss.backward()\noptimizer.step()"
    )
    hand = by_hand(fresh(), data, EPOCHS, np.random.default_rng(SEED))
    optimized = with_optimizer(fresh(), data, EPOCHS, np.random.default_rng(SEED))
    _same(page, "`nn.optim.SGD`", optimized, hand)
    page.say(
        """A loader shuffles and cuts the batches. It has a generator of its own; its seed is that of our loop's, so that the
        order is the same."""
    )
    page.code(f"SEED = {SEED}", loader_of, with_loader)
    _same(page, "`nn.data.DataLoader`", with_loader(fresh(), data, EPOCHS), hand)
    page.say("What is left is the same in every program, so it is in the library. It counts right answers, too:")
    page.code(with_trainer)
    trainer = with_trainer(fresh(), data, EPOCHS)
    _same(page, "`nn.Trainer`", trainer.history, hand)
    page.show(
        nn.plots.history(trainer.history),
        "curves",
        "Loss and accuracy over the epochs. The two losses fall together, so what is learned holds for new examples, too. The "
        "ring is the epoch with the lowest validation loss.",
    )
    tested = trainer.evaluate(data.x_test, data.y_test)
    page.say("Now, at the very end, the test part, which nothing was decided by:")
    page.output(f"test loss {tested['loss']:.4f}, {tested['accuracy']:.0%} of {len(data.y_test)} test examples right")
    page.claim("More than 9 of 10 test examples are right", tested["accuracy"] > 0.9)


def overfitting(page: Page) -> None:
    """A network that learns its examples by heart."""
    page.heading("Overfitting")
    data = noisy()
    sizes = {"small": (2, 4, 2), "large": (2, 100, 100, 2)}
    small, large = [sum([w.size for w in network(*each).parameters()]) for each in sizes.values()]
    page.say(
        f"""Few examples, some with a wrong label, and a network that can learn anything. Here are {len(data.x_train)} examples
        to train on; in all three parts each label is wrong with a probability of 15 %, so nobody can do better than about 85 %
        on new examples. The small network has {small} parameters, the large one {large}, which is
        {large / len(data.x_train):.0f} for each example. (Adam is an optimizer of lesson 8.)"""
    )
    page.code(noisy)
    page.code(trained)
    few, many = trained(sizes["small"], data), trained(sizes["large"], data)
    best = many.history.best()
    lines = []
    for name, history, n in (("small", few.history, 200), ("large", many.history, best), ("large", many.history, 200)):
        found = [history[key][n - 1] for key in ("loss", "val_loss", "accuracy", "val_accuracy")]
        lines.append(f"{name:8} {n:4}   {found[0]:8.3f}   {found[1]:10.3f}   {found[2]:8.0%}   {found[3]:10.0%}")
    page.output(
        "                        loss                  accuracy",
        "network  epoch  training   validation   training   validation",
        *lines,
    )
    page.say("(The numbers of training are means over an epoch, taken while the weights change. A picture below counts anew.)")
    losses = many.history["val_loss"]
    page.claim(
        "In the end the large network has all training examples right",
        many.evaluate(data.x_train, data.y_train)["accuracy"] == 1,
    )
    page.claim(
        f"Its validation loss was lowest in epoch {best}; it is now three times as high", losses[-1] > 3 * losses[best - 1]
    )
    stopping = nn.callbacks.EarlyStopping(patience=20)
    stopped = trained(sizes["large"], data, stopping)

    figure, axes = pyplot.subplots(2, 2, figsize=(8.4, 7.4), layout="constrained")
    nn.plots.history(many.history, ["loss"], axes=[axes[0, 0]])
    axes[0, 0].set_title("large network", loc="left", fontsize=TITLE, fontweight="bold")
    axes[0, 0].set_ylabel("loss", fontsize=TEXT)
    boundary(few.model, data.x_train, data.y_train, "small, after 200 epochs", axes[0, 1])
    boundary(stopped.model, data.x_train, data.y_train, f"large, after {best} epochs", axes[1, 0])
    boundary(many.model, data.x_train, data.y_train, "large, after 200 epochs", axes[1, 1])
    one_legend(figure, axes.flat[1:])
    page.show(
        figure,
        "overfitting",
        f"The validation loss of the large network falls up to epoch {best} and then rises, while the training loss goes on to "
        "fall: that is what overfitting looks like. The points are the 40 training examples. In the end the boundary winds "
        "around single ones, wrong labels among them, and the network is sure of itself almost everywhere.",
    )
    page.say(
        """What helps: more examples; a smaller network; dropout and weight decay (lessons 11 and 8); and to stop in time. The
        callback `EarlyStopping` watches the validation loss, waits so many epochs for a better one, and then puts the weights
        of the best epoch back. With the same seed it meets the same losses:"""
    )
    page.code(
        "stopping = nn.callbacks.EarlyStopping(patience=20)\ntrainer = nn.Trainer(model, loss, optimizer, callbacks=[stopping])"
    )
    page.check("The best epoch of the long run, and the one whose weights are put back", stopping.best_epoch, best)
    ends = [each.evaluate(data.x_test, data.y_test)["accuracy"] for each in (few, stopped, many)]
    page.output(
        f"stopped after epoch {stopping.stopped_epoch}",
        f"test accuracy: small network {ends[0]:.0%}, large one stopped in time {ends[1]:.0%}, after 200 epochs {ends[2]:.0%}",
    )
    page.claim("Stopped in time, the large network is right more often on the test part", ends[1] > ends[2])


# ---------------------------------------------------------------- checks


def _same(page: Page, name: str, found: Any, expected: Any) -> None:
    """Check both losses of all epochs."""
    both = [[losses["loss"], losses["val_loss"]] for losses in (found, expected)]
    page.check(f"Training and validation losses of all {EPOCHS} epochs by hand and with {name}", *both)


if __name__ == "__main__":
    run(lesson, __file__)
