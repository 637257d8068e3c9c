"""float32 and float16 towers. In either, a graph's inputs and outputs are float32 and int64, and it computes in float32.

float16 is how matrices are kept in the file: the graph makes them float32 where they are used. Graphs that computed in float16 were tried first:
ONNX Runtime 1.31 crashed on the CPU while it optimised one, and such a crash would take the server with it."""

from __future__ import annotations

import torch

# Least cosine with the reference, which is PyTorch in float32.
LEAST = {"fp32": 0.9999, "fp16": 0.999}


class Packed(torch.nn.Module):
    """A tower whose matrices are kept in float16. Biases and norms, which are small, stay as they are."""

    def __init__(self, tower: torch.nn.Module):
        super().__init__()
        self.tower = tower
        self.names = {f"packed_{n}": name for n, (name, weight) in enumerate(tower.named_parameters()) if weight.dim() >= 2}
        weights = dict(tower.named_parameters())
        for key, name in self.names.items():
            self.register_buffer(key, weights[name].detach().half())
            weights[name].data = torch.empty(0)
        self.eval()

    def forward(self, *inputs):
        weights = {name: getattr(self, key).float() for key, name in self.names.items()}
        return torch.func.functional_call(self.tower, weights, inputs)


def in_precision(tower: torch.nn.Module, precision: str) -> torch.nn.Module:
    """The tower in a precision. float16 takes the weights out of the tower: let it compute what is wanted of it before."""
    return Packed(tower) if precision == "fp16" else tower


def size(tower: torch.nn.Module, precision: str) -> int:
    """Bytes of the tower's weights."""
    return sum(w.numel() * (2 if precision == "fp16" and w.dim() >= 2 else 4) for w in (*tower.parameters(), *tower.buffers()))
