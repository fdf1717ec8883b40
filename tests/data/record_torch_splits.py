"""Write ``torch_splits.json``: how many examples PyTorch's ``random_split`` gives to each part. Run with PyTorch."""

import json
import warnings
from pathlib import Path

import torch
from torch.utils.data import random_split

SHARES = [
    [0.8, 0.2],
    [0.29, 0.71],
    [0.71, 0.29],
    [0.7, 0.2, 0.1],
    [1 / 3, 1 / 3, 1 / 3],
    [0.5, 0.25, 0.25],
    [0.1] * 10,
    [0.999, 0.001],
]


def main() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts without examples
        cases = [
            {"count": count, "shares": shares, "lengths": [len(part) for part in random_split(range(count), shares)]}
            for count in (1, 5, 7, 10, 33, 100, 1797)
            for shares in SHARES
        ]
    lines = ",\n".join(map(json.dumps, cases))
    Path(__file__).with_name("torch_splits.json").write_text(f'{{"torch": "{torch.__version__}", "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
