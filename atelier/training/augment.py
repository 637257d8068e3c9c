"""Spoiling pictures one by one, so that a shopper's photo or a phone screenshot lands beside the dealer's own. A picture is cut out, turned and scaled in one
step, from the pixels that were rendered: OpenCV does it, and what follows, several times faster than tensors did, and a training that waits for pictures learns nothing."""

from __future__ import annotations

import math

import cv2
import numpy as np
import torch
from PIL import Image

from ..post import WHITE, glare, jpeg
from .looking import Look
from .settings import MEAN, STD

JPEG, QUALITY = 0.3, (30, 92)  # how often a shopper's picture is packed once more, and how well
GLARE, MOTION, LONGEST = 0.15, 0.25, 0.05  # how often light strays over it, or the hand moves, and by how much of the side at most
SMALL, SMALLEST = 0.3, 0.3  # how often a shopper's piece had few pixels, which are made larger with their noise; and how few: the least share of its side

cv2.setNumThreads(1)  # a picture is too small to share
_GRAIN = np.random.default_rng(0).standard_normal(1 << 20, dtype=np.float32)  # drawn once; pictures take their noise from anywhere in it


def stacked(pictures: list[np.ndarray]) -> torch.Tensor:
    """Pictures [size, size, 3] of 0..1 as the towers take them: normalised, [n, 3, size, size]."""
    x = (np.stack(pictures) - np.array(MEAN, np.float32)) / np.array(STD, np.float32)
    return torch.from_numpy(x).permute(0, 3, 1, 2)


def augment(look: Look, size: int, strong: bool, rng: np.random.Generator) -> np.ndarray:
    """A look as float32 [size, size, 3] in 0..1, spoilt more where `strong`, as shoppers' pictures are."""
    s, loose = float(strong), 0.4 if look.located else 1.0  # where the piece was cut out, its place and size are known, all but a little
    # Geometry: a mirror image or not, a turn, a zoom, a shift, a little perspective left to the renderer.
    turn, stretch = rng.normal(0, 0.05 + 0.10 * s), math.exp(rng.normal(0, 0.03))
    zoom = math.exp(rng.uniform(-0.22, 0.10) * (0.5 + 0.5 * s) * loose)
    x, y = rng.normal(0, (0.03 + 0.06 * s) * loose, 2)
    # A screenshot's middle, where the piece was not found, often shows the post too high or too low.
    screen = strong and not look.located and rng.random() < 0.3
    if screen:
        y += rng.uniform(-0.42, 0.42)
        zoom = min(max(zoom, 0.72), 1.02)
    c, sn = math.cos(turn) * zoom, math.sin(turn) * zoom
    hand = 1 if rng.random() < 0.5 else -1  # the exported tower's second look is at the mirror image
    theta = np.array([[c * stretch * hand, -sn, x], [sn * hand, c / stretch, y]])
    seen = _warped(look, theta, size).astype(np.float32) / 255
    if screen:
        seen = _framed(seen, theta, rng)
    return disturb(seen, strong, rng)


def _warped(look: Look, theta: np.ndarray, size: int) -> np.ndarray:
    """The look's square through `theta`, which takes places of the result to places of the square (both -1..1, as torch's affine_grid has it): uint8
    [size, size, 3]. Beyond the square is the rest of the picture, and beyond that its outermost pixels go on."""
    left, top, side = look.square
    fine = 2 if side * math.hypot(theta[0, 0], theta[1, 0]) > 1.25 * size else 1  # made smaller: first to twice the size, so that no pixel is passed over
    out = size * fine
    scale = theta[:, :2] * side / out
    start = np.array([left, top]) + side / 2 - 0.5 + side / 2 * (theta[:, 2] + theta[:, :2] @ np.array([1 / out - 1, 1 / out - 1]))
    how = (cv2.INTER_LINEAR if fine > 1 else cv2.INTER_CUBIC) | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(look.picture, np.column_stack([scale, start]), (out, out), flags=how, borderMode=cv2.BORDER_REPLICATE)
    return cv2.resize(seen, (size, size), interpolation=cv2.INTER_AREA) if fine > 1 else seen


def _framed(picture: np.ndarray, theta: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The picture with an app's page above or below it, where its square has ended: a plain band with lines of writing."""
    size = len(picture)
    places = (np.arange(size) + 0.5) * 2 / size - 1
    outside = np.abs(theta[1, 0] * places[None] + theta[1, 1] * places[:, None] + theta[1, 2]) > 1
    paper = 0.98 if rng.random() < 0.5 else 0.03
    band = np.full((size, size), paper, np.float32)
    for _ in range(6):
        y, x = rng.integers(0, size, 2)
        ink = rng.uniform(0.3, 1.0)
        band[y : y + size // 36, x : x + int(rng.integers(size // 14, size * 5 // 7))] = paper * (1 - ink) + (1 - paper) * ink
    return np.where(outside[..., None], band[..., None], picture)


def _glare(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The picture with stray light over it: an even veil, and a spot that fades."""
    reach, at, veil, strength = rng.uniform(0.15, 0.7), rng.uniform(-0.2, 1.2, 2), rng.uniform(0, 0.10), rng.uniform(0.1, 0.5)
    return glare(x, at, reach, strength, veil, WHITE).astype(np.float32)


def _motion(length: float, angle: float) -> np.ndarray:
    """The kernel of a hand that moves by `length` pixels, in the direction `angle`, while the shutter is open."""
    reach = math.ceil(length / 2)
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    steps = np.linspace(-length / 2, length / 2, 4 * reach + 1)
    np.add.at(kernel, (np.rint(reach + steps * math.sin(angle)).astype(int), np.rint(reach + steps * math.cos(angle)).astype(int)), 1 / len(steps))
    return kernel


def disturb(x: np.ndarray, strong: bool, rng: np.random.Generator, cut: bool = True) -> np.ndarray:
    """Light, colour, softness and noise on a picture [h, w, 3] of 0..1, float32. Only one that was `cut` out of a larger one may have had few pixels."""
    h, w = x.shape[:2]
    s = float(strong)
    # As a phone's white balance (post.py): it misses along the lamps' colours more than across them. Twice as far across, and what a piece is made of goes unlearnt.
    cast = rng.normal(0, 0.03 + 0.02 * s, 3) + rng.normal(0, 0.02 + 0.06 * s) * np.array([1, 0, -1])
    gain = np.exp(cast + rng.normal(0, 0.06 + 0.10 * s))
    contrast, saturation = 1 + rng.normal(0, 0.05 + 0.07 * s), 1 + rng.normal(0, 0.05 + 0.04 * s)
    # Contrast about the mean, saturation about the grey, then the lamp: all of it is one matrix.
    colours = gain[:, None] * contrast * (saturation * np.eye(3) + (1 - saturation) / 3)
    x = cv2.transform(x, np.column_stack([colours, gain * (1 - contrast) * float(x.mean())]).astype(np.float32))
    if strong and rng.random() < GLARE:
        x = _glare(x, rng)
    if strong and rng.random() < MOTION:
        x = cv2.filter2D(x, -1, _motion(rng.uniform(1, LONGEST * w), rng.uniform(0, math.pi)), borderType=cv2.BORDER_REFLECT_101)
    soft = rng.random()
    if soft < 0.35:
        x = cv2.blur(x, (3, 3), borderType=cv2.BORDER_REFLECT_101)
    elif soft < 0.65:  # a larger picture brought down to this size is sharper than one rendered at it, and cameras sharpen
        edge = rng.uniform(0, 1.6)
        kernel = np.full((3, 3), -edge / 9, np.float32)
        kernel[1, 1] += 1 + edge
        x = cv2.filter2D(x, -1, kernel, borderType=cv2.BORDER_REFLECT_101)
    small = cut and strong and rng.random() < SMALL
    if small:
        share = rng.uniform(SMALLEST, 0.9)
        x = cv2.resize(x, (round(w * share), round(h * share)), interpolation=cv2.INTER_AREA)
    start = int(rng.integers(_GRAIN.size - x.size))
    x = x + _GRAIN[start : start + x.size].reshape(x.shape) * np.float32(rng.uniform(0, 0.03) * (0.3 + 0.7 * s))
    x = np.clip(x, 0, 1)
    if strong and rng.random() < JPEG:
        x = np.asarray(jpeg(Image.fromarray((x * 255 + 0.5).astype(np.uint8)), int(rng.integers(*QUALITY))), np.float32) / 255
    return np.clip(cv2.resize(x, (w, h), interpolation=cv2.INTER_CUBIC), 0, 1) if small else x
