"""Heads led by a motif: flower, leaf, star, crescent, heart, fan, bow, bar, orbit, scroll, snake."""

from __future__ import annotations

import numpy as np

from ..geometry.gems import ASPECT
from ..geometry.mesh import Part, ball, moved, plate, rotation, sweep
from .maker import HALF_ROUND, KNIFE, SOFT_RECT, Maker, along

T = np.linspace(0, 2 * np.pi, 44, endpoint=False)


def petal(length: float, width: float, tip: float) -> np.ndarray:
    """A petal or leaf outline along +y from the origin; `tip` 0 is round, 1 pointed."""
    t = np.linspace(0, 1, 16)
    half = width / 2 * np.sin(np.pi * t ** (0.8 + 0.25 * (1 - tip))) ** (0.6 + 0.5 * tip)
    return np.concatenate([np.stack([half, t * length], 1), np.stack([-half, t * length], 1)[-2:0:-1]])


def leaf_part(length: float, width: float, tip: float, high: float) -> Part:
    """A leaf along +y with a raised midrib."""
    o = petal(length, width, tip)
    return plate(o, [(1.0, 0.25), (0.72, 0.25 + high * 0.6), (0.3, 0.25 + high)], centre=(0, length * 0.48))


def flower(m: Maker, r: float) -> None:
    s = m.spec
    n = s.pick("petals", 4, 9)
    layers = 2 if s.number("double") > 0.6 else 1
    tip = s.number("tip")
    stones = bool(s.accent) and s.number("stone petals") > 0.45
    centre = r * s.number("centre", 0.45, 0.8)
    for layer in range(layers):
        k = 1.0 - 0.34 * layer
        length, width = r * k, 2 * r * k * np.tan(np.pi / n) * s.number("broad", 0.7, 1.05)
        width = min(width, r * 1.1)
        for i in range(n):
            a = 360 / n * (i + 0.5 * layer)
            turn = rotation("z", a)
            tilt = rotation("x", s.number("cup", 4, 22) + 8 * layer)
            body = leaf_part(length * 0.92, width, tip, 0.12 * r).moved(turn @ tilt, turn @ np.array([0, 0.1 * r, 0.25 * r + layer * 0.18 * r]))
            m.enamel(body) if layer == 0 or not s.enamel else m.add(body)
            if stones and layer == 0:
                c = turn @ np.array([0, r * 0.62, 0])
                m.set("accent", "brilliant", min(0.42 * width, 0.36 * r), (c[0], c[1], 0.5 * r), a, style="bezel")
    if s.stone:
        m.set("main", s.cut if ASPECT[s.cut] < 1.3 else "brilliant", centre, (0, 0, 0.35 * r + 0.1 * r * layers))
    if s.accent and not stones:
        for a in np.arange(8) * np.pi / 4:
            m.set("accent", "brilliant", 0.17 * r, (np.cos(a) * centre * 0.75, np.sin(a) * centre * 0.75, 0.42 * r), style="bezel")


def leaf(m: Maker, r: float) -> None:
    s = m.spec
    kind = s.pick("kind", 0, 2)
    tip = s.number("tip", 0.3, 1)
    if kind == 0:  # one large leaf with ribs
        width = r * s.number("width", 0.75, 1.3)
        body = leaf_part(2 * r, width, tip, 0.2 * r).moved(offset=(0, -r, 0))
        m.enamel(body)
        y = np.linspace(-1.15, 0.85, 12) * r
        m.wire(np.column_stack([0.06 * r * np.sin(y), y, np.full(12, 0.34 + 0.17 * r)]), np.linspace(0.09, 0.03, 12) * r)
        for f in np.linspace(-0.55, 0.5, s.pick("ribs", 3, 6)):
            for side in (1, -1):
                reach = width * 0.36 * np.cos(f * 1.3)
                m.wire([[0, f * r, 0.3 + 0.17 * r], [side * reach * 0.5, (f + 0.13) * r, 0.27 + 0.12 * r], [side * reach, (f + 0.3) * r, 0.3]], 0.035 * r)
        if s.stone:
            m.set("main", s.cut, 0.5 * r / ASPECT[s.cut] ** 0.5, (0, -0.75 * r, 0.3 + 0.1 * r), style="bezel")
    else:  # a spray: leaves along a stem, or a wreath
        n = s.pick("leaves", 4, 8)
        if kind == 1:
            t = np.linspace(0, 1, 30)
            bend = s.number("bend", -0.7, 0.7)
            stem = np.stack([bend * r * np.sin(t * np.pi) - bend * r * 0.5, (2 * t - 1) * r * 1.1], 1)
        else:
            a = np.linspace(-0.4, np.pi * 1.5, 30) + s.number("open", 0, 1.5)
            stem = np.stack([np.cos(a), np.sin(a)], 1) * r * 0.8
        m.wire(stem, np.linspace(0.1, 0.05, 30) * r)
        d = np.gradient(stem, axis=0)
        for i in range(n):
            j = int(2 + i * 27 / n)
            heading = np.degrees(np.arctan2(d[j, 1], d[j, 0])) - 90
            for side in (1, -1) if kind == 1 or s.number("pairs") > 0.4 else (1 if i % 2 else -1,):
                turn = rotation("z", heading - side * s.number("angle", 30, 65))
                body = leaf_part(r * s.number("leaf", 0.45, 0.7), r * s.number("wide", 0.2, 0.38), tip, 0.1 * r)
                m.enamel(body.moved(turn @ rotation("y", side * 12), (*stem[j], 0.1 * r)))
        if s.stone:
            for k in range(s.pick("berries", 1, 4)):
                j = int(28 - k * 26 / 4)
                m.set("main", "brilliant" if ASPECT[s.cut] > 1.2 else s.cut, 0.36 * r, (*stem[j], 0.12 * r), style="bezel")
    if s.accent:
        for k in range(3):
            m.set("accent", "brilliant", 0.2 * r, ((k - 1) * 0.28 * r, -1.1 * r, 0.15 * r), style="bezel")


def star(m: Maker, r: float) -> None:
    s = m.spec
    n = (5, 6, 8, 8, 12)[s.pick("rays", 0, 4)]
    inner = s.number("inner", 0.28, 0.55)
    a = np.arange(2 * n) * np.pi / n + np.pi / 2
    rad = np.where(np.arange(2 * n) % 2 == 0, 1.0, inner)
    if n >= 8:
        rad[2::4] *= s.number("short", 0.6, 1.0)
    o = np.stack([np.cos(a) * rad, np.sin(a) * rad], 1) * r
    m.enamel(plate(o, [(1.0, 0.35), (0.05, 0.35 + 0.22 * r)]))
    which = "any"
    centre = r * inner * s.number("centre", 0.8, 1.15)
    if s.stone:
        m.set("main", s.cut if ASPECT[s.cut] < 1.2 else "brilliant", centre, (0, 0, 0.25 + 0.16 * r), style="bezel")
    if s.stone and (s.accent or s.number("ray stones") > 0.4):
        k = s.pick("ray count", 1, 3)
        for i in range(0, 2 * n, 2):
            f = np.linspace(0.42 if k > 1 else 0.5, 0.78, k)
            p = np.stack([np.cos(a[i]) * f, np.sin(a[i]) * f], 1) * r * rad[i]
            m.row(which, p, 0.22 * r * (1.3 - f) * min(1.3, 8 / n), "brilliant", 0.32 + 0.06 * r, style="bezel", grain=False)


def crescent(m: Maker, r: float) -> None:
    s = m.spec
    sweep_angle = s.number("open", 3.6, 5.2)
    a = np.linspace(-sweep_angle / 2, sweep_angle / 2, 40) - np.pi / 2
    thick = r * s.number("thick", 0.2, 0.36) * np.cos(np.linspace(-1, 1, 40) * 1.45) ** 0.8
    path = np.stack([np.cos(a), np.sin(a)], 1) * (r - thick * 0.6)[:, None]
    m.ribbon(np.column_stack([path, np.full(40, 0.5)]), np.maximum(thick, 0.08), 0.5, section=HALF_ROUND)
    if s.stone:
        n = s.pick("stones", 7, 15)
        f = np.linspace(0.12, 0.88, n)
        p = np.stack([np.interp(f, np.linspace(0, 1, 40), path[:, k]) for k in (0, 1)], 1)
        w = np.interp(f, np.linspace(0, 1, 40), thick) * 1.5
        cut = s.cut if ASPECT[s.cut] < 1.15 and s.cut != "rose" else "brilliant"
        for i in range(n):
            m.set("accent" if s.accent and i % 2 else "main", cut, min(w[i], sweep_angle * r * 0.72 / n), (*p[i], 0.55), np.degrees(np.arctan2(p[i, 1], p[i, 0])), style="bead")
    extra = s.pick("inside", 0, 2)
    if extra == 1:
        o = np.stack([np.cos(np.arange(10) * np.pi / 5 + np.pi / 2), np.sin(np.arange(10) * np.pi / 5 + np.pi / 2)], 1) * np.where(np.arange(10) % 2 == 0, 1, 0.42)[:, None]
        m.add(*moved([plate(o * 0.34 * r, [(1, 0.4), (0.05, 0.8)])], offset=(0, 0.35 * r, 0)))
    elif extra == 2 and s.stone:
        m.set("main", s.cut, 0.42 * r, (0, 0.15 * r, 0.3), style="bezel")
        m.wire([[0, 0.15 * r], [0, -0.7 * r]], 0.05 * r)


def _heart(n: int = 56) -> np.ndarray:
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    x = 16 * np.sin(t) ** 3
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return np.stack([x / 16, (y + 2) / 15.5], 1)


def heart(m: Maker, r: float) -> None:
    s = m.spec
    o = _heart() * r * np.array([s.number("wide", 0.85, 1.05), 1.0])
    kind = s.pick("kind", 0, 2)
    if kind == 0:  # padlock-like, puffed
        m.enamel(plate(o, [(1.0, 0.4), (0.95, 0.3 * r), (0.8, 0.42 * r), (0.4, 0.5 * r)], centre=(0, 0.1 * r)))
        if s.stone:
            m.set("main", s.cut, 0.55 * r / ASPECT[s.cut] ** 0.5, (0, 0.05 * r, 0.44 * r), style="bezel")
        if s.accent:
            p, t = along(o * 0.72, 14)
            m.row("accent", p, 0.15 * r, z=0.42 * r, turns=t)
    else:  # an open heart, plain or set all round
        width = r * s.number("band", 0.1, 0.2)
        m.ribbon(np.column_stack([o, np.full(len(o), 0.5)]), width, 0.5, True)
        if s.stone:
            p, t = along(o, s.pick("stones", 14, 22), start=0.5)
            if kind == 2:
                m.row("any", p, width * 1.5, z=0.85, turns=t)
                m.set("main", s.cut, 0.7 * r / ASPECT[s.cut] ** 0.5, (0, -0.02 * r, 0.2))
            else:
                for i, (q, turn) in enumerate(zip(p, t, strict=True)):
                    m.set("accent" if s.accent and i % 2 else "main", "brilliant", width * 1.55, (*q, 0.85), turn, style="bead")
        elif kind == 2:
            m.add(ball(0.22 * r, (0, -0.05 * r, 0.4 * r), 2))
            m.wire([[0, 0.55 * r, 0.4], [0, -0.05 * r, 0.5]], 0.08 * r)
    if s.number("arrow") > 0.75:
        m.wire([[-1.2 * r, -0.6 * r, 0.6], [1.2 * r, 0.6 * r, 0.6]], 0.07 * r)


def fan(m: Maker, r: float) -> None:
    s = m.spec
    n = s.pick("blades", 5, 11)
    spread = s.number("spread", 1.7, 3.1)
    a = np.linspace(-spread / 2, spread / 2, n) + np.pi / 2
    long = 1.5 * r
    step = spread / n
    tier = s.number("tier", 0.0, 0.35)
    foot = np.array([0, -0.65 * r])
    for i, ang in enumerate(a):
        length = long * (1 - tier * abs(i - (n - 1) / 2) / n * 2)
        w0, w1 = 0.1 * r, long * np.tan(step / 2) * 0.86
        o = np.array([[w0, 0.35 * r], [w1, length * 0.92], [0, length], [-w1, length * 0.92], [-w0, 0.35 * r]])
        body = plate(o, [(1.0, 0.4), (0.55, 0.4 + 0.07 * r)], centre=(0, length * 0.7)).moved(rotation("z", np.degrees(ang) - 90), (*foot, 0))
        if i % 2:
            m.enamel(body)
        else:
            m.add(body)
        if s.stone and (i % 2 == 0 or s.number("every") > 0.4):
            c = foot + np.array([np.cos(ang), np.sin(ang)]) * length * 0.8
            which = "accent" if s.accent and i % 2 == 0 else ("any" if s.accent else "main")
            if s.number("batons") > 0.5:
                c2 = foot + np.array([np.cos(ang), np.sin(ang)]) * length * 0.68
                m.set(which, "baguette", w1 * 0.95, (*c2, 0.36 + 0.03 * r), np.degrees(ang) - 90, style="bead")
            else:
                m.set(which, "brilliant", min(w1 * 1.25, 0.32 * r), (*c, 0.34), np.degrees(ang), style="bezel")
    if s.stone:
        m.set("main", s.cut, 0.72 * r / ASPECT[s.cut] ** 0.4, (*foot, 0.2))
    else:
        m.add(ball(0.3 * r, (*foot, 0.2 * r), 2))


def bow(m: Maker, r: float) -> None:
    s = m.spec
    t = np.linspace(0, 1, 26)
    droop = s.number("droop", -0.2, 0.35)
    full = s.number("full", 0.45, 0.8)
    width = r * s.number("width", 0.1, 0.22)
    stones = bool(s.stone) and s.number("set") > 0.4
    for side in (1, -1):
        ang = t * 2 * np.pi
        loop = np.stack([side * r * (0.62 - 0.62 * np.cos(ang)), r * full * np.sin(ang) * (0.35 + 0.65 * (1 - np.cos(ang)) / 2) - droop * r * (1 - np.cos(ang)) / 2], 1)
        m.ribbon(np.column_stack([loop, 0.3 + 0.16 * r * np.sin(t * np.pi) + 0.05 * r * (t > 0.5)]), width, 0.3, section=HALF_ROUND)
        tail = np.stack([side * r * (0.12 + s.number("splay", 0.3, 0.8) * t + 0.08 * np.sin(t * 7)), -r * 1.05 * t], 1)
        m.ribbon(np.column_stack([tail, np.full(26, 0.2)]), width * 0.85, 0.28, section=HALF_ROUND)
        if stones:
            p = loop[3:23]
            p, turn = along(p, s.pick("loop stones", 8, 13), closed=False)
            m.row("any", p, width * 1.35, z=0.42 + 0.15 * r, turns=turn)
    if s.stone:
        m.set("main", s.cut, r * s.number("knot", 0.36, 0.6) / ASPECT[s.cut] ** 0.5, (0, 0, 0.35 + 0.12 * r))
        if s.number("drop stone") > 0.5:
            m.wire([[0, -0.1 * r], [0, -0.8 * r]], 0.04 * r)
            m.set("main", s.cut, 0.42 * r / ASPECT[s.cut] ** 0.5, (0, -1.0 * r, 0.1))
    else:
        m.add(ball((0.24 * r, 0.28 * r, 0.24 * r), (0, 0, 0.2 * r), 2))
    if s.accent and not stones:
        for side in (1, -1):
            m.set("accent", "brilliant", 0.24 * r, (side * 0.62 * r, -droop * r * 0.5, 0.1 * r), style="bezel")


def bar(m: Maker, r: float) -> None:
    s = m.spec
    n = s.pick("bars", 2, 6)
    cross = s.number("cross") > 0.65
    profile = s.pick("profile", 0, 3)  # soft-edged, gabled, reeded or half round
    for i in range(n):
        x = (i - (n - 1) / 2) * (1.7 * r / n)
        half = r * s.number(f"length{i}", 0.5, 1.1)
        shift = r * s.number(f"shift{i}", -0.25, 0.25)
        w = 0.85 * r / n * s.number("gap", 0.55, 0.95)
        high = 0.5 + 0.5 * s.number(f"high{i}")
        if s.enamel and i % 2:
            c = min(0.3 * w, 0.4)
            o = np.array([[w, half - c], [w - c, half], [c - w, half], [-w, half - c], [-w, c - half], [c - w, -half], [w - c, -half], [w, c - half]])
            m.enamel(plate(o, [(1.0, 0.6), (0.94, 0.7 + 0.3 * high)]).moved(offset=(x, shift, 0)))
        elif profile == 2:  # reeded: round wires side by side
            reeds = max(2, round(w / 0.45))
            for k in range(reeds):
                at = x + ((k + 0.5) / reeds * 2 - 1) * w
                m.wire([[at, shift - half, 0.6], [at, shift + half, 0.6]], w / reeds * 1.02, second=i % 2 == 1)
        else:
            long = np.array([[x, shift - half, 0.5], [x, shift - half + 0.25, 0.5], [x, shift + half - 0.25, 0.5], [x, shift + half, 0.5]])
            ends = np.array([0.82, 1, 1, 0.82])
            m.add(sweep(long, np.array([1.0, 0, 0]), np.array([0, 0, 1.0]), (SOFT_RECT, KNIFE, None, HALF_ROUND)[profile], w * ends, high * ends, crease=True), second=i % 2 == 1)
    if cross:
        m.ribbon(np.array([[-1.0 * r, 0.15 * r, 0.4], [1.0 * r, -0.1 * r, 0.4]]), 0.14 * r, 0.5, second=True)
    elif not s.enamel:
        m.ribbon(np.array([[-0.85 * r, 0, 0.25], [0.85 * r, 0, 0.25]]), 0.1 * r, 0.25)
    else:
        m.ribbon(np.array([[-0.85 * r, 0, 0.2], [0.85 * r, 0, 0.2]]), 0.1 * r, 0.2)
    if s.stone:
        at = (r * s.number("sx", -0.5, 0.5), r * s.number("sy", -0.5, 0.5), 0.9)
        m.set("main", s.cut, r * s.number("stone", 0.5, 0.95) / ASPECT[s.cut] ** 0.5, at, style="bezel")
        if s.accent:
            for k in range(s.pick("accents", 2, 4)):
                m.set("accent", "brilliant", 0.22 * r, (-at[0] + (k - 1) * 0.3 * r, -at[1], 1.0), style="bezel")


def orbit(m: Maker, r: float) -> None:
    s = m.spec
    n = s.pick("rings", 1, 4)
    for i in range(n):
        k = 1 - i * s.number("step", 0.16, 0.3)
        off = (1 - k) * r * s.number("off", -0.9, 0.9)
        flat = s.number(f"flat{i}", 0.72, 1.0) if s.number("ellipse") > 0.5 else 1.0
        turn = np.radians(s.number(f"turn{i}", 0, 180))
        e = np.stack([np.cos(T) * k, np.sin(T) * k * flat], 1) * r
        e = e @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + [off, 0]
        if s.number("section") > 0.5:
            m.ribbon(np.column_stack([e, np.full(44, 0.4 + 0.2 * i)]), r * s.number("band", 0.05, 0.14), 0.4, True, second=i % 2 == 1)
        else:
            m.wire(e, r * s.number("band", 0.04, 0.11), True, second=i % 2 == 1)
    at = (r * s.number("px", -0.55, 0.55), r * s.number("py", -0.55, 0.55))
    size = r * s.number("planet", 0.45, 0.95)
    if s.stone:
        m.set("main", s.cut, size / ASPECT[s.cut] ** 0.5, (*at, 0.2), style="bezel")
        if s.accent:
            for k in range(s.pick("moons", 1, 4)):
                a = s.number(f"moon{k}", 0, 6.28)
                m.set("accent", "brilliant", 0.26 * r, (np.cos(a) * r, np.sin(a) * r, 0.3), style="bezel")
    elif s.number("dish") > 0.5:
        o = np.stack([np.cos(T), np.sin(T)], 1) * size * 0.6
        m.add(plate(o, [(1.0, 0.5), (0.9, 0.6), (0.4, 0.6 - 0.0 * r)]).moved(offset=(*at, 0)), second=True)
    else:
        m.add(ball(size * 0.45, (*at, size * 0.45), 3), second=True)


def scroll(m: Maker, r: float) -> None:
    s = m.spec
    turns = s.number("turns", 1.1, 2.0)
    arms = s.pick("arms", 2, 4)
    t = np.linspace(0, 1, 60)
    rad = r * 0.46 * (1 - t * 0.86)
    ang = t * turns * 2 * np.pi
    spiral = np.stack([np.cos(ang) * rad, np.sin(ang) * rad], 1)
    lead = spiral[0]
    for k in range(arms):
        turn = np.radians(360 / arms * k + s.number("phase", 0, 90))
        c, sn = np.cos(turn), np.sin(turn)
        flip = -1 if s.number("mirror") > 0.5 and k % 2 else 1
        p = (spiral - lead) * [1, flip] + [r * 0.05, 0]
        p = p + [0.98 * r, 0] if s.number("inward") > 0.5 else -p
        p = p @ np.array([[c, sn], [-sn, c]])
        m.wire(np.column_stack([p, np.full(60, 0.12 * r)]), r * (s.number("thick", 0.07, 0.14) * (1 - 0.65 * t) + 0.015))
        if s.accent:
            m.set("accent", "brilliant", 0.26 * r, (*p[-1], 0.1), style="bezel")
    if s.stone:
        m.set("main", s.cut, r * s.number("stone", 0.45, 0.75) / ASPECT[s.cut] ** 0.5, (0, 0, 0.15 * r), style="bezel")
    else:
        m.add(ball(0.2 * r, (0, 0, 0.15 * r), 2))


def snake(m: Maker, r: float) -> None:
    s = m.spec
    t = np.linspace(0, 1, 90)
    kind = s.pick("kind", 0, 1)
    thick = r * s.number("thick", 0.1, 0.17)
    if kind == 0:  # coiled
        turns = s.number("turns", 1.3, 2.3)
        ang = t * turns * 2 * np.pi
        rad = r * (0.35 + 0.62 * t)
        path = np.column_stack([np.cos(ang) * rad, np.sin(ang) * rad, thick + 0.12 * r * t])
        body = thick * np.minimum(1, 0.25 + 1.4 * t)
    else:  # sinuous
        waves = s.number("waves", 1.0, 2.2)
        path = np.column_stack([0.5 * r * np.sin(t * waves * 2 * np.pi), (2 * t - 1) * r * 1.1, thick + 0 * t])
        body = thick * np.minimum(1, 0.2 + 2.2 * t)
    m.wire(path, body, sides=10)
    end, d = path[-1], path[-1] - path[-4]
    d /= np.linalg.norm(d)
    ang = np.degrees(np.arctan2(d[1], d[0])) - 90
    turn = rotation("z", ang)
    head = ball((thick * 1.7, thick * 2.4, thick * 1.2), (0, 0, 0), 2).moved(turn, end + d * thick * 1.6)
    m.enamel(head)
    if s.stone:
        m.set("main", s.cut, thick * 2.5 / ASPECT[s.cut] ** 0.5, (*(end + d * thick * 1.7)[:2], end[2] + thick * 0.5), ang, style="bezel")
    if s.accent or not s.stone:
        for side in (1, -1):
            eye = end + d * thick * 2.6 + turn @ np.array([side * thick * 0.9, 0, thick * 0.55])
            if s.accent:
                m.loose("accent", "brilliant", thick * 0.75, tuple(eye))
            else:
                m.add(ball(thick * 0.3, eye, 1))


MOTIF_HEADS = {
    "flower": flower, "leaf": leaf, "star": star, "crescent": crescent, "heart": heart, "fan": fan, "bow": bow,
    "bar": bar, "orbit": orbit, "scroll": scroll, "snake": snake,
}  # fmt: skip
