"""Pictures to train the locator on, made as they are needed: a piece anywhere in a photo or in a screenshot, with clutter, borders and
cut edges, and the box of what is to be seen of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from .. import boxes
from ..post import jpeg
from .placing import Pose, View, bare, ground, place
from .settings import FILL, LOCATOR_SIZE
from .templates import Template

SCREENS, BORDERS, EMPTY = 0.30, 0.10, 0.05  # shares of all pictures
PIECES_BESIDE, THINGS_BESIDE = 0.25, 0.4  # how often smaller pieces lie beside the piece, and everyday things
THING = (0.35, 2.2)  # how large a thing is: its longer side by the piece's
AS_TAKEN = 0.3  # how often a photo shows all that was rendered and no more (in a post, twice as often), unless it is much longer than wide
LEAST_SEEN = 0.4  # of the piece


@dataclass(frozen=True)
class Example:
    """A picture fitted into the locator's square: pixels [size, size, 3], the piece's mask there, and its box (zeros where no piece is);
    `inside` marks the pixels that are the picture's."""

    pixels: np.ndarray
    mask: np.ndarray
    box: np.ndarray
    inside: np.ndarray


def compose(view: View, another: Callable[[], View], things: list[View], screens: list[Template], rng: np.random.Generator) -> Example:
    """A picture with the view's piece; `another` draws views of other pieces, `things` are what else may lie there."""
    page, (left, top, right, bottom), screen = _page(screens, rng)
    w, h = right - left, bottom - top
    if rng.random() < EMPTY:
        frame, mask = np.asarray(Image.fromarray(bare(another())).resize((w, h), Image.Resampling.BICUBIC)), np.zeros((h, w), bool)
    else:
        frame, mask = _photo(view, another, w, h, screen, rng)
        if mask.any() and rng.random() < PIECES_BESIDE:
            frame = _clutter(frame, mask, another, rng)
    if things and rng.random() < THINGS_BESIDE:
        frame = _among(frame, mask, things, rng)
    if rng.random() < 0.08:
        frame = _written(frame, rng)
    page = page.copy()
    page[top:bottom, left:right] = frame
    if rng.random() < 0.3:
        page = np.asarray(jpeg(Image.fromarray(page), int(rng.integers(30, 92))))
    return _fitted(page, mask, (left, top))


def _fitted(page: np.ndarray, mask: np.ndarray, at: tuple[int, int]) -> Example:
    """A page, whose longer side is the square's, in the middle of the square."""
    height, width = page.shape[:2]
    left, top, w, h = boxes.fitted(width, height, LOCATOR_SIZE)
    pixels = np.full((LOCATOR_SIZE, LOCATOR_SIZE, 3), FILL, np.uint8)
    pixels[top : top + h, left : left + w] = page
    seen, inside = np.zeros(pixels.shape[:2], bool), np.zeros(pixels.shape[:2], bool)
    seen[top + at[1] : top + at[1] + len(mask), left + at[0] : left + at[0] + mask.shape[1]] = mask
    inside[top : top + h, left : left + w] = True
    box = boxes.of_mask(seen)
    return Example(pixels, seen, np.zeros(4) if box is None else box, inside)


def _page(screens: list[Template], rng: np.random.Generator) -> tuple[np.ndarray, tuple[int, int, int, int], bool]:
    """A page whose longer side is the square's, the rectangle on it that shows a photo, and whether it is a screenshot."""
    kind = rng.random()
    if screens and kind < SCREENS:
        chosen = screens[int(rng.integers(len(screens)))]
        return chosen.page, chosen.post, True
    shape = rng.random()
    if shape < 0.45:
        longest = 1.0
    elif shape < 0.8:
        longest = float(rng.choice([4 / 3, 3 / 2, 5 / 4]))
    else:
        longest = float(rng.uniform(1, 2.2))
    short = round(LOCATOR_SIZE / longest)
    w, h = (short, LOCATOR_SIZE) if rng.random() < 0.65 else (LOCATOR_SIZE, short)
    if kind >= SCREENS + BORDERS:
        return np.zeros((h, w, 3), np.uint8), (0, 0, w, h), False
    colour = rng.choice([0, 255, int(rng.integers(256))]) + np.zeros(3) if rng.random() < 0.8 else rng.integers(0, 256, 3)
    page = np.full((h, w, 3), colour, np.uint8)
    sides = rng.uniform(0, 0.25, 4) * (rng.random(4) < 0.6) * (w, h, w, h)
    return page, (int(sides[0]), int(sides[1]), w - int(sides[2]), h - int(sides[3])), False


def _photo(view: View, another: Callable[[], View], w: int, h: int, screen: bool, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A photo w pixels wide and h high, and where its piece is."""
    size, box = len(view.mask), boxes.of_mask(view.mask)
    if box is None:
        raise ValueError("a view without its piece")
    if rng.random() < AS_TAKEN * (1 + screen) and max(w, h) < 1.5 * min(w, h):
        scale = max(w, h) / size * float(rng.uniform(1, 1.08))
        x, y = np.array([w, h]) / 2 + ((box[:2] + box[2:]) / 2 - 0.5) * size * scale
        return place(view, Pose(x, y, scale, float(rng.normal(0, 4))), w, h)
    chance = rng.random()
    background = None
    if chance < 0.2:
        other = another()
        background = place(View(ground(other), np.zeros_like(other.mask)), Pose(w / 2, h / 2, max(w, h) / size * float(rng.uniform(0.5, 1.5))), w, h)[0]
    elif chance < 0.3:
        background = _drawn(w, h, rng)
    for _ in range(6):
        turn = float(rng.uniform(-180, 180)) if rng.random() < 0.12 else float(rng.normal(0, 12))
        large = np.exp(rng.uniform(np.log(0.25 if screen else 0.18), np.log(1.15))) * min(w, h)
        scale = large / (size * float((box[2:] - box[:2]).max()))
        half = np.minimum((box[2:] - box[:2]) * size * scale / 2, (w / 2, h / 2))
        how = rng.random()
        if how < 0.5:
            x, y = rng.normal((w / 2, h / 2), (w * 0.1, h * 0.1))
        elif how < 0.85:
            x, y = rng.uniform(half, np.maximum((w, h) - half, half))
        else:
            x, y = rng.uniform((0, 0), (w, h))
        frame, mask = place(view, Pose(float(x), float(y), scale, turn), w, h, background)
        if mask.sum() >= LEAST_SEEN * view.mask.sum() * scale**2:
            return frame, mask
    return place(view, Pose(w / 2, h / 2, min(w, h) / size, 0.0), w, h, background)


def _drawn(w: int, h: int, rng: np.random.Generator) -> np.ndarray:
    """Ground that nobody rendered: a soft gradient, stripes or checks, with grain."""
    a, b = rng.uniform(0, 255, (2, 3))
    y, x = np.mgrid[0:h, 0:w] / max(w, h)
    angle, period = rng.uniform(0, np.pi), float(rng.uniform(2, 14))
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    kind = int(rng.integers(4))
    if kind == 0:
        t = along
    elif kind == 1:
        t = (np.sin(along * period * 6.3) > 0) * 1.0
    elif kind == 2:
        t = ((np.sin(along * period * 6.3) > 0) ^ (np.sin(across * period * 6.3) > 0)) * 1.0
    else:
        t = np.asarray(Image.fromarray(rng.random((6, 6)).astype(np.float32)).resize((w, h), Image.Resampling.BICUBIC))
    pixels = a + (b - a) * t[..., None] * rng.uniform(0.2, 1) + rng.normal(0, rng.uniform(0, 12), (h, w, 1))
    return np.clip(pixels, 0, 255).astype(np.uint8)


def _clutter(frame: np.ndarray, mask: np.ndarray, another: Callable[[], View], rng: np.random.Generator) -> np.ndarray:
    """The frame with one to three smaller pieces beside its own."""
    h, w = mask.shape
    own = boxes.of_mask(mask)
    longer = float(((own[2:] - own[:2]) * (w, h)).max())
    for _ in range(int(rng.integers(1, 4))):
        view = another()
        box = boxes.of_mask(view.mask)
        extent = (box[2:] - box[:2]) * len(view.mask)
        scale = longer * float(rng.uniform(0.15, 0.45)) / float(extent.max())
        for _ in range(4):
            centre = rng.uniform(0, 1, 2)
            half = extent * scale / 2 / (w, h)
            if (np.maximum(own[:2], centre - half) < np.minimum(own[2:], centre + half)).all():
                continue
            turned = Pose(float(centre[0] * w), float(centre[1] * h), scale, float(rng.normal(0, 25)))
            put, where = place(view, turned, w, h, frame)
            frame = np.where((where & ~mask)[..., None], put, frame)
            break
    return frame


def _among(frame: np.ndarray, mask: np.ndarray, things: list[View], rng: np.random.Generator) -> np.ndarray:
    """The frame with one to three things close by its piece, none of them over it; where there is no piece, about the middle."""
    h, w = mask.shape
    own = boxes.of_mask(mask) if mask.any() else np.array([0.35, 0.35, 0.65, 0.65])
    extent = (own[2:] - own[:2]) * (w, h)
    for _ in range(int(rng.integers(1, 4))):
        thing = things[int(rng.integers(len(things)))]
        box, turn = boxes.of_mask(thing.mask), float(rng.uniform(-180, 180))
        c, s = abs(np.cos(np.radians(turn))), abs(np.sin(np.radians(turn)))
        its = (box[2:] - box[:2]) * len(thing.mask)
        scale = float(extent.max() * np.exp(rng.uniform(*np.log(THING))) / its.max())
        apart = (extent + np.array([[c, s], [s, c]]) @ its * scale) / 2  # of the two middles, where the boxes touch
        out = rng.normal(size=2)
        out /= np.linalg.norm(out)
        x, y = (own[:2] + own[2:]) / 2 * (w, h) + out * (apart / np.maximum(abs(out), 1e-6)).min() * rng.uniform(0.8, 1.3)
        put, where = place(thing, Pose(float(x), float(y), scale, turn), w, h, frame)
        frame = np.where((where & ~mask)[..., None], put, frame)
    return frame


def _written(frame: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The frame with a line or two of writing, or a badge, over it."""
    h, w = frame.shape[:2]
    page = Image.fromarray(frame)
    d = ImageDraw.Draw(page)
    ink = tuple(int(c) for c in (rng.choice([0, 255]) + np.zeros(3) if rng.random() < 0.7 else rng.integers(0, 256, 3)))
    x, y = rng.uniform(0, 0.7, 2) * (w, h)
    if rng.random() < 0.5:
        words = "".join(chr(int(c)) for c in rng.integers(97, 123, int(rng.integers(4, 16))))
        d.text((x, y), words, ink)
    else:
        d.rounded_rectangle((x, y, x + w * rng.uniform(0.1, 0.3), y + h * rng.uniform(0.05, 0.12)), 3, fill=ink)
    return np.asarray(page)
