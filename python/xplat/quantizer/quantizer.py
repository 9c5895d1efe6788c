# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The quantizer: says which tensors of an exported model get which format.

It annotates what xplat itself would round. The result of every operation is rounded, but not that of operations
that only select among their operand's elements (relu, max pooling, reshape, …), which commute with rounding into
fixed point: there the last of a chain is observed, so that no range is spent on values that a relu drops. (What is
selected from blocks forms other blocks and is rounded again.) Values that cannot be negative get no sign (`signs`).
Weights of
linear and convolution are rounded, and with fixed point on both sides their bias too, into 32 bits at the scale of
the products, so that it adds exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch.fx import Node
from torchao.quantization.pt2e import FakeQuantize
from torchao.quantization.pt2e.quantizer import (
    DerivedQuantizationSpec,
    QuantizationAnnotation,
    QuantizationSpec,
    Quantizer,
    SharedQuantizationSpec,
)
from torchao.quantization.pt2e.utils import _fuse_conv_bn_

from xplat.formats import (
    BlockFormat,
    FixedPoint,
    FixedSigns,
    Float32,
    Formats,
    Integer,
    NumberFormat,
    Quantization,
    Signs,
)
from xplat.frontend.capture.locations import Names, origin_of
from xplat.frontend.rules.quantized import CARRYING, SELECTING
from xplat.quantizer.limits import BATCH_NORM, link_limits
from xplat.quantizer.observers import (
    FormatFakeQuantize,
    MovingPerChannelPowerOfTwoObserver,
    MovingPowerOfTwoObserver,
    PerChannelPowerOfTwoObserver,
    PowerOfTwoObserver,
)
from xplat.quantizer.signs import never_negative
from xplat.support.errors import FormatError

aten = torch.ops.aten

WEIGHTED: dict[Any, bool] = {
    aten.linear.default: False,
    aten.conv2d.default: False,
    aten.conv2d.padding: False,
    aten.conv1d.default: False,
    aten.conv1d.padding: False,
    aten.conv_transpose2d.input: True,
}
"""Operations with a weight as second and a bias as third argument; whether the weight's input channels come first."""

_STORAGE = (torch.int8, torch.uint8, torch.int16, torch.uint16)
"""Types in which torch holds stored integers, narrow ones first."""


class XplatQuantizer(Quantizer):  # type: ignore[misc]
    """Targets xplat's number formats in `prepare_pt2e` and `prepare_qat_pt2e` of torchao.

        quantizer = XplatQuantizer("int8")
        prepared = prepare_pt2e(torch.export.export(model, inputs).module(), quantizer)
        prepared(calibration_data)
        converted = convert_pt2e(prepared)
        graph = xplat.import_model(torch.export.export(converted, inputs))

    `quantization`: whatever `xplat.compile(quantize=…)` takes: a name, a mapping, a file with globs.
    `training`: for `prepare_qat_pt2e`: tensors are rounded while the model trains.

    Raises `FormatError` for unknown names, and in preparation for globs that match no module.
    """

    def __init__(
        self, quantization: str | Path | Mapping[str, Any] | Quantization = "int8", *, training: bool = False
    ) -> None:
        super().__init__()
        self.quantization = Quantization.parse(quantization)
        asked = [self.quantization.default, *(formats for _, formats in self.quantization.modules)]
        if signs := [formats.weight for formats in asked if isinstance(formats.weight, Signs | FixedSigns)]:
            raise FormatError(
                f"{signs[0]} weights cannot go through PT2E, which has no such type",
                hint="request them of xplat.quantize, and train with its to_torch()",
            )
        self.training = training
        self._names: dict[Node, str] = {}
        self._never_negative: set[Node] = set()

    def transform_for_annotation(self, model: torch.fx.GraphModule) -> torch.fx.GraphModule:
        """Folds batch normalisation where the weight has a format that torchao cannot fold after training."""
        self._names = _names_of(model)
        for node in model.graph.nodes:
            if node.target in WEIGHTED and not isinstance(self._formats(node).weight, Integer | Float32):
                _fuse_conv_bn_(model)
                _stop_counting(model)
                break
        return model

    def annotate(self, model: torch.fx.GraphModule) -> torch.fx.GraphModule:
        """Writes the annotations that torchao's `prepare` reads."""
        nodes = [node for node in model.graph.nodes if node.op in ("placeholder", "call_function")]
        self._names = _names_of(model)
        self._never_negative = never_negative(nodes)
        self.quantization.check(path for node in nodes for path in (self._names[node], origin_of(node).path) if path)
        sources: dict[Node, Node] = {}
        for node in nodes:
            annotation = QuantizationAnnotation(_annotated=True)
            operand = node.args[0] if node.args and isinstance(node.args[0], Node) else None
            if node.target in CARRYING and operand in sources and not self._regroups(sources[operand]):
                sources[node] = sources[operand]  # rounded already
            elif self._is_rounded_here(node):
                annotation.output_qspec = self._value_spec(node)
                if annotation.output_qspec is not None:
                    sources[node] = node
            if node.target in WEIGHTED:
                self._annotate_weight(node, annotation, sources)
            node.meta["quantization_annotation"] = annotation
        return model

    def validate(self, model: torch.fx.GraphModule) -> None:
        """Every annotation is one that xplat can map: there is nothing left to check."""

    def prepare_obs_or_fq_callback(
        self, model: torch.fx.GraphModule, edge_or_node_to_obs_or_fq: dict[Any, Any]
    ) -> None:
        """Hook of `prepare`: scales of weights leave room for biases and shifts."""
        link_limits(model, edge_or_node_to_obs_or_fq, WEIGHTED)

    # ---- what is rounded, and how

    def _formats(self, node: Node) -> Formats:
        return self.quantization.formats_of(self._names[node])

    def _value_format(self, node: Node) -> NumberFormat:
        """The format of a value is chosen by the node that computes it, in front of those that only select."""
        while node.target in SELECTING and isinstance(node.args[0], Node) and len(node.args[0].users) == 1:
            node = node.args[0]
        form = self._formats(node).value
        assert form is not None
        return form

    def _regroups(self, source: Node) -> bool:
        """Whether what only selects elements of this node's result rounds anew: its blocks have other elements."""
        return isinstance(self._value_format(source), BlockFormat)

    def _is_rounded_here(self, node: Node) -> bool:
        value = node.meta.get("val")
        if not isinstance(value, torch.Tensor) or not value.dtype.is_floating_point or not node.users:
            return False
        user = next(iter(node.users))
        if len(node.users) > 1:
            return True
        if user.target in BATCH_NORM and node.target in WEIGHTED:
            return False
        # Rounding may wait for the end of the chain; not into a block format, whose scale a relu would change.
        return not (user.target in SELECTING and isinstance(self._value_format(node), Integer))

    def _value_spec(self, node: Node) -> QuantizationSpec | None:
        form = self._value_format(node)
        if isinstance(form, Integer):
            if form.signed is None and node in self._never_negative:
                form = Integer(form.width, signed=False)
            return self._integer_spec(form, PowerOfTwoObserver, MovingPowerOfTwoObserver)
        return self._format_spec(form, form.block_axis(max(node.meta["val"].dim(), 1)))

    def _annotate_weight(self, node: Node, annotation: QuantizationAnnotation, sources: dict[Node, Node]) -> None:
        formats = self._formats(node)
        form, weight = formats.weight, node.args[1]
        if form is None or not isinstance(weight, Node) or weight.op != "get_attr":
            return
        transposed = WEIGHTED[node.target]
        per_channel = formats.per_channel is not False and not transposed
        if not isinstance(form, Integer):
            spec = self._format_spec(form, _summed_axis(list(weight.meta["val"].shape), transposed))
        elif per_channel:
            spec = self._integer_spec(
                form, PerChannelPowerOfTwoObserver, MovingPerChannelPowerOfTwoObserver, axis=0, averaging=1.0
            )
        else:
            spec = self._integer_spec(form, PowerOfTwoObserver, MovingPowerOfTwoObserver, averaging=1.0)
        if spec is None:
            return
        value, bias = node.args[0], node.args[2] if len(node.args) > 2 else None
        assert isinstance(value, Node)
        operand = sources.get(value)
        # Readers of one weight or bias have operands and results of their own, so each has scales of its own.
        annotation.allow_implicit_sharing = False
        # torchao expects value, weight and bias in this order. A value that was rounded on its way is not again.
        annotation.input_qspec_map[value] = SharedQuantizationSpec(value) if operand is value else None
        annotation.input_qspec_map[weight] = spec
        exact = operand is not None and isinstance(self._value_format(operand), Integer)
        if isinstance(form, Integer) and exact and isinstance(bias, Node) and bias.op == "get_attr":
            annotation.input_qspec_map[bias] = DerivedQuantizationSpec(
                derived_from=[operand, (weight, node)],
                derive_qparams_fn=_product_scale,
                dtype=torch.int32,
                quant_min=-(1 << 31),
                quant_max=(1 << 31) - 1,
                qscheme=torch.per_channel_symmetric if per_channel else torch.per_tensor_symmetric,
                ch_axis=0 if per_channel else None,
            )

    def _integer_spec(
        self, form: Integer, observer: Any, moving: Any, *, axis: int | None = None, averaging: float = 0.01
    ) -> QuantizationSpec:
        constructor = observer
        if self.training:
            arguments = {"averaging_constant": averaging} | ({} if axis is None else {"ch_axis": axis})
            constructor = FakeQuantize.with_args(observer=moving.with_args(**arguments))
        stored = FixedPoint(form.width, (0,), unsigned=form.signed is False)
        limits = ((kind, torch.iinfo(kind)) for kind in _STORAGE)
        return QuantizationSpec(
            dtype=next(kind for kind, info in limits if info.min <= stored.minimum and stored.maximum <= info.max),
            observer_or_fake_quant_ctr=constructor,
            quant_min=stored.minimum,
            quant_max=stored.maximum,
            qscheme=torch.per_tensor_symmetric if axis is None else torch.per_channel_symmetric,
            ch_axis=axis,
        )

    def _format_spec(self, form: NumberFormat, axis: int) -> QuantizationSpec | None:
        if isinstance(form, Float32):
            return None
        constructor = FormatFakeQuantize.with_args(form=form.name, axis=axis, enabled=self.training)
        return QuantizationSpec(dtype=torch.float32, observer_or_fake_quant_ctr=constructor)


def _names_of(model: torch.fx.GraphModule) -> dict[Node, str]:
    """Names of the nodes for users: numbered where several have one name."""
    names = Names(model.graph)
    nodes = (node for node in model.graph.nodes if node.op in ("placeholder", "call_function"))
    return {node: names.name(node) for node in nodes}


def _stop_counting(model: torch.fx.GraphModule) -> None:
    """Erases what counts batches for batch normalisation that has been folded."""
    for node in list(model.graph.nodes):
        counts = node.target is aten.add_.Tensor and not node.users and isinstance(node.args[0], Node)
        if counts and str(node.args[0].target).endswith("num_batches_tracked"):
            model.graph.erase_node(node)
    model.graph.eliminate_dead_code()
    model.recompile()


def _summed_axis(shape: list[int], transposed: bool) -> int:
    """Where blocks of a weight run: along the dimension that products sum over, or the channels if that is one."""
    summed = 0 if transposed else 1
    return (1 - summed if shape[summed] == 1 else summed) - len(shape)


def _product_scale(observers: list[Any]) -> tuple[torch.Tensor, torch.Tensor]:
    """The scale of products of a value and a weight, from the observers of both."""
    value, weight = (observer.calculate_qparams()[0] for observer in observers)
    scale = value * weight
    return scale, torch.zeros_like(scale, dtype=torch.int64)
