# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`import_model`: torch.export at module level, then one rule per operation.

An operation without a rule becomes `xplat.aten`. Everything that a graph cannot represent is reported at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
import torch.fx
from torch.export.graph_signature import InputKind, OutputKind

from xplat import ir
from xplat.dialects import func
from xplat.dialects import xplat as xp
from xplat.support.errors import ModelImportError
from xplat.frontend.build.context import ImportContext
from xplat.frontend.capture.export import Exported, export_model, functional
from xplat.graph.graph import Graph
from xplat.graph.state import check_parameters
from xplat.frontend.capture.inputs import check_unicode
from xplat.frontend.capture.locations import Names, origin_of
from xplat.graph.origin import Origin
from xplat.frontend.rules.registry import Refused, tensor_of, tensor_type
from xplat.frontend.rules.quantized import apply_marks, read_marks
from xplat.graph.state import as_value, has_values, inventory, values_from
from xplat.graph.structure import Structure
from xplat.frontend.capture.weightless import build_without_weights
from xplat.mlir import MLIRError
from xplat.models import ModelSpec
from xplat.models import get as get_model
from xplat.graph.samples import Array


def import_model(
    model: torch.nn.Module | torch.export.ExportedProgram | ModelSpec | str,
    example_inputs: Array | Sequence[Array] | None = None,
    *,
    example_kwargs: Mapping[str, Array] | None = None,
    name: str = "forward",
    state_dict: Mapping[str, torch.Tensor] | None = None,
) -> Graph:
    """Imports a PyTorch model as a graph of xplat nodes on f32 tensors.

    `example_inputs`: a tensor or NumPy array, or one per input of the model, with a leading batch dimension; the first
    sample alone is used, so the graph is for a batch of one. Token ids are int64. `example_kwargs`: the inputs that go
    by keyword; in the graph they follow the others. Outputs in tuples, lists and dictionaries are taken in order.
    The model is imported in evaluation mode (dropout does nothing, batch normalisation uses its running statistics)
    whatever mode it is in, and is not changed.
    An exported program is taken as it is and needs no example inputs. Parameters become float32.

    A model of the zoo may be given by its name (`xplat.models.names()`); it is imported without weights. So is a
    model made by `build_without_weights`: the graph then has shapes alone, until it gets values. `state_dict`: values
    to use instead of the model's own, with all of its keys (one is enough for a tied weight).

    An operation that xplat has no op of its own for becomes `xplat.aten`; `Graph.notes` lists them, with the reason.
    Floating point of every width is f32; `Graph.notes` lists where the model itself rounds to a narrower type. So it
    does where the model detaches a value that inputs or trainable parameters reach: in training, `Graph.to_torch`
    does not stop the gradient there, nor in a region of `torch.no_grad()`, of which nothing is left to be listed.
    `name`: an identifier that no parameter or buffer of the model has.
    Raises `ModelImportError` for what no graph can hold, all of it at once: random numbers, shapes and branches that
    depend on values, complex numbers, numbers beyond float32, state that changes, results that are no tensors. Also
    for example inputs or a state dict that do not fit, for weights that are not finite, and for an unfit `name`.
    """
    if isinstance(model, str | ModelSpec):
        built = build_without_weights(get_model(model) if isinstance(model, str) else model)
        model, example_inputs = built.model, built.inputs if example_inputs is None else example_inputs
    if isinstance(model, torch.export.ExportedProgram):
        exported = Exported(functional(model))
    elif isinstance(model, torch.nn.Module):
        exported = export_model(model, example_inputs, example_kwargs, check_values=state_dict is None)
    else:
        raise ModelImportError(f"model is a {type(model).__name__}, expected a torch.nn.Module")
    return _Importer(exported, name, state_dict).run()


class _Importer:
    """Builds the module for one exported program."""

    def __init__(self, exported: Exported, name: str, state_dict: Mapping[str, torch.Tensor] | None) -> None:
        self.exported = exported
        self.program = program = exported.program
        self.name = name
        self.state = inventory(program)
        self.canonical = {entry.key: entry.canonical for entry in self.state}
        self.given = {} if state_dict is None else values_from(self.state, state_dict)
        self.names = Names(program.graph)
        self.problems: list[str] = []
        self.changed: dict[str, torch.fx.Node | None] = {}
        self.hopeless: set[torch.fx.Node] = set()
        self.parameters: dict[str, torch.Tensor] = {}

    def run(self) -> Graph:
        check_unicode([*self.names.modules, *(entry.key for entry in self.state)])
        symbols, inputs, outputs = self._signature()
        live = _live(outputs)
        self._check_shapes(live)
        self._check_inputs(inputs, live)
        self._check_attributes(symbols, live)
        if not (inputs and outputs):
            if self.problems:
                raise self._unsupported()
            raise ModelImportError(f"the model has {len(inputs)} inputs and {len(outputs)} outputs, expected at least one")
        inputs = [node for node in inputs if node not in self.hopeless]
        with ir.Context(), ir.Location.unknown():
            module = ir.Module.create()
            types = [tensor_type(tensor_of(node)) for node in inputs]
            tensors = self._tensors()
            self._check_name(tensors)
            with ir.InsertionPoint(module.body):
                function = func.FuncOp(self.name, (types, []))
            self._keep_state(tensors)
            marks = read_marks(self.program.graph, symbols, tensors)
            trainable = {entry.canonical for entry in self.state if entry.trainable}
            context = ImportContext(
                symbols=symbols,
                tensors=tensors,
                parameters={entry.canonical for entry in self.state if entry.kind == "parameter"},
                trained=[*inputs, *(node for node, symbol in symbols.items() if symbol in trainable)],
                declare=self._declare,
                function=function,
                names=self.names,
            )
            context.problems = self.problems
            context.give_up(self.hopeless)
            with ir.InsertionPoint(function.add_entry_block()):
                for node, argument in zip(inputs, function.arguments, strict=True):
                    with ir.Location.name(self.names.unique(str(node.target))):
                        context.values[node] = xp.HostInputOp(argument.type, argument).result
                for node in self.program.graph.nodes:
                    if node.op == "call_function" and node in live and node not in self.hopeless:
                        context.import_node(node)
                apply_marks(context, marks)
                self._finish(context, function, outputs)
            if self.problems:
                raise self._unsupported()
            context.drop_unused()
            try:
                module.operation.verify()
            except MLIRError as error:
                raise ModelImportError(f"the imported graph is not valid: {error}") from None
        return Graph(
            module=module,
            parameters=self.parameters,
            name=self.name,
            state=self.state,
            structure=Structure.of(self.program, inputs),
            notes=tuple(context.notes),
        )

    def _finish(self, context: ImportContext, function: func.FuncOp, outputs: list[torch.fx.Node]) -> None:
        """Hands the outputs out and gives the function its type."""
        results = []
        for index, node in enumerate(outputs):
            label = "output" if len(outputs) == 1 else f"output_{index}"
            try:
                value = context.value(node)
            except Refused as error:
                if not context.has_failed(node):
                    self.problems.append(f"  output {index} of the model: {error}")
                return
            with ir.Location.name(self.names.unique(label)):
                results.append(xp.HostOutputOp(value.type, value).result)
        func.ReturnOp(results)
        kind = ir.FunctionType.get(
            [argument.type for argument in function.arguments], [value.type for value in results]
        )
        function.function_type = ir.TypeAttr.get(kind)

    # ---- what the program takes and gives

    def _check_shapes(self, live: set[torch.fx.Node]) -> None:
        for node in self.program.graph.nodes:
            value = node.meta.get("val")
            if node not in live:
                continue
            if any(source in self.hopeless for source in node.all_input_nodes):
                self.hopeless.add(node)
                continue
            for tensor in value if isinstance(value, (tuple, list)) else [value]:
                if isinstance(tensor, torch.Tensor) and any(not isinstance(extent, int) for extent in tensor.shape):
                    origin = Origin("", f"input '{node.target}'") if node.op == "placeholder" else origin_of(node)
                    extents = ", ".join(str(extent) for extent in tensor.shape)
                    self.problems.append(f"  {origin}: the shape [{extents}] is not static; {_STATIC}")
                    self.hopeless.add(node)
                    break

    def _check_inputs(self, inputs: list[torch.fx.Node], live: set[torch.fx.Node]) -> None:
        for node in inputs:
            if node not in live:
                self.problems.append(
                    f"  input '{node.target}' is not used by the model; remove it from the model's forward and from "
                    "example_inputs"
                )
            elif node not in self.hopeless:
                try:
                    with ir.Context(), ir.Location.unknown():
                        tensor_type(tensor_of(node))
                except Refused as error:
                    self.problems.append(f"  input '{node.target}': {error}")
                    self.hopeless.add(node)

    def _check_attributes(self, symbols: Mapping[torch.fx.Node, str], live: set[torch.fx.Node]) -> None:
        """Attributes and buffers that forward changes are state, unless it only leaves something there for others to
        look at, as batch normalisation counts batches."""
        read = {symbol for node, symbol in symbols.items() if node in live}
        for key in sorted(read & self.changed.keys()):
            node = self.changed[key]
            origin = f"{origin_of(node)}: " if node is not None else ""
            self.problems.append(f"  {origin}the model changes '{key}' when it runs; {_STATE}")
        for key in (*self.exported.numbers, *(key for key in self.exported.tensors if key in read)):
            self.problems.append(f"  attribute '{key}': the model changes it when it runs; {_STATE}")
        if self.exported.remembers and not self.problems:
            self.problems.append(f"  the results of the model depend on earlier calls; {_STATE}")
        if self.exported.draws:
            self.problems.append("  the model draws random numbers of Python's or NumPy's; give them as an input")

    def _signature(self) -> tuple[dict[torch.fx.Node, str], list[torch.fx.Node], list[torch.fx.Node]]:
        """Parameters with their keys, inputs, and outputs of the program."""
        signature = self.program.graph_signature
        nodes = {node.name: node for node in self.program.graph.nodes}
        symbols: dict[torch.fx.Node, str] = {}
        inputs: list[torch.fx.Node] = []
        for spec in signature.input_specs:
            node = nodes.get(getattr(spec.arg, "name", ""))
            if spec.kind is InputKind.USER_INPUT:
                if node is None or not isinstance(node.meta.get("val"), torch.Tensor):
                    name = getattr(spec.arg, "name", spec.arg)
                    self.problems.append(
                        f"  input '{name}' of the model is not a tensor; set it in the model, or wrap the model"
                    )
                else:
                    inputs.append(node)
            elif node is not None and spec.target is not None:
                symbols[node] = self.canonical.get(spec.target, spec.target)
        outputs: list[torch.fx.Node] = []
        for index, spec in enumerate(signature.output_specs):
            node = nodes.get(getattr(spec.arg, "name", ""))
            if spec.kind is OutputKind.USER_INPUT_MUTATION:
                continue  # an in-place operation on the caller's own tensor, which hardware never sees
            if spec.kind is not OutputKind.USER_OUTPUT:
                self.changed[self.canonical.get(str(spec.target), str(spec.target))] = node
            elif node is None or not isinstance(node.meta.get("val"), torch.Tensor):
                value = getattr(spec.arg, "value", spec.arg)
                self.problems.append(f"  output {index} of the model is not a tensor but {value}; return only tensors")
            else:
                outputs.append(node)
        return symbols, inputs, outputs

    def _check_name(self, tensors: Mapping[str, torch.Tensor]) -> None:
        hint = "choose another: import_model(…, name=…)"
        if not (isinstance(self.name, str) and self.name.isascii() and self.name.isidentifier()):
            raise ModelImportError(f"name is {self.name!r}, expected letters, digits and underscores", hint=hint)
        if self.name in tensors:
            raise ModelImportError(f"name is '{self.name}', which is a parameter or buffer of the model", hint=hint)

    def _tensors(self) -> dict[str, torch.Tensor]:
        tensors = {**self.program.state_dict, **self.program.constants}
        tensors = {key: value for key, value in tensors.items() if isinstance(value, torch.Tensor)} | self.given
        check_parameters(tensors)
        return tensors

    def _keep_state(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Values of the whole state dict. The user gets values that the graph does not use back unchanged."""
        for key in dict.fromkeys(self.canonical.values()):
            if has_values(tensors[key]):
                self.parameters[key] = as_value(tensors[key])

    def _declare(self, symbol: str, value: torch.Tensor) -> None:
        if has_values(value):
            self.parameters[symbol] = as_value(value)

    def _unsupported(self) -> ModelImportError:
        count = len(self.problems)
        shown = self.problems[:SHOWN] + ([f"  … and {count - SHOWN} more"] if count > SHOWN else [])
        return ModelImportError(
            f"{count} thing{'s' if count > 1 else ''} in the model cannot be imported:\n" + "\n".join(shown),
            hint="change them in the model; see docs/HowTo/import-a-model.md",
        )


SHOWN = 30
"""Most problems that an error lists."""
_STATE = "hardware keeps nothing from one sample to the next: make it an input and an output"
_STATIC = (
    "hardware is made for one shape: export without torch.export.Dim, and avoid operations whose result's shape "
    "depends on values (masks, nonzero, unique)"
)


def _live(outputs: list[torch.fx.Node]) -> set[torch.fx.Node]:
    """The nodes that the outputs depend on."""
    live: set[torch.fx.Node] = set()
    stack = list(outputs)
    while stack:
        node = stack.pop()
        if node not in live:
            live.add(node)
            stack.extend(node.all_input_nodes)
    return live
