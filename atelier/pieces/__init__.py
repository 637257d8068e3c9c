"""Builders: from a `PieceSpec` to meshes."""

from .build import Built, build

__all__ = ["Built", "build"]
