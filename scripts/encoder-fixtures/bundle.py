"""Writing a bundle: ONNX graphs of two towers, the tokeniser, model.toml, a model card, and what the reference makes of the inputs."""

import hashlib
import json

import numpy as np
import onnx
import torch

DIMENSION = 24
SIZE = 32
CONTEXT = 24


def seeded(build, seed):
    """A model from `build()` with random weights so spread that different inputs come out clearly different."""
    torch.manual_seed(seed)
    model = build().eval().float()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() >= 2:
                # Wide enough that attention and activations do something, narrow enough that float32 keeps its digits.
                weight.normal_(0.0, 1.4 / weight[0].numel() ** 0.5 if weight.dim() > 2 else 1.4 / weight.shape[-1] ** 0.5)
            elif weight.dim() == 1 and (weight == 0).all():
                weight.normal_(0.0, 0.1)
    return model


def export(module, example, names, output, path):
    """Exports `module` with a free batch to one ONNX file."""
    batch = torch.export.Dim("batch", min=1, max=4096)
    torch.onnx.export(
        module, example, path, input_names=names, output_names=[output], opset_version=18, dynamo=True,
        external_data=False, dynamic_shapes=(tuple({0: batch} for _ in example),), verbose=False,
    )
    onnx.save(without_traces(onnx.load(path)), path)


def without_traces(model):
    """The graph, checked, without notes of where it was traced: line by line, with paths of this machine, they would be most of the file."""
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer):
        del part.metadata_props[:]
        part.doc_string = ""
    del model.functions[:]
    onnx.checker.check_model(model)
    return model


def manifest(folder, *, id, family, source, revision, image, text):
    """Writes model.toml and MODEL_CARD.md."""
    def table(name, values):
        return "\n".join([f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items()), ""])

    top = {"format": 1, "id": id, "family": family, "source": source, "revision": revision, "licence": "Apache-2.0",
           "dimension": DIMENSION}
    parts = ["# Written by scripts/encoder-fixtures/make.py; random weights, for tests only.",
             *(f"{key} = {json.dumps(value)}" for key, value in top.items()), ""]
    for key, name in [("image", "image.onnx"), ("text", "text.onnx"), ("tokenizer", "tokenizer.json")]:
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        parts.append(table(f"files.{key}", {"name": name, "sha256": digest}))
    parts.append(table("image", image))
    parts.append(table("text", text))
    parts.append(table("calibration.photo", {"same_piece": 0.98, "same_design": 0.9, "similar": 0.5}))
    parts.append(table("calibration.text", {"similar": 0.2}))
    (folder / "model.toml").write_text("\n".join(parts))
    (folder / "MODEL_CARD.md").write_text(
        f"# {id}\n\nA fixture for tests: {source}, {revision}, its weights random (seeded), its tokeniser trained on our own\n"
        "sentences. It has learnt nothing; its vectors mean nothing. Made by scripts/encoder-fixtures/make.py.\n"
    )


def expected(folder, *, pixels, tokens, pictures, texts, size=SIZE, more=None):
    """Writes what the reference makes of each input: pixels.f32 (all tensors, little endian, one after the other) and
    expected.json (token ids; vectors of pictures and texts, of length 1; and whatever is in `more`)."""
    assert pixels.shape[1:] == (3, size, size) and pixels.dtype == np.float32
    (folder / "pixels.f32").write_bytes(pixels.astype("<f4").tobytes())
    write = {
        "tokens": {name: [int(token) for token in row] for name, row in tokens.items()},
        "pictures": {name: unit(vector) for name, vector in pictures.items()},
        "texts": {name: unit(vector) for name, vector in texts.items()},
        **(more or {}),
    }
    spread("pictures", write["pictures"])
    spread("texts", {name: write["texts"][name] for name in ("plain", "emoji", "right to left", "digits", "Chinese")})
    (folder / "expected.json").write_text(json.dumps(write, ensure_ascii=False, indent=None, separators=(",", ":")) + "\n")


def unit(vector):
    vector = np.asarray(vector, dtype=np.float64)
    return [round(float(value), 7) for value in vector / np.linalg.norm(vector)]


def spread(what, vectors):
    """Refuses a model to which everything looks the same: no comparison with its vectors could fail."""
    rows = np.array(list(vectors.values()))
    cosines = rows @ rows.T - 2 * np.eye(len(rows))
    print(f"  {what}: closest two at cosine {cosines.max():.4f}, mean {cosines[cosines > -1.5].mean():.3f}")
    assert cosines.max() < 0.995, f"{what} are too alike"
