"""The course: what a page is made of, the report, and every lesson as a teacher runs it."""

import html.parser
import importlib
import json
import re

import numpy as np
import pytest
from matplotlib import pyplot

import autograd as ag
import nn
from examples.course import __main__ as course
from examples.course.complete import data, network
from examples.course.page import Page
from examples.course.report import html_of
from tests.documents import ROOT
from tests.examples.running import example, files, looks_drawn

VOID = {"meta", "img"}


class Wellformed(html.parser.HTMLParser):
    """Collects text and pictures, and sees that every element is closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.text, self.images, self.anchors = [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(tag)
        attributes = dict(attributes)
        if tag == "img":
            assert attributes["alt"]
            self.images.append(attributes["src"])
        self.anchors += [attributes[name] for name in ("id", "href") if name in attributes]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        self.text.append(text)


@pytest.fixture
def page(tmp_path):
    return Page("Lines & <points>", 3, tmp_path)


def test_everything_that_a_lesson_says_is_printed_and_in_the_report(page, capsys):
    page.say("A sentence with `code < 3` & more.")
    page.heading("Part")
    page.formula("y = a·x")
    page.code("x = 1 < 2")
    page.code(network)
    page.output(np.arange(3), "text")
    page.check("One and one", 1 + 1, 2.0)
    page.claim("it holds", True)
    figure, axes = pyplot.subplots()
    axes.plot([1, 2])
    page.show(figure, "line", "A line.")
    page.show_graph((ag.tensor([1.0], requires_grad=True) * 2).sum(), "graph", "A graph.")
    printed = capsys.readouterr().out
    found = Wellformed(html_of([page], "Title & more", "Lead"))
    text = " ".join("".join(found.text).split())
    for each in (
        "A sentence with",
        "code < 3",
        "Part",
        "y = a·x",
        "x = 1 < 2",
        "[0 1 2]",
        "(equal)",
        "it holds",
        "A line.",
    ):
        assert each in printed
        assert each in text
    assert "3. Lines & <points>" in text
    assert [each.partition(";")[0] for each in found.images] == ["data:image/png", "data:image/svg+xml"]
    assert {"lesson-3", "#lesson-3"} <= set(found.anchors)
    assert sorted(each.name for each in page.folder.iterdir()) == ["03_graph.svg", "03_line.png"]
    assert looks_drawn(page.folder / "03_line.png")


def test_a_claim_that_does_not_hold_ends_the_lesson(page):
    with pytest.raises(SystemExit, match="lesson 3: expected that this holds, and it does not: less"):
        page.claim("less", 2 < 1)
    with pytest.raises(SystemExit, match="equal to within 1e-03"):
        page.check("Numbers", [1.0, 2.0], [1.001, 2.0])


def test_lessons_are_numbered_without_gaps_and_have_titles():
    assert [int(path.name[:2]) for path in course.LESSONS] == list(range(1, len(course.LESSONS) + 1))
    for path in course.LESSONS:
        module = importlib.import_module(f"examples.course.{path.stem}")
        assert module.__doc__.startswith(f"Lesson {int(path.name[:2])}: ")
        assert f"``python -m examples.course.{path.stem}``" in module.__doc__
        assert re.fullmatch(r"[A-Z].*\.", module.lesson.__doc__.partition("\n")[0])


def test_the_complete_examples_data_are_split_before_they_are_scaled():
    table = data()
    assert table.x_train.shape == (800, 20)
    assert table.x_test.shape == (200, 20)
    assert np.abs(table.x_train.mean(axis=0)).max() < 1e-5
    assert np.abs(table.x_test.mean(axis=0)).max() > 0.01
    shares = np.bincount(table.y_train) / 800, np.bincount(table.y_test) / 200
    assert shares[0] == pytest.approx(shares[1], abs=0.005)
    assert (
        sum(each.size for each in nn.Sequential(network()).parameters())
        == 20 * 64 + 64 + 64 * 32 + 32 + 32 * 16 + 16 + 51 + 2 * 112
    )


@pytest.mark.slow
def test_the_whole_course(tmp_path):
    done = example("course", "--out", tmp_path, folder=tmp_path)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    found = Wellformed((tmp_path / "report.html").read_text())
    pictures = [each for each in tmp_path.iterdir() if each.suffix in (".png", ".svg")]
    assert len(found.images) == len(pictures) >= len(course.LESSONS)
    assert all(looks_drawn(each) for each in pictures if each.suffix == ".png")
    assert {each.name[:2] for each in pictures} == {path.name[:2] for path in course.LESSONS}
    for part in re.split("<section", (tmp_path / "report.html").read_text())[1:]:
        assert "What to take away" in part
        assert part.rstrip().removesuffix("</body></html>").rstrip().endswith("</ol></section>")
    assert "✗" not in done.stdout


@pytest.mark.slow
def test_one_lesson_by_itself(tmp_path):
    done = example("course.01_network", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert files(tmp_path) == ["out/course/01_diagram.png"]
    assert done.stdout.endswith("in out/course: 01_diagram.png\n")


@pytest.mark.slow
def test_the_complete_example_is_as_accurate_as_in_pytorch():
    """Within one point of the mean that was recorded there; a mean over twenty seeds scatters by a third of a point."""
    recorded = json.loads((ROOT / "tests" / "data" / "complete_example.json").read_text())
    table, lesson = data(), importlib.import_module("examples.course.07_complete_example")
    accuracies = [lesson.trained(table, seed)[0].evaluate(table.x_test, table.y_test)["accuracy"] for seed in range(20)]
    assert abs(np.mean(accuracies) - np.mean(recorded["accuracy"])) < 0.01, accuracies
