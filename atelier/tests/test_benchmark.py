"""The benchmark's pieces are unseen, its families differ in one thing, and its answers are the true ones."""

import json
from dataclasses import replace

import numpy as np
import pytest

from atelier import dataset
from atelier.benchmark import asking, plan, queries, texts
from atelier.benchmark.make import _claim, write_words
from atelier.catalogue import plan as demo_plan
from atelier.families import STONE_COLOURS, THINGS, differences, only_difference, siblings
from atelier.pieces import build
from atelier.places import Places
from atelier.spec import sample
from atelier.stock import built
from atelier.vocabulary import STONES

SEED, LISTINGS, QUERIES = 1, 72, 60
SAID = {"oxidised silver": ("silver",), "rose gold": ("rose gold", "pink gold"), "leaf": ("leaves",), "snake": ("snake", "serpent")}


@pytest.fixture(scope="module")
def pieces():
    return plan.plan(SEED, LISTINGS)


@pytest.fixture(scope="module")
def folder(pieces, tmp_path_factory):
    out = tmp_path_factory.mktemp("benchmark")
    write_words(pieces, QUERIES, SEED, out, Places(out))
    return out


def rows(path):
    return [json.loads(x) for x in path.read_text().splitlines()]


def families(pieces):
    found = {}
    for p in pieces:
        if p.family is not None:
            found.setdefault(p.family, []).append(p)
    return list(found.values())


def test_a_plan_is_reproducible_and_survives_its_file(pieces):
    assert plan.plan(SEED, 12) == plan.plan(SEED, 12)
    assert [p.item for p in plan.plan(SEED, 12)] == [p.item for p in pieces[:12]]
    assert [plan.from_line(json.loads(json.dumps(plan.as_line(p)))) for p in pieces] == pieces
    assert len({p.item.id for p in pieces}) == len({p.item.seed for p in pieces}) == LISTINGS


def test_no_piece_is_the_demos_or_of_the_training_set_or_of_another_benchmark(pieces):
    seeds = {s for p in pieces for s in (p.item.seed, p.spec.seed)}
    assert seeds <= set(range(plan.first_seed(SEED), plan.first_seed(SEED + 1)))
    assert max(i.seed for i in demo_plan(11, 320)) < dataset.FIRST_SEED
    assert min(seeds) > dataset.FIRST_SEED + 900_000_000
    assert plan.design(0, plan.MOST_LISTINGS - 1).seed + max(plan.FAMILY_SIZES) <= plan.first_seed(1)


def test_about_a_third_of_the_listings_are_in_families(pieces):
    found = families(pieces)
    assert 0.2 < sum(map(len, found)) / LISTINGS < 0.45
    assert all(2 <= len(f) <= 4 for f in found)


def test_members_of_a_family_differ_in_exactly_one_thing_after_the_build(pieces):
    for family in families(pieces):
        assert len({p.thing for p in family}) == len({p.spec.seed for p in family}) == 1
        made = [built(p.item) for p in family]
        assert [b.spec for b in made] == [p.spec for p in family]
        for i, a in enumerate(made):
            for b in made[:i]:
                assert only_difference(a, b) == family[0].thing


@pytest.mark.parametrize("thing", THINGS)
def test_a_family_may_differ_in_each_thing(thing):
    fields = {"metal": {"metal", "second_metal"}, "stone": {"stone"}, "motif": {"head"}, "size": {"size"}}[thing]
    met = 0
    for seed in range(16):
        sampled = sample(seed)
        original = build(sampled)
        found, others = siblings(sampled, original, 2, np.random.default_rng(seed), thing)
        assert found == (thing if others else None)
        for other in others:
            assert differences(original.spec, other.built.spec) == fields
            met += 1
        colours = [STONE_COLOURS[b.spec.stone] for b in (original, *(o.built for o in others)) if b.spec.stone]
        assert thing != "stone" or len(set(colours)) == len(colours)
    assert met >= 3


def test_kinds_keep_their_shares():
    assert sum(queries.SHARES.values()) == pytest.approx(1)
    for count in (1, 7, 24, 1000):
        assert sum(queries.shares(count).values()) == count
    assert queries.shares(1000) == {"snapshot": 250, "screenshot": 150, "crop": 100, "other_photo": 150, "text": 200, "photo_and_text": 150}


def test_lines_have_what_vitrine_reads_and_what_is_asked_for_is_for_sale(pieces, folder):
    listings = {x["id"]: x for x in rows(folder / "listings.jsonl")}
    assert list(listings) == [p.item.id for p in pieces]
    asked = rows(folder / "queries.jsonl")
    assert {q["kind"] for q in asked} == set(queries.SHARES)
    shown = [q["photos"][0] for q in asked if q["photos"]]
    assert len(set(shown)) == len(shown) and all(p.startswith("queries/") for p in shown)
    for q in asked:
        assert set(q) == {"kind", "photos", "text", "filters", "relevant"} and q["filters"] == {}
        assert len(q["photos"]) == (q["kind"] != "text") and bool(q["text"]) == ("text" in q["kind"])
        assert q["relevant"] and all(listings[i]["status"] == "available" for i in q["relevant"])


def test_words_are_the_same_when_written_again(pieces, folder, tmp_path):
    write_words(pieces, QUERIES, SEED, tmp_path, Places(tmp_path))
    for name in ("listings.jsonl", "queries.jsonl", "asked.jsonl"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_a_picture_and_words_ask_for_the_sibling_with_that_one_thing_changed(pieces):
    found = queries.change_queries(pieces, 100, np.random.default_rng(0))
    assert found
    for q in found:
        shown = pieces[q.pictured]
        assert q.pictured not in q.relevant and shown.thing in ("metal", "stone", "motif")
        for i in q.relevant:
            assert pieces[i].family == shown.family
            new = getattr(pieces[i].spec, shown.thing)
            said = SAID.get(new, (new, STONES[new].many if new in STONES else new))
            assert any(w in q.text for w in said), (q.text, new)


def holds(spec, field, values):
    """What an attribute means, said once more and plainly."""
    if field == "stone":
        return not spec.stones if values == ["none"] else any(s in values for s in spec.stones)
    if field == "metal":
        return spec.metal in values or spec.second_metal in values
    if field == "metals":
        return spec.metal != spec.second_metal
    if field == "front":
        return spec.head in values or spec.motif in values
    if field == "enamel":
        return spec.enamel is not None if values == ["any"] else spec.enamel in values
    if field == "form":
        stoneless = spec.form in ("riviere", "beads") and spec.stone is None
        return not stoneless and f"{spec.category} {spec.form}" in values
    if field in ("cut", "cut stone"):
        rounded = spec.form == "beads" and spec.stone and STONES[spec.stone].slot == "solid"
        return bool(spec.stone) and not rounded and (spec.cut if field == "cut" else f"{spec.cut} {spec.stone}") in values
    return getattr(spec, field) in values


def test_texts_are_right_of_every_piece_for_sale_of_which_all_is_true_and_of_no_other(pieces, folder):
    listings = rows(folder / "listings.jsonl")
    asked = rows(folder / "asked.jsonl")
    found = [q for q in rows(folder / "queries.jsonl") if q["kind"] == "text"]
    assert [a["text"] for a in asked] == [q["text"] for q in found]
    on_sale = sum(x["status"] == "available" for x in listings)
    for a, q in zip(asked, found, strict=True):
        right = {p.item.id for p, x in zip(pieces, listings, strict=True) if x["status"] == "available" and all(holds(p.spec, part["field"], part["any"]) for part in a["asked"])}
        assert set(q["relevant"]) == right, q["text"]
        assert 1 <= len(right) <= round(texts.MOST * on_sale)


def test_a_wording_means_what_it_says():
    assert asking.covering(1920) == ("Art Deco",)
    assert asking.covering(1890) == ("Victorian", "Art Nouveau")
    assert asking.covering(1960) == ("Mid-century", "Scandinavian Modernist")
    green = next(a for a in asking.STONES_ASKED if "green stone" in a.adjectives)
    for stone in STONES:
        assert green.true({"stone": {stone, "diamond"}}) == (stone in ("emerald", "peridot", "jade", "turquoise"))
    assert {s for stones in asking.COLOURS.values() for s in stones} <= set(STONES)


def test_texts_with_ten_right_listings_come_first():
    specs = [build(sample(s, "ring")).spec for s in range(20)] * 8
    found = texts.texts(specs, range(len(specs)), 12, np.random.default_rng(3))
    sizes = [len(t.relevant) for t in found]
    assert len(sizes) == 12 and sizes[0] >= texts.ENOUGH and max(sizes) <= texts.MOST * len(specs)
    assert all(n >= texts.ENOUGH for n in sizes) or sizes[-1] < texts.ENOUGH
    assert len({t.text.lower() for t in found}) == len(found)


def test_a_folder_holds_one_benchmark(tmp_path):
    _claim(tmp_path, {"seed": 1, "listings": 24})
    _claim(tmp_path, {"seed": 1, "listings": 24})
    with pytest.raises(SystemExit, match="another benchmark"):
        _claim(tmp_path, {"seed": 2, "listings": 24})


@pytest.mark.slow
def test_a_small_benchmark_is_whole_and_resumes(tmp_path):
    pytest.importorskip("mitsuba")
    pytest.importorskip("torch")
    from PIL import Image

    from atelier.benchmark.baselines import baselines
    from atelier.benchmark.make import make

    make(3, 12, tmp_path, 12, 48, 1)
    pictures = [tmp_path / "photos" / p for x in rows(tmp_path / "listings.jsonl") for p in x["photos"]]
    pictures += [tmp_path / p for q in rows(tmp_path / "queries.jsonl") for p in q["photos"]]
    assert all(Image.open(p).size == (48, 48) for p in pictures if "screenshot" not in p.name)
    before = {p: p.stat().st_mtime_ns for p in pictures}
    pictures[0].unlink()
    make(3, 12, tmp_path, 12, 48, 1)
    assert [p for p in pictures if p.stat().st_mtime_ns != before[p]] == pictures[:1]
    report = baselines(tmp_path)
    assert {"colour histogram", "untrained network", "chance"} < set(report)
    with pytest.raises(SystemExit, match="another benchmark"):
        make(3, 12, tmp_path, 12, 48, 1, 64)


@pytest.mark.slow
def test_shoppers_pictures_may_be_larger_than_dealers(tmp_path):
    pytest.importorskip("mitsuba")
    from PIL import Image

    from atelier.benchmark.make import make

    make(3, 8, tmp_path, 8, 32, 1, query_size=64)
    assert {Image.open(tmp_path / "photos" / p).size for x in rows(tmp_path / "listings.jsonl") for p in x["photos"]} == {(32, 32)}
    asked = [tmp_path / p for q in rows(tmp_path / "queries.jsonl") for p in q["photos"] if q["kind"] != "screenshot"]
    assert asked and {Image.open(p).size for p in asked} == {(64, 64)}


@pytest.mark.slow
def test_another_photo_and_a_bad_crop_are_what_they_say():
    pytest.importorskip("mitsuba")
    from atelier.benchmark.shots import APART, cropped, extent, other_photo
    from atelier.pictures import OPEN, angle, snapshot
    from atelier.stock import shot

    for p in plan.plan(4, 6):
        piece = built(p.item)
        rng = np.random.default_rng(p.item.seed)
        other = other_photo(piece, p.item, rng)[0]
        for k in (0, 1):
            listed = shot(p.item, piece, k)[0]
            assert other.ground.surface != listed.ground.surface and angle(other.views[0], listed.views[0]) >= APART
        subject = snapshot(piece, rng, str(rng.choice(OPEN)))[0]
        view = cropped(subject, rng)
        half = extent(subject, replace(view, shift=(0.0, 0.0)))
        assert max((np.abs(view.shift) + half - 0.5) / (2 * half)) == pytest.approx(0.25, abs=0.1)
