"""What a shopper shows of a held-out piece, to measure with: a spoilt snapshot, or a screenshot of a post, and where the piece is in it."""

from __future__ import annotations

import numpy as np
from PIL import Image

from .. import boxes
from ..post import jpeg, spoil_with_mask
from ..screens import post
from ..spec import PieceSpec

SIDE = 360  # of the snapshot, in pixels


def shown(picture: np.ndarray, mask: np.ndarray, spec: PieceSpec, rng: np.random.Generator, framed: bool) -> tuple[Image.Image, np.ndarray | None]:
    """The shopper's picture, a screenshot if `framed`, and the box of what it shows of the piece (none where it shows nothing)."""
    photo = Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    large = np.asarray(Image.fromarray(mask.astype(np.uint8) * 255).resize((SIDE, SIDE), Image.Resampling.BILINEAR)) > 127
    photo, large = spoil_with_mask(photo, large, rng, 0.4 if framed else 1.0)
    if not framed:
        return photo, boxes.of_mask(large)
    drawn = post(photo, spec, rng)
    page = jpeg(drawn.page, 88)
    left, top, right, bottom = drawn.shown
    rows = _photo_pixels(top, bottom, drawn.whole[1], drawn.whole[3])
    columns = _photo_pixels(left, right, drawn.whole[0], drawn.whole[2])
    seen = np.zeros((page.height, page.width), bool)
    seen[top:bottom, left:right] = large[rows[:, None], columns[None]]
    return page, boxes.of_mask(seen)


def _photo_pixels(start: int, stop: int, first: int, last: int) -> np.ndarray:
    """Which of the photo's pixels the screen shows from `start` to `stop`, where all of the photo lies from `first` to `last`."""
    return np.clip(((np.arange(start, stop) + 0.5 - first) * SIDE / (last - first)).astype(int), 0, SIDE - 1)
