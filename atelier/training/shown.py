"""What a shopper shows of a held-out piece, to measure with: a spoilt snapshot, or a screenshot of a post, and where the piece is in it."""

from __future__ import annotations

import numpy as np
from PIL import Image

from ..screens import shared
from ..spec import PieceSpec

SIDE = 360  # of the snapshot, in pixels


def shown(picture: np.ndarray, mask: np.ndarray, spec: PieceSpec, rng: np.random.Generator, framed: bool) -> tuple[Image.Image, np.ndarray | None]:
    """The shopper's picture, a screenshot if `framed`, and the box of what it shows of the piece (none where it shows nothing)."""
    photo = Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    large = np.asarray(Image.fromarray(mask.astype(np.uint8) * 255).resize((SIDE, SIDE), Image.Resampling.BILINEAR)) > 127
    return shared(photo, large, spec, rng, framed)
