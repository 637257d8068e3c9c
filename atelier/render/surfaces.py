"""What pieces lie on: procedural textures as [n, n, 3] linear reflectance that tile without a seam."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

N = 256

CATALOGUE = ("white", "white", "white", "grey", "ivory", "black", "green velvet", "navy velvet", "burgundy velvet", "slate", "linen", "stone", "blush", "wood", "dark wood")
EVERYDAY = ("wood", "dark wood", "marble", "denim", "skin", "check", "towel", "linen", "paper", "grey", "slate", "speckle", "stripe", "leaves", "black")

_PLAIN = {
    "white": (0.86, 0.86, 0.86), "ivory": (0.80, 0.76, 0.68), "grey": (0.38, 0.38, 0.385), "black": (0.008, 0.008, 0.009),
    "green velvet": (0.012, 0.062, 0.042), "navy velvet": (0.012, 0.022, 0.075), "burgundy velvet": (0.080, 0.008, 0.017),
    "slate": (0.085, 0.09, 0.098), "linen": (0.60, 0.54, 0.45), "stone": (0.55, 0.52, 0.48), "blush": (0.76, 0.58, 0.53),
    "wood": (0.34, 0.19, 0.09), "dark wood": (0.10, 0.055, 0.03), "marble": (0.75, 0.74, 0.72), "denim": (0.06, 0.10, 0.22),
    "skin": (0.62, 0.36, 0.26), "check": (0.6, 0.6, 0.58), "towel": (0.55, 0.62, 0.66), "paper": (0.78, 0.77, 0.72),
    "speckle": (0.45, 0.42, 0.4), "stripe": (0.7, 0.68, 0.62), "leaves": (0.08, 0.16, 0.04),
}  # fmt: skip

# How rough the surface's sheen is: lower is glossier.
GLOSS = {"black": 0.22, "white": 0.5, "marble": 0.18, "dark wood": 0.3, "wood": 0.35, "slate": 0.45}


def noise(rng: np.random.Generator, slope: float, stretch: float = 1.0, n: int = N) -> np.ndarray:
    """Tiling noise with a power-law spectrum, zero mean and unit deviation; `stretch` draws it out along x."""
    fx = np.fft.fftfreq(n)[None, :] * n * stretch
    fy = np.fft.fftfreq(n)[:, None] * n
    f = np.sqrt(fx**2 + fy**2)
    f[0, 0] = 1
    spectrum = np.fft.fft2(rng.normal(size=(n, n))) * f**-slope
    spectrum[0, 0] = 0
    x = np.fft.ifft2(spectrum).real
    return x / x.std()


@lru_cache(maxsize=256)
def texture(name: str, variant: int) -> np.ndarray:
    """One of a few variants of a surface."""
    rng = np.random.default_rng([variant, *name.encode()])
    base = np.array(_PLAIN[name])
    if name not in ("white", "black"):
        base = base * np.exp(rng.normal(0, 0.12)) * np.exp(rng.normal(0, 0.04, 3))
    y, x = np.mgrid[0:N, 0:N] / N
    m = np.ones((N, N))
    out = None
    if "velvet" in name:
        m = np.exp(0.10 * noise(rng, 0.3) + 0.08 * noise(rng, 1.5) + 0.20 * np.tanh(noise(rng, 2.2)))  # the pile, and where a hand went over it
    elif name in ("slate", "stone"):
        m = np.exp(0.16 * noise(rng, 1.3) + 0.05 * noise(rng, 0.4))
    elif name in ("linen", "towel", "denim"):
        k = {"linen": 64, "towel": 40, "denim": 72}[name]
        warp = 0.6 * noise(rng, 1.6)
        weave = np.sin(2 * np.pi * k * x + warp) * np.sin(2 * np.pi * k * y + warp) if name != "denim" else np.sin(2 * np.pi * k * (x + y) + warp)
        m = np.exp(0.13 * weave + 0.08 * noise(rng, 1.0, 6) + 0.08 * noise(rng, 1.0, 1 / 6))
    elif "wood" in name:
        grain = noise(rng, 1.4, 14)
        m = np.exp(0.22 * grain + 0.10 * np.sin(14 * np.pi * y + 3 * grain) + 0.05 * noise(rng, 0.5, 8))
        if rng.random() < 0.5:
            m *= np.where((y * 3) % 1 < 0.02, 0.35, 1)
    elif name == "marble":
        veins = np.abs(noise(rng, 1.8) + 0.3 * noise(rng, 1.2))
        m = 1 - 0.5 * np.exp(-((veins / 0.10) ** 2)) * (0.5 + 0.5 * np.tanh(noise(rng, 2)))
    elif name == "skin":
        m = np.exp(0.05 * noise(rng, 0.9) + 0.10 * noise(rng, 2.0))
        base = base * np.array([1, 1, 1]) ** 1 * rng.uniform(0.25, 1.1)
    elif name in ("check", "stripe"):
        k = int(rng.integers(3, 9))
        other = rng.uniform(0.05, 0.8, 3)
        other = 0.5 * other + 0.5 * other.mean()
        a = (x * k) % 1 < rng.uniform(0.3, 0.6)
        b = (y * k) % 1 < 0.5 if name == "check" else np.zeros_like(a)
        f = (a.astype(float) + b) / (2 if name == "check" else 1)
        out = base * (1 - f[..., None]) + other * f[..., None]
        out = out * np.exp(0.05 * noise(rng, 0.6))[..., None]
    elif name == "speckle":
        s = noise(rng, 0.7)
        m = np.where(s > 1.3, 0.35, np.where(s < -1.4, 1.7, 1.0)) * np.exp(0.05 * noise(rng, 0.5))
    elif name == "leaves":
        a, b = noise(rng, 1.5), noise(rng, 1.5)
        out = base * np.exp(0.8 * np.tanh(3 * a))[..., None] * (1 + 0.4 * np.tanh(2 * b)[..., None] * np.array([1, 0.2, -0.5]))
    elif name in ("paper", "grey", "ivory", "blush"):
        m = np.exp(0.02 * noise(rng, 1.0))
    out = base * m[..., None] if out is None else out
    return np.clip(out, 0.004, 0.9).astype(np.float32)


def gloss(name: str) -> float:
    """The surface's roughness for the renderer."""
    return GLOSS.get(name, 0.6)


@lru_cache(maxsize=64)
def strokes(strength: float) -> np.ndarray:
    """What brushing leaves on metal, as a factor [n, n] about 1 that tiles: fine lines along x. Nothing at strength 0."""
    rng = np.random.default_rng(0x62727573)
    lines = 0.75 * noise(rng, 0.25, 24, N // 2) + 0.25 * noise(rng, 0.5, 8, N // 2)
    return np.clip(1 - 0.05 * strength + 0.13 * strength * np.tanh(lines), 0.5, 1.15).astype(np.float32)


def sheen(name: str) -> float:
    """How much the surface lights up where it is seen along its pile. Never nothing, so that every ground is the same code to the renderer."""
    return 1.0 if "velvet" in name else 0.35 if name in ("towel", "denim") else 0.02
