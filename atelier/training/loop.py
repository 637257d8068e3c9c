"""Training the image tower: contrastive between two views of a piece; checkpointed by the minute. The text tower follows (wording.py)."""

from __future__ import annotations

import copy
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from ..dataset import VIEWS, available, held_out
from ..files import write_whole
from ..progress import Progress
from .attributes import Attributes
from .augment import augment, stacked
from .bundled import grown, image_tower, is_bundle, renormalise
from .crew import Crew, together
from .looking import look
from .looks import FIRST_SNAPSHOT
from .model import ImageTower, Towers
from .neighbours import GROUP, Neighbours, grouped
from .pieces import Pieces
from .runs import average, bfloat16, chosen, descend, highest_rate, learnt, optimiser_of, resume, run_dir, save, set_rate
from .settings import CONTINUED_SIZES, TRAINING_SIZES, Sizes
from .tokens import learn

SCALE_CONTINUED = 2.7  # the temperature's start, where training begins with what has been learnt before
SPOILT = 0.35  # how often a dealer's photo is spoilt like a shopper's
ATTRIBUTES, ATTRIBUTES_CONTINUED = 2.0, 1.0  # weight of the loss beside photo to photo
MET = 256  # pictures by which a bundle's tower is given its normalisations back


def tokenizer_for(run: str, seed: int, first: str | None = None) -> Tokenizer:
    """The run's tokenizer, learned when it is first asked for; that of the run that it begins with, if there is one. A bundle's goes with its text
    tower, which is not begun with."""
    path = run_dir(run) / "tokenizer.json"
    if not path.exists() and first and not is_bundle(first):
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


def contrast(a: torch.Tensor, b: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """Symmetric InfoNCE of vectors [n, d]."""
    logits = a @ b.T * scale.exp().clamp(max=60)
    target = torch.arange(len(a), device=a.device)
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2


def batches(categories: list[str], families: list[int], batch: int, rng: np.random.Generator, vectors: np.ndarray | None = None) -> list[np.ndarray]:
    """One epoch's chunks of indices, each index once, a piece and its sibling side by side: they are each other's hardest negatives. Every other epoch
    (by chance) is harder. With the pieces' `vectors` [n, d], chunks are of groups that look alike. Without, half of a chunk is of one category, so that
    rings are told from rings; the other half comes from elsewhere, so that batch normalisation sees all kinds."""
    order = np.argsort(rng.permutation(max(families) + 1)[families], kind="stable")
    count = max(1, len(order) // batch)
    if rng.random() < 0.5:
        return np.array_split(order, count)
    if vectors is not None:
        groups = grouped(vectors, GROUP, rng)
        return np.array_split(np.concatenate([groups[i] for i in rng.permutation(len(groups))]), count)
    order = order[np.argsort([categories[i] for i in order], kind="stable")]
    halves = np.array_split(order, 2 * count)
    places = rng.permutation(2 * count)
    return [np.concatenate([halves[a], halves[b]]) for a, b in places.reshape(count, 2)]


def train(seed: int, count: int, pictures: int, batch: int, device: str, run: str, first: str | None = None, processes: int = 1) -> None:
    """Train the image tower until `pictures` have been looked at (over every start), then stop. The learning rate follows that count.
    `first` is a run whose weights are begun with, its text tower's too; or a bundle's folder, whose image tower is. `processes` share each batch."""
    if sum(not held_out(path) for path in available(count)) < 32:
        raise SystemExit("Too few rendered pieces: run `python -m atelier dataset` first.")
    tokenizer_for(run, seed, first)
    together(processes, _train, seed, count, pictures, batch, device, run, first)


def _train(crew: Crew, seed: int, count: int, pictures: int, batch: int, device: str, run: str, first: str | None) -> None:
    where = chosen(device)
    leads = crew.rank == 0
    torch.manual_seed(seed)
    model = Towers(tokenizer_for(run, seed).get_vocab_size()).to(where)
    model.image.to(memory_format=torch.channels_last)
    ema = copy.deepcopy(model).eval()
    attributes = Attributes().to(where)
    weights = [*model.image.parameters(), model.scale, *attributes.parameters()]
    optimiser = optimiser_of(weights)
    parts = {"model": model, "attributes": attributes, "ema": ema, "optimiser": optimiser}
    checkpoint = run_dir(run) / "checkpoint.pt"
    pieces = Pieces(crew.told(lambda: available(count)))
    begun = _begin(first, model, ema, attributes, where, pieces, seed) if first and not checkpoint.exists() else 0
    counts = resume(checkpoint, parts, where, pictures)
    step, seen, spent = counts["step"], counts["seen"], counts["spent"]
    before = begun + counts["before"]
    continued = bool(first) or counts["continued"]
    if leads:
        print(f"{len(pieces.specs)} pieces, on {where}, {crew.count} at once", file=sys.stderr)
    last = saved = time.monotonic()
    rate_of = Progress("train, pictures", pictures - seen, 30) if leads else None
    mean_loss = None
    weight, sizes = (ATTRIBUTES_CONTINUED, CONTINUED_SIZES) if continued else (ATTRIBUTES, TRAINING_SIZES)
    neighbours = Neighbours()
    rng = np.random.default_rng([seed, step, crew.rank])
    course = Course(pictures, count, batch, sizes)
    for chunk, pixels, labels in ahead(views_of(crew, course, pieces, attributes, neighbours, rng, seen)):
        progress = seen / pictures
        set_rate(optimiser, progress, highest_rate(continued))
        with torch.autocast(where, torch.bfloat16, enabled=bfloat16(where)):
            z = model.image(pixels.to(where, memory_format=torch.channels_last))
        # Every piece's two vectors, whoever looked at it: each is told from all the others.
        a, b = crew.gathered(F.normalize(z.float(), dim=-1).unflatten(0, (2, -1))).transpose(0, 1).flatten(1, 2)
        loss = crew.count * contrast(a, b, model.scale) + weight * attributes(z.float(), labels.to(where))
        descend(optimiser, weights, loss, crew.share)
        neighbours.saw(chunk, F.normalize(a + b, dim=-1).detach().cpu().numpy())
        average(ema.image, model.image, step)
        step += 1
        seen += 2 * len(chunk)
        now = time.monotonic()
        spent, last = spent + now - last, now
        if not leads:
            continue
        value = float(loss.detach())
        mean_loss = value if mean_loss is None else 0.95 * mean_loss + 0.05 * value
        rate_of.step(2 * len(chunk))
        if step % 50 == 0:
            print(f"step {step}: loss {mean_loss:.3f}, {len(pieces.specs)} pieces", file=sys.stderr, flush=True)
        if now - saved > 60 or seen >= pictures:
            save(checkpoint, parts, step=step, seen=seen, spent=spent, before=before, continued=continued, pieces=len(pieces.specs))
            saved = now


def _begin(first: str, model: Towers, ema: Towers, attributes: Attributes, where: str, pieces: Pieces, seed: int) -> int:
    """Take over what a run, or a bundle, has learnt. Returns how many pictures taught it."""
    if is_bundle(first):
        state, seen = image_tower(Path(first))
        model.image.load_state_dict(state)
        rng = np.random.default_rng([seed, 0x6E6F])
        shown = [(int(i), int(rng.integers(VIEWS))) for i in rng.integers(len(pieces.specs), size=MET)]
        renormalise(model.image, _pixels_of(pieces, shown, CONTINUED_SIZES[0][1][0], rng).to(where))
        ema.image.load_state_dict(model.image.state_dict())
        with torch.no_grad():
            model.scale.fill_(SCALE_CONTINUED)
        print(f"beginning with the image tower of {first}, which learnt from {seen} pictures", file=sys.stderr)
        return seen
    held, seen = learnt(first)
    image = {name.removeprefix("image."): value for name, value in held["ema"].items() if name.startswith("image.")}
    begun = {name: value for name, value in held["ema"].items() if not name.startswith("image.")}
    begun |= {f"image.{name}": value for name, value in grown(image, ImageTower(), first).items()}
    model.load_state_dict(begun)
    ema.load_state_dict(begun)
    attributes.load_state_dict(held["attributes"])
    if (run_dir(first) / "words.pt").exists():
        taught = torch.load(run_dir(first) / "words.pt", map_location=where, weights_only=True)["text"]
        model.text.load_state_dict(taught)
        ema.text.load_state_dict(taught)
    return seen


def size_at(sizes: Sizes, progress: float, batch: int) -> int:
    """Pixels a side at this part of the training, of the batch that is the `batch`th."""
    in_turn = [in_turn for start, in_turn in sizes if start <= progress][-1]
    return in_turn[batch % len(in_turn)]


def ahead(items: Iterator) -> Iterator:
    """The items, each made in another thread while the one before it is used."""
    with ThreadPoolExecutor(1) as worker:
        following = worker.submit(next, items, None)
        while (item := following.result()) is not None:
            following = worker.submit(next, items, None)
            yield item


@dataclass(frozen=True)
class Course:
    """How long a training is, in pictures; of how many pieces at most, how many to a batch, and at which sizes they are seen when."""

    pictures: int
    count: int
    batch: int
    sizes: Sizes


def views_of(crew: Crew, course: Course, pieces: Pieces, attributes: Attributes, neighbours: Neighbours, rng: np.random.Generator, seen: int) -> Iterator[tuple]:
    """Batch after batch from when `seen` pictures have been, until all of the course's are: the pieces' indices [n], everybody's after one another; and of
    the m = n / crew.count of them that fall to this one of the crew two views each as the tower sees them [2m, 3, side, side], first all first ones, and
    their labels [2m, fields]. After every epoch, pieces of the course that were rendered meanwhile come in."""
    number = 0
    while True:
        for chunk in crew.told(lambda: _epoch(crew, pieces, neighbours, course.batch, rng)):
            if seen >= course.pictures:
                return
            own = np.split(chunk, crew.count)[crew.rank]
            size = size_at(course.sizes, seen / course.pictures, number)
            order = np.stack([rng.permutation(VIEWS)[:2] for _ in own])
            shown = [(i, v) for k in (0, 1) for i, v in zip(own, order[:, k], strict=True)]
            yield chunk, _pixels_of(pieces, shown, size, rng), attributes.labels([pieces.specs[i] for i in own]).repeat(2, 1)
            seen += 2 * len(chunk)
            number += 1
        pieces.add(crew.told(lambda: available(course.count)))


def _pixels_of(pieces: Pieces, shown: list[tuple[int, int]], size: int, rng: np.random.Generator) -> torch.Tensor:
    """Some pieces' views as the tower meets them in training, spoilt: [n, 3, size, size]."""
    strong = rng.random(len(shown)) < SPOILT
    looks = (look(pieces.pictures[i][v], pieces.boxes[i][v], rng, v >= FIRST_SNAPSHOT) for i, v in shown)
    return stacked([augment(shot, size, bool(s) or v >= FIRST_SNAPSHOT, rng) for shot, s, (_, v) in zip(looks, strong, shown, strict=True)])


def _epoch(crew: Crew, pieces: Pieces, neighbours: Neighbours, batch: int, rng: np.random.Generator) -> list[np.ndarray]:
    """One epoch's chunks, each of as many pieces for everybody: a piece or two may have to wait for the next epoch."""
    chunks = batches([s.category for s in pieces.specs], pieces.families, batch, rng, neighbours.all_of(len(pieces.specs)))
    return [chunk[: len(chunk) - len(chunk) % crew.count] for chunk in chunks]
