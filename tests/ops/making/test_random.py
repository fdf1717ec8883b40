"""The library's generator: the same seed, the same numbers."""

import numpy as np
import pytest

from autograd.ops.making import random
from autograd.ops.making.random import generator, seed


def test_the_same_seed_gives_the_numbers_of_numpys_default_generator():
    for n in (0, 1, 2**70, np.int64(5)):
        seed(n)
        np.testing.assert_array_equal(generator().normal(size=5), np.random.default_rng(n).normal(size=5))


def test_a_seed_sequence():
    first, second = np.random.SeedSequence(3).spawn(2)
    seed(first)
    a = generator().random(4)
    seed(second)
    b = generator().random(4)
    assert not np.array_equal(a, b)
    np.testing.assert_array_equal(a, np.random.default_rng(np.random.SeedSequence(3).spawn(2)[0]).random(4))


def test_no_seed_gives_other_numbers():
    seed()
    a = generator().random(4)
    seed(None)
    assert not np.array_equal(a, generator().random(4))


def test_it_is_one_generator_that_goes_on():
    seed(0)
    assert generator() is generator()
    both = np.concatenate([generator().random(2), generator().random(3)])
    np.testing.assert_array_equal(both, np.random.default_rng(0).random(5))


def test_children_are_seeded_too():
    seed(4)
    a = [each.random() for each in generator().spawn(2)]
    seed(4)
    assert a == [each.random() for each in generator().spawn(2)]


def test_a_generator_exists_without_a_seed(monkeypatch):
    monkeypatch.setattr(random, "_generator", None)
    assert isinstance(generator(), np.random.Generator)


def test_a_generator_taken_earlier_goes_on_as_it_was():
    seed(0)
    earlier = generator()
    seed(0)
    earlier.random(3)
    np.testing.assert_array_equal(generator().random(2), np.random.default_rng(0).random(2))


@pytest.mark.parametrize("n", ["a", 1.5, True, [1, 2], np.random.default_rng(0)])
def test_what_is_no_seed(n):
    with pytest.raises(TypeError, match=r"seed: expected an integer, a SeedSequence or None, received \w+; .*rng="):
        seed(n)


def test_a_negative_seed():
    with pytest.raises(ValueError, match="seed: expected an integer from 0 on, received -1"):
        seed(-1)
