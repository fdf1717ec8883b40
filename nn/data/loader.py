"""``DataLoader``: a data set in batches, shuffled anew in each epoch, from where a saved run stood.

Note [position]: what makes a run resumable to the bit. A loader has a generator of its own, from which it draws the order of an
epoch, and nothing else draws from it. Its state is the generator as it was before the epoch and as it is now, and how many
batches were given out: from the first follows the order, from the second that of the next epoch, from the third the place. A
batch that is prepared ahead counts when it is given out. What a ``transform`` draws comes from a generator that belongs to its
batch, so that batches may be prepared ahead or passed over.
"""

from __future__ import annotations  # np.random would be imported to annotate with it

import copy
import inspect
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

import autograd as ag
from nn.data.datasets import batch_of
from nn.inputs import as_generator, check_number, check_switch, check_whole


class DataLoader:
    """The examples of ``dataset`` in batches: ``for x, y in loader: ...`` is one epoch.

    Batches of a ``TensorDataset`` are cut out of its arrays at once: without ``shuffle`` they are views of them, with it
    copies. Other data sets are asked for one example after the other.

    Args:
        dataset: a ``TensorDataset``, a ``Dataset`` of your own, or a sequence of examples.
        batch_size: the number of examples in a batch; the last one may have fewer.
        shuffle: whether to go through the examples in a new random order in each epoch.
        drop_last: whether to leave out a last batch with fewer examples.
        collate_fn: a function that makes a batch of a list of examples; by default ``default_collate``.
        transform: a function ``(batch, rng) -> batch``, such as one that turns pictures at random. ``rng`` is a
            ``np.random.Generator`` of the batch's own: what is drawn from it does not depend on the batches before.
        prefetch: how many batches to prepare ahead, in a thread; 0 for none. NumPy works in the thread while Python goes on, so
            that large batches and slow transforms overlap with training. What runs there has the default modes of ``ag``.
        rng: a generator, or a number, that seeds the loader's own; by default ``ag.generator()``, which ``ag.seed`` seeds.

    Shapes: examples of (...) -> batches of (n, ...).

    Raises:
        ValueError: for an empty data set, and for one too small for a single batch, with ``drop_last``.
        TypeError: for what has no length and no examples, and for settings of a wrong kind.

    >>> data = nn.data.TensorDataset(np.arange(10), np.arange(10) ** 2)
    >>> loader = nn.data.DataLoader(data, batch_size=4, shuffle=True, rng=0)
    >>> [len(x) for x, y in loader]
    [4, 4, 2]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 1,
        shuffle: bool = False,
        *,
        drop_last: bool = False,
        collate_fn: Callable[[list[Any]], Any] | None = None,
        transform: Callable[[Any, np.random.Generator], Any] | None = None,
        prefetch: int = 0,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        check_whole("DataLoader", "batch_size", batch_size)
        check_number("DataLoader", "batch_size", batch_size, least=1)
        check_whole("DataLoader", "prefetch", prefetch)
        check_number("DataLoader", "prefetch", prefetch, least=0)
        check_switch("DataLoader", shuffle=shuffle, drop_last=drop_last)
        for name, each in (("collate_fn", collate_fn), ("transform", transform)):
            if each is not None and not callable(each):
                raise TypeError(f"DataLoader: expected {name}, a function or None; received {each!r}")
        if transform is not None and not _takes_two(transform):
            raise TypeError(
                f"DataLoader: expected transform, a function of two arguments, (batch, rng); received {transform!r}"
            )
        try:
            examples = len(dataset)
        except TypeError:
            raise TypeError(
                f"DataLoader: expected a data set, with a length and examples by number; received {type(dataset).__name__}; "
                "arrays go into nn.data.TensorDataset(x, y)"
            ) from None
        if isinstance(dataset, np.ndarray | ag.Tensor | tuple | dict):
            raise TypeError(
                f"DataLoader: expected a data set, received {type(dataset).__name__}; write nn.data.TensorDataset(x, y)"
            )
        if examples == 0:
            raise ValueError(f"DataLoader: expected at least one example, received an empty {type(dataset).__name__}")
        if drop_last and examples < batch_size:
            raise ValueError(
                f"DataLoader: expected a whole batch of {batch_size} at least, received {examples} examples, and drop_last=True"
            )
        self.dataset = dataset
        self.batch_size = int(batch_size)
        self.shuffle = bool(shuffle)
        self.drop_last = bool(drop_last)
        self.collate_fn = collate_fn
        self.transform = transform
        self.prefetch = int(prefetch)
        # Nothing else draws from its own generator: one that was given gives the seed only.
        source = as_generator("DataLoader", rng)
        self._rng = source if isinstance(rng, int | np.integer) else np.random.default_rng(source.integers(2**63))
        self._before = self._rng.bit_generator.state  # the generator as it was before the present epoch
        self._position = 0  # batches of the present epoch that were given out
        self._resumed = False  # whether the next epoch is the rest of a loaded one

    def __len__(self) -> int:
        """How many batches an epoch has."""
        examples = len(self.dataset)
        return examples // self.batch_size if self.drop_last else -(-examples // self.batch_size)

    def __iter__(self) -> Iterator[Any]:
        rng = self._rng
        if self._resumed:  # the order is that of an epoch which began earlier, and the generator is further on
            rng = copy.deepcopy(rng)
            rng.bit_generator.state = self._before
        else:
            self._position = 0
            self._before = rng.bit_generator.state
        self._resumed = False
        order = rng.permutation(len(self.dataset)) if self.shuffle else None
        seed = int(rng.integers(2**63)) if self.transform is not None else 0
        numbers = range(self._position, len(self))
        for batch in self._ahead(numbers, order, seed) if self.prefetch else (self._batch(i, order, seed) for i in numbers):
            self._position += 1
            yield batch
        self._position = 0

    def _batch(self, number: int, order: Any, seed: int) -> Any:
        """One batch of an epoch."""
        part = slice(number * self.batch_size, min((number + 1) * self.batch_size, len(self.dataset)))
        batch = batch_of(self.dataset, part if order is None else order[part], self.collate_fn)
        if self.transform is None:
            return batch
        if order is None:  # a view, into which a transform could not write
            batch = ag.tree_map(np.copy, batch)
        return self.transform(batch, np.random.default_rng([seed, number]))

    def _ahead(self, numbers: range, order: Any, seed: int) -> Iterator[Any]:
        """The batches of these numbers, of which ``prefetch`` are prepared ahead in a thread."""
        pool = ThreadPoolExecutor(1, thread_name_prefix="DataLoader")
        try:
            waiting: deque[Future[Any]] = deque()
            for number in numbers:
                waiting.append(pool.submit(self._batch, number, order, seed))
                if len(waiting) > self.prefetch:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)

    def state_dict(self) -> dict[str, Any]:
        """Where it stands: the generator before the present epoch and now, and how many of its batches were given out."""
        return {
            "before": copy.deepcopy(self._before),
            "generator": copy.deepcopy(self._rng.bit_generator.state),
            "position": self._position,
            "examples": len(self.dataset),
            "batch_size": self.batch_size,
            "shuffle": self.shuffle,
            "drop_last": self.drop_last,
        }

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where ``state_dict()`` was called: the next epoch is the rest of that one, in the same order.

        Raises:
            TypeError: for what is no dict.
            ValueError: for other entries, and for another number of examples or other settings; nothing is changed then.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(
                f"DataLoader.load_state_dict: expected what state_dict() returned, received {type(state_dict).__name__}"
            )
        own = self.state_dict()
        if own.keys() != state_dict.keys():
            raise ValueError(
                f"DataLoader.load_state_dict: expected the entries {', '.join(own)}; received {', '.join(map(str, state_dict))}"
            )
        for name in ("examples", "batch_size", "shuffle", "drop_last"):
            if own[name] != state_dict[name]:
                raise ValueError(
                    f"DataLoader.load_state_dict: expected {name} {own[name]}, as this loader has; received "
                    f"{state_dict[name]}; go on with the same data and the same settings"
                )
        check_whole("DataLoader.load_state_dict", "position", state_dict["position"])
        check_number("DataLoader.load_state_dict", "position", state_dict["position"], least=0, most=len(self))
        tried = copy.deepcopy(self._rng)
        try:
            for name in ("before", "generator"):
                tried.bit_generator.state = copy.deepcopy(state_dict[name])
        except (TypeError, ValueError, KeyError) as error:
            kind = type(tried.bit_generator).__name__
            raise ValueError(f"DataLoader.load_state_dict: expected {name}, the state of a {kind} generator: {error}") from None
        self._rng = tried
        self._before = copy.deepcopy(state_dict["before"])
        self._position = int(state_dict["position"])
        self._resumed = self._position > 0

    def __repr__(self) -> str:
        return f"DataLoader({len(self.dataset)} examples in {len(self)} batches of {self.batch_size}, shuffle={self.shuffle})"


def _takes_two(function: Callable[..., Any]) -> bool:
    """Whether a function can be called with two arguments, as far as it tells."""
    try:
        signature = inspect.signature(function)
    except ValueError:  # of some that are written in C
        return True
    try:
        signature.bind(None, None)
    except TypeError:
        return False
    return True
