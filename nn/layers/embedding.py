"""Layers that hold a table and look rows up in it: ``Embedding``, ``EmbeddingBag``."""

from __future__ import annotations  # np.random would be imported to annotate with it

from typing import Any, Self

import numpy as np

import autograd as ag
from nn import init
from nn.functional.embeddings import bags, check_dense, check_mode, check_norm, check_table, looked_up, padding_row
from nn.inputs import as_array, check_switch
from nn.module import Module
from nn.parameter import Parameter
from nn.paths import described


class _Table(Module):
    """What has a row of numbers for each index."""

    def _make(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None,
        max_norm: float | None,
        norm_type: float,
        scale_grad_by_freq: bool,
        sparse: bool,
    ) -> None:
        name = type(self).__name__
        for setting, count in (("num_embeddings", num_embeddings), ("embedding_dim", embedding_dim)):
            if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 0:
                raise ValueError(f"{name}: expected a whole number, not negative, for {setting}; received {count!r}")
        check_switch(name, scale_grad_by_freq=scale_grad_by_freq, sparse=sparse)
        check_norm(name, max_norm, norm_type)
        check_dense(name, sparse)
        self.num_embeddings = int(num_embeddings)
        self.embedding_dim = int(embedding_dim)
        self.padding_idx = padding_row(name, padding_idx, self.num_embeddings)
        self.max_norm = None if max_norm is None else float(max_norm)
        self.norm_type = float(norm_type)
        self.scale_grad_by_freq = bool(scale_grad_by_freq)

    def _draw(self, dtype: Any, rng: np.random.Generator | None) -> None:
        self.weight = Parameter(np.empty((self.num_embeddings, self.embedding_dim), np.float32 if dtype is None else dtype))
        init.normal_(self.weight, rng=rng)
        if self.padding_idx is not None:
            with ag.no_grad():
                self.weight[self.padding_idx] = 0

    def _hold(self, embeddings: Any, freeze: bool, padding_idx: int | None) -> Self:
        """Take the given table in place of the one that was drawn."""
        name = type(self).__name__
        check_switch(f"{name}.from_pretrained", freeze=freeze)
        table = as_array(embeddings, f"{name}.from_pretrained")
        check_table(f"{name}.from_pretrained", table, sparse=False)
        self.num_embeddings, self.embedding_dim = table.shape
        self.padding_idx = padding_row(name, padding_idx, self.num_embeddings)
        self.weight = Parameter(table, requires_grad=not freeze)
        return self

    def extra_repr(self) -> str:
        """Its settings, as far as they are not the usual ones."""
        settings = [str(self.num_embeddings), str(self.embedding_dim)]
        if self.padding_idx is not None:
            settings.append(f"padding_idx={self.padding_idx}")
        if self.max_norm is not None:
            settings.append(f"max_norm={self.max_norm}")
        if self.norm_type != 2:
            settings.append(f"norm_type={self.norm_type}")
        if self.scale_grad_by_freq:
            settings.append("scale_grad_by_freq=True")
        return ", ".join(settings)


class Embedding(_Table):
    """A row of learnt numbers for each index: words, pieces of words, places, categories.

    The table starts as normal numbers of mean 0 and variance 1, as in PyTorch.

    Args:
        num_embeddings: the number of rows V.
        embedding_dim: the length of each row D.
        padding_idx: an index that stands for nothing: its row starts at 0 and receives no gradient.
        max_norm: rows in use that are longer are scaled down to this length, before they are looked up.
        norm_type: the p of that length, a p-norm.
        scale_grad_by_freq: divide the gradient of each row by how often its index occurs in the batch.
        sparse: has to be ``False``: the gradient is an array as large as the table.
        dtype: that of the table; float32 by default.
        rng: where the first values come from; by default the library's generator.

    Shapes: integers in any shape -> (*any, D).

    Raises:
        IndexError: for an index that is not from 0 to V - 1.
        TypeError: for indices that are no integers.
        ValueError: for a ``padding_idx`` that is no row, and ``sparse=True``.

    >>> layer = nn.Embedding(10, 3, rng=np.random.default_rng(0))
    >>> layer([[1, 2], [4, 4]]).shape
    (2, 2, 3)
    >>> list(layer.state_dict())
    ['weight']
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        self._make(num_embeddings, embedding_dim, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)
        self._draw(dtype, rng)

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Any,
        freeze: bool = True,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
    ) -> Self:
        """A layer with the given table (V, D), which is copied; with ``freeze`` it stays as it is, else it is trained.

        Raises:
            ValueError: for a table that is no matrix, and as the constructor does.

        >>> nn.Embedding.from_pretrained([[1.0, 2.0], [3.0, 4.0]])([1])
        Tensor([[3., 4.]], dtype=float64)
        """
        layer = cls(0, 0, None, max_norm, norm_type, scale_grad_by_freq, sparse)
        return layer._hold(embeddings, freeze, padding_idx)

    def forward(self, input: Any) -> Any:
        """``weight[input]``. Shapes: any -> (*any, D)."""
        return looked_up(
            input,
            self.weight,
            self.padding_idx,
            self.max_norm,
            self.norm_type,
            self.scale_grad_by_freq,
            lambda: described(self),
        )


class EmbeddingBag(_Table):
    """The sum, the mean or the maxima of the rows of each bag of indices: a table for texts of which the order does not count.

    Args:
        num_embeddings: the number of rows V.
        embedding_dim: the length of each row D.
        max_norm: rows in use that are longer are scaled down to this length, before they are looked up.
        norm_type: the p of that length, a p-norm.
        scale_grad_by_freq: divide the gradient of each row by how often its index occurs; not with ``"max"``.
        mode: ``"sum"``, ``"mean"`` or ``"max"``.
        sparse: has to be ``False``: the gradient is an array as large as the table.
        include_last_offset: whether the last offset is the end of the last bag, and not the beginning of another one.
        padding_idx: an index that counts for nothing, in the mean too: its row starts at 0 and receives no gradient.
        dtype: that of the table; float32 by default.
        rng: where the first values come from; by default the library's generator.

    Shapes: integers (B, L), or (N,) with ``offsets`` (B,) -> (B, D).

    Raises:
        IndexError: for an index that is not from 0 to V - 1.
        TypeError: for indices that are no integers.
        ValueError: for another mode, and settings that do not go together.

    >>> layer = nn.EmbeddingBag(10, 3, mode="sum")
    >>> layer([1, 2, 4, 4], offsets=[0, 3]).shape
    (2, 3)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        check_mode("EmbeddingBag", mode, scale_grad_by_freq)
        self._make(num_embeddings, embedding_dim, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)
        check_switch("EmbeddingBag", include_last_offset=include_last_offset)
        self.mode = mode
        self.include_last_offset = bool(include_last_offset)
        self._draw(dtype, rng)

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Any,
        freeze: bool = True,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
    ) -> Self:
        """A layer with the given table (V, D), which is copied; with ``freeze`` it stays as it is, else it is trained.

        Raises:
            ValueError: for a table that is no matrix, and as the constructor does.

        >>> nn.EmbeddingBag.from_pretrained([[1.0, 2.0], [3.0, 4.0]])([[0, 1]])
        Tensor([[2., 3.]], dtype=float64)
        """
        layer = cls(0, 0, max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset)
        return layer._hold(embeddings, freeze, padding_idx)

    def forward(self, input: Any, offsets: Any = None, per_sample_weights: Any = None) -> Any:
        """A row for each bag; arguments as in ``nn.functional.embedding_bag``."""
        return bags(
            input,
            self.weight,
            offsets,
            per_sample_weights,
            receiver=lambda: described(self),
            max_norm=self.max_norm,
            norm_type=self.norm_type,
            scale_grad_by_freq=self.scale_grad_by_freq,
            mode=self.mode,
            include_last_offset=self.include_last_offset,
            padding_idx=self.padding_idx,
        )

    def extra_repr(self) -> str:
        """Its settings, as far as they are not the usual ones."""
        return f"{super().extra_repr()}, mode={self.mode!r}"
