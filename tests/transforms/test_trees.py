"""Trees come apart and together again exactly, keep what is no array as it is, and say where two of them part."""

import copy
import enum
import functools
import pickle
from collections import OrderedDict, UserDict, defaultdict, deque, namedtuple
from dataclasses import InitVar, dataclass, field, fields
from types import MappingProxyType, SimpleNamespace
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import autograd as ag
from autograd.transforms.trees import LEAF

STATIC = {"static": True}

Point = namedtuple("Point", "x y")


class Typed(NamedTuple):
    first: Any
    second: Any = 7


class Doubled(namedtuple("Doubled", "one two")):
    __slots__ = ()

    def __new__(cls, one):
        return super().__new__(cls, one, 2 * one)


@dataclass
class Line:
    w: Any
    b: Any = None


@dataclass(frozen=True)
class Frozen:
    w: Any
    size: int = field(default=1, metadata=STATIC)
    b: Any = 0.0


@dataclass(frozen=True, slots=True)
class Slots:
    a: Any
    kind: str = field(metadata=STATIC)


@dataclass
class Checked:
    """Its ``__init__`` refuses what is no float, and so every leaf but the first ones."""

    value: Any
    scale: InitVar[float] = 1.0
    square: Any = field(init=False)
    note: Any = field(init=False, metadata=STATIC)

    def __post_init__(self, scale):
        if type(self.value) is not float:
            raise TypeError("value has to be a float")
        self.square = scale * self.value**2
        self.note = "made"


@dataclass
class Lazy:
    rows: Any

    @functools.cached_property
    def total(self):
        return sum(self.rows)


@dataclass(kw_only=True)
class Base:
    a: Any


@dataclass(kw_only=True)
class Derived(Base, Generic[TypeVar("T")]):
    b: Any = None


@dataclass
class Both:
    array: Any
    static: Any = field(default=None, metadata=STATIC)
    dynamic: Any = field(default=None, metadata={"static": False})


class Mode(Line, enum.Enum):
    FAST = (1.0, 2.0)


class OwnDict(dict):
    pass


class OwnList(list):
    pass


class OwnTuple(tuple):
    __slots__ = ()


class OwnOrdered(OrderedDict):
    pass


@dataclass
class DataDict(dict):
    a: Any = 1.0


@dataclass
class DataList(list):
    a: Any = 1.0


def same(a, b):
    """Whether two trees are the same, down to the classes and the order of keys."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return list(a) == list(b) and all([same(a[key], b[key]) for key in a])
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all([same(x, y) for x, y in zip(a, b, strict=True)])
    if isinstance(a, Line | Frozen | Both):
        return all([same(getattr(a, each.name), getattr(b, each.name)) for each in fields(a)])
    return a == b


# ---------------------------------------------------------------- apart and together

TREES = {
    "leaf": (1.0, [1.0], "*", [""]),
    "None": (None, [], "None", []),
    "dict": ({"b": 1, "a": 2}, [1, 2], "{'b': *, 'a': *}", ["['b']", "['a']"]),
    "keys": (
        {2: 1, "it's": 2, None: 3, (1, 2): 4},
        [1, 2, 3, 4],
        '{2: *, "it\'s": *, None: *, (1, 2): *}',
        ["[2]", '["it\'s"]', "[None]", "[(1, 2)]"],
    ),
    "list": ([1, [2]], [1, 2], "[*, [*]]", ["[0]", "[1][0]"]),
    "tuple": ((1, (2,)), [1, 2], "(*, (*,))", ["[0]", "[1][0]"]),
    "empty": ([{}, (), [], OrderedDict()], [], "[{}, (), [], OrderedDict({})]", []),
    "empty tuple": ((), [], "()", []),
    "OrderedDict": (OrderedDict(b=1, a=2), [1, 2], "OrderedDict({'b': *, 'a': *})", ["['b']", "['a']"]),
    "defaultdict": (defaultdict(list, b=1, a=[2]), [1, 2], "defaultdict({'b': *, 'a': [*]})", ["['b']", "['a'][0]"]),
    "namedtuple": (Point(1, [2, None]), [1, 2], "Point(x=*, y=[*, None])", [".x", ".y[0]"]),
    "NamedTuple": (Typed({"k": 1}), [1, 7], "Typed(first={'k': *}, second=*)", [".first['k']", ".second"]),
    "dataclass": (Line((1,), 2), [1, 2], "Line(w=(*,), b=*)", [".w[0]", ".b"]),
    "frozen": (Frozen(1, 5, 2), [1, 2], "Frozen(w=*, b=*)", [".w", ".b"]),
    "slots": (Slots(1, "k"), [1], "Slots(a=*)", [".a"]),
    "init=False": (Checked(3.0), [3.0, 9.0], "Checked(value=*, square=*)", [".value", ".square"]),
    "inherited": (Derived(a=1, b=2), [1, 2], "Derived(a=*, b=*)", [".a", ".b"]),
    "static=False": (Both(1, "s", 2), [1, 2], "Both(array=*, dynamic=*)", [".array", ".dynamic"]),
    "fields of a namedtuple": (
        Line(Point(1, 2), {"a": 3}),
        [1, 2, 3],
        "Line(w=Point(x=*, y=*), b={'a': *})",
        [".w.x", ".w.y", ".b['a']"],
    ),
}


@pytest.mark.parametrize(("tree", "leaves", "shown", "paths"), TREES.values(), ids=TREES)
def test_apart_and_together(tree, leaves, shown, paths):
    found, structure = ag.tree_flatten(tree)
    assert found == leaves == ag.tree_leaves(tree)
    assert structure.size == len(leaves)
    assert repr(structure) == f"TreeDef({shown})"
    assert structure.paths() == paths
    assert structure.paths("t") == ["t" + path for path in paths]
    again = structure.unflatten(found)
    assert type(again) is type(tree)
    assert again == tree
    assert again is not tree or tree in (1.0, None, ())
    assert ag.tree_unflatten(structure, iter(leaves)) == tree
    assert structure.flatten_like(tree) == leaves
    assert repr(ag.tree_map(str, tree)) == repr(structure.unflatten(list(map(str, leaves))))


@pytest.mark.parametrize("tree", [each[0] for each in TREES.values()], ids=TREES)
def test_structures_are_equal_hashable_and_copied(tree):
    structure, again = ag.tree_flatten(tree)[1], ag.tree_flatten(copy.deepcopy(tree))[1]
    assert structure == again
    assert hash(structure) == hash(again)
    assert len({structure, again, ag.tree_flatten([tree])[1]}) == 2
    for each in (copy.deepcopy(structure), pickle.loads(pickle.dumps(structure))):
        assert each == structure
        assert hash(each) == hash(structure)
        assert each.unflatten(ag.tree_leaves(tree)) == tree


def test_structures_that_differ():
    trees = [each[0] for each in TREES.values()]
    trees += [
        {"a": 1, "b": 2},
        [1, 2],
        [1],
        [[1]],
        (1, 2),
        OrderedDict(a=1, b=2),
        Typed(1, 2),
        Frozen(1, 6, 2),
        Slots(1, "other"),
    ]
    structures = [ag.tree_flatten(each)[1] for each in trees]
    for i, one in enumerate(structures):
        for k, other in enumerate(structures):
            assert (one == other) is (i == k)
    assert structures[0] != "TreeDef(*)"
    assert ag.tree_flatten(ag.tensor([1.0]))[1] == LEAF


def test_what_is_no_container_is_a_leaf():
    leaves = [
        1,
        2.5,
        1j,
        True,
        "text",
        b"bytes",
        np.ones(2),
        np.float32(1),
        ag.tensor([1.0]),
        {1, 2},
        range(3),
        object(),
        int,
        Line,
    ]
    leaves += [
        deque([1.0]),
        UserDict(a=1),
        MappingProxyType({"a": 1}),
        SimpleNamespace(a=1),
        (each for each in ""),
        enum.Enum,
        Ellipsis,
    ]
    leaves += [np.array([(1, 2.0)], "i4,f8")[0], slice(None)]
    found, structure = ag.tree_flatten(leaves)
    assert len(found) == len(leaves)
    assert all([one is other for one, other in zip(found, leaves, strict=True)])
    assert all([one is other for one, other in zip(structure.unflatten(found), leaves, strict=True)])


@pytest.mark.parametrize(
    "tree",
    [
        OwnDict(a=1.0),
        OwnList([1.0]),
        OwnTuple((1.0,)),
        OwnOrdered(a=1.0),
        DataDict(2.0),
        DataList(2.0),
        Mode.FAST,
        stats.linregress([0.0, 1.0, 2.0], [0.0, 1.0, 3.0]),
    ],
    ids=lambda tree: type(tree).__name__,
)
def test_subclasses_are_leaves_and_stay_what_they_are(tree):
    assert ag.tree_leaves({"a": [tree]}) == [tree]
    assert ag.tree_leaves(tree)[0] is tree
    assert ag.tree_map(lambda each: each, (tree, 1.0))[0] is tree
    with pytest.raises(ValueError, match=rf"expected a .*, received a leaf \({type(tree).__name__}\)"):
        ag.tree_flatten([{"a": 1.0}])[1].flatten_like([tree])


def test_containers_are_made_anew():
    tree = {"l": [1.0], "d": {"k": ()}, "o": Line([2.0])}
    leaves, structure = ag.tree_flatten(tree)
    one, other = structure.unflatten(leaves), structure.unflatten(leaves)
    one["l"].append(3.0)
    one["d"]["new"] = 1
    one["o"].w.append(4.0)
    one["o"].b = 5.0
    assert other == tree == {"l": [1.0], "d": {"k": ()}, "o": Line([2.0])}
    leaves.append(0.0)
    tree["l"].append(9.0)
    assert structure.size == 2
    assert structure.unflatten([1.0, 2.0]) == {"l": [1.0], "d": {"k": ()}, "o": Line([2.0])}


def test_leaves_are_not_copied():
    w = np.ones(2)
    assert ag.tree_map(lambda each: each, {"w": (w,)})["w"][0] is w
    assert ag.tree_flatten([w, w])[0][1] is w


def test_leaves_in_an_array_and_trees_as_leaves():
    structure = ag.tree_flatten({"b": 1.0, "a": [2.0]})[1]
    assert structure.unflatten(np.array([3, 4])) == {"b": 3, "a": [4]}
    assert structure.unflatten(({"x": 1}, None)) == {"b": {"x": 1}, "a": [None]}


# ---------------------------------------------------------------- containers with more than children


def test_a_defaultdict_keeps_its_factory():
    again = ag.tree_map(lambda x: x + 1, defaultdict(list, b=1, a=2))
    assert again["missing"] == []
    assert list(again.items()) == [("b", 2), ("a", 3), ("missing", [])]
    one, other, plain = [ag.tree_flatten(defaultdict(factory, a=1))[1] for factory in (list, dict, None)]
    assert one != other != plain
    assert one.flatten_like(defaultdict(dict, a=5)) == [5]


def test_dataclasses_are_made_without_init():
    made = Checked(3.0, scale=2.0)
    assert ag.tree_leaves(made) == [3.0, 18.0]
    again = ag.tree_map(lambda x: [x], made)
    assert (again.value, again.square, again.note) == ([3.0], [18.0], "made")
    frozen = ag.tree_map(str, Frozen(1.0, 5, [2.0]))
    assert (frozen.w, frozen.size, frozen.b) == ("1.0", 5, ["2.0"])
    with pytest.raises(AttributeError, match="cannot assign"):
        frozen.w = 2.0
    assert ag.tree_map(str, Slots(1.0, "k")) == Slots("1.0", "k")


def test_namedtuples_are_made_without_new():
    again = ag.tree_map(str, Doubled(1.5))
    assert (type(again), again) == (Doubled, ("1.5", "3.0"))


def test_what_a_dataclass_keeps_beside_its_fields_is_not_carried_along():
    made = Lazy([1.0, 2.0])
    assert made.total == 3.0
    assert ag.tree_map(lambda x: 10 * x, made).total == 30.0


def test_a_field_that_was_never_set_is_named():
    made = Line.__new__(Line)
    made.w = 1.0
    del type(made).b
    try:
        with pytest.raises(AttributeError, match="'b'"):
            ag.tree_flatten(made)
    finally:
        Line.b = None


def test_static_fields_stay_and_belong_to_the_structure():
    static = [1, {"x": np.ones(2)}]
    again = ag.tree_map(lambda x: 2 * x, Both(1.0, static, 3.0))
    assert (again.array, again.dynamic) == (2.0, 6.0)
    assert again.static is static
    with pytest.raises(ValueError, match=r"^tree_map: tree 1\['a'\]\.size: expected 5, as a static field .*; received 6$"):
        ag.tree_map(lambda a, b: a, {"a": Frozen(1.0, 5)}, {"a": Frozen(1.0, 6)})


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (np.arange(3), np.arange(3), True),
        (np.arange(3), np.arange(4), False),
        (np.arange(3), np.array([0, 1, 5]), False),
        (np.zeros(1), np.zeros(3), False),
        (np.arange(3), None, False),
        (ag.tensor([1.0, 2.0]), ag.tensor([1.0, 2.0]), True),
        (ag.tensor([1.0, 2.0]), ag.tensor([1.0, 3.0]), False),
        (float("nan"), float("nan"), False),
        ([1, "a"], [1, "a"], True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ((np.arange(3), 1), (np.arange(3), 2), False),
        (print, print, True),
        (1, "1", False),
    ],
)
def test_static_fields_of_any_kind_are_compared(one, other, equal):
    these, those = Both(1.0, one), Both(2.0, other)
    structure = ag.tree_flatten(these)[1]
    assert (structure == ag.tree_flatten(those)[1]) is equal
    assert structure == ag.tree_flatten(Both(3.0, one))[1]
    hash(structure)
    if equal:
        assert structure.flatten_like(those) == [2.0]
    else:
        with pytest.raises(ValueError, match=r"^the tree\.static: expected .*as a static field belongs to the structure"):
            structure.flatten_like(those)


# ---------------------------------------------------------------- several trees


def test_dicts_meet_by_key():
    one, other = {"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"d": 30, "c": 20}, "a": 10}
    together = ag.tree_map(lambda x, y: (x, y), one, other)
    assert together == {"a": (1, 10), "b": {"c": (2, 20), "d": (3, 30)}}
    assert list(together) == ["a", "b"]
    assert list(ag.tree_map(max, other, one)["b"]) == ["d", "c"]
    assert ag.tree_flatten(one)[1].flatten_like(other) == [10, 20, 30]
    assert ag.tree_map(max, OrderedDict(a=1, b=2), OrderedDict(b=0, a=9)) == OrderedDict(a=9, b=2)


def test_what_stands_at_a_leaf_is_taken_whole():
    tree = {"a": 1, "b": [2, None]}
    found = ag.tree_map(lambda x, y, z: (x, y, z), tree, {"a": {"deep": 1}, "b": [None, None]}, {"a": [], "b": [(5,), None]})
    assert found == {"a": (1, {"deep": 1}, []), "b": [(2, None, (5,)), None]}
    assert LEAF.flatten_like([1, 2]) == [[1, 2]]


def test_tree_map_of_results_of_any_kind_and_of_errors():
    assert ag.tree_map(lambda x: None, [1, 2]) == [None, None]
    assert ag.tree_map(lambda x: [x, x], (1,)) == ([1, 1],)
    assert ag.tree_map(lambda: 1, None) is None
    calls = []
    ag.tree_map(calls.append, {"b": 1, "a": (2, [3])})
    assert calls == [1, 2, 3]
    with pytest.raises(KeyError, match="in f"):
        ag.tree_map(lambda x: {}["in f"], [1])


BASE = {"a": 1, "b": [2, (3, None)], "c": Point(4, Line(5, Frozen(6, 1, 7)))}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.pop("a"), r"t: expected a dict with keys \['a', 'b', 'c'\]; missing \['a'\]"),
        (lambda t: t.update(d=1), r"t: expected a dict with keys \['a', 'b', 'c'\]; unexpected \['d'\]"),
        (
            lambda t: (t.pop("b"), t.pop("a"), t.update({0: 1})),
            r"t: expected a dict with keys \['a', 'b', 'c'\]; missing \['a', 'b'\]; unexpected \[0\]",
        ),
        (lambda t: t["b"].append(1), r"t\['b'\]: expected a list of 2, received 3"),
        (lambda t: t["b"].pop(), r"t\['b'\]: expected a list of 2, received 1"),
        (
            lambda t: t.update(b=tuple(t["b"])),
            r"t\['b'\]: expected a list of 2, received a tuple (tuple); both have to have one structure",
        ),
        (
            lambda t: t.update(b=np.ones(2)),
            r"t\['b'\]: expected a list of 2, received a leaf (ndarray); both have to have one structure",
        ),
        (
            lambda t: t.update(b=None),
            r"t\['b'\]: expected a list of 2, received None (NoneType); both have to have one structure",
        ),
        (lambda t: t["b"].insert(1, t["b"].pop()[:1]), r"t\['b'\]\[1\]: expected a tuple of 2, received 1"),
        (
            lambda t: t["b"].insert(1, (3, t["b"].pop())),
            r"t\['b'\]\[1\]\[1\]: expected None, received a tuple (tuple); both .*",
        ),
        (
            lambda t: t.update(c=(4, 5)),
            r"t\['c'\]: expected a Point with fields \['x', 'y'\], received a tuple (tuple); both .*",
        ),
        (
            lambda t: t.update(c=Typed(4, 5)),
            r"t\['c'\]: expected a Point with fields \['x', 'y'\], received a Typed (Typed); both .*",
        ),
        (
            lambda t: t.update(c=Point(1, {"w": 5, "b": 6})),
            r"t\['c'\]\.y: expected a Line with fields \['w', 'b'\], received a dict (dict); both .*",
        ),
        (
            lambda t: setattr(t["c"].y, "b", Line(6, 7)),
            r"t\['c'\]\.y\.b: expected a Frozen with fields \['w', 'b'\], received a Line (Line); both .*",
        ),
        (
            lambda t: setattr(t["c"].y, "b", Frozen(6, 2, 7)),
            r"t\['c'\]\.y\.b\.size: expected 1, as a static field belongs to the structure; received 2",
        ),
    ],
)
def test_structures_that_part_are_refused_with_their_place(change, message):
    tree = copy.deepcopy(BASE)
    change(tree)
    pattern = "^" + message.replace(" (", r" \(").replace(");", r"\);") + "$"
    with pytest.raises(ValueError, match=pattern):
        ag.tree_flatten(BASE)[1].flatten_like(tree, "t")
    with pytest.raises(ValueError, match=pattern.replace("^t", "^tree_map: tree 2")):
        ag.tree_map(lambda *each: each, BASE, BASE, tree)


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        ({"a": 1}, OrderedDict(a=1), r"^t: expected a dict with keys \['a'\], received an OrderedDict"),
        (OrderedDict(a=1), {"a": 1}, r"^t: expected an OrderedDict with keys \['a'\], received a dict"),
        (defaultdict(int, a=1), {"a": 1}, r"^t: expected a defaultdict with keys \['a'\], received a dict"),
        ({}, [], r"^t: expected a dict with keys \[\], received a list"),
        ([], {}, "^t: expected a list of 0, received a dict"),
        (None, 0, r"^t: expected None, received a leaf \(int\)"),
        (None, [], r"^t: expected None, received a list \(list\)"),
        ({1: 1}, {"1": 1}, r"^t: expected a dict with keys \[1\]; missing \[1\]; unexpected \['1'\]$"),
        (list(range(1000)), list(range(999)), "^t: expected a list of 1000, received 999$"),
    ],
)
def test_containers_of_another_kind_are_refused(one, other, message):
    with pytest.raises(ValueError, match=message):
        ag.tree_flatten(one)[1].flatten_like(other, "t")


@pytest.mark.parametrize("count", [0, 1, 3])
def test_another_number_of_leaves_is_refused(count):
    structure = ag.tree_flatten({"a": 1, "b": [2]})[1]
    message = rf"^unflatten: expected 2 leaves, as TreeDef\(\{{'a': \*, 'b': \[\*\]\}}\) has places for; received {count}$"
    for act in (lambda: structure.unflatten([0.0] * count), lambda: ag.tree_unflatten(structure, iter([0.0] * count))):
        with pytest.raises(ValueError, match=message):
            act()


# ---------------------------------------------------------------- what functions of functions make of them


def test_gradients_come_in_the_tree_that_went_in():
    tree = {
        "z": [np.ones(2), (2.0,)],
        "a": Frozen(np.full((1, 2), 3.0), 4),
        "n": None,
        "d": defaultdict(list, k=5.0),
        "p": Doubled(1.0),
    }
    gradient = ag.grad(lambda t: sum([np.sum(each**2) for each in ag.tree_leaves(t)]))(tree)
    assert ag.tree_flatten(gradient)[1] == ag.tree_flatten(tree)[1]
    assert list(gradient) == ["z", "a", "n", "d", "p"]
    assert gradient["a"].size == 4
    assert gradient["d"]["missing"] == []
    for found, leaf in zip(ag.tree_leaves(gradient), ag.tree_leaves(tree), strict=True):
        assert np.array_equal(found, 2 * leaf)


# ---------------------------------------------------------------- any tree

LEAVES = st.integers() | st.text(max_size=2) | st.booleans()
KEYS = st.text(max_size=2) | st.integers(-3, 3) | st.none() | st.tuples(st.integers(0, 1))


def containers(children):
    pairs = st.dictionaries(KEYS, children, max_size=3)
    several = st.lists(children, max_size=3)
    return st.one_of(
        pairs,
        pairs.map(OrderedDict),
        pairs.map(lambda items: defaultdict(list, items)),
        several,
        several.map(tuple),
        *[st.tuples(children, children).map(lambda pair, kind=kind: kind(*pair)) for kind in (Point, Typed, Line)],
        st.tuples(children, st.integers(0, 1), children).map(lambda values: Frozen(*values)),
        st.tuples(children, LEAVES, children).map(lambda values: Both(*values)),
    )


ANY = st.recursive(LEAVES | st.none(), containers, max_leaves=20)
FEW = settings(max_examples=80, deadline=None, derandomize=True)


def shuffled(tree, random):
    """The same tree, with the keys of its dicts in another order."""
    if isinstance(tree, dict):
        keys = list(tree)
        random.shuffle(keys)
        made = copy.copy(tree)
        made.clear()
        made.update({key: shuffled(tree[key], random) for key in keys})
        return made
    if isinstance(tree, list):
        return [shuffled(each, random) for each in tree]
    return tuple([shuffled(each, random) for each in tree]) if type(tree) is tuple else tree


def at(tree, path):
    return eval("tree" + path, {"tree": tree})


@FEW
@given(ANY)
def test_round_trips(tree):
    leaves, structure = ag.tree_flatten(tree)
    assert same(structure.unflatten(leaves), tree)
    assert same(ag.tree_map(lambda each: each, tree), tree)
    assert len(leaves) == structure.size == len(structure.paths())
    assert len(set(structure.paths())) == len(leaves)
    for leaf, path in zip(leaves, structure.paths(), strict=True):
        assert at(tree, path) is leaf
    numbers = structure.unflatten(range(structure.size))
    assert ag.tree_leaves(numbers) == list(range(structure.size))
    assert ag.tree_flatten(numbers)[1] == structure


@FEW
@given(ANY, st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_count_where_trees_meet(tree, random):
    leaves, structure = ag.tree_flatten(tree)
    other = shuffled(tree, random)
    assert all([one is another for one, another in zip(structure.flatten_like(other), leaves, strict=True)])
    assert same(ag.tree_map(lambda one, another: another, tree, other), tree)
    assert same(ag.tree_map(lambda one, another: another, other, tree), other)


def fits(one, other):
    """Whether ``other`` has the structure of ``one``, or goes on below its leaves: what ``flatten_like`` is held against."""
    kind = type(one)
    if kind not in (type(None), dict, OrderedDict, defaultdict, list, tuple, Point, Typed, Line, Frozen, Both):
        return True
    if type(other) is not kind or (kind is Frozen and one.size != other.size) or (kind is Both and one.static != other.static):
        return False
    if isinstance(one, dict):
        return set(one) == set(other) and all([fits(one[key], other[key]) for key in one])
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(fits, one, other))
    names = {Line: ("w", "b"), Frozen: ("w", "b"), Both: ("array", "dynamic")}.get(kind, ())
    return all([fits(getattr(one, name), getattr(other, name)) for name in names])


def meet(one, other):
    structure, another = ag.tree_flatten(one)[1], ag.tree_flatten(other)[1]
    if structure == another:
        assert hash(structure) == hash(another)
        assert fits(one, other)
    numbered = another.unflatten(range(another.size))
    if fits(one, other):
        assert sorted(ag.tree_leaves(structure.flatten_like(numbered))) == list(range(another.size))
    else:
        with pytest.raises(ValueError, match="^the tree"):
            structure.flatten_like(numbered)


@FEW
@given(ANY, ANY, st.data())
def test_two_trees_meet_or_are_refused(one, other, data):
    meet(one, other)
    leaves, structure = ag.tree_flatten(one)
    if leaves:
        place = data.draw(st.integers(0, len(leaves) - 1))
        longer = structure.unflatten([*leaves[:place], other, *leaves[place + 1 :]])
        meet(one, longer)
        meet(longer, one)
