"""What an export needs of a model, whichever library it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from PIL import Image


class Picks(torch.nn.Module):
    """One function of a model as a module of its own."""

    def __init__(self, run: Callable, **parts: torch.nn.Module):
        super().__init__()
        self.run = run
        for name, part in parts.items():
            self.add_module(name, part)
        self.eval()

    def forward(self, *inputs):
        return self.run(self, *inputs)


@dataclass
class Model:
    """Two towers, what goes into them, and where they come from."""

    family: str
    source: str
    revision: str
    licence: str
    image: dict  # [image] of model.toml, less the names of input and output
    text: dict  # [text], likewise
    image_tower: torch.nn.Module
    text_tower: torch.nn.Module
    prepare: Callable[[Image.Image], np.ndarray]  # the reference's pixels: 3 x size x size
    tokens: Callable[[list[str]], tuple[np.ndarray, ...]]  # the reference's token ids, and its mask where the tower takes one
    cleaned: Callable[[str], str]  # what the encoder does to a text before tokenizer.json
    tokenizer: str  # tokenizer.json
    notes: list[str] = field(default_factory=list)
