"""Writes what Pillow makes of a few small pictures: resized with both filters, and decoded from every kind of file that is read.
See README.md."""

import argparse
import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, features

FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
# Source (width, height) and what it is resized to: down, up, one of each, to a single row, by less than a pixel.
SIZES = {
    (61, 43): [(17, 11), (32, 23), (97, 71), (20, 60), (61, 42), (1, 1)],
    (150, 101): [(32, 22), (47, 101), (149, 100), (7, 64)],
    (13, 9): [(32, 32), (64, 45)],
    (3, 97): [(32, 41), (1, 13)],
}


def picture(width, height):
    """Gradients with hard edges and noise: what resampling finds hard."""
    random = np.random.default_rng(width * 1_000 + height)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    base = np.stack([255 * x / width, 255 * y / height, 127 + 127 * np.sin(x / 3) * np.cos(y / 5)], axis=-1)
    base[((x // 5 + y // 7) % 3) == 0] = [255, 255, 255]
    base[((x // 3 + y // 11) % 7) == 0] = [0, 0, 0]
    noisy = (x > width / 2) & (y > height / 2)
    base[noisy] = random.integers(0, 256, (int(noisy.sum()), 3))
    return Image.fromarray(base.clip(0, 255).astype(np.uint8))


def soft(width=24, height=16):
    """Smooth enough that a lossy file keeps it, and different however it is turned or mirrored."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    rows = np.stack([255 * x / (width - 1), 255 * y / (height - 1), 255 * (1 - x / (width - 1)) * (1 - y / (height - 1))], axis=-1)
    return Image.fromarray(rows.astype(np.uint8))


def resizes(out):
    cases = []
    for (width, height), targets in SIZES.items():
        source = picture(width, height)
        source.save(out / f"{width}x{height}.png", optimize=True)
        for across, down in targets:
            for name, how in FILTERS.items():
                file = f"{width}x{height}-to-{across}x{down}-{name}.png"
                source.resize((across, down), how).save(out / file, optimize=True)
                cases.append({"source": f"{width}x{height}.png", "width": across, "height": down, "filter": name, "wanted": file})
    return cases


def png(rows, depth, colour):
    """A PNG of raw rows, for the kinds that Pillow does not write."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    height, width = rows.shape[:2]
    raw = b"".join(b"\0" + row.astype(">u2" if depth == 16 else "u1").tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


def saved(image, kind, **how):
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def over_white(image):
    image = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")


def opened(data):
    return ImageOps.exif_transpose(Image.open(io.BytesIO(data)))


def decodings(out):
    """Each with the levels that two good decoders may be apart: lossless kinds none, JPEG and lossy WebP a few."""
    files = {}
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        jpeg = saved(soft(), "JPEG", quality=95, subsampling=0, exif=exif)
        files[f"orientation-{orientation}.jpg"] = (jpeg, opened(jpeg), 3)
    exif = Image.Exif()
    exif[0x0112] = 6
    for name, data, most in [
        ("orientation-6.png", saved(soft(), "PNG", exif=exif), 0),
        ("orientation-6.webp", saved(soft(), "WEBP", lossless=True, exif=exif), 0),
        ("baseline.jpg", saved(soft(), "JPEG", quality=95, subsampling=0), 3),
        ("progressive.jpg", saved(soft(), "JPEG", quality=95, subsampling=0, progressive=True), 3),
        ("subsampled.jpg", saved(soft(33, 21), "JPEG", quality=95, subsampling=2), 6),
        ("restarts.jpg", saved(soft(40, 24), "JPEG", quality=90, subsampling=2, restart_marker_blocks=2), 6),
        ("grey.jpg", saved(soft().convert("L"), "JPEG", quality=95), 3),
        ("grey.png", saved(soft().convert("L"), "PNG"), 0),
        ("palette.png", saved(soft().quantize(17), "PNG"), 0),
        ("one-bit.png", saved(soft().convert("1"), "PNG"), 0),
        ("lossless.webp", saved(soft(), "WEBP", lossless=True), 0),
        ("lossy.webp", saved(soft(), "WEBP", quality=90), 4),
    ]:
        files[name] = (data, opened(data).convert("RGB"), most)

    cmyk = saved(soft().convert("CMYK"), "JPEG", quality=95, subsampling=0)
    files["cmyk.jpg"] = (cmyk, Image.open(io.BytesIO(cmyk)).convert("RGB"), 4)
    # The same coefficients declared to be YCCK: other colours, but a valid file, and Pillow says which colours.
    adobe = cmyk.index(b"Adobe")
    ycck = cmyk[: adobe + 11] + b"\x02" + cmyk[adobe + 12:]
    files["ycck.jpg"] = (ycck, Image.open(io.BytesIO(ycck)).convert("RGB"), 6)
    bare = cmyk[: adobe - 4] + cmyk[adobe + 12:]
    files["cmyk-without-adobe.jpg"] = (bare, Image.open(io.BytesIO(bare)).convert("RGB"), 4)

    alpha = soft().convert("RGBA")
    alpha.putalpha(Image.fromarray(np.linspace(0, 255, 24 * 16).reshape(16, 24).astype(np.uint8)))
    for name, data in [
        ("alpha.png", saved(alpha, "PNG")),
        ("alpha.webp", saved(alpha, "WEBP", lossless=True, exact=True)),
        ("grey-alpha.png", saved(alpha.convert("LA"), "PNG")),
        ("palette-see-through.png", saved(soft().quantize(9), "PNG", transparency=3)),
    ]:
        files[name] = (data, over_white(opened(data)), 1)

    deep = np.random.default_rng(5).integers(0, 65_536, (16, 24, 3))
    files["16-bit.png"] = (png(deep, 16, 2), Image.fromarray(np.round(deep / 257).astype(np.uint8)), 1)
    grey = np.round(deep[..., :1] / 257).astype(np.uint8).repeat(3, axis=2)
    files["16-bit-grey.png"] = (png(deep[..., 0], 16, 0), Image.fromarray(grey), 1)

    other = ImageOps.invert(soft())
    for name, data in [
        ("animated.png", saved(soft(), "PNG", save_all=True, append_images=[other])),
        ("animated.webp", saved(soft(), "WEBP", save_all=True, append_images=[other], lossless=True)),
    ]:
        files[name] = (data, soft(), 0)

    cases = []
    for name, (data, wanted, most) in files.items():
        (out / name).write_bytes(data)
        file = f"wanted-{name.replace('.', '-')}.png"
        wanted.convert("RGB").save(out / file, optimize=True)
        cases.append({"file": name, "wanted": file, "most": most})
    return cases


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).resolve().parents[2] / "crates/imaging/tests/fixtures"
    parser.add_argument("--out", type=Path, default=default, help="where to write (default: crates/imaging/tests/fixtures)")
    out = parser.parse_args().out
    assert features.check("webp"), "this Pillow was built without WebP"
    for name, make in {"resize": resizes, "decode": decodings}.items():
        (out / name).mkdir(parents=True, exist_ok=True)
        (out / name / "cases.json").write_text(json.dumps(make(out / name), indent=0) + "\n")


if __name__ == "__main__":
    main()
