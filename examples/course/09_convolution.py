"""Lesson 9: convolution. Run with ``python -m examples.course.09_convolution``."""

from collections.abc import Callable

import numpy as np
from matplotlib import pyplot
from scipy.signal import convolve2d
from sklearn.datasets import load_digits, load_sample_image

import autograd as ag
import nn
from examples.course.kernels import (
    LEVEL,
    MEAN,
    PICTURE,
    UPRIGHT,
    Array,
    by_library,
    convolve,
    edges_picture,
    kernel_picture,
    largest_of_each,
    layer_of,
    output_size,
    places_picture,
)
from examples.course.page import Page, run
from nn.pictures import MUTED, SMALL, TEXT, finished

EPOCHS = 15
SEEDS = (0, 1, 2)
Make = Callable[[], nn.Sequential]
SHOWN = 8  # wrong answers in the picture of them


def convolutional() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(8, 8, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(8 * 4 * 4, 10),
    )


def dense() -> nn.Sequential:
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 26), nn.ReLU(), nn.Linear(26, 10))


def trained(make: Make, seed: int, data: list[Array]) -> nn.Trainer:
    x, x_test, y, y_test = data
    ag.seed(seed)
    model = make()
    optimizer = nn.optim.Adam(model.parameters(), lr=0.01)
    schedule = nn.optim.CosineAnnealingLR(optimizer, T_max=EPOCHS)
    loss = nn.CrossEntropyLoss()
    trainer = nn.Trainer(model, loss, optimizer, metrics=["accuracy"], schedule=schedule)
    trainer.fit(x, y, epochs=EPOCHS, validation_data=(x_test, y_test), progress=False)
    return trainer


def shifted(pictures: Array, columns: int) -> Array:
    """Pictures moved to the right, or to the left; what comes in is black."""
    result = np.zeros_like(pictures)
    if columns > 0:
        result[..., columns:] = pictures[..., :-columns]
    else:
        result[..., :columns] = pictures[..., -columns:]
    return result


def size_of(model: nn.Module) -> int:
    """The number of parameters."""
    return sum(each.size for each in model.parameters())


def lesson(page: Page) -> None:
    """Convolution: networks that look at pictures."""
    sliding(page)
    padding_and_stride(page)
    photograph(page)
    channels(page)
    pooling(page)
    digits(page)


# ---------------------------------------------------------------- what a kernel does


def sliding(page: Page) -> None:
    page.say(
        """A picture is a table of numbers: how bright each point is. A dense layer takes it as one long list. It does not know
        which points are neighbours, and has a weight of its own for each of them. A convolution does two things differently: a
        neuron looks at a small window only, and all neurons have the same weights. These weights are called the kernel."""
    )
    page.formula("y[i, j] = sum over a, b of  x[i + a, j + b] · w[a, b]  +  bias")
    page.say("As a program, with a bias of 0: the kernel slides over the picture, and gives one number at each place.")
    page.code(convolve)
    result = convolve(PICTURE, UPRIGHT)
    page.say(
        """A picture of 5 × 6 points, dark (0) and bright (1), and a kernel that subtracts what is on the left from what is on
        the right:"""
    )
    page.output("picture:", PICTURE.astype(int), "", "kernel:", UPRIGHT.astype(int), "", "result:", result.astype(int))
    window = PICTURE[1:4, 0:3]
    page.say(
        f"""Follow one number: at row 1, column 0 (counted from 0) the rows of the window are 0 0 1, 0 0 1 and 0 0 0. Its right
        column adds up to 2, its left one to 0, so the result there is 2 - 0 = {result[1, 0]:.0f}."""
    )
    page.check("The number worked out above and that of the loops", np.sum(window[:, 2] - window[:, 0]), result[1, 0])
    page.show(
        kernel_picture(result),
        "kernel",
        "The framed window of the picture, times the kernel, added up, is the framed number of the result. It is large where "
        "the picture turns from dark to bright, and 0 where nothing changes from left to right.",
    )
    page.say("In the library it is a layer, `nn.Conv2d(channels_in, channels_out, size)`, and it gives the same numbers:")
    page.code(layer_of)
    page.check("The loops and `nn.Conv2d`", by_library(PICTURE, UPRIGHT), result)
    page.say(
        """In mathematics a convolution first turns the kernel by half; what networks call convolution is called
        cross-correlation there. Since the weights are learned, it makes no difference."""
    )
    page.check("The loops, and SciPy with the kernel turned", convolve2d(PICTURE, UPRIGHT[::-1, ::-1], "valid"), result)
    page.say(
        """All places have the same weights, so it does not matter where something is: if the picture moves, the result moves
        with it, and has the same numbers in it. A dense layer would have to learn each place anew."""
    )
    wide = np.pad(PICTURE, ((0, 0), (2, 2)))
    moved = np.roll(wide, 1, axis=1)
    page.check(
        "The result of the picture moved by a column, and the result moved by a column",
        convolve(moved, UPRIGHT)[:, 1:],
        convolve(wide, UPRIGHT)[:, :-1],
    )


# ---------------------------------------------------------------- padding and stride


def padding_and_stride(page: Page) -> None:
    page.heading("Padding and stride")
    page.say(
        """The result is smaller than the picture, since the kernel must not stick out. Padding puts rows and columns of zeros
        around the picture, so that it may. The stride is how far the kernel goes from one place to the next: a stride of 2
        leaves out every other place. Along a side of n points, a kernel of k has this many places:"""
    )
    page.formula("size = floor((n + 2 · padding - k) / stride) + 1")
    cases = [(n, k, p, s) for n in (5, 8, 28) for k, p, s in ((3, 0, 1), (3, 1, 1), (3, 1, 2), (2, 0, 2), (5, 2, 1))]
    by_formula = [output_size(n, k, p, s) for n, k, p, s in cases]
    found = [by_library(np.zeros((n, n)), np.ones((k, k)), padding=p, stride=s).shape[0] for n, k, p, s in cases]
    page.output(
        " n  k  padding  stride   by the formula",
        *[f"{n:2} {k:2} {p:8} {s:7}   {n} -> {size}" for (n, k, p, s), size in zip(cases, by_formula, strict=True)],
    )
    page.check("The sizes by the formula, and those of the layers' results", found, by_formula)
    page.say(
        """A kernel of 3 with a padding of 1 keeps the size; so does one of 5 with a padding of 2. Nothing else is new. Padding
        is a larger picture, and a stride only leaves results out:"""
    )
    page.code("padded = np.pad(PICTURE, 1)\nresult = convolve(padded, UPRIGHT)[::2, ::2]")
    result = convolve(np.pad(PICTURE, 1), UPRIGHT)[::2, ::2]
    page.output(result.astype(int))
    page.check("This, and `nn.Conv2d(..., padding=1, stride=2)`", by_library(PICTURE, UPRIGHT, padding=1, stride=2), result)
    page.show(
        places_picture(),
        "padding_and_stride",
        "A picture of 5 × 5 points in blue, its padding in grey, and a dot where the middle of a 3 × 3 kernel comes to stand. "
        "The frame is its first place.",
    )


# ---------------------------------------------------------------- a photograph


def photograph(page: Page) -> None:
    page.heading("Edges in a photograph")
    picture = load_sample_image("china.jpg")[70:330, 190:550].mean(axis=2) / 255
    page.say(
        f"""The same kernel on a photograph of {picture.shape[0]} × {picture.shape[1]} points. Call its result
        upright. Turned by a quarter it finds edges that lie; call that result level. Both together, as the length
        sqrt(upright² + level²), find edges of all directions. And a kernel of 25
        equal weights puts the mean of its surroundings in the place of each point, which blurs."""
    )
    upright, level, blurred = by_library(picture, UPRIGHT), by_library(picture, LEVEL), by_library(picture, MEAN)
    page.check("The loops and `nn.Conv2d`, on the photograph", upright, convolve(picture, UPRIGHT))
    rough, smooth = (np.abs(np.diff(each, axis=1)).mean() for each in (picture, blurred))
    page.output(f"mean difference of neighbours:  {rough:.3f} in the photograph, {smooth:.3f} in the blurred one")
    page.claim(
        f"Blurring makes neighbours more alike: their difference becomes {rough / smooth:.1f} times smaller", smooth < rough
    )
    page.show(
        edges_picture(picture, blurred, upright, level),
        "edges",
        "Kernels of fixed weights on a photograph. The pillars show among the upright edges, red on one side and blue on the "
        "other. The beams, which lie, show in the last picture only.",
    )
    page.say(
        """People have found such kernels by thinking. A convolutional network learns its own: their weights are parameters."""
    )


# ---------------------------------------------------------------- channels


def channels(page: Page) -> None:
    page.heading("Several channels, and how many weights that takes")
    page.say(
        """A colour picture has three numbers at each point, three channels: red, green, blue. A kernel then has three tables
        of weights, one for each channel, and adds up all products. A layer has several kernels, and each makes a channel of
        the result. So the weights have the shape (channels out, channels in, height, width), and there is a bias for each
        kernel:"""
    )
    page.formula("y[o] = sum over c of  convolve(x[c], w[o, c])  +  bias[o]\nparameters = out · (in · k · k + 1)")
    layer = nn.Conv2d(3, 4, 3, dtype=np.float64)
    image = np.random.default_rng(0).normal(size=(3, 7, 6))
    w, b = layer.weight.numpy(), layer.bias.numpy()
    by_hand = [sum(convolve(image[c], w[o, c]) for c in range(3)) + b[o] for o in range(4)]
    page.check("Three channels to four, by hand and by `nn.Conv2d(3, 4, 3)`", layer(image[np.newaxis]).numpy()[0], by_hand)
    page.check("Its parameters, counted and by the formula", size_of(layer), 4 * (3 * 3 * 3 + 1))
    page.say("How many would a dense layer need, which makes as many numbers of the same picture?")
    rows = []
    for side, ins, outs in ((8, 1, 8), (32, 3, 16), (224, 3, 64)):
        inputs, outputs = side * side * ins, side * side * outs
        count, many = outs * (ins * 9 + 1), outputs * (inputs + 1)
        rows.append(f"{side:3} × {side:3}, {ins} -> {outs:2} channels: {count:10,} {many:20,}")
    page.output("picture                        3 × 3 kernels          dense layer", *rows)
    page.say(
        """The number of a convolution's weights does not depend on the size of the picture. That is what makes large pictures
        possible at all. The price is that a neuron sees a small window only. But the next layer's neurons look at windows of
        windows: two layers of 3 × 3 kernels see 5 × 5 points, three see 7 × 7."""
    )
    point = np.zeros((9, 9))
    point[4, 4] = 1
    twice = convolve(convolve(np.pad(point, 2), np.ones((3, 3))), np.ones((3, 3)))
    page.check("Places that one point has an influence on after two layers of 3 × 3, and 5·5", np.count_nonzero(twice), 25)


# ---------------------------------------------------------------- pooling


def pooling(page: Page) -> None:
    page.heading("Pooling")
    page.say(
        """To know whether there is an edge somewhere here, one number for several places is enough. Max pooling keeps the
        largest number of each square of 2 × 2, so that each side is halved. It has no parameters."""
    )
    page.code(largest_of_each)
    small = np.array([[1, 0, 2, 3], [4, 6, 0, 8], [3, 1, 1, 0], [1, 2, 2, 4]], np.float64)
    pooled = largest_of_each(small)
    page.output("before:", small.astype(int), "", "after:", pooled.astype(int))
    page.check("The loops and `nn.MaxPool2d(2)`", nn.MaxPool2d(2)(small[np.newaxis, np.newaxis])[0, 0], pooled)
    spot = np.zeros((4, 4))
    spot[0, 0] = 1
    page.check("A spot, and the spot one column to the right, pooled", largest_of_each(shifted(spot, 1)), largest_of_each(spot))
    page.check("The spot two columns to the right, pooled, and a 1 beside", largest_of_each(shifted(spot, 2)), [[0, 1], [0, 0]])
    page.say("So a small step within a square changes nothing, and a network with pooling minds small shifts less.")


# ---------------------------------------------------------------- digits


def digits(page: Page) -> None:
    page.heading("A small convolutional network")
    images, labels = load_digits(return_X_y=True)
    images = (images / 16).reshape(-1, 1, 8, 8).astype(np.float32)
    data = nn.data.train_test_split(images, labels, test_size=0.5, stratify=labels, rng=0)
    page.say(
        f"""Scikit-learn comes with {len(images)} digits that people wrote by hand, 8 × 8 points each. One half is to learn
        from, the other one to test with; nothing is chosen by it. The network has two convolutions, one pooling, and a dense
        layer that decides. Beside it stands a dense network with as many parameters, to within a few:"""
    )
    page.code(convolutional)
    page.code(dense)
    page.output(nn.summary(convolutional(), (1, 8, 8)))
    small, large = sorted([size_of(convolutional()), size_of(dense())])
    page.claim(f"Both have about as many parameters, {small} and {large}", large - small <= 0.01 * large)
    page.say(
        f"Both are trained in the same way, from {len(SEEDS)} different beginnings, since one run alone may have been lucky:"
    )
    page.code(f"EPOCHS = {EPOCHS}", trained)
    runs = {make.__name__: [trained(make, seed, data) for seed in SEEDS] for make in (convolutional, dense)}
    accuracies = {name: [trainer.history["val_accuracy"][-1] for trainer in every] for name, every in runs.items()}
    rows = {name: "   ".join([f"{100 * each:.1f} %" for each in every]) for name, every in accuracies.items()}
    page.output(*[f"{name:14} {row}   mean {100 * np.mean(accuracies[name]):.1f} %" for name, row in rows.items()])
    wrong = {name: 100 * (1 - np.mean(each)) for name, each in accuracies.items()}
    page.claim(
        f"Convolutions make fewer mistakes: {wrong['convolutional']:.1f} % against {wrong['dense']:.1f} %",
        wrong["convolutional"] < wrong["dense"],
    )
    curves = {name: {"mistakes": 1 - np.array(every[0].history["val_accuracy"])} for name, every in runs.items()}
    axes = nn.plots.compare(curves, "mistakes", log=True)
    axes.minorticks_off()
    shares = [0.02, 0.03, 0.05, 0.1, 0.2, 0.3]
    axes.set_yticks(shares, [f"{100 * share:.0f} %" for share in shares])
    finished(axes, "test digits that are taken for another one", y="share (logarithmic)")
    page.show(axes.figure, "mistakes", "The first run of each. Lower is better.")
    moves(page, data, runs)
    inside(page, data, runs["convolutional"][0])
    mistakes(page, data, runs["convolutional"][0])


def moves(page: Page, data: list[Array], runs: dict[str, list[nn.Trainer]]) -> None:
    page.say(
        """And digits that are moved to the side by one point, as they never were in training? That is an eighth of the
        picture, and some digits lose a part of theirs."""
    )
    _, images, _, labels = data
    found: dict[str, Array] = {}
    for name, every in runs.items():
        right = [[trainer.evaluate(shifted(images, step), labels)["accuracy"] for trainer in every] for step in (-1, 1)]
        found[name] = np.mean(right, axis=1)
    page.output(*[f"{name:14} to the left {100 * a:.1f} %   to the right {100 * b:.1f} %" for name, (a, b) in found.items()])
    page.claim(
        f"Both get worse, and the dense network more: {100 * np.mean(found['convolutional']):.0f} % right on average, "
        f"against {100 * np.mean(found['dense']):.0f} %",
        bool(np.mean(found["convolutional"]) > np.mean(found["dense"])),
    )
    page.say(
        """Convolution and pooling mind a shift less. They do not ignore it: the dense layer at the end still knows places. Who
        wants more has to show moved digits in training, too."""
    )


def inside(page: Page, data: list[Array], trainer: nn.Trainer) -> None:
    page.heading("What it has learned")
    page.say(
        """The kernels of the first layer are small pictures: red weights add, blue ones subtract. Nobody told the network to
        look for edges, but some of its kernels are like ours: red on one side and blue on the other."""
    )
    model = trainer.model.eval()
    page.show(
        nn.plots.filters(model[0]).figure, "filters", "The eight learned kernels of the first layer, each of 3 × 3 weights."
    )
    _, images, _, labels = data
    example = images[int(np.argmax(labels == 3))]
    figure, axes = pyplot.subplots(1, 3, figsize=(9.0, 2.4), layout="compressed", width_ratios=[0.5, 1, 1])
    axes[0].imshow(example[0], cmap="gray_r")
    axes[0].set(xticks=[], yticks=[])
    finished(axes[0], "a digit", grid=False)
    axes[0].spines[:].set(visible=True, color=MUTED)
    for panel, part, title in ((axes[1], model[:2], "first layer"), (axes[2], model[:4], "second layer")):
        nn.plots.feature_maps(part, example, columns=4, ax=panel)
        finished(panel, f"after the {title} and ReLU", grid=False)
        panel.set_title("", loc="right")
    page.show(
        figure,
        "feature_maps",
        "A digit, and what each kernel makes of it, its feature map: the darker, the more of what the kernel looks for. "
        "Each kernel marks other parts of the digit.",
    )


def mistakes(page: Page, data: list[Array], trainer: nn.Trainer) -> None:
    page.heading("Where it is wrong")
    _, images, _, labels = data
    probabilities = trainer.predict_proba(images)
    answers = probabilities.argmax(axis=1)
    matrix = nn.metrics.confusion_matrix(probabilities, labels)
    axes = nn.plots.confusion_matrix(matrix)
    page.show(axes.figure, "confusion", "Each row is a true digit, each column an answer. Off the diagonal are the mistakes.")
    off = np.where(np.eye(10, dtype=bool), 0, matrix)
    true, taken = np.unravel_index(off.argmax(), off.shape)
    missed = np.flatnonzero(answers != labels)
    page.say(
        f"""{len(missed)} of {len(labels)} answers are wrong. The most frequent mistake, made {off.max()} times, is to take
        {true} for {taken}. It helps to look at such cases: some of these digits are hard to read for us, too."""
    )
    page.check("The mistakes counted, and the sum of the matrix off its diagonal", len(missed), off.sum())
    surest = missed[np.argsort(-probabilities[missed].max(axis=1))][:SHOWN]
    figure, panels = pyplot.subplots(2, SHOWN // 2, figsize=(7.2, 4.2), layout="constrained")
    for panel in panels.flat[len(surest) :]:
        panel.set_axis_off()
    for panel, place in zip(panels.flat, surest, strict=False):
        panel.imshow(images[place, 0], cmap="gray_r")
        panel.set(xticks=[], yticks=[])
        panel.spines[:].set_color(MUTED)
        sure = f"{100 * probabilities[place].max():.1f} % sure"
        panel.set_title(f"{labels[place]} taken for {answers[place]}\n({sure})", fontsize=SMALL)
    figure.suptitle("The mistakes that it was most sure of", x=0.01, ha="left", fontsize=TEXT, fontweight="bold")
    page.show(figure, "wrong", "Wrong answers: what it was, what the network said, and the probability that it gave to that.")
    page.heading("What to take away")
    page.say(
        """A convolution looks at a small window with the same weights everywhere. It needs few weights, however large the
        picture is, and what it learns in one place it knows in all places. Size of the result: floor((n + 2 · padding - k) /
        stride) + 1. Pooling makes pictures smaller, and small shifts matter less."""
    )
    page.ask(
        "What does a kernel of 1 × 1 do with a picture of 8 channels?",
        """Somebody puts the points of all pictures, also those in training, in another order, the same one for all. Which of
        both networks is as good as before, and why?""",
        "Which padding keeps the size with a kernel of 7?",
    )


if __name__ == "__main__":
    run(lesson, __file__)
