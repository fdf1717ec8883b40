"""Files that are written whole or not at all.

The bytes go to a new file beside the old one, ``.NAME.0123456789abcdef.tmp``, which takes the old one's place once they are on
the disk. Whatever happens before that, the old file is what it was. Of a process that was killed, the new file is left behind;
a later save of the same path takes those away that are old enough to be nobody's.
"""

import errno
import os
import re
import stat
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NoReturn

ABANDONED = 3600.0  # seconds since the last write, after which a file that is left behind is taken away
PIECE = 1 << 26  # bytes to be written at once: some systems take no more than 2 GiB, and Ctrl-C waits for one piece


def write_whole(receiver: str, path: str, parts: Iterable[Any]) -> None:
    """Put a file that consists of ``parts`` at ``path``, in the place of the one that is there.

    A link is followed. A file that is replaced passes its permissions on.

    Raises:
        OSError: where the system refuses; the class and ``errno`` are the system's.
        ValueError: where there is something else than a file.
    """
    target = os.path.realpath(path)
    folder, name = os.path.split(target)
    try:
        former = os.stat(target)
    except FileNotFoundError:
        if not os.path.isdir(folder):
            raise FileNotFoundError(errno.ENOENT, f"{receiver}: there is no folder {folder}; make it first", path) from None
        former = None
    except OSError as error:
        _refuse(error, receiver, path, None)
    if former is not None:
        if stat.S_ISDIR(former.st_mode):
            raise IsADirectoryError(errno.EISDIR, f"{receiver}: expected the path of a file, received a folder", path)
        if not stat.S_ISREG(former.st_mode):
            raise ValueError(f"{receiver}: expected the path of a file, received something else: {path}")
        if not os.access(target, os.W_OK):  # the folder's permissions alone would let it be replaced
            raise PermissionError(errno.EACCES, f"{receiver}: the file is read-only", path)
    _take_away_abandoned(folder, name)
    temporary = os.path.join(folder, f".{name[:50]}.{os.urandom(8).hex()}.tmp")
    try:
        _write_new(temporary, parts, former)
        os.replace(temporary, target)
    except BaseException as error:  # Ctrl-C too
        with suppress(OSError):
            os.unlink(temporary)
        if isinstance(error, OSError):
            _refuse(error, receiver, path, former)
        raise
    with suppress(OSError):  # not every system can; the file is whole in any case
        _flush_folder(folder)


def _write_new(temporary: str, parts: Iterable[Any], former: os.stat_result | None) -> None:
    """Write a new file, down to the disk."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    permissions = 0o666 if former is None else stat.S_IMODE(former.st_mode) & 0o777
    descriptor = os.open(temporary, flags, permissions)
    try:
        if former is not None:
            own = os.fstat(descriptor)
            if (own.st_uid, own.st_gid) != (former.st_uid, former.st_gid):
                with suppress(OSError):  # only an administrator may
                    os.chown(temporary, former.st_uid, former.st_gid)
            os.chmod(temporary, permissions)  # which the umask had a part in so far
        for part in parts:
            view = memoryview(part).cast("B")
            while view:
                view = view[os.write(descriptor, view[:PIECE]) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flush_folder(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _take_away_abandoned(folder: str, name: str) -> None:
    """Remove what killed processes left of earlier saves of this path, unless another process may be writing it."""
    pattern = re.compile(re.escape(f".{name[:50]}.") + r"[0-9a-f]{16}\.tmp")
    with suppress(OSError), os.scandir(folder) as entries:
        for each in entries:
            if pattern.fullmatch(each.name) and each.is_file(follow_symlinks=False):
                with suppress(OSError):
                    if time.time() - each.stat(follow_symlinks=False).st_mtime > ABANDONED:
                        os.unlink(each.path)


def _refuse(error: OSError, receiver: str, path: str, former: os.stat_result | None) -> NoReturn:
    kept = "nothing was written" if former is None else "the file that was there is as it was"
    message = f"{receiver}: could not write the file: {error.strerror or error}; {kept}"
    raise OSError(error.errno, message, path) from error
