"""A contestant of a benchmark: run by path in any Python, it times one library's calls when asked over a pipe.

    python -I serve.py --which                           names and versions of the libraries that this Python has, as JSON
    python -I serve.py LIBRARY KIND CORE [IMPORT_PATH]   serves: one JSON request a line in, one JSON answer a line out

KIND is ``workloads``, ``training`` or ``fitting``, the ending of the files beside this one that hold each library's own
spelling. A request has the arguments of such a file's ``workload``, beginning with its name; the answer is the seconds that one
call took, as the mean over the calls that fit into the time the request allows, and the number that the call returned, if any.
Nothing of the project is imported but these files, because HIPS autograd has our package's name and must be found in its place.
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

# Each library: the distribution that brings it, and the beginning of the names of its files beside this one.
LIBRARIES = {
    "chainrule": ("chainrule", "chainrule"),
    "numpy": ("numpy", "numpy"),
    "torch": ("torch", "torch"),
    "autograd (HIPS)": ("autograd", "hips"),
    "mygrad": ("mygrad", "mygrad"),
}


def which() -> dict[str, str]:
    """The libraries that this Python has, with their versions."""
    found = {}
    for library, (distribution, _) in LIBRARIES.items():
        try:
            found[library] = metadata.version(distribution)
        except metadata.PackageNotFoundError:
            continue
    return found


def timed(call: Callable[[], Any], allowed: float) -> tuple[float, Any]:
    """The mean seconds of a call, over as many calls as fit into the allowed time, at least one; and the last one's result."""
    start = time.perf_counter()
    call()
    once = time.perf_counter() - start
    number = max(1, int(allowed / max(once, 1e-9)))
    start = time.perf_counter()
    for _ in range(number):
        result = call()
    return (time.perf_counter() - start) / number, result


def serve(library: str, kind: str, core: int) -> None:
    """Answer requests until the pipe closes."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, {core})
    sys.path.append(str(Path(__file__).parent))
    module = importlib.import_module(f"{LIBRARIES[library][1]}_{kind}")
    calls: dict[tuple[Any, ...], Any] = {}
    for line in sys.stdin:
        request = json.loads(line)
        allowed = request.pop("seconds")
        key = tuple(request.values())
        if key not in calls:
            calls[key] = module.workload(*key)
            if calls[key] is not None:
                calls[key]()  # once for whatever is made on first use
        call = calls[key]
        seconds, result = (None, None) if call is None else timed(call, allowed)
        print(json.dumps({"seconds": seconds, "result": result if isinstance(result, int | float) else None}), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--which":
        print(json.dumps(which()))
    else:
        sys.path[:0] = sys.argv[4:]
        serve(sys.argv[1], sys.argv[2], int(sys.argv[3]))
