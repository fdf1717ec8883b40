"""The whole course: runs every lesson in order, and writes ``out/course/report.html``."""

import argparse
import importlib
import time
from pathlib import Path

from examples.course import __doc__ as about
from examples.course.page import FOLDER, Page, page_of
from examples.course.report import html_of

LESSONS = sorted(path for path in Path(__file__).parent.glob("[0-9][0-9]_*.py"))
TITLE = "A first course on neural networks"
LEAD = (
    "From a single neuron to networks that are trained, compared and looked into. Every number, table and picture on this page "
    "was computed when it was made; each lesson is a program of its own, examples/course/NN_name.py."
)


def main() -> None:
    """Run the lessons, and write the report."""
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=FOLDER, help=f"folder for report and pictures (default: {FOLDER})")
    numbers = [int(path.name[:2]) for path in LESSONS]
    parser.add_argument(
        "--only", type=int, choices=numbers, action="append", metavar="NUMBER", help="this lesson; may be repeated"
    )
    options = parser.parse_args()

    begin = time.perf_counter()
    pages: list[Page] = []
    for path in LESSONS:
        if options.only and int(path.name[:2]) not in options.only:
            continue
        start = time.perf_counter()
        pages.append(page_of(importlib.import_module(f"examples.course.{path.stem}").lesson, path, options.out))
        print(f"\n(lesson {pages[-1].number}: {time.perf_counter() - start:.1f} s)")
    options.out.mkdir(parents=True, exist_ok=True)
    report = options.out / "report.html"
    report.write_text(html_of(pages, TITLE, LEAD), encoding="utf-8")
    count = sum(len(page.pictures) for page in pages)
    print(f"\n{report}: {len(pages)} lessons, {count} pictures, {time.perf_counter() - begin:.0f} s in all")


if __name__ == "__main__":
    main()
