"""A GPT, letter by letter: a small transformer learns the English of Python's reference manual, and writes some.

It sees the last 64 letters, through two blocks of causal attention and a perceptron. Run with ``python -m
examples.character_gpt``; it prints text that the model writes before and after training, and saves a picture of the learning.

Source: A. Vaswani et al., Attention is all you need, 2017; A. Radford et al., Language models are unsupervised multitask
learners, 2019.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

import nn
from examples.language import LENGTH, Symbols, run

WIDTH, HEADS, BLOCKS = 128, 4, 2


class Block(nn.Module):
    """Attention to what came before, then a perceptron for each letter; both are added to what is there."""

    def __init__(self) -> None:
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.mixed, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.mlp = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH))

    def forward(self, x: Any) -> Any:
        batch, length = x.shape[:2]
        mixed = self.mixed(self.norm1(x)).reshape(batch, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = np.transpose(mixed, (2, 0, 3, 1, 4))  # each (batch, heads, length, width of a head)
        found = nn.functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.out(np.transpose(found, (0, 2, 1, 3)).reshape(batch, length, WIDTH))
        return x + self.mlp(self.norm2(x))


class Gpt(nn.Module):
    """Letters and places as vectors, the blocks, and logits for the next letter: (N, T) -> (N, T, symbols)."""

    def __init__(self, symbols: int) -> None:
        self.symbols, self.places = nn.Embedding(symbols, WIDTH), nn.Embedding(LENGTH, WIDTH)
        self.blocks = nn.Sequential(*[Block() for _ in range(BLOCKS)])
        self.norm, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, symbols)
        nn.init.normal_(self.symbols.weight, std=0.02)
        nn.init.normal_(self.places.weight, std=0.02)

    def forward(self, x: Symbols) -> Any:
        x = self.symbols(x) + self.places.weight[: x.shape[1]]
        return self.head(self.norm(self.blocks(x)))


def continued(model: Gpt, prompt: Symbols, count: int, choose: Callable[[NDArray[Any]], int]) -> list[int]:
    """The letters that follow the prompt: each is drawn from what the model says after the last 64."""
    text = list(prompt)
    for _ in range(count):
        logits = model(np.array([text[-LENGTH:]]))
        text.append(choose(logits.numpy()[0, -1]))
    return text[len(prompt) :]


if __name__ == "__main__":
    run(__doc__, "character_gpt", lambda corpus: Gpt(len(corpus.symbols)), continued, steps=900, rate=3e-3, below="triples")
