"""Pieces seen by a tower that learns nothing from it: each view spoilt as in training, so that what is made of the vectors holds for shoppers' pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from ..dataset import VIEWS, load
from ..progress import Progress
from .augment import augment, stacked
from .looking import look
from .pieces import bounds
from .runs import bfloat16
from .settings import SIZE

AT_ONCE = 16  # pieces
FIRST_SNAPSHOT = 2  # of a piece's views, those before it are a dealer's


@torch.no_grad()
def looks_at(
    paths: list[Path], draws: int, see: Callable[[torch.Tensor], torch.Tensor], where: str, seed: list[int], what: str, over_the_edge: bool = False
) -> torch.Tensor:
    """What `see` makes of the pieces, [pieces, VIEWS, draws, d], of `draws` looks at every view: pictures [n, 3, SIZE, SIZE] as the tower takes them,
    on the device `where`. With `over_the_edge`, some snapshots show only a part of the piece. `what` names it to whoever waits."""
    rng = np.random.default_rng(seed)
    progress = Progress(f"{what}, pieces looked at", len(paths), 30)
    seen = []
    for start in range(0, len(paths), AT_ONCE):
        loaded = [load(p)[:2] for p in paths[start : start + AT_ONCE]]
        x = stacked([
            augment(look(pictures[v], box, rng, over_the_edge and v >= FIRST_SNAPSHOT), SIZE, v >= FIRST_SNAPSHOT, rng)
            for pictures, masks in loaded
            for v, box in enumerate(bounds(masks))
            for _ in range(draws)
        ])  # fmt: skip
        with torch.autocast(where, torch.bfloat16, enabled=bfloat16(where)):
            seen.append(see(x.to(where, memory_format=torch.channels_last)).float().view(len(loaded), VIEWS, draws, -1).cpu())
        progress.step(len(loaded))
    return torch.cat(seen)
