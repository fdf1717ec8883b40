"""Where the loaders of a fit stand, so that another fit goes on there."""

from collections.abc import Mapping
from typing import Any

from nn.data.loader import DataLoader


class Loaders:
    """The loaders of training and validation; after a state was loaded, and until the next fit, their saved states.

    Args:
        training, validation: a ``DataLoader``, which has a state, another iterable, which has none, or ``None``.
        saved: their states, by name.
    """

    def __init__(self, training: Any = None, validation: Any = None, saved: Mapping[str, Any] | None = None) -> None:
        self.present = {"training": training, "validation": validation}
        self._saved = dict(saved or {})
        self._before: Any = None  # the generator of training from which the order of the present epoch was drawn

    def note_order(self) -> None:
        """Remember the order of an epoch at its first batch: a callback may go through the loader, too."""
        training = self.present["training"]
        if self._before is None and isinstance(training, DataLoader):
            self._before = training.state_dict()["before"]

    def forget_order(self) -> None:
        """The epoch is over."""
        self._before = None

    def state_dict(self, batch: int) -> dict[str, Any]:
        """The states by name, ``batch`` batches into an epoch; ``None`` for what has none."""
        states = {
            name: loader.state_dict() if isinstance(loader, DataLoader) else self._saved.get(name)
            for name, loader in self.present.items()
        }
        if states["training"] is not None:
            states["training"] = {**states["training"], "position": batch}
            if self._before is not None:
                states["training"]["before"] = self._before
        return states

    def followed_by(self, training: Any, validation: Any, batch: int | None) -> "Loaders":
        """The loaders of the next fit; they go on where these are, ``batch`` batches into an epoch, unless it is ``None``.

        Raises:
            ValueError: for loaders of other data or settings.
        """
        following = Loaders(training, validation)
        if batch is not None:
            for name, state in self.state_dict(batch).items():
                loader = following.present[name]
                if isinstance(loader, DataLoader) and state is not None:
                    loader.load_state_dict(state)
        return following
