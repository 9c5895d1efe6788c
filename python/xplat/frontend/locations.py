"""Where an FX node comes from: module path, file and line of the user's own code."""

from __future__ import annotations

import operator
import os
import re
import traceback
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.fx

from xplat import ir

# Names of files may hold quotes and newlines.
_FRAME = re.compile(r'File "(?P<file>(?:(?!", line \d).)+)", line (?P<line>\d+), in ', re.DOTALL)
_TORCH = str(Path(torch.__file__).parent) + os.sep
_IMPORTER = str(Path(__file__).parent) + os.sep
_COMMAND = str(Path(__file__).parent.parent / "cli.py")


@dataclass(frozen=True)
class Origin:
    """A node's place in the model: `path` in the module tree, `file` and `line` of the call (0: unknown)."""

    path: str
    operation: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        where = f" ({self.file}:{self.line})" if self.line else ""
        return f"{self.path or '<the model itself>'}{where}: {self.operation}"

    def location(self, name: str) -> ir.Location:
        """`name` with the user's file and line behind it."""
        return ir.Location.name(name, ir.Location.file(self.file, self.line, 0) if self.line else None)


def user_frames(text: str) -> list[tuple[str, int]]:
    """File and line of the frames in a stack trace, or in a message of torch's, that are not torch's own."""
    return [(match["file"], int(match["line"])) for match in _FRAME.finditer(text) if _is_users(match["file"])]


def line_of(error: BaseException) -> str | None:
    """`file:line` of the innermost of the user's frames that an error passed, or that its text names; None for none."""
    passed = [
        f"{frame.filename}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if _is_users(frame.filename)
    ]
    passed = passed or [f"{file}:{line}" for file, line in user_frames(str(error))]
    return passed[-1] if passed else None


def _is_users(file: str) -> bool:
    """Whether a file is the user's, or a library's that is none of torch's; models of the zoo are such too."""
    return not file.startswith((_TORCH, _IMPORTER, _COMMAND, "<"))


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
    """What users call the nodes of a graph: each name once, and none of them the path of another module."""

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
    """What users call the node when it is the only one of that name."""
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


def unique(
    name: str, taken: set[str], *, reserved: Set[str] = frozenset(), numbers: dict[str, int] | None = None
) -> str:
    """`name`, or `name` with the first number that makes it neither taken nor reserved; adds it to `taken`.

    `numbers`: the first number behind each name that may be free, kept from call to call where one name is asked for
    often and none is ever given back.
    """
    result, count = name, numbers.get(name, 1) if numbers is not None else 1
    while result in taken or result in reserved:
        result, count = f"{name}_{count}", count + 1
    taken.add(result)
    if numbers is not None:
        numbers[name] = count
    return result
