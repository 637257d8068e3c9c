"""Lights are scaled to a white sheet, cameras frame what they are told to, textures tile."""

import numpy as np
import pytest

from atelier.render import surfaces
from atelier.render.camera import View, place
from atelier.render.lights import _SOLID, DIRECTIONS, EVERYDAY, STUDIO, rig, toward


@pytest.mark.parametrize("name", sorted(set(STUDIO + EVERYDAY)))
def test_a_white_sheet_under_any_rig_has_radiance_one(name):
    image = rig(name, np.random.default_rng(3), toward(10, 50)).image
    assert image.min() >= 0
    lit = (image * np.clip(DIRECTIONS[..., 2:], 0, 1) * _SOLID[..., None]).sum((0, 1)).mean() / np.pi
    assert np.isclose(lit, 1, atol=1e-3)


def test_the_piece_fills_the_asked_part_of_the_frame():
    points = np.random.default_rng(0).normal(0, [5, 2, 1], (500, 3))
    view = View(azimuth=30, elevation=45, fill=0.7, fov=22)
    cam = place(points, view)
    back = (cam.origin - cam.target) / np.linalg.norm(cam.origin - cam.target)
    right = np.cross(cam.up, back)
    p = points - cam.origin
    depth = -(p @ back) * np.tan(np.radians(11))
    x, y = (p @ right) / depth, (p @ cam.up) / depth
    assert np.isclose(max(np.ptp(x), np.ptp(y)) / 2, 0.7, atol=0.02)
    assert abs(x.max() + x.min()) < 0.05 and abs(y.max() + y.min()) < 0.05


@pytest.mark.parametrize("name", sorted(set(surfaces.CATALOGUE + surfaces.EVERYDAY)))
def test_surfaces_are_reflectances(name):
    t = surfaces.texture(name, 0)
    assert t.shape == (surfaces.N, surfaces.N, 3) and t.min() > 0 and t.max() <= 0.9
