"""What every training has: a folder, a checkpoint by the minute, a learning rate that follows the pictures seen, averaged weights."""

from __future__ import annotations

import io
import math
import sys
from collections.abc import Callable
from pathlib import Path

import torch

from ..files import cache_dir, write_whole

LEARNING_RATE, WARM_UP, DECAY, EMA = 2e-3, 0.02, 0.05, 0.998
CONTINUED = 0.5  # of the learning rate, where training begins with what has been learnt before


def run_dir(run: str) -> Path:
    return cache_dir() / "runs" / run


def chosen(device: str) -> str:
    """The device to use: `auto` is CUDA when there."""
    return ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device


def optimiser_of(weights: list[torch.nn.Parameter]) -> torch.optim.Optimizer:
    """AdamW; biases and scales do not decay."""
    decayed, plain = [p for p in weights if p.ndim > 1], [p for p in weights if p.ndim <= 1]
    return torch.optim.AdamW([{"params": decayed, "weight_decay": DECAY}, {"params": plain, "weight_decay": 0.0}], lr=LEARNING_RATE, betas=(0.9, 0.98))


def highest_rate(continued: bool) -> float:
    """The learning rate that a training rises to, at its start; `continued` is one that began with what has been learnt before."""
    return LEARNING_RATE * (CONTINUED if continued else 1)


def set_rate(optimiser: torch.optim.Optimizer, progress: float, highest: float = LEARNING_RATE) -> None:
    """A short rise to the highest rate, then half a cosine, over the whole training."""
    rate = highest * min(1, progress / WARM_UP + 0.02) * (0.5 + 0.5 * math.cos(math.pi * min(progress, 1))) + 1e-6
    for group in optimiser.param_groups:
        group["lr"] = rate


def descend(optimiser: torch.optim.Optimizer, weights: list[torch.nn.Parameter], loss: torch.Tensor, share: Callable | None = None) -> None:
    """One step down the gradient, which is clipped; `share` is called with the weights first, where others have a part in their gradients."""
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    if share:
        share(weights)
    torch.nn.utils.clip_grad_norm_(weights, 5.0)
    optimiser.step()


@torch.no_grad()
def average(ema: torch.nn.Module, model: torch.nn.Module, step: int) -> None:
    """Move the averaged weights towards the model's; faster at first."""
    keep = min(EMA, (step + 1) / (step + 10))
    for e, p in zip(ema.state_dict().values(), model.state_dict().values(), strict=True):
        e.lerp_(p, 1 - keep) if e.is_floating_point() else e.copy_(p)


def bfloat16(where: str) -> bool:
    """Whether bfloat16 is quicker here: on a processor that must emulate it, it is many times slower."""
    return where != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported()


def save(path: Path, parts: dict, **counts) -> None:
    """Write a checkpoint: every part's state, and the counts."""
    data = io.BytesIO()
    torch.save({name: part.state_dict() for name, part in parts.items()} | counts, data)
    write_whole(path, lambda f: f.write(data.getvalue()))


def learnt(run: str) -> tuple[dict, int]:
    """What another run has learnt, to begin with: its checkpoint, of which `ema` are the averaged weights, and how many pictures taught them."""
    path = run_dir(run) / "checkpoint.pt"
    if not path.exists():
        raise SystemExit(f"There is no run called {run} to begin with: {path} is missing.")
    state = torch.load(path, map_location="cpu", weights_only=True)
    seen = state["seen"] + state.get("before", 0)
    print(f"beginning with what {run} learnt from {seen} pictures", file=sys.stderr)
    return state, seen


def resume(path: Path, parts: dict, where: str, pictures: int) -> dict:
    """Load a checkpoint, if there is one, into the parts; returns its counts: the steps, the pictures seen, the seconds spent so far, the pictures
    that those saw whose weights it began with, and whether it began with others' weights."""
    fresh = {"step": 0, "seen": 0, "spent": 0.0, "before": 0, "continued": False}
    if not path.exists():
        return fresh
    state = torch.load(path, map_location=where, weights_only=True)
    for name, part in parts.items():
        part.load_state_dict(state[name])
    print(f"resuming at step {state['step']}, {state['seen']} of {pictures} pictures seen", file=sys.stderr)
    return fresh | {name: state[name] for name in fresh if name in state}
