"""Finishes worked into broad faces of metal: hammering, engraving, brushing, and the slight unevenness of anything made by hand.

Nothing is moved: faces are split finely enough, and their vertex normals leant as the worked surface's would be. A pattern is a height
over the plane of `Part.uv`; its scale follows the size of the whole piece, so that it shows in a picture of a ring as of a collar.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .mesh import METAL, METAL2, Part

HAMMER = 0.042  # a dimple's width, of the piece's span
SCROLL = 0.075  # an engraved scroll's width, of the piece's span
MOST_FACES = 36_000  # of all worked faces together, about: where there is more to work, the triangles are coarser


def work(parts: list[Part], finish: str, straight: bool, span: float, seed: int) -> tuple[list[Part], float]:
    """The parts with their finish in them, and the share of the piece's metal that is broad enough for it.

    `straight`: engraved in chevrons rather than in scrolls.
    """
    cell = {"hammered": HAMMER, "engraved": SCROLL}.get(finish, 0.05) * span
    least = 1.3 * cell if finish == "hammered" else 0.8 * cell if finish == "engraved" else 0.03 * span
    metal = [p for p in parts if p.slot in (METAL, METAL2)]
    faces = {id(p): here for p in metal if (here := _broad(p, least)) is not None}
    area = sum(float(_area(p.v[p.f[faces[id(p)]]]).sum()) for p in metal if id(p) in faces)
    # A triangle halved until no edge is longer than `split` has some sixth of its square.
    split = max({"hammered": cell / 4.5, "engraved": cell / 15}.get(finish, cell / 2), (6 * area / MOST_FACES) ** 0.5)
    out = []
    for p in parts:
        here = faces.get(id(p))
        if here is None:
            out.append(p)
            continue
        plain = p.f[~here]
        if len(plain):
            out.append(Part(p.v[plain].reshape(-1, 3), np.arange(3 * len(plain)).reshape(-1, 3), p.n[plain].reshape(-1, 3), p.slot, p.colour))
        v, n, uv = _split(p.v[p.f[here]], p.n[p.f[here]], p.uv[p.f[here]], split)
        slope = _slope(uv.reshape(-1, 2) / cell, finish, straight, seed).reshape(uv.shape)
        out.append(_leant(v, n, uv, slope, replace(p, uv=None)))
    return out, area / max(sum(float(_area(p.v[p.f]).sum()) for p in metal), 1e-9)


def _broad(p: Part, least: float) -> np.ndarray | None:
    """Which of the part's faces are of its broad side, if that is at least so broad."""
    if p.uv is None:
        return None
    here = np.isfinite(p.uv[p.f]).all(axis=(1, 2))
    return here if here.any() and np.ptp(p.uv[p.f[here]].reshape(-1, 2), axis=0).min() >= least else None


def _area(corners: np.ndarray) -> np.ndarray:
    return np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2


def _split(v: np.ndarray, n: np.ndarray, uv: np.ndarray, longest: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Triangles [m, 3, k] halved across their longest edge until none is longer than asked."""
    todo = np.concatenate([v, n, uv], axis=2)
    done = []
    while len(todo):
        a, b = todo[:, :, :3], np.roll(todo, -1, axis=1)[:, :, :3]
        edge = ((a - b) ** 2).sum(2)
        k = edge.argmax(1)
        fine = edge.max(1) <= longest**2
        done.append(todo[fine])
        todo, k = todo[~fine], k[~fine]
        i = np.arange(len(todo))
        p, q, r = todo[i, k], todo[i, (k + 1) % 3], todo[i, (k + 2) % 3]
        mid = (p + q) / 2
        todo = np.concatenate([np.stack([p, mid, r], 1), np.stack([mid, q, r], 1)])
    t = np.concatenate(done)
    return t[..., :3], t[..., 3:6], t[..., 6:]


def _leant(v: np.ndarray, n: np.ndarray, uv: np.ndarray, slope: np.ndarray, like: Part) -> Part:
    """The triangles with normals leant against the slope of the height over `uv`."""
    e1, e2 = v[:, 1] - v[:, 0], v[:, 2] - v[:, 0]
    d1, d2 = uv[:, 1] - uv[:, 0], uv[:, 2] - uv[:, 0]
    det = d1[:, 0] * d2[:, 1] - d1[:, 1] * d2[:, 0]
    det = np.where(np.abs(det) < 1e-12, 1e-12, det)[:, None]
    # The directions on the face in which u and v grow, one mm for each mm.
    tu = (e1 * d2[:, 1:] - e2 * d1[:, 1:]) / det
    tv = (e2 * d1[:, :1] - e1 * d2[:, :1]) / det
    tu, tv = (t / np.maximum(np.linalg.norm(t, axis=1, keepdims=True), 1e-9) for t in (tu, tv))
    n = n / np.maximum(np.linalg.norm(n, axis=2, keepdims=True), 1e-9)
    n = n - slope[..., :1] * tu[:, None] - slope[..., 1:] * tv[:, None]
    n /= np.maximum(np.linalg.norm(n, axis=2, keepdims=True), 1e-9)
    return replace(like, v=v.reshape(-1, 3), f=np.arange(3 * len(v)).reshape(-1, 3), n=n.reshape(-1, 3))


# Patterns: the slope of the height at places in units of a cell -------------------------------------------------------------
def _slope(p: np.ndarray, finish: str, straight: bool, seed: int) -> np.ndarray:
    uneven = 0.035 * _waves(p * 0.35, seed)
    if finish == "hammered":
        return uneven + 0.62 * _dimples(p, seed)
    if finish == "engraved":
        return uneven + _grooves(p, _chevrons if straight else _scrolls)
    if finish == "brushed":
        return uneven + np.stack([np.zeros(len(p)), 0.07 * _streaks(p, seed)], 1)
    return uneven


def _hash(i: np.ndarray, j: np.ndarray, seed: int) -> np.ndarray:
    """Numbers in 0..1 that whole numbers are jumbled to."""
    x = (i.astype(np.int64) * 73856093) ^ (j.astype(np.int64) * 19349663) ^ (seed * 83492791)
    x = (x ^ (x >> 13)) * 1274126177 & 0x7FFFFFFF
    return ((x ^ (x >> 16)) & 0xFFFF) / 65536.0


def _dimples(p: np.ndarray, seed: int) -> np.ndarray:
    """From the middle of the nearest blow outwards: each blow leaves a shallow bowl, and neighbours meet in a ridge."""
    base = np.floor(p).astype(np.int64)
    best, near = np.full(len(p), 1e9), np.zeros_like(p)
    for di in (-1, 0, 1):
        for dj in (-1, 0, 1):
            i, j = base[:, 0] + di, base[:, 1] + dj
            away = p - np.stack([i + 0.15 + 0.7 * _hash(i, j, seed), j + 0.15 + 0.7 * _hash(i, j, seed + 1)], 1)
            d = (away**2).sum(1)
            closer = d < best
            best, near = np.where(closer, d, best), np.where(closer[:, None], away, near)
    return near


def _waves(p: np.ndarray, seed: int) -> np.ndarray:
    """A smooth unevenness, of three waves."""
    rng = np.random.default_rng([seed, 0x756E6576])
    k, phase = rng.normal(0, 3.0, (3, 2)), rng.uniform(0, 6.28, 3)
    return (np.cos(p @ k.T + phase) @ k) / 2.3


def _streaks(p: np.ndarray, seed: int) -> np.ndarray:
    """The lean across long, narrow scratches."""
    i, j = np.floor(p[:, 0] * 0.7).astype(np.int64), np.floor(p[:, 1] * 6 + 0.3 * np.sin(p[:, 0])).astype(np.int64)
    return 2 * _hash(i, j, seed + 2) - 1


def _scrolls(p: np.ndarray) -> np.ndarray:
    """Counts turns of spirals that curl left and right by turns, and of the leaf-like strokes between them."""
    row = np.floor(p[:, 1] + 0.5)
    q = p - np.stack([0.5 * row, np.zeros(len(p))], 1)
    column = np.floor(q[:, 0] + 0.5)
    x, y = q[:, 0] - column, q[:, 1] - row
    hand = np.where((row + column) % 2 == 0, 1.0, -1.0)
    rho, theta = np.hypot(x, y), np.arctan2(y, x) * hand
    return np.where(rho < 0.47, rho / 0.165 - theta / (2 * np.pi), (x * hand + 1.6 * y) / 0.2)


def _chevrons(p: np.ndarray) -> np.ndarray:
    """Counts strokes laid like a herring's bones, in bands along the piece."""
    across = np.abs((p[:, 1] + 0.25) % 1.0 - 0.5)
    return (p[:, 0] + 1.2 * across) / 0.19


def _grooves(p: np.ndarray, count) -> np.ndarray:
    """The slope of a groove cut at every whole number of a count."""
    def height(at: np.ndarray) -> np.ndarray:
        f = count(at)
        f = f - np.round(f)
        return -0.046 * np.exp(-((f / 0.2) ** 2))

    eps = 0.012
    here = height(p)
    rise = np.stack([height(p + [eps, 0]) - here, height(p + [0, eps]) - here], 1) / eps
    return np.clip(rise, -1.1, 1.1)
