# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The Python bindings: fields of attributes and types, interfaces of ops and formats."""

import ast
import importlib
from pathlib import Path

import pytest
from xplat.passmanager import PassManager

from xplat import ir
from xplat.dialects import func, quant, xplat

INT8 = "!quant.uniform<i8:f32, 6.250000e-02>"
MODEL = f"""
xplat.param @fc.weight : tensor<4x8x{INT8}>
func.func @f(%arg0: tensor<1x8xf32>) -> tensor<1x4xf32> {{
  %0 = xplat.host_input %arg0 : tensor<1x8xf32> -> tensor<1x8x{INT8}> loc("x")
  %1 = xplat.linear %0 weight @fc.weight {{config = #xplat.config<unroll = <1, 2, 4>>}}
      : tensor<1x8x{INT8}> -> tensor<1x4x{INT8}> loc("fc")
  %2 = xplat.host_output %1 : tensor<1x4x{INT8}> -> tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
}}
"""


def nodes(module: ir.Module) -> list[ir.OpView]:
    (function,) = (op for op in module.body.operations if isinstance(op, func.FuncOp))
    return [op for op in function.entry_block.operations if xplat.is_node(op)]


def test_stubs_name_all_that_the_bindings_have() -> None:
    extension = importlib.import_module("xplat._mlir_libs._xplat")
    stub = ast.parse(Path(str(extension.__file__)).with_name("_xplat.pyi").read_text())
    named = {node.name for node in stub.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    constants = {ast.unparse(node.target) for node in stub.body if isinstance(node, ast.AnnAssign)}
    assert named | constants == {name for name in vars(extension) if not name.startswith("_")}
    assert (Path(str(extension.__file__)).parents[1] / "py.typed").is_file()


def test_stream_type(context: ir.Context) -> None:
    element = ir.Type.parse(INT8)
    stream = xplat.StreamType.get([1, 16, 8, 8], element, [0, 2, 3, 1], [1, 1, 2, 2])
    assert str(stream) == f"!xplat.stream<1x16x8x8x{INT8}, order = (0, 2, 3, 1), beat = (2, 2)>"
    assert (stream.shape, stream.element_type, stream.lanes) == ([1, 16, 8, 8], element, 4)
    assert (stream.order, stream.beat) == ([0, 2, 3, 1], [1, 1, 2, 2])
    assert (stream.num_elements, stream.num_beats, stream.beat_bits) == (1024, 256, 32)
    with pytest.raises(ir.MLIRError, match="extents that divide"):
        xplat.StreamType.get([1, 16, 8, 8], element, [0, 2, 3, 1], [1, 1, 1, 5])
    with pytest.raises(ValueError, match="one entry of order and of beat for each dimension"):
        xplat.StreamType.get([1, 16, 8, 8], element, [0, 2, 3, 1], [5])
    with pytest.raises(ValueError, match="not negative"):
        xplat.default_order(-1)


def test_number_format(context: ir.Context) -> None:
    element = ir.Type.parse(INT8)
    assert isinstance(element, quant.UniformQuantizedType)
    assert xplat.is_number_format(element)
    assert (xplat.format_bits(element), xplat.format_fractional_bits(element)) == (8, [4])
    assert xplat.format_is_fixed_point(element) and not xplat.format_is_per_channel(element)
    for other in (ir.IndexType.get(), "!quant.uniform<u8<0:254>:f32, 0.5>", "!quant.uniform<i8:f32, 0.3>"):
        assert not xplat.is_number_format(other if isinstance(other, ir.Type) else ir.Type.parse(other))
    unsigned = ir.Type.parse("!quant.uniform<u8:f32, 0.5>")
    assert xplat.format_is_unsigned(unsigned) and not xplat.format_is_unsigned(element)
    assert xplat.format_name(unsigned) == "ufixed<8, 1>"
    channels = ir.Type.parse("!quant.uniform<i8:f32:0, {0.5, 0.25}>")
    assert xplat.format_is_per_channel(channels) and xplat.format_fractional_bits(channels) == [1, 2]
    with pytest.raises(ValueError, match="expected a dimension"):
        xplat.with_block_axis(ir.Type.parse("!xplat.msfp<4, 16>"), -5)
    with pytest.raises(ValueError, match="expected a number format"):
        xplat.format_bits(ir.IndexType.get())


def test_attributes(context: ir.Context) -> None:
    place = ir.Attribute.parse("#xplat.place<@rack::@fpga0>")
    assert place.device.value == ["rack", "fpga0"]
    assert xplat.PlaceAttr.get(place.device) == place
    assert ir.Attribute.parse("#xplat.unroll<1, 2>") == xplat.UnrollAttr.get([1, 2])
    assert xplat.UnrollAttr.get([1, 2]).factors == [1, 2]
    rate = xplat.RateAttr.get(100, 7)
    assert (rate.cycles, rate.latency) == (100, 7)
    area = xplat.ResourcesAttr.get({"slices": 10, "dsp": 2})
    assert list(area.as_dict().items()) == [("slices", 10), ("dsp", 2)]
    assert area == ir.Attribute.parse("#xplat.resources<slices = 10, dsp = 2>")
    usage = ir.Attribute.parse(f"#xplat.usage<@rack::@fpga0, used = {area}, budget = #xplat.resources<lut = 99>>")
    assert (usage.used, usage.budget.as_dict(), usage.device.value) == (area, {"lut": 99}, ["rack", "fpga0"])
    derivation = xplat.DerivationAttr.get(xplat.DerivationKind.quantize, [ir.FlatSymbolRefAttr.get("w")])
    assert xplat.DerivationKind(derivation.kind) is xplat.DerivationKind.quantize
    assert [source.value for source in derivation.sources] == ["w"]
    assert derivation.epsilon is None and derivation.shape is None
    assert xplat.BackendAttr.get(xplat.Backend.generated).keyword == "generated"


def test_a_name_of_a_resource_is_an_identifier(context: ir.Context) -> None:
    assert xplat.ResourcesAttr.get({}).as_dict() == {}
    with pytest.raises(ir.MLIRError, match="expected an identifier as name of a resource"):
        xplat.ResourcesAttr.get({"block ram": 1})


def test_node_interface(context: ir.Context) -> None:
    module = ir.Module.parse(MODEL)  # owns the operations: has to outlive them
    source, linear, sink = nodes(module)
    assert isinstance(linear, xplat.LinearOp)
    assert [xplat.node_name(op) for op in (source, linear)] == ["x", "fc"]
    assert [name for name, *_ in xplat.dimensions(linear)] == ["m", "n", "k"]
    assert [extent for _, extent, *_ in xplat.dimensions(linear)] == [1, 4, 8]
    assert linear.config.unroll.factors == [unroll for *_, unroll in xplat.dimensions(linear)] == [1, 2, 4]
    assert xplat.legal_unroll(linear, 2) == [1, 2, 4, 8]
    symbols = xplat.kernel_symbols(linear)
    assert {name: symbols[name] for name in ("n", "k", "p_n", "p_k", "bits_x", "frac_x")} == {
        "n": 4, "k": 8, "p_n": 2, "p_k": 4, "bits_x": 8, "frac_x": 4,
    }  # fmt: skip
    assert xplat.kernel_symbols(linear, [1, 1, 1])["p_k"] == 1
    assert (xplat.operand_lanes(linear, 0), xplat.result_lanes(linear, 0)) == (4, 2)
    assert xplat.operand_lanes(linear, 0, [1, 1, 8]) == 8
    assert xplat.parameters(linear)["weight"].value == "fc.weight"
    assert xplat.ports(linear)["weight"] == ir.Type.parse(INT8)
    assert xplat.is_host_boundary(source) and xplat.is_host_input(source) and not xplat.is_host_input(sink)
    assert xplat.bits_per_sample(source) == 64


def test_interface_errors(context: ir.Context) -> None:
    module = ir.Module.parse(MODEL)
    _, linear, _ = nodes(module)
    with pytest.raises(ValueError, match="one unroll factor per loop"):
        xplat.kernel_symbols(linear, [1])
    with pytest.raises(IndexError):
        xplat.legal_unroll(linear, 9)
    with pytest.raises(ValueError, match="NodeOpInterface"):
        xplat.dimensions(linear.operation.parent)


def test_parts_of_a_configuration(context: ir.Context) -> None:
    text = '#xplat.config<kernel = @a, unroll = <1, 2>, place = <@rack::@fpga0>, roms = [#xplat.rom_use<"weight", @w>]>'
    config = ir.Attribute.parse(text)
    assert str(xplat.with_parts(config, kernel="b")) == text.replace("@a", "@b"), "the other parts stay"
    assert str(xplat.with_parts(None, place=("rack", "fpga1"))) == "#xplat.config<place = <@rack::@fpga1>>"
    assert xplat.with_parts(None).kernel is None
    with pytest.raises(ValueError, match="expected a PlaceAttr"):
        xplat.ConfigAttr.get(place=config.unroll)


def test_attribute_builders(context: ir.Context) -> None:
    module = ir.Module.parse(MODEL)
    source = nodes(module)[0]
    with ir.InsertionPoint(source):
        built = xplat.HostInputOp(
            source.result.type,
            source.input,
            config={"unroll": (1, 2), "place": ("rack", "fpga0")},
            area={"lut": 5},
            absmax=1.5,
        )
    assert (built.config.unroll.factors, built.config.place.device.value) == ([1, 2], ["rack", "fpga0"])
    assert built.area.as_dict() == {"lut": 5}


def test_passes_are_registered(context: ir.Context) -> None:
    module = ir.Module.parse(MODEL)
    PassManager.parse("builtin.module(canonicalize,cse,symbol-dce)").run(module.operation)
    assert len(nodes(module)) == 3
