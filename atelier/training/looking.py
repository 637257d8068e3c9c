"""What the image tower is shown in training: a view cut out around its piece, as well or badly as the locator would."""

from __future__ import annotations

import numpy as np
from PIL import Image

from .. import boxes
from .settings import MARGIN

UNSURE = 0.10  # how often the whole picture is shown, as where the locator is not confident
ERROR, LARGE_ERROR, LARGE = 0.04, 0.10, 0.15  # of the box's longer side, on each edge; and how often it is the large one


def jittered(box: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The box with a locator's error on every edge, clamped to the picture."""
    longer = max(box[2] - box[0], box[3] - box[1])
    error = LARGE_ERROR if rng.random() < LARGE else ERROR
    moved = np.clip(box + rng.normal(0, error * longer, 4), 0, 1)
    return np.concatenate([np.minimum(moved[:2], moved[2:]), np.maximum(moved[:2], moved[2:])])


def look(picture: np.ndarray, box: np.ndarray, size: int, rng: np.random.Generator) -> tuple[np.ndarray, bool]:
    """A view [h, w, 3] as the tower meets it: uint8 [size, size, 3], and whether it is cut out (or else the whole picture)."""
    located = bool(rng.random() >= UNSURE)
    if located:
        h, w = picture.shape[:2]
        picture = boxes.cut(picture, *boxes.square_around(jittered(box, rng), w, h, MARGIN))
    return np.asarray(Image.fromarray(picture).resize((size, size), Image.Resampling.BICUBIC)), located
