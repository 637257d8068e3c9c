"""Whole pieces: a decorated head mounted as a ring, necklace, pendant, earrings, bracelet or brooch."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..geometry.gems import ASPECT, outline
from ..geometry.mesh import METAL, METAL2, Part, ball, balls, lathe, moved, plate, rotation, sweep, tube
from ..spec import PieceSpec
from .heads_motifs import MOTIF_HEADS
from .heads_stones import STONE_HEADS
from .maker import HALF_ROUND, SOFT_RECT, Maker, along

HEAD = {**STONE_HEADS, **MOTIF_HEADS}
NOMINAL = 6.0  # heads are drawn at this radius in mm, then scaled, so that wires keep their proportion
LIGHT_CUTS = ("brilliant", "oval", "cushion", "round cabochon", "cabochon", "bead", "rose", "pear", "marquise", "emerald", "asscher", "princess")


@dataclass(frozen=True)
class Built:
    """A piece ready to be laid down. `flat`: it lies face up; otherwise its front looks towards -y and it may stand."""

    spec: PieceSpec
    parts: list[Part]
    flat: bool


def build(spec: PieceSpec) -> Built:
    """The piece, and its spec with everything struck out that the form left no room for."""
    m = Maker(spec)
    flat = BUILDERS[spec.category](m)
    if not any(p.slot == METAL for p in m.parts):  # all of it fell to the second metal: then that is the piece's metal
        m.parts = [p.of(METAL) if p.slot == METAL2 else p for p in m.parts]
        spec = replace(spec, metal=spec.second_metal)
    actual = replace(
        spec,
        stone=spec.stone if spec.stone in m.used else None,
        cut=spec.cut if spec.cut in m.main_cuts or not m.main_cuts else m.main_cuts[0],
        accent=spec.accent if spec.accent in m.used else None,
        head=spec.head if "head" in m.used else "plain",  # a plain rivière or line has no head to name
        enamel=spec.enamel if "enamel" in m.used else None,
        second_metal=spec.second_metal if any(p.slot == "metal2" for p in m.parts) else spec.metal,
    )
    return Built(actual, m.parts, flat)


def head(m: Maker, r: float) -> list[Part]:
    """The piece's head at radius r mm, apart from what is on the bench already."""
    kept, m.parts = m.parts, []
    m.used.add("head")
    HEAD[m.spec.head](m, NOMINAL)
    parts, m.parts = m.parts, kept
    return moved(parts, scale=r / NOMINAL)


def small(m: Maker, width: float) -> list[Part]:
    """A single set stone (or a metal ball where the piece has none), to echo the head."""
    kept, m.parts = m.parts, []
    which = "any" if m.spec.number("echo") > 0.5 else "main"
    if m.name(which):
        cut = m.spec.cut if which == "main" and m.spec.cut in LIGHT_CUTS else "brilliant"
        m.set(which, cut, width / ASPECT[cut] ** 0.5)
    else:
        m.add(ball(width / 2, (0, 0, width / 2), 2))
    parts, m.parts = m.parts, kept
    return parts


def reach(parts: list[Part], axis: int, sign: int) -> float:
    """How far the parts go along an axis."""
    return max(float((p.v[:, axis] * sign).max()) for p in parts)


# Chains ------------------------------------------------------------------------------------------------------------------
def chain(m: Maker, path, size: float, kind: int) -> None:
    """A chain along a 2D path: oval links, a rope, beads or a flat ribbon."""
    path = np.asarray(path, float)
    length = np.linalg.norm(np.diff(path, axis=0), axis=1).sum()
    if kind == 0:
        n = max(6, int(length / (size * 2.3)))
        p, normal = along(path, n, closed=False)
        t = np.linspace(0, 2 * np.pi, 12, endpoint=False)
        link = tube(np.stack([np.cos(t) * size * 0.9, np.sin(t) * size * 1.5, 0 * t], 1), size * 0.3, 5, True)
        lie, stand = rotation("y", 18), rotation("y", 75)
        for i in range(n):
            r = rotation("z", normal[i]) @ (lie if i % 2 == 0 else stand)
            m.add(link.moved(r, (*p[i], size)))
    elif kind == 1:
        n = max(60, int(length / size * 3))
        p, normal = along(path, n, closed=False)
        a = np.radians(normal)
        out = np.stack([np.cos(a), np.sin(a)], 1)
        turn = np.arange(n) * 0.8
        for phase in (0, np.pi):
            q = np.column_stack([p + out * (np.cos(turn + phase) * size * 0.5)[:, None], size + np.sin(turn + phase) * size * 0.5])
            m.add(tube(q, size * 0.6, 6))
    elif kind == 2:
        n = int(length / (size * 2.6))
        p, _ = along(path, n, closed=False)
        m.add(balls(np.column_stack([p, np.full(n, size)]), size * 1.05))
        m.wire(np.column_stack([path, np.full(len(path), size)]), size * 0.3)
    else:
        m.ribbon(np.column_stack([path, np.full(len(path), size * 0.6)]), size * 1.4, size * 0.5)


# Rings -------------------------------------------------------------------------------------------------------------------
SECTIONS = {"d-shape": HALF_ROUND, "flat": SOFT_RECT, "tapered": HALF_ROUND, "cathedral": HALF_ROUND, "split": HALF_ROUND}
KNIFE = np.array([[-1, -0.5], [1, -0.5], [0.6, 0.2], [0, 1.0], [-0.6, 0.2]])


def ring(m: Maker) -> bool:
    s = m.spec
    R = s.number("finger", 8.2, 9.6)
    big = s.head in ("solitaire", "three-stone", "five-stone", "crossover", "pearl cluster")
    r = 2.6 + 3.2 * s.size if big else 4.0 + 4.2 * s.size
    w0, w1 = s.number("foot", 0.7, 1.6), s.number("shoulder", 0.9, 2.6)
    thick = s.number("thick", 0.55, 1.0)
    t = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    near = (1 + np.cos(t)) / 2
    radial = np.stack([np.sin(t), 0 * t, np.cos(t)], 1)
    axis = np.array([0, 1.0, 0])
    width = w0 + (w1 - w0) * near ** s.number("taper", 1.0, 3.0)
    section = KNIFE if s.form == "knife-edge" else SECTIONS.get(s.form, HALF_ROUND)
    if s.form == "twist":
        n = s.number("twists", 3, 7)
        u = np.linspace(0, 2 * np.pi, 200, endpoint=False)
        rad = np.stack([np.sin(u), 0 * u, np.cos(u)], 1)
        for phase in (0, np.pi):
            q = rad * (R + 0.6 + 0.5 * np.cos(round(n) * u + phase))[:, None] + axis * (0.75 * np.sin(round(n) * u + phase))[:, None]
            m.add(tube(q, 0.55, 7, True, hint=axis))
    elif s.form == "split":
        for side in (1, -1):
            q = radial * (R + thick / 2) + axis * (side * s.number("part", 0.9, 1.9) * near**2)[:, None]
            m.add(sweep(q, axis, radial, section, np.maximum(width * 0.55, 0.5), thick, True, crease=True))
    else:
        q = radial * (R + thick / 2)
        m.add(sweep(q, axis, radial, section, width, thick, True, crease=True))
    lift = s.number("lift", 0.2, 1.2)
    if s.form == "cathedral":
        for side in (1, -1):
            u = np.linspace(0.25, 0.95, 14) * side
            h = R + thick + (lift + 1.2) * np.exp(-(((np.abs(u) - 0.25) / 0.3) ** 2))
            m.add(tube(np.stack([np.sin(u) * h, 0 * u, np.cos(u) * h], 1), 0.55, 7, hint=axis))
    top = head(m, r)
    turn = rotation("z", 90) if s.number("lengthways") > 0.8 and s.head in ("navette", "panel", "leaf", "bar") else None
    m.parts += moved(top, turn, (0, 0, R + thick * 0.7 + lift))
    m.add(lathe([(0, -0.5), (min(r * 0.42, 2.2), -0.4), (min(r * 0.5, 2.8), lift), (0, lift)], 24).moved(offset=(0, 0, R + thick * 0.7)))
    if s.stone and s.number("shoulders") > 0.6 and s.form in ("tapered", "d-shape", "flat"):
        for side in (1, -1):
            for k in range(s.pick("shoulder stones", 2, 5)):
                a = side * (np.arcsin(min(r / (R + 2), 0.8)) + 0.1 + 0.2 * k)
                part = small(m, max(1.1, 1.7 - 0.12 * k))
                m.parts += moved(part, rotation("y", np.degrees(a)), (np.sin(a) * (R + thick * 1.2), 0, np.cos(a) * (R + thick * 1.2)))
    return False


# Earrings ----------------------------------------------------------------------------------------------------------------
def earrings(m: Maker) -> bool:
    s = m.spec
    one: list[Part]
    kept, m.parts = m.parts, []
    if s.form == "stud":
        r = 5 + 4 * s.size
        m.parts += head(m, r)
    elif s.form == "drop":
        r = 6 + 4 * s.size
        m.parts += head(m, r)
        high = reach(m.parts, 1, 1)
        gap = s.number("gap", 1.0, 9.0)
        if gap > 4:
            chain(m, np.array([[0, high + gap], [0, high]]), 0.55, 0)
        else:
            m.wire([[0, high - 0.5], [0, high + gap]], 0.45)
        m.parts += moved(small(m, s.number("top", 3.0, 6.0)), offset=(0, high + gap + 1.5, 0))
        if s.number("tassel") > 0.75:
            low = reach(m.parts, 1, -1)
            m.wire([[0, -low + 0.3], [0, -low - 3]], 0.4)
            m.parts += moved(small(m, 3.6), offset=(0, -low - 4.2, 0))
    elif s.form == "hoop":
        R = s.number("hoop", 8, 14)
        a = np.linspace(0.12, 2 * np.pi - 0.12, 60) + np.pi / 2
        swell = 0.35 + s.number("swell", 0.3, 1.1) * (1 - np.cos(np.linspace(0, 2 * np.pi, 60))) / 2
        m.wire(np.column_stack([np.cos(a) * R, np.sin(a) * R, np.full(60, 1.2)]), swell + 0.35, sides=10)
        r = 3.2 + 2.6 * s.size
        part = head(m, r)
        m.parts += moved(part, offset=(0, -R, 1.6) if s.number("inside") < 0.6 else (0, -R - reach(part, 1, 1) - 0.5, 0))
        if s.stone and s.number("hoop stones") > 0.5:
            for k in range(1, s.pick("hoop count", 3, 6)):
                for side in (1, -1):
                    b = -np.pi / 2 + side * (0.25 + 0.28 * k) * 1.1
                    m.parts += moved(small(m, 1.9), offset=(np.cos(b) * R, np.sin(b) * R, 1.7))
    else:
        r = 5 + 2.5 * s.size
        m.parts += head(m, r)
        low, wide = reach(m.parts, 1, -1), reach(m.parts, 0, 1)
        n = s.pick("drops", 2, 4)
        for i in range(n):
            x = (i - (n - 1) / 2) * min(2.0 * wide / n, 6)
            drop = s.number("long", 4, 11) + (1 - abs(i - (n - 1) / 2) / n * 2) * s.number("point", 0, 6)
            y = -low * (0.75 + 0.25 * (1 - abs(x) / max(wide, 1)))
            chain(m, np.array([[x, y], [x, y - drop]]), 0.45, 0)
            m.parts += moved(small(m, s.number("drop", 2.6, 4.4)), offset=(x, y - drop - 2, 0))
        m.parts += moved(small(m, 3.5), offset=(0, reach(m.parts, 1, 1) + 1.8, 0))
    one, m.parts = m.parts, kept
    wide = max(reach(one, 0, 1), reach(one, 0, -1))
    apart = wide + s.number("apart", 1.5, 5.0)
    slant = s.number("slant", -8, 8)
    m.parts += moved(one, rotation("z", slant), (-apart, 0, 0))
    mirrored = moved(one, rotation("z", -slant), (apart, 0, 0))
    m.parts += mirrored
    return True


# Pendants ----------------------------------------------------------------------------------------------------------------
def pendant(m: Maker) -> bool:
    s = m.spec
    r = 7 + 6 * s.size
    if s.form == "locket":
        kind = "oval" if s.number("shape") < 0.6 else "brilliant"
        o = outline(kind, 48) * r
        m.add(plate(o, [(1.0, 0.8), (1.03, 1.2), (0.97, 1.7), (0.85, 2.2), (0.4, 2.6)]))
        m.border(o * 1.02, 1.2, 0.28, ("bead", "rope", "plain")[s.pick("edge", 0, 2)], second=False)
        m.parts += moved(head(m, r * 0.55), offset=(0, 0, 2.3))
    else:
        m.parts += head(m, r)
    if s.form in ("drop", "double"):
        low = reach(m.parts, 1, -1)
        size = s.number("drop", 3.5, 6.5)
        m.wire([[0, -low + 0.4], [0, -low - 1.6]], 0.4)
        if s.form == "double":
            extra = head(m, r * 0.5)
            m.parts += moved(extra, offset=(0, -low - 1.4 - reach(extra, 1, 1), 0))
        else:
            m.parts += moved(small(m, size), offset=(0, -low - 1.4 - size * 0.65, 0))
    high = reach(m.parts, 1, 1)
    bail = np.array([[0, high - 0.6], [-1.1, high + 1.6], [0, high + 3.2], [1.1, high + 1.6]])
    m.add(tube(np.column_stack([bail, np.full(4, 1.0)]), 0.5, 7, True))
    kind, size = s.pick("chain", 0, 3), s.number("chain size", 0.45, 0.8)
    t = np.linspace(0, 1, 20)
    spread = s.number("spread", 0.35, 0.8)
    for side in (1, -1):
        x = side * r * (0.15 * t + spread * 1.5 * t**0.8)
        y = high + 2.8 + r * s.number("rise", 1.1, 1.8) * t**1.25
        chain(m, np.column_stack([x, y]), size, kind)
    return True


# Necklaces ---------------------------------------------------------------------------------------------------------------
def _throat(open_: float, n: int = 160) -> np.ndarray:
    """A necklace laid out: from the clasp round and down to the centre and back, 130 mm tall."""
    t = np.linspace(-1, 1, n) * (np.pi - open_)
    wide, tall = 46.0, 58.0
    x = wide * np.sin(t) * (1 - 0.12 * np.cos(t))
    y = -tall * np.cos(t)
    return np.stack([x, y], 1)


def necklace(m: Maker) -> bool:
    s = m.spec
    path = _throat(s.number("open", 0.15, 0.6))
    kind, size = s.pick("chain", 0, 3), s.number("chain size", 0.9, 1.7)
    mid = np.linspace(-1, 1, len(path))
    if s.form in ("riviere", "beads") and m.name("main"):
        n = s.pick("stones", 17, 29) if s.form == "riviere" else s.pick("beads", 23, 39)
        f = np.linspace(-0.93, 0.93, n)
        p = np.stack([np.interp(f, mid, path[:, k]) for k in (0, 1)], 1)
        step = np.linalg.norm(p[1] - p[0])
        grad = s.number("graduate", 0, 0.5)
        for i in range(n):
            w = step * 0.82 * (1 - grad * abs(f[i]))
            a = np.degrees(np.arctan2(p[i, 1], p[i, 0] * 1.3)) + 90
            which = "accent" if s.accent and i % 2 else "main"
            if s.form == "riviere" and not (s.stone == "pearl" and which == "main"):
                cut = s.cut if ASPECT[s.cut] < 1.5 else "brilliant"
                m.set(which, cut, w / ASPECT[cut] ** 0.6, (*p[i], 0), a)
            elif m.name(which) and m.name(which) in ("pearl", "coral", "turquoise", "onyx", "jade", "lapis lazuli", "carnelian"):
                m.used.add(m.name(which))
                m.parts.append(ball(w * 0.56, (*p[i], w * 0.55), 2, "solid", m.tint(m.name(which))))
            else:
                m.set(which, "brilliant", w, (*p[i], 0), a, style="bezel")
        m.wire(np.column_stack([path, np.full(len(path), 1.0)]), 0.5)
        if s.number("pendant") > 0.55:
            part = head(m, 9 + 5 * s.size)
            m.parts += moved(part, offset=(0, path[:, 1].min() - reach(part, 1, 1) - 2, 0))
        return True
    if s.form == "collar":
        t = np.abs(mid)
        m.ribbon(np.column_stack([path, np.full(len(path), 1.2)]), 1.2 + s.number("broad", 1.5, 5) * (1 - t) ** 1.2, 1.1, section=HALF_ROUND)
        m.parts += moved(head(m, 11 + 5 * s.size), offset=(0, path[:, 1].min(), 1.8))
        return True
    if s.form == "fringe":
        chain(m, path, size, kind)
        n = s.pick("fringe", 7, 13)
        for i in range(n):
            f = (i - (n - 1) / 2) / n * 1.05
            q = np.array([np.interp(f, mid, path[:, k]) for k in (0, 1)])
            long = s.number("long", 5, 14) * (1 - abs(f) * 1.2) + 2
            centre = i == n // 2
            m.wire([[q[0], q[1]], [q[0], q[1] - long]], 0.5)
            if centre or s.number("all heads") > 0.6:
                part = head(m, (8 if centre else 4.2) + 2 * s.size)
            else:
                part = small(m, s.number("drop", 4, 6.5))
            m.parts += moved(part, offset=(q[0], q[1] - long - reach(part, 1, 1), 0))
        return True
    if s.form == "links":
        n = s.pick("links", 9, 17)
        part = head(m, 0.36 * 300 / n * 0.42)
        f = np.linspace(-0.85, 0.85, n)
        m.wire(np.column_stack([path, np.full(len(path), 0.9)]), 0.6)
        for i in range(n):
            q = np.array([np.interp(f[i], mid, path[:, k]) for k in (0, 1)])
            a = np.degrees(np.arctan2(q[1], q[0] * 1.3)) + 90
            m.parts += moved(part, rotation("z", a), (*q, 0.2), scale=1 - 0.35 * abs(f[i]))
        return True
    chain(m, path, size, kind)
    part = head(m, 15 + 7 * s.size)
    low = path[:, 1].min()
    m.parts += moved(part, offset=(0, low - reach(part, 1, 1) * (0.9 if s.number("hang") > 0.4 else 0.1), 0.4))
    if s.number("sides") > 0.5:
        for f in (0.12, 0.2, 0.28)[: s.pick("side count", 1, 3)]:
            for side in (1, -1):
                q = [np.interp(side * f * 1.3, mid, path[:, k]) for k in (0, 1)]
                m.parts += moved(small(m, 7.0 - 8 * f), offset=(*q, 0.3))
    return True


# Bracelets ---------------------------------------------------------------------------------------------------------------
def bracelet(m: Maker) -> bool:
    s = m.spec
    R = 29.0
    if s.form in ("bangle", "cuff"):
        gap = 0.0 if s.form == "bangle" else s.number("gap", 0.35, 0.6)
        t = np.linspace(gap, 2 * np.pi - gap, 110, endpoint=gap > 0) + np.pi / 2
        near = (1 - np.sin(t)) / 2
        radial = np.stack([np.cos(t), np.sin(t) * 0.88, 0 * t], 1)
        w = s.number("back", 1.0, 3.0) + s.number("front", 0.0, 4.5) * near**2
        section = (HALF_ROUND, SOFT_RECT, KNIFE)[s.pick("profile", 0, 2)]
        if s.number("twist") > 0.75:
            n = s.pick("twists", 7, 14)
            u = np.linspace(0, 2 * np.pi, 300, endpoint=False)
            rad = np.stack([np.cos(u), np.sin(u) * 0.88, 0 * u], 1)
            for phase in (0, np.pi):
                q = rad * (R + 0.9 * np.cos(n * u + phase))[:, None] + np.array([0, 0, 1.0]) * (1.3 * np.sin(n * u + phase))[:, None]
                m.add(tube(q, 1.0, 8, True))
        else:
            m.add(sweep(radial * R, np.array([0, 0, 1.0]), radial, section, w, 1.1, gap == 0, crease=True))
        r = s.number("head", 6, 12)
        front = rotation("x", 90)
        m.parts += moved(head(m, r), front, (0, -R * 0.88 - 0.6, 0))
        if s.number("echoes") > 0.5:
            for side in (1, -1):
                for k in range(s.pick("echo", 1, 4)):
                    a = np.arcsin(min((r + 2.5 + 5 * k) / R, 0.98)) * side
                    part = small(m, 4.2 - 0.5 * k)
                    m.parts += moved(part, rotation("z", np.degrees(a)) @ front, (np.sin(a) * (R + 0.5), -np.cos(a) * (R * 0.88 + 0.5), 0))
        return False
    # Laid out: an open curve across the cloth.
    u = np.linspace(-1, 1, 120)
    bend = s.number("bend", -22, 26)
    wave = s.number("wave", 0, 9)
    path = np.stack([u * 50, bend * (u**2 - 0.4) + wave * np.sin(u * 3.5)], 1)
    kind = s.form
    d = np.gradient(path, axis=0)
    angle = np.degrees(np.arctan2(d[:, 1], d[:, 0]))

    def put(part, f, scale=None):
        i = int(np.clip((f + 1) / 2 * 119, 0, 119))
        m.parts.extend(moved(part, rotation("z", angle[i]), (*path[i], 0.2), scale))

    if kind == "line":
        n = s.pick("stones", 15, 27)
        part = small(m, 100 / n * 0.86)
        other = head(m, 7.5) if s.number("centre") > 0.4 else None
        for i, f in enumerate(np.linspace(-0.96, 0.96, n)):
            if other is None or abs(f) > 0.17:
                put(part, f) if i % 2 == 0 or not s.accent else put(_swap(m, 100 / n * 0.86), f)
        if other is not None:
            put(other, 0)
        m.wire(np.column_stack([path, np.full(120, 0.9)]), 0.7)
    elif kind == "panels":
        n = s.pick("panels", 5, 9)
        part = head(m, 50 / n * 0.82)
        wide = max(reach(part, 0, 1), reach(part, 0, -1))
        part = moved(part, scale=min(1.0, 48 / n / wide))
        for f in np.linspace(-0.88, 0.88, n):
            put(part, f)
        for side in (1, -1):
            m.wire(np.column_stack([path + [0, side * 1.4], np.full(120, 0.8)]), 0.5)
    elif kind == "beads" and m.name("main"):
        n = s.pick("beads", 15, 25)
        w = 100 / n * 0.92
        part = head(m, 8.0)
        for f in np.linspace(-0.96, 0.96, n):
            if abs(f) > 0.14:
                i = int((f + 1) / 2 * 119)
                if s.stone in ("pearl", "coral", "turquoise", "onyx", "jade", "lapis lazuli", "carnelian"):
                    m.used.add(s.stone)
                    m.parts.append(ball(w / 2, (*path[i], w / 2), 2, "solid", m.tint(s.stone)))
                else:
                    m.set("main", "round cabochon" if s.cut in ("cabochon", "round cabochon") else "brilliant", w * 0.95, (*path[i], 0), style="bezel")
        put(part, 0)
        m.wire(np.column_stack([path, np.full(120, w * 0.4)]), 0.4)
    else:
        style = s.pick("link", 0, 2)
        n = s.pick("links", 9, 17)
        size = 100 / n / 2
        t = np.linspace(0, 2 * np.pi, 26, endpoint=False)
        if style == 0:
            link = tube(np.stack([np.cos(t) * size * 1.15, np.sin(t) * size * s.number("tall", 0.7, 1.3), 0 * t], 1), size * s.number("wire", 0.14, 0.3), 8, True)
        elif style == 1:
            o = np.array([[1, 0.6], [0.8, 0.8], [-0.8, 0.8], [-1, 0.6], [-1, -0.6], [-0.8, -0.8], [0.8, -0.8], [1, -0.6]]) * size * 0.98
            link = plate(o, [(1.0, 0.9), (0.9, 1.3), (0.3, 1.3 + s.number("puff", -0.4, 1.2))])
        else:
            link = tube(np.stack([np.cos(t) * size * 1.1, np.sin(t) * size * 0.9, 0 * t], 1), size * 0.24, 8, True).moved(rotation("x", 35))
        other = head(m, s.number("head", 6.5, 10.5))
        hang = s.number("charm") > 0.65
        for i, f in enumerate(np.linspace(-0.92, 0.92, n)):
            if abs(f) * 50 > reach(other, 0, 1) + size * 0.3 or hang:
                j = int((f + 1) / 2 * 119)
                m.add(link.moved(rotation("z", angle[j]) @ rotation("x", 12 if i % 2 else -10), (*path[j], size * 0.3 + 0.6)), second=i % 2 == 1)
        if hang:
            y = np.interp(0, u, path[:, 1]) - size - reach(other, 1, 1) - 0.6
            m.parts += moved(other, offset=(0, y, 0.2))
        else:
            put(other, 0)
    return True


def _swap(m: Maker, width: float) -> list[Part]:
    """The other stone of an alternating line."""
    kept, m.parts = m.parts, []
    m.set("accent", "brilliant", width)
    parts, m.parts = m.parts, kept
    return parts


# Brooches ----------------------------------------------------------------------------------------------------------------
def brooch(m: Maker) -> bool:
    s = m.spec
    r = 13 + 7 * s.size
    if s.form == "bar":
        long = s.number("long", 24, 34)
        if s.number("double bar") > 0.5:
            for side in (1, -1):
                m.wire([[-long, side * 1.6, 1.0], [long, side * 1.6, 1.0]], 0.7)
        else:
            m.add(sweep([[-long, 0, 0.9], [0, 0, 0.9], [long, 0, 0.9]], np.array([0, 1.0, 0]), np.array([0, 0, 1.0]), HALF_ROUND, [0.8, 1.6, 0.8], 0.8, crease=True))
        part = head(m, s.number("head", 7, 11))
        m.parts += moved(part, offset=(0, 0, 0.8))
        ends = small(m, s.number("end", 3.0, 5.5))
        for side in (1, -1):
            m.parts += moved(ends, offset=(side * long, 0, 0.6))
            if s.number("mid") > 0.55:
                m.parts += moved(small(m, 3.2), offset=(side * (long + reach(part, 0, 1)) / 2, 0, 1.0))
    elif s.form == "frame":
        kind = ("oval", "brilliant", "marquise", "emerald", "cushion")[s.pick("frame", 0, 4)]
        o = outline(kind, 72)
        turn = s.number("lie") > 0.5
        o = o[:, ::-1] if turn else o
        o = o / np.abs(o).max() * r * 1.25
        m.ribbon(np.column_stack([o, np.full(len(o), 0.8)]), s.number("edge", 0.6, 1.6), 0.8, True)
        if s.number("rim") > 0.4:
            m.border(o * 1.02, 1.5, 0.45, ("bead", "rope", "plain")[s.pick("rim kind", 0, 2)])
        if s.stone and s.number("frame stones") > 0.5:
            p, a = along(o, s.pick("count", 8, 16))
            for q in p:
                m.parts += moved(small(m, 2.6), offset=(*q, 0.7))
        inner = np.abs(o).min(axis=0)
        part = head(m, r * 0.66)
        fit = min(1.0, 0.92 * np.abs(o[:, 0]).max() / reach(part, 0, 1), 0.92 * np.abs(o[:, 1]).max() / reach(part, 1, 1))
        m.parts += moved(part, scale=fit)
        del inner
        for a in np.arange(4) * np.pi / 2 + (np.pi / 4 if s.number("struts") > 0.5 else 0):
            d = np.array([np.cos(a), np.sin(a)])
            hit = o[np.argmax(o @ d / np.linalg.norm(o, axis=1))]
            m.wire([[*(hit * 0.3), 0.6], [*hit, 0.8]], 0.5)
    elif s.form == "spray":
        part = head(m, r * 0.72)
        m.parts += moved(part, offset=(0, r * 0.35, 0.8))
        n = s.pick("stems", 2, 5)
        for i in range(n):
            f = (i - (n - 1) / 2) / max(n - 1, 1)
            t = np.linspace(0, 1, 14)
            p = np.column_stack([f * r * s.number("fan", 0.5, 1.6) * t**1.4, r * (0.2 - 1.6 * t), np.full(14, 0.8)])
            m.wire(p, np.linspace(0.09, 0.04, 14) * r)
            if s.number("buds") > 0.4:
                m.parts += moved(small(m, 0.26 * r), offset=(*p[-1, :2], 0.3))
            if s.number("leaves") > 0.35:
                from .heads_motifs import _leaf_parts

                for side in (1, -1):
                    body = _leaf_parts(r * 0.42, r * 0.2, 0.7, 0.06 * r, 0)[0]
                    m.add(body.moved(rotation("z", side * -70 + 180), (*p[7, :2], 0.5)))
    else:
        m.parts += head(m, r)
        if s.number("pin ends") > 0.7:
            for side in (1, -1):
                x = reach(m.parts, 0, side)
                m.parts += moved(small(m, 4.0), offset=(side * (x + 1.4), 0, 0.3))
    return True


BUILDERS = {"ring": ring, "earrings": earrings, "pendant": pendant, "necklace": necklace, "bracelet": bracelet, "brooch": brooch}
