"""What a forward pass of a model gives and costs: its outputs, its FLOPs, and the memory that it keeps for the gradient.

The model is run up to three times, each time as a copy of its own, so that nothing of it changes:

1. in evaluation mode, recorded from the input on, so that every op can be counted;
2. in evaluation mode with one example more, not recorded: the axes that have grown are those of the batch;
3. in training mode, recorded as a training step would: what stays in the graph is what such a step keeps.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import autograd as ag
from nn.evaluation import generators_kept
from nn.inspection.calls import Call, Output, Trace
from nn.inspection.costs import flops_of, result_size
from nn.inspection.duplication import duplicate
from nn.inspection.example_inputs import Arguments, Inputs, arrays_in, recorded
from nn.layers.embedding import Embedding, EmbeddingBag
from nn.module import Module


@dataclass(frozen=True)
class Measurement:
    """What was found.

    ``again``: the calls of the same run with one more example, where that is known. ``flops``: of each call, without those
    inside. ``kept``: bytes. ``read``: the numbers of the modules whose parameters took part. ``notes``: what to know besides.
    """

    calls: list[Call]
    again: list[Call] | None
    flops: dict[Call, int]
    kept: int | None
    arguments: Arguments
    read: set[int]
    notes: list[str]


def measured(model: Module, inputs: Inputs, batch: int) -> Measurement:
    """Run copies of a model.

    Raises:
        RuntimeError: when the model cannot be run with these inputs; TypeError, ValueError and IndexError as themselves.
    """
    notes: list[str] = []
    with generators_kept(model), np.errstate(all="ignore"):  # what example data do to logarithms and the like is no fault
        trace = _counted(model, inputs, batch, notes)
        flops, unknown = _flops_by_call(trace)
        read = _whose_parameters_were_read(trace)
        again = _with_one_more(model, inputs, batch, trace)
        kept = _kept_in_training(model, inputs, batch, notes)
    if unknown:
        notes.append(f"FLOPs: no rule for {', '.join(sorted(unknown))}; counted as 1 for each element of the result.")
    return Measurement(trace.calls, again, flops, kept, inputs.make(batch), read, notes)


# ---------------------------------------------------------------- the three runs


def _counted(model: Module, inputs: Inputs, batch: int, notes: list[str]) -> Trace:
    """The first run. A model that refuses recorded input is given plain arrays."""
    with ag.enable_grad():
        trace = _trace_of(model, records=True)
        try:
            trace.run(*recorded(inputs.make(batch), model))
            return trace
        except Exception as error:  # a forward may raise anything
            refused = _told(error)
        trace = _trace_of(model, records=True)
        try:
            trace.run(*inputs.make(batch))
        except Exception as error:  # a forward may raise anything
            raise _explained(error, trace, inputs.sized) from error
    notes.append(
        "FLOPs: what is computed from the input alone, before parameters take part, is not counted, since this model runs on "
        f"plain arrays only ({refused})."
    )
    return trace


def _trace_of(model: Module, records: bool) -> Trace:
    copy = duplicate(model).eval()
    for each in copy.parameters():
        if each.dtype.kind in "fc":  # frozen layers compute too
            each.requires_grad_(True)
    return Trace(copy, records)


def _with_one_more(model: Module, inputs: Inputs, batch: int, trace: Trace) -> list[Call] | None:
    """The calls of the second run, if they are the same as those of the first."""
    if not inputs.sized:
        return None
    more = _trace_of(model, records=False)
    try:
        with ag.no_grad():
            more.run(*inputs.make(batch + 1))
    except Exception:  # a model for this batch only
        return None
    form = lambda calls: [(call.number, len(call.inputs), len(call.outputs or ())) for call in calls]
    return more.calls if form(more.calls) == form(trace.calls) else None


def _kept_in_training(model: Module, inputs: Inputs, batch: int, notes: list[str]) -> int | None:
    try:
        return _kept(model, inputs, batch)
    except Exception as error:  # a forward may raise anything
        refused = _told(error)
    try:
        if inputs.sized and batch == 1:  # which batch normalisation does not train on
            two, three = [_kept(model, inputs, count) for count in (2, 3)]
            return 2 * two - three
    except Exception as error:  # a forward may raise anything
        refused = _told(error)
    notes.append(f"Kept for the gradient: not known, since the model fails in training mode ({refused}).")
    return None


def _told(error: Exception) -> str:
    """An error in a few words; the error itself would keep alive what its traceback can see."""
    line = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {line if len(line) <= _LONG else line[:_LONG] + '…'}"


_LONG = 100


def _kept(model: Module, inputs: Inputs, batch: int) -> int:
    """The bytes that the graph of a training step keeps, besides those of parameters, buffers and inputs."""
    copy = duplicate(model)
    if not copy.training:
        copy.train()
    arguments = inputs.make(batch)
    given = [ag.asarray(each).numpy() for each in arrays_in(arguments)]
    given += [each.numpy() for each in (*copy.parameters(), *copy.buffers())]
    trace = Trace(copy, records=False)
    with ag.enable_grad():
        trace.run(*arguments)
    known = {id(_memory(each)) for each in given}
    kept = {id(memory): memory for node in trace.kept_nodes() for memory in _memories(node.saved)}
    return sum([memory.nbytes for key, memory in kept.items() if key not in known])


def _memories(saved: Any) -> Iterator[Any]:
    """The arrays among what a node has saved, each as the one that owns its memory."""
    if isinstance(saved, np.ndarray):
        yield _memory(saved)
    elif isinstance(saved, tuple | list):
        for each in saved:
            yield from _memories(each)


def _memory(array: Any) -> Any:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


# ---------------------------------------------------------------- what they tell


def _flops_by_call(trace: Trace) -> tuple[dict[Call, int], set[str]]:
    """FLOPs of each call without those inside, and the names of ops that have no rule."""
    flops = dict.fromkeys(trace.calls, 0)
    unknown: set[str] = set()
    for node, call in trace.ops():
        count = flops_of(node)
        if count is None:
            unknown.add(node.op.name)
            count = result_size(node)
        flops[call] += count
    return flops, unknown


def _whose_parameters_were_read(trace: Trace) -> set[int]:
    nodes = {id(node) for node in trace.recorded_nodes()}
    return {
        number
        for number, module in enumerate(trace.modules)
        if any(id(each.node) in nodes for each in module.parameters(recurse=False))
    }


def shape_text(output: Output, again: Output | None, batch: int) -> str:
    """``(N, 64)``: the shape of an output, with N for what grows with the batch, where that is known."""
    if isinstance(output.shape, str):
        return output.shape
    sizes = [str(size) for size in output.shape]
    if again is not None and not isinstance(again.shape, str) and len(again.shape) == len(output.shape):
        for axis, (size, grown) in enumerate(zip(output.shape, again.shape, strict=True)):
            each = grown - size
            if each and size == each * batch:
                sizes[axis] = "N" if each == 1 else f"{each}N"
    shape = f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"
    return f"{output.label}: {shape}" if output.label else shape


def _explained(error: Exception, trace: Trace, sized: bool) -> Exception:
    """The error of a forward pass, with the module that failed, what it received, and what had run before."""
    kind = type(error) if type(error) in (TypeError, ValueError, IndexError) else RuntimeError
    said = str(error) if type(error) in (kind, RuntimeError) else f"{type(error).__name__}: {error}"
    if not trace.running:
        return kind(f"summary: the forward pass failed: {said}")
    call = trace.running[-1]
    received = " and ".join(map(str, call.inputs)) or "no arrays"
    lines = [f"summary: the forward pass failed in {_named(trace, call)}, which received {received}: {said}"]
    before = [each for each in trace.calls if each.ended is not None]
    if before:
        done = [f"{_named(trace, each)} -> {', '.join([str(one.shape) for one in each.outputs or ()])}" for each in before[-3:]]
        lines.append(f"Before it ran {'...; ' if len(before) > 3 else ''}{'; '.join(done)}.")
    if sized:
        is_of_indices = isinstance(trace.modules[call.number], Embedding | EmbeddingBag)
        hint = "for indices give dtype=np.int64" if is_of_indices else "the batch was put in front"
        lines.append(f"The input was made from input_shape, the shape of one example: {hint}.")
    return kind("\n".join(lines))


def _named(trace: Trace, call: Call) -> str:
    module = trace.modules[call.number]
    path = next((path for path, each in trace.modules[0].named_modules() if each is module), "")
    kind = type(module).__name__
    return f"{path} ({kind})" if path else kind
