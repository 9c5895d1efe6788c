# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Limits on the scale of a weight beyond its own values: its bias, and the shift that the result needs.

A bias has 32 bits at the scale of the products, which is the operand's scale times the weight's, and kernels shift the
sum by -32 to 31 bits to get the result. So a weight has a coarser scale where its bias is large beside it. The rule is
that of `xplat-quantize`, which is asked (`weight_fractional_bits`); here is only what it has to be told.

Observers of torchao see one tensor each. `link_limits`, which `prepare` calls before it inserts them, tells the
observer of each weight about those of operand and result, and puts a `BiasWatch` in front of it, which sees the bias
before the weight is rounded, whenever the model runs, and once more when it is converted. In training, torchao adds a
batch normalisation's shift behind the convolution; it becomes a bias in conversion, so it is watched as one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.fx import GraphModule, Node
from torchao.quantization.pt2e import FakeQuantize, ObserverBase

from xplat.dialects import xplat as xp
from xplat.formats import FixedPoint
from xplat.formats.fixed import STORAGE_WIDTH
from xplat.frontend.capture.locations import origin_of
from xplat.frontend.rules.quantized import CARRYING, SELECTING
from xplat.quantizer.observers import PowerOfTwo, magnitudes
from xplat.support.errors import CalibrationError

aten = torch.ops.aten

BATCH_NORM = {aten.batch_norm.default, aten._native_batch_norm_legit.default, aten.cudnn_batch_norm.default}


@dataclass
class WeightLimits:
    """Inputs to the scale of one node's weight. `operand`, `result`: their observers, where fixed point."""

    name: str
    operand: Any = None
    result: Any = None
    bias: list[float] = field(default_factory=list)
    """Magnitude of each channel of the bias, as last seen; empty without one."""

    def scale(self, minimum: torch.Tensor, maximum: torch.Tensor, width: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Scales (float32) and zero points of the weight, for each slice whose extremes are given.

        Raises `CalibrationError` for values that are not finite, and for a bias that no scale leaves room for.
        """
        absmax = magnitudes(minimum, maximum)
        operand, bias = _fractional_bits(self.operand), self.bias if self.operand is not None else []
        bits = xp.weight_fractional_bits(
            absmax.double().tolist(), width, bias, operand_bits=operand, result_bits=_fractional_bits(self.result)
        )
        if operand is not None and bias:
            sums = FixedPoint(STORAGE_WIDTH, tuple(one + operand for one in bits), per_channel=True)
            limits = (sums.maximum * sums.scale(1)).expand(max(len(bias), len(bits)))
            for channel, (magnitude, limit) in enumerate(zip(bias, limits.tolist(), strict=False)):
                if magnitude > limit:
                    raise CalibrationError(
                        f"'{self.name}': channel {channel} of the bias is {magnitude:g}, but {STORAGE_WIDTH} bits at "
                        f"the scale of the products hold at most {limit:g}",
                        hint="scale the model's values down, or give the layer's weight a format such as fp32",
                    )
        scale = torch.tensor([2.0**-one for one in bits], dtype=torch.float64, device=absmax.device)
        return scale.to(torch.float32), torch.zeros_like(scale, dtype=torch.int64)


class BiasWatch(ObserverBase):  # type: ignore[misc]
    """Passes a weight on and notes the magnitude of the bias that the sum of its products gets.

    Called with the weight and the bias; before a batch normalisation also with the normalisation's weight, bias, mean
    and variance, which conversion folds into the bias. A tensor that there is none of is None.
    """

    def __init__(self, limits: WeightLimits, epsilon: float) -> None:
        super().__init__(dtype=torch.float32)
        self.limits, self.epsilon = limits, epsilon

    def forward(self, weight: torch.Tensor, *parts: torch.Tensor | None) -> torch.Tensor:
        self._note(parts)
        return weight

    def calculate_qparams(self, **_: Any) -> Any:
        raise CalibrationError("a watch rounds nothing, so it has no scale")

    def convert(self, model: GraphModule, node: Node) -> None:
        """Hook of `convert_pt2e`: notes the bias as training has left it, and takes this module out."""
        self._note([None if part is None else _tensor(model, str(part.target)) for part in _nodes(node.args[1:])])
        weight = node.args[0]
        assert isinstance(weight, Node)
        node.replace_all_uses_with(weight)
        model.graph.erase_node(node)

    @torch.no_grad()
    def _note(self, parts: Sequence[torch.Tensor | None]) -> None:
        bias, *normalisation = (None if part is None else part.double() for part in parts)
        if normalisation:
            weight, shift, mean, variance = normalisation
            assert mean is not None and variance is not None
            bias = (-mean if bias is None else bias - mean) / torch.sqrt(variance + self.epsilon)
            bias = bias if weight is None else bias * weight
            bias = bias if shift is None else bias + shift
        assert bias is not None
        if not bool(bias.isfinite().all()):
            raise CalibrationError(f"'{self.limits.name}': the bias has values that are NaN or infinite")
        self.limits.bias = bias.abs().reshape(-1).tolist()


def link_limits(model: GraphModule, observers: Mapping[Any, Any], weighted: Collection[Any]) -> None:
    """Gives the observers of fixed-point weights their limits, and watches over the biases.

    `observers`: by node (of its result) and by pair of nodes (of the second one's operand). `weighted`: operations
    with a weight as second and a bias as third argument.
    """
    for node in list(model.graph.nodes):
        if node.target not in weighted:
            continue
        weight = _exact(observers.get((node.args[1], node)))
        if weight is None:
            continue
        limits = weight.limits = WeightLimits(origin_of(node).path or node.name)
        value, norm = node.args[0], _normalisation(node)
        while value not in observers and value.target in CARRYING:
            value = value.args[0]
        if _exact(observers.get(value)) is None:
            continue
        limits.operand, result = observers[value], norm or node
        while result not in observers and len(result.users) == 1 and next(iter(result.users)).target in SELECTING:
            result = next(iter(result.users))
        if _exact(observers.get(result)) is not None:
            limits.result = observers[result]
        _watch(model, node, norm, limits)
    model.recompile()


def _watch(model: GraphModule, node: Node, norm: Node | None, limits: WeightLimits) -> None:
    """Puts a watch between the weight of a node and the node, if there is a bias."""
    bias = node.args[2] if len(node.args) > 2 else None
    epsilon = 0.0
    parts: list[Any] = [bias]
    if norm is not None:
        # In torchao's pattern for training the convolution adds zeros, shaped like the bias that comes later.
        parts = [bias.args[0] if isinstance(bias, Node) else None, *norm.args[1:5]]
        epsilon = float(norm.args[7])  # type: ignore[arg-type]
    elif not isinstance(bias, Node) or bias.op != "get_attr":
        return
    assert isinstance(node.args[1], Node)
    watch, number = BiasWatch(limits, epsilon), 0
    while hasattr(model, f"bias_watch_{number}"):
        number += 1
    model.add_submodule(f"bias_watch_{number}", watch)
    with model.graph.inserting_before(node):
        read = [part if part is None else model.graph.get_attr(str(part.target)) for part in _nodes(parts)]
        watched = model.graph.call_module(f"bias_watch_{number}", (node.args[1], *read))
    watched.meta = {key: value for key, value in node.args[1].meta.items() if key in ("val", "nn_module_stack")}
    node.update_arg(1, watched)


def _normalisation(node: Node) -> Node | None:
    """The batch normalisation whose scale torchao has multiplied into the weight for training."""
    weight = node.args[1]
    if isinstance(weight, Node) and weight.op == "get_attr":
        return None
    while len(node.users) == 1:
        node = next(iter(node.users))
        if node.target in BATCH_NORM:
            return node
        if node.target not in (aten.div.Tensor, aten.add.Tensor):
            break
    return None


def _exact(observer: Any) -> PowerOfTwo | None:
    """The observer of fixed point, itself or what fake quantization holds; None for other formats."""
    inner = observer.activation_post_process if isinstance(observer, FakeQuantize) else observer
    return inner if isinstance(inner, PowerOfTwo) else None


def _fractional_bits(observer: Any) -> int | None:
    """F of a tensor; None without an observer, or while it has seen nothing: in the first step of a training."""
    inner = _exact(observer)
    if inner is None or not bool(inner.max_val.isfinite().all()):
        return None
    return -int(torch.log2(inner.calculate_qparams()[0]))


def _nodes(values: Sequence[Any]) -> list[Node | None]:
    return [value if isinstance(value, Node) else None for value in values]


def _tensor(model: torch.nn.Module, name: str) -> torch.Tensor:
    path, _, last = name.rpartition(".")
    tensor = getattr(model.get_submodule(path), last)
    assert isinstance(tensor, torch.Tensor)
    return tensor
