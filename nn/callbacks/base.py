"""``Callback``: what happens beside training, at moments that have a name; and what it sees of the trainer."""

from collections.abc import Mapping
from typing import Any, Protocol

from nn.module import Module
from nn.optim.base import Optimizer


class Training(Protocol):
    """What a callback sees of a trainer.

    ``epochs`` is how many there will be in all, ``batches`` how many an epoch has, ``None`` if that is not known; ``resumed``
    whether a saved run goes on. ``stop_training = True`` makes the present epoch the last one.
    """

    model: Module
    optimizer: Optimizer
    history: Any
    epochs: int
    batches: int | None
    resumed: bool

    @property
    def epoch(self) -> int:
        """How many epochs are done."""

    @property
    def batch(self) -> int:
        """How many batches of the present epoch are done."""

    @property
    def between_epochs(self) -> bool:
        """Whether an epoch is over, with all of its work, and no other has begun."""

    @property
    def updates(self) -> int:
        """How often the weights were updated."""

    @property
    def logs(self) -> dict[str, float]:
        """The numbers of the last epoch that is done."""

    @property
    def stop_training(self) -> bool:
        """Whether the present epoch is the last one."""

    @stop_training.setter
    def stop_training(self, stop: bool) -> None: ...

    @property
    def finished(self) -> bool:
        """Whether all epochs are done, or training was stopped."""

    def running(self) -> dict[str, float]:
        """The means over the present epoch so far."""


class Callback:
    """The base of callbacks: a subclass defines the moments that it needs. Each is given the trainer.

    In the order in which they come:

    - ``on_fit_begin``: before the first batch, after a saved run was loaded.
    - ``on_epoch_begin``
    - ``on_batch_begin``
    - ``on_gradients``: gradients are there, the update is not made yet. With ``accumulate`` once for several batches.
    - ``on_batch_end``: ``trainer.running()`` has the means over the epoch so far.
    - ``on_epoch_end``: ``trainer.logs`` has the epoch's numbers, and what is added there goes into the history;
      ``trainer.epoch`` counts this epoch already. ``trainer.stop_training = True`` makes it the last one.
    - ``on_checkpoint``: after each batch, and after each epoch when all of its work is done: what is saved here can be resumed
      to the bit.
    - ``on_fit_end``: also when training ends by an error.

    What a callback needs to go on after a resume it gives in ``state_dict``.

    >>> class Loud(nn.callbacks.Callback):
    ...     def on_epoch_end(self, trainer):
    ...         print(f"epoch {trainer.epoch}: {trainer.logs['loss'] < 10}")
    >>> model = nn.Linear(2, 1)
    >>> trainer = nn.Trainer(model, nn.MSELoss(), nn.optim.SGD(model.parameters(), lr=0.1), callbacks=[Loud()])
    >>> history = trainer.fit(np.ones((4, 2)), np.ones((4, 1)), epochs=2)
    epoch 1: True
    epoch 2: True
    """

    def on_fit_begin(self, trainer: Training) -> None:
        """Training begins, or goes on."""

    def on_epoch_begin(self, trainer: Training) -> None:
        """An epoch begins, or the rest of one."""

    def on_batch_begin(self, trainer: Training) -> None:
        """A batch begins."""

    def on_gradients(self, trainer: Training) -> None:
        """The gradients are complete, and the optimizer has not used them yet."""

    def on_batch_end(self, trainer: Training) -> None:
        """A batch was learned."""

    def on_epoch_end(self, trainer: Training) -> None:
        """An epoch was learned and validated."""

    def on_checkpoint(self, trainer: Training) -> None:
        """The trainer's state is whole."""

    def on_fit_end(self, trainer: Training) -> None:
        """Training has ended."""

    def state_dict(self) -> dict[str, Any]:
        """What has to be saved to go on: arrays, numbers, texts, and lists and dicts of them. Empty for nothing."""
        return {}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what ``state_dict`` gave."""

    def __repr__(self) -> str:
        settings = {name: value for name, value in vars(self).items() if isinstance(value, int | float | str)}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in settings.items() if name[0] != '_')})"
