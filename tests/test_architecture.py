"""The house: imports run one way, heavy libraries wait until asked, and the public surface is what it is meant to be."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
import nn
from autograd.operators import METHODS

ROOT = Path(__file__).parents[1]

# Each room may import from the rooms above it, and nothing below.
ORDER = [
    "autograd.errors",
    "autograd.spellings",
    "autograd.samples",
    "autograd.modes",
    "autograd.node",
    "autograd.record",
    "autograd.writes",
    "autograd.tensors",
    "autograd.batched",
    "autograd.batch_rules",
    "autograd.recomputation",
    "autograd.views",
    "autograd.gate",
    "autograd.ops",
    "autograd.data_types",
    "autograd.emath",
    "autograd.fft",
    "autograd.linalg",
    "autograd.random",
    "autograd.special",
    "autograd.cotangents",
    "autograd.traversal",
    "autograd.engine",
    "autograd.assignment",
    "autograd.writing",
    "autograd.ufuncs",
    "autograd.answers",
    "autograd.protocols",
    "autograd.operators",
    "autograd.transforms",
    "autograd.checking",
    "autograd.graph",
    "autograd.drawing",
    "autograd",
    "nn.parameter",
    "nn.inputs",
    "nn.pictures",
    "nn.paths",
    "nn.spellings",
    "nn.hooks",
    "nn.states",
    "nn.module",
    "nn.substitution",
    "nn.vectors",
    "nn.evaluation",
    "nn.truncation",
    "nn.init",
    "nn.kernels",
    "nn.losses",
    "nn.functional",
    "nn.layers",
    "nn.optim",
    "nn.data",
    "nn.serialization",
    "nn.metrics",
    "nn.inspection",
    "nn.plots",
    "nn.callbacks",
    "nn.training",
    "nn.sklearn",
    "nn",
]
HEAVY = {"graphviz", "importlib.metadata", "matplotlib", "mpmath", "numpy.random", "scipy", "sklearn", "subprocess", "tqdm"}


def modules():
    for folder in ("autograd", "nn"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), ast.parse(path.read_text())


def imported(tree):
    """Modules imported at the top level of a file, outside ``if TYPE_CHECKING``; and those imported inside functions."""
    at_top, inside = set(), set()
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names = {alias.name for alias in node.names}
        else:
            continue
        (at_top if node in top else inside).update(names)
    return at_top, inside


def is_heavy(module):
    return any(f"{module}.".startswith(f"{each}.") for each in HEAVY)


def room(module):
    found = [each for each in ORDER if module == each or module.startswith(each + ".")]
    return max(found, key=len) if found else None


MODULES = dict(modules())


@pytest.mark.parametrize("name", MODULES)
def test_imports_run_one_way(name):
    own = room(name)
    assert own is not None, f"{name} has no room in ORDER"
    wrong = [
        each
        for each in imported(MODULES[name])[0]
        if room(each) is not None and ORDER.index(room(each)) > ORDER.index(own) and name not in ("autograd", "nn")
    ]
    assert not wrong, f"{name} imports from below: {wrong}"


@pytest.mark.parametrize("name", MODULES)
def test_only_heavy_libraries_are_imported_inside_functions(name):
    tree = MODULES[name]
    guarded = {
        f"{inner.module}.{alias.name}"
        for node in tree.body
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in node.body
        if isinstance(inner, ast.ImportFrom)
        for alias in inner.names
    }
    at_top, inside = imported(tree)
    assert not {each for each in inside - guarded if not is_heavy(each)}
    assert not {
        each for each in at_top if is_heavy(each) and not (name.startswith("nn.sklearn") and each.startswith("sklearn"))
    }


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("nn")])
def test_nn_uses_public_names_of_autograd_only(name):
    at_top, _ = imported(MODULES[name])
    private = [each for each in at_top if each.startswith("autograd.") and each.split(".")[1] not in PUBLIC | {"environment"}]
    assert not private
    assert not [
        each for each in at_top if not each.startswith("__future__.") and any(part.startswith("_") for part in each.split("."))
    ]


PUBLIC = set(autograd.__all__)


@pytest.mark.parametrize(
    "package",
    [autograd, autograd.emath, autograd.fft, autograd.linalg, autograd.random, autograd.special, nn],
    ids=["autograd", "emath", "fft", "linalg", "random", "special", "nn"],
)
def test_public_names_exist_once_and_are_documented(package):
    assert len(package.__all__) == len(set(package.__all__))
    for name in package.__all__:
        value = getattr(package, name)
        assert value is None or value.__doc__, f"{name} has no docstring"


def test_no_function_shares_its_name_with_a_module_or_folder():
    stems = {path.stem for folder in ("autograd", "nn") for path in (ROOT / folder).rglob("*.py")}
    folders = {path.name for folder in ("autograd", "nn") for path in (ROOT / folder).rglob("*") if path.is_dir()}
    shared = {name for name in (*autograd.__all__, *nn.__all__) if name in stems | folders}
    assert shared <= {
        "batch_rules",
        "callbacks",
        "data",
        "emath",
        "fft",
        "functional",
        "init",
        "linalg",
        "metrics",
        "modes",
        "optim",
        "plots",
        "random",
        "samples",
        "special",
    }  # which are these modules themselves


def test_the_stub_of_tensor_lists_what_a_tensor_has():
    tree = ast.parse((ROOT / "autograd" / "tensors.pyi").read_text())
    declared = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Tensor")
    names = {node.name for node in declared.body if isinstance(node, ast.FunctionDef)}
    ours = {name for name in vars(autograd.Tensor) if not name.startswith("_") or name.startswith("__")}
    machinery = {
        "__annotations__",
        "__doc__",
        "__module__",
        "__slots__",
        "__weakref__",
        "__array_priority__",
        "__getattr__",
        "__repr__",
        "__str__",
    }
    assert names == ours - machinery


@pytest.mark.parametrize("name", METHODS)
def test_the_stub_of_tensor_has_the_arguments_of_each_method(name):
    tree = ast.parse((ROOT / "autograd" / "tensors.pyi").read_text())
    declared = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name).args
    ours = list(inspect.signature(METHODS[name]).parameters.values())[1:]
    keyword_only = [each.name for each in ours if each.kind is each.KEYWORD_ONLY]
    starred = next((each.name for each in ours if each.kind is each.VAR_POSITIONAL), None)
    positional = [each.name for each in ours if each.name not in (*keyword_only, starred)]
    assert [each.arg for each in (*declared.posonlyargs, *declared.args)][1:] == positional
    assert [each.arg for each in declared.kwonlyargs] == keyword_only
    assert (declared.vararg.arg if declared.vararg else None) == starred


def test_heavy_libraries_wait_until_asked():
    heavy = HEAVY - {"subprocess"}
    code = f"import sys, autograd, nn; print(sorted({heavy} & set(sys.modules)))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert printed.strip() == "[]"


@pytest.mark.parametrize("package", ["autograd", "nn"])
def test_hips_autograd_in_the_same_environment_is_named(package, tmp_path):
    """Both libraries install a package called autograd, so one has overwritten files of the other."""
    folder = tmp_path / "autograd-1.9.1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: autograd\nVersion: 1.9.1\n")
    code = f"import sys; sys.path.append({str(tmp_path)!r}); import {package}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert run.returncode != 0
    assert "ImportError" in run.stderr
    assert "HIPS autograd 1.9.1" in run.stderr
    assert "pip uninstall autograd" in run.stderr
