"""Meshes are sound: closed where they should be, facing outwards, with unit normals."""

import numpy as np
import pytest

from atelier.geometry import gems, mesh


def _volume(part: mesh.Part) -> float:
    a, b, c = (part.v[part.f[:, k]] for k in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


@pytest.mark.parametrize("cut", sorted(set(gems.ASPECT) - {"bead"}))
def test_a_gem_is_a_closed_solid_of_its_stated_width(cut):
    gem = gems.gem(cut, 6.0)
    assert _volume(gem) > 10
    assert np.isclose(np.ptp(gem.v[:, 0]), 6.0, atol=0.35)
    assert np.allclose(np.linalg.norm(gem.n, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("turned", [False, True])
def test_a_plate_faces_outwards_whichever_way_its_outline_runs(turned):
    t = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    o = np.stack([np.cos(t), np.sin(t)], 1)
    plate = mesh.plate(o[::-1] if turned else o, [(1.0, 0.5), (0.5, 0.8)])
    assert 1.2 < _volume(plate) < 2.2
    outside = plate.v - [0, 0, 0.3]
    assert ((plate.n * outside).sum(1) > 0).mean() > 0.99


def test_a_tube_of_radius_r_encloses_about_pi_r_squared_per_length():
    path = np.column_stack([np.linspace(0, 10, 20), np.zeros(20), np.zeros(20)])
    assert np.isclose(_volume(mesh.tube(path, 0.5, 24)), np.pi * 0.25 * 10, rtol=0.03)


def test_mirroring_keeps_faces_outwards():
    assert _volume(mesh.ball(1.0).moved(scale=(-1, 1, 1))) > 4


def test_creases_stay_sharp_and_curves_smooth():
    v = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1.0]])
    f = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]])
    sharp = mesh.creased(v, f)
    assert len(np.unique(sharp.n.round(6), axis=0)) == 4
    ball = mesh.ball(1.0, level=3)
    smooth = mesh.creased(ball.v, ball.f)
    assert ((smooth.n * smooth.v).sum(1) > 0.99).all()
