"""What scripts/encoder-fixtures has and an export needs too: exporting to ONNX, tokenisers, and inputs to compare on."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from .errors import ExportError

FOLDER = Path(__file__).resolve().parents[2] / "scripts" / "encoder-fixtures"

# Besides the fixtures' pictures, which are small: those that a real tower scales down. Name -> width, height, kind.
LARGER = {"screenshot": (589, 1277, "ring"), "camera": (1023, 767, "noise"), "page": (801, 400, "stripes")}


def module(name: str):
    """One of the modules there: `bundle`, `pictures`, `tokenisers`, `words`."""
    if not FOLDER.is_dir():
        raise ExportError(f"{FOLDER} is missing: run the export from a whole checkout")
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    return importlib.import_module(name)


def pictures() -> dict:
    """Pictures of odd sizes, by name."""
    made = module("pictures")
    made.PICTURES.update(LARGER)
    return {name: made.picture(name) for name in made.PICTURES}


def texts() -> dict[str, str]:
    """Hostile texts, by name."""
    words = module("words")
    return {name: words.text(spec) for name, spec in words.TEXTS.items()}
