# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where an FX node comes from, and what users call it."""

from __future__ import annotations

import operator

import torch
import torch.fx

from xplat.graph.origin import Origin
from xplat.support.frames import user_frames
from xplat.support.names import unique


def origin_of(node: torch.fx.Node, *, reach: int = 4) -> Origin:
    """The innermost module that the node ran in, and the innermost stack frame outside torch.

    A node without a frame takes that of the nodes it works on, `reach` steps back at most.
    """
    path = _path_of(node)
    frames = user_frames(node.meta.get("stack_trace") or "")
    if not frames and reach and node.all_input_nodes:
        # What functionalization adds has no frame of its own: it belongs to what it works on.
        source = origin_of(node.all_input_nodes[-1], reach=reach - 1)
        return Origin(path=path or source.path, operation=str(node.target), file=source.file, line=source.line)
    file, line = frames[-1] if frames else ("", 0)
    return Origin(path=path, operation=str(node.target), file=file, line=line)


class Names:
    """Names of a graph's nodes for users: each is unique, and none is the path of another module."""

    def __init__(self, graph: torch.fx.Graph) -> None:
        self.taken: set[str] = set()
        self._next: dict[str, int] = {}
        self.modules = {str(path) for node in graph.nodes for path, _ in node.meta.get("nn_module_stack", {}).values()}

    def name(self, node: torch.fx.Node) -> str:
        """The path of the node's module; with the operation's name behind it when the module is the user's own and
        may hold several, or has been called before. Numbered when that is taken already."""
        name = plain_name(node)
        if _path_of(node) != name:
            return self.unique(name)
        if name in self.taken:
            return self.unique(f"{name}.{_operation_of(node)}")
        self.taken.add(name)
        return name

    def unique(self, name: str) -> str:
        """`name`, or `name` with the first number that makes it new."""
        return unique(name, self.taken, reserved=self.modules, numbers=self._next)


def plain_name(node: torch.fx.Node) -> str:
    """The node's name for users when no other node has it."""
    path = _path_of(node)
    owner = list(node.meta["nn_module_stack"].values())[-1][1] if path else ""
    owner = owner if isinstance(owner, str) else f"{owner.__module__}.{owner.__qualname__}"
    if owner.startswith("torch.nn."):
        return path
    return f"{path}.{_operation_of(node)}" if path else _operation_of(node)


def _path_of(node: torch.fx.Node) -> str:
    """Path of the innermost module that the node ran in; empty for the model itself."""
    stack = list(node.meta.get("nn_module_stack", {}).values())
    return str(stack[-1][0]) if stack else ""


def _operation_of(node: torch.fx.Node) -> str:
    source = node.args[0] if node.target is operator.getitem else node
    packet = getattr(getattr(source, "target", None), "overloadpacket", None)
    return getattr(packet, "__name__", None) or node.name
