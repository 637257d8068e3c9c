"""Whole pieces: a decorated head mounted as a ring, necklace, pendant, earrings, bracelet or brooch, and its finish worked in."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..geometry.mesh import METAL, METAL2, Part, bounds
from ..geometry.worked import work
from ..spec import PieceSpec
from ..vocabulary import STYLES
from .bracelets import bracelet
from .brooches import brooch
from .earrings import earrings
from .maker import Maker
from .neck import necklace, pendant
from .rings import ring

BUILDERS = {"ring": ring, "earrings": earrings, "pendant": pendant, "necklace": necklace, "bracelet": bracelet, "brooch": brooch}
LEAST_WORKED = 0.15  # of the metal: a finish worked into less is not worth naming


@dataclass(frozen=True)
class Built:
    """A piece ready to be laid down. `flat`: it lies face up; otherwise its front looks towards -y and it may stand."""

    spec: PieceSpec
    parts: list[Part]
    flat: bool


def build(spec: PieceSpec) -> Built:
    """The piece, and its spec with everything struck out that the form left no room for."""
    m = Maker(spec)
    flat = BUILDERS[spec.category](m)
    if not any(p.slot == METAL for p in m.parts):  # all of it fell to the second metal: then that is the piece's metal
        m.parts = [p.of(METAL) if p.slot == METAL2 else p for p in m.parts]
        spec = replace(spec, metal=spec.second_metal)
    parts, finish = _finished(spec, m.parts)
    actual = replace(
        spec,
        stone=spec.stone if spec.stone in m.used else None,
        cut=spec.cut if spec.cut in m.main_cuts or not m.main_cuts else m.main_cuts[0],
        accent=spec.accent if spec.accent in m.used else None,
        head=spec.head if "head" in m.used else "plain",  # a plain rivière or line has no head to name
        form=m.form,
        enamel=spec.enamel if "enamel" in m.used else None,
        second_metal=spec.second_metal if any(p.slot == "metal2" for p in parts) else spec.metal,
        finish=finish,
        setting="bezel" if spec.setting == "channel" and "channel" not in m.used else spec.setting,
        edge="milgrain" if "milgrain" in m.used else None,
    )
    return Built(actual, parts, flat)


def _finished(spec: PieceSpec, parts: list[Part]) -> tuple[list[Part], str]:
    """The parts with the finish worked into their broad faces. Where they have hardly any, the piece is no more than polished."""
    lo, hi = bounds(parts)
    span = float(np.linalg.norm(hi - lo))
    done, share = work(parts, spec.finish, STYLES[spec.period].straight, span, spec.seed)
    if spec.finish in ("hammered", "engraved") and share < LEAST_WORKED:
        return work(parts, "polished", False, span, spec.seed)[0], "polished"
    return done, spec.finish
