"""Numpy meshes: primitives, gem cuts, settings and motifs, in millimetres."""
