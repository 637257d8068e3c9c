"""What gets in front of a piece: a fingertip, a ribbon or a leaf, held between it and the camera, so far over the piece that a wanted share is hidden."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from ..geometry.mesh import Part, bounds, smooth, sweep
from . import bodies
from .camera import Placed, View, place
from .things import Thing, of, put

MOST = 0.30  # of the piece's outline; what is drawn afterwards must stay within a third
_GRAIN = 128  # pixels across the frame, in which coverage is measured
_STEPS = 16
KINDS = ("fingertip", "ribbon", "leaf")


def camera_of(parts: list[Part], view: View) -> Placed:
    """The view's camera in millimetres, in the parts' own space: the one that the scene will have."""
    lo, hi = bounds(parts)
    span = float(np.linalg.norm(hi - lo))
    cam = place(np.concatenate([p.v for p in parts]) / span, view)
    return Placed(cam.origin * span, cam.target * span, cam.up, cam.distance * span)


def _axes(cam: Placed) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    back = (cam.origin - cam.target) / cam.distance
    right = np.cross(cam.up, back)
    return right / np.linalg.norm(right), cam.up, back


def seen_at(points: np.ndarray, cam: Placed, fov: float) -> np.ndarray:
    """Where points are in the frame: x to the right and y up, from -1 to 1, and their distance along the camera's axis."""
    right, up, back = _axes(cam)
    p = points - cam.origin
    depth = np.maximum(-(p @ back), 1e-6)
    half = depth * np.tan(np.radians(fov / 2))
    return np.column_stack([p @ right / half, p @ up / half, depth])


def outline(parts: list[Part], cam: Placed, fov: float) -> np.ndarray:
    """The parts' silhouette in the frame, bool [n, n]."""
    image = Image.new("1", (_GRAIN, _GRAIN))
    draw = ImageDraw.Draw(image)
    for part in parts:
        q = (seen_at(part.v, cam, fov)[:, :2] * (1, -1) + 1) / 2 * _GRAIN
        draw.point([tuple(x) for x in np.unique(q[(np.abs(q - _GRAIN / 2) < _GRAIN / 2).all(1)].astype(int), axis=0).tolist()], 1)
        corners = q[part.f]
        large = np.ptp(corners, axis=1).max(1) > 1.2
        for face in corners[large]:
            draw.polygon(face.ravel().tolist(), 1)
    closed = image.convert("L").filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.MinFilter(3))
    return np.asarray(closed) > 127


def _fingertip(reach: float, rng: np.random.Generator) -> list[Thing]:
    """A finger that points along -x, its tip at the origin; `reach` is how much longer than the frame it must be."""
    return bodies.fingertip(float(rng.uniform(7.5, 9.5)), int(rng.integers(len(bodies.SKIN))), reach)


def _ribbon(reach: float, rng: np.random.Generator) -> list[Thing]:
    """A ribbon along y, lying in waves, its edge at x = 0 and its band towards +x."""
    w = float(rng.uniform(0.05, 0.09)) * reach
    y = np.linspace(-reach, reach, 80)
    phase = rng.uniform(0, 6, 2)
    wave = np.sin(y / reach * 5 + phase[0])
    path = np.column_stack([w / 2 + 0.03 * reach * np.sin(y / reach * 3 + phase[1]), y, 0.02 * reach * wave])
    section = np.column_stack([np.array([-1, -1, 1, 1.0]), np.array([-1, 1, 1, -1.0])])
    ribbon = sweep(path, (1, 0, 0), (0, 0, 1), section, w / 2, 0.15, crease=True)
    tint = ((0.45, 0.02, 0.04), (0.02, 0.05, 0.25), (0.75, 0.72, 0.66), (0.03, 0.16, 0.10), (0.70, 0.38, 0.42), (0.02, 0.02, 0.022))[int(rng.integers(6))]
    return of(ribbon, tint, 0, 0.35)


def _leaf(reach: float, rng: np.random.Generator) -> list[Thing]:
    """A leaf along -x, its tip at the origin, folded a little along its rib."""
    long, wide = float(rng.uniform(0.5, 0.8)) * reach, float(rng.uniform(0.12, 0.2)) * reach
    t, s = np.meshgrid(np.linspace(0, 1, 30), np.linspace(-1, 1, 13), indexing="ij")
    half = wide * np.sin(np.pi * t**0.8) ** 0.9 * (1 + 0.06 * np.sin(40 * t))
    v = np.stack([t * long, s * half, 0.25 * np.abs(s) * half + 0.05 * long * np.sin(3 * t)], -1).reshape(-1, 3)
    i = np.add.outer(np.arange(29) * 13, np.arange(12)).ravel()
    f = np.concatenate([np.stack([i, i + 13, i + 14], 1), np.stack([i, i + 14, i + 1], 1)])
    tint = np.array(((0.05, 0.17, 0.03), (0.12, 0.20, 0.04), (0.35, 0.16, 0.03), (0.20, 0.03, 0.02))[int(rng.integers(4))])
    veins = 1 - 0.25 * (np.abs(np.sin(t * 30 + np.abs(s) * 4)) < 0.12) - 0.2 * (np.abs(s) < 0.06)
    leaf = smooth(v, f)
    under = Part(leaf.v - [0, 0, 0.12], leaf.f[:, ::-1], -leaf.n)
    stalk = [[long * 0.97, 0, 0.05 * long * np.sin(2.9)], [long * 1.4, 0, 0.02 * long]]
    stem = sweep(stalk, (0, 1, 0), (0, 0, 1), np.array([[1, 0], [0, 1], [-1, 0], [0, -1.0]]), 0.012 * reach, 0.012 * reach)
    return [t2 for p in (leaf, under) for t2 in of(p, tint * veins.reshape(-1, 1), 0, 0.4)] + of(stem, tint * 0.8, 0, 0.5)


def cover(parts: list[Part], view: View, rng: np.random.Generator, kind: str | None = None, share: float | None = None) -> list[Thing]:
    """A thing in front of the laid-down piece, coming in from a side of the view's frame until it hides about `share` of the piece's outline
    (0.10 to 0.28 unless told); never more than MOST of it, and where that cannot be, nothing."""
    kind = kind or str(rng.choice(KINDS))
    share = min(float(rng.uniform(0.10, 0.28)) if share is None else share, MOST)
    cam = camera_of(parts, view)
    right, up, back = _axes(cam)
    seen = seen_at(np.concatenate([p.v for p in parts]), cam, view.fov)
    lo, hi = seen[:, :2].min(0), seen[:, :2].max(0)
    half = cam.distance * np.tan(np.radians(view.fov / 2))  # half of the frame at the piece, mm
    near = float(np.quantile(seen[:, 2], 0.02))
    side = float(rng.uniform(0, 360)) if kind != "fingertip" else float(rng.choice([-1, 1]) * rng.uniform(20, 110) - 90)
    out = np.array([np.cos(np.radians(side)), np.sin(np.radians(side))])
    # Away from the piece it rises towards the camera, more than the table does towards the frame's lower edge.
    rise = 0.30 + max(0.0, -float(out[1])) / max(np.tan(np.radians(view.elevation)), 0.3)
    reach = 1.8 * half if kind != "leaf" else 0.8 * half * float(np.ptp(seen[:, :2], axis=0).max())
    rise = min(rise, 0.5 * near / max(reach, 92.0 if kind == "fingertip" else 0.0))  # but not as far as the camera; a finger is that long, mm
    along = right * out[0] + up * out[1]
    x = along + back * rise * (0.3 if kind == "ribbon" else 1.0)
    x /= np.linalg.norm(x)
    y = np.cross(back, x)
    y /= np.linalg.norm(y)
    turn = np.stack([x, y, np.cross(x, y)], 1)
    thing = put({"fingertip": _fingertip, "ribbon": _ribbon, "leaf": _leaf}[kind](reach, rng), turn)
    deep = max(float((-(t.part.v @ back)).max()) for t in thing)
    whole = outline(parts, cam, view.fov)
    aim = (lo + hi) / 2 + (hi - lo) * rng.uniform(-0.25, 0.25, 2)
    start = float(np.linalg.norm(hi - lo)) * 0.75 + (0.2 if kind != "ribbon" else 0.3)
    depth = (near - max(deep, 0.0) - 0.01 * half) * (0.78 if kind == "ribbon" else 1.0)  # a ribbon runs on, and must clear the table at the frame's edge

    def at(slide: float) -> tuple[list[Thing], float]:
        spot = (aim + out * slide) * depth * np.tan(np.radians(view.fov / 2))
        here = put(thing, offset=cam.origin - back * depth + right * spot[0] + up * spot[1])
        return here, float((outline([t.part for t in here], cam, view.fov) & whole).sum() / max(whole.sum(), 1))

    clear, over = start, -0.3
    for slide in np.linspace(start, -0.3, _STEPS):
        if at(slide)[1] > share:
            over = slide
            break
        clear = slide
    for _ in range(5):
        middle = (clear + over) / 2
        clear, over = (middle, over) if at(middle)[1] <= share else (clear, middle)
    best, hidden = at(clear)
    return best if hidden <= MOST else []
