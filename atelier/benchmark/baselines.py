"""What is to be beaten: colours alone, a network that was never trained, and chance."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from ..evaluate import prepare, ranks, recall

SIDE = 64  # pixels; a histogram needs no more
BINS = (12, 4, 4)  # of hue, saturation and value
BATCH = 64

Vectors = Callable[[Iterable[Path]], np.ndarray]


def colour_histogram(paths: Iterable[Path]) -> np.ndarray:
    """Vectors [n, 192] of the middle square's HSV histogram. They are square roots of shares, so that their cosine is the
    Bhattacharyya coefficient of the histograms."""
    out = []
    for path in paths:
        with Image.open(path) as picture:
            hsv = np.asarray(prepare(picture, SIDE).convert("HSV"), int).reshape(-1, 3)
        h, s, v = (hsv * BINS // 256).T
        counts = np.bincount((h * BINS[1] + s) * BINS[2] + v, minlength=int(np.prod(BINS)))
        out.append(np.sqrt(counts / counts.sum()))
    return np.array(out)


def untrained(seed: int) -> Vectors:
    """The starter model's image tower as it is before training: its random weights, and no statistics seen."""
    import torch

    from ..training.model import ImageTower
    from ..training.settings import MEAN, SIZE, STD

    torch.manual_seed(seed)
    tower = ImageTower().eval()

    def pixels(path: Path) -> np.ndarray:
        with Image.open(path) as picture:
            x = np.asarray(prepare(picture, SIZE), np.float32) / 255
        return ((x - np.array(MEAN, np.float32)) / np.array(STD, np.float32)).transpose(2, 0, 1)

    def parts(paths: Iterable[Path]) -> Iterator[np.ndarray]:
        paths = list(paths)
        with torch.no_grad():
            for i in range(0, len(paths), BATCH):
                z = tower(torch.from_numpy(np.stack([pixels(p) for p in paths[i : i + BATCH]])))
                yield torch.nn.functional.normalize(z, dim=-1).numpy()

    return lambda paths: np.concatenate(list(parts(paths)))


def baselines(folder: Path, seed: int = 0) -> dict:
    """Print and return recall for every kind of query with a picture (words are not read), and what chance makes of words."""
    rows = [json.loads(x) for x in (folder / "listings.jsonl").read_text().splitlines()]
    rows = [r for r in rows if r["status"] != "sold"]  # sold pieces are left out of a search
    asked = [json.loads(x) for x in (folder / "queries.jsonl").read_text().splitlines()]
    gallery = [folder / "photos" / p for r in rows for p in r["photos"]]
    owners = np.array([r["id"] for r in rows for _ in r["photos"]])
    pictured = [q for q in asked if q["photos"]]
    report: dict = {"listings": len(rows)}
    for name, vectors in (("colour histogram", colour_histogram), ("untrained network", untrained(seed))):
        z = vectors(folder / q["photos"][0] for q in pictured)
        report[name] = _by_kind(pictured, ranks(z, vectors(gallery), owners, [set(q["relevant"]) for q in pictured]))
    texts = [len(q["relevant"]) / len(rows) for q in asked if not q["photos"]]
    report["chance"] = {"photo": {f"R@{k}": round(min(k / len(rows), 1.0), 4) for k in (1, 5, 10)}}
    if texts:
        report["chance"]["text"] = {"P@10": round(float(np.mean(texts)), 4), "queries": len(texts)}
    print(json.dumps(report, indent=1))
    return report


def _by_kind(rows: list[dict], places: np.ndarray) -> dict[str, dict]:
    kinds = list(dict.fromkeys(r["kind"] for r in rows))
    return {kind: recall(places[[i for i, r in enumerate(rows) if r["kind"] == kind]]) for kind in kinds}
