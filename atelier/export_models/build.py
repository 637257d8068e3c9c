"""The parts of a bundle, made in a folder: towers, tokeniser, proof."""

from __future__ import annotations

import importlib
import importlib.metadata
from pathlib import Path

import numpy as np
from PIL import Image

from ..files import write_whole
from . import fixtures, names, precision, tokenisers, towers
from .calibrate import calibrate
from .command import PROOF_PICTURES, PROOF_TEXTS, Options
from .errors import ExportError
from .manifest import Facts
from .model import Model
from .progress import say

OUTPUT = {"image": "image_embeds", "text": "text_embeds"}
INPUTS = {"image": ["pixel_values"], "text": ["input_ids", "attention_mask"]}


def bundle(name: names.Name, options: Options, folder: Path) -> Facts:
    """Makes image.onnx, text.onnx and tokenizer.json in `folder`; what remains to be written is what is returned."""
    random = options.weights == "random"
    say(f"loading {name.given}" + (f" with random weights, seed {options.seed}" if random else ""))
    library = importlib.import_module(f"{__package__}.from_{name.library}")
    model = _load(library, name, options.revision, options.seed if random else None)
    licence = options.licence or ("none (random weights)" if random else model.licence)
    if not licence:
        raise ExportError(f"{name.given} does not state its licence: look it up, and give it with --licence")
    for what, tower in (("image", model.image_tower), ("text", model.text_tower)):
        towers.check_size(what, tower, options.precision)
    agreed = tokenisers.agreement(model.tokenizer, model.text, model.cleaned, model.tokens)
    write_whole(folder / "tokenizer.json", lambda f: f.write(model.tokenizer.encode()))
    inputs = _inputs(model, options.expected)
    proof = {"limit": precision.LEAST[options.precision], "tokens": agreed}
    vectors = {}
    for what in ("image", "text"):
        vectors[what], proof[what] = _tower(what, model, inputs[what], options.precision, folder / f"{what}.onnx")
    if vectors["image"].shape[1] != vectors["text"].shape[1]:
        raise ExportError("the two towers give vectors of different lengths")
    if options.expected:
        _expected(folder, model, inputs, vectors, proof["limit"])
    graph = {what: {"input": INPUTS[what][0], "output": OUTPUT[what]} for what in INPUTS}
    graph["text"]["attention_mask"] = INPUTS["text"][1] if len(inputs["text"]) > 1 else ""
    facts = Facts(
        id=names.bundle_id(options.out),
        family=model.family,
        source=model.source,
        revision=model.revision,
        licence=licence,
        dimension=int(vectors["image"].shape[1]),
        image=model.image | graph["image"],
        text=model.text | graph["text"],
        precision=options.precision,
        seed=options.seed if random else None,
        proof=proof,
        versions={package: importlib.metadata.version(package) for package in ("torch", "open_clip_torch", "transformers", "onnx", "onnxruntime", "pillow")},
        notes=model.notes,
    )
    if options.calibrate:
        say("calibrating")
        facts.calibration, facts.measured = _calibrate(folder, model, options)
    return facts


def _load(library, name: names.Name, revision: str | None, seed: int | None) -> Model:
    try:
        return library.load(name, revision, seed)
    except ExportError:
        raise
    except Exception as error:  # the libraries raise whatever they meet in a model's files
        raise ExportError(f"{name.given} cannot be loaded ({type(error).__name__}: {' '.join(str(error).split())[:200]})") from error


def _inputs(model: Model, everything: bool) -> dict[str, tuple[np.ndarray, ...]]:
    """What the reference's own preprocessing makes of the pictures and texts of the proof, those that must agree first."""
    pictures, texts = fixtures.pictures(), fixtures.texts()
    shown = [*PROOF_PICTURES, *(p for p in pictures if everything and p not in PROOF_PICTURES)]
    said = [*PROOF_TEXTS, *(t for t in texts if everything and t not in PROOF_TEXTS)]
    pixels = np.stack([model.prepare(pictures[p]) for p in shown]).astype(np.float32)
    side = model.image["size"]
    if pixels.shape[1:] != (3, side, side):
        raise ExportError(f"the model's preprocessing gives {pixels.shape[1:]}, not 3 x {side} x {side}")
    return {"image": (pixels,), "text": model.tokens([texts[t] for t in said])}


def _tower(what: str, model: Model, inputs: tuple[np.ndarray, ...], how: str, path: Path) -> tuple[np.ndarray, float]:
    """Exports one tower; gives the reference's vectors, and the least cosine of ONNX Runtime with them."""
    tower = getattr(model, f"{what}_tower")
    wanted = towers.reference(tower, inputs)
    used = INPUTS[what][: len(inputs)]
    try:
        towers.export(what, tower, inputs, used, OUTPUT[what], path, how)
    except Exception as error:  # the exporter raises whatever the model's code meets
        reason = " ".join(str(error).split())[:200]
        raise ExportError(f"the {what} tower cannot be exported in {how} ({type(error).__name__}: {reason})") from error
    # Of what remains only the file is needed; two towers, two copies each, are much memory.
    setattr(model, f"{what}_tower", None)
    del tower
    if path.stat().st_size > towers.MOST:
        raise ExportError(f"the {what} tower is {path.stat().st_size / 1e9:.2f} GB, and one ONNX file holds at most 2.1 GB")
    say(f"comparing the {what} tower with PyTorch ({path.stat().st_size / 1e6:.1f} MB)")
    least = towers.agreement(path, used, inputs, wanted)
    towers.refuse_below("pictures" if what == "image" else "words", least, how)
    return wanted, least


def _expected(folder: Path, model: Model, inputs: dict, vectors: dict, limit: float) -> None:
    """What the encoder's tests compare with: crates/encoder/tests/exported.rs."""
    say("writing what the reference makes of every test input")
    pictures, texts = fixtures.pictures(), fixtures.texts()
    shown = [*PROOF_PICTURES, *(p for p in pictures if p not in PROOF_PICTURES)]
    said = [*PROOF_TEXTS, *(t for t in texts if t not in PROOF_TEXTS)]
    (folder / "pictures").mkdir()
    for name in fixtures.LARGER:
        pictures[name].save(folder / "pictures" / f"{name}.png")
    by_picture = dict(zip(shown, inputs["image"][0], strict=True))
    fixtures.module("bundle").expected(
        folder,
        # In the order of the names, which is that of expected.json once it is read.
        pixels=np.stack([by_picture[name] for name in sorted(shown)]),
        tokens=dict(zip(said, inputs["text"][0], strict=True)),
        pictures=dict(zip(shown, vectors["image"], strict=True)),
        texts=dict(zip(said, vectors["text"], strict=True)),
        size=model.image["size"],
        more={"least": limit},
    )


def _calibrate(folder: Path, model: Model, options: Options) -> tuple[dict, str]:
    import onnxruntime as ort

    def vectors(what: str, rows: list, prepared) -> np.ndarray:
        session = ort.InferenceSession(str(folder / f"{what}.onnx"), providers=["CPUExecutionProvider"])
        out = []
        for start in range(0, len(rows), towers.AT_ONCE):
            if start % (50 * towers.AT_ONCE) == 0:
                say(f"{'pictures' if what == 'image' else 'texts'}: {start} of {len(rows)}")
            inputs = prepared(rows[start : start + towers.AT_ONCE])
            out.append(session.run(None, dict(zip(INPUTS[what], inputs, strict=False)))[0])
        z = np.concatenate(out).astype(np.float64)
        return z / np.linalg.norm(z, axis=1, keepdims=True)

    def opened(path: Path) -> Image.Image:
        try:
            return Image.open(path).convert("RGB")
        except OSError:
            raise ExportError(f"{path} is not a picture") from None

    return calibrate(
        options.calibrate,
        options.photos,
        options.queries,
        lambda paths: vectors("image", paths, lambda part: (np.stack([model.prepare(opened(p)) for p in part]).astype(np.float32),)),
        lambda texts: vectors("text", texts, model.tokens),
    )
