"""A quick check of a bundle in Python: recall of the demo's queries, with onnxruntime and the preprocessing that model.toml gives."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from .locate import Closer, Finder

OTHERS = 0.2  # how much the mean of a listing's other photos counts beside a photo's own vector


class Bundle:
    """A bundle's towers, and its locator if it has one, opened for one thread of use."""

    def __init__(self, folder: Path):
        import onnxruntime as ort
        from tokenizers import Tokenizer

        self.settings = tomllib.loads((folder / "model.toml").read_text())
        files = self.settings["files"]
        self.image = ort.InferenceSession(str(folder / files["image"]["name"]))
        self.text = ort.InferenceSession(str(folder / files["text"]["name"]))
        self.tokenizer = Tokenizer.from_file(str(folder / files["tokenizer"]["name"]))
        self.finder = None
        if "locator" in self.settings:
            session = ort.InferenceSession(str(folder / files["locator"]["name"]))
            self.finder = finder_of(self.settings["locator"], session.run)

    def pixels(self, picture: Image.Image) -> np.ndarray:
        """[3, size, size]: shorter side to size, centre crop, normalise."""
        s = self.settings["image"]
        picture = prepare(picture, s["size"])
        x = np.asarray(picture, np.float32) / 255
        return ((x - np.array(s["mean"], np.float32)) / np.array(s["std"], np.float32)).transpose(2, 0, 1)

    def pictures(self, pictures: list[Image.Image]) -> np.ndarray:
        """Vectors [n, dimension], L2-normalised, of the pieces in the pictures; of whole pictures where there is no locator."""
        if self.finder is not None:
            pictures = self.finder.crops(pictures)
        x = np.stack([self.pixels(p) for p in pictures])
        s = self.settings["image"]
        z = np.concatenate([self.image.run([s["output"]], {s["input"]: x[i : i + 32]})[0] for i in range(0, len(x), 32)])
        return z / np.linalg.norm(z, axis=1, keepdims=True)

    def words(self, texts: list[str]) -> np.ndarray:
        """Vectors [n, dimension], L2-normalised."""
        from .training.tokens import encode

        s = self.settings["text"]
        z = self.text.run([s["output"]], {s["input"]: encode(self.tokenizer, texts)})[0]
        return z / np.linalg.norm(z, axis=1, keepdims=True)


def finder_of(settings: dict, run: Callable) -> Finder:
    """The locator that model.toml describes; `run` takes names of outputs and named inputs, as ONNX Runtime's sessions do."""
    s = settings
    return Finder(
        s["size"], tuple(s["fill"]), tuple(s["mean"]), tuple(s["std"]), s["margin"], s["least_confidence"],
        lambda pixels: tuple(run([s["box"], s["confidence"]], {s["input"]: pixels})), Closer(**s["closer"]) if "closer" in s else None,
    )  # fmt: skip


def prepare(picture: Image.Image, size: int) -> Image.Image:
    """The shorter side brought to `size`, and the middle square of that."""
    w, h = picture.size
    k = size / min(w, h)
    w, h = max(size, round(w * k)), max(size, round(h * k))
    picture = picture.convert("RGB").resize((w, h), Image.Resampling.BICUBIC)
    left, top = (w - size) // 2, (h - size) // 2
    return picture.crop((left, top, left + size, top + size))


def leaning(vectors: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """Photos' vectors [n, d], L2-normalised, each leaning to the mean of its listing's others as the catalogue has them
    (crates/catalogue/src/ingest/together.rs)."""
    _, listing, photos = np.unique(owners, return_inverse=True, return_counts=True)
    sums = np.zeros((len(photos), vectors.shape[1]), vectors.dtype)
    np.add.at(sums, listing, vectors)
    leant = vectors + OTHERS * (sums[listing] - vectors) / np.maximum(photos[listing] - 1, 1)[:, None]
    return leant / np.linalg.norm(leant, axis=1, keepdims=True)


def ranks(queries: np.ndarray, gallery: np.ndarray, owners: np.ndarray, relevant: list[set]) -> np.ndarray:
    """For each query, the place (from 1) of the first relevant listing, each listing counted once by its best photo."""
    out = []
    for q, wanted in zip(queries, relevant, strict=True):
        order = owners[np.argsort(-(gallery @ q), kind="stable")]
        listings = list(dict.fromkeys(order))
        out.append(next((i for i, o in enumerate(listings, 1) if o in wanted), len(listings) + 1))
    return np.array(out)


def recall(r: np.ndarray) -> dict[str, float]:
    """Recall at 1, 5 and 10, and the mean reciprocal rank."""
    return {**{f"R@{k}": round(float((r <= k).mean()), 4) for k in (1, 5, 10)}, "mrr": round(float((1 / r).mean()), 4), "queries": len(r)}


def evaluate(bundle: Path, demo: Path) -> dict:
    """Print and return recall for each kind of query."""
    b = Bundle(bundle)
    listings = [json.loads(x) for x in (demo / "listings.jsonl").read_text().splitlines()]
    files = [(x["id"], demo / "photos" / p) for x in listings for p in x["photos"]]
    files = [f for f in files if f[1].exists()]
    owners = np.array([i for i, _ in files])
    gallery = leaning(b.pictures([Image.open(p) for _, p in files]), owners)
    result = {}
    rows = [json.loads(x) for name in ("queries.jsonl", "queries-text.jsonl") if (demo / name).exists() for x in (demo / name).read_text().splitlines()]
    for kind in ("screenshot", "snapshot", "text"):
        chosen = [r for r in rows if r["kind"] == kind and all((demo / p).exists() for p in r["photos"])]
        if not chosen:
            continue
        z = b.words([r["text"] for r in chosen]) if kind == "text" else b.pictures([Image.open(demo / r["photos"][0]) for r in chosen])
        result[kind] = ranks(z, gallery, owners, [set(r["relevant"]) for r in chosen])
    photo = [result[k] for k in ("screenshot", "snapshot") if k in result]
    report = {k: recall(v) for k, v in result.items()}
    if photo:
        report["photo"] = recall(np.concatenate(photo))
    print(json.dumps({"listings": len(set(owners)), **report}, indent=1))
    return report
