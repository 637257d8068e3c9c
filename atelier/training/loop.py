"""Training: contrastive between two views of a piece, and between views and captions; checkpointed by the minute."""

from __future__ import annotations

import copy
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from ..dataset import VIEWS
from ..files import write_whole
from ..progress import Progress
from ..words import caption
from .attributes import Attributes
from .augment import augment, normalise
from .looking import look
from .memory import Memory
from .model import Towers
from .pieces import Pieces
from .runs import LEARNING_RATE, average, begin_with, bfloat16, chosen, descend, optimiser_of, resume, run_dir, save, set_rate
from .settings import TRAINING_SIZES
from .tokens import encode, learn

MEMORY, MEMORY_FROM = 3072, 0.3  # vectors; from this part of the training on, when they no longer drift
WORDS, ATTRIBUTES = 0.4, 2.0  # weights of the losses beside photo to photo
CONTINUED = 0.5  # of the learning rate, where training begins with what another run has learnt


def tokenizer_for(run: str, seed: int, first: str | None = None) -> Tokenizer:
    """The run's tokenizer, learned when it is first asked for; that of the run that it begins with, if there is one."""
    path = run_dir(run) / "tokenizer.json"
    if not path.exists() and first:
        content = (run_dir(first) / "tokenizer.json").read_bytes()
        write_whole(path, lambda f: f.write(content))
    elif not path.exists():
        write_whole(path, lambda f: f.write(learn(seed).to_str().encode()))
    return Tokenizer.from_file(str(path))


def averaged(run: str, seed: int) -> tuple[Tokenizer, Towers, dict]:
    """What a run has come to: its tokenizer, the towers with the averaged weights, ready to be asked, and its checkpoint."""
    tokenizer = tokenizer_for(run, seed)
    state = torch.load(run_dir(run) / "checkpoint.pt", map_location="cpu", weights_only=True)
    model = Towers(tokenizer.get_vocab_size())
    model.load_state_dict(state["ema"])
    return tokenizer, model.eval(), state


def contrast(a: torch.Tensor, b: torch.Tensor, scale: torch.Tensor, same: torch.Tensor | None = None, memory=None) -> torch.Tensor:
    """Symmetric InfoNCE; `same` [n, n] marks off-diagonal pairs that are no negatives, `memory` (a Memory and the pieces of the
    batch) brings more negatives."""
    scale = scale.exp().clamp(max=60)
    logits = a @ b.T * scale
    if same is not None:
        logits = logits.masked_fill(same, -1e4)
    target = torch.arange(len(a), device=a.device)
    directions = [logits, logits.T]
    if memory is not None and memory[0].vectors is not None:
        directions = [torch.cat([part, memory[0].negatives(x, memory[1], scale)], 1) for part, x in zip(directions, (a, b), strict=True)]
    return sum(F.cross_entropy(part, target) for part in directions) / 2


def batches(categories: list[str], families: list[int], batch: int, rng: np.random.Generator) -> list[np.ndarray]:
    """One epoch's chunks of indices, each index once, a piece and its sibling side by side: they are each other's hardest negatives. In
    every other epoch (by chance) half of a chunk is of one category, so that rings are told from rings; the other half comes from
    elsewhere, so that batch normalisation sees all kinds."""
    order = np.argsort(rng.permutation(max(families) + 1)[families], kind="stable")
    count = max(1, len(order) // batch)
    if rng.random() < 0.5:
        return np.array_split(order, count)
    order = order[np.argsort([categories[i] for i in order], kind="stable")]
    halves = np.array_split(order, 2 * count)
    places = rng.permutation(2 * count)
    return [np.concatenate([halves[a], halves[b]]) for a, b in places.reshape(count, 2)]


def train(seed: int, count: int, pictures: int, batch: int, device: str, run: str, first: str | None = None) -> None:
    """Train until `pictures` have been looked at (over every start), then stop. The learning rate follows that count. `first` is a run
    whose weights are begun with."""
    where = chosen(device)
    tokenizer = tokenizer_for(run, seed, first)
    torch.manual_seed(seed)
    model = Towers(tokenizer.get_vocab_size()).to(where)
    model.image.to(memory_format=torch.channels_last)
    ema = copy.deepcopy(model).eval()
    attributes = Attributes().to(where)
    weights = [*model.parameters(), *attributes.parameters()]
    optimiser = optimiser_of(weights)
    parts = {"model": model, "attributes": attributes, "ema": ema, "optimiser": optimiser}
    checkpoint = run_dir(run) / "checkpoint.pt"
    begun = begin_with(first, {"model": model, "ema": ema, "attributes": attributes}) if first and not checkpoint.exists() else 0
    highest = LEARNING_RATE * CONTINUED if first else LEARNING_RATE
    counts = resume(checkpoint, parts, where, pictures)
    step, seen, spent = counts["step"], counts["seen"], counts["spent"]
    before = begun + counts["before"]
    pieces = Pieces(count)
    if len(pieces.specs) < 32:
        raise SystemExit("Too few rendered pieces: run `python -m atelier dataset` first.")
    print(f"{len(pieces.specs)} pieces, on {where}", file=sys.stderr)
    rng, g = np.random.default_rng([seed, step]), torch.Generator().manual_seed(seed * 1_000_003 + step)
    last = saved = time.monotonic()
    rate_of = Progress("train, pictures", pictures - seen, 30)
    mean_loss = None
    memory = Memory(MEMORY)
    while seen < pictures:
        for chunk in batches([s.category for s in pieces.specs], pieces.families, batch, rng):
            progress = seen / pictures
            set_rate(optimiser, progress, highest)
            loss = _step(model, attributes, pieces, chunk, tokenizer, rng, g, where, size_at(progress), memory if progress > MEMORY_FROM else None)
            descend(optimiser, weights, loss)
            average(ema, model, step)
            step += 1
            seen += 2 * len(chunk)
            now = time.monotonic()
            spent, last = spent + now - last, now
            value = float(loss.detach())
            mean_loss = value if mean_loss is None else 0.95 * mean_loss + 0.05 * value
            rate_of.step(2 * len(chunk))
            if step % 50 == 0:
                print(f"step {step}: loss {mean_loss:.3f}, {len(pieces.specs)} pieces", file=sys.stderr, flush=True)
            if now - saved > 60 or seen >= pictures:
                save(checkpoint, parts, step=step, seen=seen, spent=spent, before=before)
                saved = now
            if seen >= pictures:
                break
        pieces.refresh()


def size_at(progress: float) -> int:
    """Pixels a side at this part of the training."""
    return [size for start, size in TRAINING_SIZES if start <= progress][-1]


def _step(
    model: Towers, attributes: Attributes, pieces: Pieces, chunk: np.ndarray, tokenizer: Tokenizer, rng: np.random.Generator,
    g: torch.Generator, where: str, size: int, memory: Memory | None,
) -> torch.Tensor:  # fmt: skip
    order = np.stack([rng.permutation(VIEWS)[:2] for _ in chunk])
    views, located = zip(*(look(pieces.pictures[i][v], pieces.boxes[i][v], size, rng, v >= 2) for k in (0, 1) for i, v in zip(chunk, order[:, k], strict=True)), strict=True)
    strong = torch.from_numpy(np.concatenate([order[:, 0], order[:, 1]]) >= 2)
    strong = strong | (torch.rand(len(strong), generator=g) < 0.35)
    pixels = normalise(augment(torch.from_numpy(np.stack(views)), g, strong, torch.tensor(located), size)).to(where, memory_format=torch.channels_last)
    texts = [caption(pieces.specs[i], rng) for i in chunk]
    ids = encode(tokenizer, texts)
    ids = torch.from_numpy(ids[:, : int((ids != 0).sum(1).max())]).to(where)  # most captions are short
    same = np.array([[a == b and i != j for j, b in enumerate(texts)] for i, a in enumerate(texts)])
    same = torch.from_numpy(same).to(where)
    with torch.autocast(where, torch.bfloat16, enabled=bfloat16(where)):
        z = model.image(pixels)
        t = model.text(ids)
    labels = attributes.labels([pieces.specs[i] for i in chunk]).repeat(2, 1).to(where)
    loss = ATTRIBUTES * attributes(z.float(), labels)
    z, t = F.normalize(z.float(), dim=-1), F.normalize(t.float(), dim=-1)
    a, b = z.chunk(2)
    loss = loss + WORDS * (contrast(a, t, model.text_scale, same) + contrast(b, t, model.text_scale, same)) / 2
    if memory is None:
        return loss + contrast(a, b, model.scale)
    shown = torch.from_numpy(chunk)
    loss = loss + contrast(a, b, model.scale, memory=(memory, shown))
    memory.add(z, shown.repeat(2))
    return loss
