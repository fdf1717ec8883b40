"""What the character models share: English text that comes with Python, batches of it, training, and the report.

The text is Python's own reference manual, as ``help()`` shows it (``pydoc_data.topics``), with each paragraph on a line. The
last tenth is kept for validation. A model maps symbols (N, T) to logits (N, T, symbols) for what comes next. Used by
``examples.character_gpt`` and ``examples.character_lstm``.
"""

import argparse
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from pydoc_data.topics import topics
from typing import Any

import matplotlib
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

import autograd as ag
import nn
from examples.arguments import parsed, positive

matplotlib.use("Agg")  # pictures go to files
import matplotlib.pyplot as plt

LENGTH = 64  # symbols that are read at once
BATCH = 16

Symbols = NDArray[np.int64]


class Corpus:
    """The text as numbers from 0 on, in two parts, and what the numbers stand for."""

    def __init__(self) -> None:
        paragraphs = re.split(r"\n\s*\n", "\n\n".join(topics[name] for name in sorted(topics)))
        text = "\n".join(" ".join(each.split()) for each in paragraphs if each.strip())
        counts = Counter(text)
        self.symbols = "".join(sorted(symbol for symbol, count in counts.items() if count > 50))
        self.numbers = {symbol: i for i, symbol in enumerate(self.symbols)}
        everything = self.encoded(text)
        cut = len(everything) * 9 // 10
        self.training, self.validation = everything[:cut], everything[cut:]

    def encoded(self, text: str) -> Symbols:
        """The numbers of a text's symbols; rare ones are left out."""
        return np.array([self.numbers[symbol] for symbol in text if symbol in self.numbers])

    def decoded(self, numbers: Any) -> str:
        """The text that numbers stand for."""
        return "".join(self.symbols[i] for i in numbers)

    def batch(self, rng: np.random.Generator) -> tuple[Symbols, Symbols]:
        """Pieces from anywhere in the training part, and the same a symbol further: (BATCH, LENGTH) each."""
        places = rng.integers(0, len(self.training) - LENGTH, BATCH)[:, np.newaxis] + np.arange(LENGTH + 1)
        pieces = self.training[places]
        return pieces[:, :-1], pieces[:, 1:]

    def bits_of_counting(self) -> dict[str, float]:
        """Bits a symbol of the validation part costs one who has only counted symbols, pairs or triples of them in training."""
        found = {}
        for name, width in (("symbols", 1), ("pairs", 2), ("triples", 3)):
            counts = np.ones((len(self.symbols),) * width) * 0.1  # a little of what never came
            windows = np.lib.stride_tricks.sliding_window_view(self.training, width)
            np.add.at(counts, tuple(windows.T), 1)
            shares = counts / counts.sum(-1, keepdims=True)
            seen = np.lib.stride_tricks.sliding_window_view(self.validation, width)
            found[name] = float(-np.log2(shares[tuple(seen.T)]).mean())
        return found


def bits(model: nn.Module, corpus: Corpus) -> float:
    """The mean cross-entropy in bits on pieces of the validation part, in evaluation mode."""
    count = min(len(corpus.validation) // (LENGTH + 1), 160)
    pieces = corpus.validation[: count * (LENGTH + 1)].reshape(count, LENGTH + 1)
    model.eval()
    with ag.no_grad():
        loss = loss_of(model(pieces[:, :-1]), pieces[:, 1:])
    model.train()
    return float(loss) / np.log(2)


def loss_of(logits: Any, targets: Symbols) -> Any:
    """The mean cross-entropy of logits (N, T, symbols) and symbols (N, T)."""
    return nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1))


def train(
    model: nn.Module, corpus: Corpus, steps: int, rate: float, rng: np.random.Generator
) -> tuple[list[float], list[tuple[int, float]]]:
    """Train with AdamW, a warm-up and a cosine; the loss in bits of every step, and validation bits now and then."""
    optimizer = nn.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.95), weight_decay=0.05)
    warm = min(50, max(steps // 5, 1))
    schedule = nn.optim.SequentialLR(
        optimizer,
        [
            nn.optim.LinearLR(optimizer, start_factor=0.05, total_iters=warm),
            nn.optim.CosineAnnealingLR(optimizer, T_max=max(steps - warm, 1), eta_min=rate / 20),
        ],
        milestones=[warm],
    )
    losses, checks = [], [(0, bits(model, corpus))]
    for step in tqdm(range(1, steps + 1), unit="step", leave=False, disable=None):  # silent in a file
        inputs, targets = corpus.batch(rng)
        optimizer.zero_grad()
        loss = loss_of(model(inputs), targets)
        loss.backward()
        nn.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item() / np.log(2))
        if step % max(steps // 10, 1) == 0:
            checks.append((step, bits(model, corpus)))
    return losses, checks


def chosen(logits: NDArray[Any], temperature: float, rng: np.random.Generator) -> int:
    """A symbol drawn with the probabilities of ``logits / temperature``."""
    shifted = (logits - logits.max()) / temperature
    shares = np.exp(shifted, dtype=float)
    return int(rng.choice(len(shares), p=shares / shares.sum()))


def plot(losses: list[float], checks: list[tuple[int, float]], counting: dict[str, float], title: str, path: Path) -> None:
    """Training and validation bits over the steps, beside what counting reaches."""
    figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
    smooth = np.convolve(losses, np.ones(20) / 20, "valid") if len(losses) >= 20 else np.array(losses)
    axes.plot(
        np.arange(len(losses), len(losses) - len(smooth), -1)[::-1], smooth, label="training, mean of 20", color="#7aa6c2"
    )
    axes.plot(*zip(*checks, strict=True), "o-", label="validation", color="#d55e00")
    for name, value in counting.items():
        axes.axhline(value, color="0.6", linestyle=":", linewidth=1)
        axes.text(0, value, f"counting {name}", va="bottom", fontsize=8, color="0.4")
    axes.set(xlabel="step", ylabel="bits a symbol", title=title, ylim=(0, None))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="lower left")
    figure.savefig(path, dpi=150)
    plt.close(figure)


def run(
    doc: str | None,
    name: str,
    make: Callable[[Corpus], nn.Module],
    continued: Callable[[Any, Symbols, int, Callable[[NDArray[Any]], int]], list[int]],
    steps: int,
    rate: float,
    below: str,
) -> None:
    """The whole example: arguments, a text before training, training, a text after it, the picture, and what was reached.

    ``continued(model, prompt, count, choose)`` continues a prompt; ``below`` names the counting that has to be beaten.
    """
    parser = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    parser.add_argument("--steps", type=positive, default=steps, help="training steps (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of first values and batches (%(default)s)")
    options = parsed(parser, name)

    begin = time.perf_counter()
    ag.seed(options.seed)
    rng = np.random.default_rng(options.seed)
    corpus = Corpus()
    model = make(corpus)
    prompt = corpus.encoded("\nThe ")

    def sample() -> str:
        model.eval()
        draws = np.random.default_rng(1)
        with ag.no_grad():
            found = continued(model, prompt, 240, lambda logits: chosen(logits, 0.7, draws))
        model.train()
        return corpus.decoded([*prompt, *found]).strip()

    count = sum(each.size for each in model.parameters())
    print(f"{len(corpus.training):,} symbols to train on, {len(corpus.symbols)} different ones; {count:,} parameters")
    print(f"\nbefore training:\n{sample()}\n")
    losses, checks = train(model, corpus, options.steps, rate, rng)
    print(f"after {options.steps} steps:\n{sample()}\n")
    counting = corpus.bits_of_counting()
    for way, value in counting.items():
        print(f"counting {way}: {value:.2f} bits a symbol")
    print(f"the model: {checks[-1][1]:.2f} bits a symbol on text it has not seen")
    plot(losses, checks, counting, f"{name}: learning Python's reference manual", options.out / "curves.png")
    print(f"curves.png is in {options.out}; {time.perf_counter() - begin:.1f} s in all")
    if options.steps == steps and checks[-1][1] >= counting[below]:
        raise SystemExit(f"expected fewer bits than by counting {below}, {counting[below]:.2f}; received {checks[-1][1]:.2f}")
