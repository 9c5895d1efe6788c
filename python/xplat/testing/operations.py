# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations of random modules: on one tensor and on two.

Each maker draws options that fit the shape of its operands and returns a function on tensors; it raises when
nothing fits. What it keeps (layers, parameters, buffers) it hands to the module through `owner.add`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Function = Callable[..., Any]


@dataclass(frozen=True)
class Maker:
    """`make(owner, *operands)` returns a function on `operands` tensors, which are floating point or integers."""

    label: str
    make: Callable[..., Function]
    operands: int = 1
    floating: bool = True


# ---- on one tensor

_ELEMENTWISE: dict[str, Function] = {
    "relu": torch.relu,
    "relu6": F.relu6,
    "hardtanh": lambda x: F.hardtanh(x, -0.5, 0.7),
    "clamp": lambda x: x.clamp(-1.0, 0.8),
    "clamp_min": lambda x: x.clamp(min=-0.4),
    "clamp_max": lambda x: torch.clamp(x, max=0.9),
    "hardswish": F.hardswish,
    "hardsigmoid": F.hardsigmoid,
    "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "exp": lambda x: torch.exp(-x.abs()),
    "log": lambda x: torch.log(x.abs() + 1),
    "sqrt": lambda x: torch.sqrt(x * x + 0.1),
    "rsqrt": lambda x: torch.rsqrt(x.pow(2) + 0.5),
    "reciprocal": lambda x: torch.reciprocal(x.square() + 1),
    "erf": torch.erf,
    "sin": torch.sin,
    "cos": torch.cos,
    "leaky_relu": lambda x: F.leaky_relu(x, 0.2),
    "scalars": lambda x: 2 * x - 1 + x / 3 - (1 - x),
    "rsub": lambda x: torch.rsub(x, 2.0, alpha=0.5),
    "scalar_power": lambda x: 1.1 ** x.clamp(-2, 2),
    "divided": lambda x: 1 / (x * x + 1),
    # Operations without an op of xplat's own.
    "elu": F.elu,
    "softplus": F.softplus,
    "mish": F.mish,
    "selu": F.selu,
    "logsigmoid": F.logsigmoid,
    "softsign": F.softsign,
    "tan_h_shrink": F.tanhshrink,
    "atan": torch.atan,
    "erfc": torch.erfc,
    "nan_to_num": torch.nan_to_num,
    "rrelu": lambda x: F.rrelu(x),
    "glu": lambda x: F.glu(x, -1),
    # Types, copies, what does nothing.
    "double": lambda x: x.double().float(),
    "half_and_back": lambda x: x.to(x.dtype).contiguous().detach().clone(),
    "dropout": lambda x: F.dropout(x, 0.5, training=False),
    "integers_and_back": lambda x: x + torch.ones(x.shape[-1], dtype=torch.int64).float(),
}

_SHAPES: dict[str, Function] = {
    "flatten": lambda x: x.flatten(1),
    "transpose": lambda x: x.transpose(-1, -2),
    "swapaxes": lambda x: torch.swapaxes(x, 1, -1),
    "movedim": lambda x: x.movedim(-1, 1),
    "unsqueeze": lambda x: x.unsqueeze(1),
    "squeeze": lambda x: x.squeeze(-1),
    "view": lambda x: x.view(1, -1),
    "reshape": lambda x: x.transpose(1, -1).reshape(1, x.shape[-1], -1),
    "unflatten": lambda x: x.unflatten(-1, (2, -1)),
    "expand": lambda x: x.unsqueeze(1).expand(-1, 3, *x.shape[1:]),
    "repeat": lambda x: x.repeat(1, *[2] * (x.dim() - 1)),
    "tile": lambda x: torch.tile(x, (2,)),
    "repeat_interleave": lambda x: x.repeat_interleave(3, dim=-1),
    "slice": lambda x: x[..., 1::2],
    "negative_slice": lambda x: x[..., -3:-1],
    "select": lambda x: x[..., -1],
    "narrow": lambda x: x.narrow(-1, 1, 2),
    "ellipsis": lambda x: x[:, None, ..., 0],
    "chunk": lambda x: torch.chunk(x, 2, -1),
    "split": lambda x: torch.split(x, [1, x.shape[-1] - 1], -1)[1],
    "unbind": lambda x: x.unbind(1)[0],
    "rotate_half": lambda x: torch.cat((-x[..., x.shape[-1] // 2 :], x[..., : x.shape[-1] // 2]), -1),
    "flip": lambda x: x.flip(-1),
    "roll": lambda x: x.roll(1, -1),
    "pad": lambda x: F.pad(x, (1, 2)),
    "pad_negative": lambda x: F.pad(x, (-1, 1), value=0.5),
    "reflect": lambda x: F.pad(x, (1, 1), mode="reflect"),
    "unfold": lambda x: x.unfold(-1, 2, 1),
    "diagonal": lambda x: x.diagonal(dim1=-2, dim2=-1),
    "tril": torch.tril,
    "pixel_shuffle": lambda x: F.pixel_shuffle(x, 2),
    "as_is": lambda x: x,
}

_REDUCTIONS: dict[str, Function] = {
    "sum": lambda x: x.sum(-1),
    "sum_all": lambda x: x.sum().tanh(),
    "mean": lambda x: x.mean(-1, keepdim=True),
    "mean_dims": lambda x: x.mean((-2, -1)),
    "amax": lambda x: x.amax(-1),
    "max": lambda x: x.max(-1).values,
    "max_all": lambda x: x.max(),
    "min": lambda x: x.min(-1, keepdim=True)[0],
    "softmax": lambda x: x.softmax(-1),
    "softmax_first": lambda x: F.softmax(x, 1),
    "log_softmax": lambda x: F.log_softmax(x, -1),
    "logsumexp": lambda x: torch.logsumexp(x, -1),
    "normalize": lambda x: F.normalize(x + 0.3, dim=-1),
    "variance": lambda x: x.var(-1, unbiased=False, keepdim=True),
    "cumsum": lambda x: x.cumsum(-1),
    "prod": lambda x: x.tanh().prod(-1),
    "layer_norm": lambda x: F.layer_norm(x, x.shape[-1:]),
    "norm_by_hand": lambda x: (x - x.mean(-1, keepdim=True)) / (x.std(-1, keepdim=True) + 1),
}

_IN_PLACE: dict[str, Function] = {
    "add_": lambda x: x.clone().add_(1).mul_(0.5),
    "relu_": lambda x: F.relu(x.clone(), inplace=True),
    "assign": lambda x: _assigned(x),
    "assign_slice": lambda x: _assigned_slice(x),
    "masked_fill_": lambda x: x.clone().masked_fill_(torch.arange(x.shape[-1]) > 1, 0.25),
    "in_place_on_view": lambda x: _changed_view(x),
    # Of the value itself, which other steps may read before and after.
    "shared_add_": lambda x: x.add_(0.125),
    "shared_mul_": lambda x: x.mul_(0.75),
    "shared_view": lambda x: x.view(-1)[:2].sub_(0.5),
}


def _assigned(x: Tensor) -> Tensor:
    y = x.clone()
    y[..., 0] = 0.5
    return y


def _assigned_slice(x: Tensor) -> Tensor:
    y = torch.zeros_like(x)
    y[..., 1:] = x[..., :-1]
    y[..., 0] += 1
    return y


def _changed_view(x: Tensor) -> Tensor:
    y = x.clone()
    y.transpose(-1, -2)[..., 0].add_(1.5)
    return y * 2


def _linear(owner: Any, x: Tensor) -> Function:
    layers = [part for part in owner.parts if isinstance(part, nn.Linear) and part.in_features == x.shape[-1]]
    if layers and owner.rng.random() < 0.5:
        return owner.rng.choice(layers)  # a shared layer
    layer = nn.Linear(x.shape[-1], owner.rng.choice((1, 2, 3, 5, 8)), bias=owner.rng.random() < 0.7)
    same = [part for part in owner.parts if isinstance(part, nn.Linear) and part.weight.shape == layer.weight.shape]
    if same and owner.rng.random() < 0.7:
        layer.weight = same[0].weight  # tied
    return owner.add(layer)


def _tied_head(owner: Any, x: Tensor) -> Function:
    tables = [parameter for parameter in owner.parameters() if parameter.dim() == 2 and x.shape[-1] in parameter.shape]
    table = owner.rng.choice(tables)
    if table.shape[1] == x.shape[-1]:
        return lambda x: F.linear(x, table)
    return owner.rng.choice((lambda x: x @ table, lambda x: F.linear(x, table.t())))


def _conv(owner: Any, x: Tensor) -> Function:
    rng, dims, channels = owner.rng, x.dim() - 2, x.shape[1]
    kind = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}[dims]
    groups = rng.choice([g for g in (1, 1, 2, channels) if channels % g == 0])
    kernel = rng.choice((1, 2, 3))
    return owner.add(
        kind(
            channels,
            groups * rng.choice((1, 2, 3)),
            kernel,
            stride=rng.choice((1, 1, 2)),
            padding=rng.choice((0, kernel // 2, "same")) if kernel > 1 else 0,
            dilation=rng.choice((1, 1, 1, 2)),
            groups=groups,
            bias=rng.random() < 0.7,
        )
    )


def _conv_transpose(owner: Any, x: Tensor) -> Function:
    rng, kind = owner.rng, {3: nn.ConvTranspose1d, 4: nn.ConvTranspose2d}[x.dim()]
    stride = rng.choice((1, 2))
    extra = rng.choice((0, stride - 1))
    return owner.add(kind(x.shape[1], rng.choice((1, 3)), rng.choice((2, 3)), stride=stride, output_padding=extra))


def _batch_norm(owner: Any, x: Tensor) -> Function:
    kind = {2: nn.BatchNorm1d, 3: nn.BatchNorm1d, 4: nn.BatchNorm2d, 5: nn.BatchNorm3d}[x.dim()]
    layer = owner.add(kind(x.shape[1], affine=owner.rng.random() < 0.7))
    layer.running_mean.normal_(0, 0.3)
    layer.running_var.uniform_(0.5, 1.5)
    return layer


def _norm(owner: Any, x: Tensor) -> Function:
    return owner.add(
        owner.rng.choice(
            (
                lambda: nn.LayerNorm(x.shape[-1]),
                lambda: nn.LayerNorm(x.shape[-2:], elementwise_affine=False),
                lambda: nn.RMSNorm(x.shape[-1], eps=1e-5),
                lambda: nn.GroupNorm(1, x.shape[1]),
                lambda: {3: nn.InstanceNorm1d, 4: nn.InstanceNorm2d}[x.dim()](x.shape[1]),
            )
        )()
    )


def _pool(owner: Any, x: Tensor) -> Function:
    one = {
        3: (nn.MaxPool1d(2), nn.AvgPool1d(2, padding=1), nn.AdaptiveAvgPool1d(1), nn.MaxPool1d(3, ceil_mode=True)),
        4: (
            nn.MaxPool2d(2),
            nn.AvgPool2d(2, stride=1),
            nn.AdaptiveAvgPool2d(1),
            nn.AdaptiveAvgPool2d(3),
            nn.MaxPool2d(3, 2, padding=1, ceil_mode=True),
            nn.AvgPool2d(3, padding=1, count_include_pad=False),
            nn.AdaptiveMaxPool2d(2),
            nn.LPPool2d(2, 2),
        ),
    }
    return owner.add(owner.rng.choice(one[x.dim()]))


def _upsample(owner: Any, x: Tensor) -> Function:
    options: tuple[dict[str, Any], ...] = (
        {"scale_factor": 2},
        {"size": tuple(extent + 1 for extent in x.shape[2:])},
        {"scale_factor": 1.5},
        {"scale_factor": 2, "mode": "bilinear"},
    )
    chosen = owner.rng.choice(options)
    return lambda x: F.interpolate(x, **chosen)


def _attention(owner: Any, x: Tensor) -> Function:
    rng, width, length = owner.rng, x.shape[-1], x.shape[-2]
    causal, scale = rng.random() < 0.3, rng.choice((None, 0.25))
    kind = rng.choice(("plain", "mask", "bool", "heads", "layer", "grouped"))
    if kind == "layer":
        layer = owner.add(nn.MultiheadAttention(width, 1, batch_first=True))
        return lambda x: layer(x, x, x, need_weights=False)[0]
    if kind == "mask":
        mask = owner.add(torch.randn(length, length))
        return lambda x: F.scaled_dot_product_attention(x, x, x, attn_mask=mask, scale=scale)
    if kind == "bool":
        return lambda x: F.scaled_dot_product_attention(
            x, x, x, attn_mask=torch.ones(length, length, dtype=torch.bool).tril()
        )
    if kind == "heads":

        def split(x: Tensor) -> Tensor:
            return x.unflatten(-1, (2, -1)).transpose(-2, -3)

        return lambda x: F.scaled_dot_product_attention(split(x), split(x), split(x), is_causal=causal).transpose(
            -2, -3
        )
    if kind == "grouped":

        def grouped(x: Tensor) -> Tensor:
            query, key = (x.reshape(1, 1, -1, width).expand(1, heads, -1, width) for heads in (4, 2))
            return F.scaled_dot_product_attention(query, key, key, enable_gqa=True)

        return grouped
    return lambda x: F.scaled_dot_product_attention(x, x * 0.5, x, is_causal=causal, scale=scale)


def _recurrent(owner: Any, x: Tensor) -> Function:
    layer = owner.add(owner.rng.choice((nn.LSTM, nn.GRU, nn.RNN))(x.shape[-1], 3, batch_first=True))
    if x.dim() != 3:
        raise ValueError("a sequence is expected")
    return lambda x: layer(x)[0]


def _encoder(owner: Any, x: Tensor) -> Function:
    if x.dim() != 3:
        raise ValueError("a sequence is expected")
    return owner.add(
        nn.TransformerEncoderLayer(x.shape[-1], 1, 6, batch_first=True, norm_first=owner.rng.random() < 0.5)
    )


def _parameter(owner: Any, x: Tensor) -> Function:
    weight = owner.add(nn.Parameter(torch.randn(x.shape[-1]) * 0.5))
    square = owner.add(nn.Parameter(torch.randn(x.shape[-1], x.shape[-1]) * 0.3))
    return owner.rng.choice(
        (
            lambda x: x * weight,
            lambda x: x + weight.unsqueeze(0).abs(),
            lambda x: x @ square,
            lambda x: F.linear(x, square.tanh(), weight),
            lambda x: F.linear(x, square.t(), weight * 2),
            lambda x: torch.cat([x, weight.expand_as(x)], -1),
            lambda x: torch.addmm(weight, x.reshape(-1, x.shape[-1]), square, alpha=0.5),
            lambda x: torch.matmul(x, weight),
            lambda x: torch.einsum("...i,ij->...j", x, square),
            lambda x: F.prelu(x.flatten(1), weight[:1]),
            lambda x: F.layer_norm(x, x.shape[-1:], weight, weight.abs()),
        )
    )


def _buffer(owner: Any, x: Tensor) -> Function:
    table = owner.add(torch.randn(x.shape[-1]))
    return owner.rng.choice(
        (
            lambda x: x + table,
            lambda x: torch.where(table > 0, x, -x),
            lambda x: x * torch.tensor([0.5, -1.0])[0],
            lambda x: x + torch.arange(x.shape[-1]) * 0.1,
            lambda x: x + torch.full((x.shape[-1],), 0.25) + torch.zeros(1),
            lambda x: x.index_select(-1, torch.tensor([0, 0])),
            lambda x: x[..., torch.arange(x.shape[-1]).flip(0)],
            lambda x: x.masked_fill(torch.ones(x.shape[-1], dtype=torch.bool).triu(), 0.0),
            lambda x: torch.linspace(0, 1, x.shape[-1]) * x,
            lambda x: x.new_ones(x.shape[-1]) - x,
        )
    )


def _weight_norm(owner: Any, x: Tensor) -> Function:
    return owner.add(torch.nn.utils.parametrizations.weight_norm(nn.Linear(x.shape[-1], 4)))


class _Block(nn.Module):
    """A module of the user's own inside another."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(width, 6), nn.ReLU(inplace=True), nn.Linear(6, width))
        self.scale = nn.Parameter(torch.ones(()))

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            y = self.body(x) * self.scale
        return x + y


def fixed(table: dict[str, Function]) -> list[Maker]:
    """Makers of functions without options."""

    def always(function: Function) -> Callable[..., Function]:
        return lambda owner, *operands: function

    return [Maker(label, always(function)) for label, function in table.items()]


SINGLE = (
    *fixed(_ELEMENTWISE),
    *fixed(_SHAPES),
    *fixed(_REDUCTIONS),
    *fixed(_IN_PLACE),
    *[Maker("linear", _linear)] * 8,
    *[Maker("conv", _conv)] * 8,
    *[Maker("parameter", _parameter)] * 8,
    *[Maker("buffer", _buffer)] * 6,
    *[Maker("attention", _attention)] * 6,
    *[Maker("batch_norm", _batch_norm)] * 3,
    *[Maker("norm", _norm)] * 4,
    *[Maker("pool", _pool)] * 6,
    *[Maker("upsample", _upsample)] * 2,
    *[Maker("tied_head", _tied_head)] * 4,
    Maker("conv_transpose", _conv_transpose),
    Maker("weight_norm", _weight_norm),
    Maker("recurrent", _recurrent),
    Maker("encoder", _encoder),
    Maker("block", lambda owner, x: owner.add(_Block(x.shape[-1]))),
)

# ---- on two tensors

_PAIRS: dict[str, Function] = {
    "add": lambda a, b: a + b,
    "add_alpha": lambda a, b: torch.add(a, b, alpha=0.5),
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / (b.abs() + 1),
    "maximum": torch.maximum,
    "minimum": lambda a, b: torch.min(a, b),
    "matmul": lambda a, b: a @ b,
    "matmul_transposed": lambda a, b: a @ b.transpose(-1, -2),
    "outer": lambda a, b: torch.einsum("bi,bj->bij", a.flatten(1), b.flatten(1)),
    "bmm": lambda a, b: torch.bmm(a, b.mT),
    "cat": lambda a, b: torch.cat([a, b], -1),
    "cat_rows": lambda a, b: torch.cat((a, b, a), 1),
    "stack": lambda a, b: torch.stack([a, b], 1),
    "attention": lambda a, b: F.scaled_dot_product_attention(a, b, b),
    "where": lambda a, b: torch.where(torch.arange(a.shape[-1]) < 2, a, b),
    "hypot": torch.hypot,
    "copy_": lambda a, b: torch.zeros_like(a).copy_(b),
    "lerp": lambda a, b: torch.lerp(a, b, 0.25),
    "gate": lambda a, b: a * torch.sigmoid(b),
    "baddbmm": lambda a, b: torch.baddbmm(a, a, b, beta=0.5),
    "broadcast": lambda a, b: a.mean(-1, keepdim=True) + b,
    "cdist": lambda a, b: torch.exp(-torch.cdist(a, b)),
    "add_in_place": lambda a, b: a.add_(b, alpha=0.5),
}


JOINING = tuple(replace(maker, operands=2) for maker in fixed(_PAIRS))
