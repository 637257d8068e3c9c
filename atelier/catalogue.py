"""The demo: dealers' listings with two photos each, shoppers' pictures of some of them, and the answers."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import numpy as np

from .progress import Progress
from .stock import DEALERS, Item, built, lines, listing, photograph, photos, write_jpeg
from .vocabulary import CATEGORIES, PERIODS

SIZE, SPP, DEPTH = 512, 6, 8
SHOPPERS, SCREENSHOTS = 30, 13


def plan(seed: int, count: int) -> list[Item]:
    """The stock: every category and period is there, each dealer keeps to its own periods."""
    rng = np.random.default_rng([seed, 0x73746F63])
    numbers = {d.id: int(rng.integers(1001, 1090)) for d in DEALERS}
    weights = np.array([5, 2, 3, 4, 3, 3], float)
    items = []
    for i in range(count):
        dealer = DEALERS[i % len(DEALERS)]
        category = CATEGORIES[i // len(DEALERS) % len(CATEGORIES)] if i < 72 else CATEGORIES[rng.choice(6, p=weights / weights.sum())]
        period = str(rng.choice(dealer.periods))
        numbers[dealer.id] += int(rng.integers(1, 9))
        items.append(Item(f"{dealer.prefix}-{numbers[dealer.id]}", dealer, seed * 10_000 + i, category, period))
    assert {x.period for x in items} == set(PERIODS) or count < 100
    return items


def shopper_items(seed: int, items: list[Item]) -> list[int]:
    """Which listings the shoppers saw: all categories, no listing twice."""
    rng = np.random.default_rng([seed, 0x73686F70])
    return [int(i) for i in rng.permutation(len(items))[:SHOPPERS]]


def shopper_picture(number: int, item: Item, out: Path) -> None:
    """Shopper picture `number` (from 1): a snapshot of the listed piece, the first SCREENSHOTS of them inside a screenshot."""
    from .shoppers import picture

    path = out / "shoppers" / f"{number:03d}.jpg"
    if path.exists():
        return
    rng = np.random.default_rng([item.seed, 0x73686F70])
    write_jpeg(picture(built(item), rng, number <= SCREENSHOTS, SIZE, SPP, DEPTH, item.seed * 3 + 1, 540), path)


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


def _job(args: tuple[str, int, Item, str]) -> None:
    kind, number, item, out = args
    import drjit as dr

    dr.set_thread_count(0)
    photograph(item, Path(out), SIZE, SPP, DEPTH) if kind == "photo" else shopper_picture(number, item, Path(out))


def make(seed: int, out: Path, count: int = 320, workers: int = 2) -> None:
    """Write the whole demo under `out`. What is there already is kept, so it may be stopped and started again."""
    items = plan(seed, count)
    shoppers = shopper_items(seed, items)
    # What a shopper looks for is for sale: sold pieces are left out of a search unless they are asked for.
    listings = [listing(item) | ({"status": "available"} if n in shoppers else {}) for n, item in enumerate(items)]
    lines(out / "listings.jsonl", listings)
    queries = [
        {"kind": "screenshot" if n <= SCREENSHOTS else "snapshot", "photos": [f"shoppers/{n:03d}.jpg"], "text": None, "filters": {}, "relevant": [items[i].id]}
        for n, i in enumerate(shoppers, 1)
    ]
    lines(out / "queries.jsonl", queries)
    lines(out / "queries-text.jsonl", text_queries(listings))
    jobs = [("photo", 0, item, str(out)) for item in items] + [("shopper", n, items[i], str(out)) for n, i in enumerate(shoppers, 1)]
    jobs = [j for j in jobs if not _there(j)]
    progress = Progress("catalogue", len(jobs))
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        for _ in pool.imap_unordered(_job, jobs):
            progress.step()


def _there(job: tuple[str, int, Item, str]) -> bool:
    kind, number, item, out = job
    if kind == "photo":
        return all(p.exists() for p in photos(item, Path(out)))
    return (Path(out) / "shoppers" / f"{number:03d}.jpg").exists()
