"""What is in a picture beside the piece: a thing is a mesh with its own colours, metal or not, rough or smooth. All of a scene's things are one shape."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from ..geometry.mesh import Part, moved


@dataclass(frozen=True)
class Thing:
    """A part (millimetres; its colour is a linear reflectance, one for all or one a vertex), how metallic it is (0..1) and how rough (0..1)."""

    part: Part
    metallic: float = 0.0
    roughness: float = 0.5

    def moved(self, rotation=None, offset=None, scale=None) -> Thing:
        return replace(self, part=self.part.moved(rotation, offset, scale))


def put(things: Iterable[Thing], rotation=None, offset=None, scale=None) -> list[Thing]:
    """Every thing moved alike."""
    return [t.moved(rotation, offset, scale) for t in things]


def together(things: Iterable[Thing]) -> tuple[np.ndarray, ...]:
    """Vertices, faces, normals, colours [n, 3], metallic and roughness [n] of all the things, as one mesh."""
    things = list(things)
    starts = np.cumsum([0] + [len(t.part.v) for t in things[:-1]])
    return (
        np.concatenate([t.part.v for t in things]),
        np.concatenate([t.part.f + s for t, s in zip(things, starts, strict=True)]),
        np.concatenate([t.part.n for t in things]),
        np.concatenate([np.broadcast_to(np.asarray(t.part.colour, float), (len(t.part.v), 3)) for t in things]),
        np.concatenate([np.full(len(t.part.v), t.metallic) for t in things]),
        np.concatenate([np.full(len(t.part.v), t.roughness) for t in things]),
    )


def of(parts: Part | Iterable[Part], colour, metallic: float = 0.0, roughness: float = 0.5) -> list[Thing]:
    """Parts as things of one material."""
    parts = [parts] if isinstance(parts, Part) else parts
    return [Thing(replace(p, colour=colour), metallic, roughness) for p in moved(list(parts))]
