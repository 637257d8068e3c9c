"""Studio and everyday lighting as environment maps: soft boxes, strips, windows, lamps, and dark cards for contrast.

A map is [h, w, 3] of radiance over directions, z up, scaled so that a white horizontal sheet has radiance 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

H, W = 96, 192


def _directions() -> np.ndarray:
    theta = (np.arange(H) + 0.5) / H * np.pi
    phi = (np.arange(W) + 0.5) / W * 2 * np.pi
    t, p = np.meshgrid(theta, phi, indexing="ij")
    return np.stack([np.sin(p) * np.sin(t), np.cos(p) * np.sin(t), np.cos(t)], -1)


DIRECTIONS = _directions()
_SOLID = np.sin((np.arange(H) + 0.5) / H * np.pi)[:, None] * (np.pi / H) * (2 * np.pi / W)


def toward(azimuth: float, elevation: float) -> np.ndarray:
    """A unit vector; azimuth 0 is the viewer's side (-y), growing to the viewer's right."""
    a, e = np.radians(azimuth), np.radians(elevation)
    return np.array([np.sin(a) * np.cos(e), -np.cos(a) * np.cos(e), np.sin(e)])


def _step(x: np.ndarray) -> np.ndarray:
    x = np.clip(x, 0, 1)
    return x * x * (3 - 2 * x)


def panel(centre: np.ndarray, half_w: float, half_h: float, soft: float = 0.12) -> np.ndarray:
    """Coverage 0..1 of a flat rectangular light one unit away in direction `centre`, sizes in units of that distance."""
    up = np.array([0, 0, 1.0]) if abs(centre[2]) < 0.95 else np.array([0, 1.0, 0])
    x = np.cross(up, centre)
    x /= np.linalg.norm(x)
    y = np.cross(centre, x)
    d = DIRECTIONS @ centre
    inside = d > 0.05
    d = np.maximum(d, 0.05)
    u, v = np.abs(DIRECTIONS @ x) / d, np.abs(DIRECTIONS @ y) / d
    return inside * _step((half_w - u) / soft + 0.5) * _step((half_h - v) / soft + 0.5)


def ramp(centre: np.ndarray, degrees: float, low: float = 0.3) -> np.ndarray:
    """A gradient from `low` to 1 across the directions about `centre`, turned by `degrees`: what a lamp near one end of a diffuser makes of it."""
    a = np.radians(degrees)
    up = np.array([0, 0, 1.0]) if abs(centre[2]) < 0.95 else np.array([0, 1.0, 0])
    x = np.cross(up, centre)
    x /= np.linalg.norm(x)
    d = DIRECTIONS @ (x * np.cos(a) + np.cross(centre, x) * np.sin(a))
    return low + (1 - low) * _step(d * 0.9 + 0.5)


def disc(centre: np.ndarray, degrees: float, inner: float = 0.0, soft: float = 4.0) -> np.ndarray:
    """Coverage of a round light (or an annulus from `inner` to `degrees`)."""
    a = np.degrees(np.arccos(np.clip(DIRECTIONS @ centre, -1, 1)))
    m = _step((degrees - a) / soft + 0.5)
    return m * _step((a - inner) / soft + 0.5) if inner else m


@dataclass
class Rig:
    """A named light set-up, ready to be mapped."""

    name: str
    image: np.ndarray


STUDIO = ("softbox", "tent", "window", "ring", "duo")
EVERYDAY = ("room", "flash", "daylight", "lamp", "window")


def _white(kelvin_shift: float) -> np.ndarray:
    """A white point: +1 is warm tungsten, -1 blue sky."""
    k = np.clip(kelvin_shift, -1, 1)
    return np.array([1 + 0.22 * k, 1.0 + 0.02 * k, 1 - 0.30 * k])


def rig(name: str, rng: np.random.Generator, camera: np.ndarray) -> Rig:
    """The light set-up `name`, varied by `rng`, for a viewer looking from direction `camera`."""
    z = DIRECTIONS[..., 2:]
    key = rng.choice([-1, 1])

    def u(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    if name == "softbox":
        img = 0.15 + 0.24 * np.clip(z, 0, 1) + np.zeros((H, W, 3))
        c = toward(key * u(20, 60), u(52, 70))
        img += 3.4 * (panel(c, u(0.55, 0.8), u(0.45, 0.7), 0.35) * ramp(c, u(0, 360), 0.25))[..., None]
        img += 1.8 * panel(toward(-key * u(70, 110), u(20, 40)), u(0.25, 0.5), u(0.6, 1.0), 0.2)[..., None]
        img += 1.3 * panel(toward(180 + u(-30, 30), u(25, 45)), u(0.6, 1.0), 0.3, 0.2)[..., None]
        for _ in range(2):  # black cards, whose edges draw the metal's curves
            img *= 1 - 0.85 * panel(toward(u(-180, 180), u(10, 60)), u(0.06, 0.16), u(0.5, 1.1), 0.1)[..., None]
        img *= 1 - 0.7 * disc(camera, u(9, 15), soft=10)[..., None]
    elif name == "tent":
        img = 0.55 + 0.5 * np.clip(z, 0, 1) + np.zeros((H, W, 3))
        for _ in range(int(rng.integers(3, 6))):
            img *= 1 - 0.86 * panel(toward(u(-180, 180), u(5, 60)), u(0.06, 0.25), u(0.4, 1.2), 0.12)[..., None]
        c = toward(key * u(20, 70), u(50, 75))
        img += 2.2 * (panel(c, 0.6, 0.5, 0.3) * ramp(c, u(0, 360)))[..., None]
        img *= 1 - 0.75 * disc(camera, u(14, 22), soft=12)[..., None]
    elif name == "window":
        cool = _white(-u(0.0, 0.35))
        img = (0.16 + 0.16 * np.clip(z, 0, 1)) * _white(u(0, 0.5)) + np.zeros((H, W, 3))
        c = toward(key * u(50, 110), u(28, 50))
        pane = panel(c, u(0.5, 0.8), u(0.6, 0.9), 0.08)
        if rng.random() < 0.6:
            pane = pane * (1 - 0.9 * panel(c, 0.03, 2.0, 0.03)) * (1 - 0.9 * panel(c, 2.0, 0.03, 0.03))
        img += u(3.0, 4.5) * pane[..., None] * cool
        img += u(0.5, 1.1) * panel(toward(-key * u(60, 110), u(25, 50)), 0.7, 0.6, 0.3)[..., None]
    elif name == "ring":
        img = 0.22 + 0.30 * np.clip(z, 0, 1) + np.zeros((H, W, 3))
        img += 4.2 * disc(camera, u(30, 38), u(17, 22), 6)[..., None]
        c = toward(key * u(60, 120), u(40, 70))
        img += 1.6 * (panel(c, 0.7, 0.4, 0.3) * ramp(c, u(0, 360)))[..., None]
        img *= 1 - 0.8 * disc(camera, 9, soft=5)[..., None]  # the camera itself, in the ring's middle
    elif name == "duo":
        img = 0.14 + 0.2 * np.clip(z, 0, 1) + np.zeros((H, W, 3))
        for side in (1, -1):
            img += u(1.8, 2.8) * panel(toward(side * u(45, 80), u(35, 60)), u(0.25, 0.4), u(0.7, 1.1), 0.15)[..., None]
        img += u(1.0, 1.6) * panel(toward(180, u(50, 70)), 0.9, 0.3, 0.2)[..., None]
    elif name == "room":
        img = (0.35 + 0.25 * z) * _white(u(-0.2, 0.7)) + np.zeros((H, W, 3))
        for _ in range(int(rng.integers(2, 6))):
            img += u(1.0, 6.0) * disc(toward(u(-180, 180), u(15, 85)), u(6, 22), soft=5)[..., None] * _white(u(-0.4, 0.9))
        for _ in range(4):
            img += 0.35 * panel(toward(u(-180, 180), u(-20, 40)), u(0.2, 0.8), u(0.2, 0.8), 0.1)[..., None] * rng.uniform(0.2, 1, 3)
    elif name == "flash":
        img = (0.22 + 0.12 * z) * _white(u(0, 0.8)) + np.zeros((H, W, 3))
        c = camera + np.array([u(-0.12, 0.12), u(-0.05, 0.05), u(0, 0.15)])
        img += u(14, 26) * disc(c / np.linalg.norm(c), u(6, 9), soft=3)[..., None]
        img += 0.8 * disc(toward(u(-180, 180), 60), 35, soft=20)[..., None]
    elif name == "daylight":
        sky = _step((z + 0.05) * 1.2)
        img = 0.25 + sky * np.array([0.85, 1.0, 1.2]) + np.zeros((H, W, 3))
        img += u(4, 14) * disc(toward(u(-180, 180), u(25, 70)), u(6, 10), soft=4)[..., None] * _white(u(0, 0.4))
    else:  # lamp
        img = (0.10 + 0.08 * z) * _white(0.8) + np.zeros((H, W, 3))
        img += u(8, 16) * disc(toward(u(-120, 120), u(35, 75)), u(10, 18), soft=6)[..., None] * _white(u(0.5, 1.0))
        img += 0.6 * panel(toward(u(-180, 180), 40), 0.6, 0.6, 0.2)[..., None] * _white(-0.3)
    img = np.maximum(img, 0.02)
    lit = (img * np.clip(z, 0, 1) * _SOLID[..., None]).sum((0, 1)).mean() / np.pi
    return Rig(name, (img / lit).astype(np.float32))
