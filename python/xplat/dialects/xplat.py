"""The xplat dialect: op classes generated from the ODS, attributes and types with their fields."""

from .._mlir_libs._xplat import *  # noqa: F403
from ._xplat_enum_gen import *  # noqa: F403
from ._xplat_ops_gen import *  # noqa: F403
