"""Spoiling pictures by the batch, so that a shopper's photo or a phone screenshot lands beside the dealer's own."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from .settings import MEAN, STD


def _rand(n: int, low: float, high: float, g: torch.Generator) -> torch.Tensor:
    return torch.rand(n, generator=g) * (high - low) + low


def normalise(x: torch.Tensor) -> torch.Tensor:
    """0..1 to the tower's input."""
    return (x - torch.tensor(MEAN).view(1, 3, 1, 1)) / torch.tensor(STD).view(1, 3, 1, 1)


def augment(x: torch.Tensor, g: torch.Generator, strong: torch.Tensor, located: torch.Tensor, size: int) -> torch.Tensor:
    """uint8 [n, h, w, 3] to float [n, 3, size, size] in 0..1. `strong` [n] marks shoppers' pictures, `located` [n] those in which the
    piece was cut out: its place and size are known there, all but a little."""
    n = x.shape[0]
    loose = torch.where(located, 0.4, 1.0)
    s = strong.float()
    x = x.permute(0, 3, 1, 2).contiguous().float() / 255  # channel by channel: pooling three interleaved ones is slow
    if x.shape[-1] > size:
        x = F.interpolate(x, (size, size), mode="area")
    # Geometry: a turn, a zoom, a shift, a little perspective left to the renderer.
    turn = torch.randn(n, generator=g) * (0.05 + 0.10 * s)
    zoom = torch.exp(_rand(n, -0.22, 0.10, g) * (0.5 + 0.5 * s) * loose)
    stretch = torch.exp(torch.randn(n, generator=g) * 0.03)
    shift = torch.randn(n, 2, generator=g) * ((0.03 + 0.06 * s) * loose)[:, None]
    # A screenshot's centre crop, where the piece was not found, often shows the post too high or too low.
    screen = (torch.rand(n, generator=g) < 0.3) & strong & ~located
    shift[:, 1] += screen * _rand(n, -0.42, 0.42, g)
    zoom = torch.where(screen, zoom.clamp(0.72, 1.02), zoom)
    c, sn = torch.cos(turn) * zoom, torch.sin(turn) * zoom
    theta = torch.stack([torch.stack([c * stretch, -sn, shift[:, 0]], 1), torch.stack([sn, c / stretch, shift[:, 1]], 1)], 1)
    grid = F.affine_grid(theta, (n, 3, size, size), align_corners=False)
    inside = grid[..., 1]
    x = F.grid_sample(x, grid, "bilinear", "reflection", align_corners=False)
    # App chrome above or below the post: a plain band with lines of writing.
    if screen.any():
        outside = (inside.abs() > 1.0) & screen[:, None, None]
        paper = (torch.rand(n, 1, 1, 1, generator=g) < 0.5).float() * 0.95 + 0.03
        writing = torch.zeros(n, 1, size, size)
        for i in torch.nonzero(screen).flatten().tolist():
            for _ in range(6):
                y, x0 = (torch.rand(2, generator=g) * size).int().tolist()
                long = int(torch.randint(size // 14, size * 5 // 7, (1,), generator=g))
                writing[i, 0, y : y + size // 36, x0 : x0 + long] = _rand(1, 0.3, 1.0, g)
        band = paper * (1 - writing) + (1 - paper) * writing
        x = torch.where(outside[:, None], band.expand_as(x), x)
    return disturb(x, g, strong)


def disturb(x: torch.Tensor, g: torch.Generator, strong: torch.Tensor) -> torch.Tensor:
    """Light, colour, softness and noise on pictures [n, 3, size, size] in 0..1."""
    n, _, _, size = x.shape
    s = strong.float()
    gain = torch.exp(torch.randn(n, 3, 1, 1, generator=g) * (0.03 + 0.06 * s).view(-1, 1, 1, 1) + (torch.randn(n, generator=g) * (0.06 + 0.12 * s)).view(-1, 1, 1, 1))
    contrast = 1 + (torch.randn(n, generator=g) * (0.05 + 0.10 * s)).view(-1, 1, 1, 1)
    mean = x.mean((1, 2, 3), keepdim=True)
    x = (x - mean) * contrast + mean
    saturation = 1 + (torch.randn(n, generator=g) * (0.05 + 0.12 * s)).view(-1, 1, 1, 1)
    grey = x.mean(1, keepdim=True)
    x = ((x - grey) * saturation + grey) * gain
    # Softness and noise.
    soft = torch.rand(n, generator=g)
    blurred = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), 3, 1)
    x = torch.where((soft < 0.35).view(-1, 1, 1, 1), blurred, x)
    # A larger picture brought down to this size is sharper than one rendered at it, and cameras sharpen.
    edge = torch.where((soft > 0.35) & (soft < 0.65), _rand(n, 0, 1.6, g), torch.zeros(n)).view(-1, 1, 1, 1)
    x = x + edge * (x - blurred)
    small = F.interpolate(F.avg_pool2d(x, 2), size=(size, size), mode="bilinear", align_corners=False)
    x = torch.where(((soft > 0.85) & strong).view(-1, 1, 1, 1), small, x)
    x = x + torch.randn(x.shape, generator=g) * (_rand(n, 0, 0.03, g) * (0.3 + 0.7 * s)).view(-1, 1, 1, 1)
    return x.clamp(0, 1)
