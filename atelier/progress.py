"""One line of progress with a rate and the time left."""

from __future__ import annotations

import sys
import time


class Progress:
    """Counts towards a total and prints at most once a few seconds (or when done)."""

    def __init__(self, what: str, total: int, every: float = 5.0):
        self.what, self.total, self.every = what, total, every
        self.start = self.last = time.monotonic()
        self.done = 0

    def step(self, n: int = 1) -> None:
        self.done += n
        now = time.monotonic()
        if now - self.last < self.every and self.done < self.total:
            return
        self.last = now
        rate = self.done / max(now - self.start, 1e-6)
        left = (self.total - self.done) / max(rate, 1e-9)
        print(f"{self.what}: {self.done}/{self.total}, {rate:.2f}/s, {left / 60:.0f} min left", file=sys.stderr, flush=True)
