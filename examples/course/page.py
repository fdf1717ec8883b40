"""What a lesson is made of: explanations, code, numbers, checks and pictures. They are printed, and kept for the report."""

import argparse
import base64
import inspect
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_UP, Context
from html import escape
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

import autograd as ag

matplotlib.use("Agg")  # pictures go to files
from matplotlib import pyplot
from matplotlib.figure import Figure

WIDTH = 100  # of printed lines
FOLDER = Path("out/course")


@dataclass
class Page:
    """One lesson's page: what it says goes to the screen, pictures into ``folder``, and both into ``html``.

    Texts are plain; what stands between backquotes is code.
    """

    title: str
    number: int
    folder: Path = FOLDER
    html: list[str] = field(default_factory=list)
    pictures: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        line = f"{self.number}. {self.title}"
        print(f"\n{line}\n{'=' * len(line)}")

    def heading(self, text: str) -> None:
        """Begin a part of the lesson."""
        print(f"\n{text}\n{'-' * len(text)}")
        self.html.append(f"<h3>{_marked(text)}</h3>")

    def say(self, text: str) -> None:
        """Explain something: a paragraph."""
        text = " ".join(text.split())
        print(f"\n{textwrap.fill(text, WIDTH)}")
        self.html.append(f"<p>{_marked(text)}</p>")

    def formula(self, text: str) -> None:
        """Show a formula, as one would write it on a line of code."""
        print(f"\n{textwrap.indent(text, '    ')}")
        self.html.append(f'<pre class="formula">{escape(text)}</pre>')

    def code(self, *sources: Callable[..., Any] | type | str) -> None:
        """Show code: the text of functions and classes of the lesson, or lines of one's own."""
        texts = [each if isinstance(each, str) else inspect.getsource(each) for each in sources]
        text = "\n\n".join([textwrap.dedent(each).strip("\n") for each in texts])
        print(f"\n{textwrap.indent(text, '    ')}")
        self.html.append(f'<pre class="code"><code>{escape(text)}</code></pre>')

    def output(self, *lines: Any) -> None:
        """Show what was computed: numbers, tables, anything that prints."""
        text = "\n".join(map(str, lines))
        print(f"\n{text}")
        self.html.append(f'<pre class="output">{escape(text)}</pre>')

    def check(self, claim: str, found: Any, expected: Any, tolerance: float = 1e-6) -> None:
        """Claim that two results are the same numbers, and see to it. What the page says of it ends with how equal they are.

        Raises:
            SystemExit: if they are not.
        """
        found, expected = (np.asarray(_plain(each), float) for each in (found, expected))
        error = float(np.max(np.abs(found - expected) / np.maximum(1, np.abs(expected)), initial=0))
        most = float(Context(prec=1, rounding=ROUND_UP).create_decimal(error))
        holds = error <= tolerance
        missed = "" if holds else f"not within {tolerance:.0e}, but "
        self.claim(f"{claim} ({missed}equal to within {most:.0e})" if error else f"{claim} (equal)", holds)

    def claim(self, text: str, holds: bool) -> None:
        """Claim something that was computed.

        Raises:
            SystemExit: if it does not hold.
        """
        print("\n" + textwrap.fill(text, WIDTH, initial_indent=f"  {'✓' if holds else '✗'} ", subsequent_indent="    "))
        self.html.append(f'<p class="claim">✓ {_marked(text)}</p>')
        if not holds:
            raise SystemExit(f"lesson {self.number}: expected that this holds, and it does not: {text}")

    def ask(self, *questions: str) -> None:
        """End the lesson with questions to think about."""
        self.heading("To think about")
        texts = [" ".join(each.split()) for each in questions]
        for i, text in enumerate(texts, start=1):
            print("\n" + textwrap.fill(text, WIDTH, initial_indent=f"{i}. ", subsequent_indent="   "))
        self.html.append(f"<ol>{''.join([f'<li>{_marked(text)}</li>' for text in texts])}</ol>")

    def show(self, figure: Figure, name: str, caption: str) -> None:
        """Save a picture, and close it."""
        path = self._path(name, "png")
        figure.savefig(path, dpi=120)
        pyplot.close(figure)
        content = base64.b64encode(path.read_bytes()).decode()
        self._picture(path, f'<img alt="{escape(caption)}" src="data:image/png;base64,{content}">', caption)

    def show_graph(self, result: ag.Tensor, name: str, caption: str, **settings: Any) -> None:
        """Save the picture of a recorded graph."""
        path = self._path(name, "svg")
        ag.draw(result, **settings).save(path)
        svg = re.sub(r"^.*?(?=<svg)", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        content = base64.b64encode(svg.encode()).decode()
        self._picture(path, f'<img alt="{escape(caption)}" src="data:image/svg+xml;base64,{content}">', caption)

    def _path(self, name: str, ending: str) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / f"{self.number:02}_{name}.{ending}"

    def _picture(self, path: Path, image: str, caption: str) -> None:
        self.pictures.append(path)
        print(f"\n  picture: {path}\n{textwrap.fill(caption, WIDTH, initial_indent='  ', subsequent_indent='  ')}")
        self.html.append(f"<figure>{image}<figcaption>{_marked(caption)}</figcaption></figure>")


def run(lesson: Callable[[Page], None], file: str) -> None:
    """Run one lesson from the command line; ``file`` is the lesson's own, whose name begins with its number."""
    parser = argparse.ArgumentParser(description=inspect.getdoc(lesson))
    parser.add_argument("--out", type=Path, default=FOLDER, help=f"folder for the pictures (default: {FOLDER})")
    options = parser.parse_args()
    page = page_of(lesson, Path(file), options.out)
    print(f"\nin {options.out}: {', '.join([each.name for each in page.pictures])}")


def page_of(lesson: Callable[[Page], None], file: Path, folder: Path) -> Page:
    """The page of a lesson, which is run for it. Its title is the first line of its docstring."""
    ag.seed(0)
    title = (inspect.getdoc(lesson) or "").partition("\n")[0].rstrip(".")
    page = Page(title, int(file.name[:2]), folder)
    lesson(page)
    return page


def _plain(value: Any) -> Any:
    """The numbers of a tensor, recorded or not."""
    return value.detach().numpy() if isinstance(value, ag.Tensor) else value


def _marked(text: str) -> str:
    """Text as HTML, with code where backquotes are."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
