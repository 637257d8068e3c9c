"""Turns published CLIP, SigLIP and SigLIP 2 models (open_clip's or transformers') into Vitrine's bundles. How to use it: docs/MODELS.md."""
