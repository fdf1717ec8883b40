"""Lesson 7: a complete example. Run with ``python -m examples.course.07_complete_example``."""

import time

import numpy as np

import autograd as ag
import nn
from examples.course.complete import BATCH, CLASSES, EPOCHS, Data, data, network
from examples.course.page import Page, run


def trained(table: Data, seed: int) -> tuple[nn.Trainer, nn.History]:
    """The network, trained with Adam; a fifth of the training part is to validate with."""
    ag.seed(seed)
    model = network()
    trainer = nn.Trainer(
        model,
        nn.CrossEntropyLoss(),
        nn.optim.Adam(model.parameters(), lr=0.001),
        metrics=["accuracy"],
    )
    history = trainer.fit(
        table.x_train,
        table.y_train,
        epochs=EPOCHS,
        batch_size=BATCH,
        validation_split=0.2,
    )
    return trainer, history


def lesson(page: Page) -> None:
    """A complete example."""
    page.say(
        """All parts together, on a table as one meets it: 1000 samples of 20 numbers each, and three classes. Of the 20
        columns 15 say something about the class, 2 are sums of these with some factors, so they say nothing new, and 3 are
        noise. The data come from scikit-learn's `make_classification`."""
    )
    page.heading("1. The data: split, then scale")
    page.say(
        """A fifth of the samples is put away for the test, with the same shares of the classes (`stratify`). Then each column
        is scaled to mean 0 and deviation 1. The means and deviations are those of the training part: what is to be measured on
        the test part may not have looked at it."""
    )
    page.code(Data, data)
    table = data()
    page.output(
        f"training part {table.x_train.shape}, samples of each class {np.bincount(table.y_train)}",
        f"test part     {table.x_test.shape}, samples of each class {np.bincount(table.y_test)}",
    )
    page.check("Columns that are not made of others (the rank), and 15 + 3", np.linalg.matrix_rank(table.x_train), 18)
    page.claim(
        "In the training part every column has mean 0 and deviation 1, in the test part nearly",
        bool(np.abs(table.x_train.mean(axis=0)).max() < 1e-5 and np.abs(table.x_test.mean(axis=0)).max() < 0.3),
    )

    page.heading("2. The network")
    page.say(
        """Three hidden layers of 64, 32 and 16 neurons, each with ReLU, batch normalisation and dropout (lesson 11 looks at
        these two), and one output for each class: a logit, which the loss turns into a probability."""
    )
    page.code(network)
    page.output(nn.summary(network(), (20,)))
    page.show(
        nn.plots.network(network(), classes=list(CLASSES), max_neurons=8).figure,
        "network",
        "The network. Of layers with more than eight neurons only some are drawn.",
    )

    page.heading("3. Training")
    page.say(
        f"""`nn.Trainer` is the loop of lesson 6: {EPOCHS} epochs in batches of {BATCH} with Adam, and after each epoch the loss
        and the accuracy on a fifth of the training part that is not learned from."""
    )
    page.code(f"EPOCHS, BATCH = {EPOCHS}, {BATCH}", trained)
    start = time.perf_counter()
    trainer, history = trained(table, seed=0)
    seconds = time.perf_counter() - start
    shown = [0, 1, 2, 4, 9, 19, 29, 39, 49]
    lines = str(history).split("\n")
    page.output(lines[0], *[lines[1 + i] for i in shown])
    print(f"\n(trained in {seconds:.1f} s)")
    page.show(
        history.plot(), "history", "Loss and accuracy in each epoch. The ring marks the epoch with the lowest validation loss."
    )
    page.say(
        """In the first epochs the training accuracy is below the validation accuracy: it is measured while dropout switches
        neurons off, and before the epoch is over. For the validation nothing is switched off. Later it is above it all the
        same: the network knows the samples that it learns from better than new ones."""
    )
    means = {name: (np.mean(history[name][:10]), np.mean(history[name][-10:])) for name in ("accuracy", "val_accuracy")}
    page.output(
        "mean accuracy    first ten epochs   last ten epochs",
        *[f"{name:15} {first:17.1%} {last:17.1%}" for name, (first, last) in means.items()],
    )
    page.claim(
        "Training accuracy is lower at first, and higher in the end",
        bool(means["accuracy"][0] < means["val_accuracy"][0] and means["accuracy"][1] > means["val_accuracy"][1]),
    )

    page.heading("4. The test")
    found = trainer.evaluate(table.x_test, table.y_test)
    page.output(f"test loss {found['loss']:.4f}, test accuracy {found['accuracy']:.1%}")
    page.claim("The test accuracy is above 80 %, where guessing has 33 %", found["accuracy"] > 0.8)
    probabilities = trainer.predict_proba(table.x_test)
    guesses = probabilities.argmax(axis=1)
    matrix = nn.metrics.confusion_matrix(guesses, table.y_test, num_classes=3)
    axes = nn.plots.confusion_matrix(matrix, classes=list(CLASSES))
    page.show(axes.figure, "confusion", "Which classes are taken for which: rows are the true classes.")
    page.output(
        *[
            f"class {name}: precision {precision:.1%}, recall {recall:.1%}"
            for name, precision, recall in zip(
                CLASSES,
                nn.metrics.precision(guesses, table.y_test, average=None, num_classes=3),
                nn.metrics.recall(guesses, table.y_test, average=None, num_classes=3),
                strict=True,
            )
        ]
    )
    page.check("The accuracy counted by hand and by `evaluate`", np.mean(guesses == table.y_test), found["accuracy"])
    page.say("And for one sample, how sure the network is:")
    page.output(
        f"sample 0 is of class {CLASSES[table.y_test[0]]}; probabilities "
        + ", ".join([f"{name} {each:.1%}" for name, each in zip(CLASSES, probabilities[0], strict=True)])
    )

    page.heading("5. The same bits again")
    page.say("The same seed gives the same run to the last bit. A history has a fingerprint that says so in one line:")
    _, again = trained(table, seed=0)
    _, other = trained(table, seed=1)
    page.output(f"seed 0: {history.fingerprint[:32]}", f"seed 0: {again.fingerprint[:32]}", f"seed 1: {other.fingerprint[:32]}")
    page.claim("Two runs of one seed have one fingerprint", history.fingerprint == again.fingerprint != other.fingerprint)
    page.heading("What to take away")
    page.say(
        """Put the test part away first; scale with the numbers of the training part; watch loss and accuracy on samples that
        are not learned from; test once, and look which classes are taken for which. Note the seed: with it the run can be
        repeated to the last bit."""
    )
    page.ask(
        "Find the ring in the picture of the losses. What would `nn.callbacks.EarlyStopping` have done there (lesson 6)?",
        "Why may the test part not be used to choose the epoch?",
        "What would the test say if the table were scaled as a whole, before it is split? Change `data` and see.",
    )


if __name__ == "__main__":
    run(lesson, __file__)
