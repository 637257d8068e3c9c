"""Brooches: a head alone, on a bar, on a spray or in a frame."""

from __future__ import annotations

import numpy as np

from ..geometry.gems import outline
from ..geometry.mesh import moved, rotation, sweep
from .fittings import head, reach, small
from .heads_motifs import leaf_part
from .maker import HALF_ROUND, Maker, along


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
        part = head(m, r * 0.66)
        fit = min(1.0, 0.92 * np.abs(o[:, 0]).max() / reach(part, 0, 1), 0.92 * np.abs(o[:, 1]).max() / reach(part, 1, 1))
        m.parts += moved(part, scale=fit)
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
            sway = s.number("sway", -0.5, 0.5)
            apart = f * s.number("fan", 0.5, 1.3) * (0.22 + 2.4 * (t - 0.45) ** 2)  # drawn together where they are tied
            p = np.column_stack([r * (apart + sway * t**2), r * (0.2 - 1.5 * t - 0.12 * abs(f) * t), 0.8 + 0.1 * r * np.sin(t * np.pi) * (1 - abs(f))])
            m.wire(p, np.linspace(0.09, 0.04, 14) * r)
            if s.number("buds") > 0.4:
                m.parts += moved(small(m, 0.26 * r), offset=(*p[-1, :2], 0.3))
            if s.number("leaves") > 0.35:
                for side in (1, -1):
                    body = leaf_part(r * 0.42, r * 0.2, 0.7, 0.06 * r)
                    m.add(body.moved(rotation("z", side * -70 + 180), (*p[7, :2], 0.5)))
        tie = np.array([[r * (sway * 0.2 - 0.2), -0.47 * r, 0.9 + 0.06 * r], [r * (sway * 0.2 + 0.2), -0.47 * r, 0.9 + 0.06 * r]])
        m.ribbon(tie, 0.09 * r, 0.09 * r, section=HALF_ROUND)
    else:
        m.parts += head(m, r)
        if s.number("pin ends") > 0.7:
            ends = {side: reach(m.parts, 0, side) + 1.4 for side in (1, -1)}
            m.wire([[-ends[-1], 0, 0.7], [ends[1], 0, 0.7]], 0.55)
            for side in (1, -1):
                x = ends[side] - 1.4
                m.parts += moved(small(m, 4.0), offset=(side * (x + 1.4), 0, 0.3))
    return True
