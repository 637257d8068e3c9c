"""Earrings: studs, drops, hoops and chandeliers, with the wires that go through the ear."""

from __future__ import annotations

import numpy as np

from ..geometry.mesh import Part, ball, moved, rotation
from .fittings import chain, ear_hook, head, reach, small, tip
from .maker import Maker

BEHIND = 3.2  # mm of a post below the front: shortened, since a stud laid on a table stands on it


def hooked(m: Maker) -> None:
    """The wire through the ear: a crook above the topmost part, or a post behind it."""
    top = reach(m.parts, 1, 1)
    if m.spec.hooks:
        ear_hook(m, (0, top - 0.1), 1)
    else:
        post(m, (0, top - 1.6), 0.3)


def post(m: Maker, at, lift: float) -> None:
    """A post with its scroll behind a stud, BEHIND mm long below z = `lift`."""
    x, y = at
    m.wire([[x, y, lift], [x, y, lift - BEHIND]], 0.4)
    for side in (1, -1):
        t = np.linspace(0, 1, 18)
        a = t * 1.5 * 2 * np.pi
        rad = 1.4 * (1 - 0.6 * t)
        m.ribbon(np.column_stack([x + side * (1.2 + np.cos(a) * rad), y + np.sin(a) * rad, np.full(18, lift - 0.72 * BEHIND)]), 0.14, 0.7)


def earrings(m: Maker) -> bool:
    s = m.spec
    one: list[Part]
    kept, m.parts = m.parts, []
    if s.form == "stud":
        r = 5 + 4 * s.size
        m.parts += head(m, r)
        post(m, (0, 0), 0.3)
    elif s.form == "drop":
        r = 6 + 4 * s.size
        m.parts += head(m, r)
        x0, high = tip(m.parts, 1)
        m.parts = moved(m.parts, offset=(-x0, 0, 0))
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
        hooked(m)
    elif s.form == "hoop":
        R = s.number("hoop", 8, 14)
        a = np.linspace(0.12, 2 * np.pi - 0.12, 60) + np.pi / 2
        swell = 0.35 + s.number("swell", 0.3, 1.1) * (1 - np.cos(np.linspace(0, 2 * np.pi, 60))) / 2
        m.wire(np.column_stack([np.cos(a) * R, np.sin(a) * R, np.full(60, 1.2)]), swell + 0.35, sides=10)
        m.wire(np.column_stack([np.cos(b := np.linspace(-0.16, 0.16, 9) + np.pi / 2) * R, np.sin(b) * R, np.full(9, 1.2)]), 0.3, sides=6)
        m.add(ball(0.75, (np.cos(np.pi / 2 - 0.15) * R, np.sin(np.pi / 2 - 0.15) * R, 1.2), 2))
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
        hooked(m)
    one, m.parts = m.parts, kept
    wide = max(reach(one, 0, 1), reach(one, 0, -1))
    apart = wide + s.number("apart", 1.5, 5.0)
    slant = s.number("slant", -8, 8)
    m.parts += moved(one, rotation("z", slant), (-apart, 0, 0))
    mirrored = moved(one, rotation("z", -slant), (apart, 0, 0))
    m.parts += mirrored
    return True
