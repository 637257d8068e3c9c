"""The training set on disk, and what is held out of it."""

import numpy as np
import pytest

from atelier import dataset
from atelier.spec import sample


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def stored(index, sibling=False, size=20):
    rng = np.random.default_rng(index)
    pictures = rng.integers(0, 255, (4, size, size, 3), dtype=np.uint8)
    masks = rng.random((4, size, size)) < 0.3
    dataset.store(dataset.path_of(index, sibling), pictures, masks, sample(index))
    return pictures, masks


def test_pictures_masks_and_spec_come_back_as_they_were_stored():
    pictures, masks = stored(3)
    read, read_masks, spec = dataset.load(dataset.path_of(3))
    assert np.array_equal(read, pictures) and np.array_equal(read_masks, masks) and read_masks.dtype == bool
    assert spec == sample(3)


def test_a_piece_and_its_sibling_are_held_out_together():
    for i in range(200):
        assert dataset.held_out(dataset.path_of(i)) == dataset.held_out(dataset.path_of(i, True))
        assert dataset.number(dataset.path_of(i)) == dataset.number(dataset.path_of(i, True)) == i
    assert sum(dataset.held_out(dataset.path_of(i)) for i in range(120)) == 10


def test_a_third_of_the_pieces_bring_a_sibling_held_out_or_not():
    for held in (True, False):
        some = [i for i in range(720) if dataset.held_out(dataset.path_of(i)) == held]
        assert np.isclose(np.mean([dataset.has_sibling(i) for i in some]), 1 / 3)


def test_what_is_rendered_is_found_in_order_each_with_its_sibling():
    for index, sibling in ((3, False), (3, True), (1, False), (0, True), (9, False)):
        assert not sibling or dataset.has_sibling(index)
        stored(index, sibling, 8)
    assert [p.name for p in dataset.available(9)] == ["000000-1.npz", "000001.npz", "000003.npz", "000003-1.npz"]


def test_training_has_a_piece_and_its_sibling_as_two_of_one_family():
    from atelier.training.pieces import Pieces

    for index, sibling in ((0, False), (0, True), (3, False), (3, True), (4, False)):
        _, masks = stored(index, sibling)
    pieces = Pieces(dataset.available(12))
    assert pieces.families == [3, 3, 4] and len(pieces.specs) == 3
    assert np.array_equal(pieces.mask(2, 1), masks[1])
    stored(5)
    pieces.add(dataset.available(12))
    assert len(pieces.specs) == 4


def test_things_come_back_as_they_were_stored_but_for_those_cut_off():
    from atelier import belongings

    picture = np.random.default_rng(0).integers(0, 255, (24, 24, 3), dtype=np.uint8)
    mask, over, none = (np.zeros((24, 24), bool) for _ in range(3))
    mask[4:9, 3:20], over[10:, 5:9] = True, True
    for index, where in ((0, over), (2, mask), (3, none)):
        belongings.store(belongings.path_of(index), picture, where)
    ((read, read_mask),) = belongings.belongings(8)
    assert np.array_equal(read, picture) and np.array_equal(read_mask, mask)
    assert belongings.belongings(2) == [] and dataset.available(8) == []
