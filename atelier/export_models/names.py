"""What NAME means: which library, which model, where it lies. Needs neither library."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .errors import ExportError

HUB = "hf-hub:"
FOLDER = "local-dir:"


@dataclass(frozen=True)
class Name:
    """A model to export."""

    given: str
    library: str  # "open_clip" or "transformers"
    kind: str  # "built-in" (one of open_clip's own names), "hub" or "folder"
    model: str  # the architecture, the repository or the folder
    tag: str = ""  # which of open_clip's checkpoints, for a built-in name

    @property
    def shown(self) -> str:
        """For the bundle: a folder by its name alone, for where it lay is nobody's business."""
        return f"the folder {Path(self.model).resolve().name}" if self.kind == "folder" else self.given


def parse(given: str) -> Name:
    """`ViT-B-32:TAG`, `hf-hub:ORG/MODEL`, `ORG/MODEL` or `local-dir:FOLDER`."""
    if given.startswith(FOLDER):
        return _folder(given)
    if given.startswith(HUB):
        return Name(given, "open_clip", "hub", _repository(given[len(HUB) :], given))
    if "/" in given:
        return Name(given, "transformers", "hub", _repository(given, given))
    model, _, tag = given.partition(":")
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", model) or (":" in given and not re.fullmatch(r"[\w.-]+", tag)):
        raise _unclear(given)
    return Name(given, "open_clip", "built-in", model, tag)


def _folder(given: str) -> Name:
    path = Path(given[len(FOLDER) :])
    for library, file in (("open_clip", "open_clip_config.json"), ("transformers", "config.json")):
        if (path / file).is_file():
            return Name(given, library, "folder", str(path))
    raise ExportError(f"the folder {path} holds neither open_clip_config.json nor config.json, so it is no model that can be exported")


def _repository(text: str, given: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", text):
        raise _unclear(given)
    return text


def _unclear(given: str) -> ExportError:
    return ExportError(
        f'"{given}" names no model: say MODEL:TAG for one of open_clip\'s own, hf-hub:ORG/MODEL for an open_clip model on the hub, '
        "ORG/MODEL for a transformers model on the hub, or local-dir:FOLDER"
    )


def bundle_id(out: Path) -> str:
    """The bundle's id: its folder's name in small letters, digits and hyphens."""
    name = re.sub(r"[^a-z0-9]+", "-", out.resolve().name.lower()).strip("-")[:64].rstrip("-")
    if not name:
        raise ExportError(f"no bundle can be named after the folder {out}: it needs a letter or a digit")
    return name


SPDX = {"apache-2.0": "Apache-2.0", "mit": "MIT", "cc-by-4.0": "CC-BY-4.0", "cc-by-nc-4.0": "CC-BY-NC-4.0", "cc0-1.0": "CC0-1.0", "bsd-3-clause": "BSD-3-Clause"}


def licence_of(readme: str) -> str:
    """The licence that a model card's front matter states, as an SPDX identifier where there is one; empty if it states none."""
    front = re.match(r"---\s*\n(.*?)\n---", readme, re.S)
    stated = dict(re.findall(r"^(license|license_name):[ \t]*['\"]?([^'\"\n]+?)['\"]?[ \t]*$", front[1] if front else "", re.M))
    licence = stated.get("license", "")
    if licence == "other":
        licence = stated.get("license_name", "other")
    return SPDX.get(licence.lower(), licence)
