"""What a piece is: the parameters that its shape, its pictures and its words are all made from."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

import numpy as np

from .vocabulary import CATEGORIES, CUT_PERIODS, CUT_WEIGHTS, ENAMELS, FINISH_ALPHA, HEADS, PERIODS, STONES, STYLES

# How many of each category a dealer's stock holds, roughly.
CATEGORY_WEIGHTS = {"ring": 5, "necklace": 2, "pendant": 3, "earrings": 4, "bracelet": 3, "brooch": 3}

NEEDS_TRANSPARENT = {"solitaire", "halo", "three-stone", "five-stone", "crossover", "navette", "channel"}
STONELESS = {"signet", "bar", "orbit", "leaf", "scroll", "heart", "snake", "bow", "filigree", "swallow", "dove"}
CHANNELLED = {"brilliant", "princess", "baguette", "emerald", "asscher", "cushion"}  # cuts that are set in a row between two rails


@dataclass(frozen=True)
class PieceSpec:
    """All that defines a piece. Sizes are millimetres; `numbers` holds the free shape parameters in 0..1."""

    seed: int
    category: str
    period: str
    metal: str
    second_metal: str
    finish: str
    alpha: float
    head: str
    form: str
    stone: str | None
    cut: str
    accent: str | None
    enamel: str | None
    size: float
    count: int
    setting: str
    year: int
    numbers: dict[str, float] = field(default_factory=dict)
    tone: tuple[float, float, float] = (1.0, 1.0, 1.0)
    edge: str | None = None  # milgrain, where settings' edges are beaded

    def number(self, name: str, low: float = 0.0, high: float = 1.0) -> float:
        """A free parameter of this piece, the same whenever it is asked for, between low and high."""
        value = self.numbers.get(name)
        if value is None:
            value = float(np.random.default_rng([self.seed, *name.encode()]).random())
        return low + (high - low) * value

    def pick(self, name: str, low: int, high: int) -> int:
        """A free whole number from low to high, both included."""
        return min(high, low + int(self.number(name) * (high - low + 1)))

    @property
    def motif(self) -> str | None:
        return HEADS[self.head]

    @property
    def motifs(self) -> list[str]:
        return [self.motif] if self.motif else []

    @property
    def lattice(self) -> bool:
        """Whether its filigree is crossed straight wires, not scrolls."""
        return self.period == "Art Deco" or (self.period == "Edwardian" and self.number("lattice") > 0.7)

    @property
    def hooks(self) -> bool:
        """Whether earrings hang from hooks, not from posts."""
        return self.form in ("drop", "chandelier") and (self.year < 1900 or self.number("fitting") > 0.4)

    @property
    def posts(self) -> bool:
        """Whether earrings have posts behind them."""
        return self.category == "earrings" and self.form != "hoop" and not self.hooks

    @property
    def stones(self) -> list[str]:
        return [s for s in dict.fromkeys((self.stone, self.accent)) if s]

    @property
    def metals(self) -> list[str]:
        return list(dict.fromkeys((self.metal, self.second_metal)))

    def as_dict(self) -> dict:
        return asdict(self)


def _weighted(rng: np.random.Generator, table: dict) -> str:
    keys = list(table)
    w = np.array([table[k] for k in keys], float)
    return keys[rng.choice(len(keys), p=w / w.sum())]


FORMS = {
    "ring": {"tapered": 3, "d-shape": 3, "flat": 2, "knife-edge": 1, "split": 2, "twist": 1.2, "cathedral": 1.5, "eternity": 1.2},
    "necklace": {"riviere": 2.5, "beads": 2.5, "fringe": 2, "links": 1.5, "collar": 1.2, "centre": 2.5},
    "pendant": {"single": 4, "drop": 2.5, "double": 1.5, "locket": 1},
    "earrings": {"stud": 3, "drop": 3.5, "hoop": 2, "chandelier": 1.5},
    "bracelet": {"bangle": 2.5, "cuff": 1.5, "links": 2.5, "line": 2, "beads": 1, "panels": 1.5},
    "brooch": {"single": 4, "bar": 2, "spray": 2, "frame": 2},
}

# A measured lightness for each stone varies from specimen to specimen; this is how far.
TONE_SPREAD = 0.16


def sample(seed: int, category: str | None = None, period: str | None = None) -> PieceSpec:
    """The piece with this seed. The same seed (and overrides) always gives the same piece."""
    rng = np.random.default_rng([seed, 0x70696563])
    category = category or _weighted(rng, CATEGORY_WEIGHTS)
    assert category in CATEGORIES, category
    period = period or PERIODS[rng.integers(len(PERIODS))]
    style = STYLES[period]
    metal = _weighted(rng, style.metals)
    finish = _weighted(rng, style.finishes)
    head = _weighted(rng, style.heads)
    form = _weighted(rng, {f: w * style.forms.get(f, 1.0) for f, w in FORMS[category].items()})
    if category == "bracelet" and form == "line" and head in STONELESS:
        form = "links"

    stones = dict(style.stones)
    if head in NEEDS_TRANSPARENT or form == "eternity":
        stones = {k: v for k, v in stones.items() if STONES[k].slot != "solid"} or {"diamond": 1}
    if head == "pearl cluster":
        stones = {"pearl": 1}
    stone: str | None = _weighted(rng, stones)
    if head in STONELESS and form != "eternity" and rng.random() < 0.4:
        stone = None
    cut = "brilliant"
    if stone:
        cuts = [c for c in STONES[stone].cuts if period in CUT_PERIODS.get(c, PERIODS)]
        if head == "panel" or (period == "Art Deco" and rng.random() < 0.5):
            cuts = [c for c in cuts if c in ("emerald", "asscher", "baguette", "cushion")] or cuts
        if period in ("Georgian", "Victorian") and rng.random() < 0.6:
            cuts = [c for c in cuts if c in ("old mine", "cushion", "oval", "pear", "round cabochon", "cabochon", "bead", "rose")] or cuts
        if head == "channel" or (form == "eternity" and rng.random() < 0.6):
            cuts = [c for c in cuts if c in CHANNELLED] or ["old mine"]
        cut = _weighted(rng, {c: CUT_WEIGHTS.get(c, 1.0) for c in cuts})
    accent = None
    wants_accent = {"channel": 0.25, "pavé": 0.2, "halo": 1.0, "cluster": 0.8, "navette": 0.8, "panel": 0.9, "fan": 0.7, "star": 0.5, "flower": 0.6, "crescent": 0.3}
    if stone and rng.random() < wants_accent.get(head, 0.4):
        choices = {"diamond": 5, "pearl": 1.5, "sapphire": 1, "ruby": 1, "emerald": 0.8, "onyx": 0.4, "turquoise": 0.3}
        if period == "Scandinavian Modernist":
            choices = {"onyx": 1, "pearl": 1}
        choices.pop(stone, None)
        if head in ("halo", "navette", "channel", "pavé") or form == "eternity":
            choices.pop("onyx", None)
            choices.pop("turquoise", None)
        if head in ("channel", "pavé") or form == "eternity":
            choices.pop("pearl", None)
        accent = _weighted(rng, choices) if choices else None
    enamel = None
    if head in ("flower", "leaf", "heart", "panel", "fan", "signet", "star", "bar", "snake", "swallow") and rng.random() < 0.22:
        enamel = list(ENAMELS)[rng.integers(len(ENAMELS))]
    second = metal
    if metal in ("yellow gold", "rose gold") and stone == "diamond" and rng.random() < 0.45:
        second = "platinum" if period not in ("Georgian", "Victorian") else "silver"
    elif rng.random() < 0.1 and metal in ("yellow gold", "platinum", "white gold"):
        second = {"yellow gold": "white gold", "platinum": "yellow gold", "white gold": "rose gold"}[metal]
    low, high = FINISH_ALPHA[finish]
    tone = tuple(float(x) for x in np.exp(rng.normal(0, TONE_SPREAD, 3) * 0.6 + rng.normal(0, TONE_SPREAD)))
    setting = "claw" if rng.random() < 0.6 else "bezel"
    if (stone and STONES[stone].slot == "solid") or period in ("Georgian", "Scandinavian Modernist"):
        setting = "bezel"
    if cut in CHANNELLED and (head == "channel" or (form in ("eternity", "line") and rng.random() < 0.5)):
        setting = "channel"
    edge = "milgrain" if rng.random() < style.milgrain else None
    return PieceSpec(
        seed=seed, category=category, period=period, metal=metal, second_metal=second, finish=finish,
        alpha=float(rng.uniform(low, high)), head=head, form=form, stone=stone, cut=cut, accent=accent, enamel=enamel,
        size=float(rng.uniform(0.0, 1.0)), count=int(rng.integers(5, 12)), setting=setting,
        year=int(rng.integers(*style.years)), tone=tone, edge=edge,
    )  # fmt: skip
