"""The bundle: ONNX towers and locator proven against PyTorch, tokenizer, model.toml with digests and calibration, model card."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from PIL import Image

from ..dataset import available, held_out, load
from ..evaluate import leaning, prepare, ranks, recall
from ..export_models import fixtures
from ..files import write_whole
from ..locate import Finder
from ..words import caption
from . import bundled, locating
from .augment import stacked
from .card import card
from .discriminants import Discriminating, exported, head_of
from .locator import finder, trained
from .loop import averaged
from .manifest import NAMES, manifest
from .model import Towers
from .runs import run_dir
from .settings import LOCATOR_SIZE, SIZE
from .shown import shown
from .tokens import encode

OPSET = 18


def _pixels(pictures: list[Image.Image]) -> torch.Tensor:
    return stacked([np.asarray(prepare(p, SIZE), np.float32) / 255 for p in pictures])


@torch.no_grad()
def _vectors(tower: torch.nn.Module, x: torch.Tensor) -> np.ndarray:
    z = torch.cat([tower(x[i : i + 64]) for i in range(0, len(x), 64)])
    return torch.nn.functional.normalize(z, dim=-1).numpy()


def measure(model: Towers, tokenizer, count: int, find: Finder | None) -> dict:
    """Recall and calibration on held-out pieces: their two catalogue photos are the gallery, their spoiled snapshots the queries. With a
    locator the tower sees what it cuts out of both; `whole` is then the recall without it."""
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
    g, q = leaning(_vectors(model.image, _pixels(gallery)), owners), _vectors(model.image, _pixels(queries))
    whole = recall(ranks(q, g, owners, each))
    if find is not None:
        g, q = leaning(_vectors(model.image, _pixels(find.crops(gallery))), owners), _vectors(model.image, _pixels(find.crops(queries)))
    t = _vectors(model.text, torch.from_numpy(encode(tokenizer, texts)))
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


def _onnx(tower: torch.nn.Module, example: torch.Tensor, name: str, outputs: tuple[str, ...] = ("vector",)) -> bytes:
    out = io.BytesIO()
    torch.onnx.export(
        tower, (example,), out, input_names=[name], output_names=list(outputs), dynamic_shapes=({0: torch.export.Dim("n", min=1, max=4096)},),
        opset_version=OPSET, dynamo=True, external_data=False,
    )  # fmt: skip
    return _halved(fixtures.module("bundle").without_traces(onnx.load_from_string(out.getvalue()))).SerializeToString()


def _halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """The graph with its matrices kept in float16, which it makes float32 as it is loaded and computes with as before: half the bytes to carry
    about, as `export_models/precision.py` does it for larger towers."""
    graph, casts = model.graph, []
    for weight in graph.initializer:
        if weight.data_type == onnx.TensorProto.FLOAT and len(weight.dims) >= 2:
            name = weight.name
            half = onnx.numpy_helper.to_array(weight).astype(np.float16)
            weight.CopyFrom(onnx.numpy_helper.from_array(half, name + ".half"))
            casts.append(onnx.helper.make_node("Cast", [weight.name], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


def _proof(data: bytes, tower: torch.nn.Module, example: torch.Tensor, name: str) -> float:
    """The largest difference from PyTorch, at two batch sizes: of what an output's length is, for vectors have none that matters."""
    import onnxruntime as ort

    session = ort.InferenceSession(data)
    worst = 0.0
    with torch.no_grad():
        for x in (example, example[:1]):
            ours = tower(x)
            for a, b in zip(session.run(None, {name: x.numpy()}), ours if isinstance(ours, tuple) else (ours,), strict=True):
                length = np.linalg.norm(b.numpy(), axis=-1, keepdims=True) if a.shape[-1] > 4 else 1.0
                worst = max(worst, float((np.abs(a - b.numpy()) / length).max()))
    return worst


def words_of(run: str, seen: int, tower: torch.nn.Module) -> dict | None:
    """What `train-words` made of the run's text tower, if it did; made for other weights of the image tower, or another head, it is refused."""
    path = run_dir(run) / "words.pt"
    if not path.exists():
        return None
    taught = torch.load(path, map_location="cpu", weights_only=True)
    if (taught["seen"], taught.get("head", 0.0)) != (seen, head_of(tower)):
        raise SystemExit(f"{run} has been trained on since its text tower was: run `python -m atelier train-words --run {run}` again.")
    return taught


def export(out: Path, run: str, seed: int, count: int) -> None:
    """Write the bundle of the run's averaged weights under `out`."""
    tokenizer, model, state = averaged(run, seed)
    model.image = exported(model.image, run, state["seen"]).eval()
    taught = words_of(run, state["seen"], model.image)
    if taught is not None:
        model.text.load_state_dict(taught["text"])
    locator, kept = trained(), None
    if locator is None and (out / NAMES["locator"]).exists():  # none was trained: the bundle keeps the one that it has
        locator, kept = bundled.locator(out), (out / NAMES["locator"]).read_bytes()
    find = finder(locator) if locator is not None else None
    figures = measure(model, tokenizer, count, find)
    pieces = sum(not held_out(p) for p in available(count))
    pixels = torch.randn(3, 3, SIZE, SIZE)
    ids = torch.from_numpy(encode(tokenizer, ["gold ring", "Art Deco emerald and diamond geometric plaque ring in platinum", ""]))
    data = {
        NAMES["image"]: _onnx(model.image, pixels, "pixel_values"), NAMES["text"]: _onnx(model.text, ids, "input_ids"),
        NAMES["tokenizer"]: tokenizer.to_str().encode(),
    }  # fmt: skip
    worst = max(_proof(data[NAMES["image"]], model.image, pixels, "pixel_values"), _proof(data[NAMES["text"]], model.text, ids, "input_ids"))
    found = None
    if locator is not None:
        whole = torch.randn(3, 3, LOCATOR_SIZE, LOCATOR_SIZE)
        data[NAMES["locator"]] = kept or _onnx(locator, whole, "pixel_values", ("box", "confidence"))
        worst = max(worst, _proof(data[NAMES["locator"]], locator, whole, "pixel_values"))
        found = locating.measure(find, count)
    if worst > 1e-3:
        raise SystemExit(f"ONNX Runtime and PyTorch differ by {worst:.2g}: not exported")
    for name, content in data.items():
        write_whole(out / name, lambda f, c=content: f.write(c))
    write_whole(out / "model.toml", lambda f: f.write(manifest(data, figures, seed).encode()))
    size = sum(map(len, data.values()))
    write_whole(out / "MODEL_CARD.md", lambda f: f.write(card(figures, found, state, taught, isinstance(model.image, Discriminating), pieces, size, worst).encode()))
    print(json.dumps({"bytes": {k: len(v) for k, v in data.items()}, "onnx_difference": worst, **figures, "locator": found}, indent=1), file=sys.stderr)
