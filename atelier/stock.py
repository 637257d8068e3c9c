"""What a catalogue is made of: dealers, their items, and how an item becomes photos and a line of listings.jsonl."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from PIL import Image

from .files import write_whole
from .pieces import Built, build
from .spec import PieceSpec, sample
from .words import description, price, title

DAY = date(2026, 11, 1)
FACET_METAL = {"oxidised silver": "silver"}


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
    Dealer("osier-flint", "Osier & Flint", "OF", ("Scandinavian Modernist", "Contemporary"), ("slate", "dark wood"), ("window", "softbox")),
    Dealer("saltmarsh-gold", "Saltmarsh Gold", "SG", ("Contemporary", "Mid-century"), ("white", "linen"), ("ring", "tent")),
    Dealer("brackenhurst-pyle", "Brackenhurst & Pyle", "BP", ("Georgian", "Edwardian"), ("burgundy velvet", "black"), ("softbox", "duo")),
    Dealer("oriel-cabinet", "The Oriel Cabinet", "OC", ("Art Nouveau", "Edwardian"), ("ivory", "green velvet"), ("window", "tent")),
    Dealer("tolliver-finch", "Tolliver Finch", "TF", ("Retro", "Mid-century"), ("wood", "linen"), ("window", "softbox")),
    Dealer("basse-lumiere", "Basse Lumière", "BL", ("Art Deco", "Retro"), ("black", "navy velvet"), ("duo", "ring")),
    Dealer("hazelrigg", "Hazelrigg Heirlooms", "HH", ("Victorian", "Georgian"), ("linen", "wood"), ("window", "softbox")),
    Dealer("ostrava-row", "Ostrava Row", "OR", ("Art Deco", "Art Nouveau"), ("grey", "white"), ("softbox", "tent")),
    Dealer("kestrel-yard", "Kestrel Yard", "KY", ("Contemporary", "Retro"), ("grey", "black"), ("ring", "duo")),
    Dealer("fjeldhus", "Fjeldhus Sølv", "FS", ("Scandinavian Modernist", "Mid-century"), ("stone", "slate"), ("tent", "window")),
    Dealer("pomeroy-vale", "Pomeroy Vale", "PV", ("Edwardian", "Victorian"), ("white", "blush"), ("softbox", "tent")),
    Dealer("seven-thimbles", "Seven Thimbles", "ST", ("Art Nouveau", "Victorian", "Georgian"), ("dark wood", "green velvet"), ("softbox", "window")),
)


@dataclass(frozen=True)
class Item:
    """One listing to be: everything that a worker needs to build and photograph it.

    `design` is the seed of the piece where that is another's, of whose family this one is; `change` is what it has instead. It has two or three `shots`.
    """

    id: str
    dealer: Dealer
    seed: int
    category: str
    period: str
    design: int | None = None
    change: tuple[tuple[str, object], ...] = ()
    shots: int = 2


def built(item: Item) -> Built:
    """The item's piece."""
    spec = sample(item.seed if item.design is None else item.design, item.category, item.period)
    return build(replace(spec, **dict(item.change)))


def write_webp(picture: Image.Image, path: Path) -> None:
    """A dealer's photo as a WebP file, whole or not at all."""
    _write(picture, path, "WEBP", quality=80, method=6)


def write_jpeg(picture: Image.Image, path: Path) -> None:
    """A shopper's picture as a JPEG file, whole or not at all."""
    _write(picture, path, "JPEG", quality=80)


def _write(picture: Image.Image, path: Path, kind: str, **options: int) -> None:
    data = io.BytesIO()
    picture.save(data, kind, **options)
    write_whole(path, lambda f: f.write(data.getvalue()))


def lines(path: Path, rows: Iterable[dict]) -> None:
    """One JSON object a line, the file whole or not at all."""
    text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
    write_whole(path, lambda f: f.write(text.encode()))


def photos(item: Item, out: Path) -> list[Path]:
    """Where the listing's photos are."""
    return [out / "photos" / f"{item.id}-{k}.webp" for k in range(1, item.shots + 1)]


def sides(item: Item) -> list[str]:
    """Which sides the listing's photos show: the front first, then others, the back not often."""
    rng = np.random.default_rng([item.seed, 0x73696465])
    return ["front", *(str(x) for x in rng.choice(["three-quarter", "side", "back"], item.shots - 1, replace=False, p=[0.55, 0.28, 0.17]))]


def scene(item: Item, k: int) -> tuple[np.random.Generator, str, str]:
    """What the listing's photo k (from 0) is taken with: the rest of its chance, its ground and its light."""
    rng = np.random.default_rng([item.seed, 0x666F746F, k])
    d = item.dealer
    surface = d.surfaces[0] if k == 0 or rng.random() < 0.5 else d.surfaces[int(rng.integers(len(d.surfaces)))]
    light = d.lights[0] if k == 0 else d.lights[int(rng.integers(len(d.lights)))]
    return rng, surface, light


def shot(item: Item, piece: Built, k: int):
    """How the listing's photo k (from 0) is taken, with this piece of its: a subject, a light map and an exposure."""
    from .pictures import catalogue

    rng, surface, light = scene(item, k)
    return catalogue(piece, rng, sides(item)[k], surface, light)


def listed_views(item: Item, piece: Built) -> list:
    """From where the listing's photos are taken."""
    return [shot(item, piece, k)[0].views[0] for k in range(item.shots)]


def photograph(item: Item, out: Path, size: int, spp: int, depth: int) -> None:
    """The listing's photos: a front on the dealer's usual ground, and other sides, perhaps on another."""
    from .pictures import take

    wanted = photos(item, out)
    if all(p.exists() for p in wanted):
        return
    piece = built(item)
    for k, path in enumerate(wanted):
        if path.exists():
            continue
        write_webp(Image.fromarray(take(shot(item, piece, k), size, spp, depth, (item.seed * 3 + k) % 2**32)), path)


def listing(item: Item, spec: PieceSpec | None = None) -> dict:
    """The listing's line for listings.jsonl; `spec` is the built piece's, where it is at hand."""
    spec = spec or built(item).spec
    rng = np.random.default_rng([item.seed, 0x6C697374])
    return {
        "id": item.id, "dealer": {"id": item.dealer.id, "name": item.dealer.name}, "title": title(spec), "description": description(spec),
        "category": spec.category, "period": spec.period, "metals": list(dict.fromkeys(FACET_METAL.get(m, m) for m in spec.metals)), "stones": spec.stones,
        "motifs": spec.motifs, "price": {"amount": price(spec), "currency": "GBP"}, "status": "sold" if rng.random() < 0.06 else "available",
        "listed": (DAY - timedelta(days=int(rng.exponential(110)) % 700)).isoformat(), "url": None, "photos": [p.name for p in photos(item, Path())],
    }  # fmt: skip
