"""What a phone does to a picture: colour cast, blur, noise, a crooked crop and JPEG."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    data = io.BytesIO()
    image.save(data, "JPEG", quality=quality)
    data.seek(0)
    return Image.open(data).convert("RGB")


@dataclass(frozen=True)
class Grip:
    """How a phone is held: turned (degrees), moved (pixels) and cropped (left, top, right, bottom)."""

    turn: float
    move: tuple[int, int]
    frame: tuple[int, int, int, int]

    def through(self, image: Image.Image, beyond, resample: Image.Resampling = Image.Resampling.BICUBIC) -> Image.Image:
        """The picture, or its mask, held so; `beyond` is the colour of what it does not show."""
        return image.rotate(self.turn, resample, fillcolor=beyond, translate=self.move).crop(self.frame).resize(image.size, resample)


def _grip(w: int, h: int, rng: np.random.Generator, strength: float) -> Grip:
    zoom = 1 + rng.uniform(0, 0.12) * strength
    turn = float(rng.normal(0, 4 * strength))
    move = (int(rng.normal(0, 0.015 * w)), int(rng.normal(0, 0.015 * h)))
    cw, ch = int(w / zoom), int(h / zoom)
    left, top = int(rng.integers(0, w - cw + 1)), int(rng.integers(0, h - ch + 1))
    return Grip(turn, move, (left, top, left + cw, top + ch))


def spoil(image: Image.Image, rng: np.random.Generator, strength: float = 1.0) -> Image.Image:
    """A hand-held phone's version of a clean picture of the same size; `strength` 0..1 scales everything."""
    return _spoil(image, rng, strength)[0]


def spoil_with_mask(image: Image.Image, mask: np.ndarray, rng: np.random.Generator, strength: float = 1.0) -> tuple[Image.Image, np.ndarray]:
    """The same picture as `spoil`'s, and where in it the piece is that the mask [h, w] marks."""
    spoilt, grip = _spoil(image, rng, strength)
    held = grip.through(Image.fromarray(mask.astype(np.uint8) * 255), 0, Image.Resampling.BILINEAR)
    return spoilt, np.asarray(held) > 127


def _spoil(image: Image.Image, rng: np.random.Generator, strength: float) -> tuple[Image.Image, Grip]:
    w, h = image.size
    x = np.asarray(image, np.float32) / 255
    cast = np.exp(rng.normal(0, 0.07 * strength, 3))
    x = x * (cast / cast.mean()) * np.exp(rng.normal(0, 0.12 * strength))
    contrast = 1 + rng.normal(0, 0.1 * strength)
    x = (x - 0.5) * contrast + 0.5
    if rng.random() < 0.35 * strength:  # uneven light across the frame
        a = rng.uniform(0, 2 * np.pi)
        yy, xx = np.mgrid[0:h, 0:w]
        x = x * (1 + 0.3 * strength * ((xx / w - 0.5) * np.cos(a) + (yy / h - 0.5) * np.sin(a)))[..., None]
    image = Image.fromarray((np.clip(x, 0, 1) * 255).astype(np.uint8))
    grip = _grip(w, h, rng, strength)
    image = grip.through(image, tuple(int(c) for c in np.asarray(image)[:8].reshape(-1, 3).mean(0)))
    if rng.random() < 0.7:
        image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.2, 1.6)) * strength * w / 512))
    x = np.asarray(image, np.float32)
    x = x + rng.normal(0, rng.uniform(1, 7) * strength, x.shape)
    return jpeg(Image.fromarray(np.clip(x, 0, 255).astype(np.uint8)), int(rng.integers(55, 90))), grip
