"""What is settled once, when the library is imported: that no other ``autograd`` is in the way, and how freed memory is kept.

Both act on the process, so both are said here and nowhere else.
"""

import ctypes
import os
import sys
from pathlib import Path

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # glibc, malloc.h
_LARGEST_KEPT_ARRAY = 32 * 2**20  # bytes; the most that glibc accepts
_MOST_KEPT_IN_ALL = 512 * 2**20


def refuse_hips_autograd() -> None:
    """Raise where HIPS ``autograd`` is installed too: it has our import name, and the later install overwrote the earlier.

    Raises:
        ImportError: naming both libraries and the way out.
    """
    for folder in sys.path:
        for found in Path(folder or ".").glob("autograd-*.dist-info"):
            version = found.name.removeprefix("autograd-").removesuffix(".dist-info")
            raise ImportError(
                f"chainrule and HIPS autograd {version} are installed in the same environment (found {found}). Both provide "
                "the import package `autograd`, so each overwrites files of the other. Keep one: `pip uninstall autograd` and "
                "then `pip install --force-reinstall --no-deps chainrule`, or use two virtual environments."
            )


def keep_freed_memory() -> bool:
    """Tell the C library to keep freed memory for the next array instead of giving it back; whether that was possible.

    By default glibc maps fresh pages for every array above 128 KiB and unmaps them when it is freed, and the page faults
    then take several times longer than the arithmetic. With both thresholds of ``mallopt`` raised, up to 512 MiB of freed
    memory stay with the process. ``CHAINRULE_KEEP_MEMORY=0`` in the environment leaves the C library as it is, and any other
    than glibc is left alone.
    """
    if os.environ.get("CHAINRULE_KEEP_MEMORY", "1") == "0" or not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except AttributeError:  # musl has none
        return False
    return bool(mallopt(_M_MMAP_THRESHOLD, _LARGEST_KEPT_ARRAY)) and bool(mallopt(_M_TRIM_THRESHOLD, _MOST_KEPT_IN_ALL))


refuse_hips_autograd()
keep_freed_memory()
