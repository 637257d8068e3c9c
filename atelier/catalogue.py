"""The demo: dealers' listings with two photos each, shoppers' pictures of some of them, and the answers."""

from __future__ import annotations

import io
import json
import multiprocessing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from PIL import Image

from .files import write_whole
from .progress import Progress
from .spec import sample
from .vocabulary import CATEGORIES, PERIODS
from .words import description, price, title

SIZE, SPP, DEPTH = 512, 6, 8
WEBP_QUALITY = 80
SHOPPERS, SCREENSHOTS = 30, 13
DAY = date(2026, 11, 1)


@dataclass(frozen=True)
class Dealer:
    """A shop: its id, name, listing prefix, what it leans to, and the grounds and lights of its photographs."""

    id: str
    name: str
    prefix: str
    periods: tuple[str, ...]
    surfaces: tuple[str, ...]
    lights: tuple[str, ...]


DEALERS = (
    Dealer("hartley-bow", "Hartley & Bow", "HB", ("Edwardian", "Art Deco", "Victorian"), ("white", "ivory"), ("softbox", "tent")),
    Dealer("maison-vaillant", "Maison Vaillant", "MV", ("Art Deco", "Art Nouveau", "Retro"), ("black", "grey"), ("softbox", "duo")),
    Dealer("ploverfield", "Ploverfield Antiques", "PF", ("Georgian", "Victorian"), ("green velvet", "ivory"), ("window", "softbox")),
    Dealer("sorensen-lund", "Sørensen & Lund", "SL", ("Scandinavian Modernist", "Mid-century"), ("slate", "grey", "white"), ("softbox", "tent")),
    Dealer("the-garnet-room", "The Garnet Room", "GR", ("Victorian", "Georgian"), ("burgundy velvet", "linen"), ("window", "softbox")),
    Dealer("quill-and-carat", "Quill & Carat", "QC", ("Contemporary", "Edwardian"), ("white", "blush"), ("tent", "ring")),
    Dealer("lantern-court", "Lantern Court", "LC", ("Art Nouveau", "Victorian", "Edwardian"), ("stone", "linen"), ("window", "duo")),
    Dealer("ida-merrow", "Ida Merrow", "IM", ("Mid-century", "Retro"), ("blush", "ivory"), ("softbox", "window")),
    Dealer("penhallow", "Penhallow & Daughters", "PD", ("Victorian", "Edwardian", "Georgian"), ("navy velvet", "white"), ("softbox", "duo")),
    Dealer("north-quay", "North Quay Jewellers", "NQ", ("Contemporary", "Scandinavian Modernist"), ("white", "slate"), ("tent", "softbox")),
    Dealer("castellane", "Castellane", "CA", ("Art Deco", "Contemporary", "Retro"), ("black", "white"), ("softbox", "ring")),
    Dealer("wren-street", "Wren Street Vintage", "WS", ("Mid-century", "Retro", "Art Nouveau"), ("linen", "grey"), ("window", "softbox")),
)

FACET_METAL = {"oxidised silver": "silver"}


@dataclass(frozen=True)
class Item:
    """One listing to be: everything that a worker needs to build and photograph it."""

    id: str
    dealer: Dealer
    seed: int
    category: str
    period: str


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


def _built(item: Item):
    from .pieces import build

    return build(sample(item.seed, item.category, item.period))


def _webp(picture: Image.Image, path: Path, quality: int = WEBP_QUALITY) -> None:
    data = io.BytesIO()
    picture.save(data, "WEBP", quality=quality, method=6)
    write_whole(path, lambda f: f.write(data.getvalue()))


def photograph(item: Item, out: Path) -> None:
    """The listing's two photos: a front on the dealer's usual ground, and a view from the side, perhaps on another."""
    from .pictures import catalogue, take

    wanted = [out / "photos" / f"{item.id}-{k}.webp" for k in (1, 2)]
    if all(p.exists() for p in wanted):
        return
    built = _built(item)
    for k, path in enumerate(wanted):
        if path.exists():
            continue
        rng = np.random.default_rng([item.seed, 0x666F746F, k])
        d = item.dealer
        surface = d.surfaces[0] if k == 0 or rng.random() < 0.5 else d.surfaces[int(rng.integers(len(d.surfaces)))]
        light = d.lights[0] if k == 0 else d.lights[int(rng.integers(len(d.lights)))]
        shot = catalogue(built, rng, k == 0, surface, light)
        _webp(Image.fromarray(take(shot, SIZE, SPP, DEPTH, item.seed * 2 + k)), path)


def shopper_picture(number: int, item: Item, out: Path) -> None:
    """Shopper picture `number` (from 1): a snapshot of the listed piece, the first SCREENSHOTS of them inside a screenshot."""
    from .pictures import catalogue, snapshot, take
    from .post import jpeg, spoil
    from .screens import screenshot

    path = out / "shoppers" / f"{number:03d}.jpg"
    if path.exists():
        return
    built = _built(item)
    rng = np.random.default_rng([item.seed, 0x73686F70])
    posed = number <= SCREENSHOTS and rng.random() < 0.5  # somebody's styled post rather than a snap
    shot = catalogue(built, rng, True) if posed else snapshot(built, rng)
    picture = Image.fromarray(take(shot, SIZE, SPP, DEPTH, item.seed * 3 + 1))
    picture = spoil(picture, rng, 0.4 if number <= SCREENSHOTS else 1.0)
    if number <= SCREENSHOTS:
        picture = jpeg(screenshot(picture, built.spec, rng, 540), 88)
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=80)
    write_whole(path, lambda f: f.write(data.getvalue()))


def listing(item: Item) -> dict:
    """The listing's line for listings.jsonl."""
    spec = _built(item).spec
    rng = np.random.default_rng([item.seed, 0x6C697374])
    return {
        "id": item.id, "dealer": {"id": item.dealer.id, "name": item.dealer.name}, "title": title(spec), "description": description(spec),
        "category": spec.category, "period": spec.period, "metals": list(dict.fromkeys(FACET_METAL.get(m, m) for m in spec.metals)), "stones": spec.stones,
        "motifs": spec.motifs, "price": {"amount": price(spec), "currency": "GBP"}, "status": "sold" if rng.random() < 0.06 else "available",
        "listed": (DAY - timedelta(days=int(rng.exponential(110)) % 700)).isoformat(), "url": None, "photos": [f"{item.id}-1.webp", f"{item.id}-2.webp"],
    }  # fmt: skip


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


def _lines(path: Path, rows: list[dict]) -> None:
    text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
    write_whole(path, lambda f: f.write(text.encode()))


def _job(args: tuple[str, int, Item, str]) -> None:
    kind, number, item, out = args
    import drjit as dr

    dr.set_thread_count(0)
    photograph(item, Path(out)) if kind == "photo" else shopper_picture(number, item, Path(out))


def make(seed: int, out: Path, count: int = 320, workers: int = 2) -> None:
    """Write the whole demo under `out`. What is there already is kept, so it may be stopped and started again."""
    items = plan(seed, count)
    shoppers = shopper_items(seed, items)
    # What a shopper looks for is for sale: sold pieces are left out of a search unless they are asked for.
    listings = [listing(item) | ({"status": "available"} if n in shoppers else {}) for n, item in enumerate(items)]
    _lines(out / "listings.jsonl", listings)
    queries = [
        {"kind": "screenshot" if n <= SCREENSHOTS else "snapshot", "photos": [f"shoppers/{n:03d}.jpg"], "text": None, "filters": {}, "relevant": [items[i].id]}
        for n, i in enumerate(shoppers, 1)
    ]
    _lines(out / "queries.jsonl", queries)
    _lines(out / "queries-text.jsonl", text_queries(listings))
    jobs = [("photo", 0, item, str(out)) for item in items] + [("shopper", n, items[i], str(out)) for n, i in enumerate(shoppers, 1)]
    jobs = [j for j in jobs if not _there(j)]
    progress = Progress("catalogue", len(jobs))
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        for _ in pool.imap_unordered(_job, jobs):
            progress.step()


def _there(job: tuple[str, int, Item, str]) -> bool:
    kind, number, item, out = job
    if kind == "photo":
        return all((Path(out) / "photos" / f"{item.id}-{k}.webp").exists() for k in (1, 2))
    return (Path(out) / "shoppers" / f"{number:03d}.jpg").exists()
