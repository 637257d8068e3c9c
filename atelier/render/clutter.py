"""What else lies on a shopper's table: a cup, keys, coins, a pen, folded paper, another trinket, a hair band. Millimetres."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.spatial import cKDTree

from ..geometry.mesh import Part, ball, balls, faceted, lathe, outward, plate, rotation, sweep, tube
from .lights import toward
from .things import Thing, of, put

STEEL, BRASS, COPPER = (0.56, 0.56, 0.57), (0.72, 0.55, 0.26), (0.70, 0.36, 0.22)
GLAZES = ((0.78, 0.77, 0.74), (0.10, 0.20, 0.30), (0.55, 0.20, 0.12), (0.20, 0.30, 0.22), (0.03, 0.03, 0.035), (0.65, 0.55, 0.40))


def _circle(r: float, n: int = 40) -> np.ndarray:
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return np.stack([np.cos(t), np.sin(t)], 1) * r


def _pick(rng: np.random.Generator, choices):
    return choices[int(rng.integers(len(choices)))]


def cup(rng: np.random.Generator) -> list[Thing]:
    """A cup with something in it, now and then on its saucer."""
    r, h, glaze = float(rng.uniform(34, 42)), float(rng.uniform(58, 85)), _pick(rng, GLAZES)
    outside = [(0, 3), (0.62 * r, 3), (0.80 * r, 0.25 * h), (0.94 * r, 0.6 * h), (r, h - 1)]
    wall = [*outside, (r - 1.2, h), (r - 2.6, h - 1), (0.90 * r - 2, 0.6 * h), (0.55 * r, 6), (0, 6)]
    things = of(lathe(wall, 48), glaze, 0, 0.15)
    drink = _pick(rng, ((0.035, 0.016, 0.008), (0.20, 0.09, 0.03), (0.35, 0.22, 0.13)))
    things += of(lathe([(0, 0.79 * h), (0.93 * r - 0.8, 0.79 * h), (0.93 * r - 0.8, 0.77 * h), (0, 0.77 * h)], 40), drink, 0, 0.08)
    t = np.linspace(-1.2, 1.2, 20)
    handle = np.column_stack([0.9 * r + 0.62 * r * np.cos(t) ** 0.8 - 0.1 * r, 0 * t, 0.5 * h + 0.3 * h * np.sin(t)])
    things += of(tube(handle, 4.0, 10, hint=(0, 1, 0)), glaze, 0, 0.15)
    if rng.random() < 0.5:
        things = put(things, offset=(0, 0, 3))
        things += of(lathe([(0, 0), (0.7 * r, 0), (1.75 * r, 9), (1.8 * r, 10), (1.7 * r, 10.5), (0.8 * r, 3), (0, 3)], 56), glaze, 0, 0.15)
    return things


def coins(rng: np.random.Generator) -> list[Thing]:
    """A few coins, one perhaps upon another, each with a rim and a plain raised device."""
    things: list[Thing] = []
    for i in range(int(rng.integers(2, 5))):
        r, metal = float(rng.uniform(8.5, 13)), _pick(rng, (STEEL, BRASS, COPPER))
        coin = [lathe([(0, 0), (r - 0.3, 0), (r, 0.3), (r, 1.5), (r - 0.3, 1.8), (r - 1.3, 1.8), (r - 1.5, 1.45), (0, 1.45)], 44, crease=True)]
        device = _circle(1.0, 36) * (0.45 + 0.12 * np.cos(int(rng.integers(2, 6)) * np.linspace(0, 2 * np.pi, 36, endpoint=False)))[:, None] * r
        coin.append(plate(device, [(1.0, 0.3), (0.8, 0.5), (0.3, 0.55)]).moved(offset=(0, 0, 1.4)))
        up = 1.8 if i and rng.random() < 0.35 else 0.0
        at = rng.uniform(-1, 1, 2) * 4 if up else (i * 24 + rng.uniform(-2, 2), rng.uniform(-10, 10))
        things += put(of(coin, metal, 1, float(rng.uniform(0.2, 0.4))), rotation("z", float(rng.uniform(0, 360))), (*at, up))
    return things


def keys(rng: np.random.Generator) -> list[Thing]:
    """Two keys on a ring."""
    things = of(tube(np.column_stack([_circle(12), np.full(40, 1.6)]), 0.9, 8, True), STEEL, 1, 0.2)
    for i in range(2):
        metal, bow = _pick(rng, (STEEL, BRASS)), float(rng.uniform(8, 11))
        key: list[Part] = [tube(np.column_stack([_circle(bow * 0.72) * (1, 1.15), np.full(40, 1.4)]), bow * 0.3, 8, True)]
        x = np.linspace(0, 30, 16)
        teeth = 2.2 + 1.6 * rng.random(16) * (x > 8)
        key.append(faceted(*_strip(np.column_stack([x + bow, -teeth]), np.column_stack([x + bow, np.full(16, 2.6)]), 0.4, 2.4)))
        key = [p.moved(scale=(1, 1, 0.7)) for p in key]
        things += put(put(of(key, metal, 1, 0.28), offset=(12 + bow * 0.5, 0, 0.3 + 1.2 * i)), rotation("z", float(-25 + 60 * i + rng.uniform(-15, 15))))
    return things


def _strip(a: np.ndarray, b: np.ndarray, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """A solid band between two rows of 2D points, from height low to high."""
    n = len(a)
    v = np.concatenate([np.column_stack([p, np.full(n, z)]) for z in (low, high) for p in (a, b)])
    i = np.arange(n - 1)
    f = []
    for p, q in ((0, 1), (3, 2), (2, 0), (1, 3)):
        f += [np.stack([p * n + i, q * n + i, q * n + i + 1], 1), np.stack([p * n + i, q * n + i + 1, p * n + i + 1], 1)]
    ends = [[0, 2 * n, 3 * n], [0, 3 * n, n], [n - 1, 4 * n - 1, 3 * n - 1], [n - 1, 2 * n - 1, 4 * n - 1]]
    return v, outward(v, np.concatenate([*f, ends]))


def pen(rng: np.random.Generator) -> list[Thing]:
    """A ball pen, lying."""
    barrel = _pick(rng, ((0.02, 0.02, 0.025), (0.03, 0.06, 0.30), (0.45, 0.03, 0.04), (0.75, 0.75, 0.73), (0.05, 0.22, 0.16)))
    lie = rotation("y", 90)
    r = 4.6
    things = of(lathe([(0, 0), (1.0, 2), (r * 0.75, 14), (r, 20), (r, 118), (r * 0.8, 121), (0, 121)], 28), barrel, 0, 0.22)
    things += of(lathe([(r * 0.9, 60), (r + 0.5, 61), (r + 0.5, 64), (r * 0.9, 65)], 28), STEEL, 1, 0.15)
    things += of(lathe([(0, 120), (2.2, 120), (2.2, 130), (1.4, 131), (0, 131)], 20), STEEL, 1, 0.15)
    things += of(tube([[0, r + 1.2, 84], [0, r + 1.8, 100], [0, r + 0.5, 119]], 1.1, 8, hint=(1, 0, 0)), STEEL, 1, 0.15)
    return put(put(things, offset=(0, 0, -65)), lie, (0, 0, r + 0.6))


def paper(rng: np.random.Generator) -> list[Thing]:
    """A sheet folded once, its upper half standing open a little."""
    w, d = float(rng.uniform(60, 95)), float(rng.uniform(50, 75))
    tint = _pick(rng, ((0.78, 0.77, 0.74), (0.74, 0.68, 0.55), (0.60, 0.66, 0.70), (0.72, 0.50, 0.50)))
    things: list[Thing] = []
    for open_ in (1.5, float(rng.uniform(6, 22))):
        t = np.linspace(0, 1, 12)
        curve = np.column_stack([t * d, 0.6 + np.sin(np.radians(open_)) * d * t**1.4])
        rows = np.stack([np.column_stack([np.full(12, x), curve]) for x in (0, w)])
        for lift in (0.0, 0.25):
            v = (rows + [0, 0, lift]).reshape(-1, 3)
            i = np.arange(11)
            f = np.concatenate([np.stack([i, i + 12, i + 13], 1), np.stack([i, i + 13, i + 1], 1)])
            things += of(faceted(v, f if lift else f[:, ::-1]), tint, 0, 0.8)
    for k in range(int(rng.integers(3, 7))):  # lines of writing, raised by a hair
        y, long = 8 + 7.0 * k, float(rng.uniform(0.4, 0.8)) * w
        if y < d - 6:
            z = 0.9 + np.sin(np.radians(open_)) * d * (y / d) ** 1.4
            things += of(sweep([[6, y, z], [6 + long, y, z]], (0, 1, 0), (0, 0, 1), _circle(1, 6), 0.5, 0.25), (0.06, 0.06, 0.12), 0, 0.8)
    return put(things, offset=(-w / 2, -d / 2, 0))


def trinket(rng: np.random.Generator) -> list[Thing]:
    """Something like a second, plainer trinket: a pebble in a band, a heap of beads, or a thin bangle."""
    tint = tuple(float(x) for x in rng.uniform(0.03, 0.6, 3))
    kind = int(rng.integers(3))
    if kind == 0:
        r = float(rng.uniform(5, 9))
        things = of(ball((r, r * float(rng.uniform(0.7, 1)), r * 0.55), (0, 0, r * 0.5), 3), tint, 0, 0.12)
        return things + of(tube(np.column_stack([_circle(r * 1.02) * (1, 0.9), np.full(40, r * 0.35)]), r * 0.16, 8, True), _pick(rng, (STEEL, BRASS)), 1, 0.2)
    if kind == 1:
        n, r = 22, float(rng.uniform(2.2, 4))
        t = np.linspace(0, 4.6, n)
        path = np.column_stack([(12 + 5 * t) * np.cos(t * 1.3), (12 + 3 * t) * np.sin(t * 1.3), np.full(n, r)])
        return of(balls(path, r, 2), tint, 0, 0.15)
    r = float(rng.uniform(9, 24))
    return of(tube(np.column_stack([_circle(r, 80), np.full(80, 1.0)]), 1.0, 9, True), _pick(rng, (STEEL, BRASS, COPPER)), 1, 0.18)


def band(rng: np.random.Generator) -> list[Thing]:
    """A hair band, dropped as it fell."""
    t = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    r = 20 + 3 * np.sin(2 * t + rng.uniform(0, 6)) + 2 * np.sin(3 * t + rng.uniform(0, 6))
    path = np.column_stack([r * np.cos(t), r * np.sin(t), 3.0 + 0.8 * np.sin(2 * t)])
    return of(tube(path, 2.6 + 0.25 * np.sin(30 * t), 9, True), tuple(float(x) for x in rng.uniform(0.02, 0.35, 3)), 0, 0.85)


KINDS: dict[str, Callable[[np.random.Generator], list[Thing]]] = {
    "cup": cup, "coins": coins, "keys": keys, "pen": pen, "paper": paper, "trinket": trinket, "band": band,
}  # fmt: skip
TALL = ("cup",)
_FEW = 700  # points by which it is told whether two things touch


def standing(kind: str, rng: np.random.Generator) -> list[Thing]:
    """Something of a kind, turned any way, its lowest point on the table."""
    things = put(KINDS[kind](rng), rotation("z", float(rng.uniform(0, 360))))
    return put(things, offset=(0, 0, -min(float(t.part.v[:, 2].min()) for t in things)))


def _footprint(parts: list[Part], rng: np.random.Generator) -> np.ndarray:
    """Points of the parts as seen from above, spread over their faces."""
    corners = np.concatenate([p.v[p.f][:, :, :2] for p in parts])
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) + 1e-9
    chosen = corners[rng.choice(len(corners), _FEW, p=area / area.sum())]
    return (rng.dirichlet((1, 1, 1), _FEW)[:, :, None] * chosen).sum(1)


def around(piece: list[Part], rng: np.random.Generator, azimuth: float, count: int, gap: float = 2.0) -> list[Thing]:
    """`count` things on the table close to the laid-down piece, at least `gap` mm from it and from each other; what is tall
    stands behind it for a viewer at `azimuth` degrees, so that it hides nothing of the piece."""
    taken = [_footprint(piece, rng)]
    things: list[Thing] = []
    for kind in rng.permutation(list(KINDS))[:count]:
        made = standing(str(kind), rng)
        own = _footprint([t.part for t in made], rng)
        middle = own.mean(0)
        radius = float(np.linalg.norm(own - middle, axis=1).max())
        away = azimuth + 180 + float(rng.uniform(-75, 75)) if kind in TALL else float(rng.uniform(0, 360))
        out = toward(away, 0)[:2]
        tree = cKDTree(np.concatenate(taken))
        clear = gap + float(rng.exponential(6.0))
        for far in np.arange(radius, 600, 4.0):
            if tree.query(own - middle + out * far)[0].min() >= clear:
                break
        at = np.append(out * far - middle, 0.0)
        things += put(made, offset=at)
        taken.append(own + at[:2])
    return things
