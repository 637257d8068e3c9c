"""The training set: pieces of other seeds than the demo's, seen several times each, kept small in the cache folder."""

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
SIZE, SPP, DEPTH = 112, 6, 7
VIEWS = 4  # two catalogue photos, two snapshots


def folder() -> Path:
    return cache_dir() / "renders-1"


def path_of(index: int) -> Path:
    return folder() / f"{index // 500:03d}" / f"{index:06d}.npz"


def render_piece(index: int) -> None:
    """Render one piece's views, unless they are there."""
    from .pictures import catalogue, snapshot, take
    from .pieces import build

    path = path_of(index)
    if path.exists():
        return
    seed = FIRST_SEED + index
    built = build(sample(seed))
    rng = np.random.default_rng([seed, 0x73686F74])
    shots = [catalogue(built, rng, True), catalogue(built, rng, False), snapshot(built, rng), snapshot(built, rng)]
    pictures = np.stack([take(s, SIZE, SPP, DEPTH, seed * 4 + i) for i, s in enumerate(shots)])
    data = io.BytesIO()
    np.savez(data, pictures=pictures, spec=np.array(json.dumps(built.spec.as_dict())))
    write_whole(path, lambda f: f.write(data.getvalue()))


def _work(args: tuple[int, int, int, int]) -> None:
    """One worker's share: every `workers`-th piece that is not there yet."""
    start, stop, worker, workers = args
    import drjit as dr

    dr.set_thread_count(0)  # the worker itself computes: one process, one thread
    todo = [i for i in range(start + worker, stop, workers) if not path_of(i).exists()]
    progress = Progress(f"render worker {worker}", len(todo), 20)
    for i in todo:
        render_piece(i)
        progress.step()


def render_set(count: int, workers: int) -> None:
    """Render pieces 0..count with several processes. May be stopped and started again at will."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers) as pool:
        pool.map(_work, [(0, count, w, workers) for w in range(workers)], chunksize=1)


def load(path: Path) -> tuple[np.ndarray, PieceSpec]:
    """Views [4, size, size, 3] and the spec of a rendered piece."""
    with np.load(path) as z:
        spec = json.loads(str(z["spec"]))
        spec["tone"] = tuple(spec["tone"])
        return z["pictures"], PieceSpec(**spec)


def available(limit: int) -> list[Path]:
    """The pieces rendered so far, in order."""
    return [p for p in (path_of(i) for i in range(limit)) if p.exists()]
