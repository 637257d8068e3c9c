"""Heads led by their stones: solitaire, halo, cluster, rows, navette, panel, signet, bezel, pearls."""

from __future__ import annotations

import numpy as np

from ..geometry.gems import ASPECT, half_size, outline
from ..geometry.mesh import plate, rotation
from ..vocabulary import STONES
from .heads_motifs import leaf_part
from .maker import Maker, along


def _turn(m: Maker) -> float:
    """Long cuts lie along the finger or across it."""
    return 90.0 if m.spec.number("across") > 0.65 else 0.0


def solitaire(m: Maker, r: float) -> None:
    s = m.spec
    w = 1.75 * r / max(1.0, ASPECT[s.cut] ** 0.6)
    m.set("main", s.cut, w, turn=_turn(m))
    if s.accent:
        d = 0.34 * r
        hx = half_size(s.cut, w)[0 if _turn(m) == 0 else 1]
        for side in (-1, 1):
            m.set("accent", "brilliant", d * 1.2, (side * (hx + d * 0.75), 0, w * 0.1))


def halo(m: Maker, r: float) -> None:
    s = m.spec
    w = 1.25 * r / max(1.0, ASPECT[s.cut] ** 0.5)
    d = r * s.number("halo", 0.22, 0.4)
    z = w * 0.22
    rows = 2 if s.number("double") > 0.75 else 1
    m.set("main", s.cut, w, (0, 0, 0), style=s.setting)
    for k in range(rows):
        grow = 1 + (d * (0.62 + k * 1.05) + 0.12) / (w / 2)
        o = outline(s.cut, 48) * (w / 2) * grow
        length = np.linalg.norm(np.diff(np.vstack([o, o[:1]]), axis=0), axis=1).sum()
        p, turn = along(o, max(8, int(length / (d * 1.06))))
        m.row("any", p, d, "brilliant", z + 0.1, turn)
        m.ribbon(np.column_stack([o, np.full(len(o), z)]), d * 0.56, d * 0.25, True, second=True)


def cluster(m: Maker, r: float) -> None:
    s = m.spec
    n = s.pick("petals", 6, 11)
    ratio = s.number("petal", 0.75, 1.25)
    d = 2 * r * np.sin(np.pi / n) * 0.78 * min(ratio, 1.05)
    w = 2 * (r * 0.82 - d * 0.5)
    long = ASPECT[s.cut] > 1.15 and s.cut not in ("pear", "marquise")
    stretch = 1.22 if long else 1.0
    cut = s.cut if s.cut not in ("pear", "marquise", "emerald", "baguette") else "oval"
    m.set("main", cut, w / (1.1 if long else 1.0), (0, 0, r * 0.12))
    t = np.arange(n) * 2 * np.pi / n + (np.pi / 2)
    R = r * 0.86
    which = "any" if m.name("accent") else "main"
    petal = "brilliant" if s.number("petal cut") < 0.7 else "oval"
    for a in t:
        m.set(which, petal, d, (R * np.cos(a), R * stretch * np.sin(a), 0), np.degrees(a) - 90, style=s.setting)
    o = np.stack([np.cos(np.linspace(0, 2 * np.pi, 40, endpoint=False)) * R, np.sin(np.linspace(0, 2 * np.pi, 40, endpoint=False)) * R * stretch], 1)
    m.wire(o, 0.3, True, second=True)


def three_stone(m: Maker, r: float) -> None:
    s = m.spec
    w = 1.15 * r / ASPECT[s.cut] ** 0.4
    m.set("main", s.cut, w, (0, 0, 0.2))
    style = s.pick("sides", 0, 3)
    cut = ("brilliant", s.cut, "pear", "baguette")[style]
    ratio = s.number("side size", 0.55, 0.85)
    which = "any" if s.accent else "main"
    d = w * ratio * (0.7 if cut == "baguette" else 1.0)
    for side in (-1, 1):
        turn = {"pear": -90.0 * side, "baguette": 0.0}.get(cut, 0.0)
        hx = half_size(cut, d)[1 if abs(turn) == 90 else 0]
        m.set(which, cut, d, (side * (w / 2 + hx + 0.25), 0, 0), turn)
    m.wire([[-w, 0, 0.3], [0, 0, 0.2], [w, 0, 0.3]], 0.5)


def five_stone(m: Maker, r: float) -> None:
    s = m.spec
    n = 5 if s.number("seven") < 0.7 else 7
    k = np.abs(np.arange(n) - n // 2)
    w = r * (2.9 / n) * (1 - s.number("graduate", 0.05, 0.16) * k)
    x = np.concatenate([[0], np.cumsum((w[1:] + w[:-1]) / 2 + 0.18)])
    x -= x.mean()
    cut = s.cut if s.cut in ("brilliant", "oval", "cushion", "round cabochon", "bead", "rose") else "oval"
    for i in range(n):
        which = "accent" if s.accent and i % 2 else "main"
        m.set(which, cut, w[i], (x[i], 0, 0))
    edge = np.column_stack([x, w * 0.5 + 0.25])
    for side in (1, -1):
        m.wire(np.column_stack([edge[:, 0], side * edge[:, 1], np.full(n, 0.5)]), 0.28)


def crossover(m: Maker, r: float) -> None:
    s = m.spec
    w = r * 1.05
    a = np.radians(s.number("lean", 25, 65))
    dx, dy = np.cos(a) * w * 0.62, np.sin(a) * w * 0.62
    m.set("main", s.cut, w / ASPECT[s.cut] ** 0.5, (-dx, dy, 0.2), 0)
    m.set("any" if s.accent else "main", s.cut if not s.accent else "brilliant", w / ASPECT[s.cut] ** 0.5, (dx, -dy, 0.2), 180)
    t = np.linspace(0, 1, 24)
    for side in (1, -1):
        ang = t * np.pi * 1.15 + (0 if side > 0 else np.pi)
        m.wire(np.column_stack([np.cos(ang) * r * (1.15 - 0.35 * t), np.sin(ang) * r * (1.15 - 0.35 * t), np.full(24, 0.5)]), 0.55 - 0.3 * t)


def navette(m: Maker, r: float) -> None:
    s = m.spec
    shape = "marquise" if s.number("plaque") < 0.65 else "oval"
    o = outline(shape, 56)
    o = o / np.abs(o[:, 1]).max() * r * 1.45 * np.array([1.1, 1])
    m.add(plate(o, [(1.0, 0.5), (0.93, 0.7)]), second=True)
    m.border(o * 0.99, 0.62, 0.2)
    w = r * s.number("centre", 0.55, 0.85)
    cut = s.cut
    m.set("main", cut, w, (0, 0, 0.4), style="bezel")
    n = s.pick("rows", 9, 15) * 2
    p, turn = along(o * 0.78, n)
    clear = np.abs(p[:, 1]) > 0
    m.row("any", p[clear], r * 0.26, "brilliant", 0.62, turn[clear])
    for side in (1, -1):
        top = w / 2 * ASPECT[cut] + 0.2 * r
        if top < r * 0.85:
            m.row("any", [[0, side * (top + 0.12 * r)]], r * 0.34, "brilliant", 0.62)


def panel(m: Maker, r: float) -> None:
    s = m.spec
    a = s.number("ratio", 1.15, 1.9)
    x, y = r * 0.95, r * 0.95 * a
    corner = s.number("corner", 0.05, 0.5) * x
    o = np.array([[x, y - corner], [x - corner, y], [corner - x, y], [-x, y - corner], [-x, corner - y], [corner - x, -y], [x - corner, -y], [x, corner - y]])
    m.add(plate(o, [(1.0, 0.7), (0.95, 0.85)]), second=True)
    m.border(o, 0.8, 0.18)
    turn = 90.0 if s.number("cross") > 0.6 else 0.0
    w = r * s.number("centre", 0.7, 1.0) / (1.0 if turn == 0 else 1.05)
    m.set("main", s.cut, w, (0, 0, 0.6), turn, style="bezel")
    half = half_size(s.cut, w)
    hx, hy = half if turn == 0 else half[::-1]
    style = s.pick("layout", 0, 3)
    which = "any"
    solid = s.accent and STONES[s.accent].slot == "solid"
    if style in (0, 3):
        gap = y - hy
        for side in (1, -1):
            n = s.pick("steps", 2, 4)
            for k in range(n):
                m.set(which, "baguette" if not solid else "emerald", gap / n * 0.62, (0, side * (hy + gap * (k + 0.5) / n), 0.7), 90, style="bead")
    if style in (1, 3, 0):
        for sx in (1, -1):
            n = s.pick("pave", 5, 8)
            yy = np.linspace(-1, 1, n) * (y - corner - 0.12 * r)
            m.row(which, np.column_stack([np.full(n, sx * (x + min(hx, x * 0.8)) / 2), yy]), min(0.3 * r, (x - min(hx, x * 0.8)) * 0.8), "brilliant", 0.8)
    if style == 2:
        p, t = along(o * 0.8, s.pick("pave", 8, 12) * 2)
        m.row(which, p, r * 0.25, "brilliant", 0.8, t)
    if s.enamel:
        for side in (1, -1):
            bar = np.array([[0.8 * x, 0.06 * r], [-0.8 * x, 0.06 * r], [-0.8 * x, -0.06 * r], [0.8 * x, -0.06 * r]]) + [0, side * (y * 0.93 - corner * 0.2)]
            m.enamel(plate(bar, [(1, 1.0)], centre=bar.mean(0)))


def signet(m: Maker, r: float) -> None:
    s = m.spec
    kind = s.pick("shape", 0, 4)
    o = (outline("oval", 40), outline("cushion", 40), outline("emerald", 48), outline("brilliant", 40), _shield())[kind] * r * 0.95
    dome = s.number("dome", -0.05, 0.35) * r
    m.add(plate(o * 0.9, [(1.05, 0.5), (1.1, 0.9), (1.08, 1.25), (0.98, 1.45), (0.6, 1.45 + dome * 0.6), (0.25, 1.45 + dome)]))
    if s.enamel:
        m.enamel(plate(o * 0.8, [(1.0, 1.55), (0.9, 1.6 + dome), (0.3, 1.62 + dome)], base=0.8))
    if s.stone:
        flat = s.stone in STONES and STONES[s.stone].slot == "solid" and s.stone != "pearl"
        w = r * (1.35 if flat else s.number("stone", 0.4, 0.8))
        m.set("main", s.cut, w / ASPECT[s.cut] ** 0.5, (0, 0, 1.2 + max(dome, 0) * 0.7), style="bezel")
        if s.accent:
            for side in (1, -1):
                m.set("accent", "brilliant", r * 0.28, (0, side * (w / 2 * ASPECT[s.cut] ** 0.5 + 0.28 * r), 1.25 + max(dome, 0) * 0.6), style="bezel")
    elif not s.enamel and s.number("lines") > 0.4:  # a raised rim, and fine reeds where the face is flat enough
        m.border(o * 0.84, 1.5, 0.055 * r, "plain", second=False)
        n = s.pick("grooves", 2, 5) if dome < 0.12 * r else 0
        lean = s.number("lean") > 0.5
        for k in range(n):
            x = (k - (n - 1) / 2) * 0.17 * r
            h = 0.5 * r * np.sqrt(max(1 - (x / r) ** 2, 0.05))
            t = np.linspace(-1, 1, 12)
            rise = 1.47 + max(dome, 0) * (1 - 0.55 * np.hypot(x / r, t * h / r) ** 0.8)
            p = np.stack([np.full(12, x), t * h], 1) @ (rotation("z", 38)[:2, :2].T if lean else np.eye(2))
            m.wire(np.column_stack([p, rise]), 0.06 * r)


def _shield() -> np.ndarray:
    t = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    x, y = np.cos(t), np.sin(t)
    r = (np.abs(x) ** 4 + np.abs(y) ** 4) ** -0.25
    x, y = x * r, y * r
    return np.stack([np.where(y < 0, x * (1 - 0.85 * y**2), x), y * 1.15], 1)


def bezel(m: Maker, r: float) -> None:
    s = m.spec
    w = r * s.number("stone", 1.2, 1.65) / ASPECT[s.cut] ** 0.4
    if s.stone == "pearl":
        w *= 0.85
    m.set("main", s.cut, w, (0, 0, 0.4), style="bezel")
    o = outline(s.cut if s.cut != "bead" else "brilliant", 56)
    kind = ("bead", "rope", "plain")[s.pick("rim", 0, 2)]
    edge = o * (w / 2) + o / np.maximum(np.linalg.norm(o, axis=1, keepdims=True), 1e-6) * (0.55 + 0.1 * r)
    m.add(plate(edge, [(1.0, 0.4), (0.96, 0.6)]))
    m.border(edge * 0.98, 0.62, 0.1 * r * s.number("rim size", 0.6, 1.4), kind)
    if s.accent:
        n = s.pick("accents", 3, 8)
        p, _ = along(edge * 1.12, n)
        for q in p:
            m.set("accent", "brilliant", 0.3 * r, (*q, 0.1), style="bezel")


def pearl_cluster(m: Maker, r: float) -> None:
    s = m.spec
    rows = s.pick("rows", 2, 4)
    d = 2 * r / rows * s.number("close", 0.72, 0.9)
    kind = s.pick("kind", 0, 1)
    if kind == 0:
        for k in range(rows):
            for i in range(rows - k):
                m.set("main", "bead", d, ((i - (rows - k - 1) / 2) * d * 1.02, (rows / 2 - k - 0.6) * d * 0.9, 0.4))
    else:
        n = s.pick("ring", 6, 9)
        d = r * 0.62
        for a in np.arange(n) * 2 * np.pi / n:
            m.set("main", "bead", d * (6.6 / n), (np.cos(a) * r * 0.72, np.sin(a) * r * 0.72, 0.2))
        m.set("any" if s.accent else "main", "brilliant", d * 1.05, (0, 0, 0.6))
    if s.accent:
        for side in (1, -1):
            m.set("accent", "brilliant", r * 0.34, (side * r * (0.98 if kind == 0 else 0.62), r * (0.12 if kind == 0 else 0.62), 0.2), style="bezel")
    if kind == 0 and s.category != "ring":  # a stalk with two leaves, as of grapes
        t = np.linspace(0, 1, 16)
        m.wire(np.column_stack([0.14 * r * np.sin(t * 2.2), r * (0.5 + 0.62 * t), np.full(16, 0.35)]), 0.34 - 0.12 * t)
        for side in (1, -1):
            m.add(leaf_part(0.62 * r, 0.3 * r, 0.8, 0.07 * r).moved(rotation("z", side * -58), (0.05 * r, 0.72 * r, 0.25)))
    else:
        back = np.stack([np.cos(np.linspace(0, 2 * np.pi, 30)), np.sin(np.linspace(0, 2 * np.pi, 30))], 1) * 0.62 * r
        m.wire(np.column_stack([back, np.full(30, 0.3)]), 0.3)


STONE_HEADS = {
    "solitaire": solitaire, "halo": halo, "cluster": cluster, "three-stone": three_stone, "five-stone": five_stone,
    "crossover": crossover, "navette": navette, "panel": panel, "signet": signet, "bezel": bezel, "pearl cluster": pearl_cluster,
}  # fmt: skip
