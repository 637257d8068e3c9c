"""Real photographs as a benchmark: a folder of classes becomes a catalogue, leave-one-out queries, and spoilt copies to find again."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
from PIL import Image

from .files import write_whole
from .post import jpeg, spoil
from .progress import Progress
from .screens import screenshot
from .spec import sample

SCREEN_WIDTH = 540
SIDE = 512  # of the square that a snapshot or a post shows
PICTURES = (".jpg", ".jpeg", ".png", ".webp")


def classes(folder: Path) -> dict[str, list[Path]]:
    """The pictures of each class, a class a folder; files beside the folders are left alone."""
    found = {d.name: sorted(p for p in d.iterdir() if p.suffix.lower() in PICTURES) for d in sorted(folder.iterdir()) if d.is_dir()}
    return {name: paths for name, paths in found.items() if paths}


def listing(name: str, path: Path, folder: Path) -> dict:
    """A listing of one photo, with nothing said about it that could help to find it."""
    return {
        "id": f"{name}-{path.stem}", "dealer": {"id": "real-photos", "name": "Real photographs"}, "title": "Earrings", "description": "", "category": "earrings",
        "period": None, "metals": [], "stones": [], "motifs": [], "price": {"amount": 1, "currency": "GBP"}, "status": "available", "listed": "2026-11-01",
        "url": None, "photos": [str(path.relative_to(folder))],
    }  # fmt: skip


def square(photo: Image.Image) -> Image.Image:
    """The whole photo on a square of the colour of its edge, SIDE across."""
    photo = photo.convert("RGB")
    w, h = photo.size
    x = np.asarray(photo)
    edge = np.concatenate([x[0], x[-1], x[:, 0], x[:, -1]])
    page = Image.new("RGB", (max(w, h),) * 2, tuple(int(c) for c in np.median(edge, 0)))
    page.paste(photo, ((page.width - w) // 2, (page.height - h) // 2))
    return page.resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def snapshot(photo: Image.Image, rng: np.random.Generator) -> Image.Image:
    """The photo as if taken again by hand, off a page or a screen: seen at a slant, then spoilt."""
    picture = square(photo)
    n = picture.width
    # Corners pulled in by up to 8%: the other end of a slanted sheet is smaller. PIL wants the map from the new picture to the old one.
    corners = np.array([[0, 0], [n, 0], [n, n], [0, n]], float)
    seen = corners + rng.uniform(-0.08, 0.08, (4, 2)) * n
    rows = []
    for (x, y), (u, v) in zip(corners, seen, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    warp = np.linalg.solve(np.array(rows), seen.reshape(-1))
    ground = tuple(int(c) for c in np.asarray(picture)[:4].reshape(-1, 3).mean(0))
    picture = picture.transform((n, n), Image.Transform.PERSPECTIVE, warp.tolist(), Image.Resampling.BICUBIC, fillcolor=ground)
    return spoil(picture, rng, 1.0)


def make(folder: Path, out: Path, seed: int = 1, spoilt: int = 300) -> None:
    """Write listings.jsonl, queries.jsonl and queries/ under `out`. The photos stay where they are: ingest with `--photos FOLDER`.

    Kinds: `class` (each photo, its own listing left out, all others of its class relevant), `screenshot` and `snapshot` (`spoilt` photos
    each, drawn at random; the photo's own listing relevant).
    """
    groups = classes(folder)
    if not groups:
        raise SystemExit(f"{folder} has no folders of pictures; give one that has a folder for each class.")
    listings = {path: listing(name, path, folder) for name, paths in groups.items() for path in paths}
    queries = []
    (out / "queries").mkdir(parents=True, exist_ok=True)
    for paths in groups.values():
        for path in paths:
            own = listings[path]["id"]
            others = [listings[p]["id"] for p in paths if p != path]
            if others:
                data = path.read_bytes()
                copy = out / "queries" / f"{own}{path.suffix.lower()}"
                write_whole(copy, lambda f, data=data: f.write(data))
                queries.append({"kind": "class", "photos": [f"queries/{copy.name}"], "relevant": others, "except": [own]})
    rng = np.random.default_rng([seed, 0x7265616C])
    everything = list(listings)
    chosen = [everything[i] for i in rng.permutation(len(everything))[:spoilt]]
    progress = Progress("spoiling", 2 * len(chosen))
    for number, path in enumerate(chosen):
        for kind in ("screenshot", "snapshot"):
            own = np.random.default_rng([seed, number, kind == "snapshot"])
            with Image.open(path) as photo:
                if kind == "snapshot":
                    picture = snapshot(photo, own)
                else:
                    # What the app writes beside the post is about some piece or other.
                    picture = jpeg(screenshot(spoil(square(photo), own, 0.4), sample(number, "earrings"), own, SCREEN_WIDTH), 88)
            data = io.BytesIO()
            picture.save(data, "JPEG", quality=80)
            name = f"queries/{kind}-{number:04d}.jpg"
            write_whole(out / name, lambda f, data=data: f.write(data.getvalue()))
            queries.append({"kind": kind, "photos": [name], "relevant": [listings[path]["id"]]})
            progress.step()
    for name, rows in (("listings.jsonl", list(listings.values())), ("queries.jsonl", queries)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        write_whole(out / name, lambda f, text=text: f.write(text.encode()))
