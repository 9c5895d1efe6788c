# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small models drawn at random, of kinds that hardware shall take: Conv1d, flattened images, constants of the model.

Each kind is a function from a random generator to a model in evaluation mode and a batch of its inputs. Everything in
them has a kernel or costs nothing, so that a refusal is a fault.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

Drawn = tuple[nn.Module, torch.Tensor]
SAMPLES = 16


class _Calls(nn.Module):
    """A module that is written as a function of itself and its input."""

    def __init__(self, function: Callable[[Any, torch.Tensor], torch.Tensor], **parts: object) -> None:
        super().__init__()
        self.function = function
        for name, part in parts.items():
            if isinstance(part, torch.Tensor) and not isinstance(part, nn.Parameter):
                self.register_buffer(name, part)
            else:
                setattr(self, name, part)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        function: Any = self.function
        result: torch.Tensor = function(self, x)
        return result


def draw(kind: str, seed: int) -> Drawn:
    """The model of a seed and `SAMPLES` inputs; `kind` is one of `KINDS`. The same seed gives the same model."""
    torch.manual_seed(seed)
    model, x = KINDS[kind](random.Random(seed))
    with torch.no_grad():
        model.train()
        for _ in range(20):  # statistics of batch normalisations
            model(x + 0.1 * torch.randn_like(x))
    return model.eval(), x


def _activation(rng: random.Random) -> nn.Module:
    return rng.choice([nn.ReLU(), nn.ReLU6(), nn.LeakyReLU(0.125), nn.Identity()])


# ---- one dimension


def _block1d(rng: random.Random, inputs: int, outputs: int) -> list[nn.Module]:
    kernel = rng.choice([1, 3, 5])
    grouped = inputs == outputs and rng.random() < 0.3
    parts: list[nn.Module] = [
        nn.Conv1d(
            inputs, outputs, kernel, padding=kernel // 2, groups=inputs if grouped else 1, bias=rng.random() < 0.7
        )
    ]
    if rng.random() < 0.5:
        parts.append(nn.BatchNorm1d(outputs))
    parts.append(_activation(rng))
    if rng.random() < 0.3:
        parts.append(rng.choice([nn.MaxPool1d, nn.AvgPool1d])(2))
    return parts


def conv1d(rng: random.Random) -> Drawn:
    """A network of one-dimensional convolutions: channels first or last, with or without a head, perhaps a residual."""
    channels, length = rng.choice([1, 2, 4]), rng.choice([8, 12, 16])
    width = rng.choice([4, 6, 8])
    body = nn.Sequential(*_block1d(rng, channels, width), *_block1d(rng, width, width))
    x = torch.randn(SAMPLES, channels, length)
    with torch.no_grad():
        left = body.eval()(x).shape[2]
    head = rng.choice(["none", "pool", "flatten", "tokens", "residual"])
    if head == "residual":
        inner = nn.Conv1d(width, width, 3, padding=1)
        return _Calls(lambda m, x: torch.relu(m.body(x) + m.inner(m.body(x))), body=body, inner=inner), x
    if head == "tokens":
        linear = nn.Linear(width, 5)
        return _Calls(lambda m, x: m.linear(m.body(x).transpose(1, 2)), body=body, linear=linear), x
    parts: list[nn.Module] = [body]
    if head == "pool":
        parts += [nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(width, 5)]
    elif head == "flatten":
        parts += [nn.Flatten(), nn.Linear(width * left, 5)]
    model = nn.Sequential(*parts)
    if head != "none" or rng.random() < 0.5:
        return model, x
    # Channels last outside.
    return _Calls(lambda m, x: m.model(x.transpose(1, 2)).transpose(1, 2), model=model), x.transpose(1, 2).contiguous()


# ---- flattened images


def flatten(rng: random.Random) -> Drawn:
    """A convolution network whose image becomes a vector, or a vector that becomes an image."""
    channels, size = rng.choice([2, 4, 6]), rng.choice([4, 5])
    image = torch.randn(SAMPLES, 3, size, size)
    convolution = nn.Sequential(nn.Conv2d(3, channels, 3, padding=1), _activation(rng))
    elements = channels * size * size
    kind = rng.choice(["output", "norm", "sum", "unflatten", "tokens", "input", "both"])
    if kind == "output":
        return nn.Sequential(convolution, nn.Flatten()), image
    if kind == "norm":
        return nn.Sequential(
            convolution, nn.Flatten(), nn.BatchNorm1d(elements), _activation(rng), nn.Linear(elements, 5)
        ), image
    if kind == "sum":
        other = nn.Conv2d(3, channels, 1)
        return _Calls(
            lambda m, x: m.linear(m.a(x).flatten(1) + m.b(x).flatten(1)),
            a=convolution,
            b=other,
            linear=nn.Linear(elements, 5),
        ), image
    if kind == "unflatten":
        vector = nn.Sequential(nn.Linear(8, 3 * size * size), _activation(rng), nn.Unflatten(1, (3, size, size)))
        return nn.Sequential(vector, convolution), torch.randn(SAMPLES, 8)
    if kind == "tokens":
        return _Calls(
            lambda m, x: m.linear(m.body(x).flatten(2).transpose(1, 2)), body=convolution, linear=nn.Linear(channels, 5)
        ), image
    if kind == "input":
        return nn.Sequential(nn.Flatten(), nn.Linear(3 * size * size, 6), _activation(rng), nn.Linear(6, 3)), image
    return nn.Sequential(
        convolution,
        nn.Flatten(),
        nn.Linear(elements, elements),
        _activation(rng),
        nn.Unflatten(1, (channels, size, size)),
        nn.Conv2d(channels, 3, 3),
    ), image


# ---- constants


def _constant(rng: random.Random, shape: tuple[int, ...], channel: int) -> torch.Tensor | float:
    """A constant for a value of `shape`, whose channels are dimension `channel`: a number, or one that broadcasts."""
    kind = rng.choice(["number", "scalar", "channel", "channel", "whole"])
    if kind == "number":
        return rng.choice([0.5, 1.7, -0.3, 4.0])
    extents = {
        "scalar": (),
        "channel": tuple(extent if dim == channel else 1 for dim, extent in enumerate(shape)),
        "whole": (1, *shape[1:]),
    }[kind]
    value = torch.rand(extents) + 0.5
    return nn.Parameter(value) if rng.random() < 0.5 else value


_OPERATIONS: dict[str, Callable[[torch.Tensor, torch.Tensor | float], torch.Tensor]] = {
    "mul": lambda x, c: x * c,
    "add": lambda x, c: x + c,
    "sub": lambda x, c: x - c,
    "rsub": lambda x, c: c - x,
    "div": lambda x, c: x / c,
}


def constants(rng: random.Random) -> Drawn:
    """A layer between two chains of operations with constants, and perhaps another behind them."""
    kind = rng.choice(["vector", "tokens", "image"])
    shape = {"vector": (1, 6), "tokens": (1, 5, 6), "image": (1, 6, 4, 4)}[kind]
    channel = 1 if kind == "image" else len(shape) - 1

    def layer() -> nn.Module:
        if kind != "image":
            return nn.Linear(6, 6, bias=rng.random() < 0.7)
        return nn.Conv2d(6, 6, 3, padding=1, groups=rng.choice([1, 2, 6]), bias=rng.random() < 0.7)

    parts: dict[str, object] = {"first": layer(), "last": rng.choice([layer, nn.Identity])()}
    steps: dict[str, list[tuple[str, str]]] = {"before": [], "between": []}
    for place, chain in steps.items():
        for index in range(rng.randint(0, 2)):
            operation = rng.choice(list(_OPERATIONS))
            constant = _constant(rng, shape, channel)
            # A division needs as many hardware divisors as it has elements, unless it is by constants of a channel.
            if operation == "div" and isinstance(constant, torch.Tensor) and constant.numel() > 6:
                operation = "mul"
            name = f"{place}{index}"
            parts[name] = constant
            chain.append((operation, name))

    square, relu = rng.random() < 0.2, rng.random() < 0.4

    def run(model: Any, x: torch.Tensor) -> Any:
        for operation, name in steps["before"]:
            x = _OPERATIONS[operation](x, getattr(model, name))
        x = model.first(x)
        for operation, name in steps["between"]:
            x = _OPERATIONS[operation](x, getattr(model, name))
        if square:
            x = x**2
        return model.last(torch.relu(x) if relu else x)

    return _Calls(run, **parts), torch.randn(SAMPLES, *shape[1:])


KINDS: dict[str, Callable[[random.Random], Drawn]] = {"conv1d": conv1d, "flatten": flatten, "constants": constants}
