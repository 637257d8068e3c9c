"""`python -m atelier export`: from a name to a bundle that has been proven, or one sentence that says why not."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..files import write_whole
from . import names
from .errors import ExportError
from .manifest import FILES, Facts, card, digest, toml
from .progress import say

NEEDS = "exporting needs PyTorch, open_clip and transformers: pip install -r atelier/requirements-export.txt"
PROOF_PICTURES = ("screenshot", "odd-portrait", "small")
PROOF_TEXTS = ("plain", "empty", "10,000 words")


@dataclass
class Options:
    """What the command line says."""

    name: str
    out: Path
    precision: str = "fp32"
    revision: str | None = None
    weights: str = "published"
    seed: int = 0
    licence: str | None = None
    calibrate: Path | None = None
    photos: Path | None = None
    queries: Path | None = None
    expected: bool = False


def run(options: Options) -> int:
    """Exports; 1 if that was refused."""
    try:
        export(options)
    except ExportError as error:
        print(f"export: {error}.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"export: {error.filename or options.out} cannot be written ({error.strerror or error}).", file=sys.stderr)
        return 1
    return 0


def check(options: Options) -> names.Name:
    """All that can be refused before anything is loaded."""
    name = names.parse(options.name)
    names.bundle_id(options.out)
    if options.out.exists():
        raise ExportError(f"{options.out} exists already: name another folder, or remove it")
    calibration = (options.calibrate, options.photos, options.queries)
    if any(calibration) and not all(calibration):
        raise ExportError("calibration needs all of --calibrate LISTINGS.jsonl, --photos DIR and --queries FILE")
    if options.revision and name.kind == "folder":
        raise ExportError("a folder has no revisions, so leave --revision out")
    return name


def export(options: Options) -> None:
    """Writes the bundle: all of it, or nothing."""
    name = check(options)
    say("loading PyTorch")
    try:
        import torch

        from . import build
    except ImportError as error:
        raise ExportError(f"{NEEDS} (there is no {error.name})") from None
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS") or torch.get_num_threads()))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    # Everything is made beside its place and moved there whole.
    scratch = Path(tempfile.mkdtemp(dir=options.out.resolve().parent, prefix=".part-"))
    try:
        facts = build.bundle(name, options, scratch)
        write_texts(facts, scratch)
        scratch.chmod(0o755)
        scratch.rename(options.out)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    say(f"wrote {options.out}: {facts.dimension} dimensions, cosine {facts.proof['image']:.6f} (pictures), {facts.proof['text']:.6f} (words)")


def write_texts(facts: Facts, folder: Path) -> None:
    """model.toml and MODEL_CARD.md, for the files that lie in the folder."""
    digests = {file: digest(folder / file) for file in FILES.values()}
    sizes = {file: (folder / file).stat().st_size for file in FILES.values()}
    for file, text in {"MODEL_CARD.md": card(facts, sizes, digests), "model.toml": toml(facts, digests)}.items():
        write_whole(folder / file, lambda f, text=text: f.write(text.encode()))
