"""Pieces that look alike to the tower as it is now, brought into one batch: each is then told from those that it is taken for, and not from pieces that
nobody would take it for. What makes training on all negatives of a large set worth its while, at the price of a few (hard negative mining by nearest
neighbours; e.g. Xuan et al., "Hard Negative Examples are Hard, but Useful", ECCV 2020)."""

from __future__ import annotations

import numpy as np

GROUP = 12  # pieces
FRESH = 0.5  # the newest vector's share in what is kept of a piece


class Neighbours:
    """What the pieces' pictures came to when they were last looked at. Nothing of it is kept in a checkpoint: an epoch fills it."""

    def __init__(self) -> None:
        self.vectors: dict[int, np.ndarray] = {}

    def saw(self, pieces: np.ndarray, vectors: np.ndarray) -> None:
        """`vectors` [n, d], L2-normalised, of pictures of the `pieces` [n]."""
        for piece, vector in zip(pieces.tolist(), vectors, strict=True):
            before = self.vectors.get(piece)
            kept = vector if before is None else FRESH * vector + (1 - FRESH) * before
            self.vectors[piece] = kept / max(float(np.linalg.norm(kept)), 1e-9)

    def all_of(self, count: int) -> np.ndarray | None:
        """The vectors [count, d] of pieces 0..count; none while some have not been looked at."""
        return np.stack([self.vectors[i] for i in range(count)]) if all(i in self.vectors for i in range(count)) else None


def grouped(vectors: np.ndarray, size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """All indices of the vectors [n, d], each once, in groups of `size` neighbours: a piece taken by chance, and those nearest to it that are in no group
    yet. The last groups are of what is left, and less alike."""
    alike = vectors @ vectors.T
    free = np.ones(len(vectors), bool)
    groups = []
    for i in rng.permutation(len(vectors)):
        if free[i]:
            near = np.where(free, alike[i], -np.inf)
            near[i] = np.inf
            group = np.argsort(-near, kind="stable")[: min(size, int(free.sum()))]
            free[group] = False
            groups.append(group)
    return groups
