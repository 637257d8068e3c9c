"""Laying a piece down and framing it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..geometry.mesh import Part, bounds, moved, rotation
from .lights import toward


@dataclass(frozen=True)
class View:
    """Where the viewer stands (degrees), how much of the frame the piece fills, and how far off centre it is (of the frame)."""

    azimuth: float
    elevation: float
    roll: float = 0.0
    fill: float = 0.7
    fov: float = 22.0
    shift: tuple[float, float] = (0.0, 0.0)
    aperture: float = 0.0  # of the piece's radius


def lay(parts: list[Part], flat: bool, tilt: float = 0.0, turn: float = 0.0) -> list[Part]:
    """The piece resting on z = 0, centred. `tilt` leans a standing piece's top towards the viewer; `turn` spins it on the table."""
    if tilt:
        parts = moved(parts, rotation("x", tilt))
    if turn:
        parts = moved(parts, rotation("z", turn))
    lo, hi = bounds(parts)
    return moved(parts, offset=(-(lo[0] + hi[0]) / 2, -(lo[1] + hi[1]) / 2, -lo[2] + 0.02))


@dataclass(frozen=True)
class Placed:
    """A camera in the world."""

    origin: np.ndarray
    target: np.ndarray
    up: np.ndarray
    distance: float


def place(points: np.ndarray, view: View) -> Placed:
    """A camera from which the points fill the asked part of the frame."""
    points = points[:: max(1, len(points) // 3000)]
    back = toward(view.azimuth, view.elevation)
    world_up = np.array([0, 0, 1.0]) if view.elevation < 85 else np.array([0, 1.0, 0])
    right = np.cross(world_up, back)
    right /= np.linalg.norm(right)
    up = np.cross(back, right)
    a = np.radians(view.roll)
    right, up = right * np.cos(a) + up * np.sin(a), up * np.cos(a) - right * np.sin(a)
    target = (points.min(0) + points.max(0)) / 2
    half = np.tan(np.radians(view.fov / 2))
    distance = np.linalg.norm(np.ptp(points, axis=0)) / half
    for _ in range(4):
        p = points - target
        depth = distance - p @ back
        x, y = (p @ right) / depth / half, (p @ up) / depth / half
        cx, cy = (x.min() + x.max()) / 2, (y.min() + y.max()) / 2
        target = target + (right * cx + up * cy) * distance * half
        distance *= max(np.ptp(x), np.ptp(y)) / 2 / view.fill
    sx, sy = view.shift
    target = target - (right * sx + up * sy) * distance * half * 2
    return Placed(target + back * distance, target, up, float(distance))
