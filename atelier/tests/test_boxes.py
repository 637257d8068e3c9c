"""Boxes: of masks, into the locator's square and back, and the square that is cut around them."""

import numpy as np
import pytest
from PIL import Image

from atelier import boxes
from atelier.locate import Closer, Finder


def test_a_masks_box_is_its_tight_bounds():
    mask = np.zeros((10, 20), bool)
    mask[2:5, 4:19] = True
    mask[3, 7] = False
    assert boxes.of_mask(mask).tolist() == [0.2, 0.2, 0.95, 0.5]
    assert boxes.of_mask(np.zeros((4, 4), bool)) is None
    assert boxes.of_mask(np.ones((3, 5), bool)).tolist() == list(boxes.WHOLE)


def test_overlap_is_intersection_over_union():
    a = np.array([[0, 0, 0.5, 1], [0, 0, 1, 1], [0, 0, 0.2, 0.2]])
    b = np.array([[0.25, 0, 0.75, 1], [0, 0, 1, 1], [0.5, 0.5, 1, 1]])
    assert np.allclose(boxes.overlap(a, b), [1 / 3, 1, 0])


@pytest.mark.parametrize(
    ("width", "height", "placed"),
    [(100, 100, (0, 0, 128, 128)), (1080, 2340, (34, 0, 59, 128)), (640, 480, (0, 16, 128, 96)), (3, 1000, (63, 0, 1, 128)), (101, 40, (0, 38, 128, 51))],
)
def test_a_picture_is_fitted_by_its_longer_side_and_centred(width, height, placed):
    assert boxes.fitted(width, height, 128) == placed
    square = np.asarray(boxes.fit(Image.new("RGB", (width, height), (200, 0, 0)), 128, (127, 127, 127)))
    left, top, w, h = placed
    inside = np.zeros((128, 128), bool)
    inside[top : top + h, left : left + w] = True
    assert (square[inside] == (200, 0, 0)).all() and (square[~inside] == 127).all()


def test_a_box_goes_into_the_square_and_back():
    rng = np.random.default_rng(0)
    for _ in range(200):
        w, h = (int(x) for x in rng.integers(1, 3000, 2))
        x, y = np.sort(rng.random((2, 2)), 1)
        box = np.array([x[0], y[0], x[1], y[1]])
        assert np.allclose(boxes.from_square(boxes.into_square(box, w, h, 128), w, h, 128), box)
    assert boxes.from_square(np.array([0, 0, 1, 1]), 1080, 2340, 128).tolist() == list(boxes.WHOLE)  # the padding is no part of the picture


@pytest.mark.parametrize(
    ("box", "size", "square"),
    [
        ((0.4, 0.4, 0.6, 0.6), (100, 100), (38, 38, 24)),  # in the middle: 20 pixels and a tenth on every side
        ((0.4, 0.45, 0.6, 0.55), (100, 100), (38, 38, 24)),  # the longer side counts
        ((0.0, 0.0, 0.2, 0.2), (100, 100), (0, 0, 24)),  # moved inside at the left and top
        ((0.8, 0.9, 1.0, 1.0), (100, 100), (76, 76, 24)),  # moved inside at the right and bottom
        ((0.0, 0.0, 1.0, 1.0), (100, 100), (-10, -10, 120)),  # too large on both axes: centred on the picture
        ((0.0, 0.1, 1.0, 0.3), (100, 200), (-10, 0, 120)),  # too large across only: centred there, moved inside on the other
        ((0.0, 0.7, 0.5, 1.0), (60, 200), (-6, 128, 72)),
        ((0.5, 0.5, 0.5, 0.5), (100, 100), (50, 50, 1)),  # nothing is at least a pixel
        ((0.0, 0.0, 1.0, 1.0), (101, 50), (-10, -36, 121)),  # halves upwards in the side, downwards in what is left over
    ],
)
def test_the_square_to_cut(box, size, square):
    assert boxes.square_around(np.array(box), *size, 0.10) == square


def test_beyond_the_edge_the_outermost_pixels_go_on():
    pixels = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    out = boxes.cut(pixels, -1, -1, 4)
    assert out[:, :, 0].tolist() == [[0, 0, 3, 3], [0, 0, 3, 3], [6, 6, 9, 9], [6, 6, 9, 9]]
    assert np.array_equal(boxes.cut(pixels, 0, 0, 2), pixels)


def test_a_piece_is_cut_out_only_where_the_locator_is_sure():
    picture = Image.new("RGB", (200, 400), (10, 10, 10))
    picture.paste((250, 0, 0), (60, 240, 100, 280))
    truth = boxes.into_square(np.array([0.3, 0.6, 0.5, 0.7]), 200, 400, 128)
    for sure, side in ((0.9, 48), (0.6, 48), (0.59, None)):
        finder = Finder(128, (127, 127, 127), (0.5, 0.5, 0.5), (0.5, 0.5, 0.5), 0.1, 0.6, lambda x, s=sure: (np.tile(truth, (len(x), 1)), np.full(len(x), s)))
        found, confidence = finder.find([picture])
        assert np.allclose(found, [[0.3, 0.6, 0.5, 0.7]]) and confidence.tolist() == [sure]
        (out,) = finder.crops([picture])
        if side is None:
            assert out is picture
        else:
            assert out.size == (side, side) and np.asarray(out)[4:44, 4:44].min(0).min(0).tolist() == [250, 0, 0]


def test_a_small_piece_is_looked_at_again_from_close_by():
    white, small, large = (255, 255, 255), Image.new("RGB", (640, 480)), Image.new("RGB", (640, 480))
    small.paste(white, (109, 251, 147, 271))
    large.paste(white, (100, 50, 500, 450))
    nothing = Image.new("RGB", (640, 480))
    seen, confidences = [], iter([0.9] * 4)

    def net(pixels):
        """The bounds of what is white, on a grid of 32."""
        seen.append(len(pixels))
        found = [boxes.of_mask(x[0] > 0.1) for x in pixels]
        sure = next(confidences)
        return np.stack([np.zeros(4) if b is None else b for b in found]), np.array([0.0 if b is None else sure for b in found])

    def finder(closer):
        return Finder(32, (0, 0, 0), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), 0.1, 0.6, net, closer)

    truth = np.array([109 / 640, 251 / 480, 147 / 640, 271 / 480])
    twice, sure = finder(Closer(0.6, 0.3)).find([small, large, nothing])
    assert seen == [3, 1] and sure.tolist() == [0.9, 0.9, 0.0]  # the small one only
    once, _ = finder(None).find([small, large, nothing])
    assert np.array_equal(twice[1:], once[1:])
    near, far = boxes.overlap(twice[0], truth), boxes.overlap(once[0], truth)
    assert near > 0.8 and near > far + 0.2
    # Not sure from close by: what was seen from afar stands.
    confidences = iter([0.9, 0.1])
    unsure, sure = finder(Closer(0.6, 0.3)).find([small])
    assert np.array_equal(unsure[0], once[0]) and sure.tolist() == [0.9]
