"""The pictures that the locator is trained and measured on: their boxes bound what is to be seen of the piece."""

import numpy as np
import pytest
from PIL import Image

from atelier import boxes
from atelier.post import spoil, spoil_with_mask
from atelier.spec import sample
from atelier.training.composing import _among, _fitted, compose
from atelier.training.looking import jittered, look, over_the_edge
from atelier.training.placing import Pose, View, bare, ground, place
from atelier.training.settings import FILL, LOCATOR_SIZE, MARGIN
from atelier.training.shown import shown
from atelier.training.templates import draw

RED, GROUND = np.array([250, 0, 0]), np.array([20, 120, 60])


def view(left=40, top=50, right=110, bottom=90, size=144):
    """A red block, with a hole, on green."""
    mask = np.zeros((size, size), bool)
    mask[top:bottom, left:right] = True
    mask[top + 8 : bottom - 8, left + 8 : right - 8] = False
    return View(np.where(mask[..., None], RED, GROUND).astype(np.uint8), mask)


def blue():
    """Another piece, which is not red."""
    v = view(30, 30, 100, 120)
    return View(np.where(v.mask[..., None], [0, 0, 250], [90, 90, 90]).astype(np.uint8), v.mask)


def grey():
    """A thing that is no piece."""
    mask = np.zeros((144, 144), bool)
    mask[40:130, 50:100] = True
    return View(np.where(mask[..., None], [150, 150, 150], [10, 10, 10]).astype(np.uint8), mask)


def reddish(pixels):
    x = pixels.astype(int)
    return (x[..., 0] > 135) & (x[..., 1] < 75) & (x[..., 2] < 60)


@pytest.mark.parametrize("turn", [0, 30, -90])
@pytest.mark.parametrize("scale", [0.2, 0.7, 1.3])
@pytest.mark.parametrize("own", [True, False])
def test_a_placed_pieces_mask_is_where_its_colour_is(turn, scale, own):
    v = view()
    background = None if own else np.full((128, 96, 3), 90, np.uint8)
    frame, mask = place(v, Pose(50, 70, scale, turn), 96, 128, background)
    assert frame.shape == (128, 96, 3) and mask.shape == (128, 96)
    assert np.abs(boxes.of_mask(mask) - boxes.of_mask(reddish(frame))).max() * 128 <= 2.01
    middle = (boxes.of_mask(mask)[:2] + boxes.of_mask(mask)[2:]) / 2
    if scale < 1:  # the whole piece is seen
        assert np.allclose(middle * (96, 128), (50, 70), atol=1.5)


def test_a_piece_over_the_edge_has_the_box_of_what_is_seen():
    _, mask = place(view(), Pose(5, 64, 1.0), 128, 128)
    box = boxes.of_mask(mask)
    assert box[0] == 0 and np.isclose(box[2] * 128, 40, atol=1.5)


def test_the_ground_beyond_a_render_shows_its_piece_no_second_time():
    frame, mask = place(view(), Pose(64, 64, 0.25), 128, 128)
    assert not (reddish(frame) & ~mask).any()
    assert not reddish(ground(view())).any()
    assert (bare(view()) == GROUND).all()


def test_a_composed_pictures_box_bounds_the_pieces_mask_and_the_padding_stays():
    rng = np.random.default_rng(0)
    screens = [draw(i) for i in range(4)]
    found = empty = tall = astray = 0
    for _ in range(100):
        e = compose(view(), blue, [grey()], screens, rng)
        assert e.pixels.shape == (LOCATOR_SIZE, LOCATOR_SIZE, 3) and e.pixels.dtype == np.uint8
        assert (e.pixels[~e.inside] == FILL).all() and not (e.mask & ~e.inside).any()
        tall += e.inside.mean() < 0.6
        if not e.mask.any():
            empty += 1
            assert (e.box == 0).all()
            continue
        assert np.array_equal(e.box, boxes.of_mask(e.mask))
        left, top, right, bottom = (round(float(x) * LOCATOR_SIZE) for x in e.box)
        outside = np.ones(e.mask.shape, bool)
        outside[max(top - 2, 0) : bottom + 2, max(left - 2, 0) : right + 2] = False
        found += 1
        astray += (reddish(e.pixels) & outside).sum() > 20  # writing, borders and drawn ground may be red too
    assert found > 80 and 0 < empty < 15 and tall > 10 and astray < 0.1 * found


def test_things_lie_close_by_the_piece_and_never_over_it():
    rng = np.random.default_rng(1)
    near = []
    for _ in range(60):
        frame, mask = place(view(), Pose(64, 64, 0.5), 128, 128)
        among = _among(frame, mask, [grey()], rng)
        assert np.array_equal(among[mask], frame[mask])
        there = (among != frame).any(2)
        assert (among[there] > 100).mean() > 0.8, "the thing alone, not the table it was taken on"
        reach = np.zeros_like(mask)
        reach[33:96, 28:100] = True  # the piece takes 54..74 of the rows, 46..81 of the columns
        near.append((there & reach).any())
        nothing = _among(np.full((80, 120, 3), 90, np.uint8), np.zeros((80, 120), bool), [grey()], rng)
        assert (nothing != 90).any()
    assert np.mean(near) > 0.9


def test_a_page_lies_in_the_middle_of_the_square():
    e = _fitted(np.zeros((128, 60, 3), np.uint8), np.ones((10, 20), bool), (5, 30))
    assert e.inside[:, 34:94].all() and e.inside.sum() == 128 * 60
    assert (e.box * 128).tolist() == [39, 30, 59, 40]


def test_a_templates_post_is_a_rectangle_of_its_page():
    for i in range(6):
        t = draw(i)
        left, top, right, bottom = t.post
        assert len(t.page) == LOCATOR_SIZE and 0 <= left < right <= t.page.shape[1] and 0 <= top < bottom <= LOCATOR_SIZE
        assert right - left > 0.8 * t.page.shape[1]


@pytest.mark.parametrize("framed", [False, True])
def test_a_shoppers_pictures_box_is_where_its_piece_is(framed):
    v = view()
    for seed in range(8):
        picture, box = shown(v.picture, v.mask, sample(1), np.random.default_rng(seed), framed)
        x = np.asarray(picture).astype(int)
        seen = (x[..., 0] > x[..., 1] + 90) & (x[..., 0] > x[..., 2] + 90)
        left, top, right, bottom = box * np.tile(picture.size, 2)
        if framed:  # badges and avatars may be red
            seen[: round(top) - 6], seen[round(bottom) + 6 :] = False, False
        assert np.abs(np.tile(picture.size, 2) * boxes.of_mask(seen) - (left, top, right, bottom)).max() < 6


def test_a_mask_is_held_as_its_picture_is():
    v = view()
    photo = Image.fromarray(v.picture)
    spoilt, mask = spoil_with_mask(photo, v.mask, np.random.default_rng(3))
    assert np.array_equal(np.asarray(spoilt), np.asarray(spoil(photo, np.random.default_rng(3))))
    assert mask.shape == v.mask.shape and 0.8 < mask.sum() / v.mask.sum() < 1.3


def test_the_tower_sees_the_piece_cut_out_about_as_well_as_a_locator_would():
    rng = np.random.default_rng(0)
    v, box = view(), boxes.of_mask(view().mask)
    located = []
    for _ in range(300):
        moved = jittered(box, rng)
        assert (moved >= 0).all() and (moved <= 1).all() and (moved[:2] <= moved[2:]).all()
        seen = look(v.picture, box, rng)
        located.append(seen.located)
        if seen.located:
            assert reddish(boxes.cut(v.picture, *seen.square)).mean() > reddish(v.picture).mean()
        else:
            assert seen.square == (0, 0, 144)
    assert 0.84 < np.mean(located) < 0.96
    assert boxes.square_around(box, 144, 144, MARGIN) == (33, 28, 84)


def test_a_shoppers_picture_may_end_within_the_piece():
    rng = np.random.default_rng(0)
    v = view()
    box = boxes.of_mask(v.mask)
    whole = v.mask.sum()
    for _ in range(100):
        picture, seen = over_the_edge(v.picture, box, rng)
        rest = reddish(picture)
        assert np.abs(seen - boxes.of_mask(rest)).max() < 0.02
        assert 0.2 < rest.sum() / whole < 0.97
        assert (seen <= 0.01).any() or (seen >= 0.99).any()
    shown = [look(v.picture, box, rng, True).picture.shape for _ in range(200)]
    assert 0.1 < np.mean([shape != v.picture.shape for shape in shown]) < 0.3
