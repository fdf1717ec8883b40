"""The benchmarks' commands: each is run as a user runs it, with --quick, and what it leaves behind is looked at."""

import json
import subprocess
import sys
from pathlib import Path

import matplotlib.image
import pytest

from autograd.record import OPS
from benchmarks import agreement, contestants, fit, gradcheck, memory, training, transforms

ROOT = Path(__file__).parents[2]


def benchmarks(*arguments):
    command = [sys.executable, "-W", "error", "-m", "benchmarks", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def saved(folder, name):
    """The JSON that a benchmark wrote, after a look at its picture."""
    picture = matplotlib.image.imread(folder / f"{name}.png")
    assert min(picture.shape[:2]) > 200
    assert picture[..., :3].std() > 0.01  # something is drawn
    results = json.loads((folder / f"{name}.json").read_text())
    assert results["benchmark"] == name
    assert results["machine"]["numpy"]
    return results


def test_without_a_name_they_are_listed():
    done = benchmarks()
    assert done.returncode == 0, done.stderr
    for name in ("gradcheck", "agreement", "parity", "dispatch", "transforms", "training", "fit", "memory", "resume"):
        assert name in done.stdout


def test_an_unknown_name_is_refused():
    done = benchmarks("speed")
    assert done.returncode == 2
    assert "invalid choice: 'speed'" in done.stderr


BAD_OPTIONS = {
    "no steps that could be compared": (
        ("memory", "--steps", 5),
        "--steps: expected a whole number of at least 11, received '5'",
    ),
    "an empty chain": (("memory", "--ops", 0), "--ops: expected a whole number of at least 2, received '0'"),
    "what is no number": (("memory", "--ops", "many"), "--ops: expected a whole number of at least 2, received 'many'"),
    "no rounds": (("dispatch", "--rounds", 0), "--rounds: expected a whole number of at least 1, received '0'"),
    "a file in place of the folder": (("gradcheck", "--out", __file__), f"expected a folder, received '{__file__}'"),
    "a folder in a file": (("memory", "--out", f"{__file__}/out"), f"where '{__file__}' is a file"),
}


@pytest.mark.parametrize(("arguments", "message"), BAD_OPTIONS.values(), ids=BAD_OPTIONS)
def test_bad_options_are_refused_before_anything_is_measured(arguments, message):
    done = benchmarks(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr


# ---------------------------------------------------------------- gradcheck


@pytest.mark.slow
def test_gradcheck_has_a_row_for_each_op(tmp_path):
    done = benchmarks("gradcheck", "--quick", "--out", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all first and second derivatives within 1e-06" in done.stdout
    results = saved(tmp_path, "gradcheck")
    rows = {row["op"]: row for row in results["ops"]}
    assert set(rows) == {name for name, op in OPS.items() if op.samples}
    assert {"linear", "softmax_cross_entropy"} <= set(rows)  # of nn
    for name, row in rows.items():
        assert name in done.stdout
        assert row["passed"]
        assert row["numpy"] > 0
        assert row["forward"] > 0
        assert (row["first"] is None) == (row["backward"] is None)
        if not OPS[name].differentiable:
            assert row["first"] is None
        if row["first"] is not None:
            assert 0 <= row["first"] <= 1e-6
            assert 0 <= row["second"] <= 1e-6


def test_gradcheck_of_one_op(tmp_path):
    done = benchmarks("gradcheck", "--quick", "--out", tmp_path, "--only", "tanh", "--only", "multiply")
    assert done.returncode == 0, done.stderr
    assert [row["op"] for row in saved(tmp_path, "gradcheck")["ops"]] == ["multiply", "tanh"]
    lines = done.stdout.splitlines()
    assert lines[0].split()[:2] == ["op", "family"]
    assert [line.split()[0] for line in lines[2:4]] == ["multiply", "tanh"]


def test_gradcheck_of_one_op_without_a_gradient(tmp_path):
    done = benchmarks("gradcheck", "--quick", "--out", tmp_path, "--only", "argmax")
    assert done.returncode == 0, done.stderr
    assert "\n1 op, none with a gradient; nothing to compare\n" in done.stdout
    (row,) = saved(tmp_path, "gradcheck")["ops"]
    assert row["first"] is None


def test_the_title_counts_the_gradients():
    def rows(*errors):
        return [{"first": each, "second": each} for each in errors]

    assert gradcheck.title(rows(1e-9, None, 2e-10)) == (
        "Gradients of 2 ops against finite differences: worst error 1e-09, allowed 1e-06"
    )
    assert gradcheck.title(rows(1e-9)).startswith("Gradients of 1 op against")
    assert gradcheck.title(rows(None)) == "Time of 1 op without a gradient"


def test_gradcheck_of_an_op_that_is_none(tmp_path):
    done = benchmarks("gradcheck", "--only", "tanj", "--out", tmp_path)
    assert done.returncode == 2
    assert "no op with samples is called tanj; there are: " in done.stdout
    assert "tanh" in done.stdout


def test_gradcheck_fails_on_a_wrong_gradient(tmp_path):
    """A gradient broken on purpose, in a process of its own."""
    program = (
        "import sys\n"
        "from autograd.ops.elementwise.trigonometric import tanh\n"
        "from benchmarks.__main__ import main\n"
        "tanh.vjp(x=lambda g, out: g * (1 + out * out))\n"
        f"sys.exit(main(['gradcheck', '--quick', '--only', 'tanh', '--out', {str(tmp_path)!r}]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "WRONG: tanh" in done.stdout
    (row,) = saved(tmp_path, "gradcheck")["ops"]
    assert not row["passed"]
    assert row["first"] > 1e-3


# ---------------------------------------------------------------- agreement


def agreement_saved(folder):
    results = json.loads((folder / "agreement.json").read_text())
    assert results["benchmark"] == "agreement"
    assert results["machine"]["numpy"]
    assert "JAX" in results["made by"]
    return results["functions"]


def test_agreement_has_a_row_for_each_function_and_a_column_for_each_quantity(tmp_path):
    done = benchmarks("agreement", "--quick", "--out", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\n40 functions, 19 quantities each; all within 1e-09 of JAX's\n" in done.stdout
    rows = {row["function"]: row for row in agreement_saved(tmp_path)}
    assert list(rows) == list(agreement.CASES)
    headers, _, *lines = done.stdout.splitlines()
    assert headers.split() == ["function", *" ".join(agreement.QUANTITIES).split()]
    for line, (name, row) in zip(lines, rows.items(), strict=False):
        assert line.startswith(f"{name}  ")
        assert list(row["errors"]) == list(agreement.QUANTITIES)
        assert len(line.removeprefix(name).split()) == len(row["errors"])
        assert all(0 <= each <= 1e-9 for each in row["errors"].values())
        assert row["passed"]
    assert lines[len(rows)].startswith("worst  ")


def test_agreement_of_one_function(tmp_path):
    done = benchmarks("agreement", "--out", tmp_path, "--only", "Rosenbrock")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\n1 function, 19 quantities each; " in done.stdout
    assert "worst" not in done.stdout
    (row,) = agreement_saved(tmp_path)
    assert row["function"] == "Rosenbrock"


def test_agreement_of_a_function_that_is_none(tmp_path):
    done = benchmarks("agreement", "--only", "Rosenbrok", "--out", tmp_path)
    assert done.returncode == 2
    assert "no function is called Rosenbrok; there are: " in done.stdout
    assert "Rosenbrock" in done.stdout


BROKEN = {
    "a wrong gradient": ("g * (1 + out * out)", "WRONG: Ising energy", None),
    "a gradient that is not finite": ("g * np.inf", "Ising energy, grad: ValueError: 16 of 18 numbers are not finite", "grad"),
    "a gradient that raises": ("np.linalg.inv(g, g)", "Ising energy, grad: TypeError: ", "grad"),
}


@pytest.mark.parametrize(("rule", "message", "raised"), BROKEN.values(), ids=BROKEN)
def test_agreement_fails_on(tmp_path, rule, message, raised):
    """The derivative of tanh broken on purpose, in a process of its own."""
    program = (
        "import sys\n"
        "import numpy as np\n"
        "from autograd.ops.elementwise.trigonometric import tanh\n"
        "from benchmarks.__main__ import main\n"
        f"tanh.vjp(x=lambda g, out: {rule})\n"
        f"sys.exit(main(['agreement', '--only', 'Ising energy', '--only', 'sorting', '--out', {str(tmp_path)!r}]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert message in done.stdout
    sorting, ising = agreement_saved(tmp_path)
    assert sorting["passed"]
    assert not ising["passed"]
    assert ising["errors"]["vmap"] <= 1e-9
    assert (ising["errors"]["grad"] is None) == (raised == "grad") == ("grad" in ising["raised"])
    if raised is None:
        assert ising["errors"]["grad"] > 1e-3


# ---------------------------------------------------------------- parity


def test_parity_of_one_layer(tmp_path):
    done = benchmarks("parity", "--out", tmp_path, "--only", "Linear", "--only", "functional.linear")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 names, 10 calls; all within 1e-06 (float64) and 1e-04 (float32) of PyTorch's" in done.stdout
    results = json.loads((tmp_path / "parity.json").read_text())
    assert [row["name"] for row in results["names"]] == ["Linear", "functional.linear"]
    for row in results["names"]:
        assert list(row["errors"]["float64"]) == list(row["errors"]["float32"]) == ["value", "gradient", "second"]
        assert max(row["errors"]["float64"].values()) < 1e-9


def test_parity_of_a_layer_that_is_none(tmp_path):
    done = benchmarks("parity", "--only", "Lineal", "--out", tmp_path)
    assert done.returncode == 2
    assert "nothing recorded is called Lineal; there are: " in done.stdout


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("g.sum(tuple(range(len(out_shape) - 1))) * 1.001", "WRONG: Linear"),
        ("undefined(g, out_shape)", "NameError: name 'undefined' is not defined"),
    ],
)
def test_parity_fails_on_a_wrong_gradient(tmp_path, rule, message):
    program = (
        "import sys\n"
        "from benchmarks.__main__ import main\n"
        "from nn.kernels.linear import affine\n"
        f"affine.vjp(bias=lambda g, out_shape: {rule})\n"
        f"sys.exit(main(['parity', '--only', 'Linear', '--out', {str(tmp_path)!r}]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert message in done.stdout


# ---------------------------------------------------------------- training


@pytest.mark.slow
def test_training_times_a_step_of_every_model(tmp_path):
    done = benchmarks("training", "--quick", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    results = saved(tmp_path, "training")
    assert [row["model"] for row in results["rows"]] == list(training.TASKS) == list(training.AIMS)
    for row in results["rows"]:
        assert row["seconds"]["chainrule"] > 0
        assert f"\n{row['model']}  " in done.stdout
    assert "\nmilliseconds, medians of 1 round, float32, one thread; chainrule " in done.stdout


# ---------------------------------------------------------------- fit


@pytest.mark.slow
def test_fit_trains_and_loads(tmp_path):
    done = benchmarks("fit", "--quick", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    results = saved(tmp_path, "fit")
    assert results["trainings"]["chainrule"]["seconds"][0] > 0
    assert 0.2 < results["trainings"]["chainrule"]["accuracy"][0] < 1  # after two epochs, better than wrong
    assert results["batches a second"]["chainrule"][0] > 100


def test_fit_compares_with_each_peer():
    ours, theirs = {"seconds": [1.0, 3.0], "accuracy": [0.5, 0.7]}, {"seconds": [4.0, 4.0], "accuracy": [0.6, 0.6]}
    lines = fit.as_table({"chainrule": ours, "torch": theirs}).split("\n")
    assert lines[2].split() == ["chainrule", "60.00%", "14.14%", "2.000"]
    assert lines[3].split() == ["torch", "60.00%", "0.00%", "4.000", "0.50"]
    assert fit.as_loader_table({"chainrule": [2000.0], "torch": [100.0]}).split("\n")[3].split() == ["torch", "100", "20.0"]


# ---------------------------------------------------------------- resume


@pytest.mark.slow
def test_resume_kills_and_compares(tmp_path):
    done = benchmarks("resume", "--quick", "--out", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 kills: the resumed run ended in the same bits" in done.stdout
    assert json.loads((tmp_path / "resume.json").read_text())["same"] is True


# ---------------------------------------------------------------- dispatch


def test_dispatch_times_every_workload(tmp_path):
    done = benchmarks("dispatch", "--quick", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    results = saved(tmp_path, "dispatch")
    assert list(results["versions"]) == ["chainrule", "numpy"]
    rows = {(row["workload"], row["size"], row["direction"]): row["seconds"] for row in results["rows"]}
    for name in ("add", "multiply", "tanh", "sum"):
        assert {size for workload, size, _ in rows if workload == name} == {1, 4, 1000, 100_000}
    assert {size for workload, size, _ in rows if workload == "matmul"} == {4, 1000}
    assert len(rows) == 2 * (4 * 4 + 2 + 1)
    for (_, _, direction), seconds in rows.items():
        assert seconds["chainrule"] > 0
        assert (seconds["numpy"] is None) == (direction == "forward+backward")
    assert done.stdout.splitlines()[0].split()[:4] == ["workload", "what", "chainrule", "numpy"]


def peer(folder, version):
    """A Python that stands in for a peer: it finds HIPS autograd, by its name and its place, ahead of ours."""
    site = folder / "site"
    (site / "autograd").mkdir(parents=True)
    (site / "autograd-1.0.dist-info").mkdir()
    (site / "autograd-1.0.dist-info" / "METADATA").write_text(f"Metadata-Version: 2.1\nName: autograd\nVersion: {version}\n")
    (site / "autograd" / "numpy.py").write_text("from numpy import *\n")
    (site / "autograd" / "__init__.py").write_text(
        "import numpy\n"
        "def make_vjp(function, argnum):\n"
        "    return lambda *operands: (lambda cotangent: None, function(*operands))\n"
    )
    python = folder / "python"
    python.write_text(
        "#!/bin/sh\n"
        f'exec {sys.executable} -c \'import runpy, sys; sys.path.insert(0, "{site}"); sys.argv = sys.argv[2:]; '
        'runpy.run_path(sys.argv[0], run_name="__main__")\' "$@"\n'
    )
    python.chmod(0o755)
    return python


@pytest.mark.slow
def test_dispatch_compares_with_peers(tmp_path):
    """The same library from three Pythons: in one version, and twice in another."""
    pythons = [peer(tmp_path / name, version) for name, version in (("a", "1.0"), ("b", "2.0"), ("c", "2.0"))]
    done = benchmarks("dispatch", "--quick", "--out", tmp_path, *[each for python in pythons for each in ("--peer", python)])
    assert done.returncode == 0, done.stderr
    results = saved(tmp_path, "dispatch")
    hips = {
        "autograd (HIPS) 1.0": "1.0",
        f"autograd (HIPS) 2.0 in {pythons[1]}": "2.0",
        f"autograd (HIPS) 2.0 in {pythons[2]}": "2.0",
    }
    assert {label: results["versions"][label] for label in hips} == hips
    for label in hips:
        assert all(row["seconds"][label] > 0 for row in results["rows"])
        assert all(len(row["rounds"][label]) == 1 for row in results["rows"])
        assert f"ours / {label}" in done.stdout
    assert done.stdout.count("scalar graph, forward and backward: ") == 3
    assert "\nmicroseconds, medians of 1 round, float32; chainrule " in done.stdout
    assert f"autograd (HIPS) 1.0, autograd (HIPS) 2.0 in {pythons[1]}, " in done.stdout


def test_a_library_that_is_named_once_has_its_name_as_label():
    found = contestants.libraries({("torch", "/a/python"): "2.13", ("mygrad", "/b/python"): "2.3"})
    assert [each.label for each in found] == ["chainrule", "numpy", "torch", "mygrad"]
    assert str(found[2]) == "torch 2.13"


def test_each_label_has_a_colour_of_its_own():
    found = contestants.libraries({("torch", f"/{i}/python"): str(i) for i in range(4)})
    assert len(set(contestants.colors(found).values())) == len(found)


@pytest.mark.parametrize(
    ("python", "message"),
    [
        (sys.executable, "expected a Python that has torch, autograd (HIPS) or mygrad; it has none of them"),
        ("/nowhere/python", "expected a Python interpreter; asking it what it has failed"),
        ("/bin/false", "expected a Python interpreter; asking it what it has failed"),
        ("/bin/true", "expected a Python interpreter; asked what it has, it printed ''"),
        ("/bin/echo", "expected a Python interpreter; asked what it has, it printed '-I "),
    ],
)
def test_dispatch_says_what_a_peer_lacks(tmp_path, python, message):
    done = benchmarks("dispatch", "--quick", "--out", tmp_path, "--peer", python)
    assert done.returncode == 2
    assert f"argument --peer: {python}: {message}" in done.stderr


# ---------------------------------------------------------------- memory


def test_memory_of_a_chain_and_of_training(tmp_path):
    done = benchmarks("memory", "--quick", "--out", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    results = saved(tmp_path, "memory")
    chain = results["chain"]
    assert [phase["phase"] for phase in chain["phases"]] == [
        "start",
        "forward",
        "drawing's snapshot",
        "snapshot let go",
        "backward",
        "graph let go",
    ]
    assert chain["nodes"] >= chain["ops"] == 20_000
    # y_n = 0.999 y_(n-1) + x with y_0 = x, so dy_n/dx is a geometric series
    steps = chain["ops"] // 2
    assert chain["gradient"] == pytest.approx((1 - 0.999 ** (steps + 1)) / (1 - 0.999), rel=1e-12)
    samples = results["training"]["samples"]
    assert (samples[0]["step"], samples[-1]["step"]) == (10, 60)
    assert {each["objects"] for each in samples} == {samples[0]["objects"]}
    assert samples[-1]["loss"] < samples[0]["loss"]
    assert "objects left over by 50 steps: 0" in done.stdout


def chain_with_peak(ops, peak):
    return {"ops": ops, "phases": [{"peak": 1e6}, {"peak": peak}]}


def test_memory_complains_of_a_million_ops_that_take_too_much_and_of_what_training_leaves():
    assert memory.complaints(chain_with_peak(1_000_000, 1.2e9), grown=0) == []
    assert memory.complaints(chain_with_peak(20_000, 2e9), grown=-1) == []
    assert memory.complaints(chain_with_peak(1_000_000, 1.3e9), grown=1) == [
        "TOO MUCH: a million ops took 1,300 MB, allowed are 1,200 MB",
        "LEAK: training left 1 object over",
    ]


def test_an_odd_chain_is_counted_as_it_is(tmp_path):
    done = benchmarks("memory", "--quick", "--ops", 3, "--steps", 11, "--out", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("a chain of 2 ops\n")
    assert "objects left over by 1 step: 0" in done.stdout


# ---------------------------------------------------------------- transforms


@pytest.mark.slow
def test_transforms_compare_both_sides_of_each_row(tmp_path):
    done = benchmarks("transforms", "--quick", "--out", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = {row["title"]: row for row in saved(tmp_path, "transforms")["rows"]}
    assert set(transforms.AIMS) <= set(rows)
    for title, row in rows.items():
        assert title in done.stdout
        assert row["ratio"] == pytest.approx(row["yardstick seconds"] / row["seconds"])
    assert max(row["error"] for row in rows.values() if row["error"] is not None) < 1e-5


def test_transforms_fail_for_sides_that_disagree_and_for_what_is_far_too_slow():
    row = {"title": "hessian, 100 inputs", "error": 1e-4, "ratio": 1.9, "aim": 3.0}
    assert len(transforms.complaints([row], quick=False)) == 2
    assert transforms.complaints([row], quick=True) == ["WRONG: hessian, 100 inputs: the sides differ by 1.0e-04"]
    assert not transforms.complaints([row | {"error": 1e-9, "ratio": 2.5}], quick=False)
