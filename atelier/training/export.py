"""The bundle: ONNX towers and locator proven against PyTorch, tokenizer, model.toml with digests and calibration, model card."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from ..dataset import available, held_out, load
from ..evaluate import leaning, prepare, ranks, recall
from ..files import write_whole
from ..locate import Finder
from ..words import caption
from . import locating
from .augment import stacked
from .card import card
from .discriminants import Discriminating, exported, head_of, pieces_of
from .eight_bits import eight_bits, folded
from .graphs import graph_of, halved, plain, proof
from .locator import Locator, finder, finder_with, trained
from .looks import looks_at
from .loop import averaged
from .manifest import NAMES, manifest
from .runs import run_dir
from .settings import SIZE
from .shown import shown
from .tokens import encode

RANGES = 80  # pieces whose pictures show how far activations reach; and as many others that the image tower is proven on
LEAST_NEARNESS = 0.95  # mean cosine of vectors in eight bits with those in floats


def _pixels(pictures: list[Image.Image]) -> torch.Tensor:
    return stacked([np.asarray(prepare(p, SIZE), np.float32) / 255 for p in pictures])


@torch.no_grad()
def _vectors(tower: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> np.ndarray:
    z = torch.cat([tower(x[i : i + 64]) for i in range(0, len(x), 64)])
    return torch.nn.functional.normalize(z, dim=-1).numpy()


def _session(graph: bytes) -> Callable[[np.ndarray], list[np.ndarray]]:
    """What a file makes of pixels."""
    import onnxruntime as ort

    session = ort.InferenceSession(graph)
    return lambda pixels: session.run(None, {"pixel_values": pixels})


def _exported(image: bytes) -> Callable[[torch.Tensor], torch.Tensor]:
    """The image tower as it is exported, to be asked as PyTorch's is."""
    run = _session(image)
    return lambda x: torch.from_numpy(run(x.contiguous().numpy())[0])


def measure(see: Callable[[torch.Tensor], torch.Tensor], text: torch.nn.Module, tokenizer, count: int, find: Finder | None) -> dict:
    """Recall and calibration on held-out pieces: their two catalogue photos are the gallery, their spoiled snapshots the queries. `see` is the image
    tower. With a locator it sees what that cuts out of both; `whole` is then the recall without it."""
    paths = [p for p in available(count) if held_out(p)][:320]
    gallery, queries, texts, owners = [], [], [], []
    for n, path in enumerate(paths):
        pictures, masks, spec = load(path)
        rng = np.random.default_rng([n, 0x6576616C])
        gallery += [Image.fromarray(p) for p in pictures[:2]]
        owners += [n, n]
        view = 2 + n % 2
        queries.append(shown(pictures[view], masks[view], spec, rng, n % 5 < 2)[0])
        texts.append(caption(spec, rng))
    owners = np.array(owners)
    n = len(paths)
    each = [{i} for i in range(n)]
    g, q = leaning(_vectors(see, _pixels(gallery)), owners), _vectors(see, _pixels(queries))
    whole = recall(ranks(q, g, owners, each))
    if find is not None:
        g, q = leaning(_vectors(see, _pixels(find.crops(gallery))), owners), _vectors(see, _pixels(find.crops(queries)))
    t = _vectors(text, torch.from_numpy(encode(tokenizer, texts)))
    photo = ranks(q, g, owners, each)
    words = ranks(t, g, owners, each)
    best = np.stack([(q @ g.T)[:, owners == i].max(1) for i in range(n)], 1)
    own = best[np.arange(n), np.arange(n)]
    other = np.where(np.eye(n, dtype=bool), -1, best)
    top_other = other.max(1)
    word_best = np.stack([(t @ g.T)[:, owners == i].max(1) for i in range(n)], 1)
    word_own = word_best[np.arange(n), np.arange(n)]
    return {
        "pieces": n, "photo": recall(photo), "whole": whole if find is not None else None, "text": recall(words),
        "own": [float(x) for x in np.quantile(own, (0.05, 0.25, 0.5))],
        "same_piece": float(np.quantile(top_other, 0.98)), "same_design": float(np.quantile(top_other, 0.85)),
        "similar": float(np.quantile(np.sort(other, 1)[:, -10:].ravel(), 0.25)), "text_similar": float(np.quantile(word_own, 0.15)),
    }  # fmt: skip


def _pictures(paths: list[Path]) -> torch.Tensor:
    """Pieces' views as they are seen in training, spoilt: [n, 3, SIZE, SIZE]."""
    seen = looks_at(paths, 1, lambda x: x.flatten(1), "cpu", [0, 0x626974], "eight bits", over_the_edge=True)
    return seen.reshape(-1, 3, SIZE, SIZE)


def _some(pieces: list[Path], first: int = 0) -> list[Path]:
    """RANGES of the pieces, evenly apart, from the `first` on."""
    return pieces[first :: max(1, len(pieces) // RANGES)][:RANGES]


def _file(model: torch.nn.Module, pictures: np.ndarray, outputs: tuple[str, ...] = ("vector",)) -> tuple[bytes, float]:
    """A model's file in eight bits, the ranges taken from what it makes of pictures [n, 3, side, side]; and by how much its graph in floats differs
    from PyTorch."""
    pixels = torch.randn(3, *pictures.shape[1:])
    graph = graph_of(folded(model), pixels, "pixel_values", outputs)
    return halved(plain(eight_bits(graph, pictures))).SerializeToString(), proof(graph.SerializeToString(), model, pixels, "pixel_values")


def words_of(run: str, seen: int, tower: torch.nn.Module) -> dict | None:
    """What `train-words` made of the run's text tower, if it did; made for other weights of the image tower, or another head, it is refused."""
    path = run_dir(run) / "words.pt"
    if not path.exists():
        return None
    taught = torch.load(path, map_location="cpu", weights_only=True)
    if (taught["seen"], taught.get("head", 0.0)) != (seen, head_of(tower)):
        raise SystemExit(f"{run} has been trained on since its text tower was: run `python -m atelier train-words --run {run}` again.")
    return taught


def image_of(tower: torch.nn.Module, pieces: list[Path]) -> tuple[bytes, float, np.ndarray]:
    """The image tower's file; by how much its graph in floats differs from PyTorch; and the cosines of vectors in eight bits with those in floats, on
    pictures of pieces other than those that gave the ranges."""
    data, worst = _file(tower, _pictures(_some(pieces)).numpy())
    others = _pictures(_some(pieces, 1))
    nearness = (_vectors(_exported(data), others) * _vectors(tower, others)).sum(1)
    if nearness.mean() < LEAST_NEARNESS:
        raise SystemExit(f"in eight bits the image tower's vectors have a cosine of only {nearness.mean():.3f} with PyTorch's: not exported")
    return data, worst, nearness


def locator_of(model: Locator, pieces: list[Path]) -> tuple[bytes, float]:
    """The locator's file, and by how much its graph in floats differs from PyTorch."""
    shots = [locating.shots_of(path, np.random.default_rng([n, 0x626974]), n % 2, 0) for n, path in enumerate(_some(pieces))]
    find = finder(model)
    return _file(model, np.stack([find.pixels(picture) for made in shots for picture, _ in made.values()]), ("box", "confidence"))


def export(out: Path, run: str, seed: int, count: int) -> None:
    """Write the bundle of the run's averaged weights under `out`. What is measured is measured of its files."""
    tokenizer, model, state = averaged(run, seed)
    model.image = exported(model.image, run, state["seen"]).eval()
    taught = words_of(run, state["seen"], model.image)
    if taught is not None:
        model.text.load_state_dict(taught["text"])
    pieces = [p for p in available(count) if not held_out(p)]
    image, worst, nearness = image_of(model.image, pieces)
    ids = torch.from_numpy(encode(tokenizer, ["gold ring", "Art Deco emerald and diamond geometric plaque ring in platinum", ""]))
    text = halved(graph_of(model.text, ids, "input_ids")).SerializeToString()
    data = {NAMES["image"]: image, NAMES["text"]: text, NAMES["tokenizer"]: tokenizer.to_str().encode()}
    differences = [worst, proof(text, model.text, ids, "input_ids")]
    locator = trained()
    if locator is not None:
        data[NAMES["locator"]], worst = locator_of(locator, pieces)
        differences.append(worst)
    elif (out / NAMES["locator"]).exists():  # none was trained: the bundle keeps the one that it has
        data[NAMES["locator"]] = (out / NAMES["locator"]).read_bytes()
    if max(differences) > 1e-3:
        raise SystemExit(f"ONNX Runtime and PyTorch differ by {max(differences):.2g}: not exported")
    find = finder_with(_session(data[NAMES["locator"]])) if NAMES["locator"] in data else None
    figures = measure(_exported(image), model.text, tokenizer, count, find) | {"nearness": [float(nearness.mean()), float(nearness.min())]}
    found = locating.measure(find, count) if find is not None else None
    for name, content in data.items():
        write_whole(out / name, lambda f, c=content: f.write(c))
    write_whole(out / "model.toml", lambda f: f.write(manifest(data, figures, seed).encode()))
    size, discriminating = sum(map(len, data.values())), isinstance(model.image, Discriminating)
    taught_by = pieces_of(run, state) or len(pieces)
    write_whole(out / "MODEL_CARD.md", lambda f: f.write(card(figures, found, state, taught, discriminating, taught_by, size, max(differences)).encode()))
    print(json.dumps({"bytes": {k: len(v) for k, v in data.items()}, "onnx_difference": max(differences), **figures, "locator": found}, indent=1), file=sys.stderr)
