"""Which pieces there are: their seeds, dealers and families. A third of the listings have siblings that differ from them in one thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.pool import Pool

import numpy as np

from ..families import siblings
from ..pieces import build
from ..progress import Progress
from ..spec import CATEGORY_WEIGHTS, PieceSpec, sample
from ..stock import DEALERS, Dealer, Item

# Far above the demo's seeds and the training set's, so that no model here has seen these pieces. Each benchmark has a million.
FIRST_SEED, SEEDS = 1_000_000_000, 1_000_000
STEP = 8  # seeds to a design: one for each member of its family
FAMILY_EVERY, FAMILY_SIZES = 7, (2, 3, 4)  # of seven designs one is a family of three in the mean: three listings of nine
MOST_LISTINGS = SEEDS // STEP


@dataclass(frozen=True)
class Design:
    """A piece to be sampled, and how many of its kind there should be."""

    number: int
    seed: int
    dealer: Dealer
    category: str
    period: str
    members: int


@dataclass(frozen=True)
class Piece:
    """A listing's item, what was built of it, and where it has siblings the number of its design and what tells them apart."""

    item: Item
    spec: PieceSpec
    family: int | None = None
    thing: str | None = None


def first_seed(seed: int) -> int:
    """The first of the benchmark's own seeds."""
    return FIRST_SEED + seed * SEEDS


def design(seed: int, number: int) -> Design:
    """The benchmark's design of this number; it depends on no other."""
    rng = np.random.default_rng([seed, 0x62656E63, number])
    dealer = DEALERS[number % len(DEALERS)]
    weights = np.array(list(CATEGORY_WEIGHTS.values()), float)
    category = list(CATEGORY_WEIGHTS)[rng.choice(len(weights), p=weights / weights.sum())]
    family, place = divmod(number, FAMILY_EVERY)
    members = FAMILY_SIZES[family % len(FAMILY_SIZES)] if place == FAMILY_EVERY // 2 else 1
    return Design(number, first_seed(seed) + number * STEP, dealer, category, str(rng.choice(dealer.periods)), members)


def members(d: Design) -> tuple[str | None, list[tuple[tuple[tuple[str, object], ...], PieceSpec]]]:
    """The design built with its siblings: what tells them apart, and each one's change and spec."""
    sampled = sample(d.seed, d.category, d.period)
    original = build(sampled)
    thing, found = siblings(sampled, original, d.members - 1, np.random.default_rng([d.seed, 0x66616D69])) if d.members > 1 else (None, [])
    return thing, [((), original.spec), *((s.change, s.built.spec) for s in found)]


def plan(seed: int, count: int, pool: Pool | None = None) -> list[Piece]:
    """The benchmark's pieces; with a pool they are built side by side."""
    if not 0 < count <= MOST_LISTINGS:
        raise ValueError(f"a benchmark has 1 to {MOST_LISTINGS} listings, not {count}")
    rng = np.random.default_rng([seed, 0x73746F63])
    numbers = {d.id: int(rng.integers(1001, 1090)) for d in DEALERS}
    pieces: list[Piece] = []
    progress = Progress("pieces", count)
    for d, (thing, built) in _built(seed, count, pool):
        built = built[: count - len(pieces)]
        alone = len(built) == 1
        chance = np.random.default_rng([d.seed, 0x73686F70])
        dealers = [x for x in DEALERS if d.period in x.periods]
        for k, (change, spec) in enumerate(built):
            dealer = d.dealer if k == 0 else dealers[int(chance.integers(len(dealers)))]
            numbers[dealer.id] += int(rng.integers(1, 9))
            item = Item(f"{dealer.prefix}-{numbers[dealer.id]}", dealer, d.seed + k, d.category, d.period, d.seed if k else None, change)
            pieces.append(Piece(item, spec, None if alone else d.number, None if alone else thing))
        progress.step(len(built))
        if len(pieces) == count:
            break
    return pieces


def _built(seed: int, count: int, pool: Pool | None) -> Iterator[tuple[Design, tuple]]:
    """Designs in order, each with its members, a few hundred built at a time; there are never more designs than listings."""
    share = 120
    for start in range(0, count, share):
        designs = [design(seed, n) for n in range(start, min(start + share, count))]
        yield from zip(designs, pool.imap(members, designs, 4) if pool else map(members, designs), strict=True)


def as_line(piece: Piece) -> dict:
    """The piece as a line of pieces.jsonl."""
    i = piece.item
    own = {"id": i.id, "dealer": i.dealer.id, "seed": i.seed, "design": i.design, "change": dict(i.change)}
    return own | {"family": piece.family, "thing": piece.thing, "spec": piece.spec.as_dict()}


def from_line(line: dict) -> Piece:
    """The piece of a line of pieces.jsonl."""
    spec = PieceSpec(**(line["spec"] | {"tone": tuple(line["spec"]["tone"])}))
    dealer = next(d for d in DEALERS if d.id == line["dealer"])
    item = Item(line["id"], dealer, line["seed"], spec.category, spec.period, line["design"], tuple(line["change"].items()))
    return Piece(item, spec, line["family"], line["thing"])
