"""Every function and ufunc that NumPy lets others answer for is answered, as the page ``docs/numpy.md`` says."""

import inspect
import re
import runpy
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import overrides

import autograd as ag
from autograd.record import BY_NUMPY
from benchmarks.cases import function_cases, op_cases

DOCS = Path(__file__).parents[1] / "docs"
GENERATE = runpy.run_path(str(DOCS / "generate.py"))
CASES = [*op_cases(), *function_cases()]
EVERY = {GENERATE["name_of"](each): each for each in (*GENERATE["functions"](), *GENERATE["ufuncs"]())}


@pytest.mark.parametrize("name", EVERY)
def test_it_is_answered(name):
    """By a gradient, by a plain result, by a write, by a tensor made, or by an error that says why."""
    kind, why = GENERATE["answer_to"](EVERY[name], CASES)
    assert kind in GENERATE["MEANINGS"]
    assert bool(why) == (kind == "raises")


def test_numpy_lists_at_least_what_it_listed_when_this_was_written():
    listed = overrides.get_overridable_numpy_array_functions()
    assert len(listed) >= 302
    assert {GENERATE["name_of"](each) for each in listed} == set(map(GENERATE["name_of"], GENERATE["functions"]()))
    assert len(GENERATE["ufuncs"]()) >= 127


def test_the_page_is_what_the_script_makes():
    page = (DOCS / "numpy.md").read_text(encoding="utf-8")
    if re.search(r"NumPy (\d+\.\d+)", page)[1] == ".".join(np.__version__.split(".")[:2]):
        made = re.sub(r"NumPy [\d.]+\)", "", GENERATE["page"]())
        assert re.sub(r"NumPy [\d.]+\)", "", page) == made, "run python docs/generate.py"


def positional(function):
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [each for each in inspect.signature(function).parameters.values() if each.kind in kinds]


@pytest.mark.parametrize("name", [name for name, each in EVERY.items() if each in BY_NUMPY and not isinstance(each, np.ufunc)])
def test_arguments_by_position_mean_what_they_mean_in_numpy(name):
    """Each place has the same name as NumPy's, or, for the arrays in front, a name that cannot be given."""
    for ours, theirs in zip(positional(BY_NUMPY[EVERY[name]]), positional(EVERY[name]), strict=False):
        assert ours.kind is ours.POSITIONAL_ONLY or ours.name == theirs.name or (name, ours.name) in RENAMED


RENAMED = {("np.clip", "x"), ("np.clip", "min"), ("np.clip", "max")}


def test_every_answer_is_public():
    """Whoever knows a function as np.NAME finds it as ag.NAME."""
    missing = [
        name
        for name, each in EVERY.items()
        if each in BY_NUMPY and not isinstance(each, np.ufunc) and not _found(PLACES.get(name.rpartition(".")[0], "np"), name)
    ]
    assert not missing


PLACES = {"np.lib.scimath": "np.emath", "np.linalg": "np.linalg", "np.fft": "np.fft"}


def _found(module, name):
    place = ag
    for part in (*module.split(".")[1:], name.rpartition(".")[2]):
        place = getattr(place, part, None)
    return place is not None
