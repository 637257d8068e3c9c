"""A picture and a few words: like this piece, but of another metal, with another stone or another motif."""

from __future__ import annotations

import numpy as np

from ..spec import PieceSpec
from ..stock import FACET_METAL
from ..vocabulary import STONES
from ..words import ONE_STONE, ONE_STONE_SHANKS, article

# Size is left out: nothing in a listing or its photos says how large "larger" is.
THINGS = ("metal", "stone", "motif")

_METALS = {"rose gold": ("rose gold", "pink gold"), "silver": ("silver", "sterling silver")}
_MOTIFS = {"leaf": ("leaves",), "scroll": ("scrolls",), "geometric": ("a geometric front",), "snake": ("a snake", "a serpent")}
_FRAMES = {
    "metal": ("like this but in {}", "the same in {}", "same but {}", "this one in {} please", "do you have this in {}", "similar in {} instead of {old}"),
    "stone": ("like this but with {}", "the same with {}", "same but {}", "with {} instead of {old}", "this design with {} please"),
    "motif": ("like this but with {}", "the same with {}", "with {} instead of the {old}", "something like this with {}"),
}


def named(spec: PieceSpec, thing: str) -> str | None:
    """What a piece has of a thing, as listings name it."""
    name = getattr(spec, thing)
    return FACET_METAL.get(name, name)


def asks(pictured: PieceSpec, meant: PieceSpec, thing: str) -> bool:
    """Whether words can ask for the one while the other is shown."""
    return thing in THINGS and bool(named(meant, thing)) and named(pictured, thing) != named(meant, thing)


def wording(pictured: PieceSpec, meant: PieceSpec, thing: str, rng: np.random.Generator) -> str:
    """`like this but in silver`, `the same with rubies`, `with a star instead of the heart`."""
    old, new = named(pictured, thing) or "", named(meant, thing) or ""
    if thing == "metal":
        said = _METALS.get(new, (new,))
    elif thing == "stone":
        one = meant.category in ("ring", "pendant") and meant.head in ONE_STONE and meant.form in ("single", *ONE_STONE_SHANKS)
        said, old = (f"{article(new)} {new}" if one else STONES[new].many,), f"the {old}" if one else STONES[old].many
    else:
        said = _MOTIFS.get(new, (f"{article(new)} {new}",))
    frame = _FRAMES[thing][int(rng.integers(len(_FRAMES[thing])))]
    return frame.format(said[int(rng.integers(len(said)))], old=old)
