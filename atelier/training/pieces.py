"""The rendered pieces in memory, for training: pictures, masks, boxes and specs."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .. import boxes
from ..dataset import held_out, load, number
from ..spec import PieceSpec


class Pieces:
    """All that is trained on, a sibling being a piece of its own; `add` takes those in that were rendered since."""

    def __init__(self, paths: list[Path]):
        self.paths = set()
        self.pictures: list[np.ndarray] = []  # [views, size, size, 3]
        self.boxes: list[np.ndarray] = []  # [views, 4]
        self.specs: list[PieceSpec] = []
        self.families: list[int] = []  # the number that a piece shares with its sibling
        self._masks: list[np.ndarray] = []
        self.add(paths)

    def add(self, paths: list[Path]) -> None:
        """Load, of these pieces, those that are new and to be trained on."""
        for path in paths:
            if path not in self.paths and not held_out(path):
                pictures, masks, spec = load(path)
                self.paths.add(path)
                self.pictures.append(pictures)
                self.boxes.append(bounds(masks))
                self.specs.append(spec)
                self.families.append(number(path))
                self._masks.append(np.packbits(masks, axis=-1))

    def mask(self, piece: int, view: int) -> np.ndarray:
        """Where the piece is in one of its views: bool [size, size]."""
        size = self.pictures[piece].shape[2]
        return np.unpackbits(self._masks[piece][view], axis=-1, count=size).astype(bool)


def bounds(masks: np.ndarray) -> np.ndarray:
    """The boxes [n, 4] of masks [n, h, w]; the whole picture where a mask is empty."""
    return np.stack([boxes.WHOLE if box is None else box for box in map(boxes.of_mask, masks)])
