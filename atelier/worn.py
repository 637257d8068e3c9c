"""Pieces as they are worn: a ring round a finger, a bracelet round a wrist, an earring on a lobe, a necklace round a neck, a brooch on a lapel."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from .geometry.mesh import Part, bounds, moved, rotation, tube
from .pieces import Built
from .pieces.earrings import BEHIND
from .render import bodies
from .render.things import Thing, of, put
from .vocabulary import METALS


@dataclass(frozen=True)
class Worn:
    """The piece where it is worn, what wears it (millimetres, all above z = 0), from where that is looked at (degrees), and how much of the
    frame the piece may take."""

    parts: list[Part]
    others: list[Thing]
    azimuths: tuple[float, float]
    elevations: tuple[float, float]
    fills: tuple[float, float] = (0.24, 0.5)


def wear(built: Built, rng: np.random.Generator) -> Worn:
    """The piece worn by somebody. Of a pair of earrings one is seen."""
    tone = int(rng.integers(len(bodies.SKIN)))
    variant = int(rng.integers(bodies.VARIANTS))
    worn = WEARERS[built.spec.category](built, tone, variant, rng)
    lift = -min(float(p.v[:, 2].min()) for p in [*worn.parts, *(t.part for t in worn.others)])
    return replace(worn, parts=moved(worn.parts, offset=(0, 0, lift)), others=put(worn.others, offset=(0, 0, lift)))


def inner_radius(parts: list[Part]) -> float:
    """How thick a finger may be that goes through a ring, which is built round the y axis; mm."""
    return min(float(np.hypot(p.v[:, 0], p.v[:, 2]).min()) for p in parts)


def _ring(built: Built, tone: int, variant: int, rng: np.random.Generator) -> Worn:
    polish = ((0.45, 0.01, 0.03), (0.65, 0.30, 0.30), (0.03, 0.02, 0.03), (0.70, 0.62, 0.58))[int(rng.integers(4))] if rng.random() < 0.35 else None
    hand = bodies.hand(inner_radius(built.parts) / 0.985, variant, tone, polish)
    parts = moved(built.parts, rotation("y", float(rng.normal(0, 6))))
    return Worn(parts, hand, (-60, 60) if rng.random() < 0.7 else (120, 240), (42, 80))


def _bracelet(built: Built, tone: int, variant: int, rng: np.random.Generator) -> Worn:
    if built.flat:
        parts = wrapped(moved(built.parts, offset=(-float(np.mean([b[0] for b in bounds(built.parts)])), 0, 0)), 25.0)
        return Worn(parts, bodies.wrist(25.0, variant, tone), (-50, 50), (45, 80), (0.3, 0.55))
    parts = moved(built.parts, rotation("x", -90))  # its axis along y, its front up
    points = np.concatenate([p.v for p in parts])
    inside = 0.95 * min(float(np.hypot(p.v[:, 0], p.v[:, 2]).min()) for p in parts)
    top = points[(np.abs(points[:, 0]) < inside / 3) & (points[:, 2] > 0), 2]
    above = float(top.min()) if len(top) else inside
    radius = inside * 0.93
    arm = put(bodies.wrist(radius, variant, tone), offset=(0, 0, max(above - radius * bodies.FLAT - 0.3, 0.0)))
    return Worn(parts, arm, (-50, 50), (45, 80), (0.3, 0.55))


def wrapped(parts: list[Part], radius: float) -> list[Part]:
    """Parts that lie along x bent round the y axis, onto a wrist `radius` mm wide to each side and bodies.FLAT of that high."""
    out = []
    for p in parts:
        a = p.v[:, 0] / radius
        far = radius + p.v[:, 2] + 0.2
        c, s = np.cos(a), np.sin(a)
        v = np.column_stack([far * s, p.v[:, 1], far * c * bodies.FLAT])
        n = np.column_stack([p.n[:, 0] * c + p.n[:, 2] * s, p.n[:, 1], (p.n[:, 2] * c - p.n[:, 0] * s) / bodies.FLAT])
        out.append(replace(p, v=v, n=n / np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-9)))
    return out


def _earring(built: Built, tone: int, variant: int, rng: np.random.Generator) -> Worn:
    side = int(rng.choice([-1, 1]))
    middle = sum(bounds(built.parts))[0] / 2
    one = [p for p in built.parts if (p.v[:, 0].mean() - middle) * side > 0] or built.parts
    lo, hi = bounds(one)
    stud = built.spec.form == "stud" or hi[1] - lo[1] < min(14, 1.25 * (hi[0] - lo[0]))
    hold = (lo[1] + hi[1]) / 2 if stud else hi[1] - 2.5
    through = BEHIND if built.spec.posts else 0.0  # the post is in the lobe, not on it
    parts = moved(one, offset=(-(lo[0] + hi[0]) / 2, -hold, bodies.LOBE - lo[2] - through))
    head = put(bodies.ear(variant, tone, int(rng.integers(len(bodies.HAIR)))), scale=(side, 1, 1))
    return Worn(parts, head, (-38, 38), (52, 84))


def _resting(parts: list[Part], on: Part, clear: float) -> list[Part]:
    """Parts laid over a body: every point lifted by the height of the body under it, smoothed, so that nothing is torn."""
    up = (on.n[:, 2] > 0.15) & (on.v[:, 2] > on.v[:, 2].min() + 8)  # not the floor that closes it
    tree = cKDTree(on.v[up, :2])

    def height(xy: np.ndarray) -> np.ndarray:
        far, near = tree.query(xy, k=24)
        weight = 1 / (far**2 + 9.0)
        return (on.v[up, 2][near] * weight).sum(1) / weight.sum(1)

    return [replace(p, v=p.v + np.column_stack([np.zeros((len(p.v), 2)), height(p.v[:, :2]) + clear])) for p in parts]


_BEND, _BACK = 16.0, np.radians(74)  # radius in mm, and by how much a necklace's upper part turns back round the neck


def _round_the_neck(parts: list[Part], above: float) -> list[Part]:
    """What lies higher than y = above bent backwards, round the sides of a neck."""
    out = []
    for p in parts:
        s = np.maximum(p.v[:, 1] - above, 0)
        a = np.minimum(s / _BEND, _BACK)
        rest = np.maximum(s - _BEND * _BACK, 0)
        c, n = np.cos(a), np.sin(a)
        y = np.minimum(p.v[:, 1], above) + _BEND * n + rest * c + p.v[:, 2] * n
        z = -_BEND * (1 - c) - rest * n + p.v[:, 2] * c
        normal = np.column_stack([p.n[:, 0], p.n[:, 1] * c + p.n[:, 2] * n, p.n[:, 2] * c - p.n[:, 1] * n])
        out.append(replace(p, v=np.column_stack([p.v[:, 0], y, z]), n=normal))
    return out


def _necklace(built: Built, tone: int, variant: int, rng: np.random.Generator) -> Worn:
    """With the widest neckline, lest the dress hide a part of it."""
    lo, hi = bounds(built.parts)
    wide = float(np.quantile(np.abs(np.concatenate([p.v[:, 0] for p in built.parts])), 0.99))
    body = put(bodies.throat(2, tone, int(rng.integers(len(bodies.CLOTH)))), scale=wide / (bodies.NECK[0] + 3.5))
    parts = moved(built.parts, offset=(0, 4.0 - (lo[1] + hi[1]) / 2 + max(0.0, (hi[1] - lo[1]) / 2 - 62), -lo[2]))
    above = 12.0
    flat = _resting([replace(p, v=np.column_stack([p.v[:, 0], np.minimum(p.v[:, 1], above), p.v[:, 2] * 0])) for p in parts], body[0].part, 0.6)
    bent = _round_the_neck(parts, above)
    draped = [replace(b, v=b.v + np.column_stack([np.zeros((len(b.v), 2)), f.v[:, 2]])) for b, f in zip(bent, flat, strict=True)]
    return Worn(draped, body, (-30, 30), (58, 84), (0.5, 0.75))


def _pendant(built: Built, tone: int, variant: int, rng: np.random.Generator) -> Worn:
    lo, hi = bounds(built.parts)
    body = bodies.throat(variant, tone, int(rng.integers(len(bodies.CLOTH))))
    parts = moved(built.parts, offset=(-(lo[0] + hi[0]) / 2, 2 - hi[1] + float(rng.uniform(-6, 6)), -lo[2]))
    points = np.concatenate([p.v for p in parts])
    top = points[points[:, 1] > points[:, 1].max() - 1.5]
    strands: list[Part] = []
    for side in (-1, 1):
        end = top[top[:, 0] * side > 0]
        if len(end):
            start = end.mean(0)[:2]
            before = points[(points[:, 0] * side > 0) & (points[:, 1] < start[1] - 4) & (points[:, 1] > start[1] - 7)]
            onward = start - before.mean(0)[:2] if len(before) else np.array([side * 2.0, 3.0])
            onward = onward / np.linalg.norm(onward) + np.array([side * 0.4, 0.0])
            knots = np.array([start, start + onward * 22.0, [side * 45.0, 36.0]])
            t = np.linspace(0, 1, 40)[:, None]
            path = (1 - t) ** 2 * knots[0] + 2 * t * (1 - t) * knots[1] + t**2 * knots[2]
            strands.append(tube(np.column_stack([path, np.full(40, 0.5)]), 0.5, 7))
    tint = np.clip(np.asarray(METALS[built.spec.metal].tint) * (np.array([0.9, 0.62, 0.27]) if METALS[built.spec.metal].conductor == "Au" else 0.85), 0, 0.95)
    chains = of(_resting(strands, body[0].part, 0.7), tuple(tint), 1.0, 0.25) if strands else []
    return Worn(_resting(parts, body[0].part, 0.6), [*body, *chains], (-28, 28), (60, 84))


def _brooch(built: Built, tone: int, variant: int, rng: np.random.Generator) -> Worn:
    lo, hi = bounds(built.parts)
    cloth, shirt = rng.permutation(len(bodies.CLOTH))[:2]
    coat = bodies.lapel(variant, int(cloth), int(shirt))
    parts = moved(moved(built.parts, offset=(-(lo[0] + hi[0]) / 2, -(lo[1] + hi[1]) / 2, -lo[2])), rotation("z", float(rng.uniform(-25, 25))))
    return Worn(moved(parts, offset=(0, -6.0, 2.2)), coat, (-35, 35), (55, 84), (0.36, 0.6))


WEARERS = {"ring": _ring, "bracelet": _bracelet, "earrings": _earring, "necklace": _necklace, "pendant": _pendant, "brooch": _brooch}
