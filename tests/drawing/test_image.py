"""From DOT text to an image: the formats, the program that draws, and what happens where there is none."""

import importlib.metadata
import shutil
import sys
import xml.etree.ElementTree as ElementTree

import matplotlib.image
import numpy as np
import pytest
from graphviz.backend import dot_command

from autograd.drawing import image

SMALL = 'digraph { a [label="first"]; b [label="second"]; a -> b }'
WIDE = "digraph { rankdir=LR; " + " -> ".join(f"n{i}" for i in range(400)) + " }"


def test_svg_is_xml_with_the_labels():
    root = ElementTree.fromstring(image.svg(SMALL))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")] == ["first", "second"]


def png_size(source, tmp_path):
    content = image.png(source, image.svg(source))
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    path = tmp_path / "picture.png"
    path.write_bytes(content)
    pixels = matplotlib.image.imread(path)
    assert np.ptp(pixels[..., :3]) > 0.5  # something is drawn
    return pixels.shape[:2]


def points(source):
    root = ElementTree.fromstring(image.svg(source))
    return [float(root.get(side).removesuffix("pt")) for side in ("height", "width")]


def test_a_small_png_is_sharp(tmp_path):
    expected = np.array(points(SMALL)) * image.SHARP / 72
    np.testing.assert_allclose(png_size(SMALL, tmp_path), expected, atol=6)


def test_a_large_png_has_fewer_dots_per_inch(tmp_path):
    height, width = png_size(WIDE, tmp_path)
    assert max(points(WIDE)) * image.SHARP / 72 > image.SIDE
    assert width == pytest.approx(image.SIDE, rel=0.01)
    assert height * width <= image.PIXELS


def test_a_pdf_needs_dot_itself(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(RuntimeError, match=r"PDF.*`dot`.*not on the PATH.*save as \.svg"):
        image.pdf(SMALL)


def fake_dot(tmp_path, script):
    path = tmp_path / "dot"
    path.write_text(f"#!{sys.executable}\n{script}\n")
    path.chmod(0o755)
    return path


def test_a_dot_on_the_path_is_preferred_and_writes_pdf(monkeypatch, tmp_path):
    path = fake_dot(tmp_path, "import sys; print(*sys.argv[1:], sys.stdin.read())")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert image.program() == path
    assert image.pdf("digraph {}") == b"-Kdot -Tpdf digraph {}\n"


def test_the_users_own_choice_comes_first_and_stays(monkeypatch, tmp_path):
    path = fake_dot(tmp_path, "print('<svg chosen>')")
    monkeypatch.setattr(dot_command, "DOT_BINARY", path)
    assert image.svg(SMALL) == "<svg chosen>\n"
    assert path == dot_command.DOT_BINARY


def test_drawing_leaves_the_users_setting_as_it_is():
    before = dot_command.DOT_BINARY
    image.svg(SMALL)
    assert before is dot_command.DOT_BINARY


def test_no_program_at_all(monkeypatch):
    def nothing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(importlib.metadata, "distribution", nothing)
    with pytest.raises(RuntimeError, match=r"neither Graphviz's `dot` on the PATH nor.*pip install graphviz-pure"):
        image.svg(SMALL)


def test_a_program_that_takes_too_long(monkeypatch, tmp_path):
    fake_dot(tmp_path, "import time; time.sleep(60)")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(image, "TIME_LIMIT", 0.2)
    with pytest.raises(RuntimeError, match=r"dot was stopped after 0\.2 seconds.*constants=False"):
        image.svg(SMALL)


def test_a_program_that_fails():
    with pytest.raises(RuntimeError, match="could not draw the graph: .*syntax error"):
        image.svg("digraph { -> }")


def test_warnings_of_the_program_stay_out_of_sight(capfd):
    image.svg('digraph { a [label="· ×"] }')
    assert capfd.readouterr() == ("", "")
