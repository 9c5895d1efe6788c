# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A design in the functions of its devices reads as one graph."""

from itertools import pairwise
from typing import Any

import pytest

from xplat import ir
from xplat.mlir import copy_of, entry_of, functions_of, nodes_of, origins_of, text_of
from xplat.mlir.passes import run_pipeline
from xplat.support.errors import PassError
from xplat.testing import dataflow


def kinds(ops: list[Any]) -> list[str]:
    return [op.operation.name.removeprefix("xplat.") for op in ops]


def test_a_copy_has_the_same_text_and_is_another_module() -> None:
    module = dataflow.module()
    module.operation.attributes["user.note"] = ir.Attribute.parse("7 : i32", module.context)
    text = text_of(module)
    copy = copy_of(module)
    assert text_of(copy) == text
    entry_of(copy).erase()
    assert text_of(module) == text


def test_a_pipeline_refuses_a_module_that_is_not_valid() -> None:
    """Before its first pass: here there is none that could find it."""
    context = ir.Context()
    text = "func.func @forward(%x: tensor<1x4xf32>) { %y = xplat.relu %x : tensor<1x4xf32> -> tensor<1x4xf32> return }"
    module = ir.Module.parse(text, context)
    (relu,) = nodes_of(module)
    relu.attributes["config"] = ir.Attribute.parse("#xplat.config<memories = ram>", context)
    before = text_of(module)
    with pytest.raises(PassError, match=r"nothing: .*\[node N6\] expected the kind of memories"):
        run_pipeline(module, "", where="nothing")
    assert text_of(module) == before


def test_the_graph_is_the_function_that_is_of_no_device() -> None:
    module = dataflow.module()
    assert [*functions_of(module)] == ["forward", "forward_fpga0", "forward_fpga1"]
    assert entry_of(module).sym_name.value == "forward"


def test_nodes_stand_as_before_the_split() -> None:
    before = ["host_input", "relu", "fork", "linear", "link", "link", "fifo", "convert_stream", "add", "reshape"]
    assert kinds(nodes_of(dataflow.module())) == [*before, "host_output"]


def test_streams_are_followed_through_devices() -> None:
    """Two hops there and two back; the device between does nothing else."""
    module = dataflow.chain()
    origins, nodes = origins_of(module), nodes_of(module)
    assert kinds(nodes) == ["host_input", "link", "link", "relu", "link", "link", "host_output"]

    def read(op: Any) -> ir.Value:
        return origins.get(op.operation.operands[0], op.operation.operands[0])

    for before, op in pairwise(nodes):
        assert read(op) == before.operation.results[0]
