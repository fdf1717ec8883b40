"""The tree of a model: a ``Place`` for each module in each place where it stands."""

from __future__ import annotations  # of Place and itself

from dataclasses import dataclass, field

from nn.inspection.calls import Call
from nn.module import Module
from nn.parameter import Buffer, Parameter
from nn.paths import direct_children, walk


@dataclass(eq=False)
class Place:
    """A module in one of its places.

    ``shared``: the path of the place where it stands first, if that is another; what is inside is shown there only.
    ``parameters``, ``buffers``: its own, without those of modules inside. ``tied``: parameters that count at another
    place.
    """

    module: Module
    number: int
    path: str
    name: str
    parent: Place | None
    shared: str | None = None
    children: list[Place] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)
    buffers: list[Buffer] = field(default_factory=list)
    tied: list[Parameter] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    def depth(self) -> int:
        """How many modules are around it."""
        return sum(1 for _ in self.around())

    def around(self) -> list[Place]:
        """The places around it, the innermost first."""
        found = []
        place = self.parent
        while place is not None:
            found.append(place)
            place = place.parent
        return found

    def inside(self) -> list[Place]:
        """This place and all inside it."""
        found = [self]
        for place in found:  # the list grows while it is read
            found.extend(place.children)
        return found


def places_of(model: Module) -> list[Place]:
    """All places in a model, each before those inside it; parameters and buffers count where they are met first."""
    numbers = {id(module): number for number, module in enumerate(model.modules())}
    first: dict[int, str] = {}
    counted: set[int] = set()
    found: list[Place] = []
    stack = [Place(model, 0, "", "", None)]
    while stack:
        place = stack.pop()
        found.append(place)
        if place.parent is not None:
            place.parent.children.append(place)
        module = place.module
        if id(module) in first:
            place.shared = first[id(module)]
            place.tied = list(module.parameters())
            continue
        first[id(module)] = place.path
        for _, member in walk(module, recurse=False):
            if isinstance(member, Parameter | Buffer):
                _count(place, member, counted)
        above = {id(each.module) for each in (place, *place.around())}
        inside = [
            Place(child, numbers[id(child)], f"{place.path}.{name}" if place.path else name, name, place)
            for name, child in direct_children(module)
            if id(child) not in above and isinstance(child, Module)  # a module may know the one around it
        ]
        stack.extend(reversed(inside))
    return found


def _count(place: Place, member: Parameter | Buffer, counted: set[int]) -> None:
    is_new = id(member) not in counted
    counted.add(id(member))
    if isinstance(member, Parameter):
        (place.parameters if is_new else place.tied).append(member)
    elif is_new:
        place.buffers.append(member)


def assign(places: list[Place], calls: list[Call]) -> dict[Call, Place]:
    """Put each call where its module stands in the caller, as near to it as can be; of several such places, in turn.

    A module called by one that it does not stand in belongs to its first place.
    """
    of_module: dict[int, list[Place]] = {}
    for place in places:
        of_module.setdefault(place.number, []).append(place)
    around = {place: place.around() for place in places if len(of_module[place.number]) > 1}
    found: dict[Call, Place] = {}
    turns: dict[tuple[Call | None, int], int] = {}
    for call in calls:
        candidates = of_module[call.number]
        caller = None if call.parent is None else found[call.parent]
        if caller is not None and caller.shared is not None:  # which is shown without what is inside
            found[call] = caller
            continue
        if len(candidates) > 1:
            candidates = _nearest(candidates, caller, around) or candidates[:1]
        turn = turns[call.parent, call.number] = turns.get((call.parent, call.number), -1) + 1
        place = found[call] = candidates[turn % len(candidates)]
        place.calls.append(call)
    return found


def _nearest(candidates: list[Place], caller: Place | None, around: dict[Place, list[Place]]) -> list[Place]:
    """Those inside of ``caller`` with the fewest modules between."""
    distances = {place: around[place].index(caller) for place in candidates if caller in around[place]}
    return [place for place, distance in distances.items() if distance == min(distances.values())]
