# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions of one element that no kernel computes exactly get polynomials.

Which functions these are, the kernels say: a node is looked at where no contract takes it. What its function is, the
interpreter says, which computes it for every number of the operand's format.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from xplat.dialects import xplat as xp
from xplat.formats import FixedPoint, format_of
from xplat.frontend.check.unsupported import Binding
from xplat.graph.graph import Graph, Note
from xplat.graph.origin import Origin
from xplat.interpreter.polynomials import by_polynomials
from xplat.interpreter.semantics import Scope, semantics_of
from xplat.mlir import nodes_of
from xplat.mlir.passes import run_pipeline
from xplat.software.polynomials import GUARD_BITS, Target, find_polynomials
from xplat.support.errors import XplatError
from xplat.support.progress import Progress, logged
from xplat.target.library import kernel_files, link_pass

WITHIN = 1.0
"""Last places of the result by which polynomials are less than that away from the exact result: the result is one of
the two numbers on either side of it."""
NARROWEST, WIDEST = 4, 16
"""Bits of an operand: all of its numbers are compared."""


def approximate_functions(
    graph: Graph,
    *,
    kernels: str | Path | Sequence[str | Path] = (),
    within: float = WITHIN,
    progress: Progress = logged,
) -> Graph:
    """A copy of a quantized graph in which nodes of one element have polynomials where no kernel fits without.

    `kernels`: folders with kernels of the user's own. `within`: see `WITHIN`. A node whose function has no such
    polynomials stays as it is; `Graph.notes` says why.
    """
    result = graph.copy()
    candidates = [op for op in nodes_of(result.module) if _is_candidate(op)]
    if not candidates:
        return graph
    own = [kernels] if isinstance(kernels, str | Path) else kernels
    linked = run_pipeline(result.module, link_pass(kernel_files(own)), where="link kernels")
    unsupported = Binding.of(linked, graph).unsupported
    notes = list(graph.notes)
    with result.module.context:
        for op in candidates:
            if (name := xp.node_name(op)) not in unsupported:
                continue
            if reason := set_polynomials(op, within):
                notes.append(Note(name, op.operation.name, reason, Origin(name, op.operation.name)))
            else:
                progress(f"'{name}': {len(op.polynomials.coefficients)} coefficients of degree {op.polynomials.degree}")
    return replace(result, notes=tuple(notes))


def set_polynomials(op: Any, within: float = WITHIN) -> str | None:
    """Gives a node of one fixed-point operand polynomials within so many last places; or says why there are none."""
    operand, result = format_of(op.operands[0].type), format_of(op.results[0].type)
    assert isinstance(operand, FixedPoint) and isinstance(result, FixedPoint)
    scope, numbers = Scope({}, torch.float64, torch.device("cpu")), [operand.every_number()]
    target = Target.of(semantics_of(op.operation.name)(scope, op, numbers).numpy(), result)
    found = find_polynomials(target, within)
    if isinstance(found, str):
        return found
    counts, lengths = zip(*found.runs, strict=True)
    op.polynomials = xp.PolynomialsAttr.get(
        found.degree, GUARD_BITS, within, counts, lengths, found.coefficients.flatten().tolist(), op.location
    )
    # The interpreter has the last word.
    error = target.error(result.to_integers(by_polynomials(scope, op, numbers)).numpy())
    if error >= within:
        raise XplatError(
            f"the polynomials of '{xp.node_name(op)}' are {error:g} last places away, not within {within:g}"
        )
    return None


def _is_candidate(op: Any) -> bool:
    if not xp.is_approximable(op) or len(op.operands) != 1 or xp.polynomials(op) is not None:
        return False
    operand, result = (format_of(value.type) for value in (op.operands[0], op.results[0]))
    if not isinstance(operand, FixedPoint) or not isinstance(result, FixedPoint):
        return False
    return NARROWEST <= operand.width <= WIDEST
