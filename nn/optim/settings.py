"""What optimizers ask of their settings."""

from collections.abc import Mapping
from typing import Any

from nn.inputs import check_number, check_switch


def check_not_negative(receiver: str, settings: Mapping[str, Any], *names: str) -> None:
    """Refuse settings that are not finite numbers of 0 or more.

    Raises:
        TypeError: for what is no number.
        ValueError: for one that is negative or not finite.
    """
    for name in names:
        check_number(receiver, name, settings[name], least=0)


def check_shares(receiver: str, settings: Mapping[str, Any], name: str) -> None:
    """Refuse a setting that is not two numbers from 0 to below 1: how much two running means keep.

    Raises:
        TypeError: for what is not two numbers.
        ValueError: for numbers out of bounds.
    """
    shares = check_pair(receiver, settings, name, "two numbers from 0 to below 1")
    if not all(0 <= share < 1 for share in shares):
        raise ValueError(f"{receiver}: expected {name}, two numbers from 0 to below 1; received {shares}")


def check_pair(receiver: str, settings: Mapping[str, Any], name: str, expected: str) -> Any:
    """A setting that is two finite numbers.

    Raises:
        TypeError: for anything else.
        ValueError: for numbers that are not finite.
    """
    pair = settings[name]
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise TypeError(f"{receiver}: expected {name}, {expected}; received {pair!r}")
    for i, each in enumerate(pair):
        check_number(receiver, f"{name}[{i}]", each)
    return pair


def check_switches(receiver: str, settings: Mapping[str, Any], *names: str) -> None:
    """Refuse settings that are neither true nor false.

    Raises:
        TypeError: for anything but ``True`` and ``False``, 1 and 0.
    """
    check_switch(receiver, **{name: settings[name] for name in names})
