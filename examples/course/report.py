"""The course as one page of HTML, with the pictures in it: something to hand out."""

from collections.abc import Sequence
from html import escape

from examples.course.page import Page

STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --muted: #5b6573; --paper: #ffffff; --panel: #f4f6f8; --line: #dfe4e9;
  --accent: #0b5cad; --good: #0a7a4b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ee; --muted: #9aa5b3; --paper: #14181d; --panel: #1d232a;
  --line: #313942; --accent: #7bb8ff; --good: #5fd0a0; } figure img { background: #ffffff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 1.05rem/1.6 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
h1 { font-size: 2.1rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.55rem; margin: 3.5rem 0 1rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p { margin: .7rem 0; max-width: 52rem; }
section ol { max-width: 52rem; padding-left: 1.5rem; }
nav ol { columns: 2; column-gap: 2.5rem; padding-left: 1.5rem; }
a { color: var(--accent); }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .9em; }
p code, figcaption code { background: var(--panel); border-radius: 4px; padding: .1em .3em; }
pre { margin: .9rem 0; padding: .8rem 1rem; overflow-x: auto; line-height: 1.45; border-radius: 8px; background: var(--panel);
  font-size: .84rem; }
pre code { font-size: inherit; }
pre.code { border-left: 3px solid var(--accent); }
pre.output { border: 1px solid var(--line); background: none; }
pre.formula { background: none; font-size: 1rem; padding: .2rem 1.5rem; }
p.claim { color: var(--good); }
figure { margin: 1.5rem 0; }
figure img { max-width: 100%; height: auto; display: block; margin: 0 auto; border-radius: 6px; }
figcaption { color: var(--muted); font-size: .92rem; margin-top: .5rem; text-align: center; }
.lead { color: var(--muted); }
@media (max-width: 40rem) { nav ol { columns: 1; } }
@media print { body { max-width: none; font-size: 10.5pt; } h2 { break-before: page; border: 0; }
  figure, pre { break-inside: avoid; } pre { white-space: pre-wrap; } }
"""


def html_of(pages: Sequence[Page], title: str, lead: str) -> str:
    """One page of HTML that needs no other file."""
    contents = "".join(
        [f'<li value="{page.number}"><a href="#lesson-{page.number}">{escape(page.title)}</a></li>' for page in pages]
    )
    lessons = "".join(
        [
            f'<section id="lesson-{page.number}"><h2>{page.number}. {escape(page.title)}</h2>\n'
            + "\n".join(page.html)
            + "</section>\n"
            for page in pages
        ]
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f'<style>{STYLE}</style></head>\n<body><header><h1>{escape(title)}</h1><p class="lead">{escape(lead)}</p>'
        f"<nav><ol>{contents}</ol></nav></header>\n{lessons}</body></html>\n"
    )
