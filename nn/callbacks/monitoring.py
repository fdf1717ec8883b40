"""What callbacks share that watch a number: its name, and whether less or more of it is better."""

import math

from nn.inputs import check_number

_LESS = ("loss", "mae", "mse", "rmse", "error")
_MORE = ("accuracy", "acc", "precision", "recall", "f1", "auc", "r2")


class Monitor:
    """The best value so far of the number under a name in the logs.

    Args:
        receiver: the name that messages begin with.
        name: such as ``"val_loss"``.
        mode: ``"min"`` or ``"max"``, what is better; ``"auto"`` tells by the name.
        min_delta: by how much a number has to be better to count.
    """

    def __init__(self, receiver: str, name: str, mode: str = "auto", min_delta: float = 0.0) -> None:
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"{receiver}: expected mode 'min', 'max' or 'auto', received {mode!r}")
        if mode == "auto":
            word = str(name).lower()
            less, more = any(word.endswith(each) for each in _LESS), any(word.endswith(each) for each in _MORE)
            if less == more:
                raise ValueError(f"{receiver}: expected mode 'min' or 'max' for {name!r}, whose name does not tell")
            mode = "min" if less else "max"
        check_number(receiver, "min_delta", min_delta, least=0)
        self.receiver = receiver
        self.name = name
        self.mode = mode
        self.min_delta = min_delta
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.best = math.inf if self.mode == "min" else -math.inf

    def value(self, logs: dict[str, float]) -> float:
        """The number in the logs.

        Raises:
            ValueError: when it is not there.
        """
        if self.name not in logs:
            validated = any(each.startswith("val_") for each in logs)
            hint = "; give validation data to fit" if self.name.startswith("val_") and not validated else ""
            raise ValueError(f"{self.receiver}: expected {self.name!r} among the logs {', '.join(logs)}{hint}")
        return logs[self.name]

    def improved(self, value: float) -> bool:
        """Whether ``value`` is better than the best one, which it then becomes. NaN never is."""
        better = value < self.best - self.min_delta if self.mode == "min" else value > self.best + self.min_delta
        if better:
            self.best = value
        return better
