"""The bundle's model card."""

from __future__ import annotations

import re

from .settings import CONTEXT, DIMENSION, LEAST_CONFIDENCE, LOCATOR_SIZE, SECOND_SIZE, SIZE


def card(f: dict, found: dict | None, state: dict, taught: dict | None, discriminating: bool, pieces: int, size: int, worst: float) -> str:
    """The model card: `f` and `found` are what was measured of the towers and of the locator (none where there is none), `state` the
    checkpoint, `taught` what `train-words` kept (none where it was not run), `discriminating` whether the last layer was worked out,
    `pieces` how many it was trained on, `size` the bundle's in bytes, `worst` the largest difference from PyTorch."""
    text = f["text"]
    return f"""# Starter model

A small pair of towers that puts photographs of jewellery, and words about it, in one space of {DIMENSION} dimensions. It is here so
that the demo and the tests are real on a machine with no connection. For a real catalogue export a larger model (docs/MODELS.md).

- Image tower: a residual net of 3.5 million weights, {SIZE} x {SIZE} pixels, run on the picture and on its mirror image{_smaller(discriminating)}.{_last(discriminating)}
- Text tower: a transformer of 3 layers, width 192, {CONTEXT} tokens; byte-level BPE learned from generated captions. English only.
{_locator_line(found)}- Bundle: {size / 1e6:.1f} MB. Convolutions compute in eight bits: on pictures of pieces the image tower's vectors have a cosine of
  {f["nearness"][0]:.4f} with those in floats on average, {f["nearness"][1]:.4f} at least. All else computes in float32, with matrices kept in float16. In floats
  ONNX Runtime agrees with PyTorch to {worst:.1g}.
- Licence: MIT, weights included.

## Data

Nothing but this project's own: {pieces} invented pieces, some of which differ from another in one thing only; each path traced in four
views (front, side, two snapshots), with captions generated from the same parameters that built them. No photograph, no text and no
weight of anyone else's was used. {_seen(state)}{_taught(taught)}

## Measured

On {f["pieces"]} held-out pieces (two catalogue photos each in the gallery; one spoiled snapshot or phone screenshot each as a query):

| query | R@1 | R@5 | R@10 | MRR |
| --- | --- | --- | --- | --- |
{_rows(f)}
| caption (its own piece only) | {text["R@1"]:.3f} | {text["R@5"]:.3f} | {text["R@10"]:.3f} | {text["mrr"]:.3f} |

Captions fit several pieces; the last row counts only the one that the caption was written for, and so understates.
{_found(found)}
## Calibration

From the same held-out queries. `same_piece`: the cosine that only 2% of queries reach with any piece but their own.
`same_design`: the same for 15%. `similar`: the lower quartile of the cosines of the ten nearest other pieces. Text `similar`:
what 85% of captions reach with their own piece. A query's own piece reaches {f["own"][0]:.2f} in 95%, {f["own"][1]:.2f} in 75% and {f["own"][2]:.2f} in 50% of cases.

## What it cannot do

It knows only the shapes, stones and metals that the atelier builds. Real photographs, hands, mannequins, several pieces in one
picture, hallmarks and makers are outside what it has seen. Words other than the trade's own are mostly noise to it. Where the piece
is not found, the tower sees the middle of the whole picture: a screenshot whose post is not near the middle may then be missed.
"""


def _row(name: str, recall: dict) -> str:
    return f"| {name} | {recall['R@1']:.3f} | {recall['R@5']:.3f} | {recall['R@10']:.3f} | {recall['mrr']:.3f} |"


def _rows(f: dict) -> str:
    if f["whole"] is None:
        return _row("photo", f["photo"])
    return _row("photo, the piece cut out", f["photo"]) + "\n" + _row("photo, whole", f["whole"])


def _smaller(discriminating: bool) -> str:
    return f" in {SECOND_SIZE} x {SECOND_SIZE}" if discriminating else ""


def _last(discriminating: bool) -> str:
    return " Its last layer is worked out and not trained: linear discriminants." if discriminating else ""


def _seen(state: dict) -> str:
    before = state.get("before", 0)
    begun = f" It began with weights that had seen {before} before, of the same kind." if before else ""
    return f"Training saw {state['seen']} pictures in {state['step']} steps.{begun}"


def pictures_seen(text: str) -> int:
    """How many pictures taught the weights that a card is of, by what it says."""
    return sum(int(n) for n in re.findall(r"Training saw (\d+)|weights that had seen (\d+)", text) for n in n if n)


def _taught(taught: dict | None) -> str:
    if taught is None:
        return " The text tower was not taught after that (`train-words`): do not go by words."
    return f" The text tower was then taught by itself, {taught['step']} steps of words as shoppers type them."


def _locator_line(found: dict | None) -> str:
    if found is None:
        return ""
    return f"- Locator: a convolutional net of 1.6 million weights, {LOCATOR_SIZE} x {LOCATOR_SIZE} pixels: the piece's box, which is cut out for the image tower.\n"


def _found(found: dict | None) -> str:
    if not found:
        return ""
    rows = "\n".join(_found_row(kind, x) for kind, x in found.items())
    return f"""
Where the locator finds held-out pieces: how far its box and the true one overlap (intersection over union, IoU), how often by more than
half, how often it is confident ({LEAST_CONFIDENCE} or more; else the whole picture is used), and how often it is right then.

| picture | pictures | mean IoU | IoU over half | confident | over half where confident |
| --- | --- | --- | --- | --- | --- |
{rows}
"""


def _found_row(kind: str, x: dict) -> str:
    right = f"{x['confident_over_half']:.3f}" if "confident_over_half" in x else "none"
    return f"| {kind} | {x['pictures']:.0f} | {x['iou']:.3f} | {x['over_half']:.3f} | {x['confident']:.3f} | {right} |"
