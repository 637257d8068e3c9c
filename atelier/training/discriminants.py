"""The last layer, worked out instead of trained: linear discriminants (Fisher, "The use of multiple measurements in taxonomic problems", 1936;
Rao's generalisation to many classes, 1948) of what the image tower pools, each training piece being a class.

Directions in which pictures of one piece differ (light, ground, view) are shrunk until they count alike, those are kept in which pieces differ
most, and each counts as far as it can be believed. A contrastive head comes to something like it in the end; after as few pictures as ours has seen, it has not.
"""

from __future__ import annotations

import io
import sys

import torch
import torch.nn.functional as F
from torch import nn

from ..dataset import available, held_out
from ..files import write_whole
from .looks import looks_at
from .loop import averaged
from .model import ImageTower, Mirrored
from .runs import chosen, run_dir
from .settings import DIMENSION, SECOND_SIZE, SIZE

DRAWS = 2  # how often each view is spoilt and looked at
LOOKS = 2
SHRINKAGE = 0.003  # of the mean variance within pieces, added to all, so that none is taken for nothing; ten times as much changes little


class Discriminating(nn.Module):
    """The tower with discriminants for a head: what it pools in its two looks at a picture (`Looking`), less the `mean` [pooled], by `matrix`
    [pooled, DIMENSION]. Not normalised."""

    def __init__(self, tower: ImageTower, mean: torch.Tensor, matrix: torch.Tensor):
        super().__init__()
        self.looking = Looking(tower)
        self.register_buffer("mean", mean)
        self.register_buffer("matrix", matrix)

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        return (self.looking(pixel_values) - self.mean) @ self.matrix


class Looking(nn.Module):
    """What the tower pools in two looks at pictures [n, 3, SIZE, SIZE], side by side [n, LOOKS * pooled]: at the pictures, and at their mirror images in
    SECOND_SIZE, where a part of the tower that saw a stone sees a whole head. The second costs less than half of the first."""

    def __init__(self, tower: ImageTower):
        super().__init__()
        self.tower = tower
        self.register_buffer("smaller", shares(SIZE, SECOND_SIZE), persistent=False)

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        small = self.smaller @ pixel_values @ self.smaller.T * (SECOND_SIZE / SIZE) ** 2
        return torch.cat([self.tower.pool(pixel_values), self.tower.pool(small.flip(3))], 1)


def shares(size: int, smaller: int) -> torch.Tensor:
    """[smaller, size]: how much of each of `size` pixels lies in each of the `smaller` count that a line is made of when it is shrunk by area. They add
    up to size / smaller a row; in halves, as they are here, float16 keeps them as they are."""
    edges = torch.arange(smaller + 1, dtype=torch.float64) * size / smaller
    pixels = torch.arange(size, dtype=torch.float64)
    return (torch.minimum(edges[1:, None], pixels + 1) - torch.maximum(edges[:-1, None], pixels)).clamp(min=0).float()


def discriminants(features: torch.Tensor, keep: int, shrinkage: float = SHRINKAGE) -> torch.Tensor:
    """The matrix [d, keep] that takes features [pieces, looks, d], at least two looks each, to their discriminants, the strongest first. Within
    pieces they vary independently, with a variance of 1 times their weight: the share of pieces in how a discriminant varies from look to look, which is
    how far one look tells a piece's own value."""
    pieces, looks, _ = features.shape
    kind, features = features.dtype, features.double()  # of what hardly varies within pieces, the inverse is large
    means = features.mean(1, keepdim=True)
    away = (features - means).flatten(0, 1)
    within = away.T @ away / (pieces * (looks - 1))
    within.diagonal().add_(shrinkage * within.diagonal().mean())
    values, vectors = torch.linalg.eigh(within)
    whitening = vectors * values.rsqrt()
    between = means.squeeze(1) @ whitening
    between = between - between.mean(0)
    values, vectors = torch.linalg.eigh(between.T @ between / pieces)
    strongest = values.argsort(descending=True)[:keep]
    own = values[strongest].clamp(min=0)
    return (whitening @ vectors[:, strongest] * (own / (1 + own))).to(kind)


def turned(vectors: torch.Tensor, towards: torch.Tensor) -> torch.Tensor:
    """The rotation [d, d] that brings vectors [n, d] as near as can be to others [n, d] (orthogonal Procrustes; Schönemann, 1966). It changes no
    angle between any two of them."""
    u, _, v = torch.linalg.svd(vectors.T @ towards)
    return u @ v


def work_out(seed: int, count: int, device: str, run: str) -> None:
    """Work out the discriminants of a run's averaged image tower and keep them as discriminants.pt beside its checkpoint."""
    where = chosen(device)
    _, model, state = averaged(run, seed)
    tower = model.image.to(where, memory_format=torch.channels_last)
    looking = Looking(tower).to(where)
    paths = [p for p in available(count) if not held_out(p)]
    features = looks_at(paths, DRAWS, looking, where, [seed, 0x646973], "discriminants", over_the_edge=True).flatten(1, 2)
    mean, matrix = features.mean((0, 1)), discriminants(features, DIMENSION)
    # Turned to where the trained head put them, so that a text tower that has learnt to meet that one need not learn anew.
    flat = features.flatten(0, 1)
    with torch.no_grad():
        before = sum(F.normalize(tower.spread(tower.head(look.to(where))), dim=-1) for look in flat.chunk(LOOKS, 1)).cpu()
    matrix = matrix @ turned(F.normalize((flat - mean) @ matrix, dim=-1), F.normalize(before, dim=-1))
    data = io.BytesIO()
    torch.save({"mean": mean, "matrix": matrix, "seen": state["seen"], "pieces": len(paths)}, data)
    write_whole(run_dir(run) / "discriminants.pt", lambda f: f.write(data.getvalue()))
    print(f"discriminants of {len(paths)} pieces", file=sys.stderr)


def exported(tower: ImageTower, run: str, seen: int) -> nn.Module:
    """The run's image tower as it is exported: with its discriminants where `work_out` has made them, else with the head it was trained with,
    from both sides in full size. Those of other weights are refused."""
    path = run_dir(run) / "discriminants.pt"
    if not path.exists():
        return Mirrored(tower)
    found = torch.load(path, map_location="cpu", weights_only=True)
    if found["seen"] != seen:
        raise SystemExit(f"{run} has been trained on since its discriminants were worked out: run `python -m atelier discriminants --run {run}` again.")
    return Discriminating(tower, found["mean"], found["matrix"])


def pieces_of(run: str, state: dict) -> int:
    """How many pieces taught the run's image tower: what its checkpoint says, or its discriminants where it is from before checkpoints said; else 0."""
    path = run_dir(run) / "discriminants.pt"
    kept = torch.load(path, map_location="cpu", weights_only=True) if "pieces" not in state and path.exists() else state
    return kept.get("pieces", 0)


def head_of(tower: nn.Module) -> float:
    """What tells one head from another: what is learnt or kept beside a tower is of no use with another head. The same however many threads add it up."""
    return round(float(tower.matrix.double().abs().sum()), 5) if isinstance(tower, Discriminating) else 0.0
