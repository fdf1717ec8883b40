"""Lesson 10: recurrence. Run with ``python -m examples.course.10_recurrence``."""

import numpy as np

import autograd as ag
import nn
from examples.course.page import Page, run
from examples.course.sequences import (
    BASELINE,
    CLIPPED_EPOCHS,
    EPOCHS,
    KEEPING,
    OPEN,
    SHUT,
    SIZE,
    Reader,
    adding,
    along_cells,
    answers_picture,
    answers_so_far,
    clipping_picture,
    descent,
    expected_so_far,
    first_gradient,
    keeping_reader,
    kept,
    latch,
    latch_picture,
    lstm_reader,
    lstm_step,
    norms_picture,
    sigmoid,
    simple_reader,
    trained,
    unrolled,
    untrained,
)
from nn.pictures import MUTED, SMALL, finished

LENGTHS = (1, 2, 5, 10, 20, 40, 70, 100)  # over which gradients are followed
TASKS = (5, 15, 30)  # lengths of the sequences that are learned


def lesson(page: Page) -> None:
    """Recurrence: networks that remember."""
    neuron(page)
    layers(page)
    gradients(page)
    gates(page)
    remembering(page)
    task = learning(page)
    answers(page, task)
    clipping(page)
    page.heading("What to take away")
    page.say(
        """A recurrent layer uses the same weights at every step, and hands its state on. The gradient goes back the same way,
        and is multiplied at every step, so it vanishes or explodes over long times. The cells of an LSTM hand on their content
        through a gate that can stay open; a new LSTM has to be told so, by the bias of its forget gates. Against explosions,
        clip the gradient."""
    )
    page.ask(
        "A sequence of 1000 steps is read by a network that was trained on 30. Does it have enough parameters?",
        """Which of its gates does an LSTM need to open where a number is marked, if it is to add numbers, and what must the
        forget gate do?""",
        "Why does clipping not help against gradients that vanish?",
    )


# ---------------------------------------------------------------- the idea, and the layer


def neuron(page: Page) -> None:
    page.say(
        """The networks so far answer one input after the other, and forget each at once. In a sequence (words, notes, the
        weather day by day) what comes now depends on what came before. So a recurrent neuron has a second input: its own last
        output, its state."""
    )
    page.formula("h[t] = tanh(w · x[t] + u · h[t-1] + b)")
    page.say("With w = 1, u = 0.8, b = 0 and the state 0 at the beginning. Something comes in at the first step only:")
    x = np.array([1.0, 0.0, 0.0, 0.0, 0.0])
    states = unrolled(x[:, np.newaxis], np.eye(1), np.array([[0.8]]), np.zeros(1))[:, 0]
    lines = [f"h[1] = tanh(1 · 1 + 0.8 · 0.000) = {states[0]:.3f}"]
    lines += [f"h[{t + 1}] = tanh(1 · 0 + 0.8 · {states[t - 1]:.3f}) = {states[t]:.3f}" for t in range(1, len(x))]
    page.output(*lines)
    page.check("The second state on paper and by the loop", states[1], np.tanh(0.8 * np.tanh(1.0)))
    page.say(
        """The input of the first step is still there in the fifth, but fades. That is the memory of a recurrent network.
        Written out step by step, unrolled, it is a deep network with a layer for each step, in which all layers have the same
        weights:"""
    )
    w, u, h = ag.tensor(1.0, name="w"), ag.tensor(0.8, name="u"), ag.tensor(0.0, name="h[0]")
    w.requires_grad = u.requires_grad = True
    for t in range(2):
        h = ag.tanh(w * ag.tensor(x[t], name=f"x[{t + 1}]") + u * h)
    page.show_graph(h, "unrolled", "Two steps of the neuron. Both use the same w and the same u.")


def layers(page: Page) -> None:
    page.heading("A recurrent layer")
    page.say(
        """A layer of such neurons has a vector for its state, and matrices for its weights: W for the input, U for the state.
        Each neuron sees the states of all of them."""
    )
    page.code(unrolled)
    layer = nn.RNN(3, 4, dtype=np.float64)
    x = np.random.default_rng(0).normal(size=(6, 3))
    w, u = layer.weight_ih_l0.numpy(), layer.weight_hh_l0.numpy()
    b = layer.bias_ih_l0.numpy() + layer.bias_hh_l0.numpy()  # the library keeps two biases, as PyTorch does
    outputs, last = layer(x)
    page.say("In the library it is `nn.RNN(inputs, states)`. It returns the states of all steps, and the last one by itself:")
    page.output(f"input {x.shape}  ->  outputs {outputs.shape}, last state {last.shape}")
    page.check("All states, by the loop and by `nn.RNN`", outputs.numpy(), unrolled(x, w, u, b))
    page.check("The last output and the last state", outputs[-1].numpy(), last[0].numpy())
    page.say(
        f"""The number of its parameters does not depend on the length of the sequence: {4 * (3 + 4 + 2)} here, for 6 steps or
        for 6000."""
    )
    page.check("Parameters, counted and by the formula", sum(each.size for each in layer.parameters()), 4 * 3 + 4 * 4 + 2 * 4)


# ---------------------------------------------------------------- gradients over time


def gradients(page: Page) -> None:
    page.heading("Why the past is hard to learn")
    page.say(
        """To learn from the first input what is asked at the end, the gradient has to come all the way back. By the chain rule
        it is multiplied by the same kind of factor at every step: by u, and by the slope of tanh, which is 1 - h² and never
        above 1."""
    )
    page.formula("dh[T] / dh[0]  =  u · (1 - h[1]²)  ·  u · (1 - h[2]²)  · ... ·  u · (1 - h[T]²)")
    u, start, steps = 0.8, 0.5, 10
    factors = []
    h = start
    for _ in range(steps):
        h = np.tanh(u * h)
        factors.append(u * (1 - h**2))

    def last_state(h: ag.Tensor) -> ag.Tensor:
        for _ in range(steps):
            h = ag.tanh(u * h)
        return h

    page.check("Ten factors multiplied, and `ag.grad`", ag.grad(last_state)(start), np.prod(factors))
    page.say("What many equal factors make, below 1 and above:")
    page.output(
        "factor   after 10 steps   after 100 steps",
        *[f"{factor:6.1f} {factor**10:16.3g} {factor**100:17.3g}" for factor in (0.5, 0.9, 1.0, 1.1, 1.5)],
    )
    page.say(
        """With factors below 1 the gradient vanishes: what lies far back has no influence on the weights, and is not learned.
        With factors above 1 it explodes: one step of the optimizer throws the weights far away. Both in layers of 32 states,
        before any training: the norm of the gradient of the last state with respect to the first input."""
    )
    page.code(first_gradient)
    found = {name: [first_gradient(layer, length) for length in LENGTHS] for name, layer in untrained().items()}
    width = max(map(len, found))
    page.output(
        f"{'length of the sequence':{width}} " + " ".join([f"{length:8}" for length in LENGTHS]),
        *[f"{name:{width}} " + " ".join([f"{norm:8.0e}" for norm in norms]) for name, norms in found.items()],
    )
    page.show(
        norms_picture(LENGTHS, found),
        "gradients",
        "How much the last state depends on the first input. The vertical axis is logarithmic: a straight line is a constant "
        "factor at every step.",
    )
    plain, large, new, open_ = [norms[-1] / norms[0] for norms in found.values()]
    page.claim(f"Over 100 steps the gradient of a new RNN is {plain:.0e} times that over one: it vanishes", plain < 1e-10)
    page.claim(f"With recurrent weights five times as large it is {large:.0e} times as large: it explodes", large > 1e3)
    page.claim(
        f"A new LSTM's vanishes, too ({new:.0e}); with open forget gates it stays of one order ({open_:.1f} times)",
        bool(new < 1e-10 and 0.05 < open_ < 20),
    )
    page.say("What is an LSTM, and what are its gates?")


# ---------------------------------------------------------------- the LSTM


def gates(page: Page) -> None:
    page.heading("The LSTM: a memory with gates")
    page.say(
        """A long short-term memory has, besides its state h, cells c. A cell keeps its content from step to step, times the
        forget gate, and the input gate lets something new in. A gate is a neuron with sigmoid: 0 is shut and 1 is open. The
        output gate says what of the cell is shown."""
    )
    page.formula(
        "i = sigmoid(Wi x[t] + Ui h[t-1] + bi)     input gate: how much comes in\n"
        "f = sigmoid(Wf x[t] + Uf h[t-1] + bf)     forget gate: how much stays\n"
        "g =    tanh(Wg x[t] + Ug h[t-1] + bg)     candidate: what could come in\n"
        "o = sigmoid(Wo x[t] + Uo h[t-1] + bo)     output gate: how much is shown\n\n"
        "c[t] = f · c[t-1] + i · g\n"
        "h[t] = o · tanh(c[t])"
    )
    page.code(lstm_step)
    layer = nn.LSTM(3, 2, dtype=np.float64)
    x, h, c = np.array([1.0, -0.5, 2.0]), np.array([0.1, -0.2]), np.array([0.5, -1.0])
    w, u = layer.weight_ih_l0.numpy(), layer.weight_hh_l0.numpy()
    b = layer.bias_ih_l0.numpy() + layer.bias_hh_l0.numpy()
    by_hand = lstm_step(x, h, c, w, u, b)
    _, (h_n, c_n) = layer(x[np.newaxis], (h[np.newaxis], c[np.newaxis]))
    page.output(f"c before {c}   c after {by_hand[1].round(4)}   h after {by_hand[0].round(4)}")
    page.check("The state after one step by hand and by `nn.LSTM`", h_n[0].numpy(), by_hand[0])
    page.check("The cells after it", c_n[0].numpy(), by_hand[1])
    page.say(
        f"""Straight along a cell the gradient is multiplied by f at every step. A new LSTM has forget gates near sigmoid(0) =
        {sigmoid(0):.1f}: half is lost at every step, and 0.5^100 is {0.5**100:.0e}. With a bias of 4 they begin at
        {sigmoid(4):.3f}, and {sigmoid(4):.3f}^100 is {sigmoid(4) ** 100:.2f}. But there are other ways: h[t-1] goes into all
        gates, and from there into the next cell. Each way adds its part, so the gradients in the table above are larger. If U
        is 0, only the way along the cell is left:"""
    )
    alone = {name: along_cells(layer) for name, layer in list(untrained().items())[2:]}
    page.output("gradient over 100 steps, times that over one, with U = 0:", *[f"{n:20} {x:.1g}" for n, x in alone.items()])
    ratios = np.array(list(alone.values())) / [0.5**100, sigmoid(4) ** 100]
    page.claim("Both are the powers of f, to within a factor of 10", bool(np.all((ratios > 0.1) & (ratios < 10))))
    page.say("So a positive bias of the forget gates is a good beginning.")


def remembering(page: Page) -> None:
    page.say(
        """What gates can do is seen best with weights that are set by hand. This cell gets a value and a flag. Where the flag
        is 1, the input gate opens and the forget gate shuts, so the cell takes the value. Else it is the other way round, and
        the cell keeps what it has:"""
    )
    page.code(f"OPEN, SHUT = {OPEN}, {SHUT}  # sigmoid makes of them 1 and 0", latch)
    steps, flagged = 40, (3, 16)
    x = np.zeros((steps, 2))
    x[:, 0] = np.random.default_rng(1).uniform(-1, 1, steps)
    x[flagged, 1] = 1
    layer = latch()
    cell = np.zeros(1)
    h, c = np.zeros(1), []
    for x_t in x:
        h, cell = lstm_step(x_t, h, cell, layer.weight_ih_l0.numpy(), layer.weight_hh_l0.numpy(), layer.bias_ih_l0.numpy())
        c.append(cell[0])
    kept = np.tanh(x[flagged[1], 0])
    page.check("The last cell by hand and by `nn.LSTM`", layer(x)[1][1].numpy().ravel(), [c[-1]])
    page.check(f"After {steps - 1 - flagged[1]} more steps the cell, and tanh of the value that was flagged", c[-1], kept)
    page.show(
        latch_picture(x, np.array(c), layer),
        "gates",
        "A cell that keeps what was flagged. Above: the values, circled where the flag is 1. In the middle: the gates. Below: "
        "the cell, which takes tanh of a flagged value and minds no other.",
    )


# ---------------------------------------------------------------- a task


def learning(page: Page) -> dict[str, nn.Trainer]:
    page.heading("A task that needs memory")
    page.say(
        """The adding problem: a sequence of random values between 0 and 1, two of which are marked, one in the first half and
        one in the second. Asked for is the sum of these two, at the end. Whoever knows nothing of the marks does best with the
        mean, 1, and has a mean squared error of 1/6, the variance of a sum of two such values. That is the baseline; to do
        better one has to remember."""
    )
    page.code(adding)
    values, sums = adding(1, 6, np.random.default_rng(3))
    page.output(
        "values " + "  ".join([f"{v:.2f}" for v in values[0, :, 0]]),
        "marks  " + "  ".join([f"{m:4.0f}" for m in values[0, :, 1]]),
        f"sum    {sums[0, 0]:.2f}",
    )
    _, many = adding(100_000, 6, np.random.default_rng(0))
    page.check("The error of always answering 1, over 100,000 sequences, and 1/6", np.mean((many - 1) ** 2), BASELINE, 0.005)
    page.say(
        f"""A simple recurrent network and an LSTM, with {SIZE} states each, learn it from 2000 sequences; the forget gates of
        the LSTM begin with a bias of 2. First short sequences, then longer ones:"""
    )
    page.code(f"SIZE, EPOCHS = {SIZE}, {EPOCHS}", Reader, trained)
    makers = {"RNN": simple_reader, "LSTM": lstm_reader}
    runs = {(name, length): trained(make, length) for length in TASKS for name, make in makers.items()}
    best = {key: min(trainer.history["val_loss"]) for key, trainer in runs.items()}
    page.say("The lowest error on 500 new sequences; the baseline is 0.167:")
    page.output(
        "length " + " ".join([f"{length:8}" for length in TASKS]),
        *[f"{name:6} " + " ".join([f"{best[name, length]:8.4f}" for length in TASKS]) for name in makers],
    )
    longest = TASKS[-1]
    page.claim(
        f"At a length of {longest} the LSTM's error is a {BASELINE / best['LSTM', longest]:.0f}th of the baseline's, the RNN's "
        "still more than half of it",
        best["LSTM", longest] < BASELINE / 10 and best["RNN", longest] > BASELINE / 2,
    )
    wide = trained(simple_reader, longest, 2 * SIZE + 2)
    counts = [sum(each.size for each in trainer.model.parameters()) for trainer in (wide, runs["LSTM", longest])]
    page.claim(
        f"Nor is it a matter of size: an RNN of {2 * SIZE + 2} states, {counts[0]} parameters to the LSTM's {counts[1]}, comes "
        f"to {min(wide.history['val_loss']):.4f}",
        min(wide.history["val_loss"]) > BASELINE / 2 and counts[0] > counts[1],
    )
    axes = nn.plots.compare({name: runs[name, longest].history for name in makers}, "val_loss")
    axes.axhline(BASELINE, color=MUTED, linestyle=":", zorder=1)
    axes.set_ylim(0, 0.2)
    axes.text(1, 0.174, "dotted: the baseline", fontsize=SMALL, color=MUTED)
    finished(axes, f"sequences of {longest} steps: error on new ones", y="mean squared error")
    page.show(
        axes.figure,
        "adding",
        "For some epochs the LSTM is no better than the baseline either. Then it finds out what the marks mean, and the error "
        "falls within a few epochs.",
    )
    return {name: runs[name, longest] for name in makers}


def answers(page: Page, trainers: dict[str, nn.Trainer]) -> None:
    x, y = adding(300, TASKS[-1], np.random.default_rng(5))
    page.show(
        answers_picture(x, y, trainers),
        "answers",
        "On the left 300 new sequences, each a dot: the RNN answers about the same to most, the LSTM's answers lie on the line "
        "on which they are right. On the right its answer while it reads one sequence. What is still to come it takes for 0.5.",
    )
    page.say(
        """Nobody told the LSTM what to answer before the end. But after some steps it behaves like somebody who expects 0.5,
        the mean, of each mark that is still to come, and corrects that when it comes."""
    )
    difference = answers_so_far(trainers["LSTM"].model, x) - expected_so_far(x)
    page.claim(
        f"From step 10 on the two differ by {np.abs(difference[:, 9:]).mean():.2f} on average, over 300 sequences",
        bool(np.abs(difference[:, 9:]).mean() < 0.15),
    )


# ---------------------------------------------------------------- gradient clipping


def clipping(page: Page) -> None:
    page.heading("Gradient clipping")
    page.say(
        """Against the exploding gradient there is a simple remedy: if its norm, that of all parameters together, is above a
        bound, make it shorter, and keep its direction."""
    )
    page.formula("g  <-  g · min(1, bound / norm(g))")
    weight = nn.Parameter(np.zeros(2))
    weight.grad = ag.tensor([30.0, 40.0])
    norm = nn.clip_grad_norm_([weight], max_norm=1.0)
    page.output(f"(30, 40) has the norm {norm.item():.0f}; clipped to 1 it is {weight.grad.numpy().round(3)}")
    page.check("Clipped by the library and by the formula", weight.grad.numpy(), np.array([30.0, 40.0]) / 50)
    longest = TASKS[-1]
    page.say(
        f"""At work: a network of {KEEPING} ReLU neurons whose recurrent weights begin as the identity. Each state is handed on
        as it is, which is another way to remember. But nothing bounds a ReLU, so gradients can be huge. Three updates by plain
        gradient descent, with sequences of {longest} steps:"""
    )
    page.code(f"KEEPING = {KEEPING}", keeping_reader, descent)
    free, clipped = descent(longest, None), descent(longest, 1.0)
    page.output(
        f"{'not clipped':>39}{'clipped to 1':>24}",
        f"update  {'loss':>14}{'norm':>17}   {'loss':>10}{'norm':>11}",
        *[
            f"{k + 1:6}  {a:14,.2f}{b:17,.2f}   {c:10.2f}{d:11.2f}"
            for k, ((a, b), (c, d)) in enumerate(zip(free, clipped, strict=True))
        ],
    )
    page.claim(
        f"A single update makes the loss {free[1][0] / free[0][0]:,.0f} times as large; clipped, it makes it smaller",
        free[1][0] > 1000 * free[0][0] and clipped[1][0] < clipped[0][0],
    )
    page.say(
        """Adam suffers in another way. It divides by the root of a running mean of squared gradients, so its steps are never
        huge. But that mean remembers about 1000 updates: after one huge gradient all others look small, and the steps become
        tiny. In training, `nn.callbacks.GradientClipping` clips before each update. The move in the table is how far all
        parameters together go in an update, as the norm of the change; after the first epoch, in the middle one of all updates
        (the median):"""
    )
    runs = {name: kept(longest, bound) for name, bound in (("not clipped", None), ("clipped", 1.0))}
    page.output(
        f"{'':12} largest norm   median move   error after epoch 1   after epoch {CLIPPED_EPOCHS}",
        *[
            f"{name:12} {max(notes.norms):12,.0f}{np.median(notes.moves[40:]):14.4f}{history['val_loss'][0]:22.4f}"
            f"{history['val_loss'][-1]:17.4f}"
            for name, (notes, history) in runs.items()
        ],
    )
    usual = [float(np.median(notes.moves[40:])) for notes, _ in runs.values()]
    free_error, clipped_error = [history["val_loss"][-1] for _, history in runs.values()]
    page.claim(
        f"After the first epoch the parameters move {usual[1] / usual[0]:.0f} times as far with clipping as without",
        usual[1] > 2 * usual[0],
    )
    page.claim(
        f"After {CLIPPED_EPOCHS} epochs the run without clipping is near the baseline; the other one has learned the task",
        free_error > BASELINE / 2 and clipped_error < BASELINE / 5,
    )
    page.show(
        clipping_picture(runs),
        "clipping",
        "Both runs begin with the same weights, and meet huge gradients in their first updates (left, at the edge; the dotted "
        "line is the bound). Without clipping the error then falls slowly, and only to the baseline (right, dotted).",
    )


if __name__ == "__main__":
    run(lesson, __file__)
