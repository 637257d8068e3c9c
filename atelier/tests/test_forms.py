"""What makes a page of pieces look like a dealer's stock is really built, and said where it is and only there."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from scipy.spatial import cKDTree

from atelier.geometry import gems, worked
from atelier.geometry.mesh import plate
from atelier.pieces import build
from atelier.spec import CHANNELLED, sample
from atelier.vocabulary import CUT_PERIODS, PERIODS, STONES
from atelier.words import description, title

# What words say, and of which built pieces it is true.
SAID = {
    "hammered": lambda s: s.finish == "hammered",
    "engraved": lambda s: s.finish == "engraved",
    "milgrain": lambda s: s.edge and s.period not in ("Georgian", "Victorian"),
    "edges are beaded": lambda s: s.edge and s.period in ("Georgian", "Victorian"),
    "eternity": lambda s: s.form == "eternity",
    "all the way round": lambda s: s.form == "eternity",
    "two rails": lambda s: s.setting == "channel" and s.form != "eternity",
    "in a channel": lambda s: s.setting == "channel" and s.form == "eternity",
    "filigree": lambda s: s.head == "filigree",
    "pavé": lambda s: s.head == "pavé",
    "swallow": lambda s: s.head == "swallow",
    "dove": lambda s: s.head == "dove",
    "moonstone": lambda s: "moonstone" in s.stones,
    "blue topaz": lambda s: "blue topaz" in s.stones,
    "old mine-cut diamond": lambda s: s.cut == "old mine" and s.stone == "diamond",
    "rose-cut": lambda s: s.cut == "rose" and s.stone,
    "princess-cut": lambda s: s.cut == "princess" and s.stone,
    "baguette-cut": lambda s: s.cut == "baguette" and s.stone,
    "wire hooks": lambda s: s.category == "earrings" and s.hooks,
    "with posts": lambda s: s.posts,
}


@lru_cache(maxsize=1)
def drawn():
    return [sample(s) for s in range(30_000, 32_500)]


@lru_cache(maxsize=200)
def made(seed):
    return build(sample(seed)).spec


def words(spec):
    return f"{title(spec)}. {description(spec)}".lower()


@pytest.mark.parametrize("said", SAID)
def test_each_new_thing_occurs_is_built_and_is_said(said):
    true = SAID[said]
    likely = [s for s in drawn() if true(s)][:10]
    spec = next((spec for spec in map(made, (s.seed for s in likely)) if true(spec)), None)
    assert spec, "never built"
    assert said in words(spec), words(spec)


def test_nothing_is_said_that_is_not_there():
    for s in range(30_000, 30_040):
        spec = made(s)
        text = words(spec)
        for said, true in SAID.items():
            if said in text:
                assert true(spec), (said, text)
        assert "  " not in text and " ," not in text and len(title(spec)) <= 120 and len(description(spec)) <= 600
        assert not any(f" a {v}" in text for v in "aeio"), text


def band(**changes):
    return replace(sample(4, "ring", "Contemporary"), form="eternity", stone="ruby", accent=None, cut="brilliant", edge=None, **changes)


@pytest.mark.parametrize("setting", ["claw", "bezel", "channel"])
def test_an_eternity_ring_has_stones_all_round_its_band(setting):
    b = build(band(setting=setting))
    middles = np.array([p.v.mean(0) for p in b.parts if p.slot == "gem"])
    angles = np.sort(np.degrees(np.arctan2(middles[:, 0], middles[:, 2])))
    gaps = np.diff(np.append(angles, angles[0] + 360))
    assert len(middles) >= 12 and gaps.max() < 1.5 * 360 / len(middles)
    assert np.ptp(np.hypot(middles[:, 0], middles[:, 2])) < 0.1 and np.abs(middles[:, 1]).max() < 0.1
    assert b.spec.form == "eternity" and b.spec.head == "plain" and b.spec.setting == setting


def test_an_eternity_ring_needs_stones():
    b = build(replace(band(setting="claw"), stone=None))
    assert b.spec.form != "eternity" and "eternity" not in words(b.spec)


@pytest.mark.parametrize("cut", sorted(CHANNELLED))
def test_stones_in_a_channel_touch_and_lie_between_rails(cut):
    spec = replace(sample(5, "brooch", "Art Deco"), form="single", head="channel", stone="sapphire", accent=None, cut=cut, setting="channel")
    b = build(spec)
    stones = [p for p in b.parts if p.slot == "gem" and np.ptp(p.v[:, 1]) > 1.5]
    assert len(stones) >= 3 and b.spec.setting == "channel"
    # Along the row, hardly anything but stones; above and below each stone, metal.
    lo, hi = (np.array([f(p.v[:, :2], axis=0) for p in stones]) for f in (np.min, np.max))
    wide = np.linalg.norm(hi - lo, axis=1).min()
    for i, p in enumerate(stones):
        other = np.delete(np.arange(len(stones)), i)
        gap = np.linalg.norm(np.maximum(np.maximum(lo[other] - hi[i], lo[i] - hi[other]), 0), axis=1).min()
        assert gap < 0.25 * wide
        metal = np.concatenate([q.v for q in b.parts if q.slot in ("metal", "metal2")])
        near = metal[np.abs(metal[:, 0] - p.v[:, 0].mean()) < 4]
        assert near[:, 1].max() > hi[i, 1] - 0.1 and near[:, 1].min() < lo[i, 1] + 0.1


def test_all_of_a_straight_channels_stones_lie_the_same_way():
    spec = replace(sample(5, "brooch", "Art Deco"), form="single", head="channel", stone="sapphire", accent=None, cut="emerald", setting="channel", numbers={"arch": 0.255})
    wide = [np.ptp(p.v[:, 0]) for p in build(spec).parts if p.slot == "gem" and np.ptp(p.v[:, 1]) > 1.5]
    assert len(wide) >= 3 and max(wide) < 1.1 * min(wide)


def test_a_channel_that_the_head_does_not_have_is_struck_out():
    b = build(replace(sample(5, "brooch", "Art Deco"), form="single", head="star", stone="sapphire", cut="princess", setting="channel"))
    assert b.spec.setting != "channel" and "rails" not in words(b.spec)


def test_a_milgrain_edge_has_beads_and_one_without_has_none():
    spec = replace(sample(6, "pendant", "Edwardian"), form="single", head="solitaire", stone="sapphire", accent=None, cut="oval", setting="bezel")
    plain, beaded = build(replace(spec, edge=None)), build(replace(spec, edge="milgrain"))
    more = [p for p in beaded.parts if not any(p.v.shape == q.v.shape and np.array_equal(p.v, q.v) for q in plain.parts)]
    assert sum(len(p.v) for p in more) / 42 >= 24  # a bead is an icosphere of 42 vertices
    assert beaded.spec.edge == "milgrain" and "milgrain" in words(beaded.spec)
    claws = build(replace(spec, edge="milgrain", setting="claw"))
    assert claws.spec.edge is None and "milgrain" not in words(claws.spec)


@pytest.mark.parametrize("finish", ["hammered", "engraved"])
def test_a_worked_face_leans_to_and_fro_and_stays_where_it_was(finish):
    t = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    flat = plate(np.stack([np.cos(t), np.sin(t)], 1) * 10, [(1.0, 1.0), (0.95, 1.2)])
    (under, face), share = worked.work([flat], finish, False, 24.0, 3)
    area = worked._area
    assert np.isclose(area(under.v[under.f]).sum() + area(face.v[face.f]).sum(), area(flat.v[flat.f]).sum())
    assert share > 0.4 and len(face.f) > 1000
    assert np.std(face.n[:, 0]) > 0.12 and (face.n[:, 2] > 0.4).mean() > 0.95
    assert np.allclose(np.linalg.norm(face.n, axis=1), 1)
    assert np.ptp(face.v[:, 2]) < 0.21 and (under.n[:, 2] < 0.5).all()


def test_a_finish_with_no_broad_metal_to_be_worked_into_is_struck_out():
    base = replace(sample(8, "necklace", "Victorian"), form="beads", stone="pearl", cut="bead", accent=None, finish="hammered", numbers={"pendant": 0.0})
    assert build(base).spec.finish == "polished"
    bangle = replace(sample(8, "bracelet", "Victorian"), form="bangle", finish="hammered", numbers={"twist": 0.0})
    assert build(bangle).spec.finish == "hammered"


def test_indices_of_refraction_are_those_of_the_gemmologists():
    ior = {s.name: s.ior for s in STONES.values()}
    ranges = {"diamond": (2.417, 2.419), "ruby": (1.762, 1.770), "sapphire": (1.762, 1.770), "emerald": (1.565, 1.602), "amethyst": (1.544, 1.553),
              "citrine": (1.544, 1.553), "aquamarine": (1.567, 1.590), "garnet": (1.72, 1.83), "peridot": (1.650, 1.703), "pink topaz": (1.609, 1.643),
              "blue topaz": (1.606, 1.630), "opal": (1.37, 1.52), "moonstone": (1.518, 1.526), "jade": (1.60, 1.69)}  # fmt: skip
    for name, (low, high) in ranges.items():
        assert low <= ior[name] <= high, name
    assert all(1.3 < x < 2.5 for x in ior.values())


def test_cuts_belong_to_their_periods():
    for s in drawn():
        assert not s.stone or s.period in CUT_PERIODS.get(s.cut, PERIODS), (s.seed, s.period, s.cut)
    for period in ("Georgian", "Victorian"):
        cuts = {build(sample(s, "ring", period)).spec.cut for s in range(6)}
        assert not cuts & {"princess", "baguette"}
    heads = {s.head for s in drawn() if s.period in ("Edwardian", "Art Deco")}
    assert {"filigree"} <= heads and {s.edge for s in drawn() if s.period == "Edwardian"} == {"milgrain", None}


def test_old_cuts_have_their_shapes():
    old, new = gems.gem("old mine", 6.0).v, gems.gem("brilliant", 6.0).v
    assert old[:, 2].max() > 1.3 * new[:, 2].max()  # a high crown
    table = [np.abs(v[v[:, 2] > v[:, 2].max() - 1e-6][:, 0]).max() for v in (old, new)]
    assert table[0] < 0.85 * table[1]
    culet = old[old[:, 2] < old[:, 2].min() + 1e-6]
    assert np.ptp(culet[:, 0]) > 0.3 and np.ptp(new[new[:, 2] < new[:, 2].min() + 1e-6][:, 0]) < 1e-6
    rose = gems.gem("rose", 6.0).v
    assert rose[:, 2].min() > -0.5 and rose[:, 2].max() > 1.5
    corner = np.linalg.norm(gems.gem("princess", 6.0).v[:, :2], axis=1).max()
    assert corner > 1.35 * 3.0


@pytest.mark.parametrize("head", ["swallow", "dove"])
def test_birds_have_two_wings_with_or_without_stones(head):
    for stone in (None, "sapphire"):
        spec = replace(sample(9, "brooch", "Victorian"), form="single", head=head, stone=stone, accent=None, cut="oval", numbers={"bank": 0.5})
        b = build(spec)
        assert b.spec.motif == "bird" and b.spec.motifs == ["bird"] and head in title(b.spec)
        x = np.concatenate([p.v[:, 0] for p in b.parts])
        assert abs(x.max() + x.min()) < 0.12 * np.ptp(x)


def test_a_stud_has_its_post_behind_it_and_a_hook_stands_above_its_drop():
    stud = build(replace(sample(10, "earrings", "Contemporary"), form="stud"))
    assert min(p.v[:, 2].min() for p in stud.parts) < -2 and stud.spec.posts
    drop = replace(sample(10, "earrings", "Contemporary"), form="drop", year=2000)
    hooked, posted = (build(replace(drop, numbers={"fitting": f})) for f in (1.0, 0.0))
    high = [max(p.v[:, 1].max() for p in b.parts) for b in (hooked, posted)]
    assert high[0] > high[1] + 5 and hooked.spec.hooks and not posted.spec.hooks


def test_a_laid_out_bracelet_ends_in_a_clasp():
    spec = replace(sample(12, "bracelet", "Victorian"), form="line", stone="ruby", cut="oval", setting="claw", accent=None)
    b = build(spec)
    stones = np.concatenate([p.v for p in b.parts if p.slot == "gem"])
    metal = np.concatenate([p.v for p in b.parts if p.slot in ("metal", "metal2")])
    assert metal[:, 0].max() > stones[:, 0].max() + 2 and metal[:, 0].min() < stones[:, 0].min() - 2


def pieces_of(part):
    """The places of a part's points, grain by grain where it is many grains (icospheres of 80 faces), close enough together to be measured by."""
    grains = len(part.f) // 80 if len(part.f) % 80 == 0 and len(part.v) == len(part.f) // 80 * 42 else 1
    for f in np.split(part.f, grains):
        yield worked._split(part.v[f], part.n[f], part.v[f][..., :2], 0.65)[0].reshape(-1, 3)


def test_the_wires_of_filigree_hold_together():
    spec = replace(sample(705), head="filigree", period="Georgian", stone=None, accent=None, category="brooch", form="single", finish="polished")
    loose = [cKDTree(points) for part in build(spec).parts for points in pieces_of(part)]
    held = [loose.pop(0)]  # the frame; from there inwards everything touches something that is held
    for part in held:
        touching = [v for v in loose if v.query(part.data, distance_upper_bound=0.4)[0].min() < 0.4]
        held += touching
        loose = [v for v in loose if v not in touching]
    assert not loose
