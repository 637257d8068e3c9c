"""Screenshots to put pictures into: a pool drawn once, each fitted into the locator's square, with the rectangle where its post is."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from ..boxes import fitted
from ..files import cache_dir, write_whole
from ..progress import Progress
from ..screens import post
from ..spec import sample
from .settings import LOCATOR_SIZE

COUNT = 3000
WIDTH = 300  # pixels across when drawn


@dataclass(frozen=True)
class Template:
    """A screen [h, w, 3] that fills the square's height, and its post's rectangle: left, top, right, bottom in its pixels."""

    page: np.ndarray
    post: tuple[int, int, int, int]


def draw(number: int) -> Template:
    """One screenshot of a picture of no more than a few soft colours."""
    rng = np.random.default_rng([number, 0x73637265])
    colours = np.clip(rng.uniform(20, 240, 3) + rng.normal(0, 25, (4, 4, 3)), 0, 255).astype(np.uint8)
    photo = Image.fromarray(colours).resize((128, 128), Image.Resampling.BICUBIC)
    drawn = post(photo, sample(20_000_000 + number), rng, WIDTH)
    _, _, w, h = fitted(*drawn.page.size, LOCATOR_SIZE)
    scale = (w / drawn.page.width, h / drawn.page.height) * 2
    left, top, right, bottom = (round(x * k) for x, k in zip(drawn.shown, scale, strict=True))
    return Template(np.asarray(drawn.page.resize((w, h), Image.Resampling.BICUBIC)), (left, top, right, bottom))


def templates(count: int = COUNT) -> list[Template]:
    """The pool, from the cache folder where it is there."""
    path = cache_dir() / f"screens-{LOCATOR_SIZE}-{count}.npz"
    if not path.exists():
        _write(path, count)
    with np.load(path) as z:
        pages, widths, posts = z["pages"], z["widths"], z["posts"]
    return [Template(page[:, :width], tuple(map(int, place))) for page, width, place in zip(pages, widths, posts, strict=True)]


def _write(path: Path, count: int) -> None:
    progress = Progress("screens", count)
    pages = np.zeros((count, LOCATOR_SIZE, LOCATOR_SIZE, 3), np.uint8)
    widths, posts = np.zeros(count, int), np.zeros((count, 4), int)
    for i in range(count):
        drawn = draw(i)
        widths[i], posts[i] = drawn.page.shape[1], drawn.post
        pages[i, :, : widths[i]] = drawn.page
        progress.step()
    pages = pages[:, :, : widths.max()]
    data = io.BytesIO()
    np.savez_compressed(data, pages=pages, widths=widths, posts=posts)
    write_whole(path, lambda f: f.write(data.getvalue()))
