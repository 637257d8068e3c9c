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
        found, sure = self._look(pictures)
        if self.closer is None:
            return found, sure
        looked = [n for n, p in enumerate(pictures) if sure[n] >= self.least_confidence and boxes.longer_side(found[n], *p.size) < self.closer.below]
        for i in range(0, len(looked), 64):
            some = looked[i : i + 64]
            squares = [boxes.square_around(found[n], *pictures[n].size, self.closer.margin) for n in some]
            nearer, surer = self._look([Image.fromarray(boxes.cut(np.asarray(pictures[n].convert("RGB")), *s)) for n, s in zip(some, squares, strict=True)])
            for n, square, box, confidence in zip(some, squares, nearer, surer, strict=True):
                if confidence >= self.least_confidence:
                    found[n], sure[n] = boxes.from_cut(box, *square, *pictures[n].size), confidence
        return found, sure

    def _look(self, pictures: list[Image.Image]) -> tuple[np.ndarray, np.ndarray]:
        """What the net makes of each whole picture."""
        found, sure = [], []
        for i in range(0, len(pictures), 64):
            some = pictures[i : i + 64]
            box, confidence = self.net(np.stack([self.pixels(p) for p in some]))
            found += [boxes.from_square(b, *p.size, self.size) for b, p in zip(box, some, strict=True)]
            sure.append(confidence)
        return np.stack(found), np.concatenate(sure)

    def crops(self, pictures: list[Image.Image]) -> list[Image.Image]:
        """Each piece cut out of its picture; the whole picture where the locator is not sure enough."""
        found = zip(pictures, *self.find(pictures), strict=True)
        return [boxes.crop(p, box, self.margin) if sure >= self.least_confidence else p for p, box, sure in found]
