# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `compile` says of operations without a kernel: operation, reason, place and remedy, as `--check` says it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import torch
from torch import nn

import xplat
from xplat.frontend import import_model
from xplat.frontend.check import check_graph, table
from xplat.support.errors import PassError

IMAGES = torch.randn(2, 3, 9, 9, generator=torch.Generator().manual_seed(0))
REPLACE = "replace it in the model by operations that have a kernel"
ENDS = "the model ends with it: let it return what goes in here, and leave this to the host"
BEGINS = "the model begins with it: leave this to the host, and let the model take its result as input"

TOO_WIDE = (
    "no polynomials of degree 2 in at most 2048 segments of its operand are within 1 last place of the exact result; "
    "request a narrower format for its operand; "
    "kernel @polynomial does not fit: it needs degree > 0, but degree = 0; "
    "kernel @lookup_table does not fit: port 'x' needs fixed of 2 to 12 bits or ufixed of 2 to 12 bits, but has "
    "fixed<16, F>; "
    "request a narrower format for it"
)
VECTORS = torch.randn(2, 8, generator=torch.Generator().manual_seed(0))


class Computed(nn.Module):
    def forward(self, x):
        return nn.functional.conv2d(x, torch.relu(x)[:, :, 2:5, 2:5])


class Ends(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Linear(8, 4)

    def forward(self, x):
        return torch.sin(1000 * self.body(x))


class Waves(nn.Module):
    def forward(self, x):
        return torch.sin(1000 * x)


class RunningProducts(nn.Module):
    def forward(self, x):
        return torch.cumprod(x, -1)


class Begins(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Linear(8, 4)

    def forward(self, x):
        return self.body(torch.cumprod(x, -1))


def failure(model: nn.Module) -> str:
    samples = VECTORS if isinstance(model, (Ends, Begins)) else IMAGES
    with pytest.raises(PassError) as error:
        xplat.compile(model.eval(), "z7020", example_inputs=samples[:1], calibration=samples, quantize="int16")
    return str(error.value)


CASES: list[tuple[Callable[[], nn.Module], str, str, str, str]] = [
    (
        lambda: nn.Sequential(nn.Conv2d(3, 8, 3, padding=3), nn.ReLU()),
        "'xplat.aten', here aten.conv2d.default",
        "padding [3, 3] is not smaller than the kernel [3, 3]",
        "module '0', a Conv2d",
        REPLACE,
    ),
    (
        lambda: nn.Sequential(
            nn.Conv2d(3, 4, 1), nn.AvgPool2d(3, padding=1, count_include_pad=False), nn.Conv2d(4, 4, 1)
        ),
        "'xplat.aten', here aten.avg_pool2d.default",
        "count_include_pad=False with padding is not supported",
        "module '1', a AvgPool2d",
        REPLACE,
    ),
    (
        lambda: nn.Sequential(nn.AvgPool2d(2, ceil_mode=True), nn.Conv2d(3, 4, 2)),
        "'xplat.aten', here aten.avg_pool2d.default",
        "ceil_mode=True adds windows that reach beyond the padding, and PyTorch divides these by fewer elements; "
        "use ceil_mode=False",
        "module '0', a AvgPool2d",
        BEGINS,
    ),
    (
        Computed,
        "'xplat.aten', here aten.conv2d.default",
        "the weight is computed by the model; it has to be a parameter or buffer",
        "conv2d (FILE:LINE)",
        REPLACE,
    ),
    (Ends, "'xplat.sin'", TOO_WIDE, "sin (FILE:LINE)", ENDS),
    (Begins, "'xplat.aten', here aten.cumprod.default", "xplat has no op for it", "cumprod (FILE:LINE)", BEGINS),
]


@pytest.mark.parametrize(("make", "kind", "reason", "place", "remedy"), CASES)
def test_operation_reason_place_and_remedy(
    make: Callable[[], nn.Module], kind: str, reason: str, place: str, remedy: str
) -> None:
    text = re.sub(r"\(\S+test_unsupported\.py:\d+\)", "(FILE:LINE)", failure(make()))
    text = re.sub(r"fixed<16, -?\d+>", "fixed<16, F>", text)
    blocks = text.split("no kernel implements ")
    (block,) = (block for block in blocks if block.startswith(f"{kind}: "))
    lines = [line.strip() for line in block.splitlines()]
    assert lines[0] == f"{kind}: {reason}" and lines[1] == f"at {place}"
    assert remedy in lines
    # The weights that it alone reads are no failures of their own.
    assert "xplat.constant" not in text
    assert "`xplat import --check`" in text and "xplat-opt" in text


def test_each_kind_is_told_once() -> None:
    convolutions = [nn.Conv2d(3, 3, 2, padding=2) for _ in range(4)]
    text = failure(nn.Sequential(*convolutions, nn.Conv2d(3, 3, 1), Waves()))
    assert text.count("no kernel implements") == 2
    assert text.count("padding [2, 2]") == 1 and "… and 1 more" in text
    assert [f"module '{index}', a Conv2d" in text for index in range(4)] == [True, True, True, False]


def test_compile_says_what_the_check_says() -> None:
    model = nn.Sequential(nn.Conv2d(3, 4, 3, padding=3), nn.AvgPool2d(2, ceil_mode=True), RunningProducts())
    said = failure(model)
    supports = [support for support in check_graph(import_model(model.eval(), IMAGES[:1])) if support.remedy]
    assert len(supports) == said.count("no kernel implements") == 3
    for support in supports:
        reason = support.detail.split("; ", 1)[1]
        assert f": {reason}\n" in said and support.remedy in said
        assert all(place in said for place in support.places)
    assert "xplat.constant" not in table(supports)


def test_two_operations_of_a_kind_have_their_own_reasons() -> None:
    model = nn.Sequential(nn.Conv2d(3, 3, 3, padding=4), nn.Conv2d(3, 3, 3, padding=3))
    blocks = failure(model).split("no kernel implements ")[1:]
    assert ["padding [4, 4] is not smaller" in block for block in blocks] == [True, False]
    assert ["padding [3, 3] is not smaller" in block for block in blocks] == [False, True]


def test_other_failures_stay_what_they_are() -> None:
    with pytest.raises(PassError, match="needs at least") as error:
        model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()).eval()
        xplat.compile(model, "z7020", example_inputs=IMAGES[:1], calibration=IMAGES, target_cycles=1)
    assert "no kernel" not in str(error.value)
