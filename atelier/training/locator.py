"""The locator: where in this picture is the piece? A small convolutional net, what it is trained to, and its trained weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from ..locate import Closer, Finder
from .model import Residual, convolution
from .runs import run_dir
from .settings import AROUND_SMALL, FILL, LEAST_CONFIDENCE, LOCATOR_SIZE, MARGIN, MEAN, SMALL, STD

BINS = 64  # along each edge's axis
SPREAD, REACH = 5, 6  # bins over which an edge's likeliest place is looked for, and how far from it others count
CELLS = LOCATOR_SIZE // 8  # a side of the features that edges are read from
RUN = "locator"


class Locator(nn.Module):
    """[n, 3, LOCATOR_SIZE, LOCATOR_SIZE] normalised pixels to a box [n, 4] (left, top, right, bottom in 0..1) and a confidence [n] in 0..1.

    Each edge is a distribution over bins, read from features that are pooled along the edge where the piece seems to be.
    """

    def __init__(self, widths: tuple[int, ...] = (16, 40, 80, 128, 160), head: int = 80) -> None:
        super().__init__()
        a, b, c, d, e = widths
        self.fine = nn.Sequential(convolution(3, a, 2), convolution(a, b, 2), Residual(b), convolution(b, c, 2), Residual(c), Residual(c))
        self.coarse = nn.Sequential(convolution(c, d, 2), Residual(d), convolution(d, c, relu=False, kernel=1))
        self.coarser = nn.Sequential(convolution(d, e, 2), Residual(e), convolution(e, d, relu=False, kernel=1))
        self.joined = Residual(c)
        self.mask = nn.Conv2d(c, 1, 1)
        self.columns, self.rows = (nn.Sequential(nn.Conv1d(2 * c, head, 3, padding=1), nn.ReLU(inplace=True), nn.Conv1d(head, 2 * BINS // CELLS, 1)) for _ in range(2))
        self.sure = nn.Linear(2 * c + 4, 1)
        self.register_buffer("places", torch.linspace(0, 1, BINS), persistent=False)

    def silence(self) -> None:
        """Let the coarsest layers add nothing until they have learnt something."""
        nn.init.zeros_(self.coarser[2][1].weight)
        nn.init.zeros_(self.coarser[2][1].bias)

    def parts(self, pixel_values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Logits of the edges [n, 4, BINS], of the mask [n, CELLS, CELLS] and of the confidence [n]."""
        x = self.fine(pixel_values)
        y = self.coarse[:2](x)
        y = self.coarse[2](F.relu(y + _doubled(self.coarser(y))))
        x = self.joined(F.relu(x + _doubled(y)))
        mask = self.mask(x)
        share = torch.sigmoid(mask)
        left, right = self._edges(self.columns, _pooled(x, share, 2))
        top, bottom = self._edges(self.rows, _pooled(x, share, 3))
        edges = torch.stack([left, top, right, bottom], 1)
        seen = torch.cat([_pooled(x, share, (2, 3)), edges.softmax(2).amax(2)], 1)
        return edges, mask[:, 0], self.sure(seen)[:, 0]

    def _edges(self, layers: nn.Module, line: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Two edges' logits [n, BINS] from features [n, channels, CELLS] along a line, every cell giving some neighbouring bins."""
        bins = layers(line).unflatten(1, (2, BINS // CELLS)).transpose(2, 3).flatten(2)
        return bins[:, 0], bins[:, 1]

    def box(self, edges: torch.Tensor) -> torch.Tensor:
        """The expected box [n, 4], its edges in order."""
        return _ordered((edges.softmax(2) * self.places).sum(2))

    def settled(self, edges: torch.Tensor) -> torch.Tensor:
        """The box [n, 4] of which each edge is what is to be expected about its likeliest place: where either of two things may be the piece, an edge
        halfway between them would be neither's."""
        share = edges.softmax(2)
        likeliest = F.avg_pool1d(share, SPREAD, 1, SPREAD // 2, count_include_pad=False).argmax(2, keepdim=True)
        share = share * ((torch.arange(BINS, device=edges.device) - likeliest).abs() <= REACH)
        return _ordered((share * self.places).sum(2) / share.sum(2))

    def forward(self, pixel_values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        edges, _, sure = self.parts(pixel_values)
        return self.settled(edges), torch.sigmoid(sure)


def _ordered(x: torch.Tensor) -> torch.Tensor:
    """Boxes [n, 4] whose first edges are not beyond their second ones."""
    return torch.cat([torch.minimum(x[:, :2], x[:, 2:]), torch.maximum(x[:, :2], x[:, 2:])], 1)


def _doubled(x: torch.Tensor) -> torch.Tensor:
    """Twice as many cells a side."""
    return F.interpolate(x, scale_factor=2.0, mode="nearest")


def _pooled(x: torch.Tensor, share: torch.Tensor, over) -> torch.Tensor:
    """The mean where the piece seems to be, and the maximum anywhere."""
    return torch.cat([(x * share).sum(over) / (share.sum(over) + 0.01), x.amax(over)], 1)


def overlap(a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Intersection over union, and its generalised form (Rezatofighi et al., 2019), of boxes [n, 4] one by one."""
    shared = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp(min=0).prod(1)
    union = (a[:, 2:] - a[:, :2]).prod(1) + (b[:, 2:] - b[:, :2]).prod(1) - shared
    around = (torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])).prod(1)
    iou = shared / union.clamp(min=1e-6)
    return iou, iou - (around - union) / around.clamp(min=1e-6)


def loss_of(model: Locator, parts: tuple[torch.Tensor, torch.Tensor, torch.Tensor], box: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """What `parts` miss of the boxes [n, 4] and the masks [n, LOCATOR_SIZE, LOCATOR_SIZE]. Where a mask is empty there is nothing to be
    found, and only confidence and mask count."""
    edges, cells, sure = parts
    there = mask.flatten(1).any(1)
    count = there.sum().clamp(min=1)
    found = model.box(edges)
    _, generalised = overlap(found, box)
    iou, _ = overlap(model.settled(edges), box)
    # Each edge between two bins: the nearer bin has the larger share.
    place = box.clamp(0, 1) * (BINS - 1)
    low = place.floor().clamp(max=BINS - 2).long()
    high_share = (place - low).unsqueeze(2)
    log = edges.log_softmax(2)
    crossed = -(log.gather(2, low.unsqueeze(2)) * (1 - high_share) + log.gather(2, low.unsqueeze(2) + 1) * high_share).squeeze(2).mean(1)
    boxed = crossed + 5 * (found - box).abs().mean(1) + 2 * (1 - generalised)
    truth = torch.where(there, iou.detach(), 0.0)
    masked = F.binary_cross_entropy_with_logits(cells, F.avg_pool2d(mask.float()[:, None], LOCATOR_SIZE // CELLS)[:, 0])
    return (boxed * there).sum() / count + F.binary_cross_entropy_with_logits(sure, truth) + masked


def trained(run: str = RUN) -> Locator | None:
    """The run's averaged weights; none where no locator was trained."""
    path = run_dir(run) / "checkpoint.pt"
    if not path.exists():
        return None
    model = Locator()
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True)["ema"])
    return model.eval()


def finder(model: Locator) -> Finder:
    """The locator as something that finds pieces in pictures."""

    @torch.no_grad()
    def net(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        box, confidence = model(torch.from_numpy(pixels))
        return box.numpy(), confidence.numpy()

    return finder_with(net)


def finder_with(net: Callable[[np.ndarray], Sequence[np.ndarray]]) -> Finder:
    """A finder of pieces, whatever runs the locator."""
    return Finder(LOCATOR_SIZE, FILL, MEAN, STD, MARGIN, LEAST_CONFIDENCE, net, Closer(SMALL, AROUND_SMALL))
