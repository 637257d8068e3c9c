"""Deciding a picture: where the piece lies, how it is lit and seen. Catalogue photos are a dealer's; snapshots are a shopper's."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .geometry.mesh import moved, rotation
from .pieces import Built
from .render import surfaces
from .render.camera import View, lay
from .render.clutter import around
from .render.cover import cover
from .render.lights import EVERYDAY, STUDIO, rig, toward
from .render.scene import Ground, Subject, develop, render, render_beside, render_with_masks
from .worn import wear

VARIANTS = 5
SIDES = ("front", "three-quarter", "side", "back")

# A snapshot's manner, and how often it is that one.
MANNERS = {"plain": 0.28, "clutter": 0.28, "worn": 0.20, "far": 0.12, "occluded": 0.12}
OPEN = ("plain", "clutter", "worn")  # those in which nothing is in front of the piece and it is not far
APART = 10.0  # degrees between a shopper's view and any of the listing's, where those are known

_DARK = {"black", "green velvet", "navy velvet", "burgundy velvet", "slate", "dark wood"}


def _lay(built: Built, rng: np.random.Generator, side: str):
    """Parts laid down, and the range of elevations that shows them well. A ring may stand, or lean back so that its head faces the viewer."""
    spec, front = built.spec, side == "front"
    if built.flat:
        turn = float(rng.normal(0, 4 if front else 10))
        parts = moved(built.parts, rotation("y", 180)) if side == "back" else built.parts
        return lay(parts, True, 0.0, turn), {"front": (66, 82), "three-quarter": (42, 64), "side": (30, 40), "back": (62, 82)}[side]
    if spec.category == "ring":
        lean = float(rng.uniform(25, 50)) if front else float(rng.choice([0.0, 0.0, 20.0, 60.0])) if side == "three-quarter" else 0.0
        return lay(built.parts, False, lean, float(rng.normal(0, 6))), {"front": (30, 44), "three-quarter": (34, 56), "side": (20, 30), "back": (22, 40)}[side]
    return lay(built.parts, False, 0.0, float(rng.normal(0, 8))), {"front": (24, 36), "three-quarter": (34, 52), "side": (22, 36), "back": (24, 40)}[side]


def _azimuth(built: Built, rng: np.random.Generator, side: str) -> float:
    """From where a dealer looks at a side, in degrees. A flat piece's back is up when it is shown; else one walks round it."""
    hand = rng.choice([-1, 1])
    if side == "three-quarter":
        return float(hand * rng.uniform(16, 42))
    if side == "side":
        return float(hand * rng.uniform(50, 78))
    return float(rng.normal(0, 7)) + (180.0 if side == "back" and not built.flat else 0.0)


def catalogue(built: Built, rng: np.random.Generator, side: str, surface: str | None = None, light: str | None = None):
    """A dealer's photo of one of the SIDES. Returns a subject, a light map and an exposure."""
    parts, (low, high) = _lay(built, rng, side)
    azimuth = _azimuth(built, rng, side)
    view = View(
        azimuth, float(rng.uniform(low, high)), float(rng.normal(0, 1.0)), float(rng.uniform(0.66, 0.76)), float(rng.uniform(17, 24)), aperture=float(rng.uniform(0.0, 0.012))
    )
    surface = surface or str(rng.choice(surfaces.CATALOGUE))
    light = light or str(rng.choice(STUDIO))
    ground = Ground(surface, int(rng.integers(VARIANTS)), float(rng.uniform(1.2, 2.2)), float(rng.uniform(-8, 8)), (float(rng.uniform(60, 120)), float(rng.uniform(0.05, 0.22))))
    lights = rig(light, rng, toward(view.azimuth, view.elevation))
    exposure = float(rng.uniform(1.02, 1.12)) * (0.84 if surface in _DARK else 0.99 if surface == "white" else 1.0)
    return Subject(parts, built.spec, ground, [view]), lights.image, exposure


def snapshot(built: Built, rng: np.random.Generator, manner: str | None = None, unlike: Iterable[View] = ()):
    """A shopper's photo before the phone has spoilt it: any angle, any surface, any light, and beside the piece what its manner says; its view is
    none of those that it is to be `unlike`."""
    manner = manner or str(rng.choice(list(MANNERS), p=list(MANNERS.values())))
    worn = wear(built, rng) if manner == "worn" or (manner == "occluded" and rng.random() < 0.2) else None
    front = rng.random() < 0.6
    parts, (low, high) = (worn.parts, worn.elevations) if worn else _lay(built, rng, "front" if front else "three-quarter")
    unlike = list(unlike)
    while True:
        azimuth = float(rng.uniform(*worn.azimuths)) if worn else float(rng.normal(0, 22))
        elevation = float(np.clip(rng.uniform(low - 8, high + 6), 20, 84))
        roll = float(rng.normal(0, 14))
        fill = rng.uniform(0.2, 0.4) if manner == "far" else rng.uniform(*worn.fills) if worn else rng.uniform(0.42, 0.7) if manner == "clutter" else rng.uniform(0.5, 0.78)
        off = 0.16 if manner == "far" else 0.07
        view = View(azimuth, elevation, roll, float(fill), float(rng.uniform(20, 38)), tuple(rng.uniform(-off, off, 2)), float(rng.uniform(0, 0.06 if worn else 0.04)))
        if all(angle(view, other) >= APART for other in unlike):
            break
    others = list(worn.others) if worn else []
    if not worn and (manner == "clutter" or rng.random() < {"far": 0.7, "occluded": 0.4}.get(manner, 0)):
        others += around(parts, rng, view.azimuth, int(rng.integers(1, 4 if manner != "far" else 6)))
    if manner == "occluded":
        others += cover(parts, view, rng)
    ground, light, exposure = everyday(view, rng)
    return Subject(parts, built.spec, ground, [view], others), light, exposure


def everyday(view: View, rng: np.random.Generator):
    """What a shopper's photo is taken on, by what light, and its exposure."""
    surface = str(rng.choice(surfaces.EVERYDAY))
    ground = Ground(surface, int(rng.integers(VARIANTS)), float(rng.uniform(0.9, 3.0)), float(rng.uniform(-180, 180)))
    lights = rig(str(rng.choice(EVERYDAY)), rng, toward(view.azimuth, view.elevation))
    return ground, lights.image, float(rng.uniform(0.72, 1.18))


def angle(a: View, b: View) -> float:
    """How far apart two views are, in degrees; round a piece and above it, not by how the camera is rolled."""
    return float(np.degrees(np.arccos(np.clip(toward(a.azimuth, a.elevation) @ toward(b.azimuth, b.elevation), -1, 1))))


def take(shot, size: int, spp: int, depth: int, seed: int) -> np.ndarray:
    """The developed picture [size, size, 3], 8-bit sRGB."""
    subject, light, exposure = shot
    return develop(_falloff(render([subject], light, size, spp, depth, seed)[0][0], subject.ground), exposure)


def take_with_mask(shot, size: int, spp: int, depth: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The same picture as `take`'s, and where in it the piece is: bool [size, size]."""
    subject, light, exposure = shot
    pictures, masks = render_with_masks([subject], light, size, spp, depth, seed)
    return develop(_falloff(pictures[0][0], subject.ground), exposure), masks[0][0]


def take_beside(shot, size: int, spp: int, depth: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A picture as `take` makes it, and where in it is what is beside the piece: bool [size, size]."""
    subject, light, exposure = shot
    picture, mask = render_beside(subject, light, size, spp, depth, seed)
    return develop(_falloff(picture, subject.ground), exposure), mask


def _falloff(picture: np.ndarray, ground: Ground) -> np.ndarray:
    """The picture with its ground's fall-off of light across the frame."""
    towards, share = ground.falloff
    a = np.radians(towards)
    h, w = picture.shape[:2]
    y, x = np.mgrid[0.5:-0.5:h * 1j, -0.5:0.5:w * 1j]
    return picture * (1 - share * (0.5 + x * np.cos(a) + y * np.sin(a)))[..., None].astype(np.float32)
