"""``summary``: a model as a table of its modules, with shapes, parameters, memory and FLOPs."""

from typing import Any

from nn.inputs import check_whole
from nn.inspection.calls import Call
from nn.inspection.example_inputs import arrays_in, inputs_of
from nn.inspection.measurement import Measurement, measured, shape_text
from nn.inspection.places import Place, assign, places_of
from nn.inspection.report import Row, Summary, Totals
from nn.layers.containers import ModuleDict, ModuleList, ParameterDict, ParameterList
from nn.module import Module


def summary(
    model: Any,
    input_shape: Any = None,
    *,
    input_data: Any = None,
    dtype: Any = None,
    depth: int | None = None,
    batch_size: int | None = None,
) -> Summary:
    """A table of a model: for each module its output's shape, its parameters, memory and FLOPs; and the totals.

    Copies of the model are run, so the model itself stays as it is: modes, buffers, gradients, generators, hooks. Hooks run on
    the copies. Without a shape and data nothing is run, and the table shows parameters only.

    Each row has the numbers of the module itself, without the modules inside, which have rows of their own; so columns add up.
    Where ``depth`` leaves out the rows inside, their numbers are in it. A module that stands at several places has a row at
    each, and its parameters count in the first; one that was called several times has ``×3`` behind its shape.

    FLOPs are those of a forward pass in evaluation mode, counted from the ops that ran, whoever called them; a multiply-add
    is 2. ``nn/inspection/costs.py`` has the table of formulas. Comparisons, work on integers, and what runs on plain arrays or
    under ``ag.no_grad`` outside of all modules is not recorded, and so not counted. Memory of outputs is what they hold, views
    too; what is *kept for the gradient* is what the graph of a training step holds after the forward pass, measured.

    Args:
        model: the model.
        input_shape: the shape of one example, **without** the batch: ``(20,)``, ``(1, 28, 28)``. For a model with several
            inputs a tuple of shapes; for keyword arguments a dict of them.
        input_data: data in its place, for a model whose batch is not the first axis, among others: one array or anything else
            that the model takes, a tuple of all its arguments, or a dict of keyword arguments.
        dtype: of the data that are made for ``input_shape``; for several inputs one for all, or as many. By default that of
            the parameters. ``np.int64`` for a model that takes indices: it is then called with zeros.
        depth: how many levels of modules are shown inside the model; ``None`` for all.
        batch_size: for how many examples memory and FLOPs are counted, by default for one. Shapes show the axes that grow
            with their number as ``N``.

    Returns:
        An object with ``rows``, ``totals`` and ``notes``, which prints as a table.

    Raises:
        TypeError: for what is no module, no shape, or both a shape and data.
        ValueError: for a negative depth, and a batch without examples.
        RuntimeError: when the forward pass fails; where it raised TypeError, ValueError or IndexError, that. The message names
            the layer, and what ran before.

    >>> model = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 3))
    >>> nn.summary(model, (2,))
    Sequential, called with (N, 2) float32
    ──────────────────────────────────────────────────────────────────────────────────────────────
    Module                                           Output   Memory  Parameters  Memory     FLOPs
    ──────────────────────────────────────────────────────────────────────────────────────────────
    Sequential                                       (N, 3)     12 B
    ├─ 0: Linear(in_features=2, out_features=64, …)  (N, 64)   256 B         192   768 B  320 FLOP
    ├─ 1: ReLU                                       (N, 64)   256 B                       64 FLOP
    └─ 2: Linear(in_features=64, out_features=3, …)  (N, 3)     12 B         195   780 B  387 FLOP
    ──────────────────────────────────────────────────────────────────────────────────────────────
    Parameters             387 (1.5 KiB)
    Forward pass           771 FLOP (evaluation mode, N = 1)
    Input                  8 B
    Kept for the gradient  256 B (training mode, besides parameters and input)
    """
    if not isinstance(model, Module):
        hint = f"; write {model.__name__}(...)" if isinstance(model, type) and issubclass(model, Module) else ""
        received = f"the class {model.__name__}" if isinstance(model, type) else type(model).__name__
        raise TypeError(f"summary: expected a module, received {received}{hint}")
    _check_at_least("depth", depth, 0)
    _check_at_least("batch_size", batch_size, 1)
    inputs = inputs_of(model, input_shape, input_data, dtype)
    if batch_size is not None and (inputs is None or not inputs.sized):
        raise TypeError("summary: expected batch_size together with input_shape; the batch of input_data is that of the data")
    places = places_of(model)
    if inputs is None:
        rows = [_row(place, depth, None, {}, {}, 1) for place in places if depth is None or place.depth() <= depth]
        return Summary(type(model).__name__, tuple(rows), _totals(places), ())
    batch = batch_size or 1
    found = measured(model, inputs, batch)
    where = assign(places, found.calls)
    flops: dict[Place, int] = dict.fromkeys(places, 0)
    for call, count in found.flops.items():
        flops[where[call]] += count
    again = dict(zip(found.calls, found.again, strict=True)) if found.again else {}
    rows = [_row(place, depth, found, flops, again, batch) for place in places if depth is None or place.depth() <= depth]
    title = f"{type(model).__name__}, called with {_input_text(found, inputs.sized)}"
    totals = _totals(places, found, batch if inputs.sized else None, sum(flops.values()))
    return Summary(title, tuple(rows), totals, (*_misread_batches(places, again), *found.notes))


def _check_at_least(name: str, value: Any, least: int) -> None:
    if value is not None:
        check_whole("summary", name, value)
        if value < least:
            raise ValueError(f"summary: expected {name} of {least} or more, received {value}")


def _row(
    place: Place,
    depth: int | None,
    found: Measurement | None,
    flops: dict[Place, int],
    again: dict[Call, Call],
    batch: int,
) -> Row:
    """The row of a place, with all that is inside where nothing deeper has rows."""
    covered = place.inside() if place.depth() == depth else [place]
    parameters = [each for one in covered for each in one.parameters]
    calls = [each for each in place.calls if each.outputs is not None]
    outputs: dict[tuple[str, int], None] = {}  # in order, each once
    for each in calls:
        grown = again[each].outputs if again else None
        for i, output in enumerate(each.outputs or ()):
            outputs[shape_text(output, grown[i] if grown else None, batch), i] = None
    return Row(
        path=place.path,
        name=place.name,
        kind=type(place.module).__name__,
        settings=" ".join(place.module.extra_repr().split()),
        depth=place.depth(),
        calls=None if found is None else len(calls),
        outputs=tuple([text for text, _ in outputs]),
        output_bytes=sum([output.nbytes for each in calls for output in each.outputs or ()]) if calls else None,
        parameters=sum([each.size for each in parameters]),
        trainable=sum([each.size for each in parameters if each.requires_grad]),
        parameter_bytes=_memory_of(parameters),
        buffers=sum([each.size for one in covered for each in one.buffers]),
        flops=None if found is None else sum([flops[one] for one in covered]),
        shared=place.shared,
        tied=not {id(each) for one in covered for each in one.tied} <= set(map(id, parameters)),
        state="" if found is None else _state(place, found),
    )


def _state(place: Place, found: Measurement) -> str:
    """What stands in place of the output of a module that was not called."""
    if any([one.calls for one in place.inside()]) or isinstance(
        place.module, ModuleList | ModuleDict | ParameterList | ParameterDict
    ):
        return ""
    return "not called, but read" if place.number in found.read else "not called"


def _memory_of(tensors: Any) -> int:
    return sum([each.size * each.dtype.itemsize for each in tensors])


def _totals(
    places: list[Place], found: Measurement | None = None, batch: int | None = None, flops: int | None = None
) -> Totals:
    parameters = [each for place in places for each in place.parameters]
    buffers = [each for place in places for each in place.buffers]
    count = sum([each.size for each in parameters])
    trainable = sum([each.size for each in parameters if each.requires_grad])
    return Totals(
        parameters=count,
        trainable=trainable,
        frozen=count - trainable,
        parameter_bytes=_memory_of(parameters),
        buffers=sum([each.size for each in buffers]),
        buffer_bytes=_memory_of(buffers),
        batch_size=batch,
        input_bytes=None if found is None else _memory_of(arrays_in(found.arguments)),
        kept_bytes=None if found is None else found.kept,
        flops=flops,
    )


def _input_text(found: Measurement, sized: bool) -> str:
    """``(N, 20) float32``, for each of the inputs."""
    args, keywords = found.arguments
    texts = []
    for name, value in [*[("", each) for each in args], *keywords.items()]:
        start = f"{name}=" if name else ""
        for each in arrays_in(((value,), {})):
            sizes = [str(size) for size in each.shape]
            if sized:
                sizes[0] = "N"
            texts.append(f"{start}({', '.join(sizes)}{',' if len(sizes) == 1 else ''}) {each.dtype}")
    return ", ".join(texts) or "no arrays"


def _misread_batches(places: list[Place], again: dict[Call, Call]) -> list[str]:
    """What to say of layers that took the batch for time."""
    found: list[Place] = []
    for place in places:
        if vars(place.module).get("batch_first") is False and not set(found).intersection(place.around()):
            pairs = [(each.inputs[0], again[each].inputs[0]) for each in place.calls if each in again and each.inputs]
            if any([len(shape) == 3 and shape[0] != grown[0] and shape[1] == grown[1] for shape, grown in pairs]):
                found.append(place)
    return [
        f"{place.path or 'the model'} ({type(place.module).__name__}) has batch_first=False and took the batch for time: "
        "give it batch_first=True, or give data as input_data, (time, batch, ...)."
        for place in found
    ]
