"""Heads that are led by how they are made: pavé domes, channel-set rows, and filigree."""

from __future__ import annotations

import numpy as np

from ..geometry.gems import ASPECT, outline
from ..geometry.mesh import balls, plate
from ..spec import CHANNELLED
from ..vocabulary import STONES
from .maker import Maker, along


def _radius(o: np.ndarray):
    """A star-shaped outline's radius in a direction."""
    a = np.unwrap(np.arctan2(o[:, 1], o[:, 0]))
    order = np.argsort(a % (2 * np.pi))
    angles, radii = (a % (2 * np.pi))[order], np.linalg.norm(o, axis=1)[order]

    def at(angle):
        return np.interp(np.asarray(angle) % (2 * np.pi), angles, radii, period=2 * np.pi)

    return at


def _between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The rotation that takes the z axis to `b`, given a = z."""
    v, c = np.cross(a, b), float(a @ b)
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.eye(3) + k + k @ k / (1 + c)


def _rows(o: np.ndarray, r: float, d: float) -> tuple[list, list]:
    """Places of stones d mm wide in rows that follow a roundish edge, each one's between those of the row outside it; and of grains."""
    short = np.linalg.norm(o, axis=1).min()
    spots, grains = [], []
    rows = max(2, round((short - 0.08 * r) / (0.93 * d)))
    for k in range(rows):
        line = o * (1 - (0.06 * r + (k + 0.5) * (short - 0.06 * r) / rows) / short)
        n = int(np.linalg.norm(np.diff(np.vstack([line, line[:1]]), axis=0), axis=1).sum() / (1.02 * d))
        if n < 3:
            spots.append([0.0, 0.0])
            break
        spots += list(along(line, n, start=0.5 * (k % 2))[0])
        grains += list(along(line * (1 + 0.45 * d / short), n, start=0.5 * (k % 2) + 0.5)[0])
    return spots, grains


def _bricks(radius, d: float) -> tuple[list, list]:
    """The same for a long outline: rows laid like bricks."""
    step = d * 1.06
    spots, grains = [], []
    for j in range(-14, 15):
        for i in range(-14, 15):
            p = np.array([(i + 0.5 * (j % 2)) * step, j * step * 0.87])
            if np.hypot(*p) + d * 0.5 < radius(np.arctan2(p[1], p[0])) * 0.98:
                spots.append(p)
            for dy in (0.58, -0.58):
                g = p + [0, dy * step]
                if np.hypot(*g) < radius(np.arctan2(g[1], g[0])) * 0.93:
                    grains.append(g)
    return spots, grains


def pave(m: Maker, r: float) -> None:
    """A dome paved with small stones, grains of metal between them."""
    s = m.spec
    o = outline(("brilliant", "oval", "cushion", "marquise")[s.pick("plaque", 0, 3)], 56)
    o = o / np.abs(o).max() * r * 1.05
    radius = _radius(o)
    high = r * s.number("dome", 0.22, 0.55)

    def height(x, y):
        rho = np.hypot(x, y) / radius(np.arctan2(y, x))
        return 0.5 + high * (1 - np.minimum(rho, 1) ** 2.2)

    m.add(plate(o, [(1.0, 0.5), *((k, 0.5 + high * (1 - k**2.2)) for k in (0.94, 0.8, 0.65, 0.5, 0.3, 0.12))]), second=True)
    m.border(o * 1.01, 0.55, 0.24 if s.edge else 0.34, "bead" if s.edge else "plain")
    d = r * s.number("fine", 0.2, 0.32)
    cut = s.cut if s.cut in ("round cabochon", "bead", "rose", "princess", "old mine") else "brilliant"
    spots, grains = _rows(o, r, d) if np.ptp(np.linalg.norm(o, axis=1)) < 0.2 * r else _bricks(radius, d)
    z = np.array([0, 0, 1.0])
    for x, y in spots:
        e = 0.02 * r
        slope = np.array([height(x + e, y) - height(x - e, y), height(x, y + e) - height(x, y - e)]) / (2 * e)
        normal = np.array([-slope[0], -slope[1], 1.0])
        normal /= np.linalg.norm(normal)
        outer = np.hypot(x, y) > 0.62 * radius(np.arctan2(y, x))
        which = "accent" if s.accent and outer else "main"
        solid = STONES[m.name(which)].slot == "solid"
        # A faceted stone needs air under it to throw the light back.
        at = np.array([x, y, height(x, y)]) + normal * d * (0.4 if m.name(which) == "pearl" else 0.1 if solid else 0.42)
        m.loose(which, cut, d * (1.1 if m.name("main") == "pearl" else 0.9 if cut == "princess" else 1.0), tuple(at), 0.0, _between(z, normal))
    if grains:
        g = np.array(grains)
        proud = 0.1 if STONES[m.name("main")].slot == "solid" else 0.36
        m.add(balls(np.column_stack([g, height(g[:, 0], g[:, 1]) + proud * d]), 0.13 * d), second=True)


def channel_row(m: Maker, r: float) -> None:
    """One or two rows of stones, each between two rails; straight or slightly arched."""
    s = m.spec
    cut = s.cut if s.cut in CHANNELLED else "brilliant"
    rows = 2 if s.number("rows") > 0.65 else 1
    length = r * (0.62 if rows == 2 else 0.9) * s.number("broad", 0.75, 1.05)
    arch = 0.0 if s.category == "ring" else s.number("arch", -0.12, 0.35)
    t = np.linspace(-1, 1, 24)
    rail = 0.09 * length + 0.12
    for k in range(rows):
        y = (k - (rows - 1) / 2) * (length + 3.0 * rail)
        m.channel(np.stack([1.3 * r * t, y + arch * r * (1 - t**2)], 1), length / ASPECT[cut], length, cut)


def filigree(m: Maker, r: float) -> None:
    """Openwork: fine wires curled into scrolls, or crossed into a lattice, within a frame, with grains where they meet."""
    s = m.spec
    kind = ("brilliant", "oval", "cushion", "marquise", "lozenge")[s.pick("frame", 0, 4)]
    if kind == "lozenge":
        o = along(np.array([[0.8, 0], [0, 1.15], [-0.8, 0], [0, -1.15]]), 64)[0]
    else:
        o = outline(kind, 64)
    o = o / np.abs(o).max() * r * 1.1
    radius = _radius(o)
    wire = 0.15
    m.ribbon(np.column_stack([o, np.full(len(o), 0.55)]), 0.2, 0.5, True)
    m.ribbon(np.column_stack([o * 0.88, np.full(len(o), 0.45)]), 0.12, 0.35, True)
    p, _ = along(o * 0.94, int(2.6 * r) * 3)
    m.add(balls(np.column_stack([p, np.full(len(p), 0.6)]), 0.2))
    m.used.add("milgrain")
    w = r * s.number("stone", 0.5, 0.8)

    def at(rho, angle, z=0.5):
        k = radius(angle) * rho
        return np.stack([k * np.cos(angle), k * np.sin(angle), np.full(np.shape(angle), z)], -1)

    grains = []
    if s.lattice:
        gap = r * s.number("mesh", 0.26, 0.36)
        for turn in (np.pi / 4, -np.pi / 4):
            d, q = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
            for k in np.arange(-6, 7):
                line = q * k * gap + d * np.linspace(-1.6 * r, 1.6 * r, 161)[:, None]
                inside = np.linalg.norm(line, axis=1) < radius(np.arctan2(line[:, 1], line[:, 0])) * 0.89
                if inside.sum() > 4:
                    ends = line[inside][[0, -1]]
                    m.wire(np.column_stack([ends, [0.5, 0.5]]), wire, sides=6)
        d, q = np.array([1, 1]) / 2**0.5, np.array([-1, 1]) / 2**0.5
        for i in range(-6, 7):
            for j in range(-6, 7):
                g = d * i * gap + q * j * gap
                if np.linalg.norm(g) < radius(np.arctan2(g[1], g[0])) * 0.84 and (not s.stone or np.linalg.norm(g) > w * 0.6):
                    grains.append([*g, 0.62])
    else:
        n = s.pick("scrolls", 5, 9)
        t = np.linspace(0, 1, 30)
        half = np.pi / n
        for i in range(n):
            axis = 2 * np.pi * i / n + np.pi / 2
            for side in (1, -1):
                # A scroll that leaves the rim on the sector's axis and curls in beside it.
                turns = t * 1.55 * 2 * np.pi
                a = 0.46 * half * 0.64 * (1 - 0.82 * t)
                cx, cy = 0.66, 0.5 * half
                rho = cx + a * np.cos(turns) * 0.9
                angle = axis + side * (cy - a * np.sin(turns) / 0.66)
                m.wire(at(np.append(0.9, rho), np.append(angle[0] - side * 0.3 * half, angle), 0.5), wire, sides=6)
                grains.append(at(np.array(cx), np.array(axis + side * cy), 0.62))
            # A petal of wire round the middle, and the ray that carries it.
            m.wire(at(np.array([0.08, 0.25]), np.full(2, axis + half), 0.42), wire, sides=6)
            m.wire(at(np.array([0.51, 0.9]), np.full(2, axis + half), 0.45), wire, sides=6)
            u = t * 2 * np.pi
            m.wire(at(0.38 + 0.13 * np.cos(u), axis + half + 0.55 * half * np.sin(u), 0.45), wire, True, sides=6)
            grains.append(at(np.array(0.84), np.array(axis + half), 0.55))
    m.add(balls(np.array(grains), 0.27))
    if s.stone:
        long = ASPECT[s.cut] ** 0.5
        m.set("main", s.cut, w / long, (0, 0, 0.25), style="bezel")
        if s.accent and STONES[s.accent].slot != "solid":
            for k in range(4):
                q = at(np.array(0.72), np.array(k * np.pi / 2))
                m.set("accent", "brilliant", 0.26 * r, (q[0], q[1], 0.35), style="bezel")
        elif s.accent:
            for k in range(4):
                q = at(np.array(0.72), np.array(k * np.pi / 2 + np.pi / 4))
                m.set("accent", "round cabochon", 0.24 * r, (q[0], q[1], 0.35), style="bezel")
    else:
        a = np.arange(6) * np.pi / 3
        m.add(balls(np.column_stack([np.cos(a) * 0.13 * r, np.sin(a) * 0.13 * r, np.full(6, 0.6)]), 0.075 * r), balls([[0, 0, 0.75]], 0.085 * r, 2))


SETTING_HEADS = {"pavé": pave, "channel": channel_row, "filigree": filigree}
