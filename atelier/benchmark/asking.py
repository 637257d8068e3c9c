"""What a shopper may ask for in words, how it is typed, and of which pieces it is true: the wording's meaning decides."""

from __future__ import annotations

from dataclasses import dataclass

from ..spec import PieceSpec
from ..vocabulary import ENAMELS, STONES, STYLES

# The stones that go by a colour. Turquoise is called blue and green, corals and carnelians red and orange.
COLOURS = {
    "red": ("ruby", "garnet", "coral", "carnelian"), "orange": ("coral", "carnelian"), "yellow": ("citrine",),
    "green": ("emerald", "peridot", "jade", "turquoise"), "blue": ("sapphire", "aquamarine", "lapis lazuli", "turquoise", "blue topaz"),
    "pale blue": ("aquamarine", "blue topaz"), "purple": ("amethyst",), "pink": ("pink topaz",), "black": ("onyx",), "milky": ("opal", "moonstone"),
}  # fmt: skip

_DECADES = {1920: "twenties", 1930: "thirties", 1940: "forties", 1950: "fifties", 1960: "sixties", 1970: "seventies"}


@dataclass(frozen=True)
class Attribute:
    """Something to ask for: true of a piece where one of `values` is among its facts of this field.

    `adjectives` go before the noun and `phrases` after it; a noun has only `adjectives`.
    """

    field: str
    values: tuple[str, ...]
    adjectives: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()

    def true(self, facts: dict[str, set[str]]) -> bool:
        """Whether it holds of a piece."""
        return not facts[self.field].isdisjoint(self.values)


def form(spec: PieceSpec) -> str:
    """The form as it was built: without stones there is no rivière and no row of beads, but a chain."""
    bare = spec.form in ("riviere", "beads") and not spec.stone
    return f"{spec.category} {'chain' if bare else spec.form}"


def facts(spec: PieceSpec) -> dict[str, set[str]]:
    """All that may be asked about a built piece."""
    # Beads are round, whatever cut the stone would have had elsewhere.
    cut = "" if not spec.stone or (spec.form == "beads" and STONES[spec.stone].slot == "solid") else spec.cut
    return {
        "category": {spec.category}, "form": {form(spec)}, "period": {spec.period}, "metal": set(spec.metals),
        "metals": {str(len(spec.metals))}, "stone": set(spec.stones) or {"none"}, "cut": {cut}, "cut stone": {f"{cut} {spec.stone}"},
        "front": {spec.head, *spec.motifs}, "enamel": {spec.enamel, "any"} if spec.enamel else set(), "finish": {spec.finish},
    }  # fmt: skip


def covering(decade: int) -> tuple[str, ...]:
    """The periods that hold at least half of a decade's years."""
    return tuple(p for p, s in STYLES.items() if min(s.years[1], decade + 10) - max(s.years[0], decade) >= 5)


_ANTIQUE = ("Georgian", "Victorian", "Art Nouveau", "Edwardian")
_VINTAGE = ("Art Deco", "Retro", "Mid-century", "Scandinavian Modernist")
_NECKLACES = ("necklace", "pendant")  # a pendant on its chain is a necklace to most people

NOUNS = (
    Attribute("category", ("ring",), ("ring",)),
    Attribute("category", _NECKLACES, ("necklace",)),
    Attribute("category", ("pendant",), ("pendant",)),
    Attribute("category", ("earrings",), ("earrings", "pair of earrings", "ear rings")),
    Attribute("category", ("bracelet",), ("bracelet",)),
    Attribute("category", ("brooch",), ("brooch", "pin", "broach")),
    Attribute("form", ("ring eternity",), ("eternity ring", "full eternity ring")),
    Attribute("form", ("bracelet bangle",), ("bangle",)),
    Attribute("form", ("bracelet cuff",), ("cuff", "cuff bracelet", "open bangle")),
    Attribute("form", ("bracelet links",), ("link bracelet",)),
    Attribute("form", ("bracelet line",), ("line bracelet", "tennis bracelet")),
    Attribute("form", ("bracelet beads",), ("bead bracelet", "beaded bracelet")),
    Attribute("form", ("earrings stud",), ("studs", "stud earrings")),
    Attribute("form", ("earrings hoop",), ("hoops", "hoop earrings")),
    Attribute("form", ("earrings drop", "earrings chandelier"), ("drop earrings", "dangly earrings", "drops")),
    Attribute("form", ("earrings chandelier",), ("chandelier earrings", "chandeliers")),
    Attribute("form", ("pendant locket",), ("locket",)),
    Attribute("form", ("necklace beads",), ("bead necklace", "string of beads")),
    Attribute("form", ("necklace riviere",), ("riviere necklace", "riviere")),
    Attribute("form", ("necklace fringe",), ("fringe necklace",)),
    Attribute("form", ("necklace collar",), ("collar necklace", "collar")),
    Attribute("form", ("brooch bar",), ("bar brooch", "bar pin")),
    Attribute("form", ("brooch spray",), ("spray brooch",)),
)

PERIODS = (
    Attribute("period", ("Georgian",), ("georgian",)),
    Attribute("period", ("Victorian",), ("victorian",)),
    Attribute("period", ("Art Nouveau",), ("art nouveau", "nouveau")),
    Attribute("period", ("Edwardian",), ("edwardian",)),
    Attribute("period", ("Art Deco",), ("art deco", "deco")),
    Attribute("period", ("Mid-century", "Scandinavian Modernist"), ("mid century", "midcentury", "mid-century")),
    Attribute("period", ("Scandinavian Modernist",), ("scandinavian", "scandi", "nordic")),
    Attribute("period", ("Contemporary",), ("contemporary", "recent")),
    Attribute("period", _ANTIQUE, ("antique", "old", "very old")),
    Attribute("period", _VINTAGE, ("vintage",)),
    Attribute("period", ("Art Nouveau", "Edwardian"), ("turn of the century", "belle epoque")),
)

# Left out: "1800s" and "1900s" are as often whole centuries.
DECADES = tuple(Attribute("period", covering(d), (f"{d}s", *((_DECADES[d], f"{d % 100}s") if d in _DECADES else ()))) for d in (*range(1820, 1900, 10), *range(1910, 1980, 10)))


def _metal(values: tuple[str, ...], *names: str) -> Attribute:
    return Attribute("metal", values, names, tuple(f"in {n}" for n in names))


METALS = (
    _metal(("yellow gold", "rose gold"), "gold"),
    _metal(("yellow gold",), "yellow gold"),
    _metal(("rose gold",), "rose gold", "pink gold"),
    _metal(("white gold",), "white gold"),
    _metal(("platinum",), "platinum"),
    _metal(("silver", "oxidised silver"), "silver"),
    _metal(("oxidised silver",), "oxidised silver", "blackened silver", "dark silver"),
    _metal(("copper",), "copper"),
    _metal(("white gold", "platinum", "silver"), "white metal", "silver coloured"),
    Attribute("metals", ("2",), ("two tone", "two colour"), ("two metals",)),
)

STONES_ASKED = (
    *(Attribute("stone", (s.name,), (s.name,), (s.many,)) for s in STONES.values()),
    *(Attribute("stone", stones, (f"{c} stone",), (f"{c} stone", f"{c} stones")) for c, stones in COLOURS.items()),
    Attribute("stone", ("none",), (), ("no stones", "without stones")),
)

_CUTS = (
    (("oval", "cabochon"), "oval"),
    (("pear",), "pear shaped", "teardrop"),
    (("marquise",), "marquise", "pointed oval"),
    (("emerald", "asscher", "baguette"), "step cut"),
    (("cabochon", "round cabochon"), "cabochon", "smooth rounded"),
    (("cushion",), "cushion cut"),
    (("rose",), "rose cut"),
    (("old mine",), "old mine cut", "old cut"),
    (("princess",), "princess cut"),
    (("baguette",), "baguette cut"),
)


def _cut_stone(cuts: tuple[str, ...], words: list[str], stones: tuple[str, ...], one: str, many: str) -> Attribute:
    """A main stone of any of these kinds in any of these cuts."""
    sides = (f"{one}, stepped sides",) if "step cut" in words else ()
    values = tuple(f"{cut} {s}" for cut in cuts for s in stones)
    return Attribute("cut stone", values, tuple(f"{w} {one}" for w in words), (*(f"{w} {many}" for w in words), *sides))


CUTS = (
    *(Attribute("cut", cuts, (), tuple(f"{w} stone" for w in words)) for cuts, *words in _CUTS),
    *(_cut_stone(cuts, words, (s.name,), s.name, s.many) for cuts, *words in _CUTS for s in STONES.values()),
    *(_cut_stone(cuts, words, stones, f"{c} stone", f"{c} stones") for cuts, *words in _CUTS for c, stones in COLOURS.items()),
)

FRONTS = (
    Attribute("front", ("flower",), ("flower", "floral"), ("flower", "flower shape")),
    Attribute("front", ("leaf",), ("leaf", "leafy"), ("leaves", "leaf shape")),
    Attribute("front", ("star",), ("star",), ("star",)),
    Attribute("front", ("crescent",), ("crescent", "crescent moon", "half moon"), ("crescent", "moon")),
    Attribute("front", ("heart",), ("heart",), ("heart", "heart shape")),
    Attribute("front", ("fan",), ("fan", "fan shaped"), ("fan", "fan shape")),
    Attribute("front", ("bow",), ("bow", "ribbon bow"), ("bow", "ribbon")),
    Attribute("front", ("geometric",), ("geometric",), ("geometric pattern",)),
    Attribute("front", ("scroll",), ("scroll", "swirly"), ("scrolls", "swirls")),
    Attribute("front", ("snake",), ("snake", "serpent"), ("snake",)),
    Attribute("front", ("bird",), ("bird",), ("bird",)),
    Attribute("front", ("swallow",), ("swallow",), ("swallow",)),
    Attribute("front", ("dove",), ("dove",), ("dove",)),
    Attribute("front", ("filigree",), ("filigree", "openwork"), ("filigree",)),
    Attribute("front", ("pavé",), ("pave", "pavé"), ("pave stones",)),
    Attribute("front", ("orbit",), ("open circle",), ("open circles",)),
    Attribute("front", ("solitaire",), ("solitaire",)),
    Attribute("front", ("halo",), ("halo",), ("halo",)),
    Attribute("front", ("cluster", "pearl cluster"), ("cluster",), ("cluster",)),
    Attribute("front", ("three-stone",), ("three stone", "trilogy", "3 stone"), ("three stones in a row",)),
    Attribute("front", ("five-stone",), ("half hoop",)),
    Attribute("front", ("crossover",), ("crossover",)),
    Attribute("front", ("navette",), ("navette",)),
    Attribute("front", ("signet",), ("signet",)),
)

OTHERS = (
    *(Attribute("enamel", (c,), (f"{c} enamel",), (f"{c} enamel",)) for c in ENAMELS),
    Attribute("enamel", ("any",), ("enamel", "enamelled"), ("enamel",)),
    Attribute("form", ("ring twist",), (), ("twisted band",)),
    Attribute("form", ("ring split",), (), ("split band",)),
    Attribute("finish", ("satin", "brushed"), ("matt",), ("matt finish",)),
    Attribute("finish", ("hammered",), ("hammered", "beaten"), ("hammered finish",)),
    Attribute("finish", ("engraved",), ("engraved",), ("engraving",)),
)
