"""Running an example as a user does, in a folder of its own, and looking at what it leaves behind."""

import os
import subprocess
import sys
from pathlib import Path

import matplotlib.image

ROOT = Path(__file__).parents[2]


def example(name, *arguments, folder):
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", f"examples.{name}", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def looks_drawn(path):
    picture = matplotlib.image.imread(path)
    return min(picture.shape[:2]) > 200 and picture[..., :3].std() > 0.01


def files(folder):
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())
