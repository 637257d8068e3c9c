"""Training on from a bundle: what it holds of the image tower's weights, and of the locator's. A checkpoint has more (the optimiser, the text tower as it is trained, the
classifiers of labels), but is many times larger and lies on one machine; the bundle is in the repository."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

from .card import pictures_seen
from .locator import Locator
from .model import ImageTower, Residual

_HALF, _EIGHT = ".half", "_quantized"  # how the names end of the matrices that the export keeps in float16, and of what it keeps in eight bits


def is_bundle(place: str) -> bool:
    """Whether this is a bundle's folder, and not the name of a run."""
    return (Path(place) / "model.toml").is_file()


def image_tower(bundle: Path) -> tuple[dict[str, torch.Tensor], int]:
    """The state of an `ImageTower` with the bundle's weights, and how many pictures taught them. A last layer of discriminants becomes a trained one's
    start: in the same directions, less what the discriminants took for the mean. What the head's own normalisation keeps is counted anew. The others, which
    the export folds away, change nothing: `renormalise` the tower before it is trained on. Where the bundle's tower has fewer residual blocks than ours, ours
    begins as good as it is; one with more is refused, as what it has learnt would be lost."""
    held = _unfolded({name.removeprefix("looking.").removeprefix("tower."): value for name, value in _weights(bundle / "image.onnx").items()})
    tower = ImageTower()
    if "matrix" in held and len(held["matrix"]) % tower.head.in_features == 0:  # a trained head is given one look: as much of each direction as all looks together gave
        held["head.weight"] = held["matrix"].unflatten(0, (-1, tower.head.in_features)).sum(0).T.contiguous()
        held["head.bias"] = -held["mean"] @ held["matrix"]
    return grown(held, tower, str(bundle), "spread."), pictures_seen((bundle / "MODEL_CARD.md").read_text())


def grown(held: dict[str, torch.Tensor], tower: ImageTower, source: str, *may_lack: str) -> dict[str, torch.Tensor]:
    """The state of `tower` with the weights that `source` holds of one with as many residual blocks or fewer: those that it lacks add nothing at first. One with
    more is refused, and one without something that is not among what it `may_lack`."""
    parts = {int(name.split(".")[1]): ".body." in name for name in held if name.startswith("stages.")}
    theirs = _places([parts[i] for i in sorted(parts)])
    ours = _places([isinstance(part, Residual) for part in tower.stages])
    if theirs.keys() - ours.keys():
        raise SystemExit(f"{source} has another tower than ours, with more residual blocks: what they have learnt would be lost.")
    lacking = [ours[place] for place in ours.keys() - theirs.keys() if place[1]]
    for i in lacking:
        tower.stages[i].silence()
    ours_of = {i: ours[place] for place, i in theirs.items()}
    moved = {_moved(name, ours_of): value for name, value in held.items()}
    return _filled(tower, moved, (*may_lack, *(f"stages.{i}." for i in lacking)), source, "it has another tower than ours")


def _filled(model: nn.Module, held: dict[str, torch.Tensor], may_lack: tuple[str, ...], source: str, refusal: str) -> dict[str, torch.Tensor]:
    """The state of `model` with the weights that `source` holds, by their names; refused where it lacks one of that shape whose name does not begin with
    what it `may_lack`."""
    state = model.state_dict()
    for name, fresh in state.items():
        given = held.get(name)
        if given is not None and given.shape == fresh.shape:
            state[name] = given
        elif not name.startswith(may_lack) and not name.endswith("num_batches_tracked"):
            raise SystemExit(f"{source} holds no {name} of {tuple(fresh.shape)}: {refusal}.")
    return state


def locator(bundle: Path) -> Locator:
    """A locator with the bundle's weights. An exported one has each normalisation within the convolution before it; here they change nothing, so that it finds
    what the bundle's finds. Before it is trained on, `renormalise` it. Where the bundle's has no coarsest layers, ours add nothing at first."""
    if not (bundle / "locator.onnx").is_file():
        raise SystemExit(f"{bundle} has no locator.")
    # Those before eight bits have a folded normalisation's bias under a name of its own.
    held = _unfolded({name.replace(".weight_bias", ".bias"): value for name, value in _weights(bundle / "locator.onnx").items()})
    model = Locator()
    lacking = () if any(name.startswith("coarser.") for name in held) else ("coarser.",)
    if lacking:
        model.silence()
    model.load_state_dict(_filled(model, held, lacking, str(bundle), "it is no bundle of this locator"))
    return model.eval()


@torch.no_grad()
def renormalise(model: nn.Module, pixels: torch.Tensor) -> None:
    """Have every normalisation do as much as its own scale and shift take back, by what it meets when the model sees `pixels`: in training, when a batch's
    own mean and spread are taken away, the model then gives about what it gave before. It is left in the mode that it was in."""
    training = model.training

    def count(norm: nn.BatchNorm2d, met: tuple[torch.Tensor, ...]) -> None:
        mean, variance = met[0].mean((0, 2, 3)), met[0].var((0, 2, 3))
        spread = (variance + norm.eps).sqrt()
        held = norm.weight / (norm.running_var + norm.eps).sqrt()
        norm.bias.add_(held * (mean - norm.running_mean))
        norm.weight.copy_(held * spread)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)

    hooks = [part.register_forward_pre_hook(count) for part in model.modules() if isinstance(part, nn.BatchNorm2d)]
    model.eval()(pixels)
    for hook in hooks:
        hook.remove()
    model.train(training)


def _weights(path: Path) -> dict[str, torch.Tensor]:
    """A graph's weights by their names in PyTorch, in float32; those in eight bits are as many steps of their scale."""
    held = {w.name.removesuffix(_HALF): onnx.numpy_helper.to_array(w).astype(np.float32) for w in onnx.load(str(path)).graph.initializer}
    found = {}
    for name, value in held.items():
        whole = name.removesuffix(_EIGHT)
        if whole == name:
            found[name] = torch.from_numpy(value)
            continue
        scale = next(held[s] for s in (f"{name}_scale", f"{whole}_scale") if s in held)
        found[whole] = torch.from_numpy(value * scale.reshape(-1, *[1] * (value.ndim - 1)))
    return found


def _unfolded(held: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The weights with a normalisation beside each convolution whose bias was one; it changes nothing but by that bias."""
    found = dict(held)
    for name, bias in held.items():
        if name.endswith(".0.bias"):
            norm = name.removesuffix("0.bias") + "1."
            found |= {norm + "weight": torch.full_like(bias, math.sqrt(1 + nn.BatchNorm2d(1).eps)), norm + "bias": bias}
            found |= {norm + "running_mean": torch.zeros_like(bias), norm + "running_var": torch.ones_like(bias)}
    return found


def _moved(name: str, ours_of: dict[int, int]) -> str:
    """A weight's name where the parts of the tower's stages are numbered otherwise."""
    if not name.startswith("stages."):
        return name
    stages, part, rest = name.split(".", 2)
    return f"{stages}.{ours_of[int(part)]}.{rest}"


def _places(residual: list[bool]) -> dict[tuple[int, int], int]:
    """Where in a tower's stages each part is: (stage, 0) the convolution that a stage begins with, (stage, 1) its first residual block, and so on."""
    found, stage, block = {}, -1, 0
    for i, is_block in enumerate(residual):
        stage, block = (stage, block + 1) if is_block else (stage + 1, 0)
        found[stage, block] = i
    return found
