"""DOT text -> image, by a program that lays graphs out.

Preferred is Graphviz itself, ``dot``, where it is installed; else ``graphviz-pure``, its port that pip installs with this
library. A program that the user has set in the ``graphviz`` package (``graphviz.backend.dot_command.DOT_BINARY``) is
taken first. That setting is read and never written, so that drawings in several threads, and the user's own, do not meet.
"""

import math
import re
import shutil
from pathlib import Path

TIME_LIMIT = 120  # seconds for one layout
SHARP = 192  # dots per inch of a small picture: twice what a screen has
PIXELS = 24e6  # of a large picture, which gets fewer dots per inch
SIDE = 30_000  # pixels; more than 32767 no program draws


def svg(source: str) -> str:
    """The drawing as SVG.

    Raises:
        RuntimeError: when no program is found, or it fails, or takes longer than ``TIME_LIMIT``.
    """
    return _run(source, "svg").decode()


def png(source: str, laid_out: str) -> bytes:
    """The drawing as PNG, as sharp as its size allows, which is read from ``laid_out``, its SVG."""
    found = re.search(r'<svg width="([\d.]+)pt" height="([\d.]+)pt"', laid_out)
    width, height = map(float, found.groups()) if found else (1000.0, 1000.0)
    inches = max(width, 1.0) / 72, max(height, 1.0) / 72
    dpi = min(SHARP, math.sqrt(PIXELS / (inches[0] * inches[1])), SIDE / max(inches))
    return _run(source, "png", f"-Gdpi={dpi:.2f}")


def pdf(source: str) -> bytes:
    """The drawing as PDF, which ``graphviz-pure`` cannot write.

    Raises:
        RuntimeError: as ``svg`` does, and where only ``graphviz-pure`` is installed.
    """
    if program().stem == "graphviz-pure":
        raise RuntimeError(
            "a PDF can only be drawn by Graphviz's own program `dot`, which is not on the PATH. Install Graphviz "
            "(https://graphviz.org/download), or save as .svg, which any browser prints as PDF"
        )
    return _run(source, "pdf")


def program() -> Path:
    """The program that lays graphs out: the user's choice, ``dot``, or ``graphviz-pure``.

    Raises:
        RuntimeError: when there is none.
    """
    # Not at the top: `import autograd` must not wait for them.
    from importlib.metadata import PackageNotFoundError, distribution

    from graphviz.backend import dot_command

    chosen = Path(dot_command.DOT_BINARY)
    if chosen != Path("dot"):
        return chosen
    found = shutil.which("dot")
    if found is not None:
        return Path(found)
    try:
        files = distribution("graphviz-pure").files or []
    except PackageNotFoundError:
        files = []
    for each in files:
        if each.stem == "graphviz-pure" and (path := Path(str(each.locate()))).is_file():
            return path.resolve()
    raise RuntimeError(
        "no program to lay out the graph was found: neither Graphviz's `dot` on the PATH nor the package graphviz-pure. "
        "Run `pip install graphviz-pure`; a .dot file can be saved without it"
    )


def _run(source: str, format: str, *options: str) -> bytes:
    # Not at the top: `import autograd` must not wait for them.
    from subprocess import TimeoutExpired

    from graphviz.backend import dot_command, execute

    command = [program(), *dot_command.command("dot", format)[1:], *options]
    try:
        return execute.run_check(command, input=source.encode(), capture_output=True, quiet=True, timeout=TIME_LIMIT).stdout
    except TimeoutExpired:
        raise RuntimeError(
            f"{command[0]} was stopped after {TIME_LIMIT} seconds of laying out the graph. Draw a part of it, pass "
            "constants=False or scopes=False, or save a .dot file and lay it out on your own"
        ) from None
    except execute.CalledProcessError as error:
        raise RuntimeError(
            f"{command[0]} could not draw the graph: {(error.stderr or b'').decode(errors='replace')}"
        ) from error
