"""The bench: sets stones, adds metal, and remembers which of the specified stones were really used."""

from __future__ import annotations

import numpy as np

from ..geometry.gems import ASPECT, SMOOTH, gem, half_size, outline
from ..geometry.mesh import DIAMOND, METAL, METAL2, NACRE, SOLID, Part, ball, balls, lathe, moved, plate, rotation, sweep, tube
from ..spec import PieceSpec
from ..vocabulary import CUT_PERIODS, ENAMELS, STONES

RECT = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float)
SOFT_RECT = np.array([[-1, -0.7], [-0.8, -1], [0.8, -1], [1, -0.7], [1, 0.7], [0.8, 1], [-0.8, 1], [-1, 0.7]], float)
HALF_ROUND = np.array([[-1, -0.4], [1, -0.4], [0.92, 0.25], [0.6, 0.75], [0.0, 1.0], [-0.6, 0.75], [-0.92, 0.25]], float)
KNIFE = np.array([[-1, -0.5], [1, -0.5], [0.6, 0.2], [0, 1.0], [-0.6, 0.2]])

BEAD_STONES = ("pearl", "coral", "turquoise", "onyx", "jade", "lapis lazuli", "carnelian", "moonstone")  # drilled and strung as beads


def along(o: np.ndarray, n: int, closed: bool = True, start: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """n points spread evenly along an outline [k, 2], and the outward normal angle (degrees) at each."""
    pts = np.vstack([o, o[:1]]) if closed else o
    step = np.linalg.norm(np.diff(pts, axis=0), axis=1)
    s = np.concatenate([[0], np.cumsum(step)])
    at = (np.arange(n) + start) / (n if closed else max(n - 1, 1)) * s[-1]
    at = at % s[-1] if closed else np.clip(at, 0, s[-1])
    p = np.stack([np.interp(at, s, pts[:, k]) for k in (0, 1)], 1)
    q = np.stack([np.interp((at + 1e-3 * s[-1]) % s[-1] if closed else np.minimum(at + 1e-3 * s[-1], s[-1]), s, pts[:, k]) for k in (0, 1)], 1)
    d = q - p
    if not closed:  # the last point has nothing ahead of it
        last = at > s[-1] * (1 - 1.5e-3)
        d[last] = pts[-1] - np.array([np.interp(s[-1] * (1 - 1e-3), s, pts[:, k]) for k in (0, 1)])
    return p, np.degrees(np.arctan2(-d[:, 0], d[:, 1]))


class Maker:
    """Collects the parts of one piece. Local axes: z towards the viewer, y up, x across."""

    def __init__(self, spec: PieceSpec):
        self.spec = spec
        self.parts: list[Part] = []
        self.used: set[str] = set()
        self.main_cuts: list[str] = []
        self.form = spec.form  # as it is built: a form may need what the piece has not

    # Metal -----------------------------------------------------------------------------------------------------------
    def add(self, *parts: Part, second: bool = False) -> None:
        """Metal parts, in the second metal where asked and where there is one."""
        slot = METAL2 if second and self.spec.second_metal != self.spec.metal else METAL
        self.parts.extend(p.of(slot) if p.slot == METAL else p for p in parts)

    def enamel(self, part: Part) -> None:
        """A plate in metal, with the piece's enamel, if it has one, laid into it so that a rim of metal stays."""
        self.add(part)
        if self.spec.enamel:
            self.used.add("enamel")
            lo, hi = part.v.min(0), part.v.max(0)
            middle = part.v.mean(0)
            inset = part.moved(offset=-middle).moved(scale=(0.84, 0.84, 1.0)).moved(offset=middle)
            self.parts.append(inset.moved(offset=(0, 0, 0.05 * float(hi[2] - lo[2]) + 0.07)).of(SOLID, ENAMELS[self.spec.enamel]))

    def ribbon(self, path, width: float | np.ndarray, thick: float = 0.4, closed: bool = False, second: bool = False, section=SOFT_RECT) -> None:
        """A flat strip along a path in the xy plane, its face towards z."""
        path = np.asarray(path, float)
        if path.shape[1] == 2:
            path = np.column_stack([path, np.zeros(len(path))])
        t = np.roll(path, -1, 0) - np.roll(path, 1, 0) if closed else np.gradient(path, axis=0)
        across = np.cross(t, [0, 0, 1.0])
        across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
        self.add(sweep(path, across, np.array([0, 0, 1.0]), section, width, thick, closed, crease=True), second=second)

    def wire(self, path, radius=0.4, closed: bool = False, second: bool = False, sides: int = 8) -> None:
        """A round wire; 2D paths lie at z = radius."""
        path = np.asarray(path, float)
        if path.shape[1] == 2:
            path = np.column_stack([path, np.full(len(path), float(np.max(radius)))])
        self.add(tube(path, radius, sides, closed), second=second)

    # Stones ----------------------------------------------------------------------------------------------------------
    def name(self, which: str) -> str | None:
        """The stone meant by `main` or `accent`; `any` is the accent, or else the main stone."""
        s = self.spec
        return {"main": s.stone, "accent": s.accent, "any": s.accent or s.stone}[which]

    def loose(self, which: str, cut: str, width: float, at, turn: float = 0.0, tilt: np.ndarray | None = None) -> str:
        """A stone with its girdle (or a bead's centre) at `at`, turned about z by `turn` degrees. Returns the cut used."""
        name = self.name(which)
        assert name
        stone = STONES[name]
        self.used.add(name)
        cut = self.old(cut, name)
        if name == "pearl":
            cut = "bead"
        elif cut not in stone.cuts and stone.slot == "solid":
            cut = "cabochon" if ASPECT.get(cut, 1) > 1.05 and stone.cuts[0] == "cabochon" else "round cabochon"
        if which != "accent" and name == self.spec.stone:
            self.main_cuts.append(cut)
        turned = rotation("z", turn)
        if tilt is not None:
            turned = tilt @ turned
        if cut == "bead":
            self.bead(which, width, at, 2 if width < 5 else 3)
            return cut
        part = gem(cut, width, stone.slot, self.tint(name)).moved(turned, at)
        if name in ("opal", "moonstone"):
            part = part.of(SOLID, _opal(part, self.spec.seed) if name == "opal" else _moonstone(part, at, width))
        self.parts.append(part)
        return cut

    def bead(self, which: str, width: float, at, fine: int = 2) -> None:
        """A round bead of a stone, or a pearl, with its centre at `at`."""
        name = self.name(which)
        assert name
        self.parts.append(ball(width / 2, at, fine, NACRE if name == "pearl" else SOLID, self.tint(name)))

    def old(self, cut: str, name: str) -> str:
        """The cut as the period made it: before the modern brilliant, round stones were cut by hand, high and with an open culet."""
        if cut == "brilliant" and self.spec.period not in CUT_PERIODS["brilliant"] and "old mine" in STONES[name].cuts:
            return "old mine"
        return cut

    def tint(self, name: str) -> tuple[float, float, float]:
        """This specimen's colour. Transparent stones tint at both crossings, so each gets the square root."""
        stone = STONES[name]
        c = np.asarray(stone.colour)
        if stone.slot == DIAMOND:
            return (1.0, 1.0, 1.0)
        if name == stone.name and name == self.spec.stone:
            c = c ** (1 / np.clip(np.asarray(self.spec.tone), 0.75, 1.35))
        if stone.slot == SOLID:
            return tuple(np.clip(c, 0.008, 0.9))
        return tuple(np.sqrt(np.clip(c, 0.004, 1.0)))

    def set(self, which: str, cut: str, width: float, at=(0.0, 0.0, 0.0), turn: float = 0.0, style: str | None = None, second: bool = True) -> None:
        """A stone in its setting, standing on z = at[2]: claws, a bezel, or (`bead`) let into the metal below it."""
        style = style or self.spec.setting
        style = "bezel" if style == "channel" else style
        name = self.name(which)
        if not name:
            return
        cut = self.old(cut, name)
        x, y, z = at
        if name == "pearl":
            self.loose(which, "bead", width, (x, y, z + width * 0.45))
            self.add(lathe([(0, 0), (width * 0.3, 0), (width * 0.36, width * 0.16), (0, width * 0.1)], 16).moved(offset=at), second=second)
            return
        stone = STONES[name]
        if stone.slot == "solid" and cut not in stone.cuts:
            cut = "cabochon" if ASPECT.get(cut, 1) > 1.05 and "cabochon" in stone.cuts else "round cabochon"
        depth = 0.22 if cut in SMOOTH else (0.14 if cut == "rose" else 0.9)
        if style == "bead":
            depth = min(depth, 0.62)  # let in, but with air under its pavilion to throw the light back
        girdle = z + width / 2 * depth + (0.12 if style != "claw" else 0.25)
        self.loose(which, cut, width, (x, y, girdle), turn)
        if style == "bead":
            return
        r = rotation("z", turn)
        o = outline(cut, 28) * (width / 2)
        if style == "bezel":
            wall = 0.16 + 0.03 * width
            path = np.column_stack([o * (1 + wall * 0.7 / (width / 2)), np.full(len(o), (girdle - z) / 2 + 0.1)])
            out = np.column_stack([o, np.zeros(len(o))])
            out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
            rim = sweep(path, out, np.array([0, 0, 1.0]), SOFT_RECT, wall, (girdle - z) / 2 + 0.14, True, crease=True)
            foil = plate(o * 0.98, [(1.0, 0.05)])
            self.add(*moved([rim, foil], r, (x, y, z)), second=second)
            if self.spec.edge and width >= 1.8:
                size = 0.11 + 0.012 * width
                p, _ = along(path[:, :2], max(14, int(np.linalg.norm(np.diff(path, axis=0), axis=1).sum() / (size * 2.15))))
                beads = balls(np.column_stack([p, np.full(len(p), girdle - z + 0.22)]), size)
                self.add(*moved([beads], r, (x, y, z)), second=second)
                self.used.add("milgrain")
            return
        claws = 6 if cut in ("brilliant", "oval") and self.spec.number("claws") > 0.5 and width > 3 else 4
        n = len(o)
        first = 0 if claws == 6 else n // 8
        ids = [(first + round(k * n / claws)) % n for k in range(claws)]
        if cut in ("pear", "marquise"):
            ids = [n // 4, 3 * n // 4, n // 16, 7 * n // 16] if cut == "marquise" else [n // 4, n * 9 // 16, n * 15 // 16, n // 16, 7 * n // 16]
        wire = 0.13 + 0.045 * width
        g = girdle - z
        parts = []
        for i in ids:
            p = o[i]
            parts.append(tube([[*(p * 0.5), 0], [*(p * 0.85), g * 0.6], [*(p * 1.06), g], [*(p * 1.0), g + 0.16 * width / 2], [*(p * 0.88), g + 0.22 * width / 2]], wire, 7))
            parts.append(ball(wire * 1.1, (*(p * 0.88), g + 0.22 * width / 2), 1))
        gallery = np.column_stack([o * 0.78, np.full(n, g * 0.5)])
        base = np.column_stack([o * 0.52, np.full(n, wire)])
        parts += [tube(gallery, wire * 0.8, 6, True), tube(base, wire, 6, True)]
        self.add(*moved(parts, r, (x, y, z)), second=second)

    def row(self, which: str, centres, widths, cut="brilliant", z=0.0, turns=None, style="bead", grain: bool = True) -> None:
        """Small stones let into metal at 2D centres, with grains of metal between them."""
        if not self.name(which):
            return
        centres = np.asarray(centres, float)
        widths = np.broadcast_to(np.asarray(widths, float), (len(centres),))
        turns = np.broadcast_to(0.0 if turns is None else turns, (len(centres),))
        for c, w, t in zip(centres, widths, turns, strict=True):
            self.set(which, cut, w, (c[0], c[1], z), t, style)
        if grain and style == "bead" and len(centres) > 1 and self.name(which) != "pearl":
            mid = (centres[1:] + centres[:-1]) / 2
            d = centres[1:] - centres[:-1]
            side = np.stack([-d[:, 1], d[:, 0]], 1) / np.maximum(np.linalg.norm(d, axis=1, keepdims=True), 1e-9)
            w = (widths[1:] + widths[:-1])[:, None] / 4
            pts = np.concatenate([mid + side * w * 0.72, mid - side * w * 0.72])
            self.add(balls(np.column_stack([pts, np.full(len(pts), z + widths.mean() * 0.32)]), widths.mean() * 0.12), second=True)

    def channel(self, path, widths, length: float, cut: str, z: float = 0.0, alternate: bool = True) -> None:
        """Stones side by side along a 2D path [n, 2], held between two rails. Their long sides lie across the path.

        `widths` is one stone's along the path; `length` its across.
        """
        path = np.asarray(path, float)
        if not self.name("main"):
            return
        self.used.add("channel")
        total = np.linalg.norm(np.diff(path, axis=0), axis=1).sum()
        n = max(3, int(total / (widths * 1.04)))
        w = total / n / 1.04
        p, turn = along(path, n, closed=False, start=0.0)
        inner = (n - 1) / n
        mid = path.mean(0)
        for i in range(n):
            which = "accent" if alternate and self.spec.accent and i % 2 else "main"
            own = "brilliant" if cut == "brilliant" or cut not in STONES[self.name(which)].cuts else cut
            q = mid + (p[i] - mid) * inner
            size = min(w, length / ASPECT[own])
            self.loose(which, own, size, (*q, z + 0.62 * length * 0.5), turn[i] - 90)
        d = np.gradient(path, axis=0)
        d /= np.maximum(np.linalg.norm(d, axis=1, keepdims=True), 1e-9)
        normal = np.stack([-d[:, 1], d[:, 0]], 1)
        rail = 0.09 * length + 0.12
        for side in (1, -1):
            q = path + normal * side * (length / 2 + rail * 0.6)
            h = 0.38 * length
            self.ribbon(np.column_stack([q, np.full(len(q), z + h * 0.9)]), rail, h, second=True)
            if self.spec.edge:
                beads, _ = along(q, max(8, int(total / (rail * 1.9))), closed=False)
                self.add(balls(np.column_stack([beads, np.full(len(beads), z + h * 1.9)]), rail * 0.8), second=True)
                self.used.add("milgrain")
        if STONES[self.name("main")].slot == SOLID:
            self.ribbon(np.column_stack([path, np.full(len(path), z + 0.1)]), length / 2, 0.12, second=True)
        else:  # open behind, so that light comes through the stones: bars under the joints carry the rails
            joints = mid + ((p[1:] + p[:-1]) / 2 - mid) * inner
            for q, a in zip(joints, np.radians((turn[1:] + turn[:-1]) / 2), strict=True):
                out = np.array([np.cos(a), np.sin(a)]) * length / 2
                self.wire([[*(q - out), z + 0.13], [*(q + out), z + 0.13]], 0.13, second=True)
        for end, way in ((0, -1), (-1, 1)):
            e = path[end] + d[end] * way * rail
            self.ribbon(np.array([[*(e + normal[end] * s * (length / 2 + rail)), z + 0.36 * length] for s in (-1, 1)]), rail, 0.36 * length, second=True)

    def border(self, o, z: float, size: float = 0.22, kind: str = "bead", second: bool = True) -> None:
        """A decorated edge along a closed outline: millegrain beads, a twisted rope, or a plain wire."""
        o = np.asarray(o, float)
        length = np.linalg.norm(np.diff(np.vstack([o, o[:1]]), axis=0), axis=1).sum()
        if kind == "bead":
            if size <= 0.3:
                self.used.add("milgrain")
            p, _ = along(o, max(12, int(length / (size * 2.1))))
            self.add(balls(np.column_stack([p, np.full(len(p), z)]), size), second=second)
        elif kind == "rope":
            n = max(48, int(length / size * 2.2))
            p, normal = along(o, n)
            turn = np.arange(n) * 2 * np.pi / max(n // round(max(length / (size * 5), 3)), 4)
            a = np.radians(normal)
            out = np.stack([np.cos(a), np.sin(a)], 1)
            for phase in (0, np.pi):
                q = np.column_stack([p + out * (np.cos(turn + phase) * size * 0.5)[:, None], z + np.sin(turn + phase) * size * 0.5])
                self.add(tube(q, size * 0.62, 6, True), second=second)
        else:
            self.add(tube(np.column_stack([o, np.full(len(o), z)]), size, 7, True), second=second)


def _opal(part: Part, seed: int) -> np.ndarray:
    """Play of colour: patches of hue over a milky ground, from a few random plane waves."""
    rng = np.random.default_rng([seed, 0x6F70616C])
    p = part.v / max(np.ptp(part.v[:, 0]), 1e-6)
    waves = sum(np.sin(p @ rng.normal(0, 9, 3) + rng.uniform(0, 6.28))[:, None] * rng.normal(0, 1, 3)[None] for _ in range(5))
    base = np.array([0.60, 0.68, 0.70])
    return np.clip(base + 0.17 * waves, 0.06, 0.9)


def _moonstone(part: Part, at, width: float) -> np.ndarray:
    """A milky stone with a blue sheen that floats where the dome is highest."""
    v = (part.v - np.asarray(at, float)) / width
    glow = np.exp(-((v[:, 0] - 0.08) ** 2 + (v[:, 1] - 0.1) ** 2) / 0.09)[:, None]
    return np.clip(np.array([0.70, 0.72, 0.74]) * (1 - glow) + np.array([0.36, 0.54, 0.88]) * glow, 0.05, 0.9)


__all__ = ["BEAD_STONES", "HALF_ROUND", "KNIFE", "RECT", "SOFT_RECT", "Maker", "along", "half_size"]
