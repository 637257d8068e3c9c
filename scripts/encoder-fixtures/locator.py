"""Writes a locator that can be wrong about nothing: it finds what is red. It has no weights; the tests know where it must look."""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIZE = 32


def constant(name, value, kind=np.float32):
    return numpy_helper.from_array(np.array(value, kind), name)


def graph():
    """`pixel_values` [n, 3, SIZE, SIZE] of 0 to 1; `box` [n, 4], `confidence` [n, 1], how bright the brightest red is, and 0 where there is none."""
    node = helper.make_node
    places = np.arange(SIZE, dtype=np.float32)
    constants = [
        constant("bright", 0.6), constant("dark", 0.4), constant("nowhere", float(SIZE)), constant("before", -1.0), constant("one", 1.0), constant("size", float(SIZE)),
        constant("places", places), constant("red", 0, np.int64), constant("green", 1, np.int64), constant("rows", [1], np.int64), constant("columns", [2], np.int64),
        constant("both", [1, 2], np.int64), constant("last", [1], np.int64), constant("flat", [-1, 1], np.int64),
    ]  # fmt: skip
    nodes = [
        node("Gather", ["pixel_values", "red"], ["r"], axis=1),
        node("Gather", ["pixel_values", "green"], ["g"], axis=1),
        node("Greater", ["r", "bright"], ["r_high"]),
        node("Less", ["g", "dark"], ["g_low"]),
        node("And", ["r_high", "g_low"], ["is_red"]),
        node("Cast", ["is_red"], ["mask"], to=TensorProto.FLOAT),
        node("Mul", ["mask", "r"], ["how_red"]),
        node("ReduceMax", ["how_red", "both"], ["reddest"], keepdims=0),
        node("Reshape", ["reddest", "flat"], ["confidence"]),
    ]
    for name, axes in (("x", "rows"), ("y", "columns")):
        nodes += [
            node("ReduceMax", ["mask", axes], [f"{name}_any"], keepdims=0),
            node("Greater", [f"{name}_any", "dark"], [f"{name}_there"]),
            node("Where", [f"{name}_there", "places", "nowhere"], [f"{name}_from"]),
            node("Where", [f"{name}_there", "places", "before"], [f"{name}_to"]),
            node("ReduceMin", [f"{name}_from", "last"], [f"{name}_low"], keepdims=1),
            node("ReduceMax", [f"{name}_to", "last"], [f"{name}_high"], keepdims=1),
            node("Add", [f"{name}_high", "one"], [f"{name}_end"]),
        ]
    nodes += [node("Concat", ["x_low", "y_low", "x_end", "y_end"], ["pixels"], axis=1), node("Div", ["pixels", "size"], ["box"])]
    made = helper.make_graph(
        nodes, "finds-red", [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["n", 3, SIZE, SIZE])],
        [helper.make_tensor_value_info("box", TensorProto.FLOAT, ["n", 4]), helper.make_tensor_value_info("confidence", TensorProto.FLOAT, ["n", 1])], constants,
    )  # fmt: skip
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=9, producer_name="")
    onnx.checker.check_model(model, full_check=True)
    return model


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "crates/encoder/tests/fixtures")
    (folder / "finds-red.onnx").write_bytes(graph().SerializeToString())
