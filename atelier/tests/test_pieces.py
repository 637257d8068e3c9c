"""Pieces are reproducible and various, and their words are true of what was built."""

import numpy as np
import pytest

from atelier.pieces import build
from atelier.spec import sample
from atelier.vocabulary import CATEGORIES, HEADS, MOTIFS, PERIODS, STONES
from atelier.words import caption, description, price, title

SEEDS = range(60)


@pytest.fixture(scope="module")
def built():
    return [build(sample(s)) for s in SEEDS]


def test_the_same_seed_gives_the_same_piece():
    a, b = build(sample(7)), build(sample(7))
    assert a.spec == b.spec
    assert all(np.array_equal(p.v, q.v) for p, q in zip(a.parts, b.parts, strict=True))


def test_every_piece_is_finite_and_made_of_metal(built):
    for b in built:
        assert any(p.slot == "metal" for p in b.parts)
        for p in b.parts:
            assert np.isfinite(p.v).all() and np.isfinite(p.n).all()
            assert p.f.max() < len(p.v)


def test_stones_named_are_stones_set(built):
    for b in built:
        slots = {p.slot for p in b.parts}
        for stone in b.spec.stones:
            assert ("nacre" if stone == "pearl" else STONES[stone].slot) in slots, (b.spec.seed, stone)
        if not b.spec.stones:
            assert not slots & {"gem", "diamond"}, b.spec.seed
        assert (b.spec.second_metal != b.spec.metal) == ("metal2" in slots)


def test_every_head_can_be_mounted_in_every_category():
    from dataclasses import replace

    for category in CATEGORIES:
        base = sample(3, category)
        for head in set(HEADS) - {"plain"}:
            spec = replace(base, head=head, stone="pearl" if head == "pearl cluster" else "ruby", cut="bead" if head == "pearl cluster" else "oval", accent="diamond")
            assert build(spec).parts


def test_vocabulary_is_all_in_use():
    specs = [sample(s) for s in range(3000)]
    assert {s.category for s in specs} == set(CATEGORIES)
    assert {s.period for s in specs} == set(PERIODS)
    assert {m for s in specs for m in s.motifs} == set(MOTIFS)
    assert {x for s in specs for x in s.stones} == set(STONES)


def test_words_name_what_the_piece_is(built):
    rng = np.random.default_rng(0)
    for b in built:
        t = title(b.spec)
        assert b.spec.period in t and all(s in t.lower() or b.spec.head == "pearl cluster" for s in b.spec.stones)
        assert len(t) <= 120 and len(description(b.spec)) <= 600
        assert "  " not in description(b.spec)
        assert price(b.spec) > 0
        text = caption(b.spec, rng)
        assert text and not any(s in text.lower().split() for s in ("ruby", "amethyst", "citrine") if s not in b.spec.stones)
