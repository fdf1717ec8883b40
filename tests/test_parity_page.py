"""The parity page has a row for every call's name, and every public name somewhere; its figures keep the bounds."""

import re
import runpy

from benchmarks import parity
from tests.documents import ROOT

GENERATE = runpy.run_path(str(ROOT / "docs" / "generate_parity.py"))
TEXT = (ROOT / "docs" / "parity.md").read_text()
ROWS = {
    name: [each.strip() for each in rest.split("|")]
    for name, rest in re.findall(r"^\| `([\w.]+)` \| (.*) \|$", TEXT, re.MULTILINE)
}


def test_there_is_a_row_for_each_name_that_was_recorded():
    counts = {name: len(cases) for name, cases in parity.rows_by_name().items()}
    assert {name: int(cells[0]) for name, cells in ROWS.items()} == counts
    assert f"{len(counts)} names,\n{sum(counts.values()):,} calls" in TEXT


def test_every_public_name_is_somewhere():
    elsewhere = {name for names in GENERATE["ELSEWHERE"].values() for name in names}
    written = {name.removeprefix("optim.") for name in ROWS}
    assert not elsewhere & written
    assert GENERATE["public_names"]() <= written | elsewhere
    for name in elsewhere:
        assert f"`{name}`" in TEXT


def test_figures_keep_the_bounds():
    for name, (_, *figures) in ROWS.items():
        assert figures[0], name
        double, single = figures[:3], figures[3:]
        assert all(not each or float(each) <= 1e-9 for each in double), name
        assert all(not each or float(each) <= 1e-4 for each in single), name
