"""Meshes as plain arrays, and the few primitives every piece is made of.

Lengths are millimetres. A `Part` belongs to one material slot; a piece is a list of parts, merged per slot before rendering so
that every scene has the same structure and the renderer's compiled kernels are reused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import trimesh

METAL, METAL2, GEM, DIAMOND, SOLID, NACRE = SLOTS = ("metal", "metal2", "gem", "diamond", "solid", "nacre")
WHITE = (1.0, 1.0, 1.0)


@dataclass
class Part:
    """Vertices [n, 3], faces [m, 3], vertex normals [n, 3], a linear RGB colour and a material slot.

    `uv` [n, 2] are places on a broad outer face in mm, for a finish to be worked into it; NaN off such a face, None where there is none.
    """

    v: np.ndarray
    f: np.ndarray
    n: np.ndarray
    slot: str = METAL
    colour: tuple | np.ndarray = WHITE
    uv: np.ndarray | None = None

    def moved(self, rotation=None, offset=None, scale=None) -> Part:
        """A copy scaled (scalar or xyz), then rotated (3x3), then shifted."""
        v, n = self.v, self.n
        if scale is not None:
            s = np.broadcast_to(np.asarray(scale, float), (3,))
            v, n = v * s, n / s
            if np.prod(s) < 0:
                n = n * np.sign(np.prod(s)) * -1.0
        f = self.f[:, ::-1] if scale is not None and np.prod(np.broadcast_to(scale, (3,))) < 0 else self.f
        if rotation is not None:
            v, n = v @ rotation.T, n @ rotation.T
        if offset is not None:
            v = v + np.asarray(offset, float)
        n = n / np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-9)
        uv = self.uv if self.uv is None or scale is None else self.uv * float(np.abs(np.prod(np.broadcast_to(scale, (3,)))) ** (1 / 3))
        return Part(v, f, n, self.slot, self.colour, uv)

    def of(self, slot: str, colour=WHITE) -> Part:
        """The same shape in another material."""
        return Part(self.v, self.f, self.n, slot, colour, self.uv)


def moved(parts: list[Part], rotation=None, offset=None, scale=None) -> list[Part]:
    """Every part moved alike."""
    return [p.moved(rotation, offset, scale) for p in parts]


def bounds(parts: list[Part]) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest corner of the box round all parts."""
    lo = np.min([p.v.min(0) for p in parts], axis=0)
    hi = np.max([p.v.max(0) for p in parts], axis=0)
    return lo, hi


def merge(parts: list[Part]) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Vertices, faces, normals and vertex colours for each slot in use."""
    out = {}
    for slot in SLOTS:
        chosen = [p for p in parts if p.slot == slot]
        if not chosen:
            continue
        starts = np.cumsum([0] + [len(p.v) for p in chosen[:-1]])
        colours = [np.broadcast_to(np.asarray(p.colour, float), (len(p.v), 3)) for p in chosen]
        out[slot] = (
            np.concatenate([p.v for p in chosen]),
            np.concatenate([p.f + s for p, s in zip(chosen, starts, strict=True)]),
            np.concatenate([p.n for p in chosen]),
            np.concatenate(colours),
        )
    return out


def rotation(axis: str, degrees: float) -> np.ndarray:
    """The 3x3 rotation about x, y or z."""
    a = np.radians(degrees)
    c, s = np.cos(a), np.sin(a)
    if axis == "x":
        return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    if axis == "y":
        return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def smooth(v: np.ndarray, f: np.ndarray, slot: str = METAL) -> Part:
    """A part whose normals are averaged over the faces that share a vertex."""
    fn = np.cross(v[f[:, 1]] - v[f[:, 0]], v[f[:, 2]] - v[f[:, 0]])
    n = np.empty_like(v, dtype=float)
    for axis in range(3):
        n[:, axis] = np.bincount(f.ravel(), np.repeat(fn[:, axis], 3), minlength=len(v))
    n /= np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-12)
    return Part(v, f, n, slot)


def faceted(v: np.ndarray, f: np.ndarray, slot: str = METAL) -> Part:
    """A part with a normal for each face: vertices are split."""
    fn = np.cross(v[f[:, 1]] - v[f[:, 0]], v[f[:, 2]] - v[f[:, 0]])
    size = np.linalg.norm(fn, axis=1)
    keep = size > 1e-12
    f, fn = f[keep], fn[keep] / size[keep, None]
    return Part(v[f].reshape(-1, 3), np.arange(3 * len(f)).reshape(-1, 3), np.repeat(fn, 3, axis=0), slot)


def creased(v: np.ndarray, f: np.ndarray, slot: str = METAL, angle: float = 38.0, uv: np.ndarray | None = None) -> Part:
    """Normals averaged only among faces that meet at less than `angle` degrees: smooth curves, crisp edges."""
    weighted = np.cross(v[f[:, 1]] - v[f[:, 0]], v[f[:, 2]] - v[f[:, 0]])
    size = np.linalg.norm(weighted, axis=1)
    keep = size > 1e-10
    f, weighted, size = f[keep], weighted[keep], size[keep]
    unit = weighted / size[:, None]
    # Every pair of corners that share a vertex: corners sorted by vertex, then all pairs within each run.
    corner = f.ravel()
    order = np.argsort(corner, kind="stable")
    counts = np.bincount(corner, minlength=len(v))
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    k = counts[corner[order]]
    left = np.repeat(np.arange(len(order)), k)
    first = np.concatenate([[0], np.cumsum(k)[:-1]])
    right = np.arange(k.sum()) - np.repeat(first, k) + np.repeat(starts[corner[order]], k)
    mine, other = order[left] // 3, order[right] // 3
    near = np.einsum("ij,ij->i", unit[mine], unit[other]) > np.cos(np.radians(angle))
    n = np.empty((len(corner), 3))
    target, source = order[left][near], weighted[other[near]]
    for axis in range(3):
        n[:, axis] = np.bincount(target, source[:, axis], minlength=len(corner))
    n /= np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-12)
    return Part(v[corner], np.arange(len(corner)).reshape(-1, 3), n, slot, WHITE, None if uv is None else uv[corner])


def grid(n: int, m: int, wrap_n: bool, wrap_m: bool) -> np.ndarray:
    """Triangles of an n by m grid of vertices (row-major), optionally wrapping round either way."""
    i = np.arange(n if wrap_n else n - 1)
    j = np.arange(m if wrap_m else m - 1)
    i, j = (a.ravel() for a in np.meshgrid(i, j, indexing="ij"))
    i2, j2 = (i + 1) % n, (j + 1) % m
    a, b, c, d = i * m + j, i2 * m + j, i2 * m + j2, i * m + j2
    return np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])


def circle_section(sides: int = 10) -> np.ndarray:
    """A unit circle as a closed section."""
    t = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    return np.stack([np.cos(t), np.sin(t)], 1)


def sweep(path, across, up, section, width=1.0, height=1.0, closed=False, slot=METAL, crease=False) -> Part:
    """A section [k, 2] carried along a path [n, 3]; `across` and `up` are the frame at each point, scaled by width and height."""
    path = np.asarray(path, float)
    n, k = len(path), len(section)
    w = np.broadcast_to(np.asarray(width, float), (n,))[:, None, None]
    h = np.broadcast_to(np.asarray(height, float), (n,))[:, None, None]
    across = np.broadcast_to(across, (n, 3))[:, None, :]
    up = np.broadcast_to(up, (n, 3))[:, None, :]
    v = path[:, None, :] + across * w * section[None, :, :1] + up * h * section[None, :, 1:]
    v = v.reshape(-1, 3)
    f = grid(n, k, closed, True)
    if not closed:
        centres = np.stack([path[0], path[-1]])
        v = np.concatenate([v, centres])
        j = np.arange(k)
        j2 = (j + 1) % k
        first = np.stack([np.full(k, n * k), j, j2], 1)
        last = np.stack([np.full(k, n * k + 1), (n - 1) * k + j2, (n - 1) * k + j], 1)
        f = np.concatenate([f, first, last])
    f = outward(v, f)
    if not crease:
        return smooth(v, f, slot)
    part = creased(v, f, slot, uv=_unrolled(path, section, w[:, 0, 0], h[:, 0, 0], closed))
    return _seamless(part, section, closed)


def _unrolled(path: np.ndarray, section: np.ndarray, w: np.ndarray, h: np.ndarray, closed: bool) -> np.ndarray:
    """Where each vertex of a sweep lies on its unrolled upper side: mm along the path, mm across from the middle of the section's top."""
    step = np.linalg.norm(np.diff(path, axis=0), axis=1)
    u = np.concatenate([[0], np.cumsum(step)])
    k = len(section)
    first = int(np.argmin(section[:, 1] * 10 + section[:, 0]))  # the lowest, leftmost point: the seam lies beneath
    order = (first - np.arange(k)) % k if _area2(section) > 0 else (first + np.arange(k)) % k
    pts = section[order][None] * np.stack([w, h], 1)[:, None]
    across = np.zeros((len(path), k))
    across[:, order[1:]] = np.cumsum(np.linalg.norm(np.diff(pts, axis=1), axis=2), axis=1)
    across -= across[:, [int(np.argmax(section[:, 1]))]]
    uv = np.stack([np.broadcast_to(u[:, None], across.shape), across], -1)
    uv[:, section[:, 1] < -0.6] = np.nan
    flat = uv.reshape(-1, 2)
    return flat if closed else np.concatenate([flat, np.full((2, 2), np.nan)])


def _seamless(part: Part, section: np.ndarray, closed: bool) -> Part:
    """The sweep's `uv` without the faces beneath, and with those where a closed path begins again carried on."""
    uv = part.uv.reshape(-1, 3, 2)
    span = np.nanmax(uv[..., 1]) - np.nanmin(uv[..., 1]) if np.isfinite(uv).any() else 0.0
    across = np.ptp(uv[..., 1], axis=1)
    uv[~(across < 0.6 * span)] = np.nan
    if closed:
        u = uv[..., 0]
        length = np.nanmax(u) * (1 + 1 / max(len(part.v) // (6 * len(section)), 1)) if np.isfinite(u).any() else 0.0
        wraps = np.ptp(u, axis=1) > length / 2
        u[wraps] = np.where(u[wraps] < length / 2, u[wraps] + length, u[wraps])
    part.uv = uv.reshape(-1, 2)
    return part


def outward(v: np.ndarray, f: np.ndarray) -> np.ndarray:
    """Faces wound so that the closed surface has a positive volume."""
    a, b, c = v[f[:, 0]], v[f[:, 1]], v[f[:, 2]]
    return f if np.einsum("ij,ij->", a - v.mean(0), np.cross(b - v.mean(0), c - v.mean(0))) >= 0 else f[:, ::-1]


def tube(path, radius=0.5, sides: int = 8, closed: bool = False, hint=(0, 0, 1), slot=METAL) -> Part:
    """A round wire along a path; `hint` is any direction that the wire does not run along for long."""
    path = np.asarray(path, float)
    if closed:
        t = np.roll(path, -1, 0) - np.roll(path, 1, 0)
    else:
        t = np.gradient(path, axis=0)
    t /= np.maximum(np.linalg.norm(t, axis=1, keepdims=True), 1e-9)
    hint = np.broadcast_to(np.asarray(hint, float), t.shape)
    across = np.cross(hint, t)
    size = np.linalg.norm(across, axis=1, keepdims=True)
    across = np.where(size > 1e-3, across / np.maximum(size, 1e-9), np.array([1.0, 0, 0]))
    up = np.cross(t, across)
    return sweep(path, across, up, circle_section(sides), radius, radius, closed, slot)


def lathe(profile, sides: int = 40, slot=METAL, crease: bool = True) -> Part:
    """A profile [n, 2] of (radius, height) turned about the z axis."""
    profile = np.asarray(profile, float)
    t = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    r, z = profile[:, 0:1], profile[:, 1:2]
    v = np.stack([r * np.cos(t), r * np.sin(t), np.broadcast_to(z, (len(profile), sides))], -1).reshape(-1, 3)
    f = outward(v, grid(len(profile), sides, False, True))
    return creased(v, f, slot) if crease else smooth(v, f, slot)


@lru_cache(maxsize=8)
def _icosphere(level: int) -> tuple[np.ndarray, np.ndarray]:
    mesh = trimesh.creation.icosphere(subdivisions=level)
    return np.asarray(mesh.vertices), np.asarray(mesh.faces)


def ball(radius=1.0, centre=(0, 0, 0), level: int = 2, slot=METAL, colour=WHITE) -> Part:
    """A ball, or an ellipsoid when `radius` has three numbers."""
    v, f = _icosphere(level)
    r = np.broadcast_to(np.asarray(radius, float), (3,))
    n = v / r
    return Part(v * r + np.asarray(centre, float), f, n / np.linalg.norm(n, axis=1, keepdims=True), slot, colour)


def balls(centres, radius, level: int = 1, slot=METAL, colour=WHITE) -> Part:
    """Many equal balls as one part (millegrain, granulation, beads)."""
    v, f = _icosphere(level)
    centres = np.asarray(centres, float)
    r = np.broadcast_to(np.asarray(radius, float), (len(centres),))
    verts = (v[None] * r[:, None, None] + centres[:, None]).reshape(-1, 3)
    faces = (f[None] + (np.arange(len(centres)) * len(v))[:, None, None]).reshape(-1, 3)
    return Part(verts, faces, np.tile(v, (len(centres), 1)), slot, colour)


def plate(outline, rings, slot=METAL, centre=(0.0, 0.0), base: float = 0.0) -> Part:
    """A raised plate over an outline [n, 2] that is star-shaped about `centre`.

    `rings` lists (scale, height) from the outer edge inwards; the underside is flat at `base`.
    """
    outline = np.asarray(outline, float)
    c = np.asarray(centre, float)
    n = len(outline)
    layers = [(1.0, base), *rings]
    pts = [np.column_stack([c + (outline - c) * s, np.full(n, h)]) for s, h in layers]
    v = np.concatenate([*pts, [[*c, layers[-1][1]]], [[*c, base]]])
    f = grid(len(layers), n, False, True)[:, ::-1]
    j = np.arange(n)
    j2 = (j + 1) % n
    top, last = len(layers) * n, (len(layers) - 1) * n
    shell = np.concatenate([f, np.stack([np.full(n, top), last + j, last + j2], 1)])
    under = np.stack([np.full(n, top + 1), j2, j], 1)
    if _area2(outline) < 0:
        shell, under = shell[:, ::-1], under[:, ::-1]
    part = creased(v, np.concatenate([shell, under]), slot, uv=v[:, :2])
    corners = part.v.reshape(-1, 3, 3)
    fn = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    up = fn[:, 2] > 0.35 * np.linalg.norm(fn, axis=1)
    part.uv = np.where(np.repeat(up, 3)[:, None], part.uv, np.nan)
    return part


def _area2(o: np.ndarray) -> float:
    """Twice the signed area of an outline: positive when it runs counter-clockwise."""
    q = np.roll(o, -1, axis=0)
    return float((o[:, 0] * q[:, 1] - o[:, 1] * q[:, 0]).sum())
