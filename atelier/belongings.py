"""What lies about on shoppers' tables, each thing rendered by itself: the locator learns to leave it alone. Kept beside the training set."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from .dataset import DEPTH, FIRST_SEED, SIZE, SPP, folder
from .files import write_whole

COUNT = 800


def path_of(index: int) -> Path:
    """Where one thing's picture is kept."""
    return folder() / "belongings" / f"{index:05d}.npz"


def render_belonging(index: int) -> None:
    """Render one thing, unless it is there."""
    from .pictures import take_beside

    path = path_of(index)
    if path.exists():
        return
    store(path, *take_beside(_shot(np.random.default_rng([FIRST_SEED + index, 0x62656C])), SIZE, SPP, DEPTH, index))


def store(path: Path, picture: np.ndarray, mask: np.ndarray) -> None:
    """Write a thing's picture [size, size, 3] and where it is in it: bool [size, size]."""
    data = io.BytesIO()
    np.savez(data, picture=picture, mask=np.packbits(mask, axis=-1))
    write_whole(path, lambda f: f.write(data.getvalue()))


def _shot(rng: np.random.Generator):
    """A thing on a table, as a shopper would see it. The piece, after which the camera looks, is its image under the table, where nothing shows."""
    from .pictures import everyday
    from .render.camera import View
    from .render.clutter import KINDS, standing
    from .render.scene import Subject
    from .spec import sample

    things = standing(str(rng.choice(list(KINDS))), rng)
    height = max(float(t.part.v[:, 2].max()) for t in things)
    below = [t.part.moved(offset=(0, 0, -height - 1)) for t in things]
    view = View(0.0, float(rng.uniform(25, 84)), float(rng.normal(0, 14)), float(rng.uniform(0.45, 0.62)), float(rng.uniform(20, 38)), (0.0, 0.0), float(rng.uniform(0, 0.03)))
    ground, light, exposure = everyday(view, rng)
    return Subject(below, sample(0), ground, [view], things), light, exposure


def belongings(limit: int = COUNT) -> list[tuple[np.ndarray, np.ndarray]]:
    """The things rendered so far: each a picture [size, size, 3] and where the thing is in it (bool [size, size]). Those that their picture cuts off are left out."""
    found = []
    for path in (path_of(i) for i in range(limit)):
        if path.exists():
            with np.load(path) as z:
                picture = z["picture"]
                mask = np.unpackbits(z["mask"], axis=-1, count=picture.shape[1]).astype(bool)
            if mask.any() and not (mask[[0, -1]].any() or mask[:, [0, -1]].any()):
                found.append((picture, mask))
    return found
