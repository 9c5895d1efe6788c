# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The part of a mapping that a user fixes: device, kernel, unroll factors and memories of nodes that globs name.

The request is a mapping, or a JSON or YAML file with one:

    "layer1.*": {device: fpga0, unroll: {oc: 4}}
    "fc": {kernel: linear, memories: ultra_ram}

Globs are those of `quantize`, matched against the nodes that are mapped. What a later glob says wins over what earlier
ones say, separately for the device, the kernel, each loop and the memories. An unroll factor holds for those of the
matched nodes that have the loop, a kernel for those whose operation it implements. `memories` says what holds the
parameters that a kernel takes word after word: `rom` if nothing is said, `ram`, `ultra_ram` or `outside`. The search
keeps what is fixed, or it fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.formats.globs import check_globs, check_keys, matches, read_mapping
from xplat.mlir import copy_of, nodes_of
from xplat.support.errors import FormatError, MappingError
from xplat.target.system import System

MappingRequest = str | Path | Mapping[str, Mapping[str, Any]]
_EXAMPLE = 'for example {"layer1.*": {"device": "fpga0", "unroll": {"oc": 4}}}'
_MOST_NAMES = 40


@dataclass(frozen=True)
class Fixed:
    """The fixed choices for one node: None, and loops that `unroll` lacks, are left to the search."""

    device: str | None = None
    kernel: str | None = None
    unroll: Mapping[str, int] = field(default_factory=dict)
    memories: str | None = None


@dataclass(frozen=True)
class FixedMapping:
    """Globs with what is fixed of the nodes that they match, in order. `source`: the file that it comes from."""

    rules: tuple[tuple[str, Fixed], ...]
    source: str = ""

    @staticmethod
    def parse(request: MappingRequest) -> FixedMapping:
        """From a mapping, or a JSON or YAML file with one. Raises `MappingError`."""
        if isinstance(request, Mapping):
            return FixedMapping(_rules(request, "mapping"))
        if not isinstance(request, str | Path):
            raise MappingError(f"expected a mapping or a file but got {request!r}", hint=_EXAMPLE)
        try:
            loaded = read_mapping(Path(request), expected="globs with what is fixed")
            return FixedMapping(_rules(loaded, str(request)), str(request))
        except FormatError as error:
            raise MappingError(error.message, hint=error.hint or _EXAMPLE) from None

    def apply(self, linked: ir.Module, system: System) -> ir.Module:
        """A copy of `linked`, a network beside kernels and a system, whose nodes carry what is fixed of them.

        Raises `MappingError` for a glob that matches no node, and for what no node that it matches can have.
        """
        result = copy_of(linked)
        nodes = nodes_of(result)
        kernels = {op.sym_name.value: op for op in result.body.operations if isinstance(op, xp.KernelOp)}
        patterns = [pattern for pattern, _ in self.rules]
        check_globs(patterns, map(xp.node_name, nodes), source=self.source, what="node", error=MappingError)
        with result.context:
            for pattern, fixed in self.rules:
                where = f"{self.source}: '{pattern}'" if self.source else f"'{pattern}'"
                found = [op for op in nodes if matches(pattern, xp.node_name(op))]
                if fixed.device is not None:
                    _place(found, fixed.device, system, where)
                if fixed.kernel is not None:
                    _bind(found, fixed.kernel, kernels, where)
                for loop, factor in fixed.unroll.items():
                    _unroll(found, loop, factor, where)
                if fixed.memories is not None:
                    for op in found:
                        op.fixed = xp.with_parts(op.fixed, memories=fixed.memories)
            for op in nodes:
                _check_unroll(op, self.source or "mapping")
        return result


def _place(nodes: list[Any], device: str, system: System, where: str) -> None:
    known = [instance.name for instance in system.instances]
    if device not in known:
        raise MappingError(f"{where}: system '{system.name}' has no device '{device}'", hint=f"it has {_listed(known)}")
    for op in nodes:
        op.fixed = xp.with_parts(op.fixed, place=[system.name, device])


def _bind(nodes: list[Any], name: str, kernels: Mapping[str, Any], where: str) -> None:
    fitting = {_operation(op) for op in nodes}
    known = [symbol for symbol, kernel in kernels.items() if any(xp.can_implement(kernel, op) for op in nodes)]
    if name not in known:
        what = f"implements {kernels[name].implements.value}" if name in kernels else "does not exist"
        raise MappingError(
            f"{where}: kernel '{name}' {what}, expected one for {_listed(fitting)}",
            hint=f"kernels for these are {_listed(known)}" if known else "no kernel implements these",
        )
    for op in nodes:
        if xp.can_implement(kernels[name], op):
            op.fixed = xp.with_parts(op.fixed, kernel=name)


def _unroll(nodes: list[Any], loop: str, factor: int, where: str) -> None:
    loops = {id(op): [name for name, *_ in xp.dimensions(op)] for op in nodes}
    having = [op for op in nodes if loop in loops[id(op)]]
    if not having:
        known = dict.fromkeys(name for names in loops.values() for name in names)
        raise MappingError(f"{where}: no node that it matches has a loop '{loop}'", hint=f"loops are {_listed(known)}")
    for op in having:
        index = loops[id(op)].index(loop)
        legal = list(xp.legal_unroll(op, index))
        if factor not in legal:
            raise MappingError(
                f"{where}: '{xp.node_name(op)}' cannot unroll '{loop}' by {factor}; the loop has "
                f"{xp.dimensions(op)[index][1]} iterations",
                hint=f"legal factors are {', '.join(map(str, legal))}",
            )
        present = None if op.fixed is None else op.fixed.unroll
        factors = [0] * len(loops[id(op)]) if present is None else list(present.factors)
        factors[index] = factor
        op.fixed = xp.with_parts(op.fixed, unroll=factors)


def _check_unroll(op: Any, where: str) -> None:
    """Raises for factors of all loops that are legal one by one and not together."""
    factors = [] if op.fixed is None or op.fixed.unroll is None else list(op.fixed.unroll.factors)
    if not factors or 0 in factors:
        return
    reason = xp.explain_unroll(op, factors)
    if reason is not None:
        asked = ", ".join(f"{name}: {factor}" for (name, *_), factor in zip(xp.dimensions(op), factors, strict=True))
        raise MappingError(f"{where}: '{xp.node_name(op)}' cannot unroll {{{asked}}}: {reason}")


def _operation(op: Any) -> str:
    return str(op.operation.name)


def _listed(names: Iterable[str]) -> str:
    """Names for a message; of many, the first ones and how many more."""
    every = list(names)
    text = ", ".join(f"'{name}'" for name in every[:_MOST_NAMES])
    return text + (f" and {len(every) - _MOST_NAMES} more" if len(every) > _MOST_NAMES else "")


def _rules(request: Mapping[Any, Any], source: str) -> tuple[tuple[str, Fixed], ...]:
    rules = []
    for pattern, entry in request.items():
        if not isinstance(pattern, str):
            raise MappingError(f"{source}: glob {pattern!r} is not a string", hint="put it in quotes")
        rules.append((pattern, _fixed(entry, f"{source}: '{pattern}'")))
    return tuple(rules)


def _fixed(entry: Any, where: str) -> Fixed:
    if not isinstance(entry, Mapping):
        raise MappingError(f"{where} is {entry!r}, expected device, kernel, unroll or memories", hint=_EXAMPLE)
    check_keys(entry, ("device", "kernel", "unroll", "memories"), where=where, error=MappingError)
    for key in ("device", "kernel"):
        if key in entry and not isinstance(entry[key], str):
            raise MappingError(f"{where}: '{key}' is {entry[key]!r}, expected a name")
    unroll = entry.get("unroll", {})
    if not isinstance(unroll, Mapping):
        raise MappingError(f"{where}: 'unroll' is {unroll!r}, expected loops with their factors", hint=_EXAMPLE)
    for loop, factor in unroll.items():
        if not isinstance(loop, str) or isinstance(factor, bool) or not isinstance(factor, int) or factor < 1:
            raise MappingError(f"{where}: unroll {loop!r} is {factor!r}, expected a factor of at least 1")
    memories = entry.get("memories")
    known = [str(kind) for kind in xp.MemoryKind]
    if "memories" in entry and memories not in known:
        raise MappingError(f"{where}: 'memories' is {memories!r}, expected one of {_listed(known)}")
    return Fixed(entry.get("device"), entry.get("kernel"), dict(unroll), memories)
