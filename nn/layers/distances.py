"""How near two vectors are, as modules: ``CosineSimilarity``, ``PairwiseDistance``."""

from typing import Any

from nn.functional.distances import check_norm, cosine, distance
from nn.inputs import check_number, check_switch, check_whole
from nn.module import Module
from nn.paths import described


class CosineSimilarity(Module):
    """``x1 x2 / (max(|x1|, eps) max(|x2|, eps))``: the cosine of the angle between vectors along ``dim``.

    Shapes: two that broadcast -> their broadcast, without ``dim``.

    Raises:
        ValueError: for shapes that do not broadcast.

    >>> nn.CosineSimilarity()(np.array([[1.0, 0.0]]), np.array([[1.0, 1.0]])).round(4)
    array([0.7071])
    """

    def __init__(self, dim: int = 1, eps: float = 1e-8) -> None:
        check_whole("CosineSimilarity", "dim", dim)
        check_number("CosineSimilarity", "eps", eps)
        self.dim = int(dim)
        self.eps = float(eps)

    def forward(self, x1: Any, x2: Any) -> Any:
        """``cosine_similarity(x1, x2)``."""
        return cosine(x1, x2, self.dim, self.eps, lambda: described(self))

    def extra_repr(self) -> str:
        """Its settings."""
        return f"dim={self.dim}, eps={self.eps}"


class PairwiseDistance(Module):
    """``|x1 - x2 + eps|``, the p-norm along the last axis: a distance for each pair of vectors.

    Shapes: two that broadcast, (..., D) -> (...); with ``keepdim`` (..., 1).

    Raises:
        ValueError: for shapes that do not broadcast.

    >>> nn.PairwiseDistance()(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0]])).round(4)
    array([5.])
    """

    def __init__(self, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> None:
        check_norm("PairwiseDistance", p, eps)
        self.norm = float(p)
        self.eps = float(eps)
        check_switch("PairwiseDistance", keepdim=keepdim)
        self.keepdim = bool(keepdim)

    def forward(self, x1: Any, x2: Any) -> Any:
        """``pairwise_distance(x1, x2)``."""
        return distance(x1, x2, self.norm, self.eps, self.keepdim, lambda: described(self))

    def extra_repr(self) -> str:
        """Its settings."""
        return f"p={self.norm}, eps={self.eps}, keepdim={self.keepdim}"
