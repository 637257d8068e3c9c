"""What the renderer makes of dealers' and shoppers' pictures, above all their masks. Needs Mitsuba: run with `pytest -m slow`."""

from dataclasses import replace

import numpy as np
import pytest

pytestmark = pytest.mark.slow
pytest.importorskip("mitsuba")

from atelier import boxes  # noqa: E402
from atelier.pictures import APART, MANNERS, OPEN, SIDES, angle, catalogue, snapshot, take_beside, take_with_mask  # noqa: E402
from atelier.pieces import build  # noqa: E402
from atelier.render import cover  # noqa: E402
from atelier.render.scene import brushed, develop, refraction  # noqa: E402
from atelier.spec import sample  # noqa: E402
from atelier.stock import listed_views, sides  # noqa: E402

SIZE = 96


def masks(shot):
    """The piece's mask in the picture, and what it would be with nothing else there."""
    subject, light, exposure = shot
    alone = replace(subject, others=[])
    return take_with_mask(shot, SIZE, 4, 5, 1)[1], take_with_mask((alone, light, exposure), SIZE, 4, 5, 1)[1]


def edge(mask):
    """Pixels that a mask's border runs through, where rays of another chance may fall otherwise."""
    return mask ^ (mask & np.roll(mask, 1, 0) & np.roll(mask, -1, 0) & np.roll(mask, 1, 1) & np.roll(mask, -1, 1))


@pytest.mark.parametrize("seed", range(3))
def test_a_worn_rings_mask_holds_no_pixels_of_the_finger(seed):
    found, alone = masks(snapshot(build(sample(seed, "ring")), np.random.default_rng(seed), "worn"))
    assert found.sum() > 60 and not (found & ~alone).any()
    assert (alone & ~found).sum() > 0.02 * alone.sum(), "the finger hides a part of the ring"


@pytest.mark.parametrize("category", ["earrings", "pendant", "necklace", "bracelet", "brooch"])
def test_what_wears_a_piece_is_not_in_its_mask(category):
    found, alone = masks(snapshot(build(sample(7, category)), np.random.default_rng(3), "worn"))
    assert not (found & ~alone).any() and found.sum() > 0.6 * alone.sum()


@pytest.mark.parametrize("manner", ["clutter", "far"])
def test_clutter_is_not_in_the_mask_and_the_box_is_the_pieces(manner):
    for seed in (2, 3):
        shot = snapshot(build(sample(seed)), np.random.default_rng(seed), manner)
        found, alone = masks(shot)
        assert not (found & ~alone).any() and found.sum() > 0.9 * alone.sum()
        if manner == "far":
            box = boxes.of_mask(found)
            assert 0.15 < max(box[2:] - box[:2]) < 0.45


@pytest.mark.parametrize("kind", cover.KINDS)
@pytest.mark.parametrize("seed", [1, 4])
def test_what_is_in_front_hides_a_part_of_the_piece_and_at_most_a_third(kind, seed):
    subject, light, exposure = snapshot(build(sample(seed)), np.random.default_rng(seed), "plain")
    hiding = cover.cover(subject.parts, subject.views[0], np.random.default_rng(seed), kind, 0.25)
    found, alone = masks((replace(subject, others=hiding), light, exposure))
    assert not (found & ~alone).any()
    assert 0.04 < (alone & ~found).sum() / alone.sum() < 0.36 and (alone & ~found & ~edge(alone)).sum() < alone.sum() / 3


def test_coverage_is_kept_to_what_was_asked_for_by_its_own_measure():
    subject = snapshot(build(sample(1)), np.random.default_rng(1), "plain")[0]
    view = subject.views[0]
    cam = cover.camera_of(subject.parts, view)
    whole = cover.outline(subject.parts, cam, view.fov)
    for kind in cover.KINDS:
        things = cover.cover(subject.parts, view, np.random.default_rng(2), kind, 0.9)
        hidden = cover.outline([t.part for t in things], cam, view.fov) & whole
        assert 0.02 < hidden.sum() / whole.sum() <= cover.MOST


def test_snapshots_come_in_every_manner_and_not_from_where_the_dealer_stood():
    b = build(sample(3, "brooch"))
    rng = np.random.default_rng(0)
    shots = [snapshot(b, rng)[0] for _ in range(40)]
    assert sum(bool(s.others) for s in shots) > 15 and sum(s.views[0].fill <= 0.4 for s in shots) > 3
    assert sum(MANNERS.values()) == pytest.approx(1) and set(OPEN) < set(MANNERS)
    listed = [catalogue(b, rng, side)[0].views[0] for side in SIDES]
    for _ in range(20):
        assert min(angle(snapshot(b, rng, "plain", listed)[0].views[0], v) for v in listed) >= APART


def test_a_back_is_the_other_side():
    flat, ring = build(sample(3, "brooch")), build(sample(3, "ring"))
    front, back = (catalogue(flat, np.random.default_rng(1), side)[0] for side in ("front", "back"))
    up = [sum((p.n[:, 2] * np.abs(p.v[:, 2])).sum() for p in s.parts if p.slot == "gem") for s in (front, back)]
    assert abs(front.views[0].azimuth) < 40 and (up[0] == up[1] == 0 or up[0] != up[1])
    assert abs(catalogue(ring, np.random.default_rng(1), "back")[0].views[0].azimuth) > 140


def test_a_listings_views_are_those_of_its_sides():
    from atelier.catalogue import plan

    for item in plan(11, 6):
        assert len(listed_views(item, build(sample(item.seed, item.category, item.period)))) == len(sides(item)) == item.shots


def test_finishes_and_stones_are_as_measured():
    along, across = brushed(0.3)
    assert brushed(0.06) == (0.06, 0.06) and along < 0.3 < across
    spec = sample(1)
    values = {name: refraction(replace(spec, stone=name, accent=None)) for name in ("ruby", "amethyst", "onyx")}
    assert values["onyx"] == 1.70 and values["ruby"] >= values["amethyst"]


def test_bright_gold_keeps_its_colour_and_white_stays_white():
    gold, white = (develop(np.array([[x]], np.float32))[0, 0].astype(int) for x in ((2.0, 1.4, 0.6), (2.0, 2.0, 2.0)))
    assert gold[0] > gold[1] > gold[2] + 40 and np.ptp(white) == 0 and white[0] > 240


def test_a_thing_by_itself_is_whole_and_its_mask_is_not_of_the_table(tmp_path, monkeypatch):
    from atelier import belongings

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for i in range(6):
        belongings.render_belonging(i)
    things = belongings.belongings(6)
    assert len(things) >= 4, "now and then a cup is cut off"
    for picture, mask in things:
        assert 0.004 < mask.mean() < 0.5
        box = boxes.of_mask(mask)
        assert 0.2 < max(box[2:] - box[:2]) < 0.95
        # What is in it is unlike the table close to it.
        around = np.zeros_like(mask)
        top, bottom, left, right = (int(x * len(mask)) for x in (box[1], box[3], box[0], box[2]))
        around[top:bottom, left:right] = True
        apart = picture[mask].astype(float).mean(0) - picture[around & ~mask].astype(float).mean(0)
        assert np.abs(apart).max() > 5


def test_what_is_beside_a_piece_has_a_mask_apart_from_the_pieces():
    shot = snapshot(build(sample(2)), np.random.default_rng(2), "clutter")
    (picture, beside), piece = take_beside(shot, SIZE, 4, 5, 1), take_with_mask(shot, SIZE, 4, 5, 1)[1]
    assert picture.shape == (SIZE, SIZE, 3) and beside.sum() > 60
    both = beside & piece  # pixels of which some rays met the one and some the other
    assert both.sum() < 0.1 * min(beside.sum(), piece.sum())
    assert not take_beside((replace(shot[0], others=[]), *shot[1:]), SIZE, 4, 5, 1)[1].any()
