# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every number format against definitions that are not ours: torch's and ml_dtypes' casts, torchao, all codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import ml_dtypes
import numpy as np
import pytest
import torch

from xplat import ir
from xplat.formats import (
    OCP,
    BlockFormat,
    Codes,
    FixedPoint,
    Integer,
    Minifloat,
    Msfp,
    Mx,
    MxInteger,
    fitting_fractional_bits,
    fixed_point,
    format_of,
    mlir_type,
    parse,
)
from xplat.support.errors import FormatError
from xplat.testing.numbers import FORMAT_NAMES, adversarial, hard_blocks

NUMPY = {
    "e4m3": ml_dtypes.float8_e4m3fn,
    "e5m2": ml_dtypes.float8_e5m2,
    "e3m2": ml_dtypes.float6_e3m2fn,
    "e2m3": ml_dtypes.float6_e2m3fn,
    "e2m1": ml_dtypes.float4_e2m1fn,
}


# ---- every format


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_names_and_codes(name: str) -> None:
    form = parse(name)
    assert form.name == name and str(form) == name
    assert parse(form) is form and parse(name.upper()) == form and hash(form) == hash(parse(name))
    for values in (adversarial().reshape(-1, 32), hard_blocks()):
        rounded = form.round(values)
        assert rounded.dtype == torch.float32 and rounded.shape == values.shape
        assert torch.equal(form.round(values.double()), rounded.double()), "float32 and float64 differ"
        assert torch.equal(form.round(rounded), rounded), "not idempotent"
        codes = form.encode(values)
        assert torch.equal(form.decode(codes), rounded.double())
        assert codes.elements.min() >= 0
        element_bits = form.element_bits if isinstance(form, BlockFormat) else round(form.bits_per_element)
        assert codes.elements.max() < 1 << element_bits
        if codes.exponents is not None:
            assert 0 <= codes.exponents.min() and codes.exponents.max() < 255
        symmetric = not isinstance(form, FixedPoint)
        if symmetric:
            assert torch.equal(form.round(-values), -rounded)


@pytest.mark.parametrize("name", FORMAT_NAMES[1:])
def test_infinite_and_nan(name: str) -> None:
    form = parse(name)
    values = torch.randn(4, 32, generator=torch.Generator().manual_seed(0))
    values[1, 5] = 0
    expected = form.round(values)
    values[1, 5] = torch.nan
    rounded = form.round(values)
    assert bool(rounded[1, 5].isnan())
    rest = ~values.isnan()
    assert torch.equal(rounded[rest], expected[rest]), "a NaN counts as zero for the others in its block"
    with pytest.raises(FormatError, match="NaN"):
        form.encode(values)
    infinite = torch.tensor([torch.inf, -torch.inf])
    assert torch.equal(form.round(infinite), form.round(torch.tensor([3.4028235e38, -3.4028235e38])))
    assert bool(form.round(infinite).isfinite().all())


@pytest.mark.parametrize("name", [*FORMAT_NAMES, "int6"])
@pytest.mark.parametrize("dtype", [torch.int64, torch.float16])
def test_other_inputs_are_refused(name: str, dtype: torch.dtype) -> None:
    for compute in (parse(name).round, parse(name).encode):
        with pytest.raises(FormatError, match="float32 or float64"):
            compute(torch.ones(4, dtype=dtype))


@pytest.mark.parametrize(
    "text",
    [
        "int1",
        "int17",
        "uint1",
        "sint17",
        "ufixed17.2",
        "msfp1",
        "msfp17",
        "mxfp5",
        "mxfp4e3m0",
        "e9m9",
        "minifloat-e8m3",
    ],
)
def test_names_that_are_not_known(text: str) -> None:
    with pytest.raises(FormatError, match=text):
        parse(text)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Mx(Minifloat(5, 10)), "MX has no elements of minifloat-e5m10"),
        (lambda: Mx(Minifloat(4, 3)), "MX has no elements of minifloat-e4m3"),
        (lambda: Minifloat(5, 2, special=3), "e5m2 with special=3, expected 0, or 4 as in the OCP specification"),
        (lambda: Minifloat(4, 3, special=-1), "e4m3 with special=-1, expected 0, or 1"),
        (lambda: Minifloat(3, 2, special=1), "e3m2 with special=1, expected 0$"),
        (lambda: FixedPoint(8, ()), "0 scales, expected one$"),
        (lambda: FixedPoint(8, (), per_channel=True), "0 scales, expected one or more$"),
        (lambda: FixedPoint(8, (1, 2)), "2 scales, expected one$"),
        (lambda: FixedPoint(8, (200,)), "200 fractional bits, expected -127 to 149"),
        (lambda: FixedPoint(8, (4, -128), per_channel=True), "-128 fractional bits, expected -127 to 149"),
        (lambda: FixedPoint(0, (0,)), "0 bits, expected 1 to 32"),
        (lambda: FixedPoint(8, (1, 2), per_channel=True, unsigned=True), "without a sign has scales for several"),
        (lambda: Integer(17, False), "uint17 has 17 bits, expected 2 to 16"),
        (lambda: FixedPoint(33, (0,)), "33 bits, expected 1 to 32"),
    ],
)
def test_formats_that_make_no_sense(make: Callable[[], object], message: str) -> None:
    with pytest.raises(FormatError, match=message):
        make()


@pytest.mark.parametrize("width", [1, 8, 32])
@pytest.mark.parametrize("bits", [-127, 149])
def test_the_widest_fixed_point_has_a_type(width: int, bits: int) -> None:
    form = FixedPoint(width, (bits,))
    with ir.Context():
        assert fixed_point(ir.Type.parse(mlir_type(form))) == form
    step = torch.tensor([0.0, -(2.0**-bits)], dtype=torch.float64)
    assert torch.equal(form.round(step), step)
    assert torch.equal(form.round(step.float()), step.float())


@pytest.mark.parametrize("form", [Msfp(4), Mx(OCP["e2m1"], 16), MxInteger()], ids=str)
def test_the_axis_of_blocks_in_a_type(form: BlockFormat) -> None:
    with ir.Context():
        for axis in (-1, 0, 3):
            placed = replace(form, axis=axis)
            assert format_of(ir.Type.parse(mlir_type(placed))) == placed
        assert format_of(ir.Type.parse(mlir_type(form))) == replace(form, axis=-1)
    with pytest.raises(FormatError, match="along dimension -2 have no type"):
        mlir_type(replace(form, axis=-2))


def test_the_error_lists_the_names() -> None:
    with pytest.raises(FormatError) as caught:
        parse("bfloat16")
    for name in ("int2", "msfp4b32", "mxint8", "mxfp6e3m2", "e4m3", "minifloat-e5m4", "fp32", "fixed8.4"):
        assert name in str(caught.value)


def test_aliases() -> None:
    assert parse("fp8") == parse("e4m3") and parse("fp4") == parse("e2m1") and parse("float32") == parse("fp32")
    assert parse("mxfp6") == parse("mxfp6e2m3") == Mx(OCP["e2m3"])
    assert parse("mxfp8") == parse("mxfp8e4m3") and parse("mxfp4") == parse("mxfp4e2m1")


def test_bits_per_element() -> None:
    expected = {"int6": 6, "e4m3": 8, "msfp4": 4.5, "msfp4b32": 4.25, "mxint8": 8.25, "mxfp4": 4.25, "fp32": 32}
    assert {name: parse(name).bits_per_element for name in expected} == expected


# ---- minifloat


@pytest.mark.parametrize("name", NUMPY)
def test_minifloat_codes_are_those_of_ml_dtypes(name: str) -> None:
    form, kind = OCP[name], NUMPY[name]
    codes = torch.arange(1 << form.bits)
    theirs = torch.from_numpy(codes.numpy().astype(np.uint8).view(kind).astype(np.float64))
    finite = theirs.isfinite()
    ours = form.decode(Codes(codes))
    assert torch.equal(ours[finite], theirs[finite])
    assert bool(ours[~finite].isnan().all())
    assert torch.equal(form.encode(theirs[finite]).elements, codes[finite])
    assert form.maximum == float(ml_dtypes.finfo(kind).max)


@pytest.mark.parametrize("name", NUMPY)
def test_minifloat_rounds_like_ml_dtypes(name: str) -> None:
    form, kind = OCP[name], NUMPY[name]
    values = adversarial().clamp(-form.maximum, form.maximum)
    theirs = torch.from_numpy(values.numpy().astype(kind).astype(np.float32))
    ours = form.round(values)
    assert torch.equal(ours, theirs)
    assert torch.equal(torch.signbit(ours), torch.signbit(theirs))


@pytest.mark.parametrize(("name", "kind"), [("e4m3", torch.float8_e4m3fn), ("e5m2", torch.float8_e5m2)])
def test_minifloat_rounds_like_torch(name: str, kind: torch.dtype) -> None:
    form = OCP[name]
    values = adversarial().clamp(-form.maximum, form.maximum)
    cast = values.to(kind)
    assert torch.equal(form.round(values), cast.to(torch.float32))
    assert torch.equal(form.encode(values).elements, cast.view(torch.uint8).to(torch.int64))


@pytest.mark.parametrize(
    "form", [*OCP.values(), Minifloat(4, 3), Minifloat(1, 2), Minifloat(3, 1), Minifloat(5, 4)], ids=str
)
def test_minifloat_by_search_over_all_codes(form: Minifloat) -> None:
    """The nearest code; of two equally near ones the even; beyond the largest the largest."""
    codes = torch.arange(1 << (form.bits - 1))
    grid = form.decode(Codes(codes))
    codes, grid = codes[grid.isfinite()], grid[grid.isfinite()]
    assert bool((grid.diff() > 0).all())
    middles = (grid[1:] + grid[:-1]) / 2
    tiny = float(grid[1]) / 1024
    values = torch.cat([grid, middles, middles + tiny, middles - tiny, grid[-1:] * 3, grid[:1] + tiny])
    distance = (values[:, None] - grid[None, :]).abs()
    nearest = distance == distance.amin(1, keepdim=True)
    odd = (codes & 1)[None, :] * 0.5
    best = grid[torch.where(nearest, 1 - odd, 0.0).argmax(1)]
    assert torch.equal(form.round(values), best)
    assert torch.equal(form.round(-values), -best)


def test_minifloats_without_special_codes() -> None:
    assert Minifloat(4, 3).maximum == 480 and OCP["e4m3"].maximum == 448
    assert Minifloat(5, 2).maximum == 114688 and OCP["e5m2"].maximum == 57344
    assert Minifloat(4, 3).name == "minifloat-e4m3" and parse("minifloat-e2m1") == parse("e2m1")


# ---- fixed point


@pytest.mark.parametrize("width", [2, 5, 8, 16])
@pytest.mark.parametrize("fraction", [-3, 0, 4, 20])
@pytest.mark.parametrize("unsigned", [False, True])
def test_fixed_point_rounds_like_torch(width: int, fraction: int, unsigned: bool) -> None:
    form = FixedPoint(width, (fraction,), unsigned=unsigned)
    assert (form.minimum, form.maximum) == (
        (0, 2**width - 1) if unsigned else (-(2 ** (width - 1)), 2 ** (width - 1) - 1)
    )
    values = adversarial()
    theirs = torch.fake_quantize_per_tensor_affine(values, 2.0**-fraction, 0, form.minimum, form.maximum)
    assert torch.equal(form.round(values), theirs)
    assert not bool((torch.signbit(form.round(values)) & (theirs == 0)).any()), "fixed point has one zero"


def test_names_of_scales_per_channel_are_not_read_back() -> None:
    assert parse(FixedPoint(8, (4, 4), per_channel=True).name) == FixedPoint(8, (4,))
    with pytest.raises(FormatError, match=r"fixed8\.1to2"):
        parse(FixedPoint(8, (1, 2), per_channel=True).name)


def test_fixed_point_per_channel() -> None:
    form = FixedPoint(8, (4, 6, -1), per_channel=True)
    values = 10 * torch.randn(3, 4, 5, 5, generator=torch.Generator().manual_seed(0))
    expected = torch.stack([FixedPoint(8, (bits,)).round(part) for bits, part in zip((4, 6, -1), values, strict=True)])
    assert torch.equal(form.round(values), expected)
    assert torch.equal(form.decode(form.encode(values)), expected.double())


@pytest.mark.parametrize("width", [2, 4, 8, 16])
def test_scale_that_just_fits(width: int) -> None:
    limit = 2 ** (width - 1) - 1
    for absmax in (1.0, 0.999, 1.001, 127.0, 127.0001, 3e-9, 1e10, float(limit), limit / 2):
        bits = fitting_fractional_bits(absmax, width)
        assert absmax <= limit * 2.0**-bits and absmax > limit * 2.0 ** -(bits + 1)
    assert fitting_fractional_bits(0, width) == width - 1
    assert fitting_fractional_bits(5e-324, width) == 60 and fitting_fractional_bits(1e300, width) == -60


@pytest.mark.parametrize("width", [2, 4, 8, 16])
def test_scale_without_a_sign(width: int) -> None:
    limit = 2**width - 1
    for absmax in (1.0, 0.999, 1.001, 255.0, 255.0001, 3e-9, 1e10, float(limit), limit / 2):
        bits = fitting_fractional_bits(absmax, width, unsigned=True)
        assert absmax <= limit * 2.0**-bits and absmax > limit * 2.0 ** -(bits + 1)
    assert fitting_fractional_bits(0, width, unsigned=True) == width


def test_integers_with_and_without_signs() -> None:
    values = torch.tensor([[0.1, -0.5], [3.0, 100.0]])
    assert parse("int8") == Integer(8) and parse("sint8") == Integer(8, True) and parse("uint8") == Integer(8, False)
    assert [mlir_type(parse(name)) for name in ("int8", "sint8", "uint8")] == ["i8", "si8", "ui8"]
    assert Integer(8).fit(values) == Integer(8, True).fit(values) == FixedPoint(8, (0,))
    assert Integer(8, False).fit(values, per_channel=True) == FixedPoint(8, (1,), unsigned=True)
    assert Integer(8, False).round(values).tolist() == [[0, 0], [3, 100]]
    with ir.Context():
        form = FixedPoint(8, (4,), unsigned=True)
        assert fixed_point(ir.Type.parse("!quant.uniform<u8:f32, 6.25e-02>")) == form == parse("ufixed8.4")
        assert ir.Type.parse(mlir_type(form)) == ir.Type.parse("!quant.uniform<u8:f32, 6.25e-02>")


def test_integer_takes_its_scale_from_the_data() -> None:
    values = torch.tensor([[0.1, -0.5], [3.0, 100.0], [0.0, 0.0]])
    assert Integer(8).fit(values) == FixedPoint(8, (0,))
    assert Integer(8).fit(values, per_channel=True) == FixedPoint(8, (7, 0, 0), per_channel=True)
    assert torch.equal(Integer(8).round(values), FixedPoint(8, (0,)).round(values))


def test_integer_leaves_infinities_and_nan_out_of_its_scale() -> None:
    values = torch.tensor([[1.0, torch.inf, -0.3], [0.4, torch.nan, -torch.inf], [torch.inf, 0.0, 0.0]])
    assert Integer(8).fit(values) == FixedPoint(8, (6,))
    assert Integer(8).fit(values, per_channel=True) == FixedPoint(8, (6, 8, 6), per_channel=True)
    rounded = Integer(8).round(values)
    assert rounded[0].tolist() == [1, 127 / 64, -19 / 64] and rounded[1, 2] == -2 and bool(rounded[1, 1].isnan())


@pytest.mark.parametrize("shape", [(3, 0), (0, 3), (0,), (2, 0, 4), (0, 0)])
def test_integer_without_values(shape: tuple[int, ...]) -> None:
    empty = torch.zeros(shape)
    form = Integer(8).fit(empty, per_channel=True)
    assert set(form.fractional_bits) == {7} and form.per_channel == (len(shape) > 1 and shape[0] > 1)
    assert form.round(empty).shape == Integer(8).round(empty).shape == empty.shape
    assert form.decode(form.encode(empty)).shape == empty.shape
