"""Running a Markdown page: its programs one after the other, in one namespace, and what it says they print."""

import contextlib
import io
import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]


class Block(NamedTuple):
    """A fenced block: its language, its text, and the number of the line that it begins at."""

    language: str
    text: str
    line: int


def fenced(text):
    """All fenced blocks in their order."""
    found = re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [Block(each[1], each[2], text.count("\n", 0, each.start(2))) for each in found]


def blocks(text, language):
    """The texts of the blocks of a language."""
    return [each.text for each in fenced(text) if each.language == language]


def run(path):
    """Run a page's Python blocks in order; for each, what it printed and what the page says that it prints.

    The latter is the block ``text`` right below it, or ``None``.
    """
    all_blocks = fenced(path.read_text())
    namespace = {}
    outcome = []
    for block, following in zip(all_blocks, [*all_blocks[1:], Block("", "", 0)], strict=False):
        if block.language == "python":
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile("\n" * block.line + block.text, str(path), "exec"), namespace)  # errors name the page's line
            outcome.append((printed.getvalue(), following.text if following.language == "text" else None))
    return outcome


def links(text):
    """The files that a page links to or shows."""
    return re.findall(r"\]\(([^)#:]+)\)", text)
