# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""PT2E with xplat's formats: prepare, calibrate or train, convert, import; against PyTorch's converted model."""

from __future__ import annotations

import copy
import subprocess
import sys
from typing import Any

import pytest
import torch
from torch import nn

import xplat
from xplat.dialects import func
from xplat.dialects import xplat as xp
from xplat.formats import parse
from xplat.frontend import import_model
from xplat.graph.reference import run_reference
from xplat.mlir.passes import run_pipeline
from xplat.quantizer import XplatQuantizer
from xplat.support.errors import CalibrationError, FormatError, ModelImportError
from xplat.testing.networks import DepthwiseCnn, Mlp, PlainCnn, ResidualCnn, settle_batch_norm

import torchao.quantization.pt2e as pt2e  # isort: skip
from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_pt2e, prepare_qat_pt2e  # isort: skip

pytestmark = pytest.mark.usefixtures("fewer_patterns")
IMAGES = torch.randn(40, 1, 8, 8, generator=torch.Generator().manual_seed(3))
MODELS = [Mlp, PlainCnn, ResidualCnn, DepthwiseCnn]


class Small(nn.Module):
    """One-dimensional and transposed convolution, transposes, several uses of a value, two outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv1d(4, 6, 3, padding=1)
        self.up = nn.ConvTranspose2d(6, 4, 2, stride=2)
        self.fc = nn.Linear(12, 5, bias=False)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        y = torch.relu(self.conv(x.flatten(2)))
        z = self.up(y.reshape(-1, 6, 4, 4))
        return self.fc(y.transpose(1, 2)[:, :, :6].flatten(1)[:, :12]), z + torch.relu(z)


SMALL = torch.randn(20, 4, 4, 4, generator=torch.Generator().manual_seed(4))


def export(model: nn.Module, x: torch.Tensor) -> torch.fx.GraphModule:
    batch = {0: torch.export.Dim("batch", max=4096)}
    return torch.export.export(model, (x[:4],), dynamic_shapes=(batch,), strict=False).module()


def convert(model: nn.Module, request: Any, x: torch.Tensor, **options: Any) -> torch.fx.GraphModule:
    prepared = prepare_pt2e(export(model.eval(), x), XplatQuantizer(request))
    prepared(x)
    return convert_pt2e(prepared, **options)


def make(model: type[nn.Module]) -> tuple[nn.Module, torch.Tensor]:
    torch.manual_seed(0)
    return (Small(), SMALL) if model is Small else (settle_batch_norm(model(), IMAGES), IMAGES)


def compare(converted: torch.fx.GraphModule, x: torch.Tensor, *, exact: torch.fx.GraphModule | None = None) -> None:
    """The quantized import equals the converted model on new data, some of it outside the range of calibration."""
    quantized = xplat.quantize(converted, example_inputs=x)
    new = torch.cat([x.roll(1, -1), 3 * x.flip(-1)])
    result = quantized.reference(new)
    with torch.no_grad():
        expected = converted(new) if exact is None else exact(new.double())
    pairs = zip(result, expected, strict=True) if isinstance(result, tuple) else [(result, expected)]
    for got, wanted in pairs:
        assert torch.equal(got.double(), wanted.double())
        assert got.abs().max() > 0


BLOCKS = ("msfp4", "w=mxfp4,a=mxint8")


# ---- after training


@pytest.mark.parametrize("model", [*MODELS, Small], ids=lambda model: model.__name__)
@pytest.mark.parametrize("request_", ["int8", "w4a8", "int5-per-tensor"])
def test_fixed_point_is_bit_for_bit(model: type[nn.Module], request_: str) -> None:
    module, x = make(model)
    # Sums of these products have less than 24 bits, so PyTorch's float32 is exact as well.
    compare(convert(module, request_, x), x)


@pytest.mark.parametrize("model", [Mlp, ResidualCnn, DepthwiseCnn, Small], ids=lambda model: model.__name__)
@pytest.mark.parametrize("request_", [*BLOCKS, "e4m3", "w=msfp5,a=fp32"])
def test_other_formats_are_bit_for_bit(model: type[nn.Module], request_: str) -> None:
    if model is Small and request_ in BLOCKS:
        pytest.skip("a one-dimensional convolution is an image of height one, whose blocks run along its channels")
    module, x = make(model)
    converted = convert(copy.deepcopy(module), request_, x)
    assert any(node.target is torch.ops.xplat.round.default for node in converted.graph.nodes)
    # Scales differ between blocks, so sums in float32 are rounded: the comparison is in float64.
    exact = convert(module, request_, x).double()
    if request_ == "w=msfp5,a=fp32":
        quantized = xplat.quantize(converted, example_inputs=x)
        got, wanted = quantized.reference(x), exact(x.double())
        pairs = zip(got, wanted, strict=True) if isinstance(got, tuple) else [(got, wanted)]
        for one, other in pairs:
            torch.testing.assert_close(one.double(), other.double(), rtol=1e-5, atol=1e-6)
    else:
        compare(converted, x, exact=exact)


def test_blocks_behind_a_flatten() -> None:
    """Hardware flattens an image with channels innermost, so blocks group otherwise than in PyTorch: not if told so."""
    module, x = make(PlainCnn)
    graph = import_model(convert(module, "msfp4", x), x)
    graph = graph.with_module(run_pipeline(graph.module, "xplat-quantize", where="quantize"))
    exact = convert(copy.deepcopy(module), "msfp4", x).double()
    result = run_reference(graph.module, graph.parameters, x)
    assert torch.equal(result.double(), exact(x.double()))


@pytest.mark.parametrize("fold", [True, False])
def test_parameters_stay_the_models_own(fold: bool) -> None:
    module, x = make(Mlp)
    graph = import_model(convert(module, "int8", x, fold_quantize=fold), x)
    params = {op.sym_name.value for op in graph.module.body.operations if isinstance(op, xp.ParamOp)}
    assert params == set(module.state_dict())
    for name in params:
        assert torch.equal(graph.parameters[name], module.state_dict()[name])


def test_weights_that_conversion_has_changed_are_taken_from_it() -> None:
    module, x = make(Mlp)
    converted = convert(module, "int8", x)
    state = converted.state_dict()
    for name in module.state_dict():
        state[name].zero_()
    graph = import_model(converted, x)
    assert "@fc1.weight:dequantized" in str(graph.module).replace('"', "")
    compare(converted, x)


def test_formats_for_each_module() -> None:
    module, x = make(PlainCnn)
    request = {"default": "int8", "modules": {"conv2": "w4a6", "conv3": {"weight": "mxfp6"}, "fc": "fp32"}}
    graph = import_model(convert(module, request, x), x)
    (function,) = (op for op in graph.module.body.operations if isinstance(op, func.FuncOp))
    nodes = [op for op in function.entry_block.operations if xp.is_node(op) and xp.has_number_format(op)]
    requests = {xp.node_name(op): op.quantization for op in nodes}
    assert str(requests["conv1"].value).startswith("!quant.uniform<u8:f32, ")
    assert str(requests["conv1"].weight).startswith("!quant.uniform<i8:f32:0, ")
    assert str(requests["conv2"].value).startswith("!quant.uniform<u6:f32, ")
    assert str(requests["conv2"].weight).startswith("!quant.uniform<i4:f32:0, ")
    assert str(requests["conv3"].weight) == "!xplat.mx<f6E2M3FN, 32>"
    assert str(requests["fc"].value) == str(requests["fc"].weight) == "f32"


@pytest.mark.parametrize("model", [Mlp, PlainCnn, DepthwiseCnn], ids=lambda model: model.__name__)
def test_the_same_formats_as_by_xplats_own_calibration(model: type[nn.Module]) -> None:
    module, x = make(model)
    own = xplat.quantize(module, calibration=x, example_inputs=x, quantize="w4a8")
    other = xplat.quantize(convert(module, "w4a8", x), example_inputs=x)
    assert torch.equal(own.reference(x), other.reference(x))


# ---- while training


@pytest.mark.parametrize(
    ("model", "request_"),
    [
        (PlainCnn, "int4"),
        pytest.param(ResidualCnn, "int8", marks=pytest.mark.long),
        (ResidualCnn, "msfp4"),
        (Mlp, "w=mxfp4,a=mxint8"),
    ],
)
def test_training(model: type[nn.Module], request_: str) -> None:
    module, x = make(model)
    labels = torch.randint(0, 10, (len(x),), generator=torch.Generator().manual_seed(0))
    prepared = prepare_qat_pt2e(export(module.train(), x), XplatQuantizer(request_, training=True))
    pt2e.move_exported_model_to_train(prepared)
    optimizer = torch.optim.SGD(prepared.parameters(), lr=0.1, momentum=0.9)
    losses = []
    for _ in range(25):
        loss = nn.functional.cross_entropy(prepared(x), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.9 * losses[0]
    prepared.apply(pt2e.disable_observer)
    pt2e.move_exported_model_to_eval(prepared)
    with torch.no_grad():
        trained = prepared(x)
        converted = convert_pt2e(prepared)
        step = (trained - converted(x)).abs().max() / trained.abs().max()
    assert step < 0.3, "conversion changes the trained model"
    if model is ResidualCnn and request_ not in BLOCKS:
        # Biases that come of batch normalisation stay float32 there and are rounded to 32 bits here.
        for name, parameter in converted.named_parameters():
            if parameter.dim() == 1 and name != "fc.bias":
                parameter.data.zero_()
    compare(converted, x, exact=copy.deepcopy(converted).double() if request_ in BLOCKS else None)


# ---- errors


def test_numbered_nodes_have_formats_of_their_own() -> None:
    class Twice(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.sigmoid(torch.sigmoid(x) - 0.5)

    x = torch.randn(40, 6, generator=torch.Generator().manual_seed(5))
    converted = convert(Twice(), {"modules": {"sigmoid_1": "int4"}}, x)
    widths = {str(op.name): op.args[4] for op in converted.graph.nodes if "quantize_per_tensor" in str(op.target)}
    assert sorted(widths.values()).count(15) == 2 and len(set(converted(x).flatten().tolist())) <= 16, widths
    compare(converted, x)


def test_globs_are_checked() -> None:
    module, x = make(Mlp)
    with pytest.raises(FormatError, match=r"'fc9' matches no module; nearest: 'fc"):
        prepare_pt2e(export(module, x), XplatQuantizer({"modules": {"fc9": "int4"}}))


def test_calibration_that_was_forgotten() -> None:
    module, x = make(Mlp)
    with pytest.raises(CalibrationError, match="never observed"):
        convert_pt2e(prepare_pt2e(export(module.eval(), x), XplatQuantizer("int8")))


class Pair(nn.Module):
    """A quantize/dequantize pair as another quantizer would leave it."""

    def __init__(self, scale: float, zero: int, low: int, high: int) -> None:
        super().__init__()
        self.arguments = (scale, zero, low, high, torch.int8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        stored = torch.ops.quantized_decomposed.quantize_per_tensor(x, *self.arguments)
        return torch.relu(torch.ops.quantized_decomposed.dequantize_per_tensor(stored, *self.arguments))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0.1, 0, -128, 127), "a scale is 0.1, expected a power of two"),
        ((0.5, 3, -128, 127), "a zero point is 3, expected 0"),
        ((0.5, 0, -127, 127), "integers are -127 to 127, expected the full range"),
    ],
)
def test_pairs_of_other_quantizers(arguments: tuple[float, int, int, int], message: str) -> None:
    with pytest.raises(ModelImportError) as caught:
        import_model(Pair(*arguments), torch.randn(1, 4))
    assert message in str(caught.value)
    assert "XplatQuantizer" in str(caught.value)


def test_a_value_that_is_read_unrounded_too() -> None:
    class Both(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            y = torch.sigmoid(x)
            return y + torch.ops.xplat.round(y, "msfp3", -1)

    x = torch.randn(3, 20)
    graph = import_model(Both(), x)
    assert "xplat.cast" in str(graph.module)
    result = xplat.quantize(Both(), example_inputs=x).reference(x)
    exact = torch.sigmoid(x.double())
    assert torch.allclose(result.double(), exact + parse("msfp3").round(exact), atol=1e-6)


# ---- installation


def test_nothing_of_torchao_on_the_screen() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from xplat.quantizer import XplatQuantizer; XplatQuantizer('int8')"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == done.stderr == ""


def test_torchao_that_is_not_installed() -> None:
    code = (
        "import sys; sys.modules['torchao'] = None\n"
        "from xplat.support.errors import ToolMissingError\n"
        "try:\n    import xplat.quantizer\nexcept ToolMissingError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'xplat[pt2e]'" in done.stdout


class NormFirst(nn.Module):
    """Batch normalisation that no weight in front of it can take in."""

    def __init__(self) -> None:
        super().__init__()
        self.bn = nn.BatchNorm2d(1)
        self.conv = nn.Conv2d(1, 4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.conv(self.bn(x))


@pytest.mark.parametrize("request_", ["int8", "int6"])
def test_a_normalisation_that_is_not_folded_is_not_rounded(request_: str) -> None:
    torch.manual_seed(0)
    module = settle_batch_norm(NormFirst(), IMAGES)
    module.bn.weight.data.fill_(0.7)
    compare(convert(module, request_, IMAGES), IMAGES)


def test_a_counter_that_nobody_reads_is_no_state() -> None:
    """What training in PT2E leaves of a normalisation behind a one-dimensional convolution counts its batches."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv1d(4, 8, 3), nn.BatchNorm1d(8), nn.ReLU(), nn.Flatten(), nn.Linear(48, 4))
    x = torch.randn(12, 4, 8)
    prepared = prepare_qat_pt2e(export(model, x), XplatQuantizer("int8", training=True))
    pt2e.move_exported_model_to_train(prepared)
    prepared(x)
    pt2e.move_exported_model_to_eval(prepared)
    converted = convert_pt2e(prepared)
    assert torch.equal(xplat.quantize(converted, example_inputs=x).reference(x), converted(x))


@pytest.mark.parametrize("training", [False, True])
def test_normalisation_of_vectors(training: bool) -> None:
    """torchao folds none into a linear layer that it trains: it stays, and scales an image of one pixel."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.BatchNorm1d(16), nn.Linear(16, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 4))
    x = torch.randn(40, 16)
    for module in model[0], model[2]:
        module.running_mean.uniform_(-1, 1)
        module.running_var.uniform_(0.3, 3)
    if training:
        prepared = prepare_qat_pt2e(export(model, x), XplatQuantizer("int8", training=True))
        pt2e.move_exported_model_to_train(prepared)
        prepared(x)
        pt2e.move_exported_model_to_eval(prepared)
        converted = convert_pt2e(prepared)
    else:
        converted = convert(model, "int8", x)
    assert torch.equal(xplat.quantize(converted, example_inputs=x).reference(x), converted(x))


@pytest.mark.parametrize("request_", ["w=binary,a=int8", {"modules": {"fc": {"weight": "ternary.2"}}}])
def test_signs_are_refused(request_: Any) -> None:
    with pytest.raises(FormatError, match="weights cannot go through PT2E"):
        XplatQuantizer(request_)
