"""What a shopper has: a hand-held snapshot of a piece, or a screenshot of somebody's post of it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PIL import Image

from .pictures import catalogue, snapshot, take
from .pieces import Built
from .post import jpeg, spoil
from .render.camera import View
from .screens import screenshot


def picture(
    piece: Built, rng: np.random.Generator, framed: bool, size: int, spp: int, depth: int, seed: int, width: int = 390, manner: str | None = None, unlike: Iterable[View] = ()
) -> Image.Image:
    """A snapshot as the phone leaves it, of some manner and unlike some views; or, `framed`, such a snapshot or a styled post inside a screenshot
    `width` pixels wide."""
    posed = framed and rng.random() < 0.5
    shot = catalogue(piece, rng, "front") if posed else snapshot(piece, rng, manner, unlike)
    taken = spoil(Image.fromarray(take(shot, size, spp, depth, seed)), rng, 0.4 if framed else 1.0)
    return jpeg(screenshot(taken, piece.spec, rng, width), 88) if framed else taken
