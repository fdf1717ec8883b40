"""The pages in ``docs`` are true: their programs run in order and print what the page shows; what they link to exists."""

from itertools import pairwise

import matplotlib
import pytest

from autograd.record import BY_NUMPY, BY_SCIPY
from tests.documents import ROOT, blocks, fenced, links, run

PAGES = sorted((ROOT / "docs").glob("*.md"))
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


@pytest.fixture
def _answers_stay():
    """What a page's ops answer for is forgotten afterwards."""
    tables = [(table, dict(table)) for table in (BY_NUMPY, BY_SCIPY)]
    yield
    for table, before in tables:
        table.clear()
        table.update(before)


@each_page
@pytest.mark.usefixtures("_answers_stay")
def test_every_program_runs_and_prints_what_the_page_shows(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    matplotlib.use("Agg")
    outcome = run(page)
    assert len(outcome) == len(blocks(page.read_text(), "python"))
    for printed, shown in outcome:
        assert shown is None or printed == shown


@each_page
def test_every_shown_output_stands_below_a_program(page):
    languages = [each.language for each in fenced(page.read_text())]
    for before, language in pairwise(["", *languages]):
        assert language != "text" or before == "python"


@each_page
def test_what_is_linked_exists(page):
    for path in links(page.read_text()):
        assert (page.parent / path).exists(), path


def test_a_wrong_output_is_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```python\nx = 1\n```\n\n```python\nprint(x)\n```\n\n```text\n2\n```\n")
    assert run(page) == [("", None), ("1\n", "2\n")]


def test_the_page_on_ops_has_its_program():
    assert len(blocks((ROOT / "docs" / "your-own-op.md").read_text(), "python")) >= 15
