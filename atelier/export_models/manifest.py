"""The text of model.toml and MODEL_CARD.md. Which keys there are: crates/encoder/src/manifest.rs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

FILES = {"image": "image.onnx", "text": "text.onnx", "tokenizer": "tokenizer.json"}

# Every hit "weak": without measured thresholds nothing may be claimed about how close a hit is.
UNCALIBRATED = {"photo": {"same_piece": 1.0, "same_design": 1.0, "similar": 1.0}, "text": {"similar": 1.0}}


@dataclass
class Facts:
    """All that a bundle says about itself."""

    id: str
    family: str
    source: str
    revision: str
    licence: str
    dimension: int
    image: dict
    text: dict
    precision: str
    seed: int | None  # of random weights
    calibration: dict | None = None
    measured: str = ""  # how the calibration was measured
    proof: dict = field(default_factory=dict)
    versions: dict = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def toml(facts: Facts, digests: dict[str, str]) -> str:
    """model.toml; `digests` by file name."""
    top = {k: getattr(facts, k) for k in ("id", "family", "source", "revision", "licence", "dimension")}
    calibration = facts.calibration or UNCALIBRATED
    parts = ["# Written by `python -m atelier export`. Whoever changes it makes another model of it: ingest again.", _pairs({"format": 1, **top}), ""]
    for key, name in FILES.items():
        parts.append(_table(f"files.{key}", {"name": name, "sha256": digests[name]}))
    parts += [_table("image", facts.image), _table("text", facts.text)]
    parts.append(f"# {facts.measured or 'Not calibrated: at 1 every hit is called weak. See MODEL_CARD.md.'}")
    parts += [_table(f"calibration.{key}", {k: round(float(v), 4) for k, v in values.items()}) for key, values in calibration.items()]
    return "\n".join(parts)


def _pairs(values: dict) -> str:
    # JSON's strings, numbers and lists are TOML's too, but for one character that JSON leaves bare.
    return "\n".join(f"{key} = {json.dumps(value)}".replace("\x7f", "\\u007f") for key, value in values.items())


def _table(name: str, values: dict) -> str:
    return f"[{name}]\n{_pairs(values)}\n"


def card(facts: Facts, sizes: dict[str, int], digests: dict[str, str]) -> str:
    """MODEL_CARD.md."""
    proof = facts.proof
    weights = "published" if facts.seed is None else f"random (seed {facts.seed}): it has learnt nothing, its vectors mean nothing"
    rows = "\n".join(f"| `{name}` | {sizes[name] / 1e6:.1f} MB | `{digests[name]}` |" for name in FILES.values())
    versions = ", ".join(f"{k} {v}" for k, v in facts.versions.items())
    notes = "".join(f"- {note}\n" for note in facts.notes)
    if facts.calibration:
        calibration = facts.measured
    else:
        calibration = (
            "Not measured. The thresholds are 1, so that every hit is called weak rather than anything being claimed. Export again with\n"
            "`--calibrate`, on a catalogue and queries of your own, before ingesting: docs/MODELS.md says how."
        )
    return f"""# {facts.id}

- Source: {facts.source}
- Revision: {facts.revision}
- Licence of the weights: {facts.licence}
- Weights: {weights}
- Vectors: {facts.dimension} dimensions. Pictures: {facts.image["size"]} x {facts.image["size"]} pixels. Texts: {facts.text["context_length"]} tokens.

What the model was trained on, what it is good for and what it must not be used for is in its publisher's own model card.

## Export

By Vitrine's `python -m atelier export` in {facts.precision}; inputs and outputs are float32 and int64 in either precision.
Made with {versions}.
{notes}
| file | size | SHA-256 |
| --- | --- | --- |
{rows}

## Proof

Least cosine between ONNX Runtime and the reference in PyTorch (float32), at batches of 1 and 3:

| tower | least cosine | refused below |
| --- | --- | --- |
| pictures | {proof["image"]:.7f} | {proof["limit"]} |
| words | {proof["text"]:.7f} | {proof["limit"]} |

`tokenizer.json` gives the reference's token ids for {proof["tokens"]}.

## Calibration

{calibration}
"""
