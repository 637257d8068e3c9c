"""Families: pieces of one design that differ in exactly one thing, such as its metal. They are the hard cases of a search.

A piece's shape is drawn from its seed by name, so a sibling is the sampled spec with something else in one place, built again. What
the builder then makes of it is compared with the original: a sibling that differs in nothing, or in more than that one thing, is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np

from .pieces import Built, build
from .spec import STONELESS, PieceSpec
from .vocabulary import HEADS, STONES, STYLES

# What a family may differ in, how often, and the fields of a spec that say it.
THINGS = {"metal": 0.4, "stone": 0.35, "motif": 0.15, "size": 0.1}
_FIELDS = {"metal": {"metal", "second_metal"}, "stone": {"stone"}, "motif": {"head"}, "size": {"size"}}

# Metals and stones that a photograph does not tell apart are no siblings.
METAL_COLOURS = {
    "yellow gold": "yellow", "rose gold": "red", "copper": "red", "white gold": "white", "platinum": "white", "silver": "white",
    "oxidised silver": "dark",
}  # fmt: skip
STONE_COLOURS = {
    "diamond": "white", "ruby": "red", "garnet": "red", "coral": "orange", "carnelian": "orange", "citrine": "yellow", "emerald": "green",
    "peridot": "green", "jade": "green", "aquamarine": "pale blue", "turquoise": "pale blue", "sapphire": "blue", "lapis lazuli": "blue",
    "blue topaz": "pale blue", "amethyst": "purple", "pink topaz": "pink", "onyx": "black", "pearl": "cream", "opal": "milky", "moonstone": "milky",
}  # fmt: skip

# Where the size of the head is seen against something that keeps its own: a finger, a hoop, a throat.
_SIZED = {("earrings", "hoop"), ("necklace", "centre"), ("necklace", "collar"), ("necklace", "fringe")}
LEAST_GROWTH = 0.5


@dataclass(frozen=True)
class Sibling:
    """A piece of the family: what replaces what in the sampled spec, and the piece."""

    change: tuple[tuple[str, object], ...]
    built: Built


def differences(a: PieceSpec, b: PieceSpec) -> set[str]:
    """The fields in which two specs differ."""
    return {f.name for f in fields(PieceSpec) if getattr(a, f.name) != getattr(b, f.name)}


def same_shape(a: Built, b: Built) -> bool:
    """Whether two pieces have the same meshes, whatever they are made of."""
    return len(a.parts) == len(b.parts) and all(p.v.shape == q.v.shape and np.array_equal(p.v, q.v) for p, q in zip(a.parts, b.parts, strict=True))


def only_difference_said(a: PieceSpec, b: PieceSpec) -> str | None:
    """The one thing in which two specs differ; none where there is no such thing, or more than one."""
    differ = differences(a, b)
    thing = next((t for t, names in _FIELDS.items() if differ and differ <= names), None)
    return None if thing is None or value(a, thing) == value(b, thing) else thing


def only_difference(a: Built, b: Built) -> str | None:
    """The one thing in which two built pieces differ; none where there is no such thing, or more than one."""
    thing = only_difference_said(a.spec, b.spec)
    if thing is None:
        return None
    return thing if same_shape(a, b) == (thing in ("metal", "stone")) else None


def value(spec: PieceSpec, thing: str) -> object:
    """What a built piece has of a thing."""
    return spec.size if thing == "size" else getattr(spec, thing)


def siblings(sampled: PieceSpec, original: Built, wanted: int, rng: np.random.Generator, thing: str | None = None) -> tuple[str | None, list[Sibling]]:
    """Up to `wanted` siblings of a piece, and the one thing that tells all of them and the piece apart; a thing chosen by chance, if none is given."""
    if thing is None:
        things = list(THINGS)
        order = rng.choice(len(things), len(things), replace=False, p=list(THINGS.values()))
        tries = [things[i] for i in order]
    else:
        tries = [thing]
    for name in tries:
        found: list[Sibling] = []
        for change in _changes(sampled, original.spec, name, rng):
            if len(found) == wanted:
                break
            candidate = build(replace(sampled, **dict(change)))
            if all(only_difference(other, candidate) == name and _apart(other.spec, candidate.spec, name) for other in (original, *(s.built for s in found))):
                found.append(Sibling(change, candidate))
        if found:
            return name, found
    return None, []


def _apart(a: PieceSpec, b: PieceSpec, thing: str) -> bool:
    """Whether a photograph would show the difference."""
    if thing == "metal":
        return METAL_COLOURS[a.metal] != METAL_COLOURS[b.metal]
    if thing == "stone":
        return STONE_COLOURS[a.stone or ""] != STONE_COLOURS[b.stone or ""]
    return thing != "size" or abs(a.size - b.size) >= LEAST_GROWTH


def _changes(sampled: PieceSpec, spec: PieceSpec, thing: str, rng: np.random.Generator) -> Iterator[tuple[tuple[str, object], ...]]:
    """What might be put in a thing's place, in a random order."""
    values = {"metal": _metals, "stone": _stones, "motif": _motifs, "size": _sizes}[thing](spec)
    for i in rng.permutation(len(values)):
        v = values[i]
        yield {"metal": (("metal", v), ("second_metal", v)), "stone": (("stone", v),), "motif": (("head", v),), "size": (("size", v),)}[thing]


def _metals(spec: PieceSpec) -> list[str]:
    """Of one metal only, into the period's own metals and the three that are always worked; blackened silver and copper are rare enough."""
    if len(spec.metals) > 1:
        return []
    return [m for m in dict.fromkeys(("yellow gold", "rose gold", "silver", *STYLES[spec.period].metals)) if m not in ("oxidised silver", "copper")]


def _stones(spec: PieceSpec) -> list[str]:
    """Stones that take the same cut and are set in the same way. Pearls never do."""
    if not spec.stone or spec.stone == "pearl":
        return []
    solid = STONES[spec.stone].slot == "solid"
    return [s.name for s in STONES.values() if s.name not in ("pearl", spec.accent) and (s.slot == "solid") == solid and spec.cut in s.cuts]


def _motifs(spec: PieceSpec) -> list[str]:
    """Other motifs in the same place."""
    if not spec.motif:
        return []
    plain = not spec.stone
    return [h for h, motif in HEADS.items() if motif and motif != spec.motif and not (plain and h not in STONELESS)]


def _sizes(spec: PieceSpec) -> list[float]:
    return [0.0, 0.5, 1.0] if spec.head != "plain" and (spec.category == "ring" or (spec.category, spec.form) in _SIZED) else []
