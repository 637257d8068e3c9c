"""The path tracer: one scene structure for every picture, so that Mitsuba compiles its kernels once.

Every scene holds the same shapes (unused material slots get a speck under the table), one environment light and a thin lens. What is not the
piece (clutter, a hand, what hides a part of it) is one more shape, whose vertices say how metallic and how rough they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import drjit as dr
import mitsuba as mi
import numpy as np

from ..geometry.mesh import DIAMOND, GEM, METAL, METAL2, NACRE, SLOTS, SOLID, Part, bounds, merge
from ..spec import PieceSpec
from ..vocabulary import METALS, STONES
from . import surfaces
from .camera import View, place
from .denoise import denoise
from .things import Thing, together

if mi.variant() is None:
    mi.set_variant("llvm_ad_rgb")

_SPECK = (
    np.array([[0, 0, -9.0], [0.01, 0, -9.0], [0, 0.01, -9.0]]), np.array([[0, 1, 2]]), np.array([[0, 0, 1.0]] * 3), np.ones((3, 3)),
)  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """A surface (name and variant), its texture's size as a multiple of the piece's, how it is turned (degrees), and the fall-off of the light on
    it: towards which edge of the frame (degrees, 90 is the upper one), and how much is gone there (0..1)."""

    surface: str
    variant: int = 0
    scale: float = 1.6
    turn: float = 0.0
    falloff: tuple[float, float] = (90.0, 0.0)


# Texture coordinates of the piece's meshes are their places in its plan (a span is _FINE) about this u, which nothing else's come near: by it a pass
# over first hits tells the piece from all else. Grounds stay below 100. Where it is asked for, what is beside the piece has this v.
_MARK, _FINE = 1024.0, 4.0


@dataclass(frozen=True)
class Subject:
    """A piece laid down on its ground, the views to take of it, and what else is there (millimetres, in the parts' own space)."""

    parts: list[Part]
    spec: PieceSpec
    ground: Ground
    views: list[View]
    others: list[Thing] = field(default_factory=list)


def _metal(name: str, alpha: float) -> dict:
    m = METALS[name]
    along, across = brushed(alpha)
    strength = round(float(np.clip((alpha - 0.12) / 0.14, 0, 1)), 1)
    return {
        "type": "roughconductor", "material": m.conductor, "alpha_u": along, "alpha_v": across, "distribution": "ggx",
        "specular_reflectance": {"type": "bitmap", "data": mi.TensorXf(_strokes(name, strength)), "raw": True, "wrap_mode": "repeat"},
    }  # fmt: skip


@lru_cache(maxsize=32)
def _strokes(name: str, strength: float) -> np.ndarray:
    """A metal's tint with the lines that brushing leaves on it."""
    return np.minimum(np.asarray(METALS[name].tint) * surfaces.strokes(strength)[..., None], 1.0).astype(np.float32)


def brushed(alpha: float) -> tuple[float, float]:
    """A finish's roughness along and across its brush strokes: alike where polished, the more unlike the rougher it is."""
    stretch = 1 + 1.2 * float(np.clip((alpha - 0.2) / 0.06, 0, 1))
    return alpha / stretch, alpha * stretch**0.5


# Quartz, beryl and topaz, peridot, corundum and garnet, zircon. Mitsuba compiles a smooth dielectric's index into the kernel: each of these is one kernel
# more, cached like the others, where as many as there are stones would be too many.
_INDICES = (1.55, 1.62, 1.70, 1.77, 1.93)


def refraction(spec: PieceSpec) -> float:
    """The refractive index of the piece's coloured stones, to the nearest of a few: the main stone's, else the accent's, where those are transparent."""
    for name in (spec.stone, spec.accent):
        if name and STONES[name].slot == GEM:
            index = float(getattr(STONES[name], "ior", _INDICES[2]))
            return min(_INDICES, key=lambda x: abs(x - index))
    return _INDICES[2]


def _glass(ior: float) -> dict:
    return {"type": "dielectric", "int_ior": ior, "ext_ior": 1.0, "specular_transmittance": {"type": "mesh_attribute", "name": "vertex_color"}}


_NACRE = {"type": "principled", "roughness": 0.22, "metallic": 0.4, "specular": 0.6, "clearcoat": 0.8, "clearcoat_gloss": 0.95}


def _bsdf(slot: str, spec: PieceSpec) -> dict:
    if slot == METAL:
        return _metal(spec.metal, spec.alpha)
    if slot == METAL2:
        return _metal(spec.second_metal, spec.alpha)
    if slot == GEM:
        return _glass(refraction(spec))
    if slot == DIAMOND:
        return _glass(2.417)
    if slot == NACRE:  # layers of mother-of-pearl give back part of the light in the pearl's own colour, and the rest from within
        return {**_NACRE, "base_color": {"type": "mesh_attribute", "name": "vertex_color"}}
    return {"type": "principled", "roughness": 0.16, "specular": 0.6, "base_color": {"type": "mesh_attribute", "name": "vertex_color"}}


def _shape(slot: str, data, spec: PieceSpec, centre: np.ndarray) -> mi.Mesh:
    v, f, n, c = data
    props = mi.Properties()
    props["bsdf"] = mi.load_dict(_bsdf(slot, spec))
    mesh = mi.Mesh(slot, len(v), len(f), has_vertex_normals=True, has_vertex_texcoords=True, props=props)
    mesh.add_attribute("vertex_color", 3, np.ascontiguousarray(c, np.float32).ravel())
    params = mi.traverse(mesh)
    params["vertex_texcoords"] = ((v - centre)[:, :2] * _FINE + [_MARK, 0.0]).astype(np.float32).ravel()
    params["vertex_positions"] = np.ascontiguousarray(v, np.float32).ravel()
    params["vertex_normals"] = np.ascontiguousarray(n, np.float32).ravel()
    params["faces"] = np.ascontiguousarray(f, np.uint32).ravel()
    params.update()
    return mesh


def _beside(name: str, things: list[Thing], scale: float, centre: np.ndarray, marked: bool) -> mi.Mesh:
    """All that is there beside the piece. Its texture coordinates, if `marked`, say so; they turn the frames in which light is scattered, too, and with
    them a picture's noise."""
    if things:
        v, f, n, c, metallic, rough = together(things)
        v = v * scale + centre
    else:
        v, f, n, c = _SPECK
        v, metallic, rough = v + centre, np.zeros(3), np.full(3, 0.5)
    props = mi.Properties()
    props["bsdf"] = mi.load_dict({
        "type": "principled", "specular": 0.5, "base_color": {"type": "mesh_attribute", "name": "vertex_color"},
        "metallic": {"type": "mesh_attribute", "name": "vertex_metallic"}, "roughness": {"type": "mesh_attribute", "name": "vertex_rough"},
    })  # fmt: skip
    mesh = mi.Mesh(name, len(v), len(f), has_vertex_normals=True, has_vertex_texcoords=marked, props=props)
    mesh.add_attribute("vertex_color", 3, np.ascontiguousarray(c, np.float32).ravel())
    mesh.add_attribute("vertex_metallic", 1, metallic.astype(np.float32))
    mesh.add_attribute("vertex_rough", 1, rough.astype(np.float32))
    params = mi.traverse(mesh)
    if marked:
        params["vertex_texcoords"] = np.tile(np.array([0.0, _MARK], np.float32), len(v))
    params["vertex_positions"] = np.ascontiguousarray(v, np.float32).ravel()
    params["vertex_normals"] = np.ascontiguousarray(n, np.float32).ravel()
    params["faces"] = np.ascontiguousarray(f, np.uint32).ravel()
    params.update()
    return mesh


# Pieces are scaled to a span of 1 and stand this far apart, each in the middle of its own ground.
_APART = 26.0


def _cloth(surface: str, variant: int) -> mi.BSDF:
    """The material of a ground. Not kept: every material alive is part of the compiled kernel, so a growing store means new kernels."""
    return mi.load_dict({
        "type": "principled", "roughness": surfaces.gloss(surface), "specular": 0.25, "sheen": surfaces.sheen(surface), "sheen_tint": 0.7,
        "base_color": {"type": "bitmap", "data": mi.TensorXf(surfaces.texture(surface, variant)), "raw": True, "wrap_mode": "repeat"},
    })  # fmt: skip


def _floor(name: str, ground: Ground, centre: np.ndarray) -> mi.Mesh:
    """A square of ground; its texture is scaled and turned by coordinates, which are data, not by transforms, which are code."""
    props = mi.Properties()
    props["bsdf"] = _cloth(ground.surface, ground.variant)
    mesh = mi.Mesh(name, 4, 2, has_vertex_normals=False, has_vertex_texcoords=True, props=props)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float) * _APART / 2
    a = np.radians(ground.turn)
    uv = corners @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]) / ground.scale + 0.37
    params = mi.traverse(mesh)
    params["vertex_positions"] = (np.column_stack([corners, np.zeros(4)]) + centre).astype(np.float32).ravel()
    params["vertex_texcoords"] = uv.astype(np.float32).ravel()
    params["faces"] = np.array([[0, 1, 2], [0, 2, 3]], np.uint32).ravel()
    params.update()
    return mesh


def _same_code(scene: mi.Scene) -> None:
    """Turn the cameras' numbers into data, lest each new view be compiled into the kernel as constants."""
    params = mi.traverse(scene)
    for key, _ in list(params.items()):
        if key.rsplit(".", 1)[-1] in ("to_world", "focus_distance", "aperture_radius", "x_fov") and "light" not in key:
            value = params[key]
            dr.make_opaque(value)
            params[key] = value
    params.update()


def _sensor(points: np.ndarray, view: View) -> dict:
    cam = place(points, view)
    look = mi.ScalarTransform4f().look_at(origin=list(cam.origin), target=list(cam.target), up=list(cam.up))
    return {
        "type": "thinlens", "fov": view.fov, "to_world": look, "near_clip": 0.01, "far_clip": 1e4, "focus_distance": float(cam.distance),
        "aperture_radius": max(view.aperture, 1e-5),
    }  # fmt: skip


@lru_cache(maxsize=1)
def _guide() -> mi.Integrator:
    return mi.load_dict({"type": "aov", "aovs": "albedo:albedo,nn:sh_normal"})


@lru_cache(maxsize=1)
def _guide_and_mark() -> mi.Integrator:
    return mi.load_dict({"type": "aov", "aovs": "albedo:albedo,nn:sh_normal,mark:uv"})


def render(subjects: list[Subject], light: np.ndarray, size: int, spp: int, depth: int = 10, seed: int = 0) -> list[list[np.ndarray]]:
    """Linear RGB pictures [size, size, 3] of every subject's views, denoised, in which white paper is about 0.86.

    All subjects share one light map and one launch of the renderer: the fixed costs of a small picture are larger than its rays.
    Scenes with the same numbers of subjects and views share their compiled kernels.
    """
    scene = _load(subjects, light, size, spp, depth)
    return _by_view(denoise(_colour(scene, spp, seed), *_guides(_seen(scene, _guide(), seed))), subjects)


def render_with_masks(subjects: list[Subject], light: np.ndarray, size: int, spp: int, depth: int = 10, seed: int = 0) -> tuple[list[list[np.ndarray]], list[list[np.ndarray]]]:
    """The same pictures as `render`, and the pieces' masks: bool [size, size], of the pixels in which a piece is seen."""
    scene = _load(subjects, light, size, spp, depth)
    seen = _seen(scene, _guide_and_mark(), seed)
    mask = seen[..., 6] > _MARK / 8  # at least one of a pixel's four rays met the piece first
    return _by_view(denoise(_colour(scene, spp, seed), *_guides(seen)), subjects), _by_view(mask, subjects)


def render_beside(subject: Subject, light: np.ndarray, size: int, spp: int, depth: int = 10, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A picture of the subject's only view [size, size, 3], and the mask of what is beside the piece: bool [size, size]."""
    scene = _load([subject], light, size, spp, depth, marked=True)
    seen = _seen(scene, _guide_and_mark(), seed)
    return denoise(_colour(scene, spp, seed), *_guides(seen)), seen[..., 7] > _MARK / 8


def _load(subjects: list[Subject], light: np.ndarray, size: int, spp: int, depth: int, marked: bool = False) -> mi.Scene:
    scene = {"type": "scene"}
    sensors = []
    for i, subject in enumerate(subjects):
        centre = np.array([_APART * i, 0.0, 0.0])
        merged = merge(subject.parts)
        lo, hi = bounds(subject.parts)
        span = float(np.linalg.norm(hi - lo))
        scene[f"floor{i}"] = _floor(f"floor{i}", subject.ground, centre)
        points = []
        for slot in SLOTS:
            v, f, n, c = merged.get(slot, _SPECK)
            v = v / span + centre
            if slot in merged:
                points.append(v)
            scene[f"{slot}{i}"] = _shape(slot, (v, f, n, c), subject.spec, centre)
        scene[f"beside{i}"] = _beside(f"beside{i}", subject.others, 1 / span, centre, marked)
        cloud = np.concatenate(points)
        sensors += [_sensor(cloud, view) for view in subject.views]
    film = {"type": "hdrfilm", "width": size * len(sensors), "height": size, "rfilter": {"type": "box"}, "pixel_format": "rgb", "component_format": "float32"}
    own = {"type": "hdrfilm", "width": size, "height": size, "rfilter": {"type": "box"}, "pixel_format": "rgb", "component_format": "float32"}
    sampler = {"type": "independent", "sample_count": spp}
    if len(sensors) == 1:
        scene["sensor"] = {**sensors[0], "film": film, "sampler": sampler}
    else:
        scene["sensor"] = {"type": "batch", "film": film, "sampler": sampler, **{f"s{i}": {**s, "film": own} for i, s in enumerate(sensors)}}
    scene["integrator"] = {"type": "path", "max_depth": depth, "rr_depth": 5}
    scene["light"] = {"type": "envmap", "bitmap": mi.Bitmap(light), "to_world": mi.ScalarTransform4f().rotate([1, 0, 0], 90)}
    loaded = mi.load_dict(scene)
    _same_code(loaded)
    return loaded


def _colour(scene: mi.Scene, spp: int, seed: int) -> np.ndarray:
    """All views side by side, with the noise of few light paths."""
    return np.nan_to_num(np.array(mi.render(scene, spp=spp, seed=seed)), nan=0.0, posinf=50.0, neginf=0.0)[..., :3]


def _seen(scene: mi.Scene, integrator: mi.Integrator, seed: int) -> np.ndarray:
    """What the first ray meets: a pass of its own, since asked for with the colours the light paths would be traced twice."""
    return np.nan_to_num(np.array(mi.render(scene, integrator=integrator, spp=4, seed=seed + 1)))


def _guides(seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Albedo and normals, by which the denoiser tells edges from noise."""
    return np.clip(seen[..., :3], 0, 1), seen[..., 3:6]


def _by_view(wide: np.ndarray, subjects: list[Subject]) -> list[list[np.ndarray]]:
    """Cut what lies side by side into the subjects' views."""
    tiles = iter(np.split(wide, sum(len(s.views) for s in subjects), axis=1))
    return [[next(tiles) for _ in subject.views] for subject in subjects]


def develop(linear: np.ndarray, exposure: float = 1.0) -> np.ndarray:
    """Linear to 8-bit sRGB with a soft shoulder above 0.7, as a camera would; bright gold keeps most of its colour."""
    x = np.maximum(linear * exposure, 0)
    brightest = np.maximum(x.max(-1, keepdims=True), 1e-8)
    x = 0.45 * _shoulder(x) + 0.55 * x * (_shoulder(brightest) / brightest)
    s = np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.maximum(x, 1e-8) ** (1 / 2.4) - 0.055)
    return (np.clip(s, 0, 1) * 255 + 0.5).astype(np.uint8)


def _shoulder(x: np.ndarray, knee: float = 0.7) -> np.ndarray:
    over = np.maximum(x - knee, 0)
    return np.where(x > knee, knee + (1 - knee) * (1 - np.exp(-over / (1 - knee) * 0.9)), x)


__all__ = ["SOLID", "Ground", "Subject", "develop", "refraction", "render", "render_beside", "render_with_masks"]
