"""Training the locator, checkpointed by the minute, and measuring it on pieces that it was not trained on."""

from __future__ import annotations

import copy
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from .. import boxes
from ..belongings import belongings
from ..dataset import available, held_out, load
from ..locate import Finder
from ..progress import Progress
from .augment import disturb, stacked
from .bundled import locator, renormalise
from .composing import Example, compose
from .crew import Crew, together
from .locator import Locator, finder, loss_of, trained
from .pieces import Pieces
from .placing import View
from .runs import average, bfloat16, chosen, descend, highest_rate, optimiser_of, resume, run_dir, save, set_rate
from .settings import LEAST_CONFIDENCE
from .shown import shown
from .templates import Template, templates


def train(seed: int, count: int, pictures: int, batch: int, device: str, run: str, first: str | None = None, processes: int = 1) -> None:
    """Train until `pictures` have been made and looked at (over every start), then stop. `first` is a bundle's folder, with whose locator it begins.
    `processes` share each batch."""
    if sum(not held_out(path) for path in available(count)) < 32:
        raise SystemExit("Too few rendered pieces: run `python -m atelier dataset` first.")
    if batch < processes:
        raise SystemExit(f"{processes} processes cannot share a batch of {batch}: make --batch larger.")
    templates()  # drawn once, before the processes part
    together(processes, _train, seed, count, pictures, batch, device, run, first)


def _train(crew: Crew, seed: int, count: int, pictures: int, batch: int, device: str, run: str, first: str | None) -> None:
    where = chosen(device)
    leads = crew.rank == 0
    torch.manual_seed(seed)
    pieces, screens = Pieces(available(count)), templates()
    things = [View(*thing) for thing in belongings()]
    checkpoint = run_dir(run) / "checkpoint.pt"
    model = Locator()
    if first and not checkpoint.exists():
        model = locator(Path(first))
        renormalise(model, examples(pieces, things, screens, 8 * batch, np.random.default_rng([seed, 0x6E6F]))[0])
        model.train()
    model.to(where, memory_format=torch.channels_last)
    ema = copy.deepcopy(model).eval()
    weights = list(model.parameters())
    optimiser = optimiser_of(weights)
    parts = {"model": model, "ema": ema, "optimiser": optimiser}
    counts = resume(checkpoint, parts, where, pictures)
    step, seen, spent = counts["step"], counts["seen"], counts["spent"]
    continued = bool(first) or counts["continued"]
    if leads:
        print(f"{len(pieces.specs)} pieces, {len(things)} things beside them, on {where}, {crew.count} at once", file=sys.stderr)
    rng = np.random.default_rng([seed, step, crew.rank])
    own = batch // crew.count  # pictures of a batch that each of the crew makes
    last = saved = refreshed = time.monotonic()
    rate = Progress("train-locator, pictures", pictures - seen, 30) if leads else None
    mean_loss = None
    while seen < pictures:
        set_rate(optimiser, seen / pictures, highest_rate(continued))
        pixels, box, mask = (x.to(where) for x in examples(pieces, things, screens, own, rng))
        with torch.autocast(where, torch.bfloat16, enabled=bfloat16(where)):
            out = model.parts(pixels.contiguous(memory_format=torch.channels_last))
        loss = loss_of(model, tuple(x.float() for x in out), box, mask)
        descend(optimiser, weights, loss, crew.share)
        average(ema, model, step)
        step += 1
        seen += own * crew.count
        now = time.monotonic()
        spent, last = spent + now - last, now
        if now - refreshed > 600:
            pieces.add(available(count))
            refreshed = now
        if not leads:
            continue
        mean_loss = loss.item() if mean_loss is None else 0.95 * mean_loss + 0.05 * loss.item()
        rate.step(own * crew.count)
        if step % 50 == 0:
            print(f"step {step}: loss {mean_loss:.3f}, {len(pieces.specs)} pieces", file=sys.stderr, flush=True)
        if now - saved > 60 or seen >= pictures:
            save(checkpoint, parts, step=step, seen=seen, spent=spent, continued=continued)
            saved = now


def examples(pieces: Pieces, things: list[View], screens: list[Template], batch: int, rng: np.random.Generator) -> tuple[torch.Tensor, ...]:
    """A batch: normalised pixels [n, 3, size, size], boxes [n, 4] and masks [n, size, size]."""

    def view() -> View:
        piece = int(rng.integers(len(pieces.specs)))
        shot = int(rng.integers(len(pieces.pictures[piece])))
        return View(pieces.pictures[piece][shot], pieces.mask(piece, shot))

    made = [compose(view(), view, things, screens, rng) for _ in range(batch)]
    pixels = stacked([_spoilt(e, rng) for e in made])
    box = torch.from_numpy(np.stack([e.box for e in made])).float()
    return pixels, box, torch.from_numpy(np.stack([e.mask for e in made]))


def _spoilt(example: Example, rng: np.random.Generator) -> np.ndarray:
    """Its pixels of 0..1 as a phone leaves them, now and then without colour; the square's own padding is never spoilt."""
    x = example.pixels.astype(np.float32) / 255
    spoilt = disturb(x, rng.random() < 0.6, rng, cut=False)
    if rng.random() < 0.04:
        spoilt = spoilt.mean(2, keepdims=True)
    return np.where(example.inside[..., None], spoilt, x)


def measure(find: Finder, count: int, most: int = 320) -> dict:
    """How well held-out pieces are found: a snapshot, a screenshot and a catalogue photo of each."""
    pictures: dict[str, list[Image.Image]] = {"snapshot": [], "screenshot": [], "catalogue": []}
    truths: dict[str, list[np.ndarray]] = {kind: [] for kind in pictures}
    for n, path in enumerate([p for p in available(count) if held_out(p)][:most]):
        made = shots_of(path, np.random.default_rng([n, 0x6C6F63]), n % 2, n % 2)
        for kind, (picture, box) in made.items():
            if box is not None:
                pictures[kind].append(picture)
                truths[kind].append(box)
    return {kind: _figures(*find.find(shots), np.stack(truths[kind])) for kind, shots in pictures.items() if shots}


def shots_of(path: Path, rng: np.random.Generator, dealers: int, plain: int) -> dict[str, tuple[Image.Image, np.ndarray | None]]:
    """A piece as the locator meets it, and its box: one of its two snapshots (the `plain`th) as it is, the other in a screenshot, and a dealer's photo."""
    views, masks, spec = load(path)
    return {
        "snapshot": shown(views[2 + plain], masks[2 + plain], spec, rng, False),
        "screenshot": shown(views[3 - plain], masks[3 - plain], spec, rng, True),
        "catalogue": (Image.fromarray(views[dealers]), boxes.of_mask(masks[dealers])),
    }


def _figures(found: np.ndarray, sure: np.ndarray, truth: np.ndarray) -> dict:
    """Mean overlap and the share that overlaps by more than half: of all pictures, and of those where the locator is confident."""
    overlap = boxes.overlap(found, truth)
    confident = sure >= LEAST_CONFIDENCE
    figures = {"pictures": len(overlap), "iou": overlap.mean(), "over_half": (overlap > 0.5).mean(), "confident": confident.mean()}
    if confident.any():
        figures |= {"confident_iou": overlap[confident].mean(), "confident_over_half": (overlap[confident] > 0.5).mean()}
    return {k: round(float(v), 4) for k, v in figures.items()}


def report(count: int, run: str) -> None:
    """Print how well the run's locator finds held-out pieces."""
    model = trained(run)
    if model is None:
        raise SystemExit("There is no trained locator: run `python -m atelier train-locator` first.")
    print(json.dumps(measure(finder(model), count), indent=1))
