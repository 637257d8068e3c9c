"""Bracelets: bangles and cuffs standing, the rest laid out flat with their clasps."""

from __future__ import annotations

import numpy as np

from ..geometry.gems import ASPECT
from ..geometry.mesh import Part, moved, plate, rotation, sweep, tube
from ..spec import CHANNELLED
from .fittings import box_clasp, clasp, head, reach, small
from .maker import BEAD_STONES, HALF_ROUND, KNIFE, SOFT_RECT, Maker


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

    def fasten(box: bool, size: float) -> None:
        for end, way in ((0, -1), (-1, 1)):
            if box:
                box_clasp(m, path[end], d[end] * way, size, way > 0)
            else:
                clasp(m, path[end], d[end] * way, size, way > 0)

    if kind == "line" and s.setting == "channel" and s.cut in CHANNELLED:
        cut = s.cut
        tall = s.number("broad", 3.2, 5.0)
        m.channel(path, tall / ASPECT[cut], tall, cut)
        if s.number("centre") > 0.55:
            put(moved(head(m, 7.5), offset=(0, 0, 0.6 * tall)), 0)
        fasten(True, 0.5 * tall)
    elif kind == "line":
        n = s.pick("stones", 15, 27)
        part = small(m, 100 / n * 0.86)
        other = head(m, 7.5) if s.number("centre") > 0.4 else None
        for i, f in enumerate(np.linspace(-0.96, 0.96, n)):
            if other is None or abs(f) > 0.17:
                put(part, f) if i % 2 == 0 or not s.accent else put(_swap(m, 100 / n * 0.86), f)
        if other is not None:
            put(other, 0)
        m.wire(np.column_stack([path, np.full(120, 0.9)]), 0.7)
        fasten(True, 2.2)
    elif kind == "panels":
        n = s.pick("panels", 5, 9)
        part = head(m, 50 / n * 0.82)
        wide = max(reach(part, 0, 1), reach(part, 0, -1))
        part = moved(part, scale=min(1.0, 48 / n / wide))
        for f in np.linspace(-0.88, 0.88, n):
            put(part, f)
        for side in (1, -1):
            m.wire(np.column_stack([path + [0, side * 1.4], np.full(120, 0.8)]), 0.5)
        fasten(True, 2.6)
    elif kind == "beads" and m.name("main"):
        n = s.pick("beads", 15, 25)
        w = 100 / n * 0.92
        part = head(m, 8.0)
        for f in np.linspace(-0.96, 0.96, n):
            if abs(f) > 0.14:
                i = int((f + 1) / 2 * 119)
                if s.stone in BEAD_STONES:
                    m.used.add(s.stone)
                    m.bead("main", w, (*path[i], w / 2))
                else:
                    m.set("main", "round cabochon" if s.cut in ("cabochon", "round cabochon") else "brilliant", w * 0.95, (*path[i], 0), style="bezel")
        put(part, 0)
        m.wire(np.column_stack([path, np.full(120, w * 0.4)]), 0.4)
        fasten(False, 1.5)
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
        fasten(False, 1.6)
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
