"""The memory that this process holds, as the system counts it."""

import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def resident() -> tuple[int, int]:
    """Bytes in main memory now, and the most there were.

    Linux is asked for both; ``ru_maxrss`` would count what the parent held when it made this process. Elsewhere the most
    there were is all that is known.
    """
    if STATUS.exists():
        fields = dict(line.split(":", 1) for line in STATUS.read_text().splitlines() if ":" in line)
        return int(fields["VmRSS"].split()[0]) * 1024, int(fields["VmHWM"].split()[0]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return most, most
