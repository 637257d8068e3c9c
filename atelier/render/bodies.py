"""What pieces are worn on: a hand, a wrist, an ear, a throat, a lapel. Smooth shapes with skin of many tones, made once for each variant.

Each lies face up, as pieces do. The hand's unit is the finger's radius and the wrist's its own, so that they fit what they wear; the rest are in
millimetres.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from ..geometry.mesh import Part, rotation
from .forms import blend, both, chain, either, ellipsoid, limb, mesh, slab, soft, without
from .things import Thing, put

# Linear reflectances from light to dark.
SKIN = (
    (0.64, 0.43, 0.34), (0.58, 0.36, 0.26), (0.50, 0.29, 0.19), (0.41, 0.225, 0.14),
    (0.30, 0.155, 0.09), (0.20, 0.10, 0.058), (0.12, 0.058, 0.036), (0.070, 0.036, 0.024),
)  # fmt: skip
CLOTH = (
    (0.60, 0.57, 0.52), (0.025, 0.03, 0.05), (0.07, 0.10, 0.18), (0.16, 0.155, 0.15), (0.22, 0.03, 0.04),
    (0.05, 0.10, 0.06), (0.33, 0.24, 0.15), (0.012, 0.012, 0.013), (0.42, 0.45, 0.50),
)  # fmt: skip
HAIR = ((0.02, 0.012, 0.008), (0.07, 0.035, 0.015), (0.16, 0.09, 0.035), (0.012, 0.011, 0.011), (0.12, 0.04, 0.015))
VARIANTS = 3  # of each form


def _mottled(v: np.ndarray, tone, scale: float, strength: float, seed: int) -> np.ndarray:
    """A tone that wanders a little over a surface: a few slow waves, more in the red than in the rest."""
    rng = np.random.default_rng([seed, 0x736B696E])
    waves = sum(np.sin(v @ rng.normal(0, 1.4 / scale, 3) + rng.uniform(0, 6)) for _ in range(6)) / 6
    return np.clip(np.asarray(tone) * (1 + strength * waves[:, None] * np.array([0.5, 1.0, 1.1])), 0.003, 0.9)


def _skin(part: Part, tone: int, scale: float, warm: np.ndarray | float = 0.0) -> Thing:
    """A part as skin; `warm` (0..1, at each vertex) is how ruddy it is."""
    colour = _mottled(part.v, SKIN[tone], scale, 0.12, tone)
    colour = colour * (1 - np.asarray(warm)[..., None] * np.array([0.04, 0.22, 0.20]))
    return Thing(replace(part, colour=colour), 0.0, 0.42)


def _cloth(part: Part, tint: int, fine: float) -> Thing:
    """A part as woven cloth, with a thread's unevenness."""
    rng = np.random.default_rng(tint)
    weave = np.sin(part.v[:, 0] * 2 * np.pi / fine) * np.sin(part.v[:, 1] * 2 * np.pi / fine) * 0.16 + rng.normal(0, 0.09, len(part.v))
    return Thing(replace(part, colour=np.clip(np.asarray(CLOTH[tint]) * (1 + weave[:, None]), 0.004, 0.9)), 0.0, 0.9)


# A hand, palm down, fingers towards +y; the one that wears the ring goes through the origin.
_KNUCKLE, _FIRST, _LAST, _TIP = -2.4, 2.5, 4.9, 6.5


def _digit(x: float, splay: float, long: float, thick: float, lift: float):
    """The spine and the radii of a finger, bent a little at its two joints."""
    y = np.array([_KNUCKLE, -1.0, 0.9, _FIRST, 3.7, _LAST, _TIP])
    y = np.where(y > 0, y * long, y)
    z = np.array([0.25, 0.06, 0.0, 0.05, -0.22, -0.50, -1.05]) + lift
    r = np.array([1.10, 0.975, 0.965, 1.0, 0.90, 0.86, 0.66]) * thick
    return np.column_stack([x + splay * (y - _KNUCKLE), y, z]), r


@lru_cache(maxsize=VARIANTS)
def _hand(variant: int) -> tuple[Part, tuple[Part, ...], np.ndarray]:
    spines = [_digit(0, 0.0, 1.0, 1.0, 0.0), _digit(2.36, 0.035, 0.93, 0.98, -0.1), _digit(-2.36, -0.02, 1.07, 1.02, 0.05), _digit(-4.7, -0.06, 0.93, 1.0, -0.1)]
    if variant % 2:
        spines = spines[:2] + [(np.array([[-2.4, _KNUCKLE, 0.1], [-2.5, 0.6, -0.15], [-2.7, 2.4, -1.1], [-2.6, 2.8, -2.3]]), np.array([1.1, 0.98, 0.95, 0.9]))] + spines[3:]
    back = blend(0.9, slab((-1.2, -7.0, -0.25), (4.9, 5.0, 1.25), 1.15), limb((-1, -13, -0.3), (-1.1, -8, -0.3), 2.4, 2.2))
    digits = [chain(p, r) for p, r in spines]
    form = either(*(blend(0.7, d, back) for d in digits))
    part = mesh(form, (-8.0, -9.5, -3.4), (5.4, 8.4, 1.9), 0.23)
    ends = np.array([p[-1] for p, r in spines])
    warm = np.exp(-((np.linalg.norm(part.v[:, None] - ends, axis=2).min(1) / 1.3) ** 2))
    warm += 0.6 * np.exp(-(((part.v[:, 1] - _FIRST) / 0.6) ** 2))
    nails = []
    for p, r in spines:
        if len(p) < 7:
            continue
        d = p[-1] - p[-2]
        pitch = np.degrees(np.arctan2(d[2], d[1]))
        shape = mesh(both(0.06, ellipsoid((0, 0, 0), (0.52, 0.78, 0.3)), slab((0, 0, 0.3), (1, 0.72, 0.3), 0.05)), (-0.6, -0.85, -0.1), (0.6, 0.85, 0.4), 0.07)
        at = p[-1] - 0.18 * d / np.linalg.norm(d) + rotation("x", pitch) @ np.array([0, 0, r[-1] * 0.80])
        nails.append(shape.moved(rotation("z", -np.degrees(np.arctan2(d[0], d[1]))) @ rotation("x", pitch), at))
    return part, tuple(nails), np.clip(warm, 0, 1)


def hand(radius: float, variant: int, tone: int, polish: tuple[float, float, float] | None = None) -> list[Thing]:
    """A hand whose finger of this radius (mm) lies along y through the origin; `polish` is the colour of its nails, if painted."""
    part, nails, warm = _hand(variant)
    bare = np.asarray(SKIN[tone]) * 0.6 + np.array([0.62, 0.42, 0.38]) * 0.4
    things = [_skin(part, tone, 1.6, warm)]
    things += [Thing(replace(n, colour=tuple(bare) if polish is None else polish), 0.0, 0.22 if polish is None else 0.1) for n in nails]
    return put(things, scale=radius)


@lru_cache(maxsize=VARIANTS)
def _wrist(variant: int) -> Part:
    wide = (1.0, 1.08, 0.94)[variant]
    arm = chain([(0, -10.0, -0.15), (0, -5.0, -0.1), (0, -2.4, 0), (0, -0.6, 0), (0, 0.8, 0)], np.array([1.7, 1.35, 1.06, 0.97, 0.98]))
    palm = blend(0.6, slab((-0.05, 2.9, 0.02), (1.45 * wide, 1.7, 0.72), 0.7), ellipsoid((-0.95, 2.1, -0.25), (0.75, 1.3, 0.6)))
    thumb = chain([(-1.2, 2.2, -0.3), (-2.1, 3.6, -0.5), (-2.2, 4.9, -0.7)], np.array([0.6, 0.44, 0.36]))
    digits = [chain([(x, 4.0, 0.12), (x * 1.08, 5.9, 0.1), (x * 1.1, 7.3, -0.55)], np.array([0.42, 0.38, 0.33])) for x in (-1.05, -0.35, 0.35, 1.02)]
    palm = either(*(blend(0.35, d, palm) for d in (thumb, *digits)))
    bump = ellipsoid((0.74, -0.62, 0.42), (0.3, 0.34, 0.3))
    return mesh(blend(0.45, blend(0.9, arm, palm), bump), (-3.0, -9.0, -1.9), (2.6, 7.8, 1.9), 0.18)


FLAT = 0.80  # a wrist's height by its width


def wrist(radius: float, variant: int, tone: int) -> list[Thing]:
    """An arm along y, round at the origin: `radius` (mm) wide to each side, FLAT of it high."""
    return put([_skin(_wrist(variant), tone, 1.5)], scale=(radius, radius, radius * FLAT))


@lru_cache(maxsize=VARIANTS)
def _ear(variant: int) -> tuple[Part, Part]:
    long = (1.0, 1.1, 0.93)[variant]
    t = np.radians(np.linspace(200, -58, 13))
    rim = np.column_stack([3 + 15.0 * np.cos(t), 30 + 26 * np.sin(t) * long, 4.5 + 2.0 * np.sin(t)])
    helix = chain(rim, np.full(13, 3.1))
    fold = chain([(6, 44, 3.5), (10, 32, 4.0), (8, 20, 4.0), (1, 13, 4.0)], np.full(4, 2.8))
    bowl = blend(4.0, ellipsoid((3, 29, -1), (16.5, 29 * long, 4.5)), ellipsoid((1.5, 3.0, 0), (9.2, 10.5, 4.6)))
    bowl = without(3.0, bowl, ellipsoid((-2, 22, 5.5), (8.5, 12, 6.0)))
    ear = blend(2.2, bowl, helix, fold, ellipsoid((-11.5, 22, 2.0), (4.0, 6.5, 4.5)))
    head = ellipsoid((-62, 30, -64), (90, 130, 62))
    jaw = blend(18, head, limb((-30, -20, -34), (-95, -62, -30), 22, 20), limb((-10, -30, -60), (10, -140, -70), 42, 46))
    part = mesh(blend(5.0, jaw, ear), (-86, -84, -44), (62, 84, 14), 1.9)
    crown = both(6.0, ellipsoid((-30, 78, -52), (105, 62, 60)), slab((10, 90, 0), (140, 40, 60), 10))
    nape = ellipsoid((44, 24, -46), (30, 90, 34))
    strands = mesh(blend(10.0, crown, nape), (-120, -70, -44), (100, 135, 12), 3.2)
    return part, strands


def ear(variant: int, tone: int, hair: int) -> list[Thing]:
    """The side of a head; the middle of the ear's lobe is at the origin, the face towards -x."""
    part, strands = _ear(variant)
    reach = np.linalg.norm((part.v - (3, 28, 2)) / (18, 32, 14), axis=1)
    lines = 1 + 0.35 * np.sin(strands.v[:, 0] * 1.9 + 1.2 * np.sin(strands.v[:, 1] * 0.12) + strands.v[:, 2]) * np.sin(strands.v[:, 0] * 0.63)
    shade = np.asarray(HAIR[hair]) * lines[:, None]
    return [_skin(part, tone, 14.0, np.clip(1.4 - reach, 0, 0.8)), Thing(replace(strands, colour=np.clip(shade, 0.003, 0.9)), 0.0, 0.42)]


LOBE = 4.6  # mm from the origin to the lobe's front


# The throat: the neck's front is at (0, +, 0), the chest slopes gently forward below y = 0.
_CHEST = ((0.0, -92.0, -118.0), (178.0, 168.0, 126.0))
NECK = (48.0, 40.0)  # half the neck's width and depth, mm
NECKLINE = (-70.0, -84.0, -80.0)  # y of the dress's lowest point, mm, by variant


def chest_height(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The height of the chest's skin (mm) below the neck."""
    (cx, cy, cz), (rx, ry, rz) = _CHEST
    return cz + rz * np.sqrt(np.maximum(1 - ((x - cx) / rx) ** 2 - ((y - cy) / ry) ** 2, 0.02))


@lru_cache(maxsize=VARIANTS)
def _throat(variant: int) -> tuple[Part, Part]:
    wide, deep = NECK

    def neck(p: np.ndarray) -> np.ndarray:
        sunk = p[..., 2] + deep + 2.0 - 0.7 * np.minimum(p[..., 1], 0)  # its lower end is lost in the chest
        around = np.hypot(p[..., 0] / wide, sunk / deep)
        return np.maximum((around - 1) * deep * 0.9, -(p[..., 1] + 40))

    def collar_bone(side: int):
        ends = ((9, 1, -4.5), (45, 9, -4.0), (105, 26, -3.0))
        return chain([(side * x, y, float(chest_height(np.array(x), np.array(y))) + z) for x, y, z in ends], np.array([6.0, 5.0, 5.5]))

    chin = blend(20.0, ellipsoid((0, 158, -36), (68, 92, 60)), ellipsoid((0, 96, 2), (24, 22, 20)))
    body = either(blend(11.0, blend(22.0, ellipsoid(*_CHEST), neck), collar_bone(1), collar_bone(-1)), chin)

    def dress(p: np.ndarray) -> np.ndarray:
        x, y = np.abs(p[..., 0]), p[..., 1] - NECKLINE[variant]
        line = (y - (x / 62) ** 4 * 60) if variant == 2 else (y - x * (0.75, 0.9)[variant]) / 1.3
        return -soft(-(body(p) - 2.6), -line, 4.0)

    return mesh(body, (-165, -110, -60), (165, 170, 30), 4.2), mesh(dress, (-168, -225, -60), (168, 60, 34), 3.2)


def throat(variant: int, tone: int, cloth: int) -> list[Thing]:
    """A throat and what is worn below it, the pit of the throat near the origin; a chin above, where the picture mostly ends."""
    part, dress = _throat(variant)
    return [_skin(part, tone, 30.0), _cloth(dress, cloth, 13.0)]


@lru_cache(maxsize=VARIANTS)
def _lapel(variant: int) -> tuple[Part, Part]:
    """A coat's front with its lapel; the lapel's middle is at the origin, its face at z = 0."""
    slant = (0.32, 0.42, 0.25)[variant]
    notch = (46.0, 36.0, 56.0)[variant]

    def wave(p: np.ndarray) -> np.ndarray:
        return 1.2 * np.sin(p[..., 0] * 0.035 + p[..., 1] * 0.02) + 0.8 * np.sin(p[..., 1] * 0.05)

    def half_plane(p, at, normal):
        n = np.asarray(normal, float)
        return (p[..., :2] - np.asarray(at, float)) @ (n / np.linalg.norm(n))

    def sheet(inside, low, high, edge):
        def distance(p):
            z = p[..., 2] - wave(p)
            d = np.stack([inside(p) + edge, np.abs(z - (low + high) / 2) - (high - low) / 2 + edge])
            return np.linalg.norm(np.maximum(d, 0), axis=0) + np.minimum(d.max(0), 0) - edge

        return distance

    def flap(p):
        inner = half_plane(p, (-34, 0), (-1, -slant))
        outer = half_plane(p, (40, 0), (1, -slant * 0.6))
        return np.maximum(np.maximum(inner, outer), half_plane(p, (0, notch), (-0.35, 1)))

    def collar(p):
        return np.maximum(np.maximum(half_plane(p, (-40, 30), (-1, -0.25)), half_plane(p, (34, 30), (1, 0.1))), half_plane(p, (0, notch + 7), (0.25, -1)))

    coat = sheet(lambda p: half_plane(p, (-30, 0), (-1, -slant)) + 0 * p[..., 0], -9.0, -3.6, 2.0)
    lapels = either(sheet(flap, -3.4, 0.0, 1.6), sheet(collar, -3.2, 0.8, 1.6))
    shirt = sheet(lambda p: p[..., 0] - 0.0, -14.0, -9.5, 1.0)
    return mesh(either(coat, lapels), (-125, -125, -12), (125, 125, 5), 2.6), mesh(shirt, (-130, -130, -17), (20, 130, -6), 4.0)


def lapel(variant: int, cloth: int, shirt: int) -> list[Thing]:
    """The front of a coat, and a shirt beneath it."""
    coat, under = _lapel(variant)
    return [_cloth(coat, cloth, 7.3), Thing(replace(under, colour=CLOTH[shirt]), 0.0, 0.85)]


LAPEL_BELOW = 17.0  # mm from the lapel's face down to what all lies on


def fingertip(radius: float, tone: int, reach: float) -> list[Thing]:
    """A finger of this radius (mm) along +x, its tip at the origin, nail up, `reach` mm long."""
    part, nail = _fingertip()
    far = part.v[:, 0] > 8.9  # its end is drawn out of the frame
    v = np.where(far[:, None], part.v + [max(reach / radius - 9, 0), 0, 0], part.v)
    warm = np.exp(-((part.v[:, 0] / 1.4) ** 2))
    things = [_skin(replace(part, v=v), tone, 1.6, warm)]
    things.append(Thing(replace(nail, colour=tuple(np.asarray(SKIN[tone]) * 0.6 + np.array([0.62, 0.42, 0.38]) * 0.4)), 0.0, 0.2))
    return put(things, scale=radius)


@lru_cache(maxsize=1)
def _fingertip() -> tuple[Part, Part]:
    spine = [(0.72, 0, -0.1), (2.4, 0, 0.05), (4.2, 0, 0.12), (9.5, 0, 0.2)]
    part = mesh(chain(spine, np.array([0.72, 0.92, 1.0, 1.05])), (-0.3, -1.4, -1.4), (9.2, 1.4, 1.5), 0.17)
    nail = mesh(both(0.06, ellipsoid((0, 0, 0), (0.8, 0.55, 0.3)), slab((0, 0, 0.3), (0.74, 1, 0.3), 0.05)), (-0.9, -0.65, -0.1), (0.9, 0.65, 0.4), 0.07)
    return part, nail.moved(rotation("y", -7), (0.95, 0, 0.62))
