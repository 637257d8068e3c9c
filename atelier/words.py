"""Titles, descriptions, prices and captions, written from a piece's parameters, so that what they say is true of the picture."""

from __future__ import annotations

import numpy as np

from .spec import PieceSpec
from .vocabulary import METALS, STONES, STYLES

CUT_WORDS = {
    "brilliant": "brilliant-cut", "oval": "oval", "cushion": "cushion-cut", "emerald": "step-cut", "pear": "pear-shaped", "marquise": "marquise-cut",
    "asscher": "square step-cut", "princess": "princess-cut", "cabochon": "oval cabochon", "round cabochon": "round cabochon", "rose": "rose-cut", "bead": "",
    "baguette": "baguette-cut", "old mine": "old mine-cut",
}  # fmt: skip

METAL_NAMES = {"oxidised silver": "oxidised silver", "silver": "sterling silver", "copper": "copper"}

# What the head is called in a title; {m} is the main stone with its cut, {a} the accent.
HEAD_WORDS = {
    "solitaire": "solitaire", "halo": "halo", "cluster": "cluster", "three-stone": "three-stone", "five-stone": "half-hoop", "crossover": "crossover",
    "navette": "navette", "panel": "geometric plaque", "signet": "signet", "bezel": "bezel-set", "flower": "flower", "leaf": "leaf", "star": "star",
    "crescent": "crescent moon", "heart": "heart", "fan": "fan", "bow": "bow", "bar": "geometric bar", "orbit": "openwork circles", "scroll": "scrollwork",
    "snake": "serpent", "pearl cluster": "pearl cluster", "pavé": "pavé", "channel": "channel-set", "filigree": "filigree", "swallow": "swallow", "dove": "dove",
    "plain": "",
}  # fmt: skip

FORM_WORDS = {
    ("ring", "twist"): "twisted shank", ("ring", "split"): "split shank", ("ring", "knife-edge"): "knife-edge shank", ("ring", "cathedral"): "cathedral shoulders",
    ("ring", "eternity"): "eternity", ("ring", "flat"): "flat shank", ("ring", "d-shape"): "D-section shank", ("ring", "tapered"): "tapering shank",
    ("necklace", "riviere"): "rivière", ("necklace", "beads"): "bead", ("necklace", "fringe"): "fringe", ("necklace", "links"): "link",
    ("necklace", "collar"): "collar", ("necklace", "centre"): "chain",
    ("pendant", "drop"): "drop", ("pendant", "double"): "two-tier", ("pendant", "locket"): "locket", ("pendant", "single"): "",
    ("earrings", "stud"): "stud", ("earrings", "drop"): "drop", ("earrings", "hoop"): "hoop", ("earrings", "chandelier"): "chandelier",
    ("bracelet", "bangle"): "bangle", ("bracelet", "cuff"): "cuff", ("bracelet", "links"): "link", ("bracelet", "line"): "line",
    ("bracelet", "beads"): "bead", ("bracelet", "panels"): "panel",
    ("brooch", "bar"): "bar", ("brooch", "frame"): "framed", ("brooch", "spray"): "spray", ("brooch", "single"): "",
}  # fmt: skip

NOUN = {"ring": "ring", "necklace": "necklace", "pendant": "pendant", "earrings": "earrings", "bracelet": "bracelet", "brooch": "brooch"}


# Heads with a single main stone, and shanks that add none of their own kind.
ONE_STONE = {"solitaire", "navette", "panel", "bezel", "filigree"}
ONE_STONE_SHANKS = ("split", "twist", "knife-edge", "cathedral")


# Heads whose main stones are all set as the spec says, and the categories in which nothing else of theirs is set otherwise.
SET_AS_SAID = {"solitaire", "three-stone", "halo", "cluster", "five-stone", "crossover"}
_SETTINGS = {"claw": "in claws", "bezel": "in collets", "channel": "in a channel"}
_WORKED = ("hammered", "engraved")


def metal_name(name: str) -> str:
    return METAL_NAMES.get(name, name)


def article(word: str) -> str:
    return "an" if word[:1].lower() in "aeiou" else "a"


def joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""


def cut_word(spec: PieceSpec) -> str:
    """The main stone's cut. Of old cuts only a diamond's is called an old mine cut."""
    return "old-cut" if spec.cut == "old mine" and spec.stone != "diamond" else CUT_WORDS[spec.cut]


def main_stone(spec: PieceSpec) -> str:
    """The main stone with its cut: `step-cut emerald`."""
    return f"{cut_word(spec)} {spec.stone}".strip() if spec.stone else ""


def metals(spec: PieceSpec) -> str:
    """`hammered sterling silver`, `yellow gold and platinum`."""
    worked = f"{spec.finish} " if spec.finish in _WORKED else ""
    return worked + joined([metal_name(m) for m in spec.metals])


def _made(spec: PieceSpec) -> list[str]:
    """Sentences about how it is set and worked: each says what the builder did."""
    said = []
    many = STONES[spec.stone].many if spec.stone else ""
    style = STYLES[spec.period]
    if (spec.category, spec.form) == ("ring", "eternity"):
        said.append(f"The stones run all the way round, {_SETTINGS[spec.setting]}.")
    elif spec.setting == "channel":
        said.append("The stones lie side by side between two rails.")
    elif spec.head in SET_AS_SAID and spec.stone and spec.stone != "pearl" and spec.category not in ("necklace", "bracelet"):
        said.append("Claw-set." if spec.setting == "claw" else "Set in collets." if spec.period in ("Georgian", "Victorian", "Edwardian") else "Rub-over set.")
    if spec.head == "pavé" and many:
        said.append(f"The dome is paved with {'pearls' if spec.stone == 'pearl' else 'small stones, grains of metal between them'}.")
    if spec.head == "filigree":
        said.append("Fine wires cross in an openwork lattice." if spec.lattice else "Openwork of fine wire, curled into scrolls.")
    if spec.finish == "hammered":
        said.append("The metal is hammered by hand, and catches the light in facets.")
    if spec.finish == "engraved":
        said.append(f"The metal is engraved with {'chevrons' if style.straight else 'scrolls'}.")
    if spec.edge:
        said.append("The edges are beaded." if spec.period in ("Georgian", "Victorian") else "The edges are finished in milgrain.")
    if spec.category == "earrings" and spec.form != "hoop":
        said.append("With posts." if spec.posts else "On wire hooks.")
    return said


def noun(spec: PieceSpec) -> str:
    """`crescent brooch`, `halo ring`, `flower stud earrings`."""
    form = FORM_WORDS.get((spec.category, spec.form), "")
    if spec.category == "ring":
        form = form if spec.form == "eternity" else ""
    if form in ("bangle", "cuff"):
        return f"{HEAD_WORDS[spec.head]} {form}"
    if form == "locket":
        return f"{HEAD_WORDS[spec.head]} locket pendant"
    return " ".join(w for w in (HEAD_WORDS[spec.head], form, NOUN[spec.category]) if w)


def title(spec: PieceSpec) -> str:
    """A dealer's title: period, stones, motif and form, metal."""
    stones = joined(spec.stones)
    if spec.head == "pearl cluster":
        stones = joined([s for s in spec.stones if s != "pearl"])
    lead = f"{spec.period} {stones} {noun(spec)}" if stones else f"{spec.period} {noun(spec)}"
    if not stones and spec.enamel:
        lead = f"{spec.period} {spec.enamel} enamel {noun(spec)}"
    return f"{lead} in {metals(spec)}"


_OPENERS = {
    "flower": "The flower opens in {petals}.", "leaf": "Leaves drawn with a light hand.", "star": "A star with crisp, ridged rays.",
    "crescent": "The crescent swells at its middle and tapers to fine points.", "heart": "A heart with a soft, even outline.",
    "fan": "Rays spread from the base like a fan.", "bow": "A ribbon bow with two full loops and tails.", "geometric": "A strict, geometric front.",
    "scroll": "Scrolls curl about the centre.", "snake": "A serpent, its body tapering to the tail.",
    "swallow": "A swallow on the wing, its tail forked.", "dove": "A dove with spread wings and a sprig in its beak.",
}  # fmt: skip


def description(spec: PieceSpec) -> str:
    """A few true sentences."""
    rng = np.random.default_rng([spec.seed, 0x776F7264])
    style = STYLES[spec.period]
    n = noun(spec)
    metal = metals(spec)
    finish = "" if "oxidised" in spec.metal else {"polished": "polished ", "satin": "satin-finished ", "brushed": "brushed "}.get(spec.finish, "")
    sentences = []
    plural = spec.category == "earrings"
    lead = "A pair of" if plural else article(spec.period).capitalize()
    if spec.stone:
        how = "with" if spec.stone == "pearl" else "set with"
        extra = f" and {STONES[spec.accent].many}" if spec.accent else ""
        one = spec.category in ("ring", "pendant") and spec.head in ONE_STONE and spec.form in ("single", *ONE_STONE_SHANKS)
        stones = f"{article(main_stone(spec))} {main_stone(spec)}" if one else f"{cut_word(spec)} {STONES[spec.stone].many}".strip()
        sentences.append(f"{lead} {spec.period} {n} in {finish}{metal}, {how} {stones}{extra}.")
    else:
        sentences.append(f"{lead} {spec.period} {n} in {finish}{metal}, without stones.")
    if spec.enamel:
        sentences.append(f"Picked out in {spec.enamel} enamel.")
    opener = _OPENERS.get(spec.head) or _OPENERS.get(spec.motif or "")
    if opener:
        count = spec.pick("petals", 4, 9)
        numbers = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
        sentences.append(opener.format(petals=f"{numbers[count]} petals"))
    sentences += _made(spec)
    if spec.category == "ring" and spec.form != "eternity":
        shank = FORM_WORDS["ring", spec.form]
        sentences.append("With cathedral shoulders." if spec.form == "cathedral" else f"On {article(shank)} {shank}.")
    phrases = style.words if spec.stones else [w for w in style.words if not any(x in w for x in ("collet", "setting", "foiled", "sparkle"))]
    words = phrases[int(rng.integers(len(phrases)))]
    about = spec.year // 5 * 5
    if spec.period == "Contemporary":
        sentences.append(f"{words[0].upper()}{words[1:]}.")
    else:
        sentences.append(f"Made about {about}; {words}.")
    return " ".join(sentences)


def price(spec: PieceSpec) -> int:
    """Pounds, rounded as dealers do: metal, stones, age and hand work."""
    rng = np.random.default_rng([spec.seed, 0x70726963])
    grams = {"ring": 4.5, "necklace": 30, "pendant": 7, "earrings": 7, "bracelet": 26, "brooch": 12}[spec.category] * (0.7 + 0.6 * spec.size)
    total = grams * METALS[spec.metal].price
    if spec.stone:
        volume = {"ring": 60, "necklace": 420, "pendant": 110, "earrings": 110, "bracelet": 240, "brooch": 180}[spec.category] * (0.5 + spec.size)
        total += volume * STONES[spec.stone].price
    if spec.accent:
        total += 35 * STONES[spec.accent].price
    total *= {"Georgian": 1.5, "Victorian": 1.1, "Art Nouveau": 1.35, "Edwardian": 1.25, "Art Deco": 1.4}.get(spec.period, 1.0)
    total = (total + 140) * float(np.exp(rng.normal(0, 0.22)))
    step = 5 if total < 500 else 25 if total < 2500 else 50 if total < 10000 else 250
    return int(max(round(total / step), 1) * step)


def caption(spec: PieceSpec, rng: np.random.Generator) -> str:
    """What a shopper might type for this piece: some of its true attributes, in one of several orders and registers."""
    period = spec.period if rng.random() < 0.5 else ""
    metal = metal_name(spec.metal) if rng.random() < 0.85 else ""
    if metal in ("yellow gold", "rose gold") and rng.random() < 0.4:
        metal = "gold"
    if metal == "sterling silver" and rng.random() < 0.6:
        metal = "silver"
    stone = ""
    if spec.stone and rng.random() < 0.9:
        stone = spec.stone if rng.random() < 0.55 else main_stone(spec)
        if rng.random() < 0.12:
            stone = f"{STONES[spec.stone].colour_word} stone"
        if spec.accent and rng.random() < 0.65:
            stone += f" and {spec.accent}"
    enamel = f"{spec.enamel} enamel" if spec.enamel and rng.random() < 0.7 else ""
    if metal and spec.finish in _WORKED and rng.random() < 0.6:
        metal = f"{spec.finish} {metal}"
    form = FORM_WORDS.get((spec.category, spec.form), "") if (spec.category != "ring" or spec.form == "eternity") and rng.random() < 0.7 else ""
    head = HEAD_WORDS[spec.head] if rng.random() < 0.85 else ""
    if head == "pearl cluster" and "pearl" in stone:
        head = "cluster"
    thing = form if form in ("bangle", "cuff") else f"{form} {NOUN[spec.category]}".strip()
    style = int(rng.integers(5))
    if style == 0:
        words = [period, metal, stone, enamel, head, thing]
    elif style == 1:
        words = [period, stone, enamel, head, thing, f"in {metal}" if metal else ""]
    elif style == 2:
        bare = head.removesuffix("-set")
        motif = f"with {article(bare)} {bare} {'motif' if spec.motif else 'front' if spec.head == 'filigree' else 'setting'}" if head else ""
        words = [period, metal, thing, motif, f"and {stone}" if stone and motif else f"with {stone}" if stone else "", enamel and f"and {enamel}"]
    elif style == 3:
        return ", ".join(w for w in (" ".join(x for x in (period, stone, head, thing) if x), metal, enamel, spec.finish if rng.random() < 0.3 else "") if w)
    else:
        return title(spec)
    text = " ".join(w for w in words if w)
    if rng.random() < 0.3:
        text = text.lower()
    return text
