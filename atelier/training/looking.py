"""What the image tower is shown in training: a view cut out around its piece, as well or badly as the locator would."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import boxes
from .settings import MARGIN

UNSURE = 0.10  # how often the whole picture is shown, as where the locator is not confident
ERROR, LARGE_ERROR, LARGE = 0.04, 0.10, 0.15  # of the box's longer side, on each edge; and how often it is the large one
OVER_THE_EDGE = 0.2  # how often a part of the piece lies outside a shopper's picture
LEAST_OUTSIDE, MOST_OUTSIDE = 0.08, 0.38  # of the piece's width or height


def jittered(box: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The box with a locator's error on every edge, clamped to the picture."""
    longer = max(box[2] - box[0], box[3] - box[1])
    error = LARGE_ERROR if rng.random() < LARGE else ERROR
    moved = np.clip(box + rng.normal(0, error * longer, 4), 0, 1)
    return np.concatenate([np.minimum(moved[:2], moved[2:]), np.maximum(moved[:2], moved[2:])])


def over_the_edge(picture: np.ndarray, box: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The picture [h, w, 3] with an edge brought in, now and then two that meet, until a part of the piece lies outside; and the box of the rest."""
    size = np.array([picture.shape[1], picture.shape[0]])
    low, high = np.zeros(2), np.ones(2)
    for axis in rng.permutation(2)[: 1 + (rng.random() < 0.2)]:
        outside = rng.uniform(LEAST_OUTSIDE, MOST_OUTSIDE) * (box[axis + 2] - box[axis])
        if rng.random() < 0.5:
            low[axis] = box[axis] + outside
        else:
            high[axis] = box[axis + 2] - outside
    left, top = (low * size).astype(int)
    right, bottom = np.maximum((high * size).astype(int), (left + 8, top + 8))
    kept = picture[top:bottom, left:right]
    corner, extent = np.array([left, top]) / size, np.array([right - left, bottom - top]) / size
    return kept, np.clip((box - np.tile(corner, 2)) / np.tile(extent, 2), 0, 1)


@dataclass(frozen=True)
class Look:
    """A picture [h, w, 3], the square of it that is looked at (left, top and side, in pixels; it may reach beyond), and whether that was cut out around the
    piece: else it is the middle of the whole picture."""

    picture: np.ndarray
    square: tuple[int, int, int]
    located: bool


def look(picture: np.ndarray, box: np.ndarray, rng: np.random.Generator, shopper: bool = False) -> Look:
    """A view [h, w, 3] as the tower meets it. What a `shopper` took may show only a part of the piece."""
    if shopper and rng.random() < OVER_THE_EDGE:
        picture, box = over_the_edge(picture, box, rng)
    h, w = picture.shape[:2]
    located = bool(rng.random() >= UNSURE)
    if located:
        return Look(picture, boxes.square_around(jittered(box, rng), w, h, MARGIN), True)
    side = min(h, w)
    return Look(picture, ((w - side) // 2, (h - side) // 2, side), False)
