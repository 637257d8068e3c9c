"""Models of open_clip: its own names, the hub's, a folder's."""

from __future__ import annotations

import json
import tempfile
import warnings
from dataclasses import asdict
from pathlib import Path

import numpy as np
import open_clip
import torch

from . import fixtures, hub, tokenisers
from .errors import ExportError
from .model import Model, Picks
from .names import FOLDER, Name
from .preprocessing import open_clip_image

WEIGHTS = ["open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "open_clip_pytorch_model.bin"]
PREPROCESSING = ("mean", "std", "interpolation", "resize_mode")


def load(name: Name, revision: str | None, seed: int | None) -> Model:
    """The model; with a seed, its architecture with random weights, and nothing is fetched."""
    if name.kind == "built-in":
        where, fetched, arguments = _built_in(name, revision, seed)
    else:
        if name.kind == "hub" and seed is None:
            fetched = hub.fetch(name.model, revision, lambda files: hub.weights(files, WEIGHTS))
        elif name.kind == "hub":
            raise ExportError(f"{name.model} lies on the hub, and random weights fetch nothing: name one of open_clip's own models, or a local-dir:")
        else:
            fetched = hub.local(Path(name.model), "local folder")
        where, arguments = f"{FOLDER}{fetched.folder}", {}
    config = open_clip.get_model_config(where)

    def build(**more):
        with warnings.catch_warnings():
            # The one about QuickGELU is an error here: see _built_in.
            warnings.simplefilter("ignore")
            return open_clip.create_model(where, pretrained_text=False, **arguments, **more)

    if seed is None:
        model = build(require_pretrained=True).eval().float()
    else:
        arguments.pop("pretrained", None)
        model = fixtures.module("bundle").seeded(lambda: build(load_weights=False), seed)
    cfg = open_clip.transform.PreprocessCfg(**model.visual.preprocess_cfg)
    transform = open_clip.transform.image_transform_v2(cfg, is_train=False)
    notes: list[str] = []
    reference = _tokenizer(where, config["text_cfg"], seed, notes)
    text, tokenizer = tokenisers.of_open_clip(reference)
    image_tower = Picks(lambda part, pixels: part.visual(pixels), visual=model.visual)
    # The text tower of open_clip's older class is the model itself, so the other one is taken out of it.
    model.visual = torch.nn.Identity()
    return Model(
        family="open_clip",
        source=f"open_clip: {name.shown}",
        revision=f"random weights, seed {seed}" if seed is not None else fetched.revision,
        licence=fetched.licence,
        image=open_clip_image(asdict(cfg)),
        text=text,
        image_tower=image_tower,
        text_tower=Picks(lambda part, ids: part.whole.encode_text(ids), whole=model),
        prepare=lambda picture: transform(picture).numpy(),
        tokens=lambda texts: (np.asarray(reference(texts), np.int64),),
        cleaned=reference.clean_fn,
        tokenizer=tokenizer,
        notes=notes,
    )


def _built_in(name: Name, revision: str | None, seed: int | None) -> tuple[str, hub.Fetched, dict]:
    """What to call one of open_clip's own names, where its weights are, and how to build it."""
    known = open_clip.list_models()
    if name.model not in known:
        near = [k for k in known if k.lower().startswith(name.model.lower()[:5])][:6]
        raise ExportError(f"open_clip has no model called {name.model}" + (f"; it has {', '.join(near)}" if near else ""))
    tags = open_clip.list_pretrained_tags_by_model(name.model)
    if name.tag and name.tag not in tags:
        raise ExportError(f"open_clip has no weights {name.tag} for {name.model}; it has {', '.join(tags) or 'none'}")
    if seed is None and not name.tag:
        raise ExportError(f"say which weights: {name.model}:TAG, where TAG is one of {', '.join(tags)}")
    tag = name.tag or (tags[0] if tags else "")
    cfg = open_clip.get_pretrained_cfg(name.model, tag) or {}
    quick = bool(open_clip.get_model_config(name.model).get("quick_gelu"))
    if name.tag and quick != bool(cfg.get("quick_gelu")):
        other = name.model.removesuffix("-quickgelu") if quick else f"{name.model}-quickgelu"
        raise ExportError(f"the weights {tag} were trained with another activation than {name.model} has: say {other}:{tag}")
    arguments = {"force_preprocess_cfg": {k: cfg[k] for k in PREPROCESSING if k in cfg}}
    if seed is not None:
        return name.model, hub.Fetched(Path(), "", ""), arguments
    repository, _, file = cfg.get("hf_hub", "").rpartition("/")
    if repository:
        fetched = hub.fetch(repository, revision, lambda files: hub.weights(files, [file] if file else WEIGHTS))
        weights = next(p for p in ([fetched.folder / file] if file else map(fetched.folder.joinpath, WEIGHTS)) if p.exists())
        return name.model, fetched, {**arguments, "pretrained": str(weights)}
    if revision:
        raise ExportError(f"the weights {tag} have no revisions: they are one file on the web, so leave --revision out")
    return name.model, hub.Fetched(Path(), f"open_clip_torch {open_clip.__version__}: {tag}", ""), {"pretrained": tag}


def _tokenizer(where: str, text_cfg: dict, seed: int | None, notes: list[str]):
    """The reference's tokeniser. With random weights, where its vocabulary would have to be fetched, one made here."""
    if seed is None or where.startswith(FOLDER) or not text_cfg.get("hf_tokenizer_name"):
        try:
            return open_clip.get_tokenizer(where)
        except (OSError, ValueError) as error:
            reason = " ".join(str(error).split())[:160]
            raise ExportError(f"the model's tokeniser cannot be had ({reason})") from None
    notes.append("Its vocabulary was not at hand: tokenizer.json is a small one of the same kind, made from this project's own sentences.")
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "tokenizer.json").write_text(tokenisers.made_unigram())
        settings = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "</s>", "eos_token": "</s>", "unk_token": "<unk>"}
        (Path(scratch) / "tokenizer_config.json").write_text(json.dumps(settings))
        more = {k: v for k, v in text_cfg.get("tokenizer_kwargs", {}).items()}
        return open_clip.tokenizer.HFTokenizer(scratch, context_length=text_cfg["context_length"], **more)
