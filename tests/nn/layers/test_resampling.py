"""Maps of another size: against SciPy's and NumPy's interpolation, what stays the same, and messages."""

import numpy as np
import pytest
import scipy.interpolate

import autograd as ag
import nn

F = nn.functional
RNG = np.random.default_rng(0)
BETWEEN = [("linear", 1), ("bilinear", 2), ("bicubic", 2), ("trilinear", 3)]


@pytest.mark.parametrize(("size", "count"), [(5, 9), (7, 3), (4, 4), (3, 1), (1, 4)])
@pytest.mark.parametrize("corners", [False, True])
def test_linear_is_numpys_interpolation_of_the_middles(size, count, corners):
    x = RNG.normal(size=size)
    if corners:
        places = np.linspace(0, size - 1, count) if count > 1 else [0.0]
    else:
        places = (np.arange(count) + 0.5) * size / count - 0.5
    found = F.interpolate(x[np.newaxis, np.newaxis], count, mode="linear", align_corners=corners)[0, 0]
    np.testing.assert_allclose(found, np.interp(places, np.arange(size), x), rtol=0, atol=1e-14)


@pytest.mark.parametrize("counts", [(7, 3), (2, 9)])
def test_bilinear_is_scipys_inside(counts):
    x = RNG.normal(size=(4, 5))
    places = [(np.arange(count) + 0.5) * size / count - 0.5 for size, count in zip(x.shape, counts, strict=True)]
    inside = [(each >= 0) & (each <= size - 1) for each, size in zip(places, x.shape, strict=True)]
    of_scipy = scipy.interpolate.RegularGridInterpolator((np.arange(4), np.arange(5)), x, bounds_error=False)
    expected = of_scipy(tuple(np.meshgrid(*places, indexing="ij")))[np.ix_(*inside)]
    found = F.interpolate(x[np.newaxis, np.newaxis], counts, mode="bilinear")[0, 0][np.ix_(*inside)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize(("mode", "rank"), [*BETWEEN, ("nearest", 2), ("nearest-exact", 2), ("area", 2)])
@pytest.mark.parametrize("settings", [{"size": 7}, {"size": 3}, {"scale_factor": 1.7}])
def test_what_is_constant_stays_so(mode, rank, settings):
    out = F.interpolate(np.full((1, 2, *[5] * rank), 3.0), mode=mode, **settings)
    np.testing.assert_allclose(out, 3.0, rtol=1e-14)


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
def test_without_aliases_every_cell_counts(mode):
    """And each about as much as any other inside, when a map shrinks by a whole factor."""
    x = ag.tensor(RNG.normal(size=(1, 1, 24, 24)), requires_grad=True)
    F.interpolate(x, size=(3, 3), mode=mode, antialias=True).sum().backward()
    weights = x.grad.numpy()[0, 0]
    assert np.all(weights != 0)
    np.testing.assert_allclose(weights[10:14, 10:14], 1 / 64, rtol=0.1)
    x.grad = None
    F.interpolate(x, size=(3, 3), mode=mode).sum().backward()
    assert np.any(x.grad.numpy() == 0)


@pytest.mark.parametrize(("mode", "rank"), [*BETWEEN, ("nearest", 1), ("nearest-exact", 3), ("area", 2)])
def test_of_its_own_size_a_map_is_what_it_was(mode, rank):
    x = RNG.normal(size=(1, 2, *[4, 3, 5][:rank]))
    out = F.interpolate(x, size=x.shape[2:], mode=mode)
    np.testing.assert_array_equal(out, x)
    assert not np.shares_memory(out, x)


def test_infinities_stay_where_they_are():
    x = np.zeros((1, 1, 8))
    x[..., 2] = np.inf
    out = F.interpolate(x, size=13, mode="linear")[0, 0]
    places = (np.arange(13) + 0.5) * 8 / 13 - 0.5
    np.testing.assert_array_equal(np.isfinite(out), np.abs(places - 2) > 1)
    np.testing.assert_array_equal(F.interpolate(x, size=3, mode="area")[0, 0], [np.inf, np.inf, 0])


def test_shown_as_in_pytorch():
    assert repr(nn.Upsample(scale_factor=2)) == "Upsample(scale_factor=2, mode='nearest')"
    assert repr(nn.UpsamplingBilinear2d(4)) == "UpsamplingBilinear2d(size=4, mode='bilinear')"


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({}, ValueError, "either size or scale_factor, received None and None"),
        ({"size": 2, "scale_factor": 2}, ValueError, "either size or scale_factor, received 2 and 2"),
        ({"size": 2, "mode": "cubic"}, ValueError, "expected as mode one of 'nearest', .* received 'cubic'"),
        (
            {"size": 2, "mode": "linear"},
            ValueError,
            r"expected input of shape \(N, C, L\) for mode 'linear', received \(1, 1, 4, 4\)",
        ),
        ({"size": 2, "align_corners": True}, ValueError, "expected align_corners=None for mode 'nearest', received True"),
        ({"size": 2, "recompute_scale_factor": True}, ValueError, "expected recompute_scale_factor with a scale_factor"),
        ({"size": 2, "antialias": True}, ValueError, "expected antialias for 'bilinear' or 'bicubic'"),
        ({"size": (2, 2, 2)}, ValueError, r"expected size, a whole number or 2 of them of 1 or more; received \(2, 2, 2\)"),
        ({"size": 2.5}, TypeError, "expected size, a whole number"),
        ({"scale_factor": (2, 2, 2)}, ValueError, r"expected a scale_factor for each of 2 axes, received \(2, 2, 2\)"),
        ({"scale_factor": "2"}, TypeError, "expected scale_factor, a number"),
        ({"scale_factor": 0.2}, ValueError, r"received \(1, 1, 4, 4\), of which \(0, 0\) is to be made"),
    ],
)
def test_mistakes_are_named(settings, error, message):
    with pytest.raises(error, match="interpolate: .*" + message):
        F.interpolate(np.zeros((1, 1, 4, 4)), **settings)
