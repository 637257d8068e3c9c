"""Where a piece is in a picture. A box is left, top, right, bottom, as fractions of the picture; the locator sees the picture fitted into
a square; the image tower sees a square cut around the box. The server does the same, to the pixel: change both or neither."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

WHOLE = (0.0, 0.0, 1.0, 1.0)


def of_mask(mask: np.ndarray) -> np.ndarray | None:
    """The tight bounds of a mask [h, w]; none where it is empty."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return None
    h, w = mask.shape
    return np.array([columns[0] / w, rows[0] / h, (columns[-1] + 1) / w, (rows[-1] + 1) / h])


def overlap(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Intersection over union of boxes [..., 4], one by one."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    shared = np.prod(np.clip(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0, None), -1)
    areas = sum(np.prod(np.clip(x[..., 2:] - x[..., :2], 0, None), -1) for x in (a, b))
    return shared / np.maximum(areas - shared, 1e-12)


def fitted(width: int, height: int, size: int) -> tuple[int, int, int, int]:
    """Left, top, width and height, in pixels, that a picture takes in a square of `size`: the longer side across, centred."""
    scale = size / max(width, height)
    w, h = (max(1, min(size, _round(x * scale))) for x in (width, height))
    return (size - w) // 2, (size - h) // 2, w, h


def fit(picture: Image.Image, size: int, fill: tuple[int, int, int]) -> Image.Image:
    """The whole picture in a square of `size`, padded with `fill`."""
    left, top, w, h = fitted(*picture.size, size)
    page = Image.new("RGB", (size, size), tuple(fill))
    page.paste(picture.convert("RGB").resize((w, h), Image.Resampling.BICUBIC), (left, top))
    return page


def into_square(box: np.ndarray, width: int, height: int, size: int) -> np.ndarray:
    """A picture's box as a box of the square that the picture is fitted into."""
    left, top, w, h = fitted(width, height, size)
    return (np.asarray(box, float) * (w, h, w, h) + (left, top, left, top)) / size


def from_square(box: np.ndarray, width: int, height: int, size: int) -> np.ndarray:
    """A square's box as a box of the picture that was fitted into it, clamped to the picture."""
    left, top, w, h = fitted(width, height, size)
    return np.clip((np.asarray(box, float) * size - (left, top, left, top)) / (w, h, w, h), 0, 1)


def square_around(box: np.ndarray, width: int, height: int, margin: float) -> tuple[int, int, int]:
    """Left, top and side, in pixels, of the square to cut around a picture's box.

    The side is the longer side of the box times 1 + 2 * margin. The square is centred on the box, then moved inside the picture; along an
    axis on which the picture is too small for that, it is centred on the picture.
    """
    left, top, right, bottom = (float(x) * n for x, n in zip(box, (width, height, width, height), strict=True))
    side = max(1, _round(max(right - left, bottom - top) * (1 + 2 * margin)))
    return _start((left + right) / 2, side, width), _start((top + bottom) / 2, side, height), side


def from_cut(box: np.ndarray, left: int, top: int, side: int, width: int, height: int) -> np.ndarray:
    """A box of a square that was cut out of a picture as a box of that picture, clamped to it."""
    return np.clip((np.asarray(box, float) * side + (left, top, left, top)) / (width, height, width, height), 0, 1)


def longer_side(box: np.ndarray, width: int, height: int) -> float:
    """Of a picture's box, in pixels, as a share of the picture's longer side."""
    left, top, right, bottom = box
    return max((right - left) * width, (bottom - top) * height) / max(width, height)


def cut(pixels: np.ndarray, left: int, top: int, side: int) -> np.ndarray:
    """A square of a picture [h, w, 3]; beyond the picture's edge its outermost pixels go on."""
    h, w = pixels.shape[:2]
    rows = np.clip(np.arange(top, top + side), 0, h - 1)
    columns = np.clip(np.arange(left, left + side), 0, w - 1)
    return pixels[rows[:, None], columns[None]]


def crop(picture: Image.Image, box: np.ndarray, margin: float) -> Image.Image:
    """The square around a picture's box."""
    return Image.fromarray(cut(np.asarray(picture.convert("RGB")), *square_around(box, *picture.size, margin)))


def _start(centre: float, side: int, length: int) -> int:
    if side > length:
        return math.floor((length - side) / 2)
    return min(max(_round(centre - side / 2), 0), length - side)


def _round(x: float) -> int:
    """To the nearest whole number, halves upwards."""
    return math.floor(x + 0.5)
