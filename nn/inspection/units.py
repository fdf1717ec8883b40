"""Numbers as people read them: ``1,234``, ``12.3 KiB``, ``1.2 MFLOP``."""


def as_count(number: int) -> str:
    """A whole number, with commas.

    >>> as_count(1234)
    '1,234'
    """
    return f"{number:,}"


def as_memory(nbytes: int) -> str:
    """Memory in units of 1024 bytes (IEC 80000-13).

    >>> as_memory(12), as_memory(12595), as_memory(2**30)
    ('12 B', '12.3 KiB', '1.0 GiB')
    """
    return _scaled(nbytes, 1024, ("B", "KiB", "MiB", "GiB", "TiB", "PiB"))


def as_flops(number: int) -> str:
    """Floating-point operations, in units of 1000.

    >>> as_flops(640), as_flops(1_234_567)
    ('640 FLOP', '1.2 MFLOP')
    """
    return _scaled(number, 1000, ("FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP"))


def _scaled(number: int, step: int, units: tuple[str, ...]) -> str:
    if number < step:
        return f"{number} {units[0]}"
    value = float(number)
    for unit in units[1:]:
        value /= step
        if round(value, 1) < step or unit == units[-1]:
            return f"{value:,.1f} {unit}"
    raise AssertionError("the last unit takes any number")
