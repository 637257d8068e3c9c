"""What a phone does to a picture: colour cast, blur, noise, a crooked crop and JPEG."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageFilter


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    data = io.BytesIO()
    image.save(data, "JPEG", quality=quality)
    data.seek(0)
    return Image.open(data).convert("RGB")


def spoil(image: Image.Image, rng: np.random.Generator, strength: float = 1.0) -> Image.Image:
    """A hand-held phone's version of a clean picture of the same size; `strength` 0..1 scales everything."""
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
    zoom = 1 + rng.uniform(0, 0.12) * strength
    image = image.rotate(
        float(rng.normal(0, 4 * strength)), Image.Resampling.BICUBIC, fillcolor=tuple(int(c) for c in np.asarray(image)[:8].reshape(-1, 3).mean(0)),
        translate=(int(rng.normal(0, 0.015 * w)), int(rng.normal(0, 0.015 * h))),
    )  # fmt: skip
    cw, ch = int(w / zoom), int(h / zoom)
    left, top = int(rng.integers(0, w - cw + 1)), int(rng.integers(0, h - ch + 1))
    image = image.crop((left, top, left + cw, top + ch)).resize((w, h), Image.Resampling.BICUBIC)
    if rng.random() < 0.7:
        image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.2, 1.6)) * strength * w / 512))
    x = np.asarray(image, np.float32)
    x = x + rng.normal(0, rng.uniform(1, 7) * strength, x.shape)
    return jpeg(Image.fromarray(np.clip(x, 0, 255).astype(np.uint8)), int(rng.integers(55, 90)))
