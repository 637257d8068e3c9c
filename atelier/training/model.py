"""The towers: a small residual net for pictures, a small transformer for words."""

from __future__ import annotations

import itertools

import torch
import torch.nn.functional as F
from torch import nn

from .settings import CONTEXT, DIMENSION


def convolution(inward: int, outward: int, stride: int = 1, relu: bool = True, kernel: int = 3) -> nn.Sequential:
    """A convolution with its normalisation, and perhaps a ReLU."""
    layers = [nn.Conv2d(inward, outward, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outward)]
    return nn.Sequential(*layers, *([nn.ReLU(inplace=True)] if relu else []))


class Residual(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(convolution(width, width), convolution(width, width, relu=False))

    def silence(self) -> None:
        """Let the convolutions add nothing until they have learnt something: what comes in goes out."""
        nn.init.zeros_(self.body[1][1].weight)
        nn.init.zeros_(self.body[1][1].bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(x + self.body(x))


class ImageTower(nn.Module):
    """[n, 3, side, side] normalised pixels to [n, DIMENSION], not normalised: a residual net (He et al., 2015) of 3.5 million weights."""

    def __init__(self, widths: tuple[int, ...] = (32, 64, 128, 256), blocks: tuple[int, ...] = (1, 2, 2)) -> None:
        super().__init__()
        stages = [convolution(3, widths[0], 2)]
        for (inward, outward), count in zip(itertools.pairwise(widths), blocks, strict=True):
            stages += [convolution(inward, outward, 2), *(Residual(outward) for _ in range(count))]
        self.stages = nn.Sequential(*stages)
        self.head = nn.Linear(2 * widths[-1], DIMENSION)
        self.spread = spread()

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        return self.spread(self.head(self.pool(pixel_values)))

    def pool(self, pixel_values: torch.Tensor) -> torch.Tensor:
        """What the head sees: [n, 2 * the last width]. The mean says what there is and how much of it; the maximum does not fade when the
        piece is small in the picture."""
        x = self.stages(pixel_values)
        return torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)


class Mirrored(nn.Module):
    """The tower seen from both sides: the mean direction of a picture's vector and its mirror image's. A piece and its reflection are one
    piece, and most are symmetrical; for twice the work the vector depends less on how a picture happens to be turned."""

    def __init__(self, tower: nn.Module):
        super().__init__()
        self.tower = tower

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        return F.normalize(self.tower(pixel_values), dim=-1) + F.normalize(self.tower(pixel_values.flip(3)), dim=-1)


def spread() -> nn.Module:
    """Takes away what all vectors share: without it they start out in one narrow cone, and training takes long to leave it."""
    return nn.BatchNorm1d(DIMENSION, affine=False)


class Block(nn.Module):
    """A pre-norm transformer layer with a key mask."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 3 * width), nn.Linear(3 * width, width)

    def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        n, t, w = x.shape
        q, k, v = self.qkv(self.norm1(x)).reshape(n, t, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        a = torch.softmax(q @ k.transpose(-1, -2) * (w // self.heads) ** -0.5 + bias, -1) @ v
        x = x + self.out(a.transpose(1, 2).reshape(n, t, w))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class TextTower(nn.Module):
    """[n, CONTEXT] token ids, padded with 0 on the right, to [n, DIMENSION], not normalised."""

    def __init__(self, vocabulary: int, width: int = 192, layers: int = 3, heads: int = 4) -> None:
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.places = nn.Parameter(torch.randn(1, CONTEXT, width) * 0.02)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, DIMENSION)
        self.spread = spread()
        nn.init.normal_(self.tokens.weight, std=0.05)

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        mask = (input_ids != 0).to(self.places.dtype)
        bias = (1 - mask)[:, None, None, :] * -1e4
        x = self.tokens(input_ids) + self.places[:, : input_ids.shape[1]]
        for block in self.blocks:
            x = block(x, bias)
        x = self.norm(x) * mask[..., None]
        return self.spread(self.head(x.sum(1) / mask.sum(1, keepdim=True).clamp(min=1)))


class Towers(nn.Module):
    """Both towers, and the learned temperature of pictures against pictures."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.image, self.text = ImageTower(), TextTower(vocabulary)
        self.scale = nn.Parameter(torch.tensor(1.8))
