"""A model's own preprocessing settings as the [image] of model.toml."""

from __future__ import annotations

from collections.abc import Mapping

from .errors import ExportError

PILLOW = {2: "bilinear", 3: "bicubic"}


def open_clip_image(cfg: Mapping) -> dict:
    """From open_clip's PreprocessCfg."""
    mode = cfg.get("resize_mode") or "shortest"
    if mode not in ("shortest", "squash", "longest"):
        raise ExportError(f'the model resizes pictures in a way that bundles do not know: "{mode}"')
    how = cfg.get("interpolation") or "bicubic"
    out = {
        "size": _square(cfg["size"]),
        "resize": mode,
        # "random" is for training; open_clip itself takes bicubic then.
        "interpolation": "bilinear" if how == "bilinear" else "bicubic",
        "crop": "centre" if mode == "shortest" else "none",
        "mean": _three(cfg["mean"]),
        "std": _three(cfg["std"]),
    }
    if mode == "longest":
        fill = cfg.get("fill_color") or 0
        out["fill"] = [int(x) for x in (fill if isinstance(fill, (list, tuple)) else [fill] * 3)]
    return out


def transformers_image(cfg: Mapping) -> dict:
    """From an image processor's settings (preprocessor_config.json)."""
    if not cfg.get("do_resize", True) or cfg.get("do_pad"):
        raise ExportError("the model's pictures are padded or not resized at all, which a bundle cannot say")
    if cfg.get("do_rescale", True) and abs(float(cfg.get("rescale_factor") or 1 / 255) * 255 - 1) > 1e-6:
        raise ExportError(f"the model scales pixels by {cfg['rescale_factor']}, where a bundle can only say 1/255")
    how = PILLOW.get(int(cfg.get("resample", 3)))
    if how is None:
        raise ExportError(f"the model resizes with Pillow's filter number {cfg['resample']}; bundles know bilinear (2) and bicubic (3)")
    size = cfg["size"]
    crop = _square(cfg["crop_size"]) if cfg.get("do_center_crop") else None
    shortest = size if isinstance(size, int) else size.get("shortest_edge")
    if shortest is None or (isinstance(size, int) and crop is None):
        side, mode = _square(size), "squash"
    else:
        side, mode = int(shortest), "shortest"
    if crop not in (None, side) or (mode == "shortest" and crop is None):
        raise ExportError(f"the model resizes to {side} pixels and crops to {crop or 'nothing'}, where a bundle has one size for both")
    plain = not cfg.get("do_normalize", True)
    return {
        "size": side,
        "resize": mode,
        "interpolation": how,
        "crop": "centre-floor" if mode == "shortest" else "none",
        "mean": [0.0] * 3 if plain else _three(cfg["image_mean"]),
        "std": [1.0] * 3 if plain else _three(cfg["image_std"]),
    }


def _square(size) -> int:
    sides = {size} if isinstance(size, int) else set(size.values() if isinstance(size, Mapping) else size)
    if len(sides) != 1:
        raise ExportError(f"the model sees pictures of {size}, where a bundle's are square")
    return int(sides.pop())


def _three(values) -> list[float]:
    return [float(x) for x in values] if isinstance(values, (list, tuple)) else [float(values)] * 3
