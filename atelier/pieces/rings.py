"""Rings: the shank, and the head on it, or stones all the way round."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..geometry.gems import ASPECT
from ..geometry.mesh import Part, balls, lathe, moved, rotation, sweep, tube
from ..vocabulary import STONES
from .fittings import head, small
from .maker import HALF_ROUND, KNIFE, SOFT_RECT, Maker

SECTIONS = {"d-shape": HALF_ROUND, "flat": SOFT_RECT, "tapered": HALF_ROUND, "cathedral": HALF_ROUND, "split": HALF_ROUND}


def eternity(m: Maker, R: float) -> None:
    """Stones all the way round a narrow band: in a channel, in claws or in collets."""
    s = m.spec
    cut = s.cut if ASPECT[s.cut] < 2.5 and s.cut not in ("pear", "marquise") else "brilliant"
    w = 1.7 + 1.5 * s.size
    tall = ASPECT[cut] * w  # across the band
    seat = 0.5  # of metal between the finger and the stones
    R1 = R + seat
    n = int(2 * np.pi * (R1 + 0.4 * w) / (w * (1.06 if s.setting == "channel" else 1.13 if s.setting == "claw" else 1.3)))
    made = {}
    for which in ("main", "accent") if s.accent else ("main",):
        kept, m.parts = m.parts, []
        if s.setting == "channel":
            m.loose(which, cut, w, (0, 0, 0.45 * w))
        else:
            own = cut if cut in STONES[m.name(which)].cuts else "brilliant"
            m.set(which, own, min(w, tall / ASPECT[own]))
        made[which], m.parts = m.parts, kept
    for i in range(n):
        a = 2 * np.pi * i / n
        m.parts += moved(made["accent" if s.accent and i % 2 else "main"], rotation("y", np.degrees(a)), (np.sin(a) * R1, 0, np.cos(a) * R1))
    t = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    radial = np.stack([np.sin(t), 0 * t, np.cos(t)], 1)
    axis = np.array([0, 1.0, 0])
    m.add(sweep(radial * (R + seat / 2), axis, radial, SOFT_RECT, tall * 0.42, seat / 2, True, crease=True))
    rail = 0.1 * w + 0.08
    if s.setting == "channel":
        m.used.add("channel")
        for side in (1, -1):
            m.add(sweep(radial * (R1 + 0.27 * w) + axis * side * (tall / 2 + rail * 0.7), axis, radial, SOFT_RECT, rail, 0.3 * w + seat * 0.5, True, crease=True))
    if s.edge:
        k = int(2 * np.pi * (R1 + 0.4 * w) / 0.42)
        b = np.arange(k) * 2 * np.pi / k
        out = np.stack([np.sin(b), 0 * b, np.cos(b)], 1) * (R1 + (0.58 * w + seat * 0.3 if s.setting == "channel" else 0.06 * w))
        for side in (1, -1):
            m.add(balls(out + axis * side * (tall / 2 + rail * 0.7 if s.setting == "channel" else tall * 0.45), 0.2))
        m.used.add("milgrain")


def bent(parts: list[Part], R: float) -> list[Part]:
    """A long head bent about the finger: what is x mm along it comes to lie x mm round a circle of radius R."""
    out = []
    for p in parts:
        a = p.v[:, 0] / R
        c, s = np.cos(a), np.sin(a)
        x, z = p.n[:, 0], p.n[:, 2]
        v = np.stack([(R + p.v[:, 2]) * s, p.v[:, 1], (R + p.v[:, 2]) * c - R], 1)
        out.append(replace(p, v=v, n=np.stack([x * c + z * s, p.n[:, 1], z * c - x * s], 1)))
    return out


def ring(m: Maker) -> bool:
    s = m.spec
    R = s.number("finger", 8.2, 9.6)
    if s.form == "eternity" and m.name("main") not in (None, "pearl"):
        eternity(m, R)
        return False
    if s.form == "eternity":
        m.form = "d-shape"
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
    if s.head in ("channel", "filigree"):
        top = bent(top, R + thick + 1.0)
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
