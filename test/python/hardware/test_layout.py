# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How samples become beats, for random orders and tiles, and how wide the beats of every format are."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.formats import mlir_type
from xplat.hardware.emit import emit
from xplat.hardware.layout import Layout, pack_words, unpack_words
from xplat.hardware.manifest import read_manifest
from xplat.hardware.sim import simulate_samples
from xplat.hardware.streams import StreamPort
from xplat.kernels import Stream, blocks
from xplat.kernels.network import SYSTEM
from xplat.mlir import entry_of
from xplat.mlir.passes import run_pipeline
from xplat.support.errors import PassError
from xplat.support.paths import families_dir
from xplat.target.library import kernel_files, link_pass


def random_layout(generator: np.random.Generator) -> Layout:
    """Of one to five dimensions."""
    rank = int(generator.integers(1, 6))
    order = tuple(int(dim) for dim in generator.permutation(rank))
    beat = tuple(int(extent) for extent in generator.integers(1, 4, rank))
    shape = [0] * rank
    for dim, extent in zip(order, beat, strict=True):
        shape[dim] = extent * int(generator.integers(1, 4))
    return Layout(tuple(shape), order, beat)


def stream_type(layout: Layout, element: str) -> xp.StreamType:
    extents = "".join(f"{extent}x" for extent in layout.shape)
    return xp.StreamType(ir.Type.parse(f"!xplat.stream<{extents}{element}, {layout}>"))


def walk(layout: Layout) -> list[tuple[int, ...]]:
    """Indices of the elements as they travel, one loop nest over tiles and one over the places in a tile."""
    extents = [layout.shape[dim] for dim in layout.order]
    outer = [range(extent // tile) for extent, tile in zip(extents, layout.beat, strict=True)]
    found = []
    for tiles in itertools.product(*outer):
        for places in itertools.product(*(range(tile) for tile in layout.beat)):
            index = [0] * len(extents)
            for dim, tile, place, size in zip(layout.order, tiles, places, layout.beat, strict=True):
                index[dim] = tile * size + place
            found.append(tuple(index))
    return found


@pytest.mark.parametrize("seed", range(40))
def test_elements_travel_as_the_loops_say(seed: int) -> None:
    layout = random_layout(np.random.default_rng(seed))
    samples = np.random.default_rng(seed).integers(-128, 128, size=(3, *layout.shape))
    travelling = layout.travel(samples)
    assert travelling.shape == (3, layout.elements)
    for sample, elements in zip(samples, travelling, strict=True):
        assert elements.tolist() == [sample[index] for index in walk(layout)]
    assert np.array_equal(layout.restore(travelling), samples)


@pytest.mark.parametrize("seed", range(10))
def test_beats_of_one_element_are_a_transposition(seed: int) -> None:
    generator = np.random.default_rng(seed)
    layout = random_layout(generator)
    single = Layout(layout.shape, layout.order, (1,) * len(layout.order))
    samples = generator.integers(-128, 128, size=(2, *layout.shape))
    transposed = samples.transpose(0, *(dim + 1 for dim in layout.order))
    assert np.array_equal(single.travel(samples), transposed.reshape(2, -1))


@pytest.mark.parametrize("seed", range(10))
def test_the_type_says_the_same(seed: int) -> None:
    layout = random_layout(np.random.default_rng(seed))
    with ir.Context():
        stream = stream_type(layout, "!quant.uniform<i5:f32, 0.5>")
        assert Layout.of(stream) == layout
        assert (stream.lanes, stream.num_beats, stream.beat_bits) == (layout.lanes, layout.beats, 5 * layout.lanes)


def test_several_pixels_a_beat() -> None:
    """Two pixels of four channels: channels innermost, then columns."""
    image = torch.arange(32.0).reshape(1, 8, 2, 2) - 16
    port = StreamPort("p", Layout((1, 8, 2, 2), (0, 2, 3, 1), (1, 1, 2, 4)), 6, 0)
    integers = port.quantize(image)
    assert integers[0, :8].tolist() == [-16, -12, -8, -4, -15, -11, -7, -3]
    words = port.pack(integers)
    assert words.shape == (4, 2) and words[0, 0] & 0x3F == -16 & 0x3F
    assert np.array_equal(port.unpack(words), integers)
    assert torch.equal(port.dequantize(integers), image)
    assert StreamPort.from_dict(port.to_dict()) == port


def test_a_port_without_a_sign() -> None:
    """Negative values leave the host as zero, and the highest bit of an element counts."""
    port = StreamPort("p", Layout.standard((1, 4), 2), 8, 1, unsigned=True)
    integers = port.quantize(torch.tensor([[-3.0, 0.5, 127.5, 500.0]]))
    assert integers.tolist() == [[0, 1, 255, 255]]
    assert np.array_equal(port.unpack(port.pack(integers)), integers)
    assert port.dequantize(integers).tolist() == [[0, 0.5, 127.5, 127.5]]
    assert StreamPort.from_dict(port.to_dict()) == port
    assert "unsigned" not in StreamPort("p", Layout.standard((1, 4), 2), 8, 1).to_dict()


@pytest.mark.parametrize(("name", "shape", "lanes"), [("msfp4b4", (1, 3, 12), 2), ("mxfp6b2", (1, 8, 2, 2), 4)])
def test_a_port_of_blocks(name: str, shape: tuple[int, ...], lanes: int) -> None:
    """Exponents lie above the elements of a beat: of the block that it is a part of, or of each that it holds."""
    form, layout = blocks(name), Layout.standard(shape, lanes)
    port = StreamPort("p", layout, form.element_bits, 0, blocks=name)
    values = torch.randn(2, *shape[1:]) * 4
    fields = port.quantize(values)
    with ir.Context():
        element = mlir_type(replace(form, axis=layout.order[-1]))  # type: ignore[type-var]
        assert port.beat_bits == stream_type(layout, element).beat_bits
    assert np.array_equal(port.unpack(port.pack(fields)), fields)
    assert torch.equal(port.dequantize(fields), form.round(values))
    assert StreamPort.from_dict(port.to_dict()) == port


@pytest.mark.parametrize("width", [1, 3, 8, 31, 32])
@pytest.mark.parametrize("lanes", [1, 3, 7])
def test_beats_fill_whole_words(width: int, lanes: int) -> None:
    elements = np.random.default_rng(width).integers(-(2 ** (width - 1)), 2 ** (width - 1), size=(9, lanes))
    words = pack_words(elements, width)
    assert words.shape == (9, -(-lanes * width // 32))
    assert np.array_equal(unpack_words(words, lanes, width), elements)


def test_the_default_order_is_the_compilers() -> None:
    assert [xp.default_order(rank) for rank in range(6)] == [
        [],
        [0],
        [0, 1],
        [0, 1, 2],
        [0, 2, 3, 1],
        [0, 1, 2, 3, 4],
    ]
    stream = Stream((1, 8, 2, 2), lanes=4)
    with ir.Context():
        assert Layout.of(xp.StreamType(ir.Type.parse(stream.stream_type))) == stream.layout


def touched(layout: Layout, axis: int, block: int) -> int:
    """The most blocks that a beat touches, each counted once for each run of its tile, by looking at every beat."""
    indices = walk(layout)
    beats = [indices[begin : begin + layout.lanes] for begin in range(0, len(indices), layout.lanes)]
    return max(len({(*index[:axis], index[axis] // block, *index[axis + 1 :]) for index in beat}) for beat in beats)


@pytest.mark.parametrize("seed", range(60))
def test_beats_carry_the_exponents_of_every_block_that_they_touch(seed: int) -> None:
    generator = np.random.default_rng(seed)
    layout = random_layout(generator)
    axis, block = int(generator.integers(len(layout.shape))), int(generator.integers(1, 6))
    exponents = touched(layout, axis, block)
    with ir.Context():
        for element, bits in (
            (f"!xplat.msfp<4, {block}, axis = {axis}>", 4),
            (f"!xplat.mx<i8, {block}, axis = {axis}>", 8),
        ):
            assert stream_type(layout, element).beat_bits == layout.lanes * bits + 8 * exponents


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("1x64x!xplat.msfp<4, 16>", 4 + 8),
        ("1x64x!xplat.msfp<4, 16>, beat = (8)", 32 + 8),
        ("1x64x!xplat.msfp<4, 16>, beat = (16)", 64 + 8),
        ("1x64x!xplat.msfp<4, 16>, beat = (64)", 256 + 4 * 8),
        ("1x48x!xplat.msfp<4, 16>, beat = (24)", 96 + 2 * 8),  # the second beat begins within a block
        ("1x20x!xplat.msfp<4, 16>, beat = (20)", 80 + 2 * 8),  # the last block is shorter
        ("1x10x!xplat.msfp<4, 16>, beat = (5)", 20 + 8),
        ("1x64x4x4x!xplat.msfp<4, 16, axis = 1>, order = (0, 2, 3, 1), beat = (2, 8)", 64 + 2 * 8),  # two pixels
        ("1x64x4x4x!xplat.msfp<4, 16, axis = 3>, order = (0, 2, 3, 1), beat = (8)", 32 + 8 * 8),  # across the blocks
        ("1x64xf32, beat = (8)", 256),
    ],
)
def test_widths_of_beats(text: str, bits: int) -> None:
    with ir.Context():
        assert xp.StreamType(ir.Type.parse(f"!xplat.stream<{text}>")).beat_bits == bits


def test_what_stands_between_nodes_counts_exponents() -> None:
    """Kernels of FIFOs, forks and links write their formulas over the bits of a beat."""
    text = """
      func.func @f(%arg0: !xplat.stream<1x40x!xplat.msfp<4, 16>, beat = (8)>) {
        %0 = xplat.fifo %arg0 depth 4 : <1x40x!xplat.msfp<4, 16>, beat = (8)> -> <1x40x!xplat.msfp<4, 16>, beat = (8)>
        %1 = xplat.host_output %0 {config = #xplat.config<unroll = <1, 8>>}
            : !xplat.stream<1x40x!xplat.msfp<4, 16>, beat = (8)> -> tensor<1x40xf32>
        return
      }"""
    module = ir.Module.parse(text, ir.Context())
    fifo, output, _ = entry_of(module).body.blocks[0].operations
    assert xp.kernel_symbols(fifo)["beat_bits"] == 8 * 4 + 8
    # The host's memory has the exponent of each of the three blocks once.
    assert xp.bits_per_sample(output) == 40 * 4 + 3 * 8


ROW_MAJOR = """
!q = !quant.uniform<i8:f32, 1.0>
xplat.param @table : tensor<1x6x3x6xf32>
xplat.param @table_q = <quantize(@table)> : tensor<1x6x3x6x!q>
#here = #xplat.place<@pair::@fpga0>
#two = #xplat.unroll<1, 2>
func.func @check(%x: tensor<1x6x3x6xf32>) -> tensor<1x6x3x6xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 3>, place = #here>}
      : tensor<1x6x3x6xf32> -> tensor<1x6x3x6x!q>
  %1 = xplat.constant @table_q {config = #xplat.config<kernel = @constant, unroll = #two, place = #here>}
      : tensor<1x6x3x6x!q>
  %2 = xplat.add %0, %1 {config = #xplat.config<kernel = @add, unroll = #two, place = #here>}
      : tensor<1x6x3x6x!q>, tensor<1x6x3x6x!q> -> tensor<1x6x3x6x!q, #xplat.order<ORDER>>
  %3 = xplat.host_output %2 {config = #xplat.config<kernel = @host_output, unroll = #two, place = #here>}
      : tensor<1x6x3x6x!q, #xplat.order<ORDER>> -> tensor<1x6x3x6xf32>
  return %3 : tensor<1x6x3x6xf32>
}
"""


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (0, 2, 1, 3), (2, 1, 0, 3)])
def test_a_fixed_order_reaches_the_hardware(order: tuple[int, ...], tmp_path: Path) -> None:
    """Host, memory of a constant and width converter follow the order that one tensor is fixed to."""
    family = families_dir() / "series7.mlir"
    text = SYSTEM.format(family=family.stem) + ROW_MAJOR.replace("ORDER", ", ".join(map(str, order)))
    passes = "xplat-choose-layouts,xplat-convert-to-dataflow,xplat-size-fifos,xplat-place-parameters"
    pipeline = f"{link_pass([*kernel_files(), family])},{passes},xplat-outline-devices"
    module = run_pipeline(ir.Module.parse(text, ir.Context()), pipeline, where="test")
    assert "kernel = @rewidth" in str(module)
    table = torch.arange(108.0).reshape(1, 6, 3, 6) - 50
    folder = emit(module, {"table": table}, tmp_path / "design")
    x = torch.randint(-40, 40, (3, 6, 3, 6), generator=torch.Generator().manual_seed(0)).float()
    ports = [StreamPort.from_dict(port) for port in read_manifest(folder)["inputs"]]
    assert [(port.layout.order, port.layout.beat) for port in ports] == [(order, (1, 1, 1, 3))]
    assert torch.equal(simulate_samples(folder, [x]).outputs[0], x + table)


def bind(source: str, target: str) -> ir.Module:
    """A converter between two types, bound to the kernel that ships with xplat."""
    text = f"""
      func.func @f(%arg0: !xplat.stream<{source}>) -> !xplat.stream<{target}> {{
        %0 = xplat.convert_stream %arg0 : !xplat.stream<{source}> -> !xplat.stream<{target}>
        return %0 : !xplat.stream<{target}>
      }}"""
    return run_pipeline(
        ir.Module.parse(text, ir.Context()), f"{link_pass(kernel_files())},xplat-bind-kernels", where="test"
    )


IMAGE = "1x8x4x4x!quant.uniform<i8:f32, 0.5>, order = (0, 2, 3, 1)"


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (f"{IMAGE}, beat = (2)", f"{IMAGE}, beat = (8)"),
        (f"{IMAGE}, beat = (4)", f"{IMAGE}, beat = (2, 8)"),  # whole pixels come in the same sequence
        (f"{IMAGE}, beat = (4, 4, 8)", f"{IMAGE}, beat = (8)"),
    ],
)
def test_the_width_converter_regroups(source: str, target: str) -> None:
    assert "kernel = @rewidth" in str(bind(source, target))


def test_blocks_have_a_width_converter_of_their_own() -> None:
    bound = bind("1x8x!xplat.msfp<4, 4>, beat = (2)", "1x8x!xplat.msfp<4, 4>, beat = (4)")
    assert "kernel = @block_rewidth" in str(bound)


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        (f"{IMAGE}, beat = (4)", f"{IMAGE}, beat = (2, 4)", "it needs permutes == 0, but permutes = 1"),
        (IMAGE, IMAGE.replace("(0, 2, 3, 1)", "(0, 1, 2, 3)"), "it needs permutes == 0, but permutes = 1"),
        ("1x12x!xplat.msfp<4, 4>, beat = (3)", "1x12x!xplat.msfp<4, 4>, beat = (4)", "but shared_bits = 8"),
    ],
)
def test_the_width_converter_moves_nothing(source: str, target: str, reason: str) -> None:
    with pytest.raises(PassError) as refused:
        bind(source, target)
    assert "kernel @rewidth does not fit" in str(refused.value) and reason in str(refused.value)


def test_a_beat_has_as_many_lanes_as_its_tile() -> None:
    layout = Layout((1, 6, 4, 4), (0, 2, 3, 1), (1, 2, 2, 3))
    assert (layout.lanes, layout.beats, layout.elements) == (12, 8, math.prod(layout.shape))
