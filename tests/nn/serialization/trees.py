"""Trees of plain data, and whether two of them are the same to the bit."""

import struct

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


def assert_identical(found, expected):
    """The same types, dtypes, keys in their order, and bits."""
    assert type(found) is type(expected)
    if isinstance(expected, np.ndarray | np.generic):
        assert found.dtype.str == expected.dtype.str, (found.dtype, expected.dtype)
        assert found.shape == expected.shape
        assert found.tobytes() == expected.tobytes()
    elif isinstance(expected, float):
        assert struct.pack("d", found) == struct.pack("d", expected)
    elif isinstance(expected, complex):
        assert_identical([found.real, found.imag], [expected.real, expected.imag])
    elif isinstance(expected, dict):
        assert_identical(list(found), list(expected))
        assert_identical(list(found.values()), list(expected.values()))
    elif isinstance(expected, list | tuple):
        assert len(found) == len(expected)
        for each, other in zip(found, expected, strict=True):
            assert_identical(each, other)
    else:
        assert found == expected


def _rearranged(drawn):
    """Arrays that do not lie in memory row by row."""
    array, how = drawn
    return {"as it is": array, "columns": array.T, "backwards": array[..., ::-1] if array.ndim else array}[how]


DTYPES = hnp.scalar_dtypes() | hnp.byte_string_dtypes() | hnp.unicode_string_dtypes()
ARRAYS = st.tuples(
    DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, min_side=0, max_side=3))),
    st.sampled_from(["as it is", "columns", "backwards"]),
).map(_rearranged)
SCALARS = DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, ())).map(lambda array: array[()])
TEXTS = st.text(st.characters())  # lone surrogates too
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | TEXTS
TREES = st.recursive(
    PLAIN | ARRAYS | SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(TEXTS | st.integers(), inner, max_size=4)
    ),
    max_leaves=12,
)
