"""Fetching a model from the Hugging Face hub, at one revision."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .errors import ExportError
from .names import licence_of
from .progress import say

SMALL = ("*.json", "*.model", "*.txt", "README.md")


@dataclass
class Fetched:
    """A model's files."""

    folder: Path
    revision: str
    licence: str


def weights(files: list[str], preferred: list[str]) -> list[str]:
    """The first of `preferred` that the repository has; with its parts, where it is split into some."""
    for name in preferred:
        if name in files:
            return [name]
        stem, _, ending = name.rpartition(".")
        parts = [f for f in files if f.startswith(f"{stem}-0") and f.endswith(f".{ending}")]
        if parts:
            return parts
    raise ExportError(f"the repository has no weights that can be read: none of {', '.join(preferred)}")


def fetch(repository: str, revision: str | None, choose: Callable[[list[str]], list[str]]) -> Fetched:
    """The repository's small files and the weights that `choose` picks, at `revision` (by default the newest)."""
    import huggingface_hub
    from huggingface_hub import errors

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    say(f"asking the hub for {repository}")
    try:
        info = huggingface_hub.HfApi().model_info(repository, revision=revision)
        wanted = choose([file.rfilename for file in info.siblings])
        say(f"fetching {', '.join(wanted) or 'settings'} at {info.sha}")
        folder = huggingface_hub.snapshot_download(repository, revision=info.sha, allow_patterns=[*SMALL, *wanted])
    except errors.GatedRepoError:
        raise ExportError(f"{repository} is open only to those who accept its terms: accept them on the hub, then set HF_TOKEN") from None
    except errors.RevisionNotFoundError:
        raise ExportError(f"{repository} has no revision {revision}") from None
    except (errors.RepositoryNotFoundError, errors.HFValidationError):
        raise ExportError(f"the hub has no model called {repository}, or it is private and HF_TOKEN is not set") from None
    except ExportError:
        raise
    except Exception as error:  # the hub's client lets through whatever its HTTP library raises
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise ExportError(f"the Hugging Face hub cannot be used ({reason}); export where it can be, or from a copy of the model with local-dir:") from None
    return local(Path(folder), info.sha)


def local(folder: Path, revision: str) -> Fetched:
    """A folder of files that are already here."""
    readme = folder / "README.md"
    return Fetched(folder, revision, licence_of(readme.read_text(errors="replace")) if readme.is_file() else "")
