"""The page on what vmap computes at once: it is what its generator makes of the ops, and the families that have to be are."""

import runpy

from autograd.record import OPS
from tests.documents import ROOT

GENERATE = runpy.run_path(str(ROOT / "docs" / "generate_batching.py"))


def test_the_page_is_what_the_generator_makes():
    assert (ROOT / "docs" / "batching.md").read_text() == GENERATE["page"](), "run python docs/generate_batching.py"


def test_what_has_to_be_computed_at_once_has_a_rule():
    """Elementwise ops, reductions, shapes, indices, products, linear algebra, convolutions, Fourier transforms."""
    families = ("elementwise", "reductions", "arrays.shaping", "arrays.indexing", "matrices", "series.signals", "series.f")
    without = {
        name
        for name, op in OPS.items()
        if op.batch_rule is None and op.forward.__module__.removeprefix("autograd.ops.").startswith(families)
    }
    assert without == {"lstsq", "nonzero"}, "the shapes of these alone depend on values"
