"""What a shopper has: a hand-held snapshot of a piece, or a screenshot of somebody's post of it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PIL import Image

from . import boxes
from .pictures import catalogue, snapshot, take_with_mask
from .pieces import Built
from .post import jpeg, spoil_with_mask
from .render.camera import View
from .screens import on_screen, post


def picture(
    piece: Built, rng: np.random.Generator, framed: bool, size: int, spp: int, depth: int, seed: int, width: int = 390, manner: str | None = None, unlike: Iterable[View] = ()
) -> tuple[Image.Image, np.ndarray | None]:
    """A snapshot as the phone leaves it, of some manner and unlike some views; or, `framed`, such a snapshot or a styled post inside a screenshot
    `width` pixels wide. And the box (boxes.py) of what is to be seen of the piece."""
    posed = framed and rng.random() < 0.5
    shot = catalogue(piece, rng, "front") if posed else snapshot(piece, rng, manner, unlike)
    picture, mask = take_with_mask(shot, size, spp, depth, seed)
    taken, held = spoil_with_mask(Image.fromarray(picture), mask, rng, 0.4 if framed else 1.0)
    if not framed:
        return taken, boxes.of_mask(held)
    drawn = post(taken, piece.spec, rng, width)
    return jpeg(drawn.page, 88), boxes.of_mask(on_screen(held, drawn))
