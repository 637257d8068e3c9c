"""Cross-batch memory: the vectors of the last batches as further negatives, so that a piece is told from thousands and not only
from its batch. After Wang et al., "Cross-Batch Memory for Embedding Learning", CVPR 2020."""

from __future__ import annotations

import torch


class Memory:
    """The last `places` vectors with the pieces that they show. Nothing of it is kept in a checkpoint: it fills within a minute."""

    def __init__(self, places: int):
        self.places = places
        self.vectors: torch.Tensor | None = None
        self.pieces = torch.empty(0, dtype=torch.long)

    def add(self, vectors: torch.Tensor, pieces: torch.Tensor) -> None:
        """`vectors` [n, d], `pieces` [n]: whose pictures they are."""
        vectors = vectors.detach()
        self.vectors = (vectors if self.vectors is None else torch.cat([vectors, self.vectors]))[: self.places]
        self.pieces = torch.cat([pieces, self.pieces])[: self.places]

    def negatives(self, queries: torch.Tensor, pieces: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
        """Logits [n, remembered] of `queries` [n, d] against what is remembered (something must be); a piece's own pictures count for
        nothing."""
        logits = queries @ self.vectors.T * scale
        return logits.masked_fill((pieces[:, None] == self.pieces[None]).to(logits.device), -1e4)
