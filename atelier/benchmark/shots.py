"""Taking the pictures that queries are asked with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from .. import boxes, shoppers
from ..geometry.mesh import bounds
from ..pictures import OPEN, SIDES, angle, catalogue, snapshot, take_with_mask
from ..pieces import Built
from ..post import spoil_with_mask
from ..render.camera import View, place
from ..render.lights import STUDIO
from ..render.scene import Subject
from ..render.surfaces import CATALOGUE
from ..stock import Item, built, listed_views, scene, write_jpeg

SPP, DEPTH = 6, 8
CUT_OFF = (0.15, 0.35)  # of the piece's width or height; what the phone does to the picture may take a little more
APART = 18.0  # degrees between another photo and any of the listing's


def shoot(kind: str, number: int, item: Item, path: Path, size: int) -> np.ndarray | None:
    """The picture of a query of some kind, as a file. Returns the box of what it shows of the piece."""
    rng = np.random.default_rng([item.seed, number, *kind.encode()])
    seed = (item.seed * 5 + number) % 2**32
    piece = built(item)
    if kind == "crop":
        picture, box = take_crop(piece, rng, size, SPP, DEPTH, seed)
    elif kind == "other_photo":
        picture, box = take_other_photo(piece, item, rng, size, SPP, DEPTH, seed)
    else:
        picture, box = shoppers.picture(piece, rng, kind == "screenshot", size, SPP, DEPTH, seed)
    write_jpeg(picture, path)
    return box


def take_crop(piece: Built, rng: np.random.Generator, size: int, spp: int, depth: int, seed: int) -> tuple[Image.Image, np.ndarray | None]:
    """A snapshot that ends within the piece, as the phone leaves it, and the box of what it shows of the piece."""
    picture, mask = take_with_mask(crop(piece, rng), size, spp, depth, seed)
    spoilt, held = spoil_with_mask(Image.fromarray(picture), mask, rng)
    return spoilt, boxes.of_mask(held)


def take_other_photo(piece: Built, item: Item, rng: np.random.Generator, size: int, spp: int, depth: int, seed: int) -> tuple[Image.Image, np.ndarray | None]:
    """A dealer's photo unlike any of the listing's, and the piece's box in it."""
    picture, mask = take_with_mask(other_photo(piece, item, rng), size, spp, depth, seed)
    return Image.fromarray(picture), boxes.of_mask(mask)


def crop(piece: Built, rng: np.random.Generator):
    """A snapshot that ends within the piece."""
    subject, light, exposure = snapshot(piece, rng, str(rng.choice(OPEN)))
    return replace(subject, views=[cropped(subject, rng)]), light, exposure


def cropped(subject: Subject, rng: np.random.Generator) -> View:
    """The view held closer and so far off that an edge of the frame cuts the piece."""
    view = replace(subject.views[0], fill=float(rng.uniform(0.7, 0.95)), shift=(0.0, 0.0))
    half = extent(subject, view)
    cut = int(rng.integers(2))
    shift = rng.uniform(-0.5, 0.5, 2) * np.maximum(0.5 - half, 0)
    shift[cut] = rng.choice([-1, 1]) * (0.5 - half[cut] + 2 * half[cut] * rng.uniform(*CUT_OFF))
    return replace(view, shift=(float(shift[0]), float(shift[1])))


def extent(subject: Subject, view: View) -> np.ndarray:
    """Half of the piece's width and height, of the frame's side."""
    points = np.concatenate([p.v for p in subject.parts])
    lo, hi = bounds(subject.parts)
    points = points / np.linalg.norm(hi - lo)
    camera = place(points, view)
    back = (camera.origin - camera.target) / camera.distance
    away = points - camera.origin
    depth = -(away @ back) * np.tan(np.radians(view.fov / 2))
    return np.array([np.abs(away @ axis / depth).max() / 2 for axis in (np.cross(camera.up, back), camera.up)])


def other_photo(piece: Built, item: Item, rng: np.random.Generator):
    """A dealer's photo on another ground, under another light and from another side than any of the listing's."""
    settings = [scene(item, k) for k in range(item.shots)]
    listed = listed_views(item, piece)
    grounds = [s for s in CATALOGUE if s not in {surface for _, surface, _ in settings}]
    lights = [x for x in STUDIO if x not in {light for _, _, light in settings}]
    while True:
        shot = catalogue(piece, rng, str(rng.choice(SIDES[:3])), str(rng.choice(grounds)), str(rng.choice(lights)))
        if min(angle(shot[0].views[0], view) for view in listed) >= APART:
            return shot
