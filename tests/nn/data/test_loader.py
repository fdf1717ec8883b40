"""Batches: which examples, in which order, and going on in the middle of an epoch."""

import json
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from nn.data import DataLoader, Dataset, Subset, TensorDataset

N = 23
DATA = TensorDataset(np.arange(N), np.arange(N) ** 2)


def numbers(loader):
    return [x.tolist() for x, _ in loader]


class Squares(Dataset):
    def __len__(self):
        return N

    def __getitem__(self, i):
        return i, i * i


@given(
    st.integers(1, 30),
    st.integers(1, 30),
    st.booleans(),
    st.booleans(),
    st.sampled_from([0, 1, 3]),
    st.sampled_from([list, tuple]),
)
def test_each_example_comes_once(count, size, shuffle, drop_last, prefetch, kind):
    data = TensorDataset(np.arange(count))
    if drop_last and count < size:
        with pytest.raises(ValueError, match="a whole batch"):
            DataLoader(data, size, drop_last=True)
        return
    loader = DataLoader(data, size, shuffle, drop_last=drop_last, prefetch=prefetch, rng=0)
    batches = kind(x.tolist() for (x,) in loader)
    expected = [size] * (count // size) + [count % size] * (count % size > 0 and not drop_last)
    assert [len(each) for each in batches] == expected
    assert len(loader) == len(expected)
    found = [each for batch in batches for each in batch]
    assert len(set(found)) == len(found)
    if not shuffle:
        assert found == list(range(sum(expected)))


def test_batches_in_order_are_views_and_shuffled_ones_copies():
    assert all(np.shares_memory(x, DATA.arrays[0]) for x, _ in DataLoader(DATA, 4))
    assert not any(np.shares_memory(x, DATA.arrays[0]) for x, _ in DataLoader(DATA, 4, shuffle=True))


def test_orders_differ_between_epochs_and_are_those_of_the_seed():
    first, second = DataLoader(DATA, 5, shuffle=True, rng=1), DataLoader(DATA, 5, shuffle=True, rng=1)
    epochs = [numbers(first) for _ in range(3)]
    assert epochs == [numbers(second) for _ in range(3)]
    assert epochs[0] != epochs[1] != epochs[2]
    assert numbers(DataLoader(DATA, 5, shuffle=True, rng=2)) != epochs[0]
    ag.seed(4)
    third = numbers(DataLoader(DATA, 5, shuffle=True))
    ag.seed(4)
    assert numbers(DataLoader(DATA, 5, shuffle=True)) == third


def test_what_others_draw_does_not_change_the_order():
    rng = np.random.default_rng(0)
    loader = DataLoader(DATA, 5, shuffle=True, rng=rng)
    rng.random(100)
    assert numbers(loader) == numbers(DataLoader(DATA, 5, shuffle=True, rng=np.random.default_rng(0)))


@pytest.mark.parametrize(
    "data", [Squares(), [(i, i * i) for i in range(N)], Subset(Squares(), np.arange(N)), Subset(DATA, np.arange(N))]
)
@pytest.mark.parametrize("shuffle", [False, True])
def test_all_kinds_of_data_sets_give_the_same_batches(data, shuffle):
    expected = [(x.tolist(), y.tolist()) for x, y in DataLoader(DATA, 5, shuffle, rng=0)]
    assert [(x.tolist(), y.tolist()) for x, y in DataLoader(data, 5, shuffle, rng=0)] == expected


@pytest.mark.parametrize("prefetch", [0, 2])
@pytest.mark.parametrize("place", range(6))
def test_an_epoch_goes_on_where_it_was_broken_off(place, prefetch):
    def make(seed):
        return DataLoader(
            DATA, 5, shuffle=True, prefetch=prefetch, rng=seed, transform=lambda batch, rng: (*batch, rng.random())
        )

    def epoch(loader):
        return [(x.tolist(), y.tolist(), draw) for x, y, draw in loader]

    whole = make(1)
    expected = [epoch(whole) for _ in range(3)]
    broken = make(1)
    epoch(broken)
    begun = []
    for i, (x, y, draw) in enumerate(broken):
        if i == place:
            break
        begun.append((x.tolist(), y.tolist(), draw))
        state = json.loads(json.dumps(broken.state_dict()))
    if not place:
        return
    resumed = make(99)
    resumed.load_state_dict(state)
    assert begun + epoch(resumed) == expected[1]
    assert epoch(resumed) == expected[2]


def test_an_epoch_that_was_left_begins_anew():
    loader = DataLoader(DATA, 5, shuffle=True, rng=0)
    next(iter(loader))
    assert sorted([each for batch in numbers(loader) for each in batch]) == list(range(N))


def test_a_transform_has_a_generator_of_each_batchs_own():
    loader = DataLoader(DATA, 5, transform=lambda batch, rng: rng.random(), rng=0)
    first, second = list(loader), list(loader)
    assert len({*first, *second}) == 10


def test_nothing_writes_into_the_data():
    arrays = np.arange(8.0).reshape(4, 2)
    for x, _ in DataLoader(TensorDataset(arrays, arrays), 2):
        with pytest.raises(ValueError, match="read-only"):
            x += 1
    changed = [
        x for x, _ in DataLoader(TensorDataset(arrays, arrays), 2, transform=lambda batch, rng: (batch[0].__iadd__(9), 0))
    ]
    assert np.concatenate(changed).tolist() == (np.arange(8.0).reshape(4, 2) + 9).tolist()
    assert arrays.tolist() == np.arange(8.0).reshape(4, 2).tolist()


def test_subclasses_are_asked_for_each_example():
    class Doubled(Subset):
        def __getitem__(self, index):
            return 2 * super().__getitem__(index)[0]

    assert [each.tolist() for each in DataLoader(Doubled(DATA, [3, 1]), 2)] == [[6, 2]]


def test_collate_fn_gets_the_examples():
    loader = DataLoader(DATA, 10, collate_fn=lambda samples: [int(x) for x, _ in samples])
    assert list(loader)[-1] == [20, 21, 22]


def test_prefetching_raises_what_the_data_set_raises_and_ends_its_thread():
    class Broken(Squares):
        def __getitem__(self, i):
            if i == 12:
                raise OSError("no such picture")
            return super().__getitem__(i)

    loader = DataLoader(Broken(), 5, prefetch=2)
    with pytest.raises(OSError, match="no such picture"):
        list(loader)
    next(iter(DataLoader(Squares(), 5, prefetch=3)))
    assert not [each for each in threading.enumerate() if each.name.startswith("DataLoader")]


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"dataset": np.zeros((3, 2))}, TypeError, r"received ndarray; write nn.data.TensorDataset\(x, y\)"),
        ({"dataset": iter([1])}, TypeError, "with a length and examples by number; received list_iterator"),
        ({"dataset": []}, ValueError, "at least one example, received an empty list"),
        ({"batch_size": 0}, ValueError, "batch_size"),
        ({"batch_size": 2.0}, TypeError, "batch_size"),
        ({"shuffle": "yes"}, TypeError, "shuffle"),
        ({"prefetch": -1}, ValueError, "prefetch"),
        ({"rng": -1}, TypeError, "rng"),
        ({"rng": np.random.RandomState(0)}, TypeError, "rng"),
        ({"transform": 3}, TypeError, "transform, a function or None"),
        ({"transform": lambda batch: batch}, TypeError, r"transform, a function of two arguments, \(batch, rng\)"),
        ({"batch_size": 24, "drop_last": True}, ValueError, "received 23 examples, and drop_last=True"),
    ],
)
def test_settings_that_make_no_sense(arguments, kind, message):
    with pytest.raises(kind, match=f"^DataLoader: .*{message}"):
        DataLoader(**{"dataset": DATA, **arguments})


def test_a_state_that_does_not_fit_is_refused_and_nothing_is_changed():
    loader = DataLoader(DATA, 5, shuffle=True, rng=0)
    expected = numbers(DataLoader(DATA, 5, shuffle=True, rng=0))
    state = loader.state_dict()
    other = DataLoader(TensorDataset(np.arange(9)), 5, shuffle=True).state_dict()
    wrong = [
        (None, TypeError, "expected what state_dict"),
        ({}, ValueError, "expected the entries"),
        (other, ValueError, "expected examples 23, as this loader has; received 9"),
        ({**state, "batch_size": 4}, ValueError, "expected batch_size 5"),
        ({**state, "position": 6}, ValueError, "position"),
        ({**state, "generator": {}}, ValueError, "expected generator, the state of a PCG64 generator"),
        ({**state, "before": {}}, ValueError, "expected before, the state of a PCG64 generator"),
    ]
    for each, kind, message in wrong:
        with pytest.raises(kind, match=message):
            loader.load_state_dict(each)
    assert numbers(loader) == expected
