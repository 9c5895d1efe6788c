# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fixtures shared by the Python tests."""

import copy
import os
import sys
import warnings
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import pytest


def pytest_configure() -> None:
    # Programs of this environment (xplat-opt, xplat) before any others.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


@pytest.fixture
def context() -> Iterator[object]:
    """A fresh MLIR context that knows xplat, in force for the test."""
    from xplat.ir import Context, Location

    with Context() as ctx, Location.unknown():
        yield ctx


PATTERNS: dict[Hashable, Any] = {}
"""torchao's patterns as graphs, by what they are made from."""


def identity(value: Any) -> Hashable:
    """Equal for functions with the same code and the same enclosed values, and for tensors of one shape and type."""
    value = getattr(value, "fn", value)
    if hasattr(value, "__code__"):
        return value.__code__, tuple(identity(cell.cell_contents) for cell in value.__closure__ or ())
    if hasattr(value, "shape"):
        return tuple(value.shape), value.dtype, str(value.device)
    if isinstance(value, dict):
        return tuple((name, identity(item)) for name, item in sorted(value.items()))
    if isinstance(value, list | tuple):
        return tuple(map(identity, value))
    return value


@pytest.fixture
def fewer_patterns(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Training in PT2E without the patterns of convolutions that the model does not have.

    torchao exports dozens of patterns of convolution and batch normalisation for each model, three quarters of them
    for kinds of convolutions that are not there and so match nothing. The others are exported once for all tests of
    a process. Long tests run torchao as it is.
    """
    if request.node.get_closest_marker("long") is not None:
        return
    import torch
    from torchao.quantization.pt2e import qat_utils

    convolutions = ("conv1d", "conv2d", "conv_transpose1d", "conv_transpose2d")

    def only_if_present(helper: Any) -> Any:
        def run(model: torch.fx.GraphModule, conv_fn: Any, *args: Any, **kwargs: Any) -> torch.fx.GraphModule:
            targets = (getattr(node.target, "overloadpacket", None) for node in model.graph.nodes)
            present = {packet.__name__ for packet in targets if packet is not None} & set(convolutions)
            # One kind at least, as the helper clears the graph up too.
            if conv_fn.__name__ not in (present or {convolutions[0]}):
                return model
            return helper(model, conv_fn, *args, **kwargs)

        return run

    for name in ("_fuse_conv_bn_qat_helper", "_fold_conv_bn_qat_helper"):
        monkeypatch.setattr(qat_utils, name, only_if_present(getattr(qat_utils, name)))

    export = qat_utils._get_aten_graph_module_for_pattern

    def export_once(pattern: Any, inputs: Any, *args: Any, **kwargs: Any) -> torch.fx.GraphModule:
        key = (identity(pattern), identity(inputs), identity(args), identity(kwargs))
        if key not in PATTERNS:
            PATTERNS[key] = export(pattern, inputs, *args, **kwargs)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of copying torch's own graphs
            return copy.deepcopy(PATTERNS[key])

    monkeypatch.setattr(qat_utils, "_get_aten_graph_module_for_pattern", export_once)
