"""What is beside, under and in front of a piece: forms are closed and turned outwards, clutter keeps off the piece, what is worn fits."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from atelier.geometry.mesh import Part, ball, bounds
from atelier.pieces import build
from atelier.render import bodies, clutter
from atelier.render.forms import blend, ellipsoid, limb, mesh
from atelier.render.things import Thing, of, put, together
from atelier.spec import sample
from atelier.worn import inner_radius, wear, wrapped


def volume(part: Part) -> float:
    a, b, c = (part.v[part.f[:, i]] for i in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)


def test_a_forms_mesh_is_its_surface_closed_and_turned_outwards():
    part = mesh(ellipsoid((1, 2, 3), (2, 2, 2)), (-2, -1, 0), (4, 5, 6), 0.2)
    far = part.v - (1, 2, 3)
    assert np.allclose(np.linalg.norm(far, axis=1), 2, atol=0.02)
    assert np.einsum("ij,ij->i", far / 2, part.n).min() > 0.99
    assert volume(part) == pytest.approx(4 / 3 * np.pi * 8, rel=0.02)
    edges = np.sort(np.concatenate([part.f[:, [0, 1]], part.f[:, [1, 2]], part.f[:, [2, 0]]]), axis=1)
    assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()


def test_blended_forms_are_one_and_no_smaller_than_each():
    a, b = limb((0, 0, 0), (4, 0, 0), 1, 1), limb((2, 0, 0), (2, 3, 0), 1, 0.5)
    p = np.random.default_rng(0).uniform(-3, 5, (500, 3))
    assert (blend(0.5, a, b)(p) <= np.minimum(a(p), b(p)) + 1e-9).all()


def test_things_become_one_mesh_and_each_keeps_its_material():
    v, f, n, c, metallic, rough = together([*of(ball(1, level=1), (0.1, 0.2, 0.3), 1.0, 0.2), *of(ball(2, (9, 0, 0), 1), (0.5, 0.5, 0.5))])
    half = len(v) // 2
    assert f.max() == len(v) - 1 and len(n) == len(c) == len(metallic) == len(rough) == len(v)
    assert (metallic[:half] == 1).all() and (metallic[half:] == 0).all() and np.allclose(c[0], (0.1, 0.2, 0.3)) and rough[0] == 0.2
    moved = put([Thing(ball(1))], offset=(0, 0, 5))[0].part
    assert moved.v[:, 2].mean() == pytest.approx(5)


@pytest.mark.parametrize("kind", clutter.KINDS)
def test_clutter_stands_on_the_table_is_as_large_as_such_things_are_and_has_true_colours(kind):
    for seed in range(4):
        things = clutter.standing(kind, np.random.default_rng(seed))
        lo, hi = bounds([t.part for t in things])
        assert abs(lo[2]) < 1e-9 and 8 < np.linalg.norm((hi - lo)[:2]) < 260 and hi[2] < 110
        for t in things:
            assert np.isfinite(t.part.v).all() and np.isfinite(t.part.n).all() and np.min(t.part.colour) >= 0 and np.max(t.part.colour) < 0.95


def test_clutter_keeps_off_the_piece_and_what_is_tall_stands_behind_it():
    piece = build(sample(5)).parts
    points = np.concatenate([p.v for p in piece])[:, :2]
    for seed in range(12):
        things = clutter.around(piece, np.random.default_rng(seed), 0.0, 3)
        spots = np.concatenate([t.part.v for t in things])
        assert cKDTree(points).query(spots[:, :2])[0].min() > 0.2
        tall = spots[spots[:, 2] > 45]
        assert not len(tall) or tall[:, 1].mean() > points[:, 1].mean()


@pytest.mark.parametrize("seed", range(4))
def test_a_worn_ring_goes_round_its_finger(seed):
    b = build(sample(seed, "ring"))
    worn = wear(b, np.random.default_rng(seed))
    hand = worn.others[0].part
    lo, hi = bounds(worn.parts)
    radius = inner_radius(b.parts)
    hole = np.array([(lo[0] + hi[0]) / 2, 0, 0])
    near = hand.v[np.abs(hand.v[:, 1]) < 1.5]
    floor = worn.parts[0].v[:, 2].min()
    away = np.hypot(near[:, 0] - hole[0], near[:, 2] - (floor + radius))
    finger = near[away < radius * 1.4]
    assert len(finger) > 20 and np.ptp(finger[:, 0]) > 1.7 * radius, "the finger fills the ring"
    # Within the band's own plane nothing of that finger is outside the hole.
    assert np.quantile(np.hypot(finger[:, 0] - finger[:, 0].mean(), finger[:, 2] - (finger[:, 2].min() + finger[:, 2].max()) / 2), 0.95) < radius * 1.03


@pytest.mark.parametrize("category", ["ring", "necklace", "pendant", "earrings", "bracelet", "brooch"])
def test_whatever_is_worn_is_above_the_table_and_seen_from_above(category):
    worn = wear(build(sample(9, category)), np.random.default_rng(1))
    assert all(np.isfinite(p.v).all() and np.isfinite(p.n).all() for p in worn.parts)
    lowest = [bounds(parts)[0][2] for parts in (worn.parts, [t.part for t in worn.others])]
    assert min(lowest) == pytest.approx(0, abs=1e-6) and worn.elevations[0] > 35


def test_of_a_pair_of_earrings_one_is_worn():
    b = build(sample(9, "earrings"))
    worn = wear(b, np.random.default_rng(1))
    assert 0 < len(worn.parts) < len(b.parts)
    assert np.ptp(bounds(worn.parts), axis=0)[0] < 0.6 * np.ptp(bounds(b.parts), axis=0)[0]


def test_a_bracelet_laid_out_is_bent_round_the_wrist():
    x = np.linspace(-50, 50, 21)
    flat = Part(np.column_stack([x, 0 * x, 0 * x + 1]), np.zeros((0, 3), int), np.tile([0, 0, 1.0], (21, 1)))
    bent = wrapped([flat], 25.0)[0]
    assert np.allclose(np.hypot(bent.v[:, 0], bent.v[:, 2] / bodies.FLAT), 26.2) and np.allclose(bent.v[10], (0, 0, 26.2 * bodies.FLAT))
    assert np.einsum("ij,ij->i", bent.n, bent.v).min() > 0


def test_skins_go_from_light_to_dark():
    tones = [sum(t) for t in bodies.SKIN]
    assert tones == sorted(tones, reverse=True) and tones[0] > 8 * tones[-1] and all(r > g > b for r, g, b in bodies.SKIN)
