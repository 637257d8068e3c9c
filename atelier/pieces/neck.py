"""Pendants and necklaces, laid out flat."""

from __future__ import annotations

import numpy as np

from ..geometry.gems import ASPECT, outline
from ..geometry.mesh import moved, plate, rotation, tube
from .fittings import bolt, chain, head, reach, small, tip
from .maker import BEAD_STONES, HALF_ROUND, Maker


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
        x0, low = tip(m.parts, -1)
        size = s.number("drop", 3.5, 6.5)
        m.wire([[x0, low + 0.4], [x0, low - 1.6]], 0.4)
        if s.form == "double":
            extra = head(m, r * 0.5)
            m.parts += moved(extra, offset=(x0 - tip(extra, 1)[0], low - 1.4 - reach(extra, 1, 1), 0))
        else:
            m.parts += moved(small(m, size), offset=(x0, low - 1.4 - size * 0.65, 0))
    x0, high = tip(m.parts, 1)
    bail = np.array([[0, high - 0.6], [-1.1, high + 1.6], [0, high + 3.2], [1.1, high + 1.6]]) + [x0, 0]
    m.add(tube(np.column_stack([bail, np.full(4, 1.0)]), 0.5, 7, True))
    if s.number("on a chain") > 0.4:  # a fine chain, doubled up behind its clasp; or none: dealers often sell the pendant alone
        kind, size = s.pick("chain", 0, 3), s.number("chain size", 0.42, 0.7)
        t = np.linspace(-1, 1, 90) * np.pi * 0.94
        tall, lean = r * s.number("rise", 1.5, 2.1), s.number("lean", -0.35, 0.35)
        y = (1 - np.cos(t)) / 2
        x = r * s.number("spread", 0.75, 1.2) * np.sin(t) * (0.25 + 0.75 * y) * 1.1
        path = np.column_stack([x0 + x + lean * r * y**2, high + 2.7 + tall * y])
        chain(m, path, size, kind)
        bolt(m, path, size * 1.1)
    return True


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
            elif m.name(which) and m.name(which) in BEAD_STONES:
                m.used.add(m.name(which))
                m.bead(which, w * 1.12, (*p[i], w * 0.55))
            else:
                m.set(which, "brilliant", w, (*p[i], 0), a, style="bezel")
        m.wire(np.column_stack([path, np.full(len(path), 1.0)]), 0.5)
        bolt(m, path, 1.3)
        if s.number("pendant") > 0.55:
            part = head(m, 9 + 5 * s.size)
            m.parts += moved(part, offset=(0, path[:, 1].min() - reach(part, 1, 1) - 2, 0))
        return True
    if s.form == "collar":
        t = np.abs(mid)
        m.ribbon(np.column_stack([path, np.full(len(path), 1.2)]), 1.2 + s.number("broad", 1.5, 5) * (1 - t) ** 1.2, 1.1, section=HALF_ROUND)
        m.parts += moved(head(m, 11 + 5 * s.size), offset=(0, path[:, 1].min(), 1.8))
        bolt(m, path, 1.3)
        return True
    if s.form == "fringe":
        chain(m, path, size, kind)
        bolt(m, path, size)
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
        chain(m, path, 1.1, 0)
        bolt(m, path, 1.4)
        for i in range(n):
            q = np.array([np.interp(f[i], mid, path[:, k]) for k in (0, 1)])
            a = np.degrees(np.arctan2(q[1], q[0] * 1.3)) + 90
            m.parts += moved(part, rotation("z", a), (*q, 0.2), scale=1 - 0.35 * abs(f[i]))
        return True
    chain(m, path, size, kind)
    bolt(m, path, size)
    part = head(m, 15 + 7 * s.size)
    low = path[:, 1].min()
    m.parts += moved(part, offset=(0, low - reach(part, 1, 1) * (0.9 if s.number("hang") > 0.4 else 0.1), 0.4))
    if s.number("sides") > 0.5:
        for f in (0.12, 0.2, 0.28)[: s.pick("side count", 1, 3)]:
            for side in (1, -1):
                q = [np.interp(side * f * 1.3, mid, path[:, k]) for k in (0, 1)]
                m.parts += moved(small(m, 7.0 - 8 * f), offset=(*q, 0.3))
    return True
