"""Makes public/fonts/ out of the npm packages that carry Cormorant and Inter, and prints the metrics of their fallbacks.

    npm install --prefix WORK @fontsource-variable/cormorant@5.3.0 @fontsource-variable/inter@5.3.0
    python -m pip install -r style/fonts/requirements.txt
    python style/fonts/subset.py WORK/node_modules public/fonts

The result is committed: a build needs neither npm packages nor Python for it. Both typefaces are under the SIL Open Font License,
with no reserved names; their licences are copied beside the files.

The fallbacks (see style/fonts.css) are local fonts stretched to the same width and height of line, so that nothing moves when the
web font arrives. Given --fallback-serif and --fallback-sans (the files of Liberation Serif and Sans, which are as wide as Times New
Roman and Arial), the script prints the numbers for that.
"""

import argparse
import shutil
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

# Basic Latin, Latin-1, and the punctuation and signs that the interface and dealers' texts use.
CHARACTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    0x131, 0x152, 0x153,
    0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026, 0x2032, 0x2033, 0x2039, 0x203A,
    0x20AC, 0x2122, 0x2212,
]
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "calt", "lnum", "pnum", "tnum"]

# name, package file, weights kept: one each, since every further one costs a first visit some 9 kB
FONTS = [
    ("cormorant", "cormorant/files/cormorant-latin-wght-normal.woff2", (500, 500)),
    ("cormorant-italic", "cormorant/files/cormorant-latin-wght-italic.woff2", (500, 500)),
    ("inter", "inter/files/inter-latin-wght-normal.woff2", (400, 400)),
]
LARGEST = 40_000  # bytes

SAMPLE = (
    "Show us a picture, or say what it is like. Art Deco emerald and diamond cluster ring in platinum, geometric. "
    "Pieces most like it. The same piece. Hartley & Bow, 4250 pounds, listed 12 May 2026."
)


def width(font: TTFont, text: str) -> float:
    """Average advance of a character of `text`, in ems."""
    names, advances = font.getBestCmap(), font["hmtx"]
    return sum(advances[names[ord(letter)]][0] for letter in text) / len(text) / font["head"].unitsPerEm


def make(source: Path, target: Path, weights: tuple[int, int]) -> TTFont:
    """Subsets one font and writes it as WOFF2."""
    font = TTFont(source)
    low, high = weights
    font = instantiateVariableFont(font, {"wght": low if low == high else (low, low, high)})
    # Written and read again: the subsetter expects tables as a file has them, not as the instancer leaves them.
    font.flavor = None
    whole = BytesIO()
    font.save(whole)
    whole.seek(0)
    font = TTFont(whole)
    options = Options()
    options.layout_features = FEATURES
    options.flavor = "woff2"
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)
    size = target.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{target} is {size} bytes; at most {LARGEST} are wanted")
    print(f"{target.name}: {size} bytes, {len(font.getGlyphOrder())} glyphs")
    return font


def fallback(name: str, font: TTFont, local: Path) -> None:
    """Prints the overrides that make `local` take the room of `font`."""
    scale = width(font, SAMPLE) / width(TTFont(local), SAMPLE)
    em, lines = font["head"].unitsPerEm, font["hhea"]
    numbers = [lines.ascent / em / scale, -lines.descent / em / scale, lines.lineGap / em / scale]
    ascent, descent, gap = (f"{100 * number:.2f}%" for number in numbers)
    print(f"{name} fallback: size-adjust {100 * scale:.2f}%, ascent {ascent}, descent {descent}, line gap {gap}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", type=Path, help="the node_modules folder with both packages")
    parser.add_argument("out", type=Path, help="where the fonts go")
    parser.add_argument("--fallback-serif", type=Path, help="LiberationSerif-Regular.ttf, its italic beside it")
    parser.add_argument("--fallback-sans", type=Path, help="LiberationSans-Regular.ttf")
    given = parser.parse_args()
    packages = given.modules / "@fontsource-variable"
    given.out.mkdir(parents=True, exist_ok=True)
    for name, file, weights in FONTS:
        font = make(packages / file, given.out / f"{name}.woff2", weights)
        local = given.fallback_sans if name == "inter" else given.fallback_serif
        if local:
            fallback(name, font, local.with_name(local.name.replace("Regular", "Italic")) if "italic" in name else local)
    for family in ("cormorant", "inter"):
        shutil.copyfile(packages / family / "LICENSE", given.out / f"{family}-OFL.txt")


if __name__ == "__main__":
    main()
