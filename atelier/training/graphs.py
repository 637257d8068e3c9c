"""ONNX graphs of towers: traced, without notes of where, matrices in float16, and proven against PyTorch."""

from __future__ import annotations

import io

import numpy as np
import onnx
import torch

from ..export_models import fixtures

OPSET = 18


def graph_of(tower: torch.nn.Module, example: torch.Tensor, name: str, outputs: tuple[str, ...] = ("vector",)) -> onnx.ModelProto:
    """The tower's graph in floats, of any number of pictures or texts at once; `name` is what its input is called."""
    out = io.BytesIO()
    torch.onnx.export(
        tower, (example,), out, input_names=[name], output_names=list(outputs), dynamic_shapes=({0: torch.export.Dim("n", min=1, max=4096)},),
        opset_version=OPSET, dynamo=True, external_data=False,
    )  # fmt: skip
    return plain(onnx.load_from_string(out.getvalue()))


def plain(graph: onnx.ModelProto) -> onnx.ModelProto:
    """The graph without notes of where it was traced."""
    return fixtures.module("bundle").without_traces(graph)


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """The graph with its matrices kept in float16, which it makes float32 as it is loaded and computes with as before: half the bytes to carry
    about, as `export_models/precision.py` does it for larger towers."""
    graph, casts = model.graph, []
    for weight in graph.initializer:
        if weight.data_type == onnx.TensorProto.FLOAT and len(weight.dims) >= 2:
            name = weight.name
            half = onnx.numpy_helper.to_array(weight).astype(np.float16)
            weight.CopyFrom(onnx.numpy_helper.from_array(half, name + ".half"))
            casts.append(onnx.helper.make_node("Cast", [weight.name], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


def proof(data: bytes, tower: torch.nn.Module, example: torch.Tensor, name: str) -> float:
    """The largest difference from PyTorch, at two batch sizes: of what an output's length is, for vectors have none that matters."""
    import onnxruntime as ort

    session = ort.InferenceSession(data)
    worst = 0.0
    with torch.no_grad():
        for x in (example, example[:1]):
            ours = tower(x)
            for a, b in zip(session.run(None, {name: x.numpy()}), ours if isinstance(ours, tuple) else (ours,), strict=True):
                length = np.linalg.norm(b.numpy(), axis=-1, keepdims=True) if a.shape[-1] > 4 else 1.0
                worst = max(worst, float((np.abs(a - b.numpy()) / length).max()))
    return worst
