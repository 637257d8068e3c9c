"""Smooth bodies from distances: a form is a function from points [..., 3] to their distance to a surface (negative within), here made a mesh."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..geometry.mesh import Part, outward

Form = Callable[[np.ndarray], np.ndarray]


def limb(a, b, ra: float, rb: float) -> Form:
    """A rod with round ends from a to b, of radius ra there and rb here."""
    a, d = np.asarray(a, float), np.subtract(b, a).astype(float)

    def distance(p: np.ndarray) -> np.ndarray:
        t = np.clip((p - a) @ d / (d @ d), 0, 1)
        return np.linalg.norm(p - a - t[..., None] * d, axis=-1) - (ra + (rb - ra) * t)

    return distance


def chain(points, radii) -> Form:
    """Limbs from each point to the next, blended a little."""
    k = 0.25 * float(np.mean(radii))
    limbs = [limb(points[i], points[i + 1], radii[i], radii[i + 1]) for i in range(len(points) - 1)]
    return blend(k, *limbs)


def ellipsoid(centre, radii) -> Form:
    """About the distance to an ellipsoid."""
    c, r = np.asarray(centre, float), np.asarray(radii, float)

    def distance(p: np.ndarray) -> np.ndarray:
        q = (p - c) / r
        k = np.linalg.norm(q, axis=-1)
        return k * (k - 1) / np.maximum(np.linalg.norm(q / r, axis=-1), 1e-9)

    return distance


def slab(centre, half, rounding: float) -> Form:
    """A box with rounded edges; `half` are half its sides."""
    c, h = np.asarray(centre, float), np.asarray(half, float) - rounding

    def distance(p: np.ndarray) -> np.ndarray:
        q = np.abs(p - c) - h
        return np.linalg.norm(np.maximum(q, 0), axis=-1) + np.minimum(q.max(-1), 0) - rounding

    return distance


def soft(a: np.ndarray, b: np.ndarray, k: float) -> np.ndarray:
    """The lesser of two distances, rounded over k where they are near each other."""
    h = np.clip(0.5 + 0.5 * (b - a) / k, 0, 1)
    return b + (a - b) * h - k * h * (1 - h)


def blend(k: float, *forms: Form) -> Form:
    """All of the forms, grown together where they meet over a length of about k."""

    def distance(p: np.ndarray) -> np.ndarray:
        out = forms[0](p)
        for form in forms[1:]:
            out = soft(out, form(p), k)
        return out

    return distance


def either(*forms: Form) -> Form:
    """All of the forms, with a crease where they meet."""
    return lambda p: np.min([form(p) for form in forms], axis=0)


def both(k: float, a: Form, b: Form) -> Form:
    """What lies in both forms, its edge rounded over k."""
    return lambda p: -soft(-a(p), -b(p), k)


def without(k: float, a: Form, b: Form) -> Form:
    """The first form with the second taken out of it."""
    return lambda p: -soft(-a(p), b(p), k)


def mesh(form: Form, low, high, step: float) -> Part:
    """The form's surface within a box, by surface nets: a vertex in every cell that the surface passes, faces between neighbours."""
    low, high = np.asarray(low, float), np.asarray(high, float)
    axes = [np.arange(a, b + step, step) for a, b in zip(low, high, strict=True)]
    value = form(np.stack(np.meshgrid(*axes, indexing="ij"), -1))
    for axis in range(3):  # closed at the box's sides
        for end in (0, -1):
            np.moveaxis(value, axis, 0)[end] = np.maximum(np.moveaxis(value, axis, 0)[end], step * 0.5)
    shape = tuple(n - 1 for n in value.shape)
    total, count = np.zeros((*shape, 3)), np.zeros(shape)
    corners = [(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)]

    def at(c):
        return value[tuple(slice(o, o + n) for o, n in zip(c, shape, strict=True))]

    for c in corners:
        for axis in range(3):
            if c[axis]:
                continue
            d = tuple(1 if i == axis else o for i, o in enumerate(c))
            a, b = at(c), at(d)
            crossed = (a < 0) != (b < 0)
            t = np.where(crossed, a / np.where(crossed, a - b, 1), 0)
            total += np.where(crossed[..., None], np.asarray(c) + t[..., None] * (np.asarray(d) - np.asarray(c)), 0)
            count += crossed
    used = count > 0
    number = np.full(shape, -1)
    number[used] = np.arange(used.sum())
    v = low + (np.argwhere(used) + total[used] / count[used][:, None]) * step
    faces = []
    for axis in range(3):
        inner = [slice(1, n) for n in shape]  # edges with four cells round them
        inner[axis] = slice(0, shape[axis])
        here = value[tuple(inner)] < 0
        along = list(inner)
        along[axis] = slice(1, shape[axis] + 1)
        there = value[tuple(along)] < 0
        i = np.argwhere(here != there) + [0 if n == axis else 1 for n in range(3)]
        b, c = (axis + 1) % 3, (axis + 2) % 3
        step_b, step_c = np.eye(3, dtype=int)[b], np.eye(3, dtype=int)[c]
        q = np.stack([number[tuple((i - x).T)] for x in (step_b + step_c, step_c, 0 * step_b, step_b)], 1)
        q[there[here != there]] = q[there[here != there]][:, ::-1]
        faces.append(np.concatenate([q[:, [0, 1, 2]], q[:, [0, 2, 3]]]))
    f = np.concatenate(faces)
    f = outward(v, f[(f >= 0).all(1)])
    n = _slope(form, v, step)
    inside = ((v > low + step) & (v < high - step)).all(1)
    v = np.where(inside[:, None], v - np.clip(form(v), -step / 2, step / 2)[:, None] * n, v)
    return Part(v, f, _slope(form, v, step), colour=(1.0, 1.0, 1.0))


def _slope(form: Form, v: np.ndarray, step: float) -> np.ndarray:
    e = np.eye(3) * step * 0.4
    n = np.stack([form(v + d) - form(v - d) for d in e], -1)
    return n / np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-9)
