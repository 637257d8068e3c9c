"""Builds small randomly weighted CLIP, OpenCLIP and SigLIP models with the reference implementations, writes them as bundles,
and beside each what the reference makes of odd-sized pictures and hostile strings. See README.md."""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import torch

import bundle
import pictures
import tokenisers
import words
from bundle import CONTEXT, DIMENSION, SIZE

TOWER = dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4)


class Picks(torch.nn.Module):
    """One function of a model as a module of its own, for export."""

    def __init__(self, model, run):
        super().__init__()
        self.model, self.run = model, run
        self.eval()

    def forward(self, *inputs):
        return self.run(self.model, *inputs)


def shown():
    return {name: pictures.picture(name) for name in pictures.PICTURES}


def said():
    return {name: words.text(spec) for name, spec in words.TEXTS.items()}


def by_name(names, rows):
    return dict(zip(names, rows, strict=True))


def finish(folder, image_tower, text_tower, pixels, tokens, masks, **about):
    """Exports both towers, then writes the manifest and what is expected."""
    ids = torch.tensor(np.stack(list(tokens.values())))
    inputs = (ids,) if masks is None else (ids, torch.tensor(np.stack(list(masks.values()))))
    bundle.export(image_tower, (torch.tensor(pixels[:2]),), ["pixel_values"], "image_embeds", folder / "image.onnx")
    names = ["input_ids"] if masks is None else ["input_ids", "attention_mask"]
    bundle.export(text_tower, tuple(part[:2] for part in inputs), names, "text_embeds", folder / "text.onnx")
    with torch.no_grad():
        seen, read = image_tower(torch.tensor(pixels)).numpy(), text_tower(*inputs).numpy()
    assert seen.shape[1] == read.shape[1] == DIMENSION
    bundle.manifest(folder, **about)
    bundle.expected(folder, pixels=pixels, tokens=tokens, pictures=by_name(shown(), seen), texts=by_name(said(), read))


def clip(folder):
    """Hugging Face's CLIP: its processor, its tokeniser, its model."""
    from transformers import CLIPConfig, CLIPModel, CLIPTextConfig, CLIPTokenizer, CLIPVisionConfig
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    pairs = tokenisers.merges()
    vocabulary = tokenisers.clip_vocabulary(pairs, ["<|startoftext|>", "<|endoftext|>"])
    tokenizer = CLIPTokenizer(vocab=vocabulary, merges=pairs)
    tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    end = vocabulary["<|endoftext|>"]
    coded = tokenizer(list(said().values()), padding="max_length", truncation=True, max_length=CONTEXT)

    processor = CLIPImageProcessorPil(size={"shortest_edge": SIZE}, crop_size={"height": SIZE, "width": SIZE})
    pixels = np.concatenate([processor(picture, return_tensors="np")["pixel_values"] for picture in shown().values()])

    config = CLIPConfig(
        text_config=CLIPTextConfig(**TOWER, vocab_size=len(vocabulary), max_position_embeddings=CONTEXT, eos_token_id=end,
                                   bos_token_id=end - 1, pad_token_id=end, projection_dim=DIMENSION).to_dict(),
        vision_config=CLIPVisionConfig(**TOWER, image_size=SIZE, patch_size=8, projection_dim=DIMENSION).to_dict(),
        projection_dim=DIMENSION, attn_implementation="eager",
    )
    model = bundle.seeded(lambda: CLIPModel(config), 11)
    finish(
        folder,
        Picks(model, lambda model, pixels: model.visual_projection(model.vision_model(pixels).pooler_output)),
        Picks(model, lambda model, ids, mask: model.text_projection(model.text_model(ids, attention_mask=mask).pooler_output)),
        pixels.astype(np.float32), by_name(said(), np.array(coded["input_ids"])),
        by_name(said(), np.array(coded["attention_mask"])),
        id="tiny-clip", family="clip", source="transformers: CLIPModel", revision="seed 11",
        image=dict(size=SIZE, resize="shortest", interpolation="bicubic", crop="centre-floor", mean=processor.image_mean,
                   std=processor.image_std, input="pixel_values", output="image_embeds"),
        text=dict(context_length=CONTEXT, pad_id=end, clean="none", case="keep", input="input_ids",
                  attention_mask="attention_mask", output="text_embeds"),
    )


def open_clip(folder):
    """OpenCLIP: its transforms, its own Python tokeniser, its model. Also the tokens when it cleans as for SigLIP, and the
    pixels in its two other ways of resizing."""
    from open_clip.model import CLIP, CLIPTextCfg, CLIPVisionCfg
    from open_clip.tokenizer import SimpleTokenizer
    from open_clip.transform import image_transform

    pairs = tokenisers.merges()
    tokenisers.open_clip_json(pairs, folder / "tokenizer.json")
    with tempfile.TemporaryDirectory() as scratch:
        tokenisers.open_clip_file(pairs, Path(scratch) / "bpe.gz")
        reference = {clean: SimpleTokenizer(str(Path(scratch) / "bpe.gz"), context_length=CONTEXT, clean=clean)
                     for clean in ("lower", "canonicalize")}
    tokens = {clean: by_name(said(), reference[clean](list(said().values())).numpy()) for clean in reference}

    def prepared(**how):
        transform = image_transform(SIZE, is_train=False, **how)
        return np.stack([transform(picture).numpy() for picture in shown().values()])

    # Another mean, deviation and fill than in the manifest would do as well: these are what the tests set.
    for name, how in {
        "squash-bilinear": dict(resize_mode="squash", interpolation="bilinear"),
        "longest": dict(resize_mode="longest", fill_color=(250, 120, 7)),
    }.items():
        how = dict(how)
        if how["resize_mode"] == "longest":
            # A ribbon's short side rounds to 0 there, which Pillow refuses; ours is at least 1.
            kept = {key: value for key, value in shown().items() if key != "ribbon"}
            transform = image_transform(SIZE, is_train=False, **how)
            rows = np.stack([transform(picture).numpy() for picture in kept.values()])
        else:
            rows = prepared(**how)
        (folder / f"pixels-{name}.f32").write_bytes(rows.astype("<f4").tobytes())

    model = bundle.seeded(lambda: CLIP(
        DIMENSION,
        CLIPVisionCfg(layers=2, width=32, head_width=8, patch_size=8, image_size=SIZE),
        CLIPTextCfg(context_length=CONTEXT, vocab_size=reference["lower"].vocab_size, width=32, heads=4, layers=2),
        quick_gelu=False,
    ), 12)
    finish(
        folder,
        Picks(model, lambda model, pixels: model.encode_image(pixels)),
        Picks(model, lambda model, ids: model.encode_text(ids)),
        prepared(), tokens["lower"], None,
        id="tiny-open-clip", family="open_clip", source="open_clip_torch: CLIP", revision="seed 12",
        image=dict(size=SIZE, resize="shortest", interpolation="bicubic", crop="centre",
                   mean=[0.48145466, 0.4578275, 0.40821073], std=[0.26862954, 0.26130258, 0.27577711],
                   input="pixel_values", output="image_embeds"),
        text=dict(context_length=CONTEXT, pad_id=0, clean="whitespace", case="keep", input="input_ids", attention_mask="",
                  output="text_embeds"),
    )
    (folder / "canonicalize.json").write_text(
        json.dumps({name: row.tolist() for name, row in tokens["canonicalize"].items()}, ensure_ascii=False) + "\n")


def siglip(folder):
    """Hugging Face's SigLIP: its processor, its tokeniser (SentencePiece's own C++), its model."""
    from transformers import SiglipConfig, SiglipModel, SiglipTextConfig, SiglipTokenizer, SiglipVisionConfig
    from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

    spiece = tokenisers.sentencepiece_model()
    tokenisers.siglip_json(spiece, folder / "tokenizer.json")
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "spiece.model").write_bytes(spiece)
        tokenizer = SiglipTokenizer(str(Path(scratch) / "spiece.model"))
        # Before text that begins with white space SiglipTokenizer puts one mark too many, which neither SigLIP's own
        # preprocessing nor its published tokenizer.json do; so it is given the text without.
        coded = tokenizer([text.lstrip() for text in said().values()], padding="max_length", truncation=True, max_length=CONTEXT)
        coded = coded["input_ids"]
        size = tokenizer.vocab_size

    processor = SiglipImageProcessorPil(size={"height": SIZE, "width": SIZE})
    pixels = np.concatenate([processor(picture, return_tensors="np")["pixel_values"] for picture in shown().values()])

    config = SiglipConfig(
        text_config=SiglipTextConfig(**TOWER, vocab_size=size, max_position_embeddings=CONTEXT, projection_size=DIMENSION,
                                     bos_token_id=1, eos_token_id=1, pad_token_id=1).to_dict(),
        vision_config=SiglipVisionConfig(**{**TOWER, "hidden_size": DIMENSION}, image_size=SIZE, patch_size=8).to_dict(),
        attn_implementation="eager",
    )
    model = bundle.seeded(lambda: SiglipModel(config), 13)
    finish(
        folder,
        Picks(model, lambda model, pixels: model.vision_model(pixels).pooler_output),
        Picks(model, lambda model, ids: model.text_model(ids).pooler_output),
        pixels.astype(np.float32), by_name(said(), np.array(coded)), None,
        id="tiny-siglip", family="siglip", source="transformers: SiglipModel", revision="seed 13",
        image=dict(size=SIZE, resize="squash", interpolation="bicubic", crop="none", mean=processor.image_mean,
                   std=processor.image_std, input="pixel_values", output="image_embeds"),
        text=dict(context_length=CONTEXT, pad_id=1, clean="none", case="keep", input="input_ids", attention_mask="",
                  output="text_embeds"),
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).resolve().parents[2] / "crates/encoder/tests/fixtures"
    parser.add_argument("--out", type=Path, default=default, help="where to write (default: crates/encoder/tests/fixtures)")
    parser.add_argument("only", nargs="*", help="clip, open_clip, siglip (default: all)")
    options = parser.parse_args()
    torch.set_num_threads(2)

    shots = options.out / "pictures"
    shots.mkdir(parents=True, exist_ok=True)
    for name, picture in shown().items():
        picture.save(shots / f"{name}.png", optimize=True)
    (options.out / "inputs.json").write_text(json.dumps({
        "pictures": list(pictures.PICTURES),
        "texts": [{"name": name, **({"text": spec} if isinstance(spec, str) else {"text": spec[0], "times": spec[1]})}
                  for name, spec in words.TEXTS.items()],
    }, ensure_ascii=True, indent=1) + "\n")

    for name, make in {"clip": clip, "open_clip": open_clip, "siglip": siglip}.items():
        if options.only and name not in options.only:
            continue
        folder = options.out / f"tiny-{name.replace('_', '-')}"
        folder.mkdir(exist_ok=True)
        print(folder, file=sys.stderr)
        make(folder)


if __name__ == "__main__":
    main()
