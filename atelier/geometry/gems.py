"""Gem cuts: outlines seen from above, and the solids cut from them.

Templates are unit-sized (half-width 1, girdle at z = 0, table up) and cached; `gem` scales them. Proportions follow the usual
ranges of the trade (a brilliant's table about 56% of the diameter, crown 15%, pavilion 43%), not any one standard.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import trimesh

from .mesh import DIAMOND, GEM, METAL, Part, faceted, outward, smooth

# Length to width when the cut is not square.
ASPECT = {
    "brilliant": 1.0, "oval": 1.36, "pear": 1.5, "marquise": 1.95, "emerald": 1.38, "baguette": 2.1, "cushion": 1.12,
    "old mine": 1.06, "princess": 1.0, "asscher": 1.0, "rose": 1.0, "cabochon": 1.3, "round cabochon": 1.0, "bead": 1.0,
}  # fmt: skip
STEP = {"emerald", "baguette", "asscher"}
SMOOTH = {"cabochon", "round cabochon", "bead"}


def outline(cut: str, n: int = 32) -> np.ndarray:
    """The cut's closed outline [n, 2], within +-1 across and +-aspect along y."""
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    x, y = np.cos(t), np.sin(t)
    a = ASPECT[cut]
    if cut in ("cushion", "princess", "old mine"):
        p = {"cushion": 3.2, "old mine": 2.7, "princess": 14.0}[cut]
        r = (np.abs(x) ** p + np.abs(y) ** p) ** (-1 / p)
        return np.stack([x * r, y * r * a], 1)
    if cut in ("emerald", "asscher", "baguette"):
        corner = {"emerald": 0.26, "asscher": 0.3, "baguette": 0.02}[cut]
        return np.stack(_ray_box(x, y, a, corner), 1)
    if cut == "pear":
        # A round foot that draws to a point at +y.
        taper = np.where(y > 0, (1 - y) ** 0.62 * (1 + 0.62 * y), np.sqrt(np.maximum(1 - y**2, 0)))
        return np.stack([np.sign(x) * taper, y * a + (y > 0) * y * 0.12], 1)
    if cut == "marquise":
        u = np.where(y >= 0, y, -y)
        half = 1 - u**1.75
        return np.stack([np.sign(x) * np.maximum(half, 0), y * a], 1)
    return np.stack([x, y * a], 1)


def _ray_box(x, y, a, corner):
    """Where a ray from the centre leaves a box 1 by `a` with its corners cut off."""
    big = 1e9
    r = np.minimum(np.where(np.abs(x) > 1e-9, 1 / np.maximum(np.abs(x), 1e-9), big), np.where(np.abs(y) > 1e-9, a / np.maximum(np.abs(y), 1e-9), big))
    r = np.minimum(r, (1 + a - corner) / (np.abs(x) + np.abs(y)))
    return x * r, y * r


def _hull(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    hull = trimesh.convex.convex_hull(points)
    return np.asarray(hull.vertices), np.asarray(hull.faces)


def _layers(o: np.ndarray, rows) -> np.ndarray:
    return np.concatenate([np.column_stack([o * s, np.full(len(o), z)]) for s, z in rows])


@lru_cache(maxsize=64)
def _template(cut: str) -> tuple[np.ndarray, np.ndarray, bool]:
    """Vertices, faces, and whether the surface is smooth."""
    a = ASPECT[cut]
    if cut in SMOOTH:
        o = outline(cut, 40)
        turns = np.linspace(0, np.pi / 2, 9)
        rows = [(0.9, -0.22), (1.0, 0.0)] + [(np.cos(u), 0.78 * np.sin(u)) for u in turns[1:-1]]
        pts = _layers(o, rows)
        n = len(o)
        from .mesh import grid

        v = np.concatenate([pts, [[0, 0, 0.78], [0, 0, -0.22]]])
        j, j2, last = np.arange(n), (np.arange(n) + 1) % n, (len(rows) - 1) * n
        f = np.concatenate([grid(len(rows), n, False, True), np.stack([last + j, np.full(n, len(pts)), last + j2], 1), np.stack([j2, np.full(n, len(pts) + 1), j], 1)])
        return v, outward(v, f), True
    if cut in STEP:
        o = outline(cut, 64) if cut != "baguette" else np.array([[1, a], [-1, a], [-1, -a], [1, -a]], float)
        if cut != "baguette":
            c = 0.26 if cut == "emerald" else 0.3
            o = np.array([[1, a - c], [1 - c, a], [c - 1, a], [-1, a - c], [-1, c - a], [c - 1, -a], [1 - c, -a], [1, c - a]])
        rows = [(0.62, 0.34), (0.8, 0.25), (1.0, 0.06), (1.0, -0.02), (0.8, -0.34), (0.5, -0.64)]
        keel = np.array([[0, s * max(a - 1, 0.02) * 0.8, -0.86] for s in (1, -1)])
        v, f = _hull(np.concatenate([_layers(o, rows), keel]))
        return v, f, False
    if cut == "rose":
        o = outline(cut, 12)
        mid = outline(cut, 24)[1::4]
        v, f = _hull(np.concatenate([_layers(o, [(1.0, 0.0), (0.98, -0.12)]), _layers(mid, [(0.62, 0.42)]), [[0, 0, 0.62]]]))
        return v, f, False
    if cut == "old mine":  # a high crown with a small table, a deep pavilion, and a culet so large that it shows through the table
        o16, o8, turned = outline(cut, 32)[::2], outline(cut, 32)[::4], outline(cut, 32)[2::4]
        v, f = _hull(np.concatenate([
            _layers(o8, [(0.44, 0.46)]), _layers(turned, [(0.73, 0.29)]), _layers(o16, [(1.0, 0.03), (1.0, -0.03)]),
            _layers(o8, [(0.50, -0.50), (0.14, -0.88)]),
        ]))  # fmt: skip
        return v, f, False
    if cut == "princess":  # square, with a large table and chevrons under it
        corners = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1.0]])
        sides = np.array([[0, 1], [-1, 0], [0, -1], [1, 0.0]])
        v, f = _hull(np.concatenate([
            _layers(corners, [(0.70, 0.22), (1.0, 0.03), (1.0, -0.03), (0.46, -0.42)]), _layers(sides, [(0.86, 0.15), (0.74, -0.36)]), [[0, 0, -0.92]],
        ]))  # fmt: skip
        return v, f, False
    o16, o8 = outline(cut, 32)[::2], outline(cut, 32)[::4]
    turned = outline(cut, 32)[2::4]
    v, f = _hull(
        np.concatenate([
            _layers(o8, [(0.57, 0.33)]), _layers(turned, [(0.8, 0.22)]), _layers(o16, [(1.0, 0.03), (1.0, -0.03)]),
            _layers(o8, [(0.36, -0.58)]), [[0, 0, -0.88]],
        ])
    )  # fmt: skip
    return v, f, False


@lru_cache(maxsize=64)
def _unit(cut: str) -> Part:
    v, f, is_smooth = _template(cut)
    return smooth(v, f, GEM) if is_smooth else faceted(v, outward(v, f), GEM)


def gem(cut: str, width: float, slot: str = GEM, colour=(1, 1, 1), depth: float = 1.0) -> Part:
    """A gem `width` mm across (its length follows the cut), girdle at z = 0."""
    s = width / 2
    return _unit(cut).moved(scale=(s, s, s * depth)).of(slot, colour)


def half_size(cut: str, width: float) -> tuple[float, float]:
    """Half the width and half the length in mm."""
    return width / 2, width / 2 * ASPECT[cut] * (1.06 if cut == "pear" else 1.0)


__all__ = ["ASPECT", "DIAMOND", "METAL", "SMOOTH", "gem", "half_size", "outline"]
