"""Lines about what takes long."""

import sys
import time

_START = time.monotonic()


def say(what: str) -> None:
    """One line on stderr, with the seconds since the start."""
    print(f"[{time.monotonic() - _START:5.0f} s] {what}", file=sys.stderr, flush=True)
