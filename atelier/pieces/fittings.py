"""What mounts share: the piece's head at a size, small echoes of it, chains, clasps, and the wires that go through an ear."""

from __future__ import annotations

import numpy as np

from ..geometry.gems import ASPECT
from ..geometry.mesh import Part, ball, balls, moved, plate, rotation, tube
from .heads_birds import BIRD_HEADS
from .heads_motifs import MOTIF_HEADS
from .heads_settings import SETTING_HEADS
from .heads_stones import STONE_HEADS
from .maker import Maker, along

HEAD = {**STONE_HEADS, **MOTIF_HEADS, **SETTING_HEADS, **BIRD_HEADS}
NOMINAL = 6.0  # heads are drawn at this radius in mm, then scaled, so that wires keep their proportion
LIGHT_CUTS = (
    "brilliant", "oval", "cushion", "round cabochon", "cabochon", "bead", "rose", "pear", "marquise", "emerald", "asscher", "princess", "old mine", "baguette",
)  # fmt: skip


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


def tip(parts: list[Part], sign: int) -> tuple[float, float]:
    """Where something may hang from the parts' upper (1) or lower (-1) end: in the middle, if the middle reaches about so far."""
    v = np.concatenate([p.v[:, :2] for p in parts])
    far = v[:, 1] * sign
    middle = far[np.abs(v[:, 0]) < 1.2]
    if middle.size and middle.max() > far.max() - 1.5:
        return 0.0, sign * float(middle.max())
    end = v[far > far.max() - 0.3]
    return float(end[:, 0][np.argmin(np.abs(end[:, 0]))]), sign * float(far.max())


def reach(parts: list[Part], axis: int, sign: int) -> float:
    """How far the parts go along an axis."""
    return max(float((p.v[:, axis] * sign).max()) for p in parts)


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


def clasp(m: Maker, at, towards, size: float, ring: bool) -> None:
    """One half of a fastening at the end of a chain or bracelet, beyond `at` in a direction: a bolt ring, or the tag it closes on."""
    at, d = np.asarray(at, float), np.asarray(towards, float)
    d = d / max(np.linalg.norm(d), 1e-9)
    turn = rotation("z", np.degrees(np.arctan2(d[1], d[0])) - 90)
    t = np.linspace(0, 2 * np.pi, 20, endpoint=False)

    def loop(r: float, wire: float, y: float) -> None:
        o = np.stack([np.cos(t) * r, np.sin(t) * r + y, np.full(20, wire)], 1)
        m.add(tube(o, wire, 7, True).moved(turn, (*at, size * 0.4)))

    if ring:
        loop(size * 0.75, size * 0.2, size * 0.5)
        loop(size * 1.6, size * 0.36, size * 2.7)
        m.add(ball(size * 0.42, turn @ np.array([size * 1.65, size * 2.9, size * 0.5]) + [*at, size * 0.4], 1))
    else:
        loop(size * 0.75, size * 0.2, size * 0.5)
        o = np.array([[0.55, 0], [0.8, 1.6], [0.6, 2.6], [-0.6, 2.6], [-0.8, 1.6], [-0.55, 0.0]]) * size + [0, size * 0.9]
        m.add(plate(o, [(1.0, size * 0.3), (0.85, size * 0.42)], centre=(0, size * 2.2)).moved(turn, (*at, size * 0.3)))
        loop(size * 0.8, size * 0.22, size * 4.0)


def box_clasp(m: Maker, at, towards, size: float, tongue: bool) -> None:
    """One half of a bracelet's fastening: the box, or the tongue that snaps into it."""
    d = np.asarray(towards, float)
    turn = rotation("z", np.degrees(np.arctan2(d[1], d[0])) - 90)
    w, h = (0.62, 1.5) if tongue else (1.0, 2.0)
    o = np.array([[w, 0], [w, h - 0.2], [w - 0.2, h], [0.2 - w, h], [-w, h - 0.2], [-w, 0.0]]) * size
    z = size * (0.35 if tongue else 0.8)
    m.add(plate(o, [(1.0, z), (0.9, z + 0.08 * size)], centre=(0, h / 2 * size)).moved(turn, (at[0], at[1], 0.35 * size)))
    m.wire([[*at, 0.7 * size], [*(np.asarray(at) + d / max(np.linalg.norm(d), 1e-9) * size * 0.4), 0.7 * size]], 0.3 * size)


def ear_hook(m: Maker, at, side: int, size: float = 1.0) -> None:
    """A shepherd's crook that goes through the ear, standing up from `at` and lying on its side."""
    x, y = at
    t = np.linspace(0, 1, 26)
    a = np.clip((t - 0.3) / 0.35, 0, 1) * np.pi * 1.05
    rise, fall = np.clip(t / 0.3, 0, 1) * 5.0, np.clip((t - 0.65) / 0.35, 0, 1) * 8.5
    p = np.stack([side * (2.6 - 2.6 * np.cos(a) + 0.4 * fall * (fall > 0) * 0.2), rise + 2.6 * np.sin(a) - fall], 1) * size + [x, y]
    m.wire(np.column_stack([p, np.full(26, 0.9)]), 0.34 * size)
    m.add(ball(0.55 * size, (x, y, 0.9), 1))


def bolt(m: Maker, path, size: float) -> None:
    """Both halves of a clasp at the two ends of an open chain."""
    path = np.asarray(path, float)
    clasp(m, path[-1], path[-1] - path[-4], size, True)
    clasp(m, path[0], path[0] - path[3], size, False)
