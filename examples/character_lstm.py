"""An LSTM, letter by letter: a recurrent network learns the English of Python's reference manual, and writes some.

It reads a letter at a time and carries what it has to remember in its state. Run with ``python -m examples.character_lstm``;
it prints text that the model writes before and after training, and saves a picture of the learning. ``character_gpt`` does the
same with a transformer.

Source: S. Hochreiter and J. Schmidhuber, Long short-term memory, 1997.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

import nn
from examples.language import Symbols, run

LETTER, WIDTH = 64, 256


class Lstm(nn.Module):
    """Letters as vectors, one LSTM, and logits for the next letter: (N, T) -> (N, T, symbols)."""

    def __init__(self, symbols: int) -> None:
        self.symbols = nn.Embedding(symbols, LETTER)
        self.lstm = nn.LSTM(LETTER, WIDTH, batch_first=True)
        self.head = nn.Linear(WIDTH, symbols)

    def forward(self, x: Symbols) -> Any:
        return self.head(self.lstm(self.symbols(x))[0])


def continued(model: Lstm, prompt: Symbols, count: int, choose: Callable[[NDArray[Any]], int]) -> list[int]:
    """The letters that follow the prompt: each is drawn from what the model says, which then reads it and goes on."""
    found: list[int] = []
    letters, state = np.array([prompt]), None
    for _ in range(count):
        out, state = model.lstm(model.symbols(letters), state)
        found.append(choose(model.head(out[:, -1]).numpy()[0]))
        letters = np.array([[found[-1]]])
    return found


if __name__ == "__main__":
    run(__doc__, "character_lstm", lambda corpus: Lstm(len(corpus.symbols)), continued, steps=800, rate=4e-3, below="triples")
