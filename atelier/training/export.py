"""The bundle: ONNX towers proven against PyTorch, tokenizer, model.toml with digests and calibration, model card."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from PIL import Image

from ..dataset import available, load
from ..evaluate import prepare, ranks, recall
from ..export_models import fixtures
from ..files import write_whole
from ..post import jpeg, spoil
from ..screens import screenshot
from ..words import caption
from .loop import held_out, run_dir, tokenizer_for
from .model import Towers
from .settings import CONTEXT, DIMENSION, MEAN, SIZE, STD
from .tokens import encode

OPSET = 18


class Mirrored(torch.nn.Module):
    """The tower seen from both sides: the mean direction of a picture's vector and its mirror image's. A piece and its reflection are one
    piece, and most are symmetrical; for twice the work the vector depends less on how a picture happens to be turned."""

    def __init__(self, tower: torch.nn.Module):
        super().__init__()
        self.tower = tower

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        normalise = torch.nn.functional.normalize
        return normalise(self.tower(pixel_values), dim=-1) + normalise(self.tower(pixel_values.flip(3)), dim=-1)


def _pixels(pictures: list[Image.Image]) -> torch.Tensor:
    x = np.stack([np.asarray(prepare(p, SIZE), np.float32) / 255 for p in pictures])
    return torch.from_numpy(((x - np.array(MEAN, np.float32)) / np.array(STD, np.float32)).transpose(0, 3, 1, 2).copy())


@torch.no_grad()
def _vectors(tower: torch.nn.Module, x: torch.Tensor) -> np.ndarray:
    z = torch.cat([tower(x[i : i + 64]) for i in range(0, len(x), 64)])
    return torch.nn.functional.normalize(z, dim=-1).numpy()


def measure(model: Towers, tokenizer, count: int) -> dict:
    """Recall and calibration on held-out pieces: their two catalogue photos are the gallery, their spoiled snapshots the queries."""
    paths = [p for p in available(count) if held_out(p)][:320]
    gallery, queries, texts, owners = [], [], [], []
    for n, path in enumerate(paths):
        pictures, spec = load(path)
        rng = np.random.default_rng([n, 0x6576616C])
        gallery += [Image.fromarray(p) for p in pictures[:2]]
        owners += [n, n]
        shot = Image.fromarray(pictures[2 + n % 2]).resize((360, 360), Image.Resampling.BICUBIC)
        framed = n % 5 < 2
        shot = spoil(shot, rng, 0.4 if framed else 1.0)
        queries.append(jpeg(screenshot(shot, spec, rng), 88) if framed else shot)
        texts.append(caption(spec, rng))
    owners = np.array(owners)
    g, q = _vectors(model.image, _pixels(gallery)), _vectors(model.image, _pixels(queries))
    t = _vectors(model.text, torch.from_numpy(encode(tokenizer, texts)))
    n = len(paths)
    photo = ranks(q, g, owners, [{i} for i in range(n)])
    words = ranks(t, g, owners, [{i} for i in range(n)])
    best = np.stack([(q @ g.T)[:, owners == i].max(1) for i in range(n)], 1)
    own = best[np.arange(n), np.arange(n)]
    other = np.where(np.eye(n, dtype=bool), -1, best)
    top_other = other.max(1)
    word_best = np.stack([(t @ g.T)[:, owners == i].max(1) for i in range(n)], 1)
    word_own = word_best[np.arange(n), np.arange(n)]
    return {
        "pieces": n, "photo": recall(photo), "text": recall(words),
        "own": [float(x) for x in np.quantile(own, (0.05, 0.25, 0.5))],
        "same_piece": float(np.quantile(top_other, 0.98)), "same_design": float(np.quantile(top_other, 0.85)),
        "similar": float(np.quantile(np.sort(other, 1)[:, -10:].ravel(), 0.25)), "text_similar": float(np.quantile(word_own, 0.15)),
    }  # fmt: skip


def _onnx(tower: torch.nn.Module, example: torch.Tensor, name: str) -> bytes:
    out = io.BytesIO()
    torch.onnx.export(
        tower, (example,), out, input_names=[name], output_names=["vector"], dynamic_shapes=({0: torch.export.Dim("n", min=1, max=4096)},),
        opset_version=OPSET, dynamo=True, external_data=False,
    )  # fmt: skip
    return fixtures.module("bundle").without_traces(onnx.load_from_string(out.getvalue())).SerializeToString()


def _proof(data: bytes, tower: torch.nn.Module, example: torch.Tensor, name: str) -> float:
    """The largest difference from PyTorch, at two batch sizes."""
    import onnxruntime as ort

    session = ort.InferenceSession(data)
    worst = 0.0
    with torch.no_grad():
        for x in (example, example[:1]):
            worst = max(worst, float(np.abs(session.run(["vector"], {name: x.numpy()})[0] - tower(x).numpy()).max()))
    return worst


def export(out: Path, run: str, seed: int, count: int) -> None:
    """Write the bundle of the run's averaged weights under `out`."""
    tokenizer = tokenizer_for(run, seed)
    state = torch.load(run_dir(run) / "checkpoint.pt", map_location="cpu", weights_only=True)
    model = Towers(tokenizer.get_vocab_size())
    model.load_state_dict(state["ema"])
    model.eval()
    model.image = Mirrored(model.image)
    figures = measure(model, tokenizer, count)
    trained = sum(not held_out(p) for p in available(count))
    pixels = torch.randn(3, 3, SIZE, SIZE)
    ids = torch.from_numpy(encode(tokenizer, ["gold ring", "Art Deco emerald and diamond geometric plaque ring in platinum", ""]))
    data = {"image.onnx": _onnx(model.image, pixels, "pixel_values"), "text.onnx": _onnx(model.text, ids, "input_ids"), "tokenizer.json": tokenizer.to_str().encode()}
    worst = max(_proof(data["image.onnx"], model.image, pixels, "pixel_values"), _proof(data["text.onnx"], model.text, ids, "input_ids"))
    if worst > 1e-4:
        raise SystemExit(f"ONNX Runtime and PyTorch differ by {worst:.2g}: not exported")
    for name, content in data.items():
        write_whole(out / name, lambda f, c=content: f.write(c))
    toml = _toml(data, figures, seed)
    write_whole(out / "model.toml", lambda f: f.write(toml.encode()))
    card = _card(figures, state, trained, sum(map(len, data.values())), worst)
    write_whole(out / "MODEL_CARD.md", lambda f: f.write(card.encode()))
    print(json.dumps({"bytes": {k: len(v) for k, v in data.items()}, "onnx_difference": worst, **figures}, indent=1), file=sys.stderr)


def _toml(data: dict[str, bytes], figures: dict, seed: int) -> str:
    digest = {k: hashlib.sha256(v).hexdigest() for k, v in data.items()}
    names = {"image": "image.onnx", "text": "text.onnx", "tokenizer": "tokenizer.json"}
    files = "\n".join(f'[files.{key}]\nname = "{name}"\nsha256 = "{digest[name]}"\n' for key, name in names.items())
    similar, design, same = sorted((figures["similar"], figures["same_design"], figures["same_piece"]))
    return f"""format = 1
id = "starter"
family = "vitrine"
source = "atelier: python -m atelier train --seed {seed}"
revision = "1"
licence = "MIT"
dimension = {DIMENSION}

{files}
[image]
size = {SIZE}
resize = "shortest"
interpolation = "bicubic"
crop = "centre"
fill = [255, 255, 255]
mean = {list(MEAN)}
std = {list(STD)}
input = "pixel_values"
output = "vector"

[text]
context_length = {CONTEXT}
pad_id = 0
clean = "none"
case = "keep"
input = "input_ids"
attention_mask = ""
output = "vector"

# How these were measured: MODEL_CARD.md, "Calibration".
[calibration.photo]
same_piece = {same:.3f}
same_design = {design:.3f}
similar = {similar:.3f}

[calibration.text]
similar = {figures["text_similar"]:.3f}
"""


def _card(f: dict, state: dict, trained: int, size: int, worst: float) -> str:
    photo, text = f["photo"], f["text"]
    return f"""# Starter model

A small pair of towers that puts photographs of jewellery, and words about it, in one space of {DIMENSION} dimensions. It is here so
that the demo and the tests are real on a machine with no connection. For a real catalogue export a larger model (docs/MODELS.md).

- Image tower: a residual net of 2 million weights, {SIZE} x {SIZE} pixels, run on the picture and on its mirror image.
- Text tower: a transformer of 3 layers, width 192, {CONTEXT} tokens; byte-level BPE learned from generated captions. English only.
- Bundle: {size / 1e6:.1f} MB in float32. ONNX Runtime agrees with PyTorch to {worst:.1g}.
- Licence: MIT, weights included.

## Data

Nothing but this project's own: {trained} invented pieces, each path traced in four views ({", ".join(("front", "side", "two snapshots"))}), with captions
generated from the same parameters that built them. No photograph, no text and no weight of anyone else's was used. Training saw
{state["seen"]} pictures in {state["step"]} steps.

## Measured

On {f["pieces"]} held-out pieces (two catalogue photos each in the gallery; one spoiled snapshot or phone screenshot each as a query):

| query | R@1 | R@5 | R@10 | MRR |
| --- | --- | --- | --- | --- |
| photo | {photo["R@1"]:.3f} | {photo["R@5"]:.3f} | {photo["R@10"]:.3f} | {photo["mrr"]:.3f} |
| caption (its own piece only) | {text["R@1"]:.3f} | {text["R@5"]:.3f} | {text["R@10"]:.3f} | {text["mrr"]:.3f} |

Captions fit several pieces; the second row counts only the one that the caption was written for, and so understates.

## Calibration

From the same held-out queries. `same_piece`: the cosine that only 2% of queries reach with any piece but their own.
`same_design`: the same for 15%. `similar`: the lower quartile of the cosines of the ten nearest other pieces. Text `similar`:
what 85% of captions reach with their own piece. A query's own piece reaches {f["own"][0]:.2f} in 95%, {f["own"][1]:.2f} in 75% and {f["own"][2]:.2f} in 50% of cases.

## What it cannot do

It knows only the shapes, stones and metals that the atelier builds. Real photographs, hands, mannequins, several pieces in one
picture, hallmarks and makers are outside what it has seen. Words other than the trade's own are mostly noise to it. A screenshot
whose post is not near the middle of the screen is cropped by the preprocessing and may be missed.
"""
