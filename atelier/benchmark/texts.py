"""Queries in words: attributes of a listed piece, typed the way people do, and every piece for sale of which all of them are true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..spec import PieceSpec
from .asking import CUTS, DECADES, FRONTS, METALS, NOUNS, OTHERS, PERIODS, STONES_ASKED, Attribute, facts

MOST = 0.1  # of what is for sale: a text that is true of more asks for too little
ENOUGH = 10  # relevant listings that precision at 10 needs to be able to reach 1
TRIES = 60  # texts drawn for every one wanted, before texts of fewer relevant listings are taken

# How often each thing is asked for. Nobody types all of a piece's attributes.
_ASKED = ((STONES_ASKED, 3.0), (FRONTS, 3.0), (METALS, 2.5), (PERIODS, 1.7), (DECADES, 0.9), (OTHERS, 1.5), (CUTS, 1.5))
_HOW_MANY = {1: 0.1, 2: 0.5, 3: 0.4}
_OPENINGS = ("looking for", "searching for", "do you have", "any", "wanted:")


@dataclass(frozen=True)
class Text:
    """A text, what it asks for, and the numbers of the pieces that it is true of."""

    text: str
    asked: tuple[Attribute, ...]
    relevant: tuple[int, ...]


class Stock:
    """What is for sale, ready to be asked about."""

    def __init__(self, specs: list[PieceSpec], for_sale: Iterable[int]):
        self.facts = [facts(s) for s in specs]
        self.for_sale = sorted(for_sale)
        self._true: dict[Attribute, frozenset[int]] = {}

    def having(self, asked: Iterable[Attribute]) -> tuple[int, ...]:
        """The pieces for sale of which every attribute is true."""
        found = frozenset(self.for_sale)
        for a in asked:
            if a not in self._true:
                self._true[a] = frozenset(i for i in self.for_sale if a.true(self.facts[i]))
            found &= self._true[a]
        return tuple(sorted(found))


def _one(rng: np.random.Generator, items):
    return items[int(rng.integers(len(items)))]


def ask(of: dict[str, set[str]], rng: np.random.Generator) -> tuple[Attribute, ...]:
    """What somebody might remember of a piece: what it is, and one to three things about it."""
    nouns = [a for a in NOUNS if a.true(of)]
    asked = [_one(rng, nouns)]
    weights = np.array([w for _, w in _ASKED])
    order = rng.choice(len(_ASKED), len(_ASKED), replace=False, p=weights / weights.sum())
    wanted = int(rng.choice(list(_HOW_MANY), p=list(_HOW_MANY.values())))
    for i in order:
        fitting = [a for a in _ASKED[i][0] if a.true(of) and a.field not in {x.field for x in asked}]
        # "oval sapphire" says the stone; asked beside another stone it would say something else.
        if any(a.field in ("stone", "cut stone", "cut") for a in asked):
            fitting = [a for a in fitting if a.field not in ("stone", "cut stone", "cut")]
        if fitting and len(asked) <= wanted:
            asked.append(_one(rng, fitting))
    return tuple(asked)


def wording(asked: tuple[Attribute, ...], rng: np.random.Generator) -> str:
    """The attributes as somebody types them, the noun being the first of them."""
    noun, *rest = asked
    order = {"finish": 0, "period": 1, "metals": 2, "metal": 2, "enamel": 3, "cut": 4, "cut stone": 4, "stone": 4, "front": 5, "form": 6}
    rest = sorted(rest, key=lambda a: order[a.field])
    style = int(rng.integers(4))
    late = {0: (), 1: ("stone", "cut", "cut stone", "enamel"), 2: ("stone", "cut", "cut stone", "enamel", "front", "finish"), 3: tuple(order)}[style]
    before = [a for a in rest if a.adjectives and not (a.phrases and a.field in late)]
    after = [a for a in rest if a not in before]
    if style == 3:
        after.sort(key=lambda a: -order[a.field])
    head = " ".join([*(_one(rng, a.adjectives) for a in before), _one(rng, noun.adjectives)])
    said = [_one(rng, a.phrases) for a in after]
    if style == 2 or not said:
        text = ", ".join([head, *said])
    elif any(s.startswith(("no ", "without ", "in ")) for s in said):
        text = " ".join([head, *said])
    else:
        text = f"{head} with {' and '.join(said)}"
    if rng.random() < 0.12:
        text = f"{_one(rng, _OPENINGS)} {text}"
    return text[0].upper() + text[1:] if rng.random() < 0.12 else text


def texts(specs: list[PieceSpec], for_sale: Iterable[int], count: int, rng: np.random.Generator) -> list[Text]:
    """Different texts, as far as there are `count`: first those with ENOUGH relevant listings, then those with fewer."""
    stock = Stock(specs, for_sale)
    most = max(1, round(MOST * len(stock.for_sale)))
    enough: list[Text] = []
    fewer: list[Text] = []
    seen = set()
    for _ in range(TRIES * count if stock.for_sale else 0):
        asked = ask(stock.facts[_one(rng, stock.for_sale)], rng)
        key = frozenset((a.field, a.values) for a in asked)
        text = wording(asked, rng)
        relevant = stock.having(asked)
        if key in seen or len(relevant) > most:
            continue
        seen.add(key)
        (enough if len(relevant) >= ENOUGH else fewer).append(Text(text, asked, relevant))
        if len(enough) == count:
            break
    fewer.sort(key=lambda t: -len(t.relevant))
    return (enough + fewer)[:count]
