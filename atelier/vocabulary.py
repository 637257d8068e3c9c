"""The trade's words, and what each means to the builders: metals, stones, cuts, periods, forms.

Colours are linear RGB. A transparent stone's colour is what is left of white light after one pass through its surface and
back (applied half at each crossing); an opaque stone's is its diffuse reflectance.
"""

from __future__ import annotations

from dataclasses import dataclass

CATEGORIES = ("ring", "necklace", "pendant", "earrings", "bracelet", "brooch")
PERIODS = (
    "Georgian", "Victorian", "Art Nouveau", "Edwardian", "Art Deco", "Retro", "Mid-century", "Scandinavian Modernist", "Contemporary",
)  # fmt: skip


@dataclass(frozen=True)
class Metal:
    """A measured conductor of the renderer's, a tint over it, and what a gram of it adds to a price in pounds."""

    name: str
    conductor: str
    tint: tuple[float, float, float]
    price: float


METALS = {
    m.name: m
    for m in (
        Metal("yellow gold", "Au", (0.98, 0.95, 0.9), 60),
        Metal("rose gold", "Au", (0.97, 0.80, 0.95), 60),
        Metal("white gold", "Ag", (0.76, 0.73, 0.685), 62),
        Metal("platinum", "Ag", (0.70, 0.70, 0.71), 75),
        Metal("silver", "Ag", (0.86, 0.86, 0.855), 5),
        Metal("oxidised silver", "Ag", (0.50, 0.49, 0.48), 5),
        Metal("copper", "Cu", (0.95, 0.95, 0.95), 3),
    )
}


@dataclass(frozen=True)
class Stone:
    """How a stone looks, how it may be cut, and its rough price per cubic millimetre in pounds."""

    name: str
    slot: str  # gem, diamond or solid
    colour: tuple[float, float, float]
    cuts: tuple[str, ...]
    price: float
    colour_word: str
    plural: str = ""

    @property
    def many(self) -> str:
        return self.plural or self.name + "s"


_FACETED = ("brilliant", "oval", "cushion", "emerald", "pear", "marquise")
_CAB = ("cabochon", "round cabochon")

STONES = {
    s.name: s
    for s in (
        Stone("diamond", "diamond", (1.0, 1.0, 1.0), ("brilliant", "emerald", "cushion", "pear", "marquise", "asscher", "princess", "oval"), 26, "white"),
        Stone("ruby", "gem", (0.78, 0.012, 0.075), (*_FACETED, "cabochon"), 14, "red", "rubies"),
        Stone("sapphire", "gem", (0.025, 0.075, 0.72), (*_FACETED, "cabochon", "asscher"), 12, "blue"),
        Stone("emerald", "gem", (0.012, 0.50, 0.17), ("emerald", "oval", "cushion", "pear", "asscher", "cabochon", "brilliant"), 13, "green"),
        Stone("amethyst", "gem", (0.42, 0.11, 0.70), _FACETED, 0.9, "purple"),
        Stone("citrine", "gem", (0.95, 0.56, 0.05), _FACETED, 0.8, "golden"),
        Stone("aquamarine", "gem", (0.42, 0.84, 0.95), _FACETED, 2.4, "pale blue"),
        Stone("garnet", "gem", (0.40, 0.008, 0.02), (*_FACETED, *_CAB, "rose"), 0.7, "dark red"),
        Stone("peridot", "gem", (0.52, 0.80, 0.08), _FACETED, 1.0, "light green"),
        Stone("pink topaz", "gem", (0.95, 0.40, 0.52), _FACETED, 1.8, "pink", "pink topazes"),
        Stone("turquoise", "solid", (0.10, 0.55, 0.56), _CAB, 0.5, "blue-green", "turquoise"),
        Stone("onyx", "solid", (0.012, 0.012, 0.013), (*_CAB, "emerald", "cushion", "asscher"), 0.4, "black", "onyx"),
        Stone("coral", "solid", (0.80, 0.13, 0.075), _CAB, 0.8, "orange-red", "corals"),
        Stone("pearl", "solid", (0.86, 0.80, 0.71), ("bead",), 1.5, "cream"),
        Stone("opal", "solid", (0.72, 0.78, 0.80), _CAB, 2.5, "milky"),
        Stone("lapis lazuli", "solid", (0.02, 0.045, 0.30), (*_CAB, "cushion"), 0.4, "deep blue", "lapis lazuli"),
        Stone("jade", "solid", (0.10, 0.38, 0.16), _CAB, 1.1, "soft green", "jades"),
        Stone("carnelian", "solid", (0.55, 0.09, 0.02), (*_CAB, "cushion"), 0.3, "rust-red"),
    )
}

ENAMELS = {
    "blue": (0.02, 0.07, 0.42), "black": (0.012, 0.012, 0.014), "green": (0.02, 0.24, 0.11),
    "red": (0.55, 0.02, 0.03), "white": (0.86, 0.85, 0.82),
}  # fmt: skip

MOTIFS = ("leaf", "flower", "star", "crescent", "heart", "fan", "bow", "geometric", "scroll", "snake")

# Forms of the decorated front of a piece ("heads"): the motif it shows, if any.
HEADS = {
    "solitaire": None, "halo": None, "cluster": None, "three-stone": None, "five-stone": None, "crossover": None,
    "navette": None, "panel": "geometric", "signet": None, "bezel": None, "flower": "flower", "leaf": "leaf", "star": "star",
    "crescent": "crescent", "heart": "heart", "fan": "fan", "bow": "bow", "bar": "geometric", "orbit": "geometric",
    "scroll": "scroll", "snake": "snake", "pearl cluster": None, "plain": None,
}  # fmt: skip


@dataclass(frozen=True)
class Style:
    """What a period favours: weights for metals, stones, heads, and the words its descriptions use."""

    years: tuple[int, int]
    metals: dict[str, float]
    stones: dict[str, float]
    heads: dict[str, float]
    finishes: dict[str, float]
    words: tuple[str, ...]


_COLOURS = {"ruby": 2, "sapphire": 2, "emerald": 2}

STYLES = {
    "Georgian": Style(
        (1760, 1837), {"yellow gold": 4, "oxidised silver": 3, "rose gold": 1},
        {"garnet": 3, "pearl": 2, "amethyst": 2, "pink topaz": 2, "diamond": 2, "emerald": 1, "ruby": 1, "turquoise": 1},
        {"cluster": 4, "bezel": 2, "crescent": 1.5, "flower": 2, "bow": 2, "heart": 2, "navette": 2, "five-stone": 1.5, "star": 0.8},
        {"polished": 2, "satin": 1}, ("cut-down collets", "a closed-back setting", "foiled warmth", "candlelit charm"),
    ),
    "Victorian": Style(
        (1837, 1901), {"yellow gold": 6, "rose gold": 2, "silver": 1},
        {"turquoise": 2, "garnet": 2, "pearl": 2.5, "opal": 2, "coral": 1.5, "diamond": 2, "sapphire": 1.5, "ruby": 1.5, "amethyst": 1.5, "emerald": 1},
        {"star": 3, "crescent": 3, "heart": 2.5, "flower": 2, "snake": 2.5, "five-stone": 2, "cluster": 2, "bow": 1, "leaf": 1, "bezel": 1},
        {"polished": 3, "satin": 1}, ("a sentimental piece", "made to be worn", "a keepsake", "sturdy and romantic"),
    ),
    "Art Nouveau": Style(
        (1890, 1912), {"yellow gold": 5, "silver": 2, "rose gold": 1},
        {"opal": 3, "pearl": 2.5, "peridot": 2, "amethyst": 2, "aquamarine": 1, "turquoise": 1, "citrine": 1, "jade": 1},
        {"leaf": 4, "flower": 4, "scroll": 4, "snake": 1, "orbit": 0.6, "bezel": 1, "heart": 0.5},
        {"satin": 2, "polished": 2}, ("whiplash lines", "drawn from nature", "a sinuous outline", "a dreamlike grace"),
    ),
    "Edwardian": Style(
        (1901, 1915), {"platinum": 5, "white gold": 2, "yellow gold": 1},
        {"diamond": 5, "pearl": 2.5, "sapphire": 2, "aquamarine": 2, "peridot": 1, "amethyst": 1.5, "emerald": 1},
        {"bow": 3, "navette": 2.5, "cluster": 2, "halo": 2, "three-stone": 1.5, "leaf": 2, "star": 1, "pearl cluster": 1.5, "crescent": 1},
        {"polished": 1}, ("garland lightness", "millegrain edges", "lace-like and airy", "made for candlelight"),
    ),
    "Art Deco": Style(
        (1918, 1939), {"platinum": 6, "white gold": 3, "yellow gold": 1},
        {"diamond": 4, "emerald": 3, "sapphire": 3, "ruby": 2, "onyx": 2.5, "jade": 1, "coral": 1, "aquamarine": 1},
        {"panel": 5, "fan": 3.5, "halo": 2, "three-stone": 1.5, "navette": 1, "bar": 1.5, "solitaire": 1, "orbit": 1},
        {"polished": 1}, ("geometric and assured", "strict symmetry", "bold contrast", "the machine age"),
    ),
    "Retro": Style(
        (1935, 1950), {"rose gold": 4, "yellow gold": 4},
        {"citrine": 3, "ruby": 3, "aquamarine": 2, "amethyst": 2, "sapphire": 1, "diamond": 1.5, "pink topaz": 1},
        {"bow": 3, "fan": 2.5, "scroll": 2, "flower": 2, "solitaire": 2, "crossover": 2, "signet": 1, "heart": 1, "leaf": 1},
        {"polished": 1}, ("generous curves", "sculptural gold", "Hollywood glamour", "weight and swagger"),
    ),
    "Mid-century": Style(
        (1950, 1970), {"yellow gold": 5, "white gold": 2, "platinum": 1, "copper": 0.7},
        {"diamond": 2, "pearl": 2.5, "turquoise": 2, "sapphire": 1.5, "ruby": 1.5, "coral": 1.5, "lapis lazuli": 1.5, "emerald": 1, "jade": 1},
        {"flower": 2.5, "leaf": 2.5, "cluster": 2, "star": 2, "orbit": 2, "pearl cluster": 2, "crossover": 1.5, "halo": 1},
        {"polished": 2, "satin": 2}, ("atomic-age optimism", "textured and playful", "cocktail-hour sparkle", "a starburst spirit"),
    ),
    "Scandinavian Modernist": Style(
        (1945, 1975), {"silver": 8, "oxidised silver": 1},
        {"onyx": 2, "amethyst": 1.5, "lapis lazuli": 1.5, "carnelian": 1.5, "turquoise": 1, "jade": 1, "pearl": 0.6},
        {"orbit": 4, "bar": 3, "leaf": 3, "bezel": 2.5, "signet": 1, "scroll": 1, "star": 0.5},
        {"brushed": 3, "satin": 2, "polished": 2}, ("pure line", "quiet geometry", "a sculptor's restraint", "clean and organic"),
    ),
    "Contemporary": Style(
        (1990, 2025), {"yellow gold": 3, "white gold": 2, "platinum": 2, "rose gold": 2, "silver": 2},
        {"diamond": 4, **_COLOURS, "aquamarine": 1, "pink topaz": 1, "citrine": 1, "peridot": 1, "onyx": 1, "pearl": 1},
        {"solitaire": 3, "halo": 3, "three-stone": 2, "signet": 1.5, "bar": 2, "bezel": 2, "heart": 1, "crossover": 1.5, "star": 1, "cluster": 1, "orbit": 1},
        {"polished": 3, "brushed": 1, "satin": 1}, ("made for every day", "pared back", "modern ease", "a fresh take"),
    ),
}  # fmt: skip

FINISH_ALPHA = {"polished": (0.04, 0.09), "satin": (0.15, 0.22), "brushed": (0.24, 0.34)}
