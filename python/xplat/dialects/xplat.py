# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The xplat dialect.

Op classes and enums are generated from the ODS. Attributes and types have their
fields; `node_name`, `dimensions`, `kernel_symbols`, ... ask the interfaces of an
op, `format_bits`, `format_fractional_bits`, ... those of a number format.
"""

from collections.abc import Mapping, Sequence

from .._mlir_libs._xplat import *  # noqa: F403
from .._mlir_libs._xplat import PlaceAttr, ResourcesAttr, UnrollAttr
from ..ir import Attribute, Context, Location, SymbolRefAttr, register_attribute_builder
from ._xplat_enum_gen import *  # noqa: F403
from ._xplat_ops_gen import *  # noqa: F403


@register_attribute_builder("Xplat_PlaceAttr")
def _place(path: Sequence[str], context: Context) -> Attribute:
    """From the names (system, instance)."""
    return PlaceAttr.get(SymbolRefAttr.get(list(path), context=context))


@register_attribute_builder("Xplat_UnrollAttr")
def _unroll(factors: Sequence[int], context: Context) -> Attribute:
    """From one factor per loop."""
    return UnrollAttr.get(list(factors), context=context)


@register_attribute_builder("Xplat_ResourcesAttr")
def _resources(amounts: Mapping[str, int], context: Context) -> Attribute:
    """From an amount by resource."""
    return ResourcesAttr.get(dict(amounts), loc=Location.unknown(context))
