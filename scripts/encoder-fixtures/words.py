"""Our own sentences, for training the fixtures' small tokenisers, and the texts that the tests encode."""

import itertools
import random

METALS = ["gold", "rose gold", "white gold", "platinum", "silver", "palladium", "brass"]
STONES = ["emerald", "diamond", "sapphire", "ruby", "pearl", "opal", "amethyst", "garnet", "citrine", "turquoise"]
PIECES = ["ring", "necklace", "pendant", "pair of earrings", "bracelet", "brooch", "signet", "cocktail ring", "bangle"]
PERIODS = ["Georgian", "Victorian", "Art Nouveau", "Edwardian", "Art Deco", "Retro", "Mid-century", "Contemporary"]
MOTIFS = ["leaf", "flower", "snake", "star", "bow", "geometric", "crescent", "heart", "knot", "butterfly"]


def sentences():
    """About 1,500 captions in the trade's words, the same on every run."""
    chance = random.Random(7)
    every = list(itertools.product(METALS, STONES, PIECES, PERIODS, MOTIFS))
    lines = []
    for metal, stone, piece, period, motif in chance.sample(every, 1_500):
        lines.append(chance.choice([
            f"{period} {stone} {piece}, {motif}, {metal}",
            f"a {metal} {piece} with a {motif} pattern and a {stone}",
            f"{metal} {piece} set with {stone}s; {period}, c. {chance.randint(1750, 2020)}",
            f"the dealer's {period} {piece}: {stone} and {metal}, {chance.randint(1, 40)} mm",
            f"It's {metal}, isn't it? A {stone} {piece} we'd call {period}.",
        ]))
    return lines


# name -> text, or (text, times). Hostile ones included; the tests expect the very tokens of the reference for each.
TEXTS = {
    "plain": "gold bracelet with a leaf pattern",
    "mixed case": "Art Deco EMERALD Cocktail Ring, Geometric, Platinum",
    "empty": "",
    "spaces": " \t\n  ",
    "white space": "  gold \t\t ring\r\n\r\n  with   pearls \u00a0 and\u3000opals ",
    "emoji": "💍 gold ring 💎✨ for 👩‍👩‍👧 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "10,000 words": ("emerald ring ", 5_000),
    "one long word": ("gold", 20_000),
    "right to left": "خاتم ذهب مع زمرد טבעת זהב",
    "mixed direction": "gold \u202ering\u202c خاتم \u200f18\u200f",
    "zero width": "go\u200bld\u200d ri\ufeffng\u2060",
    "nul": "gold\x00ring\x00",
    "control characters": "gold\x01\x07\x1b[31m ring\x7f\x85 silver\x1csapphire",
    "entities": "ring &amp; brooch &lt;gold&gt; &eacute;meraude &#39;x&#39; &#x1F48D; &amp;lt;b&amp;gt; &ampersand &notanentity;",
    "punctuation only": "!!! ... ---- ??? ;;; ((( )))",
    "punctuation": "dealer's_own \"ring\" (18ct), £1,250.00 - 50% off! #gold @home it's we'll they've",
    "digits": "18ct 750 1925 3.14 ١٩٢٥ ½ ²",
    "accents": "Émeraude café naïve Ångström Straße İstanbul ΟΔΥΣΣΕΥΣ",
    "decomposed": "e\u0301meraude cafe\u0301 A\u030angstro\u0308m",
    "curly quotes": "\u2018gold\u2019 \u201cring\u201d dealer\u2019s",
    "ligatures": "ﬁligree ﬂower ＧＯＬＤ ｒｉｎｇ Ǆ ŉ ﾀ",
    "Chinese": "金戒指配祖母绿",
    "Japanese": "エメラルドの指輪",
    "special tokens": "gold <end_of_text> ring <|endoftext|> pearl </s> <unk>",
    "sentencepiece mark": "gold▁ring ▁ pearl",
    "private use": "\ue000 \uf8ff \U000f0000 gold",
    "surrounding": "¡gold! ¿ring? «pearl» — opal… •garnet",
}


def text(spec):
    """The text of one entry of TEXTS."""
    return spec if isinstance(spec, str) else spec[0] * spec[1]
