"""Fixtures shared by the Python tests."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

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


@pytest.fixture
def fewer_patterns(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Training in PT2E without the patterns of convolutions that the model does not have.

    torchao exports dozens of patterns of convolution and batch normalisation for each model, three quarters of them
    for kinds of convolutions that are not there and so match nothing. Long tests run torchao as it is.
    """
    if request.node.get_closest_marker("long") is not None:
        return
    from typing import Any

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
