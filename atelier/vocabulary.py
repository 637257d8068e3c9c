"""The trade's words, and what each means to the builders: metals, stones, cuts, periods, forms.

Colours are linear RGB. A transparent stone's colour is what is left of white light after one pass through its surface and
back (applied half at each crossing); an opaque stone's is its diffuse reflectance.
"""

from __future__ import annotations

from dataclasses import dataclass, field

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
    """How a stone looks, how it may be cut, its rough price per cubic millimetre in pounds, and its mean refractive index.

    The indices are those of gemmological tables; of an opaque stone it is its polish's.
    """

    name: str
    slot: str  # gem, diamond or solid
    colour: tuple[float, float, float]
    cuts: tuple[str, ...]
    price: float
    colour_word: str
    ior: float
    plural: str = ""

    @property
    def many(self) -> str:
        return self.plural or self.name + "s"


_FACETED = ("brilliant", "oval", "cushion", "emerald", "pear", "marquise", "old mine")
_CALIBRE = ("princess", "baguette")
_CAB = ("cabochon", "round cabochon")
_DIAMOND = ("brilliant", "emerald", "cushion", "pear", "marquise", "asscher", "princess", "oval", "old mine", "rose", "baguette")

STONES = {
    s.name: s
    for s in (
        Stone("diamond", "diamond", (1.0, 1.0, 1.0), _DIAMOND, 26, "white", 2.417),
        Stone("ruby", "gem", (0.78, 0.012, 0.075), (*_FACETED, *_CALIBRE, "cabochon"), 14, "red", 1.766, "rubies"),
        Stone("sapphire", "gem", (0.025, 0.075, 0.72), (*_FACETED, *_CALIBRE, "cabochon", "asscher"), 12, "blue", 1.766),
        Stone("emerald", "gem", (0.012, 0.50, 0.17), ("emerald", "oval", "cushion", "pear", "asscher", "cabochon", "brilliant", "old mine", "baguette"), 13, "green", 1.580),
        Stone("amethyst", "gem", (0.42, 0.11, 0.70), (*_FACETED, *_CALIBRE), 0.9, "purple", 1.548),
        Stone("citrine", "gem", (0.95, 0.56, 0.05), (*_FACETED, *_CALIBRE), 0.8, "golden", 1.548),
        Stone("aquamarine", "gem", (0.42, 0.84, 0.95), (*_FACETED, "baguette"), 2.4, "pale blue", 1.577),
        Stone("garnet", "gem", (0.40, 0.008, 0.02), (*_FACETED, *_CAB, "rose"), 0.7, "dark red", 1.760),
        Stone("peridot", "gem", (0.52, 0.80, 0.08), _FACETED, 1.0, "light green", 1.672),
        Stone("pink topaz", "gem", (0.95, 0.40, 0.52), _FACETED, 1.8, "pink", 1.620, "pink topazes"),
        Stone("blue topaz", "gem", (0.16, 0.60, 0.93), (*_FACETED, *_CALIBRE), 0.9, "sky blue", 1.614, "blue topazes"),
        Stone("turquoise", "solid", (0.10, 0.55, 0.56), _CAB, 0.5, "blue-green", 1.61, "turquoise"),
        Stone("onyx", "solid", (0.012, 0.012, 0.013), (*_CAB, "emerald", "cushion", "asscher"), 0.4, "black", 1.54, "onyx"),
        Stone("coral", "solid", (0.80, 0.13, 0.075), _CAB, 0.8, "orange-red", 1.57, "corals"),
        Stone("pearl", "solid", (0.90, 0.85, 0.77), ("bead",), 1.5, "cream", 1.53),
        Stone("opal", "solid", (0.72, 0.78, 0.80), _CAB, 2.5, "milky", 1.45),
        Stone("moonstone", "solid", (0.70, 0.76, 0.83), _CAB, 0.8, "milky blue", 1.522),
        Stone("lapis lazuli", "solid", (0.02, 0.045, 0.30), (*_CAB, "cushion"), 0.4, "deep blue", 1.50, "lapis lazuli"),
        Stone("jade", "solid", (0.10, 0.38, 0.16), _CAB, 1.1, "soft green", 1.66, "jades"),
        Stone("carnelian", "solid", (0.55, 0.09, 0.02), (*_CAB, "cushion"), 0.3, "rust-red", 1.54),
    )
}

# Cuts that are commoner than others, where a stone and a period have them; and cuts that only some periods knew.
CUT_WEIGHTS = {"brilliant": 4.0, "old mine": 2.0, "rose": 2.0, "princess": 2.0}
_OLD = ("Georgian", "Victorian")
CUT_PERIODS = {
    "old mine": (*_OLD, "Art Nouveau", "Edwardian"), "rose": (*_OLD, "Art Nouveau", "Edwardian"), "princess": ("Contemporary",),
    "baguette": ("Art Deco", "Retro", "Mid-century", "Contemporary"), "brilliant": tuple(p for p in PERIODS if p not in _OLD),
}  # fmt: skip

ENAMELS = {
    "blue": (0.02, 0.07, 0.42), "black": (0.012, 0.012, 0.014), "green": (0.02, 0.24, 0.11),
    "red": (0.55, 0.02, 0.03), "white": (0.86, 0.85, 0.82),
}  # fmt: skip

MOTIFS = ("leaf", "flower", "star", "crescent", "heart", "fan", "bow", "geometric", "scroll", "snake", "bird")

# Forms of the decorated front of a piece ("heads"): the motif it shows, if any.
HEADS = {
    "solitaire": None, "halo": None, "cluster": None, "three-stone": None, "five-stone": None, "crossover": None,
    "navette": None, "panel": "geometric", "signet": None, "bezel": None, "flower": "flower", "leaf": "leaf", "star": "star",
    "crescent": "crescent", "heart": "heart", "fan": "fan", "bow": "bow", "bar": "geometric", "orbit": "geometric",
    "scroll": "scroll", "snake": "snake", "pearl cluster": None, "pavé": None, "channel": None, "filigree": None,
    "swallow": "bird", "dove": "bird", "plain": None,
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
    milgrain: float = 0.0  # how often its settings' edges are beaded
    straight: bool = False  # engraved in chevrons rather than in scrolls
    forms: dict[str, float] = field(default_factory=dict)  # factors on the weights of forms


_COLOURS = {"ruby": 2, "sapphire": 2, "emerald": 2}

STYLES = {
    "Georgian": Style(
        (1760, 1837), {"yellow gold": 4, "oxidised silver": 3, "rose gold": 1},
        {"garnet": 3, "pearl": 2, "amethyst": 2, "pink topaz": 2, "diamond": 2, "emerald": 1, "ruby": 1, "turquoise": 1},
        {"cluster": 4, "bezel": 2, "crescent": 1.5, "flower": 2, "bow": 2, "heart": 2, "navette": 2, "five-stone": 1.5, "star": 0.8,
         "filigree": 2, "dove": 1, "pavé": 0.7},
        {"polished": 2, "satin": 1, "engraved": 1}, ("cut-down collets", "a closed-back setting", "foiled warmth", "candlelit charm"),
        milgrain=0.25, forms={"riviere": 1.5, "eternity": 0.4, "chandelier": 1.5, "bangle": 0.6, "collar": 0.3, "line": 0.6},
    ),
    "Victorian": Style(
        (1837, 1901), {"yellow gold": 6, "rose gold": 2, "silver": 1},
        {"turquoise": 2, "garnet": 2, "pearl": 2.5, "opal": 2, "coral": 1.5, "diamond": 2, "sapphire": 1.5, "ruby": 1.5, "amethyst": 1.5, "emerald": 1, "moonstone": 1},
        {"star": 3, "crescent": 3, "heart": 2.5, "flower": 2, "snake": 2.5, "five-stone": 2, "cluster": 2, "bow": 1, "leaf": 1, "bezel": 1,
         "swallow": 2.5, "dove": 1.5, "pavé": 1.5, "filigree": 1, "signet": 0.8},
        {"polished": 3, "satin": 1, "engraved": 2}, ("a sentimental piece", "made to be worn", "a keepsake", "sturdy and romantic"),
        milgrain=0.15, forms={"eternity": 0.5, "locket": 2, "bar": 1.3, "collar": 0.6},
    ),
    "Art Nouveau": Style(
        (1890, 1912), {"yellow gold": 5, "silver": 2, "rose gold": 1},
        {"opal": 3, "pearl": 2.5, "peridot": 2, "amethyst": 2, "aquamarine": 1, "turquoise": 1, "citrine": 1, "jade": 1, "moonstone": 2.5},
        {"leaf": 4, "flower": 4, "scroll": 4, "snake": 1, "orbit": 0.6, "bezel": 1, "heart": 0.5, "swallow": 1, "filigree": 0.6},
        {"satin": 2, "polished": 2, "hammered": 1, "engraved": 0.5}, ("whiplash lines", "drawn from nature", "a sinuous outline", "a dreamlike grace"),
        forms={"eternity": 0.0, "line": 0.4, "riviere": 0.4},
    ),
    "Edwardian": Style(
        (1901, 1915), {"platinum": 5, "white gold": 2, "yellow gold": 1},
        {"diamond": 5, "pearl": 2.5, "sapphire": 2, "aquamarine": 2, "peridot": 1, "amethyst": 1.5, "emerald": 1, "moonstone": 1},
        {"bow": 3, "navette": 2.5, "cluster": 2, "halo": 2, "three-stone": 1.5, "leaf": 2, "star": 1, "pearl cluster": 1.5, "crescent": 1,
         "filigree": 3, "swallow": 1, "pavé": 0.8},
        {"polished": 4, "engraved": 1}, ("garland lightness", "worked like lace", "light and airy", "made for candlelight"),
        milgrain=0.8, forms={"cuff": 0.4, "line": 1.3},
    ),
    "Art Deco": Style(
        (1918, 1939), {"platinum": 6, "white gold": 3, "yellow gold": 1},
        {"diamond": 4, "emerald": 3, "sapphire": 3, "ruby": 2, "onyx": 2.5, "jade": 1, "coral": 1, "aquamarine": 1},
        {"panel": 5, "fan": 3.5, "halo": 2, "three-stone": 1.5, "navette": 1, "bar": 1, "solitaire": 1, "orbit": 1,
         "filigree": 1.5, "channel": 1.8, "pavé": 1.5},
        {"polished": 4, "engraved": 1}, ("geometric and assured", "strict symmetry", "bold contrast", "the machine age"),
        milgrain=0.6, straight=True, forms={"eternity": 2.0, "line": 1.6, "twist": 0.3, "spray": 0.5},
    ),
    "Retro": Style(
        (1935, 1950), {"rose gold": 4, "yellow gold": 4},
        {"citrine": 3, "ruby": 3, "aquamarine": 2, "amethyst": 2, "sapphire": 1, "diamond": 1.5, "pink topaz": 1, "blue topaz": 1},
        {"bow": 3, "fan": 2.5, "scroll": 2, "flower": 2, "solitaire": 2, "crossover": 2, "signet": 1, "heart": 1, "leaf": 1,
         "pavé": 1, "channel": 1.2, "swallow": 0.6},
        {"polished": 4, "engraved": 0.6, "satin": 0.6}, ("generous curves", "sculptural gold", "Hollywood glamour", "weight and swagger"),
        straight=True,
    ),
    "Mid-century": Style(
        (1950, 1970), {"yellow gold": 5, "white gold": 2, "platinum": 1, "copper": 0.7},
        {"diamond": 2, "pearl": 2.5, "turquoise": 2, "sapphire": 1.5, "ruby": 1.5, "coral": 1.5, "lapis lazuli": 1.5, "emerald": 1, "jade": 1, "blue topaz": 0.8},
        {"flower": 2.5, "leaf": 2.5, "cluster": 2, "star": 2, "orbit": 2, "pearl cluster": 2, "crossover": 1.5, "halo": 1,
         "pavé": 1.2, "channel": 0.8, "swallow": 0.8, "dove": 0.7},
        {"polished": 2, "satin": 1.5, "hammered": 1.3}, ("atomic-age optimism", "textured and playful", "cocktail-hour sparkle", "an easy elegance"),
        straight=True,
    ),
    "Scandinavian Modernist": Style(
        (1945, 1975), {"silver": 8, "oxidised silver": 1},
        {"onyx": 2, "amethyst": 1.5, "lapis lazuli": 1.5, "carnelian": 1.5, "turquoise": 1, "jade": 1, "pearl": 0.6, "moonstone": 1.5},
        {"orbit": 4, "bar": 3, "leaf": 3, "bezel": 2.5, "signet": 1, "scroll": 1, "star": 0.5,
         "dove": 1, "flower": 0.8},
        {"brushed": 3, "satin": 2, "polished": 2, "hammered": 2.5}, ("pure line", "quiet geometry", "a sculptor's restraint", "clean and organic"),
        straight=True, forms={"eternity": 0.15, "riviere": 0.4, "line": 0.5, "cathedral": 0.3, "chandelier": 0.4},
    ),
    "Contemporary": Style(
        (1990, 2025), {"yellow gold": 3, "white gold": 2, "platinum": 2, "rose gold": 2, "silver": 2},
        {"diamond": 4, **_COLOURS, "aquamarine": 1, "pink topaz": 1, "citrine": 1, "peridot": 1, "onyx": 1, "pearl": 1, "blue topaz": 1.5, "moonstone": 0.8},
        {"solitaire": 3, "halo": 3, "three-stone": 2, "signet": 1.5, "bar": 2, "bezel": 2, "heart": 1, "crossover": 1.5, "star": 1, "cluster": 1, "orbit": 1,
         "pavé": 2, "channel": 2, "swallow": 0.4, "dove": 0.4},
        {"polished": 3, "brushed": 1, "satin": 1, "hammered": 1.2}, ("made for every day", "pared back", "modern ease", "a fresh take"),
        milgrain=0.08, straight=True, forms={"eternity": 2.0, "locket": 0.6},
    ),
}  # fmt: skip

FINISH_ALPHA = {"polished": (0.04, 0.09), "satin": (0.15, 0.22), "brushed": (0.24, 0.34), "hammered": (0.06, 0.13), "engraved": (0.06, 0.11)}
