"""What each vector must also give away during training: the piece's category, stone, metal and so on. From random weights the backgrounds
drown the piece, and contrast alone takes long to find what two photos share; labels say at once where to look. Not exported."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from ..spec import PieceSpec, sample
from .settings import DIMENSION

FIELDS = ("category", "period", "metal", "second_metal", "finish", "head", "form", "stone", "cut", "accent", "enamel", "setting", "edge")
UNKNOWN = -100  # what cross_entropy leaves out


class Attributes(nn.Module):
    """A linear classifier a field. The classes are those of pieces that are sampled for it, always the same ones."""

    def __init__(self, pieces: int = 3000) -> None:
        super().__init__()
        specs = [sample(20_000_000 + i) for i in range(pieces)]
        self.classes = {f: {v: i for i, v in enumerate(sorted({str(getattr(s, f)) for s in specs}))} for f in FIELDS}
        self.heads = nn.ModuleDict({f: nn.Linear(DIMENSION, len(c)) for f, c in self.classes.items()})

    def labels(self, specs: list[PieceSpec]) -> torch.Tensor:
        """[n, fields]"""
        return torch.tensor([[self.classes[f].get(str(getattr(s, f)), UNKNOWN) for f in FIELDS] for s in specs])

    def forward(self, vectors: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """The mean cross-entropy over fields, in units of a field's own uninformed guess, so that each counts alike."""
        losses = [F.cross_entropy(self.heads[f](vectors), labels[:, i]) / torch.tensor(float(len(self.classes[f]))).log() for i, f in enumerate(FIELDS)]
        return torch.stack(losses).mean()
