"""Deciding a picture: where the piece lies, how it is lit and seen. Catalogue photos are a dealer's; snapshots are a shopper's."""

from __future__ import annotations

import numpy as np

from .pieces import Built
from .render import surfaces
from .render.camera import View, lay
from .render.lights import EVERYDAY, STUDIO, rig, toward
from .render.scene import Ground, Subject, develop, render, render_with_masks

VARIANTS = 5

# A ring may stand, or lean back so that its head faces the viewer.
_DARK = {"black", "green velvet", "navy velvet", "burgundy velvet", "slate"}


def _lay(built: Built, rng: np.random.Generator, front: bool):
    """Parts laid down, and the range of elevations that shows them well."""
    spec = built.spec
    if built.flat:
        turn = float(rng.normal(0, 4 if front else 10))
        return lay(built.parts, True, 0.0, turn), (66, 82) if front else (42, 64)
    if spec.category == "ring":
        lean = float(rng.uniform(25, 50)) if front else float(rng.choice([0.0, 0.0, 20.0, 60.0]))
        return lay(built.parts, False, lean, float(rng.normal(0, 6))), (30, 44) if front else (34, 56)
    return lay(built.parts, False, 0.0, float(rng.normal(0, 8))), (24, 36) if front else (34, 52)


def catalogue(built: Built, rng: np.random.Generator, front: bool, surface: str | None = None, light: str | None = None):
    """A dealer's photo: the front, or the other one, from the side. Returns a subject, a light map and an exposure."""
    parts, (low, high) = _lay(built, rng, front)
    side = rng.choice([-1, 1])
    azimuth = float(rng.normal(0, 7)) if front else float(side * rng.uniform(16, 42))
    view = View(
        azimuth, float(rng.uniform(low, high)), float(rng.normal(0, 1.0)), float(rng.uniform(0.66, 0.76)), float(rng.uniform(17, 24)), aperture=float(rng.uniform(0.0, 0.012))
    )
    surface = surface or str(rng.choice(surfaces.CATALOGUE))
    light = light or str(rng.choice(STUDIO))
    ground = Ground(surface, int(rng.integers(VARIANTS)), float(rng.uniform(1.2, 2.2)), float(rng.uniform(-8, 8)))
    lights = rig(light, rng, toward(view.azimuth, view.elevation))
    exposure = float(rng.uniform(1.02, 1.12)) * (0.84 if surface in _DARK else 1.04 if surface == "white" else 1.0)
    return Subject(parts, built.spec, ground, [view]), lights.image, exposure


def snapshot(built: Built, rng: np.random.Generator):
    """A shopper's photo before the phone has spoilt it: any angle, any surface, any light."""
    front = rng.random() < 0.6
    parts, (low, high) = _lay(built, rng, front)
    view = View(
        float(rng.normal(0, 22)), float(np.clip(rng.uniform(low - 8, high + 6), 20, 84)), float(rng.normal(0, 14)), float(rng.uniform(0.5, 0.78)),
        float(rng.uniform(20, 38)), tuple(rng.uniform(-0.07, 0.07, 2)), float(rng.uniform(0, 0.03)),
    )  # fmt: skip
    surface = str(rng.choice(surfaces.EVERYDAY))
    ground = Ground(surface, int(rng.integers(VARIANTS)), float(rng.uniform(0.9, 3.0)), float(rng.uniform(-180, 180)))
    lights = rig(str(rng.choice(EVERYDAY)), rng, toward(view.azimuth, view.elevation))
    return Subject(parts, built.spec, ground, [view]), lights.image, float(rng.uniform(0.8, 1.35))


def take(shot, size: int, spp: int, depth: int, seed: int) -> np.ndarray:
    """The developed picture [size, size, 3], 8-bit sRGB."""
    subject, light, exposure = shot
    return develop(render([subject], light, size, spp, depth, seed)[0][0], exposure)


def take_with_mask(shot, size: int, spp: int, depth: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The same picture as `take`'s, and where in it the piece is: bool [size, size]."""
    subject, light, exposure = shot
    pictures, masks = render_with_masks([subject], light, size, spp, depth, seed)
    return develop(pictures[0][0], exposure), masks[0][0]
