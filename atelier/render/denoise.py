"""Intel's Open Image Denoise, through the `pyoidn` wheel: it makes a picture of few samples clean."""

from __future__ import annotations

from functools import lru_cache

import numpy as np


@lru_cache(maxsize=1)
def _device():
    import pyoidn

    device = pyoidn.Device()
    device.set_int("numThreads", 1)  # other processes render beside this one
    device.set_bool("setAffinity", False)
    device.commit()
    return pyoidn, device


@lru_cache(maxsize=4)
def _filter(h: int, w: int):
    """A committed filter for pictures of one size, with the buffers it reads and writes: setting one up costs more than a small picture."""
    pyoidn, device = _device()
    names = (pyoidn.OIDN_IMAGE_COLOR, pyoidn.OIDN_IMAGE_ALBEDO, pyoidn.OIDN_IMAGE_NORMAL, pyoidn.OIDN_IMAGE_OUTPUT)
    buffers = [np.zeros((h, w, 3), np.float32) for _ in names]
    f = pyoidn.Filter(device, pyoidn.OIDN_FILTER_TYPE_RT)
    for name, data in zip(names, buffers, strict=True):
        f.set_image(name, data, pyoidn.OIDN_FORMAT_FLOAT3, w, h)
    f.set_bool("hdr", True)
    if w * h < 200 * 200:
        f.set_quality(pyoidn.OIDN_QUALITY_FAST)
    f.commit()
    return f, buffers


def denoise(colour: np.ndarray, albedo: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """The clean picture [h, w, 3] for a noisy linear one and its first-hit albedo and normals."""
    f, buffers = _filter(*colour.shape[:2])
    for buffer, data in zip(buffers, (colour, albedo, normal), strict=False):
        buffer[:] = data
    f.execute()
    error = _device()[1].get_error()
    if error is not None:
        raise RuntimeError(f"the denoiser failed: {error}")
    return buffers[3].copy()
