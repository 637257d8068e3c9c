"""CLIP and SigLIP models of transformers: the hub's, or a folder's. SigLIP 2 at a fixed size is a SigLIP model there."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np

from . import fixtures, hub, tokenisers
from .errors import ExportError
from .model import Model, Picks
from .names import Name
from .preprocessing import transformers_image

WEIGHTS = ["model.safetensors", "pytorch_model.bin"]

# The architectures of well-known repositories, for random weights, which fetch nothing.
_BASE = {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12}
_CLIP_TEXT = {"vocab_size": 49408, "max_position_embeddings": 77, "bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2}
_LARGE_IMAGE = {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "num_attention_heads": 16, "patch_size": 14}
KNOWN = {
    "openai/clip-vit-base-patch32": ("clip", {"hidden_size": 512, "intermediate_size": 2048, "num_attention_heads": 8}, {**_BASE, "patch_size": 32}, 512),
    "openai/clip-vit-base-patch16": ("clip", {"hidden_size": 512, "intermediate_size": 2048, "num_attention_heads": 8}, {**_BASE, "patch_size": 16}, 512),
    "openai/clip-vit-large-patch14": ("clip", {**_BASE}, _LARGE_IMAGE, 768),
    "google/siglip-base-patch16-224": ("siglip", {**_BASE, "vocab_size": 32000, "max_position_embeddings": 64}, {**_BASE, "patch_size": 16}, 768),
    "google/siglip2-base-patch16-224": ("siglip", {**_BASE, "vocab_size": 256000, "max_position_embeddings": 64}, {**_BASE, "patch_size": 16}, 768),
}


def load(name: Name, revision: str | None, seed: int | None) -> Model:
    """The model; with a seed, its architecture with random weights, and nothing is fetched."""
    fetched = None
    if name.kind == "folder":
        fetched = hub.local(Path(name.model), "local folder")
    elif seed is None:
        fetched = hub.fetch(name.model, revision, lambda files: hub.weights(files, WEIGHTS))
    elif name.model not in KNOWN:
        raise ExportError(f"random weights fetch nothing, so only these can have them: {', '.join(KNOWN)}, or a local-dir:")
    config = _config(name, fetched)
    kind = config.model_type
    notes: list[str] = []
    model = _model(config, fetched, seed)
    processor = _processor(kind, config, fetched)
    if fetched is None:
        tokenizer, written = tokenisers.made_for(kind, notes)
    else:
        tokenizer, written = tokenisers.published(fetched.folder)
    context = config.text_config.max_position_embeddings
    with_mask = kind == "clip"
    text, tokenizer_json, tokens = tokenisers.of_transformers(tokenizer, written, context, with_mask)
    if text["case"] == "lower":
        notes.append("The model was trained on small letters, which its tokeniser leaves to the caller: the bundle makes them small.")
    if kind == "clip":
        image_tower = Picks(lambda m, x: m.projection(m.tower(x).pooler_output), tower=model.vision_model, projection=model.visual_projection)
        text_tower = Picks(
            lambda m, ids, mask: m.projection(m.tower(ids, attention_mask=mask).pooler_output), tower=model.text_model, projection=model.text_projection
        )
    else:
        image_tower = Picks(lambda m, x: m.tower(x).pooler_output, tower=model.vision_model)
        text_tower = Picks(lambda m, ids: m.tower(ids).pooler_output, tower=model.text_model)
    return Model(
        family=kind,
        source=f"transformers: {name.shown}",
        revision=f"random weights, seed {seed}" if seed is not None else fetched.revision,
        licence=fetched.licence if fetched else "",
        image=transformers_image(processor.to_dict()),
        text=text,
        image_tower=image_tower,
        text_tower=text_tower,
        prepare=lambda picture: processor(picture.convert("RGB"), return_tensors="np")["pixel_values"][0].astype(np.float32),
        tokens=tokens,
        cleaned=str.lower if text["case"] == "lower" else str,
        tokenizer=tokenizer_json,
        notes=notes,
    )


def _config(name: Name, fetched: hub.Fetched | None):
    from transformers import AutoConfig, CLIPConfig, SiglipConfig

    if fetched is None:
        kind, text, image, dimension = KNOWN[name.model]
        image = {**image, "image_size": 224}
        if kind == "siglip":
            return SiglipConfig(text_config={**text, "projection_size": dimension}, vision_config=image)
        return CLIPConfig(text_config={**_CLIP_TEXT, **text, "num_hidden_layers": 12}, vision_config=image, projection_dim=dimension)
    raw = json.loads((fetched.folder / "config.json").read_text())
    kind = raw.get("model_type", "")
    if "auto_map" in raw:
        raise ExportError(f"{name.given} runs code of its own, which is never run here; if it is an open_clip model too, say hf-hub:{name.model}")
    if kind == "siglip2":
        raise ExportError("the NaFlex models of SigLIP 2 take patches of any shape, which bundles cannot say: take one with a size in its name")
    if kind not in ("clip", "siglip"):
        raise ExportError(f'{name.given} is a model of type "{kind}"; of transformers\' models only CLIP and SigLIP can be exported')
    return AutoConfig.from_pretrained(fetched.folder)


def _model(config, fetched: hub.Fetched | None, seed: int | None):
    import torch
    from transformers import CLIPModel, SiglipModel

    kind = CLIPModel if config.model_type == "clip" else SiglipModel
    if seed is None:
        model = kind.from_pretrained(fetched.folder, attn_implementation="eager", dtype=torch.float32)
    else:
        config._attn_implementation = "eager"
        model = fixtures.module("bundle").seeded(lambda: kind(config), seed)
    return model.eval().float()


def _processor(kind: str, config, fetched: hub.Fetched | None):
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
    from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

    made = CLIPImageProcessorPil if kind == "clip" else SiglipImageProcessorPil
    if fetched is not None:
        if not (fetched.folder / "preprocessor_config.json").is_file():
            raise ExportError(f"{fetched.folder} has no preprocessor_config.json, which says how pictures are prepared")
        with tempfile.TemporaryDirectory() as scratch:
            # Only the settings: which class reads them is decided here, for torchvision resizes otherwise than Pillow does.
            settings = json.loads((fetched.folder / "preprocessor_config.json").read_text())
            settings = {k: v for k, v in settings.items() if k not in ("image_processor_type", "feature_extractor_type", "processor_class", "auto_map")}
            (Path(scratch) / "preprocessor_config.json").write_text(json.dumps(settings))
            return made.from_pretrained(scratch)
    side = config.vision_config.image_size
    if kind == "clip":
        return made(size={"shortest_edge": side}, crop_size={"height": side, "width": side})
    return made(size={"height": side, "width": side})
