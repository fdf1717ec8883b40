"""The programs that train networks: what they compute against closed forms, and the programs as a user runs them."""

import re

import numpy as np
import pytest
from scipy.special import rel_entr

import autograd as ag
from examples import character_gpt, character_lstm, digits_cnn, language, vae
from tests.examples.running import example, files, looks_drawn

# ---------------------------------------------------------------- text


@pytest.fixture(scope="module")
def corpus():
    return language.Corpus()


def test_the_text_is_english_of_one_line_a_paragraph(corpus):
    text = corpus.decoded(corpus.training[:100_000])
    assert "\n\n" not in text
    assert text.count(" the ") > 500
    assert len(corpus.training) > 300_000
    assert corpus.decoded(corpus.encoded("The value§")) == "The value"  # a rare symbol is left out


def test_a_batch_is_the_text_and_what_follows(corpus):
    inputs, targets = corpus.batch(np.random.default_rng(0))
    assert inputs.shape == targets.shape == (language.BATCH, language.LENGTH)
    np.testing.assert_array_equal(inputs[:, 1:], targets[:, :-1])
    assert corpus.decoded(inputs[0]) in corpus.decoded(corpus.training)


def test_counting_is_as_good_as_entropy(corpus):
    """Bits of counted symbols are the cross-entropy of two histograms, and longer memory needs fewer bits."""
    found = corpus.bits_of_counting()
    counts = [np.bincount(part, minlength=len(corpus.symbols)) for part in (corpus.training, corpus.validation)]
    model = (counts[0] + 0.1) / (counts[0] + 0.1).sum()
    seen = counts[1] / counts[1].sum()
    entropy = -np.sum(seen[seen > 0] * np.log(seen[seen > 0]))
    assert found["symbols"] == pytest.approx((entropy + rel_entr(seen, model).sum()) / np.log(2), rel=1e-12)
    assert found["symbols"] > found["pairs"] > found["triples"]


@pytest.mark.parametrize("module", [character_gpt, character_lstm])
def test_a_model_does_not_see_what_follows(module):
    """The logits of a place depend on no later symbol, and a continuation is what the model says step by step."""
    ag.seed(0)
    model = (module.Gpt if module is character_gpt else module.Lstm)(20).eval()
    x = np.random.default_rng(0).integers(0, 20, (2, 12))
    changed = x.copy()
    changed[:, 8:] = 0
    with ag.no_grad():
        before, after = model(x).numpy(), model(changed).numpy()
        np.testing.assert_allclose(before[:, :8], after[:, :8], atol=1e-6)
        assert np.abs(before[:, 8:] - after[:, 8:]).max() > 1e-3
        likeliest = module.continued(model, x[0], 3, lambda logits: int(np.argmax(logits)))
        text = list(x[0])
        for _ in range(3):
            text.append(int(model(np.array([text])).numpy()[0, -1].argmax()))
    assert likeliest == text[12:]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["character_gpt", "character_lstm"])
def test_a_character_model_learns(name, tmp_path):
    done = example(name, "--steps", 12, "--out", "pictures", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "\nbefore training:\nThe " in done.stdout
    assert "\nafter 12 steps:\nThe " in done.stdout
    bits = float(re.search(r"the model: ([\d.]+) bits a symbol", done.stdout)[1])
    assert bits < 5.7 < np.log2(83)  # what one who knows nothing needs
    assert files(tmp_path) == ["pictures/curves.png"]
    assert looks_drawn(tmp_path / "pictures" / "curves.png")


# ---------------------------------------------------------------- digits


def test_pictures_are_moved_by_up_to_a_pixel():
    images = np.random.default_rng(0).uniform(size=(200, 1, 8, 8)).astype(np.float32)
    found = digits_cnn.moved(images, np.random.default_rng(1))
    padded = np.pad(images, [(0, 0), (0, 0), (1, 1), (1, 1)])
    ways = [padded[:, :, i : i + 8, j : j + 8] for i in range(3) for j in range(3)]
    matches = np.array([(found == each).all(axis=(1, 2, 3)) for each in ways])
    assert (matches.sum(axis=0) == 1).all()
    assert (matches.sum(axis=1) > 5).all()


@pytest.mark.slow
def test_a_convolutional_network_learns_digits(tmp_path):
    done = example("digits_cnn", "--seeds", 1, "--epochs", 3, "--out", "pictures", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Conv2d(1, 32, kernel_size=3, stride=1, padding=1)" in done.stdout
    assert "62,506 parameters" in done.stdout
    assert float(re.search(r"mean ([\d.]+)%", done.stdout)[1]) > 80
    assert files(tmp_path) == [f"pictures/{name}.png" for name in ("curves", "features", "mistakes")]
    for name in files(tmp_path):
        assert looks_drawn(tmp_path / name)


def test_the_divergence_is_that_of_two_normal_distributions():
    """KL(N(m, s) || N(0, 1)) by numerical integration."""
    ag.seed(0)
    model = vae.Autoencoder().eval()
    images = np.random.default_rng(0).uniform(size=(3, 1, 8, 8)).astype(np.float32)
    with ag.no_grad():
        rebuilding, divergence = vae.loss_of(model, images)
        _, mean, log_variance = [each.numpy().astype(float) for each in model(images)]
    z = np.linspace(-15, 15, 20001)
    density = lambda m, v: np.exp(-((z - m) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v)
    total = sum(
        np.trapezoid(rel_entr(density(m, np.exp(v)), density(0, 1)), z)
        for m, v in zip(mean.ravel(), log_variance.ravel(), strict=True)
    )
    assert float(divergence) == pytest.approx(total / 3, rel=1e-4)
    assert 64 * 0.3 < float(rebuilding) < 64 * 1.5


@pytest.mark.slow
def test_an_autoencoder_learns_digits(tmp_path):
    done = example("vae", "--epochs", 4, "--out", "pictures", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    sums = [float(each) for each in re.findall(r"test [\d.]+ \+ [\d.]+ = ([\d.]+)", done.stdout)]
    assert sums[-1] < sums[0] < 64 * np.log(2)
    assert files(tmp_path) == ["pictures/points.png", "pictures/sheet.png"]
    for name in files(tmp_path):
        assert looks_drawn(tmp_path / name)
