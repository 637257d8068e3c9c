"""What the text tower is taught by itself: words as shoppers type them, each with all the pieces that it is true of, and words beside a picture
that ask for the piece's sibling. The image tower stays as it is, so its vectors are made once, and a step costs only words.

A caption's own piece is not the only right one: `gold ring` is true of hundreds. So every piece of which a text is true is right, and all others
are wrong (the supervised contrastive loss of Khosla et al., "Supervised Contrastive Learning", NeurIPS 2020, from words to pictures).
"""

from __future__ import annotations

import copy
import io
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from ..benchmark import asking, changes, texts
from ..dataset import VIEWS, available, held_out, load, number
from ..families import only_difference_said
from ..files import write_whole
from ..progress import Progress
from ..spec import PieceSpec
from ..words import caption
from .discriminants import exported, head_of
from .looks import looks_at
from .loop import averaged
from .model import TextTower
from .runs import average, chosen, descend, optimiser_of, run_dir, save, set_rate
from .tokens import encode

DRAWS = 1  # how often each view is spoilt and looked at
ASKS, CAPTIONS, CHANGES = 128, 48, 96  # texts of each kind in a step
HIGHEST = 1e-3  # learning rate
MOST = 0.3  # of all pieces: a text that is true of more teaches little
DEALERS = 0.7  # how often a piece is shown by a dealer's photo and not by a snapshot


class Shown:
    """Pieces with the vectors [pieces, views, draws, dimension] of their pictures, and what is true of them."""

    def __init__(self, specs: list[PieceSpec], families: list[int], vectors: torch.Tensor):
        self.specs, self.vectors = specs, vectors
        self.stock = texts.Stock(specs, range(len(specs)))
        alike = [hash((s.category, s.head, s.stone, s.metal)) for s in specs]
        self.alike = torch.tensor(alike)
        self.pairs = self._pairs(families)

    def _pairs(self, families: list[int]) -> list[tuple[int, int, str]]:
        """Siblings that words can tell apart, either way round, and in what they differ."""
        by_family: dict[int, list[int]] = {}
        for i, family in enumerate(families):
            by_family.setdefault(family, []).append(i)
        pairs = []
        for members in by_family.values():
            for a in members:
                for b in members:
                    thing = only_difference_said(self.specs[a], self.specs[b]) if a != b else None
                    if thing and changes.asks(self.specs[a], self.specs[b], thing):
                        pairs.append((a, b, thing))
        return pairs

    def true_of(self, asked: tuple[asking.Attribute, ...]) -> torch.Tensor:
        """Of which pieces all of it is true: bool [pieces]."""
        true = torch.zeros(len(self.specs), dtype=torch.bool)
        true[list(self.stock.having(asked))] = True
        return true

    def gallery(self, rng: np.random.Generator) -> torch.Tensor:
        """One picture's vector of every piece [pieces, dimension], mostly of a dealer's photo."""
        n = len(self.specs)
        views = np.where(rng.random(n) < DEALERS, rng.integers(0, 2, n), rng.integers(2, VIEWS, n))
        return self.vectors[torch.arange(n), torch.from_numpy(views), torch.from_numpy(rng.integers(self.vectors.shape[2], size=n))]

    def ask(self, rng: np.random.Generator) -> tuple[str, torch.Tensor]:
        """A text as a shopper types it, and of which pieces it is true."""
        while True:
            asked = texts.ask(self.stock.facts[int(rng.integers(len(self.specs)))], rng)
            true = self.true_of(asked)
            if true.float().mean() <= MOST:
                return texts.wording(asked, rng), true


def vectors_of(tower: torch.nn.Module, paths: list, where: str, seed: int) -> torch.Tensor:
    """[pieces, VIEWS, DRAWS, dimension], as the exported tower sees the views: spoilt as in training, and in both its looks."""
    return looks_at(paths, DRAWS, lambda x: F.normalize(tower(x), dim=-1), where, [seed, 0x766563], "words")


def made_with(seen: int, seed: int, tower: torch.nn.Module) -> list:
    """What vectors depend on: how many pictures had taught the tower, and its head."""
    return [seen, seed, DRAWS, head_of(tower)]


def remembered(tower: torch.nn.Module, paths: list, where: str, seed: int, kept: Path, made: list) -> torch.Tensor:
    """`vectors_of`, kept in a file beside the checkpoint, for as long as they are `made_with` the same; only new pieces are looked at."""
    state = torch.load(kept, map_location="cpu", weights_only=True) if kept.exists() else {}
    known = dict(zip(state["names"], state["vectors"], strict=True)) if state.get("made_with") == made else {}
    new = [p for p in paths if p.stem not in known]
    if new:
        known |= dict(zip((p.stem for p in new), vectors_of(tower, new, where, seed), strict=True))
        data = io.BytesIO()
        torch.save({"made_with": made, "names": list(known), "vectors": torch.stack(list(known.values()))}, data)
        write_whole(kept, lambda f: f.write(data.getvalue()))
    return torch.stack([known[p.stem] for p in paths])


def shown_of(tower: torch.nn.Module, count: int, where: str, seed: int, kept: Path, made: list) -> tuple[Shown, Shown]:
    """The pieces to learn from, and those held out."""
    paths = available(count)
    specs = [load(p)[2] for p in paths]
    vectors = remembered(tower, paths, where, seed, kept, made)
    sets = []
    for out in (False, True):
        at = [i for i, p in enumerate(paths) if held_out(p) == out]
        sets.append(Shown([specs[i] for i in at], [number(paths[i]) for i in at], vectors[at]))
    return sets[0], sets[1]


def contrast(queries: torch.Tensor, gallery: torch.Tensor, scale: torch.Tensor, right: torch.Tensor, ignored: torch.Tensor | None = None) -> torch.Tensor:
    """How unlikely, on average, each query [q, d] finds what is `right` [q, n] for it in the gallery [n, d]."""
    logits = queries @ gallery.T * scale.exp().clamp(max=60)
    if ignored is not None:
        logits = logits.masked_fill(ignored & ~right, -1e4)
    likely = F.log_softmax(logits, 1)
    return -((likely * right).sum(1) / right.sum(1)).mean()


def together(pictures: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
    """A picture and words as one query, half the weight on either, as `domain::Vector::blend` does it."""
    return F.normalize(pictures + words, dim=-1)


def _step(text: TextTower, scales: torch.Tensor, shown: Shown, tokenizer: Tokenizer, rng: np.random.Generator, where: str) -> torch.Tensor:
    gallery = shown.gallery(rng).to(where)
    asked = [shown.ask(rng) for _ in range(ASKS)]
    own = torch.from_numpy(rng.integers(len(shown.specs), size=CAPTIONS))
    pairs = [shown.pairs[i] for i in rng.integers(len(shown.pairs), size=CHANGES)] if shown.pairs else []
    said = [t for t, _ in asked] + [caption(shown.specs[i], rng) for i in own] + [changes.wording(shown.specs[a], shown.specs[b], thing, rng) for a, b, thing in pairs]
    ids = encode(tokenizer, said)
    z = F.normalize(text(torch.from_numpy(ids[:, : int((ids != 0).sum(1).max())]).to(where)).float(), dim=-1)
    loss = contrast(z[:ASKS], gallery, scales[0], torch.stack([true for _, true in asked]).to(where))
    right = F.one_hot(own, len(shown.specs)).bool().to(where)
    alike = (shown.alike[own][:, None] == shown.alike[None]).to(where)
    loss = loss + 0.3 * contrast(z[ASKS : ASKS + CAPTIONS], gallery, scales[1], right, alike)
    if pairs:
        pictured = shown.gallery(rng)[[a for a, _, _ in pairs]].to(where)
        right = F.one_hot(torch.tensor([b for _, b, _ in pairs]), len(shown.specs)).bool().to(where)
        loss = loss + 0.5 * contrast(together(pictured, z[ASKS + CAPTIONS :]), gallery, scales[2], right)
    return loss


@torch.no_grad()
def measure(text: TextTower, shown: Shown, tokenizer: Tokenizer, where: str) -> dict[str, float]:
    """On pieces held out: precision at 10 of what is asked for in words, and recall at 10 of siblings asked for by a picture and words."""
    rng = np.random.default_rng(0x6D65)
    gallery = shown.vectors[:, :2].flatten(1, 2)  # both of the dealer's photos
    best = lambda q: torch.einsum("qd,nvd->qnv", q, gallery).amax(2).topk(10, 1).indices  # noqa: E731
    words = lambda said: F.normalize(text(torch.from_numpy(encode(tokenizer, said)).to(where)).float(), dim=-1).cpu()  # noqa: E731
    asked = [a for a in (shown.ask(rng) for _ in range(1200)) if a[1].sum() >= 10][:300]
    if not asked:
        return {"texts": 0}
    right = torch.stack([true for _, true in asked]).gather(1, best(words([t for t, _ in asked])))
    out = {"texts": len(asked), "text_precision_10": float(right.float().mean())}
    if shown.pairs:
        z = words([changes.wording(shown.specs[a], shown.specs[b], thing, rng) for a, b, thing in shown.pairs])
        found = best(together(shown.vectors[[a for a, _, _ in shown.pairs], 2, 0], z))
        meant = torch.tensor([b for _, b, _ in shown.pairs])
        out |= {"pairs": len(shown.pairs), "picture_and_words_recall_10": float((found == meant[:, None]).any(1).float().mean())}
    return out


def train(seed: int, count: int, steps: int, device: str, run: str) -> None:
    """Teach the run's averaged text tower for `steps` steps, and keep it as words.pt beside the run's checkpoint."""
    where = chosen(device)
    tokenizer, model, state = averaged(run, seed)
    model = model.to(where)
    torch.manual_seed(seed)
    tower = exported(model.image, run, state["seen"]).to(where).eval()
    shown, held = shown_of(tower, count, where, seed, run_dir(run) / "vectors.pt", made_with(state["seen"], seed, tower))
    text = model.text
    ema = copy.deepcopy(text)
    print(f"{len(shown.specs)} pieces, {len(shown.pairs)} pairs; before: {measure(ema, held, tokenizer, where)}", file=sys.stderr, flush=True)
    text.train()
    scales = torch.nn.Parameter(torch.full((3,), 3.0, device=where))
    weights = [*text.parameters(), scales]
    optimiser = optimiser_of(weights)
    rng = np.random.default_rng([seed, 0x776F72])
    progress, began, mean = Progress("words, steps", steps, 30), time.monotonic(), None
    for step in range(steps):
        set_rate(optimiser, step / steps, HIGHEST)
        loss = _step(text, scales, shown, tokenizer, rng, where)
        descend(optimiser, weights, loss)
        average(ema, text, step)
        mean = float(loss.detach()) if mean is None else 0.95 * mean + 0.05 * float(loss.detach())
        progress.step()
        if (step + 1) % 100 == 0 or step + 1 == steps:
            print(f"step {step + 1}: loss {mean:.3f}, {measure(ema, held, tokenizer, where)}", file=sys.stderr, flush=True)
    save(run_dir(run) / "words.pt", {"text": ema}, step=steps, seen=state["seen"], head=head_of(tower), spent=time.monotonic() - began)
