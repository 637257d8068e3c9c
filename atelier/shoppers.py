"""What a shopper has: a hand-held snapshot of a piece, or a screenshot of somebody's post of it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PIL import Image

from .pictures import catalogue, snapshot, take_with_mask
from .pieces import Built
from .render.camera import View
from .screens import shared


def picture(
    piece: Built, rng: np.random.Generator, framed: bool, size: int, spp: int, depth: int, seed: int, width: int = 390, manner: str | None = None, unlike: Iterable[View] = ()
) -> tuple[Image.Image, np.ndarray | None]:
    """A snapshot as the phone leaves it, of some manner and unlike some views; or, `framed`, such a snapshot or a styled post inside a screenshot
    `width` pixels wide. And the box (boxes.py) of what is to be seen of the piece."""
    posed = framed and rng.random() < 0.5
    shot = catalogue(piece, rng, "front") if posed else snapshot(piece, rng, manner, unlike)
    picture, mask = take_with_mask(shot, size, spp, depth, seed)
    return shared(Image.fromarray(picture), mask, piece.spec, rng, framed, width)
