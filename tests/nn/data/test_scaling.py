"""Scalers: scikit-learn's numbers, also in batches; dtypes kept; back again; gradients through."""

import copy
import pickle

import numpy as np
import pandas
import pytest
from sklearn import preprocessing

import autograd as ag
import nn

RNG = np.random.default_rng(0)
TABLE = RNG.normal(size=(50, 4)) * [1, 100, 1e-3, 1] + [0, 5, 1e3, -2]
TABLE[:, 3] = 0.1  # constant
SETTINGS = [
    ("StandardScaler", {}),
    ("StandardScaler", {"with_mean": False}),
    ("StandardScaler", {"with_std": False}),
    ("MinMaxScaler", {}),
    ("MinMaxScaler", {"feature_range": (-1, 2.5)}),
    ("MinMaxScaler", {"clip": True}),
]


@pytest.fixture(params=SETTINGS, ids=lambda each: f"{each[0]} {each[1]}")
def scalers(request):
    """One of ours, and scikit-learn's."""
    name, settings = request.param
    return getattr(nn.data, name)(**settings), getattr(preprocessing, name)(**settings)


def test_numbers_are_scikit_learns(scalers):
    ours, theirs = scalers
    np.testing.assert_allclose(ours.fit_transform(TABLE), theirs.fit_transform(TABLE), rtol=1e-7, atol=1e-9)
    for name in ("mean_", "var_", "scale_", "min_", "data_min_", "data_max_", "data_range_"):
        if name in vars(theirs) and name in vars(ours):
            if getattr(theirs, name) is None:
                assert name == "var_" or getattr(ours, name) is None
            else:
                np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-7, atol=1e-20, err_msg=name)
                assert getattr(ours, name).dtype == np.float64
    assert (ours.n_features_in_, ours.n_samples_seen_) == (4, 50)
    others = TABLE[:7] * 3 + 1
    scaled = theirs.transform(others)
    np.testing.assert_allclose(ours.transform(others), scaled, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(ours.inverse_transform(scaled), theirs.inverse_transform(scaled), rtol=1e-9)


def test_batches_give_the_same_as_all_at_once(scalers):
    ours, _ = scalers
    whole = copy.deepcopy(ours).fit(TABLE)
    for part in np.split(TABLE, [1, 2, 20]):
        assert ours.partial_fit(part) is ours
    for name, each in whole.state_dict().items():
        np.testing.assert_allclose(ours.state_dict()[name], each, rtol=1e-10, atol=0)
    np.testing.assert_allclose(ours.transform(TABLE), whole.transform(TABLE), rtol=1e-9, atol=1e-9)
    ours.fit(TABLE[:3])  # which forgets
    assert ours.n_samples_seen_ == 3


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int64, np.uint8, bool])
def test_dtypes(scalers, dtype):
    ours, _ = scalers
    x = (RNG.normal(size=(20, 3)) * 3 + 4).clip(0, 200).astype(dtype)
    scaled = ours.fit_transform(x)
    assert scaled.dtype == ours.inverse_transform(scaled).dtype == (dtype if np.dtype(dtype).kind == "f" else np.float64)
    expected = copy.deepcopy(ours).fit_transform(x.astype(np.float64))
    np.testing.assert_allclose(scaled, expected, rtol=1e-3 if dtype == np.float16 else 1e-6, atol=1e-6)
    np.testing.assert_allclose(ours.inverse_transform(scaled), x.astype(float), rtol=1e-2, atol=1e-2)


def test_float32_far_from_zero_keeps_what_it_has():
    x = np.float32(1e6) + np.arange(8, dtype=np.float32)[:, np.newaxis]
    np.testing.assert_allclose(
        nn.data.StandardScaler().fit_transform(x)[:, 0], (np.arange(8) - 3.5) / np.std(np.arange(8)), rtol=1e-6
    )
    np.testing.assert_allclose(nn.data.MinMaxScaler().fit_transform(x)[:, 0], np.arange(8) / 7, rtol=1e-6)


@pytest.mark.parametrize("constant", [0.0, 0.1, 0.3, -1e9, 1e300, 1e-300])
def test_constant_features_are_centred_only(constant):
    x = np.full((1000, 1), constant)
    scaler = nn.data.StandardScaler()
    for part in np.array_split(x, 143):
        scaler.partial_fit(part)
    assert (scaler.mean_, scaler.var_, scaler.scale_) == (constant, 0, 1)
    assert not scaler.transform(x).any()
    assert (nn.data.MinMaxScaler((2, 3)).fit_transform(x) == 2).all()


def test_rounding_is_no_spread_but_small_numbers_are():
    assert nn.data.StandardScaler().fit([[0.1 + 0.2], [0.3], [0.3]]).scale_ == 1
    assert nn.data.MinMaxScaler().fit([[0.1 + 0.2], [0.3], [0.3]]).scale_ == 1
    tiny = np.array([[1e-200], [3e-200]])
    np.testing.assert_allclose(nn.data.MinMaxScaler().fit_transform(tiny), [[0], [1]])
    late = 1.7e9 + RNG.uniform(0, 1e-3, size=(10000, 1))  # seconds, with fractions
    np.testing.assert_allclose(nn.data.StandardScaler().fit(late).scale_, np.std(late - 1.7e9), rtol=1e-6)


@pytest.mark.parametrize("name", ["StandardScaler", "MinMaxScaler"])
def test_axes_and_single_features(name):
    make = getattr(nn.data, name)
    images = RNG.normal(size=(6, 3, 4, 5)) * np.array([1, 2, 3])[:, None, None]
    table = np.moveaxis(images, 1, -1).reshape(-1, 3)
    expected = make().fit_transform(table)
    for x, axis in ((images, 1), (images, -3), (np.moveaxis(images, 1, -1), -1)):
        scaler = make(axis=axis)
        scaled = scaler.fit_transform(x)
        assert scaled.shape == x.shape
        np.testing.assert_allclose(np.moveaxis(scaled, axis, -1).reshape(-1, 3), expected, rtol=1e-12)
        np.testing.assert_allclose(scaler.inverse_transform(scaled), x, rtol=1e-9, atol=1e-12)
        assert (scaler.n_features_in_, scaler.n_samples_seen_) == (3, 120)
    rows = make().fit(table)
    np.testing.assert_allclose(rows.transform(table[5]), expected[5], rtol=1e-12)  # one example
    assert rows.transform(table[:0]).shape == (0, 3)
    column = make().fit(table[:, 0])
    np.testing.assert_allclose(column.transform(table[:, 0]), expected[:, 0], rtol=1e-12)
    np.testing.assert_allclose(column.transform(table[:, :1]), expected[:, :1], rtol=1e-12)
    assert column.n_features_in_ == 1


@pytest.mark.parametrize("name", ["StandardScaler", "MinMaxScaler"])
def test_tensors_stay_tensors_and_gradients_pass(name):
    scaler = getattr(nn.data, name)().fit(ag.tensor(TABLE[:, :3]))
    x = ag.tensor(TABLE[:5, :3].astype(np.float32), requires_grad=True)
    scaled = scaler.transform(x)
    assert scaled.dtype == np.float32
    np.testing.assert_array_equal(scaled.detach().numpy(), scaler.transform(x.detach().numpy()))
    (scaled * np.arange(15, dtype=np.float32).reshape(5, 3)).sum().backward()
    slopes = 1 / scaler.scale_ if name == "StandardScaler" else scaler.scale_
    np.testing.assert_allclose(x.grad.numpy(), np.arange(15).reshape(5, 3) * slopes, rtol=1e-6)
    for transform in (scaler.transform, scaler.inverse_transform):
        ag.gradcheck(transform, TABLE[:2, :3].copy())


@pytest.mark.parametrize("kind", ["list", "strided", "frame", "series"])
def test_what_holds_numbers_is_taken(kind):
    x = {
        "list": lambda: TABLE.tolist(),
        "strided": lambda: np.repeat(TABLE, 2, axis=1)[:, ::2],
        "frame": lambda: pandas.DataFrame(TABLE, columns=list("abcd")),
        "series": lambda: pandas.Series(TABLE[:, 0]),
    }[kind]()
    expected = nn.data.StandardScaler().fit_transform(TABLE[:, 0] if kind == "series" else TABLE)
    scaled = nn.data.StandardScaler().fit_transform(x)
    assert type(scaled) is np.ndarray
    np.testing.assert_allclose(scaled, expected, rtol=1e-12, atol=1e-12)


def test_inputs_stay_as_they_are(scalers):
    ours, _ = scalers
    x = TABLE.copy()
    scaled = ours.fit_transform(x)
    ours.inverse_transform(scaled)
    np.testing.assert_array_equal(x, TABLE)
    scaled[:] = 0
    np.testing.assert_array_equal(x, TABLE)
    plain = nn.data.StandardScaler(with_mean=False, with_std=False)
    assert not np.shares_memory(plain.fit_transform(x), x)


def test_missing_values_pass_through_transform(scalers):
    ours, _ = scalers
    ours.fit(TABLE)
    x = TABLE[:3].copy()
    x[1, 2] = np.nan
    assert np.isnan(ours.transform(x)).sum() == np.isnan(ours.inverse_transform(x)).sum() == 1


def test_states_load(scalers, tmp_path):
    ours, _ = scalers
    blank = copy.deepcopy(ours)
    nothing = blank.state_dict()
    ours.fit(TABLE)
    state = ours.state_dict()
    nn.save({"scaler": ours}, tmp_path / "scaler.npz")
    saved = copy.deepcopy(blank)
    nn.load(tmp_path / "scaler.npz", into={"scaler": saved})
    blank.load_state_dict(state)
    state[ours._ENTRIES[0]][:] = 7  # which is a copy
    for copied in (blank, saved, pickle.loads(pickle.dumps(ours)), copy.deepcopy(ours)):
        np.testing.assert_array_equal(copied.transform(TABLE), ours.transform(TABLE))
        assert repr(copied) == repr(ours)
        np.testing.assert_allclose(
            copied.partial_fit(TABLE + 1).transform(TABLE), copy.deepcopy(ours).partial_fit(TABLE + 1).transform(TABLE)
        )
    blank.load_state_dict(nothing)
    with pytest.raises(RuntimeError, match="call fit"):
        blank.transform(TABLE)
    assert blank.partial_fit(TABLE[:2]).n_samples_seen_ == 2


def test_states_that_do_not_fit(scalers):
    ours, _ = scalers
    ours.fit(TABLE)
    before, good = ours.transform(TABLE), ours.state_dict()
    first, second = ours._ENTRIES
    for wrong, error, message in (
        (3, TypeError, "what state_dict"),
        ({}, ValueError, "received none"),
        ({**good, "more": 1}, ValueError, "the entries"),
        ({**good, "samples": -1}, ValueError, "samples"),
        ({**good, "samples": 1.5}, TypeError, "samples"),
        ({**good, "axis": 1}, ValueError, "axis=-1, as this scaler has; received 1"),
        ({**good, second: [1.0]}, ValueError, r"of each feature, received shapes \(4,\) and \(1,\)"),
        ({**good, first: [["text"]]}, ValueError, "numbers"),
        ({**good, first: [[1.0]], second: [[1.0]]}, ValueError, r"\(1, 1\)"),
    ):
        with pytest.raises(error, match=f"^{type(ours).__name__}.load_state_dict: expected.*{message}"):
            ours.load_state_dict(wrong)
        np.testing.assert_array_equal(ours.transform(TABLE), before)


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        ([[1, 2], [3, np.nan]], ValueError, "nan in row 1, column 1"),
        ([[1, 2], [np.inf, 3]], ValueError, "inf in row 1, column 0"),
        (np.zeros((0, 3)), ValueError, r"at least one example to fit, received shape \(0, 3\)"),
        (5.0, ValueError, "a single number"),
        ("text", TypeError, "received str"),
        ([["a"]], TypeError, "'a'.* in row 0, column 0"),
        ([[1j]], TypeError, "complex"),
        (ag.tensor([1.0], requires_grad=True), TypeError, "recorded"),
    ],
)
def test_what_cannot_be_fitted(scalers, x, error, message):
    ours, _ = scalers
    for fit in (ours.fit, ours.partial_fit, ours.fit_transform):
        with pytest.raises(error, match=f"^{type(ours).__name__}: .*{message}"):
            fit(x)
    ours.fit(TABLE)
    state = ours.state_dict()
    with pytest.raises(error, match=message):
        ours.partial_fit(x)
    for name, each in ours.state_dict().items():
        np.testing.assert_array_equal(each, state[name])


def test_other_features_than_in_fit(scalers):
    ours, _ = scalers
    ours.fit(TABLE)
    for use in (ours.transform, ours.inverse_transform, ours.partial_fit):
        with pytest.raises(ValueError, match=r"expected 4 features along axis -1, as in fit; received 3 in shape \(50, 3\)"):
            use(TABLE[:, :3])
    with pytest.raises(ValueError, match="expected 4 features"):
        ours.transform(np.zeros(3))
    with pytest.raises(ValueError, match=r"along axis 2, received an array of shape \(50, 4\)"):
        type(ours)(axis=2).fit(TABLE)
    for use in (type(ours)().transform, type(ours)().inverse_transform):
        with pytest.raises(RuntimeError, match="call fit"):
            use(TABLE)


def test_numbers_too_large_for_the_statistics():
    with pytest.raises(ValueError, match="as large as 1e\\+200 in feature 1"):
        nn.data.StandardScaler().fit([[0, 1e200], [1, -1e200]])
    with pytest.raises(ValueError, match="in feature 1; divide"):
        nn.data.MinMaxScaler().fit([[0, 1e308], [1, -1e308]])


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: nn.data.MinMaxScaler((1, 1)), ValueError, "low < high"),
        (lambda: nn.data.MinMaxScaler(1), TypeError, "feature_range"),
        (lambda: nn.data.MinMaxScaler((0, "1")), TypeError, r"feature_range\[1\]"),
        (lambda: nn.data.MinMaxScaler(clip=2), TypeError, "clip"),
        (lambda: nn.data.StandardScaler(with_std="no"), TypeError, "with_std"),
        (lambda: nn.data.StandardScaler(axis=1.0), TypeError, "axis"),
    ],
)
def test_settings_are_checked(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_repr():
    scaler = nn.data.StandardScaler()
    assert repr(scaler) == "StandardScaler(with_mean=True, with_std=True, axis=-1)"
    assert repr(scaler.fit(TABLE)) == (
        "StandardScaler(with_mean=True, with_std=True, axis=-1, fitted on 50 samples of 4 features)"
    )
