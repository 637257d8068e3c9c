"""Exporting published models: what needs no model at all, and (slow) tiny models of each family from end to end."""

import json
import tomllib

import numpy as np
import pytest

from atelier.cli import main
from atelier.export_models import calibrate, hub, manifest, names
from atelier.export_models.command import Options, check, run, write_texts
from atelier.export_models.errors import ExportError
from atelier.export_models.preprocessing import open_clip_image, transformers_image

CLIP = {"mean": (0.48, 0.46, 0.41), "std": (0.27, 0.26, 0.28)}


def facts(**more):
    values = {
        "id": "shop", "family": "open_clip", "source": 'open_clip: "ViT"\\B-32', "revision": "abc", "licence": "MIT", "dimension": 512,
        "image": open_clip_image({"size": 224, **CLIP}) | {"input": "pixel_values", "output": "image_embeds"},
        "text": {"context_length": 77, "pad_id": 0, "clean": "whitespace", "case": "keep", "input": "input_ids", "output": "o", "attention_mask": ""},
        "precision": "fp32", "seed": None, "proof": {"image": 0.99999, "text": 0.99998, "limit": 0.9999, "tokens": "27 of 27 texts"},
    }  # fmt: skip
    return manifest.Facts(**(values | more))


@pytest.mark.parametrize(
    ("given", "library", "kind", "model", "tag"),
    [
        ("ViT-B-32:laion2b_s34b_b79k", "open_clip", "built-in", "ViT-B-32", "laion2b_s34b_b79k"),
        ("ViT-B-16-SigLIP", "open_clip", "built-in", "ViT-B-16-SigLIP", ""),
        ("hf-hub:Marqo/marqo-fashionSigLIP", "open_clip", "hub", "Marqo/marqo-fashionSigLIP", ""),
        ("openai/clip-vit-large-patch14", "transformers", "hub", "openai/clip-vit-large-patch14", ""),
    ],
)
def test_a_name_says_which_library_and_which_model(given, library, kind, model, tag):
    name = names.parse(given)
    assert (name.library, name.kind, name.model, name.tag) == (library, kind, model, tag)


@pytest.mark.parametrize("given", ["", "a b", "hf-hub:nothing", "hf-hub:a/b/c", "../x/y", "ViT-B-32:", "https://example.org/model", "ViT:a:b"])
def test_what_names_no_model_is_refused(given):
    with pytest.raises(ExportError, match="names no model"):
        names.parse(given)


def test_a_folder_is_told_by_its_files_and_never_shown_whole(tmp_path):
    with pytest.raises(ExportError, match="neither"):
        names.parse(f"local-dir:{tmp_path}")
    (tmp_path / "config.json").write_text("{}")
    assert names.parse(f"local-dir:{tmp_path}").library == "transformers"
    (tmp_path / "open_clip_config.json").write_text("{}")
    name = names.parse(f"local-dir:{tmp_path}")
    assert name.library == "open_clip" and name.shown == f"the folder {tmp_path.name}"


def test_a_bundle_is_named_after_its_folder(tmp_path):
    assert names.bundle_id(tmp_path / "Marqo_fashion SigLIP") == "marqo-fashion-siglip"
    assert len(names.bundle_id(tmp_path / ("x" * 100))) == 64
    with pytest.raises(ExportError):
        names.bundle_id(tmp_path / "___")


def test_the_licence_is_that_of_the_model_card():
    assert names.licence_of("---\nlicense: apache-2.0\ntags: [a]\n---\n# x") == "Apache-2.0"
    assert names.licence_of('---\nlicense: other\nlicense_name: "apple-ascl"\n---\n') == "apple-ascl"
    assert names.licence_of("# license: mit") == ""


def test_open_clips_preprocessing_becomes_the_manifests():
    plain = open_clip_image({"size": (224, 224), **CLIP, "interpolation": "bicubic", "resize_mode": "shortest", "fill_color": 0})
    assert plain == {"size": 224, "resize": "shortest", "interpolation": "bicubic", "crop": "centre", "mean": [0.48, 0.46, 0.41], "std": [0.27, 0.26, 0.28]}
    siglip = open_clip_image({"size": 384, "mean": 0.5, "std": 0.5, "interpolation": "bilinear", "resize_mode": "squash"})
    assert (siglip["resize"], siglip["crop"], siglip["interpolation"], siglip["mean"]) == ("squash", "none", "bilinear", [0.5] * 3)
    padded = open_clip_image({"size": 224, **CLIP, "resize_mode": "longest", "fill_color": 7})
    assert padded["fill"] == [7, 7, 7] and padded["crop"] == "none"
    with pytest.raises(ExportError, match="square"):
        open_clip_image({"size": (224, 336), **CLIP})


def test_transformers_preprocessing_becomes_the_manifests():
    base = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3, "resample": 3}
    clip = transformers_image({**base, "size": {"shortest_edge": 224}, "do_center_crop": True, "crop_size": {"height": 224, "width": 224}})
    assert (clip["size"], clip["resize"], clip["crop"], clip["interpolation"]) == (224, "shortest", "centre-floor", "bicubic")
    # The oldest files say only a number.
    assert transformers_image({**base, "size": 224, "do_center_crop": True, "crop_size": 224}) == clip
    siglip = transformers_image({**base, "size": {"height": 256, "width": 256}, "resample": 2})
    assert (siglip["size"], siglip["resize"], siglip["crop"], siglip["interpolation"]) == (256, "squash", "none", "bilinear")
    assert transformers_image({**base, "size": {"height": 256, "width": 256}, "do_normalize": False})["std"] == [1.0] * 3


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"size": {"shortest_edge": 256}, "do_center_crop": True, "crop_size": {"height": 224, "width": 224}}, "one size for both"),
        ({"size": {"shortest_edge": 224}}, "one size for both"),
        ({"size": {"height": 224, "width": 224}, "resample": 1}, "filter number 1"),
        ({"size": {"height": 224, "width": 224}, "rescale_factor": 1 / 127.5}, "1/255"),
        ({"size": {"height": 224, "width": 448}}, "square"),
        ({"size": {"height": 224, "width": 224}, "do_resize": False}, "not resized"),
    ],
)
def test_preprocessing_that_a_manifest_cannot_say_is_refused(settings, why):
    with pytest.raises(ExportError, match=why):
        transformers_image({"image_mean": [0.5] * 3, "image_std": [0.5] * 3, **settings})


def test_the_manifest_is_toml_with_every_key_and_digest(tmp_path):
    for file in manifest.FILES.values():
        (tmp_path / file).write_bytes(file.encode())
    write_texts(facts(), tmp_path)
    read = tomllib.loads((tmp_path / "model.toml").read_text())
    assert read["format"] == 1 and read["source"] == 'open_clip: "ViT"\\B-32' and read["dimension"] == 512
    assert read["files"]["text"] == {"name": "text.onnx", "sha256": manifest.digest(tmp_path / "text.onnx")}
    assert read["calibration"] == {"photo": {"same_piece": 1.0, "same_design": 1.0, "similar": 1.0}, "text": {"similar": 1.0}}
    assert set(read) == {"format", "id", "family", "source", "revision", "licence", "dimension", "files", "image", "text", "calibration"}
    card = (tmp_path / "MODEL_CARD.md").read_text()
    assert "Not measured" in card and "0.9999900" in card and read["files"]["image"]["sha256"] in card


def test_the_card_says_so_where_the_weights_are_random(tmp_path):
    digests, sizes = dict.fromkeys(manifest.FILES.values(), "0" * 64), dict.fromkeys(manifest.FILES.values(), 1)
    card = manifest.card(facts(seed=4, notes=["A note."], calibration=manifest.UNCALIBRATED, measured="So."), sizes, digests)
    assert "random (seed 4)" in card and "- A note." in card and "So." in card and "Not measured" not in card


def test_a_calibration_is_measured_on_the_others():
    # Three listings, one photo each; every query is a listing's own photo, a little turned.
    gallery = np.array([[1.0, 0, 0], [0, 1.0, 0], [0, 0.8, 0.6]])
    queries = np.array([[0.96, 0.28, 0], [0, 0.96, -0.28]])
    own, others = calibrate.thresholds(queries, gallery, np.array(["a", "b", "c"]), [{"a"}, {"b"}])
    assert own == pytest.approx([0.96, 0.96])
    assert others[0, :2] == pytest.approx([0.28, 0.224]) and others[1, :2] == pytest.approx([0.6, 0.0])
    photo = calibrate.photo_thresholds(others)
    assert 1 >= photo["same_piece"] >= photo["same_design"] >= photo["similar"] >= -1
    with pytest.raises(ExportError, match="not in the catalogue"):
        calibrate.thresholds(queries, gallery, np.array(["a", "b", "c"]), [{"a"}, {"z"}])


def test_a_calibration_needs_its_pictures_and_enough_of_them(tmp_path):
    listings, queries = tmp_path / "listings.jsonl", tmp_path / "queries.jsonl"
    listings.write_text(json.dumps({"id": "a", "photos": ["a.jpg"]}) + "\n")
    queries.write_text(json.dumps({"kind": "snapshot", "photos": ["q.jpg"], "text": None, "relevant": ["a"]}) + "\n")
    with pytest.raises(ExportError, match=r"2 pictures .* missing"):
        calibrate.read(listings, tmp_path, queries)
    for file in ("a.jpg", "q.jpg"):
        (tmp_path / file).touch()
    with pytest.raises(ExportError, match="50 photo queries"):
        calibrate.read(listings, tmp_path, queries)
    queries.write_text("{")
    with pytest.raises(ExportError, match="one JSON object a line"):
        calibrate.read(listings, tmp_path, queries)


def test_what_can_be_refused_early_is(tmp_path, capsys):
    (tmp_path / "there").mkdir()
    assert run(Options("ViT-B-32:openai", tmp_path / "there")) == 1
    assert "exists already" in capsys.readouterr().err
    assert main(["export", "no such model", "--out", str(tmp_path / "new")]) == 1
    printed = capsys.readouterr().err
    assert printed.startswith("export: ") and printed.count("\n") == 1
    with pytest.raises(ExportError, match="needs all of"):
        check(Options("ViT-B-32:openai", tmp_path / "new", photos=tmp_path))
    (tmp_path / "there" / "config.json").write_text("{}")
    with pytest.raises(ExportError, match="no revisions"):
        check(Options(f"local-dir:{tmp_path / 'there'}", tmp_path / "new", revision="main"))
    assert not (tmp_path / "new").exists()


def test_the_weights_of_a_repository_are_chosen_whole():
    files = ["config.json", "pytorch_model.bin", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    assert hub.weights(files, ["model.safetensors", "pytorch_model.bin"]) == files[2:]
    assert hub.weights(files[:2], ["model.safetensors", "pytorch_model.bin"]) == ["pytorch_model.bin"]
    with pytest.raises(ExportError, match="no weights"):
        hub.weights(["README.md"], ["model.safetensors"])


# From here on: the libraries themselves, with tiny models. `pytest -m slow`, where requirements-export.txt is installed.

TOWER = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """Folders as the hub has them, by family: tiny models with their tokenisers and preprocessing."""
    torch = pytest.importorskip("torch")
    open_clip = pytest.importorskip("open_clip")
    transformers = pytest.importorskip("transformers")
    from atelier.export_models import fixtures, tokenisers

    root = tmp_path_factory.mktemp("tiny")
    folders = {name: root / name for name in ("open_clip", "clip", "siglip")}
    for folder in folders.values():
        folder.mkdir()
        (folder / "README.md").write_text("---\nlicense: mit\n---\n")
    seeded = fixtures.module("bundle").seeded

    vision = {"image_size": 32, "layers": 2, "width": 32, "head_width": 8, "patch_size": 8}
    words = {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 4, "layers": 2}
    settings = {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bilinear", "resize_mode": "squash"}
    config = {"model_cfg": {"embed_dim": 24, "vision_cfg": vision, "text_cfg": words}, "preprocess_cfg": settings}
    (folders["open_clip"] / "open_clip_config.json").write_text(json.dumps(config))
    model = seeded(lambda: open_clip.create_model(f"local-dir:{folders['open_clip']}", load_weights=False), 1)
    torch.save(model.state_dict(), folders["open_clip"] / "open_clip_pytorch_model.bin")

    tokenizer, _ = tokenisers.made_for("clip", [])
    tokenizer.save_pretrained(folders["clip"])
    text = TOWER | {"vocab_size": 49408, "max_position_embeddings": 77, "eos_token_id": 49407, "bos_token_id": 49406, "pad_token_id": 49407}
    config = transformers.CLIPConfig(text_config=text, vision_config=TOWER | {"image_size": 32, "patch_size": 8}, projection_dim=24)
    seeded(lambda: transformers.CLIPModel(config), 2).save_pretrained(folders["clip"])
    settings = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3, "resample": 3, "size": {"shortest_edge": 32}, "crop_size": {"height": 32, "width": 32}}
    (folders["clip"] / "preprocessor_config.json").write_text(json.dumps(settings | {"image_processor_type": "CLIPImageProcessor"}))

    (folders["siglip"] / "spiece.model").write_bytes(fixtures.module("tokenisers").sentencepiece_model())
    transformers.SiglipTokenizer(str(folders["siglip"] / "spiece.model")).save_pretrained(folders["siglip"])
    text = TOWER | {"vocab_size": 400, "max_position_embeddings": 64, "projection_size": 32}
    config = transformers.SiglipConfig(text_config=text, vision_config=TOWER | {"image_size": 32, "patch_size": 8})
    seeded(lambda: transformers.SiglipModel(config), 3).save_pretrained(folders["siglip"])
    settings = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3, "resample": 3, "size": {"height": 32, "width": 32}}
    (folders["siglip"] / "preprocessor_config.json").write_text(json.dumps(settings | {"image_processor_type": "SiglipImageProcessor"}))
    return folders


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["fp32", "fp16"])
@pytest.mark.parametrize("family", ["open_clip", "clip", "siglip"])
def test_a_folders_model_is_exported_with_its_weights(tiny, family, precision, tmp_path):
    import onnxruntime as ort

    out = tmp_path / f"tiny-{family}"
    assert main(["export", f"local-dir:{tiny[family]}", "--out", str(out), "--precision", precision]) == 0
    assert sorted(p.name for p in out.iterdir()) == ["MODEL_CARD.md", "image.onnx", "model.toml", "text.onnx", "tokenizer.json"]
    read = tomllib.loads((out / "model.toml").read_text())
    assert read["licence"] == "MIT" and read["family"] == family and read["image"]["size"] == 32
    assert read["image"]["resize"] == ("shortest" if family == "clip" else "squash")
    assert read["text"]["attention_mask"] == ("attention_mask" if family == "clip" else "")
    session = ort.InferenceSession(str(out / "image.onnx"))
    assert [(i.name, i.type) for i in session.get_inputs()] == [("pixel_values", "tensor(float)")]
    assert session.get_outputs()[0].type == "tensor(float)"
    assert "27 of 27 texts" in (out / "MODEL_CARD.md").read_text()
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".part-")]


@pytest.mark.slow
def test_a_difference_from_pytorch_is_refused_and_leaves_nothing(tiny, tmp_path, monkeypatch, capsys):
    from atelier.export_models import towers

    monkeypatch.setattr(towers, "agreement", lambda *_: 0.99)
    assert run(Options(f"local-dir:{tiny['open_clip']}", tmp_path / "out")) == 1
    assert "differ on pictures: cosine 0.990000" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_thresholds_are_measured_on_a_catalogue_of_ones_own(tiny, tmp_path):
    from PIL import Image

    rng = np.random.default_rng(0)
    listings, queries = [], []
    for n in range(25):
        small = Image.fromarray(rng.integers(0, 255, (4, 4, 3), dtype=np.uint8))
        small.resize((48, 40)).save(tmp_path / f"{n}.png")
        for turn, angle in enumerate((3, -3)):
            small.resize((48, 40)).rotate(angle).save(tmp_path / f"q{n}-{turn}.png")
            queries.append({"kind": "snapshot", "photos": [f"q{n}-{turn}.png"], "text": None, "relevant": [str(n)]})
        listings.append({"id": str(n), "photos": [f"{n}.png"]})
    for file, rows in (("listings.jsonl", listings), ("queries.jsonl", queries)):
        (tmp_path / file).write_text("".join(json.dumps(row) + "\n" for row in rows))
    out = tmp_path / "out"
    own = ["--calibrate", str(tmp_path / "listings.jsonl"), "--photos", str(tmp_path), "--queries", str(tmp_path / "queries.jsonl")]
    assert main(["export", f"local-dir:{tiny['open_clip']}", "--out", str(out), *own]) == 0
    photo = tomllib.loads((out / "model.toml").read_text())["calibration"]["photo"]
    assert 1 > photo["same_piece"] >= photo["same_design"] >= photo["similar"] > -1
    assert "50 photo queries in 25 listings" in (out / "MODEL_CARD.md").read_text()


@pytest.mark.slow
def test_towers_too_large_for_one_file_are_refused(monkeypatch):
    torch = pytest.importorskip("torch")
    from atelier.export_models import towers

    with torch.device("meta"):
        tower = torch.nn.Linear(30_000, 30_000)
    with pytest.raises(ExportError, match=r"3\.60 GB.*fp16"):
        towers.check_size("text", tower, "fp32")
    towers.check_size("text", tower, "fp16")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("ViT-B-99:openai", "no model called ViT-B-99"),
        ("ViT-B-32:nothing", "no weights nothing"),
        ("ViT-B-32", "say which weights"),
        ("ViT-B-32:openai", "ViT-B-32-quickgelu:openai"),
    ],
)
def test_open_clips_names_are_held_against_its_lists(name, why):
    pytest.importorskip("open_clip")
    from atelier.export_models import from_open_clip

    with pytest.raises(ExportError, match=why):
        from_open_clip.load(names.parse(name), None, None)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"model_type": "siglip2"}, "NaFlex"),
        ({"model_type": "bert"}, "only CLIP and SigLIP"),
        ({"model_type": "siglip", "auto_map": {}}, "code of its own"),
    ],
)
def test_transformers_models_of_other_kinds_are_refused(config, why, tmp_path):
    pytest.importorskip("transformers")
    from atelier.export_models import from_transformers

    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(ExportError, match=why):
        from_transformers.load(names.parse(f"local-dir:{tmp_path}"), None, None)


@pytest.mark.slow
def test_a_hub_that_cannot_be_reached_is_one_sentence(monkeypatch, tmp_path, capsys):
    huggingface_hub = pytest.importorskip("huggingface_hub")
    pytest.importorskip("open_clip")

    def unreachable(*_, **__):
        raise OSError("Name or service not known")

    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", unreachable)
    assert run(Options("hf-hub:Marqo/marqo-fashionSigLIP", tmp_path / "out")) == 1
    assert "hub cannot be used (Name or service not known)" in capsys.readouterr().err
