"""Finding the piece in whole pictures and cutting it out, whatever runs the locator's net."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from . import boxes


@dataclass(frozen=True)
class Closer:
    """A second look: at boxes whose longer side is `below` this share of the picture's, in a square with this `margin` around them."""

    below: float
    margin: float


@dataclass(frozen=True)
class Finder:
    """A locator: how its input is prepared, the net ([n, 3, size, size] to boxes [n, 4] and confidences [n]), and the rule of the cut."""

    size: int
    fill: tuple[int, int, int]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    margin: float
    least_confidence: float
    net: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
    closer: Closer | None = None

    def pixels(self, picture: Image.Image) -> np.ndarray:
        """[3, size, size]: the whole picture fitted into the square, normalised."""
        x = np.asarray(boxes.fit(picture, self.size, self.fill), np.float32) / 255
        return ((x - np.array(self.mean, np.float32)) / np.array(self.std, np.float32)).transpose(2, 0, 1)

    def find(self, pictures: list[Image.Image]) -> tuple[np.ndarray, np.ndarray]:
        """The pieces' boxes [n, 4], as fractions of each picture, and how sure the locator is of each [n]. Where a piece is small, that is
        of a second look, if that is sure enough."""
        looked = [self._looked(pictures[i : i + 64]) for i in range(0, len(pictures), 64)]
        return np.concatenate([found for found, _ in looked]), np.concatenate([sure for _, sure in looked])

    def _looked(self, pictures: list[Image.Image]) -> tuple[np.ndarray, np.ndarray]:
        """What comes of one look at each picture, or of two."""
        found, sure = self._look(pictures)
        small = [n for n, p in enumerate(pictures) if self.closer and sure[n] >= self.least_confidence and boxes.longer_side(found[n], *p.size) < self.closer.below]
        if not small:
            return found, sure
        squares = [boxes.square_around(found[n], *pictures[n].size, self.closer.margin) for n in small]
        nearer, surer = self._look([Image.fromarray(boxes.cut(np.asarray(pictures[n].convert("RGB")), *s)) for n, s in zip(small, squares, strict=True)])
        for n, square, box, confidence in zip(small, squares, nearer, surer, strict=True):
            if confidence >= self.least_confidence:
                found[n], sure[n] = boxes.from_cut(box, *square, *pictures[n].size), confidence
        return found, sure

    def _look(self, pictures: list[Image.Image]) -> tuple[np.ndarray, np.ndarray]:
        """What the net makes of the whole pictures."""
        box, confidence = self.net(np.stack([self.pixels(p) for p in pictures]))
        return np.stack([boxes.from_square(b, *p.size, self.size) for b, p in zip(box, pictures, strict=True)]), np.array(confidence)

    def crops(self, pictures: list[Image.Image]) -> list[Image.Image]:
        """Each piece cut out of its picture; the whole picture where the locator is not sure enough."""
        found = zip(pictures, *self.find(pictures), strict=True)
        return [boxes.crop(p, box, self.margin) if sure >= self.least_confidence else p for p, box, sure in found]
