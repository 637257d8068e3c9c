"""Training on from a bundle: what it holds of the image tower's weights. A checkpoint has more (the optimiser, the text tower as it is trained, the
classifiers of labels), but is many times larger and lies on one machine; the bundle is in the repository."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch

from .card import pictures_seen
from .model import ImageTower

_HALF = ".half"  # what the export names the matrices that it keeps in float16


def is_bundle(place: str) -> bool:
    """Whether this is a bundle's folder, and not the name of a run."""
    return (Path(place) / "model.toml").is_file()


def image_tower(bundle: Path) -> tuple[dict[str, torch.Tensor], int]:
    """The state of an `ImageTower` with the bundle's weights, and how many pictures taught them. A last layer of discriminants becomes a trained one's
    start: in the same directions, less what the discriminants took for the mean. What the head's own normalisation keeps is counted anew."""
    graph = onnx.load(str(bundle / "image.onnx")).graph
    held = {w.name.removesuffix(_HALF): torch.from_numpy(onnx.numpy_helper.to_array(w).astype(np.float32)) for w in graph.initializer}
    state = ImageTower().state_dict()
    if "matrix" in held:
        held["tower.head.weight"] = held["matrix"].T.contiguous()
        held["tower.head.bias"] = -held["mean"] @ held["matrix"]
    for name, fresh in state.items():
        given = held.get("tower." + name)
        if given is not None and given.shape == fresh.shape:
            state[name] = given
        elif not name.startswith("spread.") and not name.endswith("num_batches_tracked"):
            raise SystemExit(f"{bundle} holds no {name} of {tuple(fresh.shape)}: it is no bundle of this tower.")
    return state, pictures_seen((bundle / "MODEL_CARD.md").read_text())
