"""Phone screenshots of an imaginary picture app, drawn with Pillow: status bar, header, picture, icons, caption; feed or story, light or dark."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from . import boxes
from .post import jpeg, spoil_with_mask
from .spec import PieceSpec
from .vocabulary import STONES

NAMES = (
    "velvet.and.brass",
    "the_old_vitrine",
    "marguerite.finds",
    "sunday_sparkle",
    "hallmarked",
    "grandmas.jewelbox",
    "thelittleloupe",
    "gilt.edged",
    "ring_a_day",
    "antiques.w11",
)
LINES = (
    "Does anyone know who made this?", "Spotted on Saturday, still thinking about it", "Inherited from my great-aunt", "Tell me I don't need this", "From today's tray",
    "Anyone seen one like it?", "Window shopping again", "A little something from the fair", "Would you wear it?",
)  # fmt: skip


@dataclass(frozen=True)
class Post:
    """A screen with a picture on it: where all of the picture lies (it may reach beyond), and what of the screen shows it; both
    left, top, right, bottom, in pixels."""

    page: Image.Image
    whole: tuple[int, int, int, int]
    shown: tuple[int, int, int, int]


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)


def _icons(d: ImageDraw.ImageDraw, x: int, y: int, s: int, ink, right: int) -> None:
    """Heart, speech bubble, paper plane, and a bookmark at the right edge, in outline."""
    w = max(2, s // 11)
    d.arc((x, y, x + s // 2, y + s // 2), 150, 360, ink, w)
    d.arc((x + s // 2, y, x + s, y + s // 2), 180, 30, ink, w)
    d.line([(x + s // 24, y + s * 3 // 8), (x + s // 2, y + s * 7 // 8), (x + s - s // 24, y + s * 3 // 8)], ink, w)
    x += int(s * 1.6)
    d.ellipse((x, y, x + s * 9 // 10, y + s * 8 // 10), outline=ink, width=w)
    d.line([(x + s // 5, y + s * 3 // 4), (x + s // 8, y + s), (x + s // 2, y + s * 4 // 5)], ink, w)
    x += int(s * 1.6)
    d.polygon([(x, y + s // 3), (x + s, y), (x + s * 2 // 3, y + s * 9 // 10), (x + s // 2, y + s // 2)], outline=ink, width=w)
    d.line([(right, y), (right, y + s * 9 // 10), (right - s // 3, y + s * 2 // 3), (right - s * 2 // 3, y + s * 9 // 10), (right - s * 2 // 3, y), (right, y)], ink, w)


def _status(d: ImageDraw.ImageDraw, w: int, ink, rng: np.random.Generator) -> int:
    """The status bar; returns its height."""
    h = int(w * 0.11)
    d.text((w * 0.09, h * 0.38), f"{rng.integers(7, 23)}:{rng.integers(0, 60):02d}", ink, _font(int(w * 0.042)))
    x, y, s = int(w * 0.77), int(h * 0.45), int(w * 0.03)
    for i in range(4):
        d.rectangle((x + i * s * 0.45, y + s * (0.75 - i * 0.2), x + i * s * 0.45 + s * 0.28, y + s), fill=ink)
    d.arc((x + s * 2.3, y, x + s * 3.7, y + s * 1.5), 215, 325, ink, max(2, s // 5))
    d.ellipse((x + s * 2.85, y + s * 0.65, x + s * 3.15, y + s * 0.95), fill=ink)
    d.rounded_rectangle((x + s * 4.2, y, x + s * 6.0, y + s), s * 0.25, outline=ink, width=max(1, s // 8))
    d.rectangle((x + s * 4.4, y + s * 0.2, x + s * (4.6 + 1.1 * rng.random()), y + s * 0.8), fill=ink)
    return h


def _avatar(d: ImageDraw.ImageDraw, box, rng: np.random.Generator, name: str) -> None:
    d.ellipse(box, fill=tuple(int(c) for c in rng.integers(70, 200, 3)))
    d.text(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), name[0].upper(), (255, 255, 255), _font(int((box[3] - box[1]) * 0.5)), anchor="mm")


def feed(photo: Image.Image, spec: PieceSpec, rng: np.random.Generator, w: int = 390) -> Post:
    """A post in a feed: the picture square or 4:5 across the full width."""
    dark = rng.random() < 0.45
    paper, ink, quiet = ((12, 12, 13), (240, 240, 240), (150, 150, 152)) if dark else ((255, 255, 255), (20, 20, 22), (120, 120, 124))
    h = int(w * rng.choice([16 / 9, 19.5 / 9]))
    page = Image.new("RGB", (w, h), paper)
    d = ImageDraw.Draw(page)
    y = _status(d, w, ink, rng)
    name = str(rng.choice(NAMES))
    tall = 1.25 if h / w > 1.9 and rng.random() < 0.5 else 1.0
    row = int(w * 0.145)
    if h / w > 1.9:  # the app's own bar, and then the picture sits near the middle of the screen
        d.text((w * 0.04, y + row * 0.5), str(rng.choice(["Atelier", "Lumen", "pictogram", "Trinket"])), ink, _font(int(w * 0.06)), anchor="lm")
        d.line((0, y + row, w, y + row), quiet if dark else (228, 228, 230), 1)
        y += row
    if h / w > 1.9 and tall == 1.0:
        y += int(w * rng.uniform(0.0, 0.28))
    _avatar(d, (w * 0.035, y + row * 0.17, w * 0.035 + row * 0.66, y + row * 0.83), rng, name)
    d.text((w * 0.17, y + row * 0.5), name, ink, _font(int(w * 0.036)), anchor="lm")
    for i in range(3):
        d.ellipse((w * 0.91 + i * w * 0.018, y + row * 0.47, w * 0.919 + i * w * 0.018, y + row * 0.53), fill=ink)
    y += row
    ph = int(w * tall)
    side = max(w, ph)
    big = photo.resize((side, side), Image.Resampling.LANCZOS)
    left = (side - w) // 2
    page.paste(big.crop((left, 0, left + w, ph)), (0, y))
    whole, shown = (-left, y, side - left, y + side), (0, y, w, y + ph)
    y += ph
    _icons(d, int(w * 0.04), y + int(w * 0.03), int(w * 0.06), ink, int(w * 0.95))
    y += int(w * 0.125)
    d.text((w * 0.04, y), f"{rng.integers(12, 4000):,} likes", ink, _font(int(w * 0.034)))
    y += int(w * 0.058)
    for text, colour in (
        (f"{name}  {rng.choice(LINES)}", ink),
        (f"#{spec.category} #{(spec.stone or spec.metal).replace(' ', '')}", (90, 120, 170)),
        ("View all comments", quiet),
        ("2 hours ago", quiet),
    ):
        if y < h - w * 0.2:
            d.text((w * 0.04, y), text, colour, _font(int(w * 0.033)))
            y += int(w * 0.056)
    d.rectangle((0, h - int(w * 0.13), w, h), fill=paper)
    d.line((0, h - int(w * 0.13), w, h - int(w * 0.13)), (60, 60, 62) if dark else (225, 225, 228), 1)
    for i in range(5):
        cx, cy, r = w * (0.1 + 0.2 * i), h - w * 0.07, w * 0.026
        (d.ellipse if i % 2 else d.rectangle)((cx - r, cy - r, cx + r, cy + r), outline=ink, width=2)
    return Post(page, whole, shown)


def story(photo: Image.Image, spec: PieceSpec, rng: np.random.Generator, w: int = 390) -> Post:
    """A story: the picture fills the screen's width on a ground of its own colour, words over it."""
    h = int(w * 16 / 9)
    x = np.asarray(photo.resize((8, 8), Image.Resampling.BOX), np.float32)
    top, bottom = x[:3].mean((0, 1)), x[-3:].mean((0, 1))
    t = np.linspace(0, 1, h)[:, None, None]
    page = Image.fromarray((top * (1 - t) + bottom * t + np.zeros((h, w, 1))).astype(np.uint8))
    scale = rng.uniform(0.86, 1.0)
    side = int(w * scale)
    left, upper = (w - side) // 2, (h - side) // 2 + int(rng.normal(0, 0.03 * w))
    page.paste(photo.resize((side, side), Image.Resampling.LANCZOS), (left, upper))
    d = ImageDraw.Draw(page)
    ink = (255, 255, 255) if x.mean() < 170 else (30, 30, 30)
    n = int(rng.integers(1, 5))
    for i in range(n):
        d.rounded_rectangle((w * 0.03 + i * w * 0.94 / n, w * 0.035, w * 0.02 + (i + 1) * w * 0.94 / n, w * 0.042), 2, fill=ink)
    name = str(rng.choice(NAMES))
    _avatar(d, (w * 0.04, w * 0.07, w * 0.13, w * 0.16), rng, name)
    d.text((w * 0.16, w * 0.115), f"{name}   {rng.integers(1, 23)} h", ink, _font(int(w * 0.036)), anchor="lm")
    if rng.random() < 0.7:
        words = str(rng.choice(["new in", "obsessed", "just listed?", "the one that got away", f"{STONES[spec.stone].many}, always" if spec.stone else "gold, always"]))
        font = _font(int(w * 0.06))
        box = d.textbbox((w / 2, h * 0.16), words, font, anchor="mm")
        d.rounded_rectangle((box[0] - 10, box[1] - 7, box[2] + 10, box[3] + 7), 8, fill=(255, 255, 255))
        d.text((w / 2, h * 0.16), words, (20, 20, 20), font, anchor="mm")
    d.rounded_rectangle((w * 0.04, h - w * 0.15, w * 0.78, h - w * 0.04), w * 0.05, outline=ink, width=2)
    d.text((w * 0.09, h - w * 0.095), "Send a message", ink, _font(int(w * 0.036)), anchor="lm")
    place = (left, upper, left + side, upper + side)
    return Post(page, place, place)


def post(photo: Image.Image, spec: PieceSpec, rng: np.random.Generator, w: int = 390) -> Post:
    """A feed or a story screenshot of a picture, and where on it the picture is."""
    return (feed if rng.random() < 0.65 else story)(photo, spec, rng, w)


def on_screen(mask: np.ndarray, post: Post) -> np.ndarray:
    """What the screen [h, w] shows of what a mask [n, n] marks in the post's photo."""
    side = len(mask)

    def pixels(start: int, stop: int, first: int, last: int) -> np.ndarray:
        """Which of the photo's pixels the screen shows from `start` to `stop`, where all of the photo lies from `first` to `last`."""
        return np.clip(((np.arange(start, stop) + 0.5 - first) * side / (last - first)).astype(int), 0, side - 1)

    left, top, right, bottom = post.shown
    seen = np.zeros((post.page.height, post.page.width), bool)
    rows, columns = pixels(top, bottom, post.whole[1], post.whole[3]), pixels(left, right, post.whole[0], post.whole[2])
    seen[top:bottom, left:right] = mask[rows[:, None], columns[None]]
    return seen


def shared(photo: Image.Image, mask: np.ndarray, spec: PieceSpec, rng: np.random.Generator, framed: bool, w: int = 390) -> tuple[Image.Image, np.ndarray | None]:
    """A clean photo as the phone leaves it or, `framed`, a screenshot `w` pixels wide of its post; and the box (boxes.py) of what is to be seen of the
    piece that the mask marks (none where nothing is)."""
    taken, held = spoil_with_mask(photo, mask, rng, 0.4 if framed else 1.0)
    if not framed:
        return taken, boxes.of_mask(held)
    drawn = post(taken, spec, rng, w)
    return jpeg(drawn.page, 88), boxes.of_mask(on_screen(held, drawn))


def screenshot(photo: Image.Image, spec: PieceSpec, rng: np.random.Generator, w: int = 390) -> Image.Image:
    """A feed or a story screenshot of a picture."""
    return post(photo, spec, rng, w).page
