"""Small synthetic pictures of odd sizes: gradients, rings, stripes and noise, the same on every run."""

import numpy as np
from PIL import Image

# name -> (width, height, kind). 32 x 35 and 35 x 32 leave 3 pixels to crop at size 32: there the references' roundings differ.
PICTURES = {
    "square": (32, 32, "ring"),
    "odd-portrait": (37, 53, "ring"),
    "odd-landscape": (97, 61, "noise"),
    "wide": (131, 33, "stripes"),
    "tall": (29, 143, "ring"),
    "small": (13, 9, "noise"),
    "crop-3-down": (32, 35, "stripes"),
    "crop-3-across": (35, 32, "noise"),
    "large": (301, 207, "ring"),
    "ribbon": (3, 97, "stripes"),
    "dot": (1, 1, "ring"),
}


def picture(name):
    """The picture, as 8-bit RGB."""
    width, height, kind = PICTURES[name]
    random = np.random.default_rng(sum(name.encode()))
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    u, v = (x + 0.5) / width, (y + 0.5) / height
    # Colours and places differ from picture to picture, so that none is another one squashed.
    base = np.stack([255 * u, 255 * v, 255 * (1 - u) * (1 - v)], axis=-1)[..., random.permutation(3)]
    if kind == "ring":
        across, down = random.uniform(0.35, 0.65, 2)
        distance = np.hypot(u - across, v - down)
        base[(distance > 0.25) & (distance < 0.38)] = random.integers(0, 256, 3)
        base[np.hypot(u - across, v - down + 0.3) < 0.1] = random.integers(0, 256, 3)
    elif kind == "stripes":
        base[((x + 2 * y).astype(int) % 7) < 3] = random.integers(0, 256, 3)
    else:
        base = 0.4 * base + 0.6 * random.integers(0, 256, (height, width, 3))
    return Image.fromarray(base.clip(0, 255).astype(np.uint8))
