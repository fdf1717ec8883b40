"""``Trainer``: the loop that everybody writes, over public calls. Read ``_epoch`` and ``_learn`` to write one of your own.

Note [resuming]: a run is resumed to the bit because its whole state is in ``state_dict``: parameters and buffers, the
optimizer, the schedule, every generator that is drawn from, the place in the epoch's order, the sums of loss and metrics, the
history and the callbacks. It is whole at the moments of ``on_checkpoint`` only, and these are after a batch and after an epoch.
"""

from __future__ import annotations  # np.random would be imported to annotate with it

import copy
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from os import PathLike
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.callbacks.progress_bar import ProgressBar
from nn.data.loader import DataLoader
from nn.evaluation import called_with, evaluating, generators_kept
from nn.inputs import check_number, check_whole
from nn.parameter import clear_gradients
from nn.serialization import load
from nn.spellings import TRAINER_SPELLING, Elsewhere
from nn.training import batches
from nn.training.blame import blamed
from nn.training.class_weights import ClassWeights
from nn.training.history import History
from nn.training.outputs import check_targets, probabilities_of
from nn.training.parts import checked_path, moments_of, numbers_of
from nn.training.run import Run
from nn.training.states import parameters_of, restore, state_of

EVALUATION_BATCH = 256  # examples in a batch that is not learned from, unless another number is given


class Trainer(Run):
    """Trains a model: epochs, batches, validation, metrics, schedule, callbacks, saving and resuming.

    Args:
        model: a module; an input that is a tuple is passed as several arguments, a dict as named ones.
        loss: a loss of ``nn``, or any function of predictions and targets that gives a tensor of one number.
        optimizer: an optimizer of ``nn.optim`` over the model's parameters.
        metrics: metrics of ``nn.metrics``, or their names, such as ``"accuracy"``; by name they take outputs as the loss does.
        schedule: a schedule of the optimizer's learning rate.
        callbacks: see ``nn.callbacks``; each moment calls them in this order.
        schedule_every: when the schedule makes a step: after each ``"epoch"``, or after each ``"update"``.
        schedule_monitor: what ``ReduceLROnPlateau`` is told; by default ``"val_loss"``, without validation ``"loss"``.
        accumulate: over how many batches gradients are collected for one update; the update is that of one large batch.
        generators: generators of your own that are drawn from in training, by name: they are saved and resumed, too. The
            library's, the loader's and those in attributes of modules are found by themselves.

    What callbacks read of it is listed in ``nn/callbacks/base.py``; it is all in ``nn/training/run.py``.

    Raises:
        TypeError, ValueError: for parts that do not fit together.

    >>> ag.seed(0)
    >>> x = np.random.default_rng(0).normal(size=(200, 2))
    >>> y = (x[:, 0] > x[:, 1]).astype(int)
    >>> model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2))
    >>> trainer = nn.Trainer(model, nn.CrossEntropyLoss(), nn.optim.Adam(model.parameters(), lr=0.01), metrics=["accuracy"])
    >>> history = trainer.fit(x, y, epochs=10, batch_size=20, validation_split=0.2)
    >>> list(history)
    ['loss', 'accuracy', 'val_loss', 'val_accuracy']
    >>> trainer.evaluate(x, y)["accuracy"] > 0.9
    True
    """

    _parameters: list[Tensor]  # of the model and the optimizer
    _class_weights: ClassWeights | None
    _moments: dict[str, list[Callable[[Any], None]]]

    # ---------------------------------------------------------------- training

    def fit(
        self,
        x: Any,
        y: Any = None,
        *,
        epochs: int = 1,
        batch_size: int | None = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        validation_batch_size: int | None = None,
        class_weight: Any = None,
        sample_weight: Any = None,
        shuffle: bool = True,
        drop_last: bool = False,
        resume: bool | str | PathLike[str] = False,
        progress: bool | None = None,
    ) -> History:
        """Train for so many epochs more, or, of a resumed run, until there are so many.

        Each epoch begins with ``model.train()``, for all modules inside.

        Args:
            x: inputs: an array, a list, a pandas frame, or a tuple or dict of them for several inputs. Or a ``DataLoader``, a
                data set, a list of batches: anything that gives ``(x, y)`` or ``(x, y, weights)``, anew in each epoch.
            y: targets, where ``x`` is inputs.
            epochs: how often to go through the data.
            batch_size: the number of examples in a batch, where ``x`` is no loader; 32.
            validation_split: the share of the examples, between 0 and 1, to validate with. **The last ones are taken, before
                shuffling**: in data that are sorted by class use ``nn.data.train_test_split(x, y, stratify=y)`` instead.
            validation_data: ``(x, y)``, ``(x, y, weights)`` or a loader, to validate with after each epoch.
            validation_batch_size: of arrays; by default four times ``batch_size``: no graph is kept, so this needs no more
                memory.
            class_weight: how much each class counts in training: ``{class: weight}`` (those left out count 1), a list, or
                ``"balanced"``, which makes all classes count alike. For targets that are numbers of classes.
            sample_weight: how much each example counts in training, and in its metrics, which ``class_weight`` leaves alone.
                Both need a loss of ``nn``.
            shuffle: whether to go through the examples in a new order in each epoch.
            drop_last: whether to leave out a last batch with fewer examples, in each epoch others: a batch of a few disturbs
                batch normalisation.
            resume: the path of a ``Checkpoint``, to go on from it if the file exists; ``True`` to go on from where this trainer
                stands, after ``nn.load(path, into=trainer)`` or an interrupt.
            progress: ``True`` and ``False`` to show or hide the bar; ``None`` shows it on a terminal.

        Returns:
            The history, with ``loss``, the metrics, and both of the validation as ``val_loss``, ... for each epoch.

        **Shapes**: x (N, ...), y (N, ...), sample_weight (N,).

        Raises:
            ValueError: for NaN and infinity in the data, other lengths, no examples, a split that leaves nothing, labels that
                the model has no output for; a saved run that does not fit.
            TypeError: for data that are no numbers, and for arguments that exclude each other.
            FloatingPointError: when the loss becomes NaN or infinite; it says where that comes from. The weights are as before.
        """
        check_whole("Trainer.fit", "epochs", epochs)
        check_number("Trainer.fit", "epochs", epochs, least=0)
        with generators_kept(self.model) if resume is True else nullcontext():  # a new loader is seeded by the library's
            data = batches.data_of(x, y, sample_weight, "Trainer.fit")
            cut = {"batch_size": batch_size, "shuffle": shuffle, "drop_last": drop_last}
            loader, validation = self._data(data, cut, validation_split, validation_data, validation_batch_size)
        self._class_weights = None
        if class_weight is not None:
            self._class_weights = ClassWeights(class_weight, batches.targets_of(loader), self.batch_loss.ignored, "Trainer.fit")
        for each, receiver in ((loader, "Trainer.fit"), (validation, "Trainer.fit: validation_data")):
            self._try(each, receiver)
        self._begin(loader, validation, epochs, resume, progress)
        try:
            while not self.finished:
                self._epoch(loader, validation)
        finally:
            self._call("on_fit_end")
        return self.history

    @property
    def finished(self) -> bool:
        """Whether all epochs are done, or a callback has stopped training."""
        return self.between_epochs and (self.epoch >= self.epochs or self.stop_training)

    def _epoch(self, loader: Any, validation: Any) -> None:
        """Learn each batch, validate, and close the epoch."""
        self._call("on_epoch_begin")
        self.model.train()
        # A DataLoader that was resumed gives the rest of its epoch; any other iterable is gone through up to this place.
        rest = loader if isinstance(loader, DataLoader) else itertools.islice(loader, self.batch, None)
        for batch in rest:
            self.loaders.note_order()
            self._learn(batch)
            self.progress.batch += 1
            self._call("on_batch_end")
            self._call("on_checkpoint")
        if self.progress.collected:
            self._update()
        if self.batch == 0:
            raise ValueError("Trainer.fit: expected at least one batch, received none; the loader is empty")

        self.progress.epoch += 1
        self.progress.logs = self.running()
        if validation is not None:
            self.logs.update({f"val_{name}": value for name, value in self._evaluated(validation).items()})
        self._call("on_epoch_end")
        self.history.append(self.logs, [each.numpy() for each in self._parameters])
        if self.schedule is not None and self.schedule_every == "epoch":
            self._step_schedule(self.schedule)
        self._begin_epoch()
        self._call("on_checkpoint")

    def _learn(self, batch: Any) -> None:
        """Forward, loss, backward, and the update when gradients of enough batches are there."""
        inputs, targets, weights = part = batches.parts_of(batch, "Trainer.fit")
        if self._class_weights is not None:
            part = part._replace(weights=self._class_weights.of(part))
        self._call("on_batch_begin")
        predictions = called_with(self.model, inputs)
        loss, counted = self.batch_loss(predictions, targets, part.weights, batches.count_of(inputs))
        if not counted:  # all weights are 0: as if the examples were not there
            return
        value = self.batch_loss.value_of(loss, counted)
        if not math.isfinite(value):
            raise FloatingPointError(
                f"Trainer.fit: expected a finite loss, received {value} in epoch {self.epoch + 1}, batch {self.batch + 1}: "
                f"{blamed(self.model, self.batch_loss, part)}. The weights were not updated with it"
            )
        if self.accumulate == 1:
            loss.backward()
        else:
            loss.backward(np.asarray(1.0 if self.batch_loss.summed else counted, loss.dtype))
        progress = self.progress
        progress.total += value * counted
        progress.counted += counted
        progress.collected += 1
        progress.collected_count += counted
        self.history.note(value)
        if self.metrics:
            found = batches.arrays_of(predictions)
            for metric in self.metrics:
                metric.update(found, targets, weights)
        if progress.collected == self.accumulate:
            self._update()

    def _update(self) -> None:
        """One step of the optimizer, and of a schedule that goes by updates."""
        progress = self.progress
        if self.accumulate > 1 and not self.batch_loss.summed and progress.collected_count:
            with ag.no_grad():  # each loss was a mean, and was weighted by what it counts
                for each in self._parameters:
                    if each.grad is not None:
                        each.grad *= 1 / progress.collected_count
        self._call("on_gradients")
        self.optimizer.step()
        clear_gradients(self._parameters, set_to_none=True)  # as zero_grad(), also of those that are not updated
        progress.updates += 1
        progress.collected, progress.collected_count = 0, 0.0
        if self.schedule is not None and self.schedule_every == "update":
            self._step_schedule(self.schedule)

    def _step_schedule(self, schedule: Any) -> None:
        if schedule.looks_at is None:
            schedule.step()
            return
        name = self.schedule_monitor or ("val_loss" if "val_loss" in self.logs else "loss")
        if name not in self.logs:
            raise ValueError(f"Trainer: expected schedule_monitor {name!r} among the logs {', '.join(self.logs)}")
        schedule.step(self.logs[name])

    def running(self) -> dict[str, float]:
        """The means over the present epoch so far: of the loss, and each metric that is one number."""
        counted = self.progress.counted
        logs = {"loss": self.progress.total / counted if counted else math.nan}
        return logs | numbers_of(self.metrics)

    def _begin_epoch(self) -> None:
        """Begin batches and sums anew."""
        self.loaders.forget_order()
        self.progress = replace(self.progress, batch=0, total=0.0, counted=0.0, collected=0, collected_count=0.0)
        for metric in self.metrics:
            metric.reset()

    # ---------------------------------------------------------------- using it

    def evaluate(self, x: Any, y: Any = None, *, batch_size: int | None = None, sample_weight: Any = None) -> dict[str, float]:
        """Loss and metrics on data, in evaluation mode; nothing is changed.

        Args:
            x: as in ``fit``.
            y: as in ``fit``.
            batch_size: of arrays, 256; it changes nothing but memory, time, and roundings.
            sample_weight: how much each example counts.

        Raises as ``fit`` does.
        """
        size = EVALUATION_BATCH if batch_size is None else batch_size
        return self._evaluated(batches.evaluated(x, y, sample_weight, size, "Trainer.evaluate"))

    def predict(self, x: Any, *, batch_size: int = EVALUATION_BATCH) -> Any:
        """The model's outputs for the examples ``x``, in evaluation mode, as arrays: logits, if the model ends in logits.

        Args:
            x: inputs as in ``fit``; or a loader that gives inputs, or ``(x, y)``, of which y is not looked at.
            batch_size: of arrays; it changes nothing but memory, time, and roundings.

        **Shapes**: (N, ...) -> (N, ...).

        Raises:
            ValueError, TypeError: as ``fit``.
        """
        check_number("Trainer.predict", "batch_size", batch_size, least=1)
        outputs, counts = [], []
        with evaluating(self.model):
            for inputs in batches.inputs_of(x, batch_size, "Trainer.predict"):
                outputs.append(called_with(self.model, inputs))
                counts.append(batches.count_of(inputs))
        return batches.joined(outputs, counts, "Trainer.predict")

    def predict_proba(self, x: Any, *, batch_size: int = EVALUATION_BATCH) -> Any:
        """How likely each class is for the examples ``x``: softmax of logits, sigmoid of one, as the loss understands outputs.

        **Shapes**: (N, ...) -> (N, C, ...); of a model with one logit or probability, which is that of class 1, (N, ...).

        Raises:
            TypeError: for a loss that does not say what the outputs are: use ``predict``.
        """
        return probabilities_of(self.predict(x, batch_size=batch_size), self.loss)

    def _evaluated(self, loader: Any) -> dict[str, float]:
        """Loss and metrics over a loader."""
        metrics = [copy.deepcopy(each) for each in self.metrics]
        for metric in metrics:
            metric.reset()
        total, counted_all = 0.0, 0.0
        with evaluating(self.model):
            for batch in loader:
                inputs, targets, weights = batches.parts_of(batch, "Trainer.evaluate")
                predictions = called_with(self.model, inputs)
                loss, counted = self.batch_loss(predictions, targets, weights, batches.count_of(inputs))
                if counted:
                    total += self.batch_loss.value_of(loss, counted) * counted
                    counted_all += counted
                found = batches.arrays_of(predictions)
                for metric in metrics:
                    metric.update(found, targets, weights)
        return {"loss": total / counted_all if counted_all else math.nan} | numbers_of(metrics)

    # ---------------------------------------------------------------- beginning, and going on

    def _data(
        self, data: Any, cut: dict[str, Any], share: float, validation_data: Any, validation_size: int | None
    ) -> tuple[Any, Any]:
        """The loaders of training and validation."""
        check_number("Trainer.fit", "validation_split", share, least=0, most=1)
        if share and validation_data is not None:
            raise TypeError("Trainer.fit: expected validation_split or validation_data, received both")
        if share:
            data, validation_data = batches.split(data, share, "Trainer.fit")
        loader = batches.training_loader(data, "Trainer.fit", **cut)
        if validation_data is None:
            return loader, None
        many = 4 * (cut["batch_size"] or 32) if validation_size is None else validation_size
        return loader, batches.validation_of(validation_data, many)

    def _try(self, loader: Any, receiver: str) -> None:
        """Loss and metrics of one example, in evaluation mode, so that what does not fit is said before anything is learned."""
        first = batches.first_of(loader)
        if first is None:
            return
        inputs, targets, _ = batches.parts_of(first, receiver)
        with evaluating(self.model):
            predictions = called_with(self.model, inputs)
            check_targets(predictions, batches.targets_of(loader), self.loss, receiver)
            self.batch_loss(predictions, targets, None, 1)
            for metric in copy.deepcopy(self.metrics):
                metric.update(batches.arrays_of(predictions), targets)

    def _begin(self, loader: Any, validation: Any, epochs: int, resume: Any, progress: bool | None) -> None:
        """Load what is resumed, and make everything ready for the first batch."""
        path = checked_path(resume)
        if path is not None and path.exists():
            load(path, into=self)
            self.resumed = True
        else:
            self.resumed = path is None and bool(resume)
            if self.resumed and not (self.epoch or self.batch):
                raise ValueError(
                    "Trainer.fit: expected a run to go on from, received resume=True for a trainer that has not been trained; "
                    "give the path of a checkpoint, resume=path, or nn.load(path, into=trainer) first"
                )
        self._parameters = list(parameters_of(self).values())
        if not self.resumed:
            self._begin_epoch()
            self.stop_training = False
            clear_gradients(self._parameters, set_to_none=True)
        self.loaders = self.loaders.followed_by(loader, validation, self.batch if self.resumed else None)
        self.epochs = epochs if self.resumed else self.epoch + epochs
        self.batches = len(loader) if isinstance(loader, DataLoader | Sequence) else None
        bar = (
            []
            if progress is False or any(isinstance(each, ProgressBar) for each in self.callbacks)
            else [ProgressBar(quiet=None if progress is None else False)]
        )
        self._moments = moments_of([*self.callbacks, *bar])
        self._call("on_fit_begin")

    def _call(self, moment: str) -> None:
        for each in self._moments[moment]:
            each(self)

    # ---------------------------------------------------------------- saving

    def state_dict(self) -> dict[str, Any]:
        """All that is needed to go on to the bit (Note [resuming]); ``nn.save(trainer, path)`` saves it."""
        return state_of(self)

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where ``state_dict()`` was called: with ``fit(..., resume=True)``, or ``fit(..., resume=path)`` from the file.

        Raises:
            ValueError: when it does not fit: another model, optimizer, schedule, other callbacks or metrics. Nothing is
                changed then.
        """
        restore(self, state_dict)

    def __repr__(self) -> str:
        return (
            f"Trainer({type(self.model).__name__}, {self.loss!r}, {type(self.optimizer).__name__}, {self.epoch} epochs, "
            f"{self.updates} updates)"
        )


for _name, _ours in TRAINER_SPELLING.items():
    setattr(Trainer, _name, Elsewhere(_name, _ours))
