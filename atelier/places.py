"""Where the piece is in each picture that a query is asked with: found while the picture is made, and written beside the query."""

from __future__ import annotations

import json
from pathlib import Path

from .stock import lines

QUERIES, KEPT = "queries.jsonl", "boxes.jsonl"


class Places:
    """The boxes (boxes.py) known so far of a folder's pictures, by their paths in it; none of a picture that shows nothing of its piece. While pictures
    are being made they are kept in a file of their own, so that a stopped run goes on where it was; at the end they are in the queries' lines."""

    def __init__(self, out: Path):
        self.out = out
        self.known: dict[str, list[float] | None] = {}
        for row in _rows(out / QUERIES):
            self.known.update(zip(row["photos"], row.get("boxes", []), strict=False))
        for row in _rows(out / KEPT):
            self.known[row["photo"]] = row["box"]

    def __contains__(self, photo: str) -> bool:
        return photo in self.known

    def add(self, photo: str, box: list[float] | None) -> None:
        """A picture is there now, and shows its piece here."""
        self.known[photo] = box
        with (self.out / KEPT).open("a") as f:
            f.write(json.dumps({"photo": photo, "box": box}) + "\n")

    def write(self, queries: list[dict]) -> None:
        """The queries' file, each picture's box beside it as far as they are known."""
        lines(self.out / QUERIES, (_with_boxes(q, self.known) for q in queries))
        if all(photo in self for q in queries for photo in q["photos"]):
            (self.out / KEPT).unlink(missing_ok=True)


def rounded(box) -> list[float] | None:
    """A box as it is written: a hundredth of a hundredth is less than a pixel."""
    return None if box is None else [round(float(x), 4) for x in box]


def _with_boxes(query: dict, known: dict) -> dict:
    told = [p for p in query["photos"] if p in known]
    return query | {"boxes": [known[p] for p in told]} if told and len(told) == len(query["photos"]) else query


def _rows(path: Path):
    """The lines of a file, if there is one; the last may have been cut off by a killed process."""
    if path.exists():
        for line in path.read_text().splitlines():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                return
