"""Birds: a swallow in flight with its forked tail, and a dove with spread tail and a sprig in its beak."""

from __future__ import annotations

import numpy as np

from ..geometry.mesh import Part, ball, lathe, moved, plate, rotation
from .heads_motifs import leaf_part, petal
from .maker import Maker


def _feather(length: float, width: float, high: float) -> Part:
    """A long feather along +y, folded along its quill."""
    return plate(petal(length, width, 0.35), [(1.0, 0.16), (0.62, 0.16 + high * 0.7), (0.12, 0.16 + high)], centre=(0, length * 0.5))


def _wing(m: Maker, r: float, side: int, arm: np.ndarray, angles: tuple[float, float], lengths: tuple[float, float], broad: float) -> None:
    """Feathers fanned along the wing's arm [k, 2], from the body outwards, and shorter ones laid over them."""
    t = np.linspace(0, 1, len(arm))
    n = m.spec.pick("feathers", 7, 10)
    for row, (long, z) in enumerate(((1.0, 0.06), (0.5, 0.13))):
        for f in np.linspace(0.0, 1.0, n - row):
            base = np.array([np.interp(f, t, arm[:, k]) for k in (0, 1)]) * r
            length = r * (lengths[0] + (lengths[1] - lengths[0]) * f**1.3) * long
            turn = rotation("z", side * -(angles[0] + (angles[1] - angles[0]) * f) + 180)
            part = _feather(length, broad * r * (1.0 + 0.15 * (1 - f)), 0.055 * r).moved(turn @ rotation("y", 8 * side), (side * base[0], base[1], z * r + 0.05 * r * (1 - f)))
            if row:
                m.add(part)
            else:
                m.enamel(part)
    path = np.column_stack([side * arm[:, 0], arm[:, 1], np.full(len(arm), 0.17)]) * r
    m.wire(path, np.linspace(0.085, 0.03, len(arm)) * r)
    if m.spec.stone and m.spec.number("wing stones") > 0.35:
        k = m.spec.pick("wing count", 4, 7)
        f = np.linspace(0.12, 0.85, k)
        p = np.stack([side * np.interp(f, t, arm[:, 0]), np.interp(f, t, arm[:, 1])], 1) * r
        m.row("any", p, r * np.linspace(0.2, 0.12, k), "brilliant", 0.2 * r)


def _body(m: Maker, r: float, long: float, face: float) -> None:
    """Body, breast stone, head turned by `face` degrees, beak and eyes."""
    s = m.spec
    m.add(ball((0.2 * r, long * r, 0.2 * r), (0, -0.02 * r, 0.2 * r), 3))
    neck = np.array([0, (long - 0.02) * r, 0.26 * r])
    turn = rotation("z", face)
    head = neck + turn @ np.array([0, 0.1 * r, 0])
    m.add(ball((0.17 * r, 0.19 * r, 0.16 * r), head, 2))
    beak = lathe([(0.06 * r, 0), (0.04 * r, 0.1 * r), (0.004 * r, 0.2 * r)], 10).moved(rotation("x", -90))
    m.add(*moved([beak], turn, head + turn @ np.array([0, 0.14 * r, -0.01 * r])))
    for side in (1, -1):
        eye = head + turn @ np.array([side * 0.1 * r, 0.07 * r, 0.1 * r])
        if s.accent and s.accent != "pearl":
            m.loose("accent", "brilliant", 0.08 * r, tuple(eye))
        else:
            m.add(ball(0.028 * r, eye, 1))
    if s.stone:
        m.set("main", s.cut, 0.3 * r, (0, 0.05 * r, 0.3 * r), style="bezel")


def swallow(m: Maker, r: float) -> None:
    """Seen from above in flight: swept wings and a long forked tail."""
    s = m.spec
    first = len(m.parts)
    wrist = s.number("wrist", 0.42, 0.62)
    arm = np.array([[0.1, 0.2], [wrist * 0.6, 0.44], [wrist, 0.5], [0.85, 0.34], [1.12, 0.06]])
    for side in (1, -1):
        _wing(m, r, side, arm, (8, 66), (0.42, 0.55), 0.19)
        part = _feather(r * s.number("fork", 0.85, 1.1), 0.16 * r, 0.05 * r)
        m.add(part.moved(rotation("z", 180 + side * s.number("spread", 9, 17)), (side * 0.05 * r, -0.38 * r, 0.1 * r)))
        m.add(_feather(0.55 * r, 0.15 * r, 0.05 * r).moved(rotation("z", 180 + side * 5), (side * 0.03 * r, -0.36 * r, 0.14 * r)))
    _body(m, r, 0.46, 0)
    turn = rotation("z", s.number("bank", -32, 32))
    m.parts[first:] = moved(m.parts[first:], turn)


def dove(m: Maker, r: float) -> None:
    """Wings raised and rounded, the tail spread, the head turned, a sprig in the beak."""
    s = m.spec
    first = len(m.parts)
    arm = np.array([[0.1, 0.22], [0.35, 0.5], [0.62, 0.68], [0.9, 0.74], [1.05, 0.66]])
    for side in (1, -1):
        _wing(m, r, side, arm, (4, 48), (0.5, 0.7), 0.25)
    n = 2 * s.pick("tail", 2, 3) + 1
    for f in np.linspace(-1, 1, n):
        m.add(_feather(r * 0.62, 0.2 * r, 0.05 * r).moved(rotation("z", 180 + f * s.number("spread", 24, 38)), (f * 0.06 * r, -0.4 * r, (0.14 - 0.06 * abs(f)) * r)))
    way = 1 if s.number("face") > 0.5 else -1
    _body(m, r, 0.48, way * 62)
    tip = np.array([-way * 0.34, 0.6]) * r
    stem = tip + np.array([[0.05 * way, 0.02], [-0.1 * way, -0.02], [-0.3 * way, 0.04]]) * r
    m.wire(np.column_stack([stem, np.full(3, 0.3 * r)]), 0.025 * r)
    for k, lean in ((1, 50), (1, -40), (2, -10)):
        m.add(leaf_part(0.2 * r, 0.09 * r, 0.7, 0.03 * r).moved(rotation("z", way * (90 + lean)), (*stem[k], 0.27 * r)))
    m.parts[first:] = moved(m.parts[first:], rotation("z", s.number("bank", -14, 14)))


BIRD_HEADS = {"swallow": swallow, "dove": dove}
