"""Thresholds for verdicts, measured on a catalogue and queries of the operator's own. The same measures as the starter model's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ..evaluate import leaning
from .errors import ExportError

LEAST_QUERIES = 50  # fewer say nothing about the top 2%


def thresholds(queries: np.ndarray, gallery: np.ndarray, owners: np.ndarray, relevant: list[set[str]]) -> tuple[np.ndarray, np.ndarray]:
    """For each query: the best cosine of a listing that is relevant, and those of all others, best first."""
    listings = list(dict.fromkeys(owners))
    scores = queries @ gallery.T
    best = np.stack([scores[:, owners == listing].max(1) for listing in listings], 1)
    own = np.array([[listing in wanted for listing in listings] for wanted in relevant])
    if not own.any(1).all():
        raise ExportError("a query's relevant listings are not in the catalogue that was given")
    return np.where(own, best, -1).max(1), -np.sort(-np.where(own, -1, best), 1)


def photo_thresholds(others: np.ndarray) -> dict:
    """From the cosines of other pieces than the query's own."""
    values = (np.quantile(others[:, 0], 0.98), np.quantile(others[:, 0], 0.85), np.quantile(others[:, :10].ravel(), 0.25))
    same, design, similar = sorted((float(v) for v in values), reverse=True)
    return {"same_piece": same, "same_design": design, "similar": similar}


def read(listings: Path, photos: Path, queries: Path) -> tuple[list[tuple[str, Path]], list[tuple[Path, set[str]]], list[tuple[str, set[str]]]]:
    """Photos with their listing's id; photo queries and word queries with the ids that are right."""
    rows = _lines(listings)
    gallery = [(row["id"], photos / file) for row in rows for file in row.get("photos", [])]
    photo, words = [], []
    for row in _lines(queries):
        wanted = set(row.get("relevant", []))
        if row.get("photos") and not row.get("text"):
            photo.append((queries.parent / row["photos"][0], wanted))
        elif row.get("text") and not row.get("photos"):
            words.append((row["text"], wanted))
    missing = [path for path in (*(p for _, p in gallery), *(p for p, _ in photo)) if not path.is_file()]
    if missing:
        raise ExportError(f"{len(missing)} pictures for the calibration are missing, {missing[0]} the first")
    if len(photo) < LEAST_QUERIES or len(rows) < 20:
        raise ExportError(f"calibration wants {LEAST_QUERIES} photo queries and 20 listings or more; there are {len(photo)} and {len(rows)}")
    return gallery, photo, words


def calibrate(listings: Path, photos: Path, queries: Path, see: Callable[[list[Path]], np.ndarray], read_words: Callable[[list[str]], np.ndarray]) -> tuple[dict, str]:
    """[calibration], and how it was measured. `see` and `read_words` give vectors of length 1."""
    gallery, photo, words = read(listings, photos, queries)
    owners = np.array([listing for listing, _ in gallery])
    vectors = leaning(see([path for _, path in gallery]), owners)
    own, others = thresholds(see([path for path, _ in photo]), vectors, owners, [wanted for _, wanted in photo])
    calibration = {"photo": photo_thresholds(others), "text": {"similar": 1.0}}
    how = (
        f"Measured on {len(photo)} photo queries in {len(set(owners))} listings: same_piece is the cosine that 2% of queries reach with another piece, "
        f"same_design 15%; similar is the lower quartile of the ten nearest others. Half of the queries reach {np.median(own):.2f} with their own."
    )
    if len(words) >= LEAST_QUERIES:
        own, _ = thresholds(read_words([text for text, _ in words]), vectors, owners, [wanted for _, wanted in words])
        calibration["text"]["similar"] = float(np.quantile(own, 0.15))
        how += f" Text similar is what 85% of {len(words)} word queries reach."
    else:
        how += f" Word queries were too few to measure ({len(words)}), so hits of words are always called weak."
    return calibration, how


def _lines(path: Path) -> list[dict]:
    try:
        return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise ExportError(f"{path} cannot be read as one JSON object a line ({error})") from None
