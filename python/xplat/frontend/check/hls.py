# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Whether an operation can become hardware through loops: torch-mlir lowers it to upstream linalg.

Lowering is tried for real, one operation at a time, on shapes alone. Text of upstream dialects is what our MLIR can
read back; an operation that ends in a dialect of torch-mlir's own (scans, sorts) is not lowered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import torch
from torch._decomp import core_aten_decompositions
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.fx.experimental.proxy_tensor import make_fx
from torch.nn.attention import SDPBackend, sdpa_kernel

from xplat.support.quiet import quiet


class NotLowerable(Exception):
    """Why torch-mlir does not lower an operation, in one line."""


Signature = Sequence[tuple[tuple[int, ...], torch.dtype]]
"""Shape and type of each input."""


def lower_to_linalg(function: Callable[..., torch.Tensor], signature: Signature) -> str:
    """MLIR text of `function`, which takes and gives tensors, on inputs of this signature.

    Raises `NotLowerable`.
    """
    try:
        return _attempt(function, signature, _tools().decompositions())
    except NotLowerable as error:
        # Its parts, in PyTorch's smallest set of operations, may fare better.
        try:
            return _attempt(function, signature, core_aten_decompositions())
        except NotLowerable:
            raise error from None


def _attempt(function: Callable[..., torch.Tensor], signature: Signature, decompositions: Any) -> str:
    said: list[str] = []
    with quiet():
        try:
            # Fused attention is one of torch-mlir's own ops; its parts are not.
            with FakeTensorMode(allow_non_fake_inputs=True), sdpa_kernel(SDPBackend.MATH):
                examples = [torch.empty(shape, dtype=dtype) for shape, dtype in signature]
                traced = make_fx(function, decomposition_table=decompositions)(*examples)
            module = _lower(traced, said)
        except Exception as error:
            raise NotLowerable(_reason(said[0] if said else f"{type(error).__name__}: {error}")) from None
    if match := re.search(r"\b(torch|torch_c|tm_tensor)\.[a-z_.]+", module):
        raise NotLowerable(f"'{match.group()}' remains, which upstream MLIR does not have")
    return module


def _lower(traced: torch.fx.GraphModule, said: list[str]) -> str:
    """Text of the lowered graph; torch-mlir's diagnostics go to `said`."""
    tools = _tools()
    context = tools.ir.Context()
    tools.dialect.register_dialect(context)

    def hear(diagnostic: Any) -> bool:
        said.append(str(diagnostic.message))
        return True

    handler = context.attach_diagnostic_handler(hear)
    try:
        importer = tools.importer(context=context)
        importer.import_stateless_graph(traced.graph)
        tools.run(importer.module, _PIPELINE, "torch to the backend contract", enable_ir_printing=False)
        return str(tools.lower(False, tools.output.LINALG_ON_TENSORS, importer.module))
    finally:
        handler.detach()


_PIPELINE = (
    "builtin.module(func.func(torch-match-quantized-custom-ops),"
    "torchdynamo-export-to-torch-backend-pipeline{extra-library= backend-legal-ops=})"
)


@cache
def _tools() -> Any:
    """torch-mlir, loaded on first use: it takes a second."""
    from types import SimpleNamespace

    from torch_mlir import ir
    from torch_mlir.compiler_utils import OutputType, lower_mlir_module, run_pipeline_with_repro_report
    from torch_mlir.dialects import torch as dialect
    from torch_mlir.extras.fx_decomp_util import get_decomposition_table
    from torch_mlir.extras.fx_importer import FxImporter

    return SimpleNamespace(
        ir=ir,
        dialect=dialect,
        importer=FxImporter,
        decompositions=get_decomposition_table,
        output=OutputType,
        lower=lower_mlir_module,
        run=run_pipeline_with_repro_report,
    )


def _reason(text: str) -> str:
    """The first line of an error, or the operation that it is about."""
    if match := re.search(r'name = "([\w.]+)"', text) or re.search(r"failed to legalize operation '([\w.]+)'", text):
        return f"torch-mlir cannot lower '{match.group(1).removeprefix('torch.')}'"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (lines[0] if lines else "torch-mlir fails")[:200]
