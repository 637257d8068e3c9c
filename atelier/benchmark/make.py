"""Writing a benchmark: pieces, listings, photos and queries. What is there already is kept."""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections import Counter
from multiprocessing.pool import Pool
from pathlib import Path

from ..files import write_whole
from ..places import Places, rounded
from ..progress import Progress
from ..stock import Item, lines, listing, photograph, photos
from .plan import Piece, as_line, from_line, plan
from .queries import Query, queries, shares
from .texts import Text

FORMAT = 2


def make(seed: int, count: int, out: Path, asked: int, size: int, workers: int, query_size: int | None = None) -> None:
    """Write the whole benchmark under `out`; it may be stopped and started again. Queries' pictures have `query_size` pixels a side, if given, instead
    of `size`: phones have more of them than a shop shows."""
    larger = {} if query_size in (None, size) else {"query_size": query_size}
    _claim(out, {"format": FORMAT, "seed": seed, "listings": count, "queries": asked, "size": size} | larger)
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        pieces = _pieces(seed, count, out, pool)
        places = Places(out)
        found, written = write_words(pieces, asked, seed, out, places)
        jobs = [("photos", 0, p.item, str(out), size) for p in pieces]
        jobs += [(q.kind, q.number, pieces[q.pictured].item, str(out / q.photo), query_size or size) for q in found if q.pictured is not None and q.photo]
        jobs = [j for j in jobs if not _there(j, out, places)]
        progress = Progress("benchmark", len(jobs))
        for taken in pool.imap_unordered(_job, jobs):
            if taken:
                path, box = taken
                places.add(Path(path).relative_to(out).as_posix(), box)
            progress.step()
    places.write(written)


def write_words(pieces: list[Piece], asked: int, seed: int, out: Path, places: Places) -> tuple[list[Query], list[dict]]:
    """Write listings.jsonl, queries.jsonl and asked.jsonl; returns the queries, and how they are written."""
    rows = [listing(p.item, p.spec) for p in pieces]
    found, texts, sold = queries(pieces, {i for i, row in enumerate(rows) if row["status"] == "sold"}, asked, seed)
    for i, row in enumerate(rows):
        row["status"] = "sold" if i in sold else "available"
    ids = [row["id"] for row in rows]
    lines(out / "listings.jsonl", rows)
    written = [query_line(q, ids) for q in found]
    places.write(written)
    # Beside the queries, not in them: a query with a field that `vitrine evaluate` does not know is refused.
    lines(out / "asked.jsonl", (asked_line(t) for t in texts))
    have = Counter(q.kind for q in found)
    short = [f"{have[kind]} of {n} {kind}" for kind, n in shares(asked).items() if have[kind] < n]
    if short:
        print(f"so few listings make only {', '.join(short)} queries", file=sys.stderr)
    return found, written


def query_line(q: Query, ids: list[str]) -> dict:
    """The query's line for queries.jsonl."""
    return {"kind": q.kind, "photos": [q.photo] if q.photo else [], "text": q.text, "filters": {}, "relevant": sorted(ids[i] for i in q.relevant)}


def asked_line(t: Text) -> dict:
    """What a text asks for: every field must have any of its values."""
    return {"text": t.text, "asked": [{"field": a.field, "any": list(a.values)} for a in t.asked]}


def _claim(out: Path, settings: dict) -> None:
    """Refuse a folder that holds another benchmark: their photos would be mixed."""
    path = out / "benchmark.json"
    if path.exists():
        held = json.loads(path.read_text())
        if held != settings:
            said = ", ".join(f"{k} {v}" for k, v in held.items())
            raise SystemExit(f"{out} holds another benchmark ({said}): choose another folder, or the same options")
        return
    write_whole(path, lambda f: f.write((json.dumps(settings) + "\n").encode()))


def _pieces(seed: int, count: int, out: Path, pool: Pool) -> list[Piece]:
    """The plan, from pieces.jsonl where it is there: building every piece takes minutes."""
    path = out / "pieces.jsonl"
    if not path.exists():
        lines(path, map(as_line, plan(seed, count, pool)))
    return [from_line(json.loads(x)) for x in path.read_text().splitlines()]


def _job(args: tuple[str, int, Item, str, int]) -> tuple[str, list[float] | None] | None:
    """Take a listing's photos; or a query's picture, and return where in it the piece is."""
    kind, number, item, out, size = args
    import drjit as dr

    from .shots import DEPTH, SPP, shoot

    dr.set_thread_count(0)  # the worker itself computes: one process, one thread
    if kind == "photos":
        photograph(item, Path(out), size, SPP, DEPTH)
        return None
    return out, rounded(shoot(kind, number, item, Path(out), size))


def _there(job: tuple[str, int, Item, str, int], folder: Path, places: Places) -> bool:
    kind, _, item, out, _ = job
    if kind == "photos":
        return all(p.exists() for p in photos(item, Path(out)))
    return Path(out).exists() and Path(out).relative_to(folder).as_posix() in places
