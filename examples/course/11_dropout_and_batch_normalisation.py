"""Lesson 11: dropout and batch normalisation. Run with ``python -m examples.course.11_dropout_and_batch_normalisation``."""

import tempfile
import textwrap
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

import autograd as ag
import nn
from examples.course.page import Page, run
from examples.course.training_aids import (
    DEPTH,
    WIDTH,
    Array,
    Part,
    before_relu,
    deep,
    digits,
    dropped,
    normalised,
    overfitting_picture,
    spread,
    spreads_picture,
    weights_picture,
    wide,
)
from nn.pictures import finished

EXAMPLES = 300  # that the wide network learns from
WRONG = 0.2  # the share of random labels among them
EPOCHS = 50
RATES = (0.01, 0.1, 0.5)  # learning rates of the deep networks
DEEP_EPOCHS = 10
PATIENCE = 10
Callbacks = Sequence[nn.callbacks.Callback]


def lesson(page: Page) -> None:
    """Dropout, batch normalisation, and stopping in time."""
    dropout(page)
    histories = overfitting(page)
    batch_norm(page)
    depth(page)
    small_batches(page)
    saving(page, stopping(page, histories))
    page.heading("What to take away")
    page.say(
        """Dropout leaves out random neurons in training, and none in evaluation: it makes learning by heart harder. Batch
        normalisation gives each neuron's numbers mean 0 and variance 1: deep networks and large learning rates become
        possible. Both behave differently in training and in evaluation, so never forget `model.eval()`. Early stopping is
        free: keep the weights of the epoch that was best on data that were not learned from."""
    )
    page.ask(
        "With dropout, the loss printed in training is often larger than that of validation. Why?",
        "What does batch normalisation do with the bias of the layer before it?",
        """The validation data have chosen the epoch at which to stop. Why is their accuracy then no honest estimate for new
        data any more?""",
    )


# ---------------------------------------------------------------- dropout


def dropout(page: Page) -> None:
    page.say(
        """A large network can learn its examples by heart, mistakes included. Dropout makes that harder: in training, at each
        step, each neuron is left out with the probability p, so that no neuron can rely on a certain other one. To leave out
        is to multiply by 0. The others are divided by 1 - p, so that sums keep their size on average."""
    )
    page.formula("y = mask · x / (1 - p),     mask = 0 with probability p, else 1")
    page.code(dropped)
    x = np.arange(1.0, 9.0)
    by_hand = dropped(x, 0.5, np.random.default_rng(0))
    page.output(f"x     {x}", f"once  {by_hand}", f"again {dropped(x, 0.5, np.random.default_rng(1))}")
    layer = nn.Dropout(0.5, rng=np.random.default_rng(0))
    page.say("The layer draws anew at each call. With the same generator it draws the same mask:")
    page.check("By hand and by `nn.Dropout`", layer(x), by_hand)
    many = dropped(np.tile(x, (20_000, 1)), 0.5, np.random.default_rng(2))
    page.check("The mean over 20,000 masks, and x itself", many.mean(axis=0), x, 0.05)
    page.say("To answer, all neurons are needed. In evaluation mode the layer does nothing at all:")
    page.code("model.train()  # dropout is on\nmodel.eval()  # dropout is off")
    page.check("`nn.Dropout` in evaluation mode, and x itself", layer.eval()(x), x)
    page.say(
        """Who forgets `model.eval()` gets another answer at each call. `nn.Trainer` switches by itself: on to learn, off to
        validate and to predict."""
    )
    ag.seed(0)
    model = wide(0.5)
    image = np.ones((1, 64))
    page.claim("In training mode two answers to one image differ", not np.allclose(model(image), model(image)))
    model.eval()
    page.check("Two answers to it in evaluation mode", model(image), model(image))


def overfitting(page: Page) -> dict[float, nn.History]:
    page.heading("Dropout at work")
    train, validation = digits(EXAMPLES, WRONG)
    count = sum(each.size for each in wide(0.0).parameters())
    page.say(
        f"""{EXAMPLES} handwritten digits (as in lesson 9) to learn from, and each label was replaced by a random one with the
        probability {WRONG}, as careless people would label. The network has {count:,} parameters, plenty to learn all of that
        by heart. The {len(validation[0])} digits to validate with have the right labels."""
    )
    page.code(f"EPOCHS = {EPOCHS}", wide, trained)
    runs = {p: trained(p, train, validation) for p in (0.0, 0.5, 0.75)}
    found = {p: trainer.evaluate(*train)["accuracy"] for p, trainer in runs.items()}
    accuracy = {p: trainer.history["val_accuracy"][-1] for p, trainer in runs.items()}
    page.output(
        "   p   right on what was learned   right in validation",
        *[f"{p:4}   {100 * found[p]:23.1f} %   {100 * accuracy[p]:17.1f} %" for p in runs],
    )
    page.claim(
        f"With p = 0.5 the network knows fewer of the labels, wrong ones included, that it was shown, and is right on more new "
        f"digits: {100 * accuracy[0.5]:.0f} % instead of {100 * accuracy[0]:.0f} %",
        found[0] > found[0.5] and accuracy[0.5] > accuracy[0] + 0.03,
    )
    histories = {p: trainer.history for p, trainer in runs.items()}
    page.show(
        overfitting_picture({"without dropout": histories[0.0], "p = 0.5": histories[0.5]}),
        "overfitting",
        "Without dropout (above) the validation loss falls, and then rises, while the training loss goes on falling: this is "
        "overfitting. With dropout (below) the validation loss does not rise. The ring marks the best epoch. Training "
        "loss and accuracy are measured while dropout is on, so they look worse than they are.",
    )
    return histories


def trained(p: float, train: Part, validation: Part, callbacks: Callbacks = ()) -> nn.Trainer:
    ag.seed(0)
    model = wide(p)
    optimizer = nn.optim.Adam(model.parameters(), lr=0.001)
    loss = nn.CrossEntropyLoss()
    trainer = nn.Trainer(model, loss, optimizer, metrics=["accuracy"], callbacks=callbacks)
    trainer.fit(*train, epochs=EPOCHS, batch_size=32, validation_data=validation, progress=False)
    return trainer


# ---------------------------------------------------------------- batch normalisation


def batch_norm(page: Page) -> None:
    page.heading("Batch normalisation")
    page.say(
        """While a network learns, what its layers give to each other changes all the time in size. Batch normalisation puts
        that right between layers: for each neuron it takes the numbers of all examples in the batch, subtracts their mean, and
        divides by their standard deviation. Then it multiplies by a weight and adds a bias, which are learned, so that the
        network can choose another size where that is better."""
    )
    page.formula("y = weight · (x - mean) / sqrt(variance + eps) + bias     (mean and variance of the batch)")
    page.code(normalised)
    x = np.array([[1.0, 10.0], [2.0, 30.0], [3.0, 20.0], [6.0, 40.0]])
    layer = nn.BatchNorm1d(2, dtype=np.float64)
    by_hand = normalised(x, np.ones(2), np.zeros(2))
    page.output("x, four examples of two numbers:", x, "", "normalised:", by_hand.round(3))
    page.check("By hand and by `nn.BatchNorm1d` in training mode", layer(x).numpy(), by_hand)
    page.check("Means and variances after it, and 0 and 1", [by_hand.mean(axis=0), by_hand.var(axis=0)], [[0, 0], [1, 1]], 1e-4)
    page.say(
        """In evaluation there may be one example only, and its answer must not depend on what else is in the batch. So in
        training the layer keeps running statistics: at each batch they go a tenth of the way (the momentum) to those of the
        batch. In evaluation they are used in place of the batch's. They begin at mean 0 and variance 1; and the variance that
        is kept divides by n - 1."""
    )
    page.formula("running = 0.9 · running + 0.1 · that of the batch")
    mean, variance = 0.1 * x.mean(axis=0), 0.9 + 0.1 * x.var(axis=0, ddof=1)
    page.output(f"running mean      {mean}", f"running variance  {variance.round(4)}")
    page.check("The running mean, by hand and in the layer", layer.running_mean.numpy(), mean)
    page.check("The running variance, by hand and in the layer", layer.running_var.numpy(), variance)
    one = np.array([[4.0, 25.0]])
    page.check(
        "One example in evaluation mode, by hand and by the layer",
        layer.eval()(one).numpy(),
        (one - mean) / np.sqrt(variance + 1e-5),
    )
    page.say("In training mode a batch of one cannot be normalised, since it has no variance. The library says so:")
    try:
        layer.train()(one)
    except ValueError as error:
        page.output(textwrap.fill(str(error), 100))


def depth(page: Page) -> None:
    page.heading("Batch normalisation at work")
    train, validation = digits(1280)
    page.say(
        f"""A network of {DEPTH} hidden layers is hard to train, and the reason is seen before any training. Here is by how
        much the numbers that come to each ReLU differ from example to example (their standard deviation, as a mean over the
        neurons of a layer): for the network as the library makes it, with first weights by Kaiming's rule, which is made for
        ReLU, and with batch normalisation."""
    )
    page.code(f"DEPTH, WIDTH = {DEPTH}, {WIDTH}", deep)
    ag.seed(0)
    networks: dict[str, dict[str, bool]] = {"as made": {}, "Kaiming": {"kaiming": True}, "batch norm": {"batch_norm": True}}
    signals = {name: before_relu(deep(**settings), train[0]) for name, settings in networks.items()}
    page.output(
        f"{'layer':10} " + " ".join([f"{i + 1:8}" for i in range(DEPTH)]),
        *[f"{name:10} " + " ".join([f"{spread(each):8.2g}" for each in found]) for name, found in signals.items()],
    )
    page.claim(
        "As made, the spread becomes smaller from layer to layer; with batch normalisation it is 1 in all of them",
        all(after < 0.7 * before for before, after in pairwise(map(spread, signals["as made"])))
        and all(abs(spread(each) - 1) < 0.02 for each in signals["batch norm"]),
    )
    page.show(
        spreads_picture(signals),
        "spreads",
        "As made, all examples give nearly the same numbers in the last layer, which can hardly tell them apart. The vertical "
        "axis is logarithmic.",
    )
    page.say(f"Each is trained for {DEEP_EPOCHS} epochs by plain gradient descent, with three learning rates:")
    page.code(f"DEEP_EPOCHS = {DEEP_EPOCHS}", descended)
    recorders = {name: nn.callbacks.HistogramRecorder() for name in networks}
    runs: dict[tuple[str, float], nn.History] = {}
    for name, settings in networks.items():
        for rate in RATES:
            ag.seed(0)
            callbacks = [recorders[name]] if rate == 0.1 else []
            loader = nn.data.DataLoader(nn.data.TensorDataset(*train), batch_size=64, shuffle=True)
            runs[name, rate] = descended(deep(**settings), loader, validation, rate, callbacks).history
    page.output(
        f"{'':20}right in validation, with a learning rate of",
        f"{'':20}" + " ".join([f"{rate:10}" for rate in RATES]),
        *[f"{name:20}" + " ".join([f"{100 * last(runs[name, rate]):8.1f} %" for rate in RATES]) for name in networks],
    )
    best = {name: max(last(runs[name, rate]) for rate in RATES) for name in networks}
    page.claim(
        "With the largest learning rate the network with batch normalisation learns well, and the others are far behind",
        last(runs["batch norm", 0.5]) > 0.9 and max(last(runs[name, 0.5]) for name in ("as made", "Kaiming")) < 0.65,
    )
    page.claim(
        f"Good first weights help, too: at its best rate Kaiming's network comes to {100 * best['Kaiming']:.0f} %, and the one "
        f"as made to {100 * best['as made']:.0f} %",
        best["Kaiming"] > best["as made"] + 0.3,
    )
    axes = nn.plots.compare({name: runs[name, 0.1] for name in networks}, "val_accuracy")
    axes.set_ylim(0, 1)
    finished(axes, "validation accuracy at a learning rate of 0.1", y="share right")
    page.show(axes.figure, "speed", "The same learning rate for all three: with batch normalisation, training is done sooner.")
    histograms(page, recorders)


def histograms(page: Page, recorders: dict[str, nn.callbacks.HistogramRecorder]) -> None:
    sizes = {name: typical(recorder.gradients["0.weight"][-1]) for name, recorder in recorders.items()}
    page.say(
        """`nn.callbacks.HistogramRecorder` notes in each epoch how the weights and their gradients are distributed. The root
        of the mean square of the gradients of the first layer's weights, in the last epoch:"""
    )
    page.output(*[f"{name:10} {size:.1e}" for name, size in sizes.items()])
    page.claim(
        f"With batch normalisation it is {sizes['batch norm'] / sizes['as made']:,.0f} times that of the network as made",
        sizes["batch norm"] > 100 * sizes["as made"],
    )
    shown = {
        f"{name}: {which} layer": recorders[name].weights[path]
        for name, which, path in (
            ("as made", "first", "0.weight"),
            ("as made", "last", "16.weight"),
            ("batch norm", "first", "0.weight"),
            ("batch norm", "last", "24.weight"),
        )
    }
    page.show(
        weights_picture(shown),
        "weights",
        "How the weights are distributed, epoch by epoch: dark is where most are, the line is the median. As made, the first "
        "layer's do not move: the same stripes from the first epoch to the last. With batch normalisation they "
        "spread, most of all in the last layer.",
    )


def typical(histogram: tuple[int, Array, Array]) -> float:
    """The root of the mean square of what was counted."""
    _, counts, edges = histogram
    middles = (edges[1:] + edges[:-1]) / 2
    return float(np.sqrt(np.average(middles**2, weights=counts)))


def descended(
    model: nn.Module,
    loader: Any,
    new: Part,
    rate: float,
    callbacks: Callbacks = (),
) -> nn.Trainer:
    optimizer, loss = nn.optim.SGD(model.parameters(), lr=rate), nn.CrossEntropyLoss()
    trainer = nn.Trainer(model, loss, optimizer, metrics=["accuracy"], callbacks=callbacks)
    trainer.fit(loader, epochs=DEEP_EPOCHS, validation_data=new, progress=False)
    return trainer


def last(history: nn.History) -> float:
    return history["val_accuracy"][-1]


def small_batches(page: Page) -> None:
    page.say(
        """A caution: mean and variance of a small batch are poor, and so are its gradient and what goes into the running
        statistics. The last batch of an epoch is what is left over, and just before validation. 1280 examples are 20 batches
        of 64; with 1283 there is one batch more, of 3. A loader can leave such a rest out:"""
    )
    page.code(
        "dataset = nn.data.TensorDataset(x, y)\n"
        "loader = nn.data.DataLoader(dataset, batch_size=64, shuffle=True, drop_last=True)"
    )
    found = {}
    for count, drop_last in ((1280, False), (1283, False), (1283, True)):
        ag.seed(0)
        train, validation = digits(count)
        loader = nn.data.DataLoader(nn.data.TensorDataset(*train), batch_size=64, shuffle=True, drop_last=drop_last)
        history = descended(deep(batch_norm=True), loader, validation, 0.1).history
        found[f"{count} examples{', drop_last' if drop_last else ''}"] = 100 * np.array(history["val_accuracy"][4:])
    page.output(
        "right in validation, epochs 5 to 10",
        *[f"{name:24} " + " ".join([f"{each:3.0f} %" for each in every]) for name, every in found.items()],
    )
    whole, spoilt, left_out = [float(np.mean(each)) for each in found.values()]
    page.claim(
        f"Three examples more, and {spoilt:.0f} % are right on average, instead of {whole:.0f} %; without the last batch "
        f"{left_out:.0f} %",
        spoilt < min(whole, left_out) - 10,
    )


# ---------------------------------------------------------------- stopping, saving, resuming


def stopping(page: Page, histories: dict[float, nn.History]) -> nn.Trainer:
    page.heading("Early stopping")
    history = histories[0.0]
    page.say(
        f"""Back to the wide network without dropout, and its wrong labels. In the picture above its validation loss was lowest
        in epoch {history.best("val_loss")} of {EPOCHS}. So stop there: `EarlyStopping` ends training when {PATIENCE} epochs
        (its patience) have brought no lower loss, and puts the weights of the best epoch back."""
    )
    page.code(
        'stopping = nn.callbacks.EarlyStopping("val_loss", patience=10)\n'
        "trainer = nn.Trainer(model, loss, optimizer, callbacks=[stopping])"
    )
    train, validation = digits(EXAMPLES, WRONG)
    stopping = nn.callbacks.EarlyStopping("val_loss", patience=PATIENCE)
    trainer = trained(0.0, train, validation, [stopping])
    after = trainer.evaluate(*validation)
    page.output(
        f"stopped after epoch {stopping.stopped_epoch}, best epoch {stopping.best_epoch}",
        "",
        "in validation          loss    right",
        f"after {EPOCHS} epochs {history['val_loss'][-1]:11.3f} {100 * history['val_accuracy'][-1]:6.1f} %",
        f"early stopping  {after['loss']:11.3f} {100 * after['accuracy']:6.1f} %",
    )
    page.check("The loss of the model as it is now, and that of its best epoch", after["loss"], stopping.best, 1e-5)
    page.claim(
        "Early stopping ends with the better model, and sooner",
        after["accuracy"] > history["val_accuracy"][-1] and 0 < stopping.stopped_epoch < EPOCHS,
    )
    return trainer


def saving(page: Page, trainer: nn.Trainer) -> None:
    page.heading("Saving, loading, resuming")
    page.say("A model is saved with `nn.save`, and loaded into another one that was made in the same way:")
    page.code(
        'nn.save(model, "digits.safetensors", metadata={"epoch": trainer.history.best()})\n'
        'model = nn.load("digits.safetensors", into=wide(0.0))\n'
        'nn.read_metadata("digits.safetensors")["epoch"]'
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "digits.safetensors")
        nn.save(trainer.model, path, metadata={"epoch": trainer.history.best()})
        loaded = nn.load(path, into=wide(0.0)).eval()
        page.output(f"{path.name}: {path.stat().st_size:,} bytes, weights of epoch {nn.read_metadata(path)['epoch']}")
    x, y = digits(EXAMPLES, WRONG)[0]
    both = [nn.parameters_to_vector(each.parameters()).numpy() for each in (loaded, trainer.model)]
    page.check("The weights of the model that was loaded, and of the one that was saved", *both, 0)
    page.check("The answers of both", loaded(x).numpy(), trainer.model.eval()(x).numpy(), 1e-5)
    page.say(
        """A training that takes days has to survive a power cut. The callback `Checkpoint` saves all of it, the optimizer, the
        generators and the place in the data included, and `fit(..., resume=path)` goes on from there as if nothing had been.
        `nn.verify_resume` proves it for your own training: it trains once as a whole; then it breaks off, saves, begins anew
        from the file, and compares every bit at the end. Dropout draws at random in each step, so this is a hard case:"""
    )
    page.code(make_trainer)
    page.code("report = nn.verify_resume(make_trainer, x, y, epochs=2, batch_size=32)\nprint(report)\nassert report")
    report = nn.verify_resume(make_trainer, x, y, epochs=2, batch_size=32)
    page.output(report)
    page.claim("Broken off and resumed, training comes to the same bits", bool(report))


def make_trainer() -> nn.Trainer:
    ag.seed(0)
    model = wide(0.5)
    return nn.Trainer(model, nn.CrossEntropyLoss(), nn.optim.Adam(model.parameters(), lr=0.001))


if __name__ == "__main__":
    run(lesson, __file__)
