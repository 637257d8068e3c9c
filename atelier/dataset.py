"""The training set: pieces of other seeds than the demo's, seen several times each with their masks, kept small in the cache folder; and the things that
may lie beside them (belongings.py).

Every third piece brings a sibling, which differs from it in one thing only: another identity, and the hardest to tell apart.
"""

from __future__ import annotations

import io
import json
import multiprocessing
from pathlib import Path

import numpy as np

from .files import cache_dir, write_whole
from .progress import Progress
from .spec import PieceSpec, sample

# Seeds from here on are for training; the demo's are far below, so that its pieces are never trained on.
FIRST_SEED = 10_000_000
SIZE, SPP, DEPTH = 192, 5, 7
VIEWS = 4  # two catalogue photos, two snapshots
HELD_OUT_EVERY = 12  # every twelfth piece, and its sibling, is never trained on: it measures and calibrates


def folder() -> Path:
    return cache_dir() / "renders-3"


def path_of(index: int, sibling: bool = False) -> Path:
    return folder() / f"{index // 500:03d}" / (f"{index:06d}-1.npz" if sibling else f"{index:06d}.npz")


def number(path: Path) -> int:
    """Whose picture a file is: a piece and its sibling have the same number."""
    return int(path.stem.split("-")[0])


def held_out(path: Path) -> bool:
    return number(path) % HELD_OUT_EVERY == 0


def has_sibling(index: int) -> bool:
    """Whether a piece is to bring a sibling: a third of those that are trained on, and a third of those held out."""
    return (index + index // HELD_OUT_EVERY) % 3 == 0


def render_piece(index: int) -> None:
    """Render one piece's views and its sibling's, unless they are there. The piece's file comes last, and says that both are done."""
    from .families import siblings
    from .pieces import build

    path = path_of(index)
    if path.exists():
        return
    seed = FIRST_SEED + index
    sampled = sample(seed)
    built = build(sampled)
    if has_sibling(index):
        _, found = siblings(sampled, built, 1, np.random.default_rng([seed, 0x7369626C]))
        for s in found:
            _render(s.built, path_of(index, True), np.random.default_rng([seed, 0x73686F74, 1]), 2**31 + seed * VIEWS)
    _render(built, path, np.random.default_rng([seed, 0x73686F74]), seed * VIEWS)


def _render(built, path: Path, rng: np.random.Generator, seed: int) -> None:
    from .pictures import catalogue, snapshot, take_with_mask

    other = str(rng.choice(["three-quarter", "side", "back"], p=[0.55, 0.28, 0.17]))
    shots = [catalogue(built, rng, "front"), catalogue(built, rng, other), snapshot(built, rng), snapshot(built, rng)]
    pictures, masks = zip(*(take_with_mask(s, SIZE, SPP, DEPTH, seed + i) for i, s in enumerate(shots)), strict=True)
    store(path, np.stack(pictures), np.stack(masks), built.spec)


def store(path: Path, pictures: np.ndarray, masks: np.ndarray, spec: PieceSpec) -> None:
    """Write a piece's views [4, size, size, 3] and their masks [4, size, size]."""
    data = io.BytesIO()
    np.savez(data, pictures=pictures, masks=np.packbits(masks, axis=-1), spec=np.array(json.dumps(spec.as_dict())))
    write_whole(path, lambda f: f.write(data.getvalue()))


def _work(args: tuple[int, int, int, int]) -> None:
    """One worker's share: every `workers`-th thing and piece that is not there yet."""
    start, stop, worker, workers = args
    import drjit as dr

    from .belongings import COUNT, render_belonging

    dr.set_thread_count(0)  # the worker itself computes: one process, one thread
    for i in range(worker, COUNT, workers):
        render_belonging(i)
    todo = [i for i in range(start + worker, stop, workers) if not path_of(i).exists()]
    progress = Progress(f"render worker {worker}", len(todo), 20)
    for i in todo:
        render_piece(i)
        progress.step()


def render_set(count: int, workers: int) -> None:
    """Render things and pieces 0..count with several processes. May be stopped and started again at will."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers) as pool:
        pool.map(_work, [(0, count, w, workers) for w in range(workers)], chunksize=1)


def load(path: Path) -> tuple[np.ndarray, np.ndarray, PieceSpec]:
    """Views [4, size, size, 3], masks (bool [4, size, size]) and the spec of a rendered piece."""
    with np.load(path) as z:
        spec = json.loads(str(z["spec"]))
        spec["tone"] = tuple(spec["tone"])
        pictures = z["pictures"]
        masks = np.unpackbits(z["masks"], axis=-1, count=pictures.shape[2]).astype(bool)
        return pictures, masks, PieceSpec(**spec)


def available(limit: int) -> list[Path]:
    """The pieces rendered so far, in order, each followed by its sibling."""
    paths = (path_of(i, sibling) for i in range(limit) for sibling in (False, True) if not sibling or has_sibling(i))
    return [p for p in paths if p.exists()]
