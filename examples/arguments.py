"""What the examples' command lines share: numbers that count something, and the folder that pictures go to."""

import argparse
from pathlib import Path


def positive(text: str) -> int:
    """The type of an option that counts something."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, received {text!r}")
    return int(text)


def parsed(parser: argparse.ArgumentParser, name: str) -> argparse.Namespace:
    """The options, with ``--out`` among them: a folder, by default ``out/NAME``, that exists afterwards."""
    default = Path("out") / name
    parser.add_argument("--out", type=Path, default=default, help=f"folder for the pictures (default: {default})")
    options = parser.parse_args()
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        parser.error(f"argument --out: expected a folder, received {str(options.out)!r}: {error.strerror}")
    return options
