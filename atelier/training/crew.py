"""Processes that train one model together, a processor for each: every one looks at its share of a batch, and what they learn from it is averaged (data-parallel
training). PyTorch's own threads share out layers this small badly: two such processes see nearly twice as many pictures, one with two threads does not."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import torch
import torch.distributed as dist
import torch.multiprocessing as processes

T = TypeVar("T")


class Crew:
    """One of the processes. Alone, with `count` 1, it is all there is, and nothing is exchanged."""

    def __init__(self, rank: int = 0, count: int = 1, meeting: Path | None = None) -> None:
        """`meeting` is a file, not there yet, through which the processes find each other."""
        self.rank, self.count = rank, count
        if count > 1:
            torch.set_num_threads(1)
            dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=count)
            self._orders = dist.new_group(backend="gloo")  # of its own: whoever makes the next batch ready asks from another thread

    def told(self, decide: Callable[[], T]) -> T:
        """What the first process decides; the others do not call `decide`. What is told is pickled."""
        if self.count == 1:
            return decide()
        held = [decide() if self.rank == 0 else None]
        dist.broadcast_object_list(held, 0, self._orders)
        return held[0]

    def gathered(self, own: torch.Tensor) -> torch.Tensor:
        """Everybody's tensors of one shape, [count, *shape]. Gradients flow to one's own alone; what is worked out from all of it by everybody in the same
        way is to be multiplied by `count`, so that `share` gives the whole gradient."""
        if self.count == 1:
            return own[None]
        parts = [torch.empty_like(own) for _ in range(self.count)]
        dist.all_gather(parts, own.detach().contiguous())
        parts[self.rank] = own
        return torch.stack(parts)

    def share(self, weights: list[torch.nn.Parameter]) -> None:
        """Replace everybody's gradients by their mean."""
        if self.count == 1:
            return
        gradients = [p.grad for p in weights if p.grad is not None]
        whole = torch.cat([g.reshape(-1) for g in gradients])
        dist.all_reduce(whole)
        for g, mean in zip(gradients, (whole / self.count).split([g.numel() for g in gradients]), strict=True):
            g.copy_(mean.view(g.shape))


def together(count: int, work: Callable[..., None], *arguments) -> None:
    """Call `work(crew, *arguments)` in `count` processes; in this one, if it is one. Where one of them fails, all are ended and its error is raised; where
    this one is killed, they end too."""
    if count == 1:
        work(Crew(), *arguments)
        return
    with tempfile.TemporaryDirectory() as folder:
        processes.spawn(_join, (count, Path(folder) / "meeting", work, arguments), nprocs=count)


def _join(rank: int, count: int, meeting: Path, work: Callable[..., None], arguments: tuple) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    work(Crew(rank, count, meeting), *arguments)
    dist.destroy_process_group()


def _end_with_parent() -> None:
    """Wait until the process that began this one is gone, and go too: PyTorch sends an interrupt then, which whatever a shell began in the background
    ignores, and two trainings would write one checkpoint."""
    multiprocessing.parent_process().join()
    os._exit(1)
