"""The starter bundle's model.toml, with and without a locator, and how a locator is run by it."""

import hashlib
import tomllib

import numpy as np

from atelier.evaluate import OTHERS, finder_of, leaning
from atelier.training.card import card, pictures_seen
from atelier.training.manifest import manifest

FIGURES = {"same_piece": 0.98, "same_design": 0.95, "similar": 0.7, "text_similar": 0.6}
DATA = {"image.onnx": b"i", "text.onnx": b"t", "tokenizer.json": b"{}"}


def test_without_a_locator_nothing_is_said_of_one():
    read = tomllib.loads(manifest(DATA, FIGURES, 7))
    assert "locator" not in read and set(read["files"]) == {"image", "text", "tokenizer"}
    assert read["calibration"] == {"photo": {"same_piece": 0.98, "same_design": 0.95, "similar": 0.7}, "text": {"similar": 0.6}}


def test_with_a_locator_its_file_and_its_rule_are_there():
    read = tomllib.loads(manifest({**DATA, "locator.onnx": b"l"}, FIGURES, 7))
    assert read["files"]["locator"] == {"name": "locator.onnx", "sha256": hashlib.sha256(b"l").hexdigest()}
    assert read["locator"] == {
        "size": 128, "fill": [127, 127, 127], "mean": read["image"]["mean"], "std": read["image"]["std"], "input": "pixel_values", "box": "box",
        "confidence": "confidence", "least_confidence": 0.3, "piece_confidence": 0.6, "margin": 0.1, "closer": {"below": 0.6, "margin": 0.3},
    }  # fmt: skip
    asked = []

    def run(outputs, inputs):
        asked.append((outputs, {k: v.shape for k, v in inputs.items()}))
        return [np.tile([0.25, 0.25, 0.75, 0.75], (1, 1)), np.ones(1)]

    from PIL import Image

    (out,) = finder_of(read["locator"], run).crops([Image.new("RGB", (100, 100))])
    # The box takes half of the picture's side: a second look at the square of 80 around it, half of which is the piece, then.
    assert asked == 2 * [(["box", "confidence"], {"pixel_values": (1, 3, 128, 128)})] and out.size == (48, 48)
    asked.clear()
    once = {key: value for key, value in read["locator"].items() if key != "closer"}
    (out,) = finder_of(once, run).crops([Image.new("RGB", (100, 100))])
    assert len(asked) == 1 and out.size == (60, 60)


def test_the_card_says_what_was_measured_and_no_more():
    recall = {"R@1": 0.5, "R@5": 0.6, "R@10": 0.7, "mrr": 0.55}
    f = {**FIGURES, "nearness": [0.998, 0.991], "pieces": 320, "photo": recall, "text": recall, "own": [0.5, 0.6, 0.7], "whole": None}
    state = {"seen": 10, "step": 2}
    without = card(f, None, state, None, False, 100, 1_000_000, 1e-6)
    assert "ocator" not in without and "| photo | 0.500 |" in without and "0.9980" in without and "0.9910 at least" in without
    assert "It began with" not in without and "by itself" not in without
    found = {"snapshot": {"pictures": 9.0, "iou": 0.71, "over_half": 0.8, "confident": 0.0}}
    text = card({**f, "whole": {**recall, "R@1": 0.4}}, found, state | {"before": 7}, {"step": 800}, True, 100, 1_000_000, 1e-6)
    assert "linear discriminants" in text and "linear discriminants" not in without
    assert (pictures_seen(without), pictures_seen(text)) == (10, 17)
    assert "weights that had seen 7 before" in text and "800 steps of words" in text
    assert "| photo, the piece cut out | 0.500 |" in text and "| photo, whole | 0.400 |" in text and "| snapshot | 9 | 0.710 |" in text and " nan" not in text


def test_a_listings_photos_lean_to_each_other_and_a_single_one_does_not():
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(6, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    owners = np.array(["b", "a", "b", "c", "b", "c"])
    leant = leaning(vectors, owners)
    assert np.allclose(np.linalg.norm(leant, axis=1), 1, atol=1e-6) and np.allclose(leant[1], vectors[1], atol=1e-6)
    first = vectors[0] + OTHERS * (vectors[2] + vectors[4]) / 2
    assert np.allclose(leant[0], first / np.linalg.norm(first), atol=1e-6)
    second = vectors[5] + OTHERS * vectors[3]
    assert np.allclose(leant[5], second / np.linalg.norm(second), atol=1e-6)
