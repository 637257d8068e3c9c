"""The bundle's model.toml."""

from __future__ import annotations

import hashlib

from .settings import AROUND_SMALL, CONTEXT, DIMENSION, FILL, LEAST_CONFIDENCE, LOCATOR_SIZE, MARGIN, MEAN, PIECE_CONFIDENCE, SIZE, SMALL, STD

NAMES = {"image": "image.onnx", "text": "text.onnx", "tokenizer": "tokenizer.json", "locator": "locator.onnx"}


def manifest(data: dict[str, bytes], figures: dict, seed: int) -> str:
    """The text of model.toml for the files in `data`, by name; the locator's sections are there if its file is."""
    files = "\n".join(f'[files.{key}]\nname = "{name}"\nsha256 = "{hashlib.sha256(data[name]).hexdigest()}"\n' for key, name in NAMES.items() if name in data)
    similar, design, same = sorted((figures["similar"], figures["same_design"], figures["same_piece"]))
    return f"""format = 1
id = "starter"
family = "vitrine"
source = "atelier: python -m atelier train --seed {seed}"
revision = "10"
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
{_locator() if NAMES["locator"] in data else ""}
# How these were measured: MODEL_CARD.md, "Calibration".
[calibration.photo]
same_piece = {same:.3f}
same_design = {design:.3f}
similar = {similar:.3f}

[calibration.text]
similar = {figures["text_similar"]:.3f}
"""


def _locator() -> str:
    return f"""
# Where in a picture the piece is, so that the image tower sees it cut out: docs/ATELIER.md, "The locator".
[locator]
size = {LOCATOR_SIZE}
fill = {list(FILL)}
mean = {list(MEAN)}
std = {list(STD)}
input = "pixel_values"
box = "box"
confidence = "confidence"
least_confidence = {LEAST_CONFIDENCE}
piece_confidence = {PIECE_CONFIDENCE}
margin = {MARGIN}

# Where the piece is small in its picture, the locator looks a second time, at a square around what it found.
[locator.closer]
below = {SMALL}
margin = {AROUND_SMALL}
"""
