"""The image tower and the locator in eight bits, for less than half of the time on a processor: ONNX Runtime's static quantisation, weights by
channel, activations by the range that pictures of pieces reach in them.

Weights take seven of the eight bits: processors without VNNI add products up in sixteen bits, where two of eight bits by eight overflow.
"""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path

import numpy as np
import onnx
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

QUANTISED = ["Conv", "Add", "Relu"]
AT_ONCE = 8  # pictures


def folded(tower: nn.Module) -> nn.Module:
    """A copy with every normalisation within the convolution before it, as it is to be asked and no longer trained."""
    tower = copy.deepcopy(tower).eval()
    for part in tower.modules():
        if isinstance(part, nn.Sequential) and len(part) > 1 and isinstance(part[0], nn.Conv2d) and isinstance(part[1], nn.BatchNorm2d):
            part[0], part[1] = fuse_conv_bn_eval(part[0], part[1]), nn.Identity()
    return tower


def eight_bits(graph: onnx.ModelProto, pictures: np.ndarray) -> onnx.ModelProto:
    """The graph with its convolutions of pictures in eight bits (those along a line, from which places are read, stay as they are); `pictures`
    [n, 3, side, side], normalised, show what goes through them."""
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

    class Pictures(CalibrationDataReader):
        def __init__(self) -> None:
            self.batches = iter(np.split(pictures, range(AT_ONCE, len(pictures), AT_ONCE)))

        def get_next(self) -> dict[str, np.ndarray] | None:
            batch = next(self.batches, None)
            return None if batch is None else {graph.graph.input[0].name: batch}

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "eight.onnx"
        quantize_static(
            _biases_apart(graph), out, Pictures(), quant_format=QuantFormat.QDQ, op_types_to_quantize=QUANTISED, nodes_to_exclude=_in_floats(graph.graph),
            per_channel=True, reduce_range=True, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
        )  # fmt: skip
        return onnx.load(str(out))


def _in_floats(graph: onnx.GraphProto) -> list[str]:
    """The nodes that are left as they are: convolutions along a line, from which places are read, and sums that are no part of a picture's features."""
    along_lines = {w.name for w in graph.initializer if len(w.dims) < 4}
    lines = [node for node in graph.node if node.op_type == "Conv" and node.input[1] in along_lines]
    of_lines = {name for node in lines for name in node.output}
    rectified = {name for node in graph.node if node.op_type == "Relu" for name in node.input}
    rest = [node for node in graph.node if (node.op_type == "Relu" and of_lines & set(node.input)) or (node.op_type == "Add" and not rectified & set(node.output))]
    return [node.name for node in (*lines, *rest)]


def _biases_apart(graph: onnx.ModelProto) -> onnx.ModelProto:
    """A copy in which no two convolutions share a bias: in eight bits it is a multiple of what goes in, which differs from look to look."""
    graph = copy.deepcopy(graph)
    onnx.helper.set_model_props(graph, {"onnx.quant.pre_process": "onnxruntime.quant"})  # nothing is left to fold: no need to be told to
    weights = {w.name: w for w in graph.graph.initializer}
    seen: dict[str, int] = {}
    for node in graph.graph.node:
        if node.op_type != "Conv" or len(node.input) < 3:
            continue
        name = node.input[2]
        seen[name] = seen.get(name, -1) + 1
        if seen[name]:
            own = onnx.TensorProto()
            own.CopyFrom(weights[name])
            own.name = node.input[2] = f"{name}.{seen[name]}"
            graph.graph.initializer.append(own)
    return graph
