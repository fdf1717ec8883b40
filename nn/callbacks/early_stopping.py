"""``EarlyStopping``: an end of training when a number gets no better."""

from collections.abc import Mapping
from typing import Any

from nn.callbacks.base import Callback, Training
from nn.callbacks.monitoring import Monitor
from nn.inputs import check_number, check_switch, check_whole


class EarlyStopping(Callback):
    """Stops when the monitored number has not become better for ``patience`` epochs, and puts the best weights back.

    Args:
        monitor: a name in the logs.
        patience: after how many epochs without a better number to end; 0 is as 1.
        min_delta: by how much a number has to be better to count.
        mode: ``"min"`` or ``"max"``; ``"auto"`` tells by the name.
        restore_best_weights: whether the model ends with the parameters and buffers of its best epoch, also when ``fit`` comes
            to its last epoch.
        start_from_epoch: how many epochs to let pass first.

    Raises:
        ValueError, TypeError: for settings that make no sense.
        ValueError: in ``fit``, when there is no such number.

    After ``fit``, ``best`` is the best number, ``best_epoch`` its epoch (counted from 1), and ``stopped_epoch`` the last one,
    if it was stopped.

    >>> model = nn.Linear(1, 1, rng=np.random.default_rng(0))
    >>> stopping = nn.callbacks.EarlyStopping("loss", patience=2, min_delta=0.1)
    >>> trainer = nn.Trainer(model, nn.MSELoss(), nn.optim.SGD(model.parameters(), lr=0.1), callbacks=[stopping])
    >>> trainer.fit(np.ones((8, 1)), np.ones((8, 1)), epochs=100).epochs < 20
    True
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        patience: int = 0,
        *,
        min_delta: float = 0.0,
        mode: str = "auto",
        restore_best_weights: bool = True,
        start_from_epoch: int = 0,
    ) -> None:
        self._monitor = Monitor("EarlyStopping", monitor, mode, min_delta)
        for name, value in (("patience", patience), ("start_from_epoch", start_from_epoch)):
            check_whole("EarlyStopping", name, value)
            check_number("EarlyStopping", name, value, least=0)
        check_switch("EarlyStopping", restore_best_weights=restore_best_weights)
        self.monitor = monitor
        self.patience = patience
        self.restore_best_weights = bool(restore_best_weights)
        self.start_from_epoch = start_from_epoch
        self._forget()

    def _forget(self) -> None:
        self._monitor.forget()
        self.best_epoch = 0
        self.stopped_epoch = 0
        self.waited = 0
        self._weights: dict[str, Any] | None = None

    @property
    def best(self) -> float:
        """The best number so far."""
        return self._monitor.best

    def on_fit_begin(self, trainer: Training) -> None:
        """Begin anew, unless a run goes on."""
        if not trainer.resumed:
            self._forget()

    def on_epoch_end(self, trainer: Training) -> None:
        """Compare, and stop when it was enough."""
        value = self._monitor.value(trainer.logs)
        if trainer.epoch <= self.start_from_epoch:
            return
        if self._monitor.improved(value):
            self.waited = 0
            self.best_epoch = trainer.epoch
            if self.restore_best_weights:
                self._weights = trainer.model.state_dict()
            return
        self.waited += 1
        if self.waited >= self.patience:
            self.stopped_epoch = trainer.epoch
            trainer.stop_training = True

    def on_fit_end(self, trainer: Training) -> None:
        """Put the best weights back, unless training was broken off."""
        if self._weights is not None and trainer.finished:
            trainer.model.load_state_dict(self._weights)

    def state_dict(self) -> dict[str, Any]:
        """The best number and weights, and how long it has waited."""
        return {
            "best": self._monitor.best,
            "best_epoch": self.best_epoch,
            "stopped_epoch": self.stopped_epoch,
            "waited": self.waited,
            "weights": self._weights,
        }

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what ``state_dict`` gave."""
        self._monitor.best = state_dict["best"]
        self.best_epoch = state_dict["best_epoch"]
        self.stopped_epoch = state_dict["stopped_epoch"]
        self.waited = state_dict["waited"]
        self._weights = state_dict["weights"]
