"""From a PyTorch module to an ONNX file that has been held against it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from . import fixtures
from .errors import ExportError
from .precision import LEAST, in_precision, size
from .progress import say

MOST = 2**31 - 1  # bytes of one ONNX file: protobuf's limit, and the encoder's
AT_ONCE = 8


@torch.no_grad()
def reference(tower: torch.nn.Module, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
    """What PyTorch makes of the inputs, in float32."""
    tensors = [torch.from_numpy(x) for x in inputs]
    rows = [tower(*(x[i : i + AT_ONCE] for x in tensors)) for i in range(0, len(tensors[0]), AT_ONCE)]
    return torch.cat(rows).numpy()


def check_size(what: str, tower: torch.nn.Module, precision: str) -> None:
    """Refuses a tower that no single ONNX file can hold, before any work on it."""
    found = size(tower, precision)
    if found > MOST - 2**24:
        help_ = "" if precision == "fp16" else "; try --precision fp16"
        raise ExportError(f"the {what} tower's weights are {found / 1e9:.2f} GB, and one ONNX file holds at most 2.1 GB{help_}")


def export(what: str, tower: torch.nn.Module, inputs: tuple[np.ndarray, ...], names: list[str], output: str, path: Path, precision: str) -> None:
    """Writes the tower to `path`. In float16 the tower is changed."""
    say(f"exporting the {what} tower in {precision}")
    example = tuple(torch.from_numpy(x[:2]) for x in inputs)
    fixtures.module("bundle").export(in_precision(tower, precision), example, names, output, str(path))


def agreement(path: Path, names: list[str], inputs: tuple[np.ndarray, ...], wanted: np.ndarray) -> float:
    """The least cosine between ONNX Runtime and `wanted`, at batches of 1 and 3."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    least = 1.0
    for part in (slice(0, 1), slice(0, 3)):
        found = session.run(None, {name: x[part] for name, x in zip(names, inputs, strict=True)})[0]
        least = min(least, *(cosine(a, b) for a, b in zip(found, wanted[part], strict=True)))
    return least


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    """Cosine similarity; -1 where a vector has no direction."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    value = float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b) or np.nan))
    return value if np.isfinite(value) else -1.0


def refuse_below(what: str, least: float, precision: str) -> None:
    """An export that differs from PyTorch is worse than none."""
    if least < LEAST[precision]:
        raise ExportError(f"ONNX Runtime and PyTorch differ on {what}: cosine {least:.6f}, where {LEAST[precision]} is the least: not exported")
