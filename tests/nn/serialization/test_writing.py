"""A file is written whole or not at all: full disks, read-only folders, interrupted and killed processes."""

import errno
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import nn
from tests.nn.serialization.trees import assert_identical

ROOT = Path(__file__).parents[3]
formats = pytest.mark.parametrize("ending", ["safetensors", "npz"])
posix = pytest.mark.skipif(os.name != "posix", reason="of POSIX systems")
OLD, NEW = {"x": np.zeros(3)}, {"x": np.ones(3)}


def run(code, *arguments):
    """Run a script in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


# ---------------------------------------------------------------- errors of the system


def refusing(monkeypatch, name, calls=0, error=None):
    """Let a function of ``os`` fail once it was called so often."""
    own, count = getattr(os, name), 0

    def fails(*arguments, **keywords):
        nonlocal count
        if name in ("open", "chmod") and not str(arguments[0]).endswith(".tmp"):
            return own(*arguments, **keywords)
        count += 1
        if count > calls:
            raise error or OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return own(*arguments, **keywords)

    monkeypatch.setattr(os, name, fails)


STAGES = [("open", 0), ("chmod", 0), ("write", 0), ("write", 1), ("fsync", 0), ("replace", 0)]


@formats
@pytest.mark.parametrize(("name", "calls"), STAGES)
def test_a_full_disk_leaves_the_former_file(name, calls, ending, tmp_path, monkeypatch):
    path = tmp_path / f"x.{ending}"
    nn.save(OLD, path)
    before = path.read_bytes()
    monkeypatch.setattr("nn.serialization.writing.PIECE", 20)
    refusing(monkeypatch, name, calls)
    with pytest.raises(
        OSError, match="could not write the file: No space left on device; the file that was there is as it was"
    ) as caught:
        nn.save(NEW, path)
    assert caught.value.errno == errno.ENOSPC
    assert caught.value.filename == str(path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("name", "calls"), [stage for stage in STAGES if stage[0] != "chmod"])
def test_a_full_disk_leaves_nothing_of_a_new_file(name, calls, tmp_path, monkeypatch):
    monkeypatch.setattr("nn.serialization.writing.PIECE", 20)
    refusing(monkeypatch, name, calls)
    with pytest.raises(OSError, match="No space left on device; nothing was written"):
        nn.save(NEW, tmp_path / "x.npz")
    monkeypatch.undo()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["write", "fsync", "replace"])
def test_an_interrupt_leaves_the_former_file(name, tmp_path, monkeypatch):
    path = tmp_path / "x.npz"
    nn.save(OLD, path)
    refusing(monkeypatch, name, error=KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        nn.save(NEW, path)
    monkeypatch.undo()
    assert_identical(nn.load(path), OLD)
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_flushed_does_no_harm(tmp_path, monkeypatch):
    own = os.fsync

    def fsync(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not of folders")
        own(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    nn.save(NEW, tmp_path / "x.npz")
    assert_identical(nn.load(tmp_path / "x.npz"), NEW)


@formats
def test_systems_that_write_a_little_at_a_time(ending, tmp_path, monkeypatch):
    own = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: own(descriptor, data[:7]))
    nn.save(NEW, tmp_path / f"x.{ending}")
    assert_identical(nn.load(tmp_path / f"x.{ending}"), NEW)


@posix
def test_a_file_that_grows_too_large(tmp_path):
    """A real limit of the system, which cuts a write short."""
    code = """
import errno, os, resource, sys
import numpy as np
import nn
path = sys.argv[1]
nn.save({"x": np.zeros(3)}, path)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    nn.save({"x": np.ones(100_000)}, path)
except OSError as error:
    assert error.errno == errno.EFBIG
    print(error)
assert os.listdir(os.path.dirname(path)) == ["x.safetensors"]
assert nn.load(path)["x"].tolist() == [0, 0, 0]
"""
    printed = run(code, tmp_path / "x.safetensors")
    assert "File too large; the file that was there is as it was" in printed


@posix
def test_folders_and_files_that_are_read_only():
    code = """
import os, shutil, tempfile
import numpy as np
import nn
with tempfile.TemporaryDirectory() as folder:  # which imports all that is needed, while it can be read
    nn.save(np.random.default_rng(0), folder + "/x.npz")
    nn.load(folder + "/x.npz")
if os.geteuid() == 0:  # whom nothing stops
    os.setgid(65534)
    os.setuid(65534)
folder = tempfile.mkdtemp()
path = os.path.join(folder, "x.npz")
nn.save({"x": np.zeros(3)}, path)
for each, mode in ((folder, 0o500), (path, 0o400)):
    former = os.stat(each).st_mode
    os.chmod(each, mode)
    try:
        nn.save({"x": np.ones(3)}, path)
    except PermissionError as error:
        print(error)
    os.chmod(each, former)
    assert nn.load(path)["x"].tolist() == [0, 0, 0]
    assert os.listdir(folder) == ["x.npz"]
os.chmod(path, 0)
try:
    nn.load(path)
except PermissionError as error:
    print(error)
shutil.rmtree(folder)
"""
    folder, file, unreadable = run(code).splitlines()
    assert "save: could not write the file: Permission denied; the file that was there is as it was" in folder
    assert "save: the file is read-only" in file
    assert "x.npz" in unreadable


# ---------------------------------------------------------------- paths


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*runs; make it first"):
        nn.save(OLD, tmp_path / "runs" / "x.npz")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="Not a directory"):
        nn.save(OLD, tmp_path / "file" / "x.npz")


def test_what_is_no_file_is_left_alone(tmp_path):
    (tmp_path / "x.npz").mkdir()
    with pytest.raises(IsADirectoryError, match="save: expected the path of a file, received a folder"):
        nn.save(OLD, tmp_path / "x.npz")


@posix
def test_pipes_and_devices_are_left_alone(tmp_path):
    os.mkfifo(tmp_path / "pipe.npz")
    (tmp_path / "null.npz").symlink_to("/dev/null")
    for name in ("pipe.npz", "null.npz"):
        for use in (lambda path: nn.save(OLD, path), nn.load):
            with pytest.raises(ValueError, match=f"expected the path of a file, received something else: .*{name}"):
                use(tmp_path / name)
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@posix
def test_links_are_followed(tmp_path):
    (tmp_path / "runs").mkdir()
    link = tmp_path / "latest.npz"
    link.symlink_to("runs/3.npz")  # which is not there yet
    nn.save(OLD, link)
    nn.save(NEW, link)
    assert link.is_symlink()
    assert_identical(nn.load(tmp_path / "runs" / "3.npz"), NEW)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["3.npz", "latest.npz", "runs"]


@posix
def test_permissions_stay(tmp_path):
    former = os.umask(0o027)
    try:
        nn.save(OLD, tmp_path / "x.npz")
        assert stat.S_IMODE((tmp_path / "x.npz").stat().st_mode) == 0o640
        (tmp_path / "x.npz").chmod(0o606)
        nn.save(NEW, tmp_path / "x.npz")
        assert stat.S_IMODE((tmp_path / "x.npz").stat().st_mode) == 0o606
    finally:
        os.umask(former)


def test_names_as_long_as_the_system_takes(tmp_path):
    for name in ("n" * 251 + ".npz", "é" * 125 + ".npz"):
        nn.save(NEW, tmp_path / name)
        assert_identical(nn.load(tmp_path / name), NEW)


def test_endings(tmp_path):
    nn.save(NEW, tmp_path / "X.NPZ")
    assert_identical(nn.load(str(tmp_path / "X.NPZ")), NEW)
    for name in ("x", "x.pt", "x.npz.txt", ".npz"):
        for use in (lambda path: nn.save(OLD, path), nn.load):
            with pytest.raises(ValueError, match=r"expected a file that ends in \.safetensors or \.npz, received"):
                use(tmp_path / name)
    for path in (b"x.npz", 3, None):
        for use in (lambda path: nn.save(OLD, path), nn.load):
            with pytest.raises(TypeError):
                use(path)


# ---------------------------------------------------------------- several processes, and killed ones


def test_what_killed_processes_left_is_taken_away(tmp_path):
    path = tmp_path / "x.npz"
    ours, fresh = tmp_path / ".x.npz.0123456789abcdef.tmp", tmp_path / ".x.npz.ffffffffffffffff.tmp"
    others = [tmp_path / name for name in (".y.npz.0123456789abcdef.tmp", ".x.npz.tmp", "x.npz.0123456789abcdef.tmp")]
    old = time.time() - 7200
    for each in (ours, fresh, *others):
        each.write_bytes(b"half")
        os.utime(each, (old, old) if each != fresh else None)
    (tmp_path / ".x.npz.aaaaaaaaaaaaaaaa.tmp").mkdir()
    nn.save(NEW, path)
    assert not ours.exists()
    assert fresh.exists()  # another process may be writing it
    assert all(each.exists() for each in others)
    assert (tmp_path / ".x.npz.aaaaaaaaaaaaaaaa.tmp").is_dir()
    assert_identical(nn.load(path), NEW)


KILLED = """
import os, signal, sys, time
import numpy as np
import nn
path, rounds = sys.argv[1], int(sys.argv[2])
def tree(k):
    return {"k": k, "x": np.full(30_000, k)}
nn.save(tree(0), path)
left = 0
for i in range(rounds):
    child = os.fork()
    if not child:
        while True:
            for k in range(5):
                nn.save(tree(k), path)
    time.sleep(0.01 + (i * 0.0017) % 0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    found = nn.load(path)
    assert (found["x"] == found["k"]).all() and found["x"].shape == (30_000,)
    left = len([each for each in os.listdir(os.path.dirname(path)) if each.endswith(".tmp")])
print(left)
"""


@posix
@formats
@pytest.mark.parametrize("rounds", [15, pytest.param(400, marks=pytest.mark.slow)])
def test_a_killed_process_leaves_a_whole_file(rounds, ending, tmp_path):
    run(KILLED, tmp_path / f"x.{ending}", rounds)
    for each in tmp_path.glob(".*.tmp"):  # hours later
        os.utime(each, (0, 0))
    nn.save(NEW, tmp_path / f"x.{ending}")
    assert [path.name for path in tmp_path.iterdir()] == [f"x.{ending}"]


@posix
def test_two_processes_that_save_to_one_path(tmp_path):
    code = """
import os, sys
import numpy as np
import nn
path = sys.argv[1]
def tree(k):
    return {"k": k, "x": np.full(30_000, k)}
nn.save(tree(0), path)
children = []
for k in (1, 2):
    child = os.fork()
    if not child:
        for _ in range(30):
            nn.save(tree(k), path)
        os._exit(0)
    children.append(child)
seen = set()
while children:
    found = nn.load(path)
    assert (found["x"] == found["k"]).all() and found["x"].shape == (30_000,)
    if os.waitpid(children[0], os.WNOHANG)[0]:
        children.pop(0)
assert nn.load(path)["k"] in (1, 2)
assert os.listdir(os.path.dirname(path)) == ["x.npz"]
"""
    run(code, tmp_path / "x.npz")
