"""Which queries there are: six kinds in fixed shares, each with the listings that are right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .changes import asks, named, wording
from .plan import Piece
from .texts import Text, texts

SHARES = {"snapshot": 0.25, "screenshot": 0.15, "crop": 0.10, "other_photo": 0.15, "text": 0.20, "photo_and_text": 0.15}
PHOTO_KINDS = ("snapshot", "screenshot", "crop", "other_photo")


@dataclass(frozen=True)
class Query:
    """A query: the piece that its picture shows, if it has one, its words, and the numbers of the pieces that are right."""

    kind: str
    number: int
    pictured: int | None
    text: str | None
    relevant: tuple[int, ...]

    @property
    def photo(self) -> str | None:
        """Its picture, relative to the benchmark's folder."""
        return None if self.pictured is None else f"queries/{self.kind}-{self.number:04d}.jpg"


def shares(count: int) -> dict[str, int]:
    """How many queries of each kind: the shares rounded so that they add up."""
    ends = np.round(np.cumsum(list(SHARES.values())) * count).astype(int)
    return dict(zip(SHARES, np.diff(ends, prepend=0).tolist(), strict=True))


def photo_queries(pieces: list[Piece], count: dict[str, int], rng: np.random.Generator) -> list[Query]:
    """Pictures of listed pieces; no piece twice before every piece was shown once."""
    order = rng.permutation(len(pieces))
    kinds = [kind for kind in PHOTO_KINDS for _ in range(count[kind])]
    shown = [int(order[n % len(order)]) for n in range(len(kinds))]
    starts = {kind: kinds.index(kind) for kind in set(kinds)}
    return [Query(kind, n - starts[kind] + 1, i, None, (i,)) for n, (kind, i) in enumerate(zip(kinds, shown, strict=True))]


def change_queries(pieces: list[Piece], count: int, rng: np.random.Generator) -> list[Query]:
    """A picture of one member of a family and words for another; families take turns."""
    families: dict[int, list[int]] = {}
    for i, piece in enumerate(pieces):
        if piece.family is not None:
            families.setdefault(piece.family, []).append(i)
    rounds: list[tuple[int, float, int, int]] = []
    for relatives in families.values():
        pairs = [(a, b) for a in relatives for b in relatives if a != b and asks(pieces[a].spec, pieces[b].spec, pieces[a].thing or "")]
        rounds += [(turn, rng.random(), *pairs[k]) for turn, k in enumerate(rng.permutation(len(pairs)))]
    queries = []
    for number, (_, _, a, b) in enumerate(sorted(rounds)[:count], 1):
        shown, meant, thing = pieces[a], pieces[b].spec, pieces[a].thing or ""
        right = tuple(i for i, p in enumerate(pieces) if p.family == shown.family and i != a and named(p.spec, thing) == named(meant, thing))
        queries.append(Query("photo_and_text", number, a, wording(shown.spec, meant, thing, rng), right))
    return queries


def text_queries(found: list[Text]) -> list[Query]:
    """The texts as queries."""
    return [Query("text", n, None, t.text, t.relevant) for n, t in enumerate(found, 1)]


def queries(pieces: list[Piece], sold: set[int], count: int, seed: int) -> tuple[list[Query], list[Text], set[int]]:
    """The queries, the texts among them with what they ask for, and which pieces stay sold: none that is asked for, so that all can be found."""
    rng = np.random.default_rng([seed, 0x71756572])
    wanted = shares(count)
    pictures = photo_queries(pieces, wanted, rng)
    changes = change_queries(pieces, wanted["photo_and_text"], rng)
    sold = sold - {i for q in pictures + changes for i in (q.pictured, *q.relevant)}
    found = texts([p.spec for p in pieces], set(range(len(pieces))) - sold, wanted["text"], rng)
    return pictures + text_queries(found) + changes, found, sold
