# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The xplat dialect.

Op classes and enums are generated from the ODS. Attributes and types have their
fields; `node_name`, `dimensions`, `kernel_symbols`, ... ask the interfaces of an
op, `format_bits`, `format_fractional_bits`, ... those of a number format.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from .._mlir_libs._xplat import *  # noqa: F403
from .._mlir_libs._xplat import ConfigAttr, MemoryKindAttr, PlaceAttr, ResourcesAttr, UnrollAttr
from ..ir import Attribute, Context, FlatSymbolRefAttr, Location, SymbolRefAttr, register_attribute_builder
from ._xplat_enum_gen import *  # noqa: F403
from ._xplat_ops_gen import *  # noqa: F403


@register_attribute_builder("Xplat_PlaceAttr")
def _place(path: Sequence[str], context: Context) -> Attribute:
    """From the names (system, instance)."""
    return PlaceAttr.get(SymbolRefAttr.get(list(path), context=context))


@register_attribute_builder("Xplat_ConfigAttr")
def _config(parts: Mapping[str, Any], context: Context) -> Attribute:
    """From `kernel`, a name; `unroll`, one factor per loop; `place`, the names (system, instance); `memories`, a kind
    of memory by its name; or some of them."""
    return with_parts(None, **parts, context=context)


def with_parts(
    config: ConfigAttr | None,
    *,
    kernel: str | None = None,
    unroll: Sequence[int] | None = None,
    place: Sequence[str] | None = None,
    memories: str | None = None,
    context: Context | None = None,
) -> ConfigAttr:
    """The configuration, or one without parts, with other parts: all those that are not None."""
    names = ("kernel", "unroll", "place", "memories", "roms")
    parts = {} if config is None else {name: getattr(config, name) for name in names}
    if kernel is not None:
        parts["kernel"] = FlatSymbolRefAttr.get(kernel, context=context)
    if unroll is not None:
        parts["unroll"] = UnrollAttr.get(list(unroll), context=context)
    if place is not None:
        parts["place"] = PlaceAttr.get(SymbolRefAttr.get(list(place), context=context))
    if memories is not None:
        parts["memories"] = MemoryKindAttr.get(MemoryKind[memories], context=context)  # noqa: F405
    return ConfigAttr.get(**parts, context=context)


def kernel_name(op: Any) -> str | None:
    """Name of the kernel that the node is bound to."""
    return None if op.config is None or op.config.kernel is None else str(op.config.kernel.value)


def instance_name(op: Any) -> str | None:
    """Name of the device instance that the node is placed on."""
    return None if op.config is None or op.config.place is None else str(op.config.place.device.value[-1])


@register_attribute_builder("Xplat_ResourcesAttr")
def _resources(amounts: Mapping[str, int], context: Context) -> Attribute:
    """From an amount by resource."""
    return ResourcesAttr.get(dict(amounts), loc=Location.unknown(context))
