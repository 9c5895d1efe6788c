"""Every number format against definitions that are not ours: torch's and ml_dtypes' casts, torchao, all codes."""

from __future__ import annotations

import contextlib
import io
import itertools
import logging
from collections.abc import Callable
from dataclasses import replace

import ml_dtypes
import numpy as np
import pytest
import torch

from xplat import ir
from xplat.errors import FormatError
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
    fake_round,
    fitting_fractional_bits,
    fixed_point,
    format_of,
    mlir_type,
    parse,
)
from xplat.formats.operator import round_operator

NAMES = (
    "fp32 fixed8.4 fixed2.0 fixed16.-3 msfp2 msfp4 msfp4b32 msfp9 msfp16 mxint8 mxfp8 mxfp8e5m2 mxfp6 mxfp6e3m2 mxfp4 "
    "mxfp4b16 e4m3 e5m2 e3m2 e2m3 e2m1 minifloat-e5m4 minifloat-e1m1 minifloat-e7m10"
).split()
NUMPY = {
    "e4m3": ml_dtypes.float8_e4m3fn,
    "e5m2": ml_dtypes.float8_e5m2,
    "e3m2": ml_dtypes.float6_e3m2fn,
    "e2m3": ml_dtypes.float6_e2m3fn,
    "e2m1": ml_dtypes.float4_e2m1fn,
}


def adversarial() -> torch.Tensor:
    """float32: ties and their neighbours at every scale, powers of two, limits, zeros, subnormals, noise; 64 | size."""
    generator = torch.Generator().manual_seed(5)
    mantissas = torch.arange(0, 64, dtype=torch.float64) / 32
    exponents = torch.arange(-24, 24, dtype=torch.float64)
    grid = (mantissas[:, None] * torch.exp2(exponents)[None, :]).flatten().to(torch.float32)
    special = torch.tensor(
        [448, 449, 463.9, 464, 464.1, 480, 57344, 61440, 65504, 1e-45, 1.2e-38, 3.4e38, 3.4028235e38]
    )
    noise = torch.randn(2000, generator=generator) * torch.exp2(20 * torch.randn(2000, generator=generator))
    magnitudes = torch.cat([grid, special, noise.abs()])
    near = torch.cat(
        [magnitudes, torch.nextafter(magnitudes, magnitudes * 2), torch.nextafter(magnitudes, magnitudes * 0)]
    )
    largest = torch.finfo(torch.float32).max
    values = torch.cat([near, -near]).clamp(-largest, largest)
    values = values[torch.randperm(len(values), generator=generator)]
    return values[: len(values) // 64 * 64]


def hard_blocks() -> torch.Tensor:
    """Rows [n, 70]: zeros, one outlier, huge, tiny, -0, equal values, a wide range; a short last block."""
    generator = torch.Generator().manual_seed(6)
    noise = torch.randn(6, 70, generator=generator)
    outlier = noise[0].clone()
    outlier[3] = 1e6
    rows = [
        torch.zeros(70),
        -torch.zeros(70),
        outlier,
        noise[1] * 1e38,
        noise[2] * 1e-38,
        noise[3] * 1e-44,
        torch.full((70,), 0.75),
        torch.full((70,), torch.finfo(torch.float32).max),
        noise[4] * torch.exp2(30 * noise[5]),
        torch.cat([torch.zeros(32), noise[0, :38]]),
    ]
    return torch.stack(rows).clamp(-3.4e38, 3.4e38)


# ---- every format


@pytest.mark.parametrize("name", NAMES)
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


@pytest.mark.parametrize("name", NAMES[1:])
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


@pytest.mark.parametrize("name", [*NAMES, "int6"])
@pytest.mark.parametrize("dtype", [torch.int64, torch.float16])
def test_other_inputs_are_refused(name: str, dtype: torch.dtype) -> None:
    for compute in (parse(name).round, parse(name).encode):
        with pytest.raises(FormatError, match="float32 or float64"):
            compute(torch.ones(4, dtype=dtype))


@pytest.mark.parametrize("text", ["int1", "int17", "msfp1", "msfp17", "mxfp5", "mxfp4e3m0", "e9m9", "minifloat-e8m3"])
def test_names_that_are_not_known(text: str) -> None:
    with pytest.raises(FormatError, match=text):
        parse(text)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Mx(Minifloat(5, 10)), "MX has no elements of minifloat-e5m10"),
        (lambda: Mx(Minifloat(4, 3)), "MX has no elements of minifloat-e4m3"),
        (lambda: Minifloat(5, 2, special=3), "e5m2 with special=3, expected 0, or 4 as OCP has it"),
        (lambda: Minifloat(4, 3, special=-1), "e4m3 with special=-1, expected 0, or 1"),
        (lambda: Minifloat(3, 2, special=1), "e3m2 with special=1, expected 0$"),
        (lambda: FixedPoint(8, ()), "0 scales, expected one$"),
        (lambda: FixedPoint(8, (), per_channel=True), "0 scales, expected one or more$"),
        (lambda: FixedPoint(8, (1, 2)), "2 scales, expected one$"),
        (lambda: FixedPoint(8, (200,)), "200 fractional bits, expected -127 to 149"),
        (lambda: FixedPoint(8, (4, -128), per_channel=True), "-128 fractional bits, expected -127 to 149"),
        (lambda: FixedPoint(0, (0,)), "0 bits, expected 1 to 32"),
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


# ---- blocks


@pytest.fixture(scope="module")
def to_mx():
    """torchao's conversion; what its import prints about GPU libraries is not our subject."""
    logging.disable(logging.CRITICAL)
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            from torchao.prototype.mx_formats.constants import DTYPE_FP6_E2M3, DTYPE_FP6_E3M2
            from torchao.prototype.mx_formats.mx_tensor import to_mx
    finally:
        logging.disable(logging.NOTSET)
    kinds = {
        "mxfp8": torch.float8_e4m3fn,
        "mxfp8e5m2": torch.float8_e5m2,
        "mxfp6": DTYPE_FP6_E2M3,
        "mxfp6e3m2": DTYPE_FP6_E3M2,
        "mxfp4": torch.float4_e2m1fn_x2,
    }
    return lambda values, name, block: to_mx(values, kinds[name], block)


@pytest.mark.parametrize("name", ["mxfp8", "mxfp8e5m2", "mxfp6", "mxfp6e3m2", "mxfp4"])
@pytest.mark.parametrize("block", [32, 16])
def test_mx_codes_are_those_of_torchao(to_mx, name: str, block: int) -> None:
    form = parse(f"{name}b{block}")
    values = torch.cat([adversarial().reshape(-1, 64), hard_blocks()[:, :64]])
    # torchao cannot scale by 2^-127, which is below float32's normal numbers; it divides by 2^-126 instead.
    values = values[(values.reshape(len(values), -1, block).abs().amax(2) > 2.0**-100).all(1)]
    scales, elements = to_mx(values, name, block)
    codes = form.encode(values)
    assert torch.equal(codes.exponents, scales.view(torch.uint8).to(torch.int64))
    elements = elements.view(torch.uint8).to(torch.int64)
    if name == "mxfp4":  # two a byte, the first in the low bits
        elements = torch.stack([elements & 15, elements >> 4], -1).reshape(values.shape)
    assert len(values) > 100
    assert torch.equal(codes.elements, elements)


def test_mx_integer_by_search() -> None:
    """Every element is the nearest of all 255 fractions, whatever the block."""
    form = MxInteger()
    values = torch.cat([adversarial().reshape(-1, 32), hard_blocks()[:, :32]]).double()
    exponents = form.shared_exponents(values)
    largest = values.abs().amax(1, keepdim=True)
    inside = (largest > 2.0**-120) & (largest < 3e38)
    assert bool(((largest / torch.exp2(exponents.double()) < 2) | ~inside).all())
    assert bool(((largest / torch.exp2(exponents.double()) >= 1) | ~inside).all())
    grid = torch.arange(-127, 128, dtype=torch.float64) / 64
    distance = (values / torch.exp2(exponents.double()))[..., None] - grid
    error = (form.round(values) - values).abs() / torch.exp2(exponents.double())
    assert torch.equal(error, distance.abs().amin(-1))


@pytest.mark.parametrize("bits", [2, 3, 4, 5, 8])
def test_msfp_by_search(bits: int) -> None:
    """The largest magnitude fills the magnitude bits; every element is the nearest, ties to even."""
    form = Msfp(bits)
    generator = torch.Generator().manual_seed(bits)
    values = torch.randn(500, 16, generator=generator, dtype=torch.float64)
    values[::3] = torch.round(values[::3] * 16) / 16  # ties
    values[7] = 0
    rounded = form.round(values)
    for row, result in zip(values.tolist(), rounded.tolist(), strict=True):
        largest = max(abs(value) for value in row)
        if largest == 0:
            assert result == row
            continue
        top = 2 ** (bits - 1) - 1
        step = 1.0
        while largest / step >= top + 1:
            step *= 2
        while largest / step < (top + 1) / 2:
            step /= 2
        for value, got in zip(row, result, strict=True):
            # Python's round is half to even.
            assert got == max(-top, min(top, round(value / step))) * step


# Elements of 2^-127, 2^-130, 2^-133, 2^-136 and 2^-149 as the largest magnitude, under the scale 2^-127.
SMALLEST = {
    "mxint8": [64, 8, 1, 0, 0],
    "msfp8": [64, 8, 1, 0, 0],
    "msfp4": [4, 0, 0, 0, 0],
    "mxfp8": [0x38, 0x20, 0x08, 0x01, 0],
    "mxfp8e5m2": [0x3C, 0x30, 0x24, 0x18, 0],
    "mxfp6": [0x08, 0x01, 0, 0, 0],
    "mxfp4": [0x02, 0, 0, 0, 0],
}


@pytest.mark.parametrize("name", SMALLEST)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_smallest_scale_of_a_block(name: str, dtype: torch.dtype) -> None:
    form = parse(name)
    values = torch.zeros(5, form.block, dtype=dtype)
    values[:, 3] = torch.tensor([2.0**-127, 2.0**-130, 2.0**-133, 2.0**-136, 2.0**-149], dtype=dtype)
    codes = form.encode(values)
    assert codes.exponents.tolist() == [[0]] * 5
    assert codes.elements[:, 3].tolist() == SMALLEST[name]
    assert not codes.elements[:, :3].any() and not codes.elements[:, 4:].any()
    kept = torch.tensor([element > 0 for element in SMALLEST[name]])
    assert torch.equal(form.round(values)[:, 3], torch.where(kept, values[:, 3], 0))


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("msfp", "mx"))])
def test_blocks_of_zeros(name: str) -> None:
    form = parse(name)
    values = torch.zeros(3, 2 * form.block)
    values[1] = 1
    codes = form.encode(values)
    assert codes.exponents[0].tolist() == codes.exponents[2].tolist() == [0, 0]
    assert bool((codes.exponents[1] > 0).all())
    assert not codes.elements[0].any() and not codes.elements[2].any()


@pytest.mark.parametrize("name", ["msfp4", "mxint8", "mxfp6"])
def test_blocks_run_along_the_dimension_of_travel(name: str) -> None:
    form = parse(name)
    assert isinstance(form, BlockFormat)
    generator = torch.Generator().manual_seed(1)
    for shape, axis in [((2, 40, 3, 5), 1), ((3, 7, 40), 2), ((5, 40), 1), ((40,), 0), ((2, 3, 4, 5, 40), 4)]:
        x = torch.randn(*shape, generator=generator)
        expected = torch.empty_like(x)
        for start in range(0, 40, form.block):
            part = x.narrow(axis, start, min(form.block, 40 - start))
            rows = part.movedim(axis, -1).reshape(-1, part.shape[axis])
            rounded = torch.stack([form.round(row) for row in rows])
            place = expected.narrow(axis, start, part.shape[axis]).movedim(axis, -1)
            place.copy_(rounded.reshape(place.shape))
        assert torch.equal(form.round(x), expected)
        assert torch.equal(form.round(x, axis), expected)
        codes = form.encode(x)
        assert list(codes.exponents.shape) == [
            -(-40 // form.block) if dim == axis else extent for dim, extent in enumerate(shape)
        ]


def test_block_formats_need_a_dimension() -> None:
    form = parse("msfp4")
    for compute in (form.round, form.encode, form.shared_exponents, lambda values: fake_round(values, form)):
        with pytest.raises(FormatError, match="at least one dimension"):
            compute(torch.tensor(1.0))


@pytest.mark.parametrize("axis", [3, 5, 7, -4])
def test_block_formats_need_the_dimension_that_they_run_along(axis: int) -> None:
    form, values = parse("mxfp4"), torch.ones(2, 3, 40)
    codes = form.encode(values)
    for compute in (
        lambda: form.round(values, axis),
        lambda: form.encode(values, axis),
        lambda: form.decode(codes, axis),
        lambda: form.shared_exponents(values, axis),
        lambda: fake_round(values, form, axis=axis),
        lambda: Msfp(4, axis=axis).round(values),
    ):
        with pytest.raises(FormatError, match=f"run along dimension {axis}, but the tensor has 3"):
            compute()


@pytest.mark.parametrize("name", NAMES)
def test_empty_tensors(name: str) -> None:
    form = parse(name)
    empty = torch.zeros(3, 0)
    assert form.round(empty).shape == (3, 0)
    assert form.decode(form.encode(empty)).shape == (3, 0)


@pytest.mark.parametrize("shape", [(0, 40), (3, 0), (0, 0), (2, 40, 0, 3), (0, 40, 2, 2)])
def test_empty_tensors_have_exponents_for_their_blocks(shape: tuple[int, ...]) -> None:
    form, empty = parse("msfp4"), torch.zeros(shape)
    codes = form.encode(empty)
    blocks = [3 if extent == 40 else extent for extent in shape]
    assert list(codes.elements.shape) == list(shape) and list(codes.exponents.shape) == blocks
    assert codes.elements.dtype == codes.exponents.dtype == torch.int64
    assert list(form.shared_exponents(empty).shape) == blocks
    assert form.decode(codes).shape == form.round(empty).shape == empty.shape


# ---- fixed point


@pytest.mark.parametrize("width", [2, 5, 8, 16])
@pytest.mark.parametrize("fraction", [-3, 0, 4, 20])
def test_fixed_point_rounds_like_torch(width: int, fraction: int) -> None:
    form = FixedPoint(width, (fraction,))
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


# ---- straight-through


@pytest.mark.parametrize("name", [*NAMES, "int6"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_straight_through(name: str, dtype: torch.dtype) -> None:
    form = parse(name)
    values = torch.linspace(-12, 12, 96, dtype=dtype).reshape(2, 48).requires_grad_()
    weights = torch.randn(2, 48, dtype=dtype, generator=torch.Generator().manual_seed(0))
    result = fake_round(values, form)
    assert torch.equal(result, form.round(values.detach()))
    (result * weights).sum().backward()
    inside = form.representable(values.detach())
    expected = weights if inside is None else torch.where(inside, weights, 0)
    assert torch.equal(values.grad, expected)
    limits = {"fixed8.4": 127.49 / 16, "e2m1": 6.0, "e2m3": 7.5}
    if name in limits:
        assert torch.equal(inside, values.detach().abs() <= limits[name] + (values.detach() < 0) / 16)


def gradient_of(compute: Callable[[torch.Tensor], torch.Tensor], values: torch.Tensor) -> torch.Tensor:
    leaf = values.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(compute(leaf).sum(), [leaf])
    return gradient


@pytest.mark.parametrize("width", [2, 4, 8, 16])
def test_gradient_at_the_limits_of_fixed_point(width: int) -> None:
    """As torch has it: half a step beyond the limits it still passes."""
    form = FixedPoint(width, (4,))
    steps = torch.tensor([form.minimum, form.maximum], dtype=torch.float32)[:, None]
    values = (steps + torch.tensor([-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1])) / 16
    theirs = gradient_of(
        lambda x: torch.fake_quantize_per_tensor_affine(x, 1 / 16, 0, form.minimum, form.maximum), values
    )
    assert theirs.tolist() == [[0, 0, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 0, 0, 0]]
    assert torch.equal(gradient_of(lambda x: fake_round(x, form), values), theirs)
    assert torch.equal(gradient_of(lambda x: round_operator(x, form.name, -1), values), theirs)

    form, scales = FixedPoint(width, (4, 1), per_channel=True), torch.tensor([1 / 16, 1 / 2])
    values = torch.cat([values.reshape(1, -1), 8 * values.reshape(1, -1)])
    theirs = gradient_of(
        lambda x: torch.fake_quantize_per_channel_affine(
            x, scales, torch.zeros(2, dtype=torch.int32), 0, form.minimum, form.maximum
        ),
        values,
    )
    assert torch.equal(gradient_of(lambda x: fake_round(x, form), values), theirs)


@pytest.mark.parametrize("name", [*NUMPY, "minifloat-e5m4"])
def test_gradient_at_the_limits_of_a_minifloat(name: str) -> None:
    form = parse(name)
    limit = torch.tensor(form.maximum)
    values = torch.stack([limit, -limit, torch.nextafter(limit, 2 * limit), limit * 1.01, -limit * 1.01])
    assert form.round(values).abs().eq(limit).all()
    assert gradient_of(lambda x: fake_round(x, form), values).tolist() == [1, 1, 0, 0, 0]


@pytest.mark.parametrize("name", ["fp32", "msfp4", "mxint8", "mxfp4", "int6"])
def test_gradient_passes_everywhere_when_the_range_follows_from_the_data(name: str) -> None:
    values = torch.tensor([[1e-30, -3e38, 2.0, torch.inf, 0.0]])
    assert gradient_of(lambda x: fake_round(x, parse(name)), values).tolist() == [[1.0] * 5]


@pytest.mark.parametrize("name", [*NAMES, "int6"])
@pytest.mark.parametrize("shape", [(1, 20, 3, 3), (1, 5, 20), (1, 20)])
def test_vmap_rounds_sample_by_sample(name: str, shape: tuple[int, ...]) -> None:
    form = parse(name)
    values = torch.randn(4, *shape, generator=torch.Generator().manual_seed(0))
    weights = torch.randn(4, *shape, generator=torch.Generator().manual_seed(1))
    expected = torch.stack([form.round(sample) for sample in values])
    got = torch.func.vmap(lambda sample: fake_round(sample, form))(values)
    assert torch.equal(got, expected)
    other = torch.func.vmap(lambda sample: fake_round(sample, form), in_dims=-1)(values.movedim(0, -1))
    assert torch.equal(other, expected)
    nested = torch.func.vmap(torch.func.vmap(lambda sample: fake_round(sample, form)))(values.reshape(2, 2, *shape))
    assert torch.equal(nested.reshape(expected.shape), expected)

    def loss(sample: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return (fake_round(sample, form) * weight).sum()

    gradients = torch.func.vmap(torch.func.grad(loss))(values, weights)
    inside = form.representable(values)
    assert torch.equal(gradients, weights if inside is None else torch.where(inside, weights, 0))
    leaf = values.clone().requires_grad_()
    (torch.func.vmap(lambda sample: fake_round(sample, form))(leaf) * weights).sum().backward()
    assert torch.equal(leaf.grad, gradients)


def test_axes_from_either_end_are_the_same() -> None:
    values = torch.randn(3, 40, 5, generator=torch.Generator().manual_seed(0))
    for name, axis in itertools.product(("msfp4", "mxfp4"), (0, 1, 2)):
        form = parse(name)
        expected = form.round(values, axis)
        assert torch.equal(form.round(values, axis - 3), expected)
        assert torch.equal(fake_round(values, form, axis=axis), expected)
