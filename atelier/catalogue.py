"""The demo: dealers' listings with two or three photos each, shoppers' pictures of some of them, and the answers."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .places import Places, rounded
from .progress import Progress
from .spec import CATEGORY_WEIGHTS, PieceSpec
from .stock import DEALERS, Item, built, lines, listed_views, listing, photograph, photos, write_jpeg
from .vocabulary import CATEGORIES, PERIODS

SIZE, SPP, DEPTH = 512, 6, 8
THREE = 0.4  # how often a listing has a third photo
# How many of the shoppers' pictures are of each name; two photos of a piece are one query.
SHOPPERS = {
    "screenshot": 16, "plain": 8, "clutter": 10, "worn": 12, "far": 6, "occluded": 8, "crop": 6, "other-photo": 6, "two-photos": 6, "with-words": 6,
}  # fmt: skip


def plan(seed: int, count: int) -> list[Item]:
    """The stock: every category and period is there, each dealer keeps to its own periods."""
    rng = np.random.default_rng([seed, 0x73746F63])
    numbers = {d.id: int(rng.integers(1001, 1090)) for d in DEALERS}
    weights = np.array([CATEGORY_WEIGHTS[c] for c in CATEGORIES], float)
    items = []
    for i in range(count):
        dealer = DEALERS[i % len(DEALERS)]
        category = CATEGORIES[i // len(DEALERS) % len(CATEGORIES)] if i < len(DEALERS) * len(CATEGORIES) else CATEGORIES[rng.choice(len(CATEGORIES), p=weights / weights.sum())]
        period = str(rng.choice(dealer.periods))
        numbers[dealer.id] += int(rng.integers(1, 9))
        shots = 3 if rng.random() < THREE else 2
        items.append(Item(f"{dealer.prefix}-{numbers[dealer.id]}", dealer, seed * 10_000 + i, category, period, shots=shots))
    assert {x.period for x in items} == set(PERIODS) or count < 200
    return items


@dataclass(frozen=True)
class Ask:
    """What a shopper asks with: a picture of listing `item` of the plan, taken as `name` says; it is the `number`th of its name."""

    name: str
    number: int
    item: int

    @property
    def kind(self) -> str:
        """The query's kind: most names are ways to take a snapshot."""
        return {"screenshot": "screenshot", "crop": "crop", "other-photo": "other_photo", "with-words": "photo_and_text"}.get(self.name, "snapshot")

    @property
    def photos(self) -> list[str]:
        """Its pictures, relative to the demo's folder."""
        ends = ("-1", "-2") if self.name == "two-photos" else ("",)
        return [f"shoppers/{self.name}-{self.number:02d}{end}.jpg" for end in ends]


def asks(seed: int, items: list[Item]) -> list[Ask]:
    """Which listings the shoppers saw: no listing twice while there are others, and pieces of every category among those that are worn."""
    rng = np.random.default_rng([seed, 0x73686F70])
    left: list[int] = []
    found = []
    for name, count in SHOPPERS.items():
        for n in range(count):
            left = left or [int(i) for i in rng.permutation(len(items))]
            wanted = CATEGORIES[n % len(CATEGORIES)] if name == "worn" else None
            i = next((i for i in left if items[i].category == wanted), left[0])
            left.remove(i)
            found.append(Ask(name, n + 1, i))
    return found


def shopper_pictures(ask: Ask, item: Item, out: Path) -> list[np.ndarray | None]:
    """The picture, or the two pictures, that a shopper asks with. Returns the box of what each shows of the piece."""
    from .benchmark.shots import take_crop, take_other_photo
    from .shoppers import picture

    paths = [out / p for p in ask.photos]
    found = []
    piece = built(item)
    views = listed_views(item, piece)
    for k, path in enumerate(paths):
        rng = np.random.default_rng([item.seed, 0x73686F70, k])
        seed = (item.seed * 7 + 3 * k + 1) % 2**32
        if ask.name == "crop":
            made, box = take_crop(piece, rng, SIZE, SPP, DEPTH, seed)
        elif ask.name == "other-photo":
            made, box = take_other_photo(piece, item, rng, SIZE, SPP, DEPTH, seed)
        else:
            manner = {"two-photos": ("clutter", "worn")[k], "with-words": ("far", "plain")[ask.number % 2], "screenshot": None}.get(ask.name, ask.name)
            made, box = picture(piece, rng, ask.name == "screenshot", SIZE, SPP, DEPTH, seed, 540, manner, views)
        write_jpeg(made, path)
        found.append(box)
    return found


def words(spec: PieceSpec) -> str:
    """What a shopper types beside a picture of a piece."""
    return " ".join([*spec.metals[:1], *spec.stones[:1], spec.category])


def text_queries(listings: list[dict]) -> list[dict]:
    """Queries in words whose answer can be read off the listings: every attribute asked for is there."""
    queries = []
    for category in CATEGORIES:
        for attribute in ("stones", "motifs"):
            groups: dict[tuple, list[str]] = {}
            for x in listings:
                if x["category"] == category and x["status"] == "available":
                    for value in x[attribute]:
                        for metal in x["metals"]:
                            groups.setdefault((value, metal), []).append(x["id"])
            for (value, metal), ids in sorted(groups.items(), key=lambda kv: (-len(kv[1]), kv[0]))[:4]:
                if len(ids) >= 2:
                    text = f"{metal} {value} {category}" if attribute == "stones" else f"{metal} {category} with a {value} motif"
                    queries.append({"kind": "text", "photos": [], "text": text, "filters": {}, "relevant": sorted(ids)})
    return queries


def photo_queries(found: list[Ask], items: list[Item], specs: dict[int, PieceSpec]) -> list[dict]:
    """The queries' lines; `specs` has at least the pieces that are asked for in words too."""
    return [
        {"kind": a.kind, "photos": a.photos, "text": words(specs[a.item]) if a.kind == "photo_and_text" else None, "filters": {}, "relevant": [items[a.item].id]}
        for a in found
    ]


def _job(args: tuple[Ask | None, Item, str]) -> list[tuple[str, list[float] | None]]:
    """Take the pictures; returns where in the shoppers' the piece is."""
    ask, item, out = args
    import drjit as dr

    dr.set_thread_count(0)
    if ask is None:
        photograph(item, Path(out), SIZE, SPP, DEPTH)
        return []
    return list(zip(ask.photos, map(rounded, shopper_pictures(ask, item, Path(out))), strict=True))


def write_words(seed: int, out: Path, count: int, places: Places) -> tuple[list[Item], list[Ask], list[dict]]:
    """Write listings.jsonl, queries.jsonl and queries-text.jsonl; returns what is listed, what is asked with pictures, and how that is written."""
    items = plan(seed, count)
    found = asks(seed, items)
    asked = {a.item for a in found}
    specs = {i: built(item).spec for i, item in enumerate(items)}
    # What a shopper looks for is for sale: sold pieces are left out of a search unless they are asked for.
    listings = [listing(item, specs[i]) | ({"status": "available"} if i in asked else {}) for i, item in enumerate(items)]
    lines(out / "listings.jsonl", listings)
    queries = photo_queries(found, items, specs)
    places.write(queries)
    lines(out / "queries-text.jsonl", text_queries(listings))
    return items, found, queries


def make(seed: int, out: Path, count: int = 600, workers: int = 2) -> None:
    """Write the whole demo under `out`. What is there already is kept, so it may be stopped and started again."""
    places = Places(out)
    items, found, queries = write_words(seed, out, count, places)
    jobs = [(None, item, str(out)) for item in items] + [(a, items[a.item], str(out)) for a in found]
    jobs = [j for j in jobs if not _there(j, places)]
    progress = Progress("catalogue", len(jobs))
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        for taken in pool.imap_unordered(_job, jobs):
            for photo, box in taken:
                places.add(photo, box)
            progress.step()
    places.write(queries)


def _there(job: tuple[Ask | None, Item, str], places: Places) -> bool:
    ask, item, out = job
    if ask is None:
        return all(p.exists() for p in photos(item, Path(out)))
    return all(p in places and (Path(out) / p).exists() for p in ask.photos)
