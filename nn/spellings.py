"""What errors for names of PyTorch's and Keras' say that there are not here: our spelling of them."""

from typing import Any, NoReturn


class Elsewhere:
    """Stands in a class in place of an attribute that it does not have: asking for it raises an error with our spelling.

    A descriptor for each name, and no ``__getattr__``, which would slow down every other attribute of every module.
    """

    def __init__(self, name: str, ours: str) -> None:
        self._name = name
        self._ours = ours

    def __get__(self, instance: Any, owner: type) -> NoReturn:
        raise AttributeError(f"{owner.__name__} has no attribute {self._name!r}; write {self._ours}")


_IN_MEMORY = "the model as it is: parameters are in main memory"

_TRAINER = "trainer = nn.Trainer(model, loss, optimizer), and trainer."

MODULE_SPELLING = {
    "bfloat16": "model.astype(np.float32); there is no bfloat16 here",
    "cpu": _IN_MEMORY,
    "compile": "nn.Trainer(model, loss, optimizer, metrics=[...])",
    "cuda": _IN_MEMORY,
    "double": "model.astype(np.float64)",
    "evaluate": f"{_TRAINER}evaluate(x, y)",
    "fit": f"{_TRAINER}fit(x, y)",
    "float": "model.astype(np.float32)",
    "half": "model.astype(np.float16)",
    "predict": f"{_TRAINER}predict(x)",
    "register_full_backward_hook": "output.register_hook(f) in a hook of model.register_forward_hook",
    "register_module": "model.add_module(name, module)",
    "save": "nn.save(model, path)",
    "summary": "nn.summary(model, input_shape)",
    "to": "model.astype(dtype); parameters are in main memory",
    "to_empty": _IN_MEMORY,
    "type": "model.astype(dtype)",
    "xpu": _IN_MEMORY,
    "_buffers": "dict(model.named_buffers())",
    "_modules": "dict(model.named_children())",
    "_parameters": "dict(model.named_parameters())",
}

HISTORY_SPELLING = {
    "epoch": "range(1, history.epochs + 1)",
    "history": "history itself, which is a mapping: history['loss']",
}

TRAINER_SPELLING = {
    "compile": "the parts in nn.Trainer(model, loss, optimizer, metrics=[...])",
    "load": "nn.load(path, into=trainer)",
    "save": "nn.save(trainer, path)",
    "summary": "nn.summary(trainer.model, input_shape)",
    "test": "trainer.evaluate(x, y)",
    "train": "trainer.fit(x, y)",
}

NN_SPELLING = {
    "DataLoader": "nn.data.DataLoader",
    "Dataset": "nn.data.Dataset",
    "Dense": "nn.Linear(inputs, outputs)",
    "Tensor": "ag.Tensor",
    "TensorDataset": "nn.data.TensorDataset",
    "callback": "nn.callbacks",
    "from_numpy": "ag.asarray(array)",
    "manual_seed": "ag.seed(0)",
    "metric": "nn.metrics",
    "no_grad": "ag.no_grad()",
    "plot": "nn.plots",
    "tensor": "ag.tensor",
    "utils": "nn itself, where its functions stand: nn.clip_grad_norm_, nn.pad_sequence, ...",
}

CALLBACK_SPELLING = {
    "BackupAndRestore": "nn.callbacks.Checkpoint(path), and trainer.fit(..., resume=path)",
    "History": "what trainer.fit returns: an nn.History",
    "LearningRateScheduler": "nn.Trainer(schedule=...), with a schedule of nn.optim",
    "ModelCheckpoint": "nn.callbacks.BestModel(path) for the best weights, nn.callbacks.Checkpoint(path) for the whole run",
    "ReduceLROnPlateau": "nn.Trainer(schedule=nn.optim.ReduceLROnPlateau(optimizer))",
    "TQDMProgressBar": "nn.callbacks.ProgressBar()",
}

METRIC_SPELLING = {
    "AUC": "nn.metrics.ROCAUC()",
    "AUROC": "nn.metrics.ROCAUC()",
    "BinaryAccuracy": "nn.metrics.Accuracy(threshold=0.0) for logits, 0.5 for probabilities",
    "CategoricalAccuracy": "nn.metrics.Accuracy()",
    "F1": "nn.metrics.F1Score()",
    "MAE": "nn.metrics.MeanAbsoluteError()",
    "MSE": "nn.metrics.MeanSquaredError()",
    "R2": "nn.metrics.R2Score()",
    "RMSE": "nn.metrics.RootMeanSquaredError()",
    "SparseCategoricalAccuracy": "nn.metrics.Accuracy()",
}


def unknown(package: str, name: str, spelling: dict[str, str]) -> AttributeError:
    """The error for a name that a package does not have."""
    hint = f"; write {spelling[name]}" if name in spelling else ""
    return AttributeError(f"module {package!r} has no attribute {name!r}{hint}")
