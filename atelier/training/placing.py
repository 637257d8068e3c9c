"""Putting a rendered piece somewhere into a frame, larger or smaller than it was rendered, on ground that goes on beyond the render."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from .. import boxes

LEAST_COVER = 0.2  # of a pixel that the piece covers: from there on, the pixel counts as the piece's


@dataclass(frozen=True)
class View:
    """A rendered view [size, size, 3] and the piece's mask in it."""

    picture: np.ndarray
    mask: np.ndarray


@dataclass(frozen=True)
class Pose:
    """Where a view's piece comes to lie in a frame: the middle of its box and how many of the frame's pixels a pixel of the view takes; turned
    by degrees."""

    x: float
    y: float
    scale: float
    turn: float = 0.0


def shrunk(view: View, scale: float) -> View:
    """The view, `scale` times as large at most; a thin chain stays in the mask."""
    size = len(view.mask)
    small = max(8, round(size * min(scale, 1)))
    if small >= size:
        return view
    mask = Image.fromarray(view.mask.astype(np.uint8) * 255).resize((small, small), Image.Resampling.BOX)
    return View(np.asarray(Image.fromarray(view.picture).resize((small, small), Image.Resampling.BICUBIC)), np.asarray(mask) > 255 * LEAST_COVER)


def ground(view: View) -> np.ndarray:
    """The view with its piece blurred away."""
    size = len(view.mask)
    wide = widened(view.mask, max(1, size // 40))
    if not wide.any():
        return view.picture
    around = view.picture[~wide].mean(0) if not wide.all() else view.picture.mean((0, 1))
    filled = np.where(wide[..., None], around, view.picture).astype(np.uint8)
    soft = np.asarray(Image.fromarray(filled).filter(ImageFilter.GaussianBlur(size / 12)))
    return np.where(wide[..., None], soft, view.picture)


def widened(mask: np.ndarray, by: int) -> np.ndarray:
    """The mask, and the pixels up to `by` beside and above it."""
    wide = mask.copy()
    for lines in (wide, wide.T):
        narrow = lines.copy()
        for k in range(1, by + 1):
            lines[k:] |= narrow[:-k]
            lines[:-k] |= narrow[k:]
    return wide


def bare(view: View) -> np.ndarray:
    """A picture of the same size with nothing on its ground: the widest strip beside the piece, and its mirror images."""
    size = len(view.mask)
    box = boxes.of_mask(view.mask)
    if box is None:
        return view.picture
    left, top, right, bottom = (int(x) for x in np.round(box * size))
    strips = [view.picture[: top - 2], view.picture[bottom + 2 :], view.picture[:, : left - 2], view.picture[:, right + 2 :]]
    widest = max((s for s, room in zip(strips, (top - 2, size - bottom - 2, left - 2, size - right - 2), strict=True) if room > 0), key=lambda s: s.size, default=None)
    if widest is None:
        return ground(view)
    h, w = widest.shape[:2]
    return np.pad(widest, ((0, size - h), (0, size - w), (0, 0)), "symmetric")


def place(view: View, pose: Pose, width: int, height: int, background: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The frame [height, width, 3] and where the piece is in it. Without a `background` of the frame's size the view brings its own, whose
    mirror images go on beyond it; with one, only the piece itself is put there."""
    small = shrunk(view, pose.scale)
    size = len(small.mask)
    scale = pose.scale * len(view.mask) / size
    box = boxes.of_mask(view.mask)
    middle = (box[:2] + box[2:]) / 2 * size if box is not None else np.full(2, size / 2)
    a = np.radians(pose.turn)
    back = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]) / scale  # from the frame's pixels to the view's
    offset = middle - back @ (pose.x, pose.y)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]]) @ back.T + offset
    pad = int(max(0, np.ceil(max(-corners.min(), corners.max() - size)))) + 2
    data = (back[0, 0], back[0, 1], offset[0] + pad, back[1, 0], back[1, 1], offset[1] + pad)

    def through(x: np.ndarray, resample: Image.Resampling) -> np.ndarray:
        return np.asarray(Image.fromarray(x).transform((width, height), Image.Transform.AFFINE, data, resample))

    mask = through(np.pad(small.mask.astype(np.uint8) * 255, pad), Image.Resampling.BILINEAR)
    if background is None:
        beyond = np.pad(ground(small), ((pad, pad), (pad, pad), (0, 0)), "symmetric")
        beyond[pad : pad + size, pad : pad + size] = small.picture
        return through(beyond, Image.Resampling.BICUBIC), mask > 127
    piece = through(np.pad(small.picture, ((pad, pad), (pad, pad), (0, 0)), "edge"), Image.Resampling.BICUBIC)
    share = mask[..., None] / 255
    return (piece * share + background * (1 - share)).astype(np.uint8), mask > 127
