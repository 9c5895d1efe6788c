"""What an imported model is: a module of xplat nodes and the parameters it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch

from xplat import ir


@dataclass(frozen=True)
class Graph:
    """A model as xplat nodes.

    `module` holds the function `name` and an `xplat.param` for each parameter it uses. `parameters` has the
    values by symbol, which is the key in the model's state dict: float32, on the CPU.
    """

    module: ir.Module
    parameters: Mapping[str, torch.Tensor]
    name: str = "forward"

    def with_module(self, module: ir.Module) -> Graph:
        """The same parameters with another module, e.g. one that passes have transformed."""
        return replace(self, module=module)

    def copy(self) -> Graph:
        """A graph whose module can be changed without changing this one."""
        text = self.module.operation.get_asm(enable_debug_info=True)
        return self.with_module(ir.Module.parse(text, self.module.context))

    def __str__(self) -> str:
        return str(self.module)
