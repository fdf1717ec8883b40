"""The README is true: its programs run and print what they say, its commands are those of CI, its pictures exist."""

import re

import pytest

from tests.documents import ROOT, blocks, links, run

README = ROOT / "README.md"
TEXT = README.read_text()


def test_every_program_runs_in_order(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    outcome = run(README)
    assert len(outcome) >= 5
    printed = "".join([each for each, _ in outcome])
    shown = re.findall(r"print\(.*?\)  # (Tensor.*)", TEXT)
    assert shown
    assert all(each in printed for each in shown)
    assert (tmp_path / "graph.svg").stat().st_size > 1000
    assert (tmp_path / "out" / "xor.svg").stat().st_size > 1000


def test_the_first_contact_is_the_example():
    example = (ROOT / "examples" / "xor.py").read_text().split('"""\n', 1)[1].strip()
    assert example in TEXT
    assert len([line for line in example.splitlines() if line and not line.startswith("import")]) <= 20


def test_ci_calls_the_test_command():
    assert any(block.rstrip().endswith("&& python -m pytest") for block in blocks(TEXT, "sh"))
    assert "\npython -m pytest\n" in (ROOT / ".ci" / "run").read_text()


@pytest.mark.parametrize("path", links(TEXT))
def test_what_is_linked_exists(path):
    assert (ROOT / path).exists()
