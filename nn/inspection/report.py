"""``Summary``: what ``nn.summary`` returns, rows and totals, which print as a table."""

from dataclasses import dataclass

from nn.inspection.html_table import html_of
from nn.inspection.text_table import text_of
from nn.inspection.units import as_count, as_flops, as_memory


@dataclass(frozen=True, slots=True)
class Row:
    """One module. Its numbers are its own; where the modules inside have no rows, theirs are in them: columns add up.

    ``path``: where it stands, empty for the model itself. ``name``: the last part of that. ``kind``: its class. ``settings``:
    as ``extra_repr`` tells them. ``depth``: how many modules are around it. ``calls``: how often it ran. ``outputs``: the shape
    of what it returned, one for each array; N is the number of examples. ``output_bytes``: over all calls. ``parameters``,
    ``trainable``, ``buffers``: numbers of elements; a shared one counts in the row where it comes first. ``flops``: over all
    calls. ``shared``: the path of the row that shows the same module. ``tied``: whether some of its parameters are counted in
    another row. ``state``: ``"not called"``, or ``"not called, but read"`` where its parameters were used all the same. What is
    known only from a forward pass is ``None`` without one.
    """

    path: str
    name: str
    kind: str
    settings: str
    depth: int
    calls: int | None
    outputs: tuple[str, ...]
    output_bytes: int | None
    parameters: int
    trainable: int
    parameter_bytes: int
    buffers: int
    flops: int | None
    shared: str | None
    tied: bool
    state: str

    def head(self, room: int | None = None) -> str:
        """``name: Kind(settings)``, in not much more than ``room`` characters: settings are shortened."""
        start = f"{self.name}: {self.kind}" if self.name else self.kind
        if self.shared is not None:
            return f"{start}, same as {self.shared or 'the model'}"
        if not self.settings:
            return start
        if room is None or len(start) + len(self.settings) + 2 <= room:
            return f"{start}({self.settings})"
        kept = self.settings[: max(room - len(start) - 3, 0)]
        return f"{start}({kept[: kept.rfind(', ') + 2] if ', ' in kept else ''}…)"  # whole settings

    def cells(self, with_pass: bool, with_trainable: bool) -> list[str]:
        """What stands in the columns behind the first."""
        cells = []
        if with_pass:
            lines = list(self.outputs[:_MOST]) + [f"{len(self.outputs) - _MOST} more"] * (len(self.outputs) > _MOST)
            if self.calls is not None and self.calls > 1 and lines:
                lines[-1] += f" ×{self.calls}"
            cells += ["\n".join(lines) or self.state, "" if self.output_bytes is None else as_memory(self.output_bytes)]
        if self.parameters:
            cells += [as_count(self.parameters) + (" + shared" if self.tied else ""), as_memory(self.parameter_bytes)]
        else:
            cells += ["shared" if self.tied else "", ""]
        if with_trainable:
            some = "yes" if self.trainable == self.parameters else "partly" if self.trainable else "no"
            cells.append(some if self.parameters else "")
        if with_pass:
            cells.append(as_flops(self.flops) if self.flops else "")
        return cells


_MOST = 4  # outputs that are listed


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums over a model; ``parameters``, ``trainable``, ``frozen`` and ``buffers`` are numbers of elements.

    ``batch_size``: the number of examples that the others are for, ``None`` where the data were given. ``input_bytes``: of the
    input. ``kept_bytes``: what the graph of a training step keeps for the gradient, besides parameters, buffers and input.
    ``flops``: of a forward pass in evaluation mode.
    """

    parameters: int
    trainable: int
    frozen: int
    parameter_bytes: int
    buffers: int
    buffer_bytes: int
    batch_size: int | None = None
    input_bytes: int | None = None
    kept_bytes: int | None = None
    flops: int | None = None

    def lines(self) -> list[tuple[str, str]]:
        """What is known, in words."""
        parameters = f"{as_count(self.parameters)} ({as_memory(self.parameter_bytes)})"
        if self.frozen:
            parameters += f": {as_count(self.trainable)} trainable, {as_count(self.frozen)} frozen"
        lines = [("Parameters", parameters)]
        if self.buffers:
            lines.append(("Buffers", f"{as_count(self.buffers)} ({as_memory(self.buffer_bytes)})"))
        if self.flops is not None:
            examples = "" if self.batch_size is None else f", N = {self.batch_size}"
            lines.append(("Forward pass", f"{as_flops(self.flops)} (evaluation mode{examples})"))
        if self.input_bytes is not None:
            lines.append(("Input", as_memory(self.input_bytes)))
        if self.kept_bytes is not None:
            lines.append(
                ("Kept for the gradient", f"{as_memory(self.kept_bytes)} (training mode, besides parameters and input)")
            )
        return lines


@dataclass(frozen=True, slots=True, repr=False)
class Summary:
    """A model in numbers: ``rows`` for its modules, ``totals``, and ``notes`` on what the numbers leave out.

    It prints as a table, and shows as one in a notebook.
    """

    title: str
    rows: tuple[Row, ...]
    totals: Totals
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        prefixes = _branches([row.depth for row in self.rows])
        heads = [prefix + row.head(_ROOM - len(prefix)) for prefix, row in zip(prefixes, self.rows, strict=True)]
        below = [_below(prefix, following) for prefix, following in zip(prefixes, [*prefixes[1:], ""], strict=True)]
        rows = list(zip(heads, below, self._cells(), strict=True))
        return text_of(self.title, self._columns(), rows, self.totals.lines(), self.notes)

    def _repr_html_(self) -> str:
        heads = [(row.depth, row.head(_ROOM), row.head()) for row in self.rows]
        return html_of(
            self.title, self._columns(), list(zip(heads, self._cells(), strict=True)), self.totals.lines(), self.notes
        )

    def _columns(self) -> list[str]:
        with_pass, with_trainable = self._extent()
        outputs = ["Output", "Memory"] if with_pass else []
        trainable = ["Trainable"] if with_trainable else []
        return ["Module", *outputs, "Parameters", "Memory", *trainable, *(["FLOPs"] if with_pass else [])]

    def _cells(self) -> list[list[str]]:
        return [row.cells(*self._extent()) for row in self.rows]

    def _extent(self) -> tuple[bool, bool]:
        """Whether there was a forward pass, and whether some parameters are frozen."""
        return self.totals.flops is not None, self.totals.frozen > 0


_ROOM = 48  # characters for a module and its settings


def _branches(depths: list[int]) -> list[str]:
    """The lines that make a tree of rows, for each the one in front of it."""
    found: list[str] = []
    later: set[int] = set()  # the depths at which a row of the same parent follows
    for depth in reversed(depths):
        if depth == 0:
            found.append("")
            continue
        bars = ["│  " if each in later else "   " for each in range(1, depth)]
        found.append("".join(bars) + ("├─ " if depth in later else "└─ "))
        later = {each for each in later if each < depth} | {depth}
    return found[::-1]


def _below(prefix: str, following: str) -> str:
    """What stands in front of the further lines of a row: the branches that go on."""
    kept = prefix.replace("├─", "│ ").replace("└─", "  ")
    return kept + ("│" if len(following) > len(prefix) else "")
