"""What a phone does to a picture: colour cast, exposure, glare, blur of hand and lens, noise, a crooked crop and JPEG, perhaps twice."""

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


def motion(image: Image.Image, length: float, degrees: float) -> Image.Image:
    """The picture as a hand blurs it that moves by `length` pixels in a direction while the shutter is open."""
    if length < 0.5:
        return image
    w, h = image.size
    margin = int(np.ceil(length / 2)) + 1
    wide = np.pad(np.asarray(image, np.float32), ((margin, margin), (margin, margin), (0, 0)), mode="edge")
    a = np.radians(degrees)
    steps = max(3, int(np.ceil(length)) + 1)
    total = np.zeros((h, w, 3), np.float32)
    for t in np.linspace(-length / 2, length / 2, steps):
        x, y = margin + round(float(t * np.cos(a))), margin + round(float(t * np.sin(a)))
        total += wide[y : y + h, x : x + w]
    return Image.fromarray((total / steps + 0.5).astype(np.uint8))


WARM, WHITE = (1.0, 0.98, 0.94), (1.0, 1.0, 1.0)  # stray light


def glare(x: np.ndarray, at: tuple[float, float], reach: float, strength: float, veil: float, colour: tuple[float, float, float] = WARM) -> np.ndarray:
    """A picture [h, w, 3] of 0..1 with stray light over it: a spot at (x, y), of the frame, that fades over `reach` of its side, and an even veil."""
    h, w = x.shape[:2]
    yy, xx = np.mgrid[0:h, 0:w]
    far = np.hypot((xx + 0.5) / w - at[0], ((yy + 0.5) / h - at[1]) * h / w)
    light = (veil + strength * np.exp(-((far / reach) ** 2)))[..., None] * np.array(colour)
    return 1 - (1 - x) * (1 - np.clip(light, 0, 1))


def again(image: Image.Image, rng: np.random.Generator, strength: float) -> Image.Image:
    """The picture as it comes back from an app that made it smaller and packed it harder."""
    w, h = image.size
    share = 1 - float(rng.uniform(0.1, 0.5)) * strength
    small = image.resize((max(8, int(w * share)), max(8, int(h * share))), Image.Resampling.BICUBIC)
    return jpeg(small, int(rng.integers(38, 75))).resize((w, h), Image.Resampling.BICUBIC)


def _spoil(image: Image.Image, rng: np.random.Generator, strength: float) -> tuple[Image.Image, Grip]:
    w, h = image.size
    x = np.asarray(image, np.float32) / 255
    warm = rng.normal(0, 0.07 * strength)  # the white balance misses along the lamps' colours more than across them
    cast = np.exp(rng.normal(0, 0.05 * strength, 3) + np.array([warm, 0, -warm]))
    spread = 0.12 if rng.random() < 0.85 else 0.30
    x = x * (cast / cast.mean()) * np.exp(np.clip(rng.normal(0, spread * strength), -0.5, 0.2))
    contrast = 1 + rng.normal(0, 0.1 * strength)
    x = (x - 0.5) * contrast + 0.5
    if rng.random() < 0.35 * strength:  # uneven light across the frame
        a = rng.uniform(0, 2 * np.pi)
        yy, xx = np.mgrid[0:h, 0:w]
        x = x * (1 + 0.3 * strength * ((xx / w - 0.5) * np.cos(a) + (yy / h - 0.5) * np.sin(a)))[..., None]
    x = np.clip(x, 0, 1)
    if rng.random() < 0.22 * strength:
        x = glare(x, tuple(rng.uniform(-0.1, 1.1, 2)), float(rng.uniform(0.12, 0.5)), float(rng.uniform(0.15, 0.5)), float(rng.uniform(0, 0.10)))
    image = Image.fromarray((x * 255).astype(np.uint8))
    grip = _grip(w, h, rng, strength)
    image = grip.through(image, tuple(int(c) for c in np.asarray(image)[:8].reshape(-1, 3).mean(0)))
    if rng.random() < 0.7:
        image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.2, 1.6)) * strength * w / 512))
    if rng.random() < 0.3 * strength:
        image = motion(image, float(rng.uniform(0.004, 0.020)) * w, float(rng.uniform(0, 180)))
    x = np.asarray(image, np.float32)
    grain = rng.normal(0, rng.uniform(1, 7) * strength, x.shape)
    if rng.random() < 0.3:  # a dim room: coarser, and more in the light than in the colours
        coarse = rng.normal(0, rng.uniform(2, 6) * strength, (h // 2 + 1, w // 2 + 1, 1))
        grain = grain * 0.6 + np.repeat(np.repeat(coarse, 2, 0), 2, 1)[:h, :w]
    image = jpeg(Image.fromarray(np.clip(x + grain, 0, 255).astype(np.uint8)), int(rng.integers(55, 90)))
    return (again(image, rng, strength) if rng.random() < 0.3 * strength else image), grip
