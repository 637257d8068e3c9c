"""Atelier: makes Vitrine's demo catalogue and its starter model out of pieces it invents, builds and renders itself."""
