# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The zoo: published figures, state-dict keys, models without weights, import by name."""

from __future__ import annotations

import math
from functools import cache

import pytest
import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

import xplat
from xplat import ir, models
from xplat.dialects import xplat as xp
from xplat.frontend import StateEntry, WeightlessModel, build_without_weights, import_model, without_weights
from xplat.frontend.capture.weightless import fake_mode_of
from xplat.frontend.check.summary import summarize
from xplat.graph.reference import run_reference
from xplat.mlir import nodes_of, text_of
from xplat.mlir.passes import run_pipeline
from xplat.support.errors import ModelImportError
from xplat.support.quiet import quiet

PAPER = [name for name in models.names() if models.get(name).published]

KEYS = {
    "resnet18": ("layer2.0.downsample.0.weight", "layer4.1.bn2.running_var", "fc.bias"),
    "resnet50": ("conv1.weight", "layer1.0.downsample.1.num_batches_tracked", "layer3.5.conv3.weight"),
    "mobilenetv2": ("features.0.1.running_mean", "features.1.conv.0.0.weight", "features.17.conv.3.bias"),
    "mobilenetv3_small": ("features.1.block.1.fc1.weight", "features.4.block.2.fc2.bias", "classifier.3.weight"),
    "mobilenetv3_large": ("features.1.block.0.0.weight", "features.16.1.running_var", "classifier.0.weight"),
    "vit_base_16": ("class_token", "encoder.layers.encoder_layer_11.self_attention.in_proj_weight", "heads.head.bias"),
    "mixer_base_16": ("stem.proj.weight", "blocks.11.mlp_tokens.fc1.weight", "head.bias"),
    "bert-base": ("bert.encoder.layer.11.attention.self.query.weight", "bert.pooler.dense.bias", "classifier.weight"),
    "opt-350m": ("model.decoder.project_in.weight", "model.decoder.layers.23.fc2.bias", "lm_head.weight"),
    "gpt2": ("transformer.wte.weight", "transformer.h.11.attn.c_attn.weight", "lm_head.weight"),
    "llama-1.1b": ("model.layers.21.self_attn.k_proj.weight", "model.norm.weight", "lm_head.weight"),
}
SIZES = {"vit_base_16": 86_567_656, "mixer_base_16": 59_880_472, "gpt2": 124_439_808, "llama-1.1b": 1_100_048_384}
"""Parameters of models that the paper does not have."""


@cache
def whole(name: str) -> WeightlessModel:
    """The whole model without weights; the tests do not change it."""
    return build_without_weights(models.get(name))


def parameters(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def operations(model: nn.Module, inputs: tuple[Tensor, ...]) -> int:
    """Two for each multiply-accumulate, as torch counts them."""
    counter = FlopCounterMode(display=False)
    # Fused attention of the CPU is not counted; its two products are.
    with torch.no_grad(), counter, sdpa_kernel(SDPBackend.MATH):
        model(*inputs)
    return int(counter.get_total_flops())


def test_the_ten_models_of_the_paper_come_first() -> None:
    assert len(models.names()) == 15
    assert models.names()[:10] == tuple(PAPER)


@pytest.mark.parametrize("name", PAPER)
def test_parameters_are_as_many_as_published(name: str) -> None:
    spec = models.get(name)
    assert spec.published is not None
    millions = parameters(whole(name).model) / 1e6
    digits = 2 if spec.published.parameters_m < 10 else 1 if spec.published.parameters_m < 100 else 0
    assert round(millions, digits) == pytest.approx(spec.published.parameters_m)


@pytest.mark.parametrize("name", PAPER)
def test_work_is_as_published(name: str) -> None:
    """Multiply-accumulates alone: within 1 % for transformers, up to 3.5 % less for convolutional networks."""
    spec = models.get(name)
    built = whole(name)
    count = operations(built.model.eval(), tuple(built.mode.from_tensor(x) for x in built.inputs)) / 1e9
    assert spec.published is not None
    low = 0.99 if spec.takes_tokens else 0.965
    assert low < count / spec.published.gflops < 1.005


# Importing a whole network takes seconds: the default run has the two smallest.
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if name in ("resnet18", "mobilenetv3_small") else [pytest.mark.long])
        for name in PAPER
        if not models.get(name).takes_tokens
    ],
)
def test_counted_as_the_paper_does_the_figures_agree_to_the_last_digit(name: str) -> None:
    published = models.get(name).published
    assert published is not None
    summary = summarize(import_model(name))
    assert f"{summary.gflops_with(published.counted_nodes):.3g}" == f"{published.gflops:.3g}"


class Reduced(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.sum(1)


@pytest.mark.parametrize(
    ("module", "shape", "operations"),
    [
        (nn.ReLU(), (3, 5), 15),
        (nn.Hardswish(), (3, 5), 15),
        (nn.BatchNorm2d(2), (2, 4, 4), 2 * 32),
        (nn.MaxPool2d(2), (2, 4, 4), 4 * 8),
        (nn.AvgPool2d(2), (2, 4, 4), 4 * 8),
        (nn.AdaptiveAvgPool2d(1), (2, 4, 4), 32),
        (nn.Softmax(-1), (3, 5), 5 * 15),
        (nn.LayerNorm(5), (3, 5), 7 * 15),
        (nn.LayerNorm(5, elementwise_affine=False), (3, 5), 5 * 15),
        (nn.RMSNorm(5), (3, 5), 4 * 15),
        (Reduced(), (3, 5), 15),
        (nn.Linear(5, 5), (3, 5), 0),
        (nn.Flatten(), (3, 5), 0),
    ],
)
def test_operations_beside_multiply_accumulates(module: nn.Module, shape: tuple[int, ...], operations: int) -> None:
    summary = summarize(import_model(module, torch.rand(1, *shape)))
    assert sum(summary.further_operations.values()) == operations


class Product(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.einsum("bchw,bdhw->bcd", x, x)


@pytest.mark.parametrize(
    ("module", "shape"),
    [
        (nn.Conv2d(3, 8, 3, padding=3), (3, 9, 9)),
        (nn.ConvTranspose3d(2, 4, 3), (2, 5, 5, 5)),
        (Product(), (3, 4, 4)),
        (nn.Conv2d(3, 8, 1, padding=1), (3, 8, 8)),
        (nn.Bilinear(4, 4, 3), None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, nn.Module) else "",
)
def test_operations_without_an_op_of_ours_work_too(module: nn.Module, shape: tuple[int, ...] | None) -> None:
    inputs = (torch.randn(1, *shape),) if shape else (torch.randn(1, 4), torch.randn(1, 4))
    assert 2 * summarize(import_model(module, inputs)).multiply_accumulates == operations(module, inputs)


def test_a_sequence_longer_than_the_model_has_positions() -> None:
    with pytest.raises(ModelImportError, match="1,025 tokens is longer than gpt2 has positions for"):
        build_without_weights(models.get("gpt2"), tokens=1025)


class Chain(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + 2 * x)


def test_a_fused_chain_counts_what_its_nodes_counted() -> None:
    module = import_model(Chain(), torch.rand(1, 3, 5)).module
    fused = run_pipeline(module, "xplat-fuse-elementwise", where="test")
    assert len(nodes_of(fused)) < len(nodes_of(module))
    for graph in (module, fused):
        assert sum(xp.further_operations(op) for op in nodes_of(graph)) == 3 * 15


@pytest.mark.parametrize("name", SIZES)
def test_parameters_of_the_other_models(name: str) -> None:
    assert parameters(whole(name).model) == SIZES[name]


@pytest.mark.parametrize("name", KEYS)
def test_published_weights_have_these_keys(name: str) -> None:
    state = whole(name).model.state_dict()
    assert set(KEYS[name]) <= set(state)


def test_number_of_keys_is_that_of_published_checkpoints() -> None:
    counts = {"resnet18": 122, "resnet50": 320, "mobilenetv2": 314, "mobilenetv3_small": 244, "mobilenetv3_large": 312}
    for name, count in counts.items():
        assert len(whole(name).model.state_dict()) == count, name


@pytest.mark.parametrize("name", models.names())
def test_small_models_run(name: str) -> None:
    spec = models.get(name)
    model = spec.build_small().eval()
    with torch.no_grad():
        result = model(*spec.small_inputs(batch=2))
    assert isinstance(result, Tensor) and len(result) == 2 and bool(torch.isfinite(result).all())
    assert parameters(model) < 50_000


@pytest.mark.parametrize("name", ["bert-base", "opt-125m", "opt-350m", "gpt2", "llama-1.1b", "vit_base_16"])
def test_attention_stays_one_operation(name: str) -> None:
    spec = models.get(name)
    with quiet():
        exported = torch.export.export(spec.build_small().eval(), spec.small_inputs(), strict=False)
        program = exported.run_decompositions({})
    calls = [str(node.target) for node in program.graph.nodes if node.op == "call_function"]
    assert calls.count("aten.scaled_dot_product_attention.default") == 2
    assert not any("softmax" in call or "bmm" in call for call in calls)


def test_causal_models_look_back_only() -> None:
    for name in ("opt-125m", "opt-350m", "gpt2", "llama-1.1b"):
        spec = models.get(name)
        model = spec.build_small().eval()
        (ids,) = spec.small_inputs()
        changed = ids.clone()
        changed[0, -1] = (ids[0, -1] + 1) % 96
        with torch.no_grad():
            first, second = model(ids), model(changed)
        torch.testing.assert_close(first[:, :-1], second[:, :-1])
        assert not torch.equal(first[:, -1], second[:, -1])


def test_an_unknown_name_lists_the_nearest() -> None:
    assert models.get("BERT_base").name == "bert-base"
    assert models.get("facebook/opt-1.3b").name == "opt-1.3b"
    with pytest.raises(ModelImportError, match="no model 'resnet81'") as error:
        models.get("resnet81")
    assert "resnet18" in str(error.value)
    with pytest.raises(ModelImportError, match="known: resnet18"):
        models.get("zzzzzz")


# ---- without weights


class Tied(nn.Module):
    """A tied weight, an unused buffer, a buffer that is not in the state dict."""

    def __init__(self, width: int = 4) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(width, width), nn.Linear(width, width)
        self.second.weight = self.first.weight
        self.register_buffer("unused", torch.ones(2, dtype=torch.int64))
        self.register_buffer("offset", torch.arange(3.0), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.second(self.first(x))


def test_the_inventory_names_tied_weights_and_unused_buffers() -> None:
    model = Tied()
    graph = import_model(model, torch.randn(1, 4))
    entries = {entry.key: entry for entry in graph.state}
    assert list(entries) == [*model.state_dict(), "offset"]
    assert list(entries) == ["unused", "first.weight", "first.bias", "second.weight", "second.bias", "offset"]
    assert entries["second.weight"].alias_of == "first.weight" == entries["second.weight"].canonical
    assert entries["unused"] == StateEntry("unused", (2,), "int64", "buffer")
    assert not entries["offset"].persistent
    assert set(graph.parameters) == {"first.weight", "first.bias", "second.bias", "unused", "offset"}
    assert graph.parameters["unused"].dtype == torch.int64
    assert str(graph.module).count("weight @first.weight") == 2
    assert [StateEntry.from_json(entry.to_json()) for entry in graph.state] == list(graph.state)


def test_a_model_without_weights_is_the_same_graph() -> None:
    torch.manual_seed(0)
    model = models.get("resnet18").build_small()
    x = torch.randn(1, 3, 32, 32)
    real = import_model(model, x)
    weightless, mode = without_weights(models.get("resnet18").build_small)
    assert fake_mode_of(weightless) is mode and fake_mode_of(model) is None
    graph = import_model(weightless, x)
    assert str(graph) == str(real) and graph.state == real.state
    assert not graph.has_values and real.has_values and not graph.parameters
    filled = graph.with_state_dict(model.state_dict())
    assert filled.has_values and set(filled.parameters) == set(real.parameters)
    assert all(torch.equal(filled.parameters[key], value) for key, value in real.parameters.items())
    assert import_model(weightless, x, state_dict=model.state_dict()).has_values


def test_values_are_asked_for_where_they_are_needed() -> None:
    weightless, _ = without_weights(Tied)
    graph = import_model(weightless, torch.randn(1, 4))
    assert torch.equal(graph.parameters["offset"], torch.arange(3.0))
    from xplat.software import calibrate

    with pytest.raises(
        ModelImportError, match=r"3 parameters have no values, first 'first.weight'; calibration"
    ) as error:
        calibrate(graph, torch.randn(4, 4))
    assert "state_dict" in str(error.value)


def test_large_weights_are_never_allocated() -> None:
    def build() -> nn.Module:
        return nn.Sequential(nn.Linear(1 << 20, 1 << 20), nn.Embedding(1 << 30, 1 << 10))

    model, _ = without_weights(build)
    assert parameters(model) == (1 << 40) + (1 << 20) + (1 << 40)


def test_a_buffer_without_values_is_an_error() -> None:
    class Masked(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("mask", torch.empty(512, 512).fill_(-math.inf).triu_(1), persistent=False)

    with pytest.raises(ModelImportError, match=r"buffer '.mask' of shape \[512, 512\]"):
        without_weights(Masked)


def test_a_state_dict_that_does_not_fit_lists_every_key() -> None:
    weightless, _ = without_weights(Tied)
    state = Tied().state_dict()
    state["first.wieght"] = state.pop("first.weight")
    del state["second.weight"]
    state["second.bias"] = torch.zeros(5)
    with pytest.raises(ModelImportError, match="does not fit the model in 3 of 6 keys") as error:
        import_model(weightless, torch.randn(1, 4), state_dict=state)
    text = str(error.value)
    assert "first.wieght: the model has no such key; did you mean first.weight?" in text
    assert "second.bias: expected shape [4] but got [5]" in text
    assert "first.weight: missing, parameter of shape [4, 4]" in text


def test_one_key_of_a_tied_weight_is_enough_and_half_precision_is_taken() -> None:
    model = Tied()
    state = {key: value for key, value in model.state_dict().items() if key != "first.weight"}
    state = {key: value.half() if value.is_floating_point() else value for key, value in state.items()}
    graph = import_model(model, torch.randn(1, 4), state_dict=state)
    assert graph.parameters["first.weight"].dtype == torch.float32
    torch.testing.assert_close(graph.parameters["first.weight"], model.first.weight, atol=1e-3, rtol=0)


def test_a_model_on_the_meta_device_is_explained() -> None:
    with pytest.raises(ModelImportError, match="4 parameters are on the meta device"):
        import_model(nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2)).to("meta"), torch.randn(1, 2))


def test_import_by_name() -> None:
    graph = xplat.import_model("resnet18")
    assert not graph.has_values and len(graph.state) == 122
    assert "tensor<1x1000xf32>" in str(graph)


# ---- what is in a graph


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if name in ("mobilenetv3_small", "unet", "gpt2") else [pytest.mark.long])
        for name in models.names()
    ],
)
def test_work_in_the_graph_is_what_torch_counts(name: str) -> None:
    spec = models.get(name)
    model, inputs = spec.build_small().eval(), spec.small_inputs()
    summary = summarize(import_model(model, inputs))
    assert 2 * summary.multiply_accumulates == operations(model, inputs)
    assert summary.parameters == parameters(model)


def disturb(model: nn.Module) -> None:
    """Weights and statistics that no initialisation gives: no zeros, no ones, nothing tiny."""
    torch.manual_seed(0)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
        for name, buffer in model.named_buffers():
            if name.endswith(("running_mean", "running_var")):
                buffer.add_(0.3 * torch.rand_like(buffer))


@pytest.mark.parametrize("name", models.names())
def test_the_graph_computes_what_the_model_does(name: str) -> None:
    spec = models.get(name)
    model = spec.build_small().eval()
    disturb(model)
    graph = import_model(model, spec.small_inputs())
    x = spec.small_inputs(batch=3, seed=1)
    with torch.no_grad():
        expected = model(*x)
    result = run_reference(graph.module, graph.parameters, x)
    assert float((result - expected).abs().max() / expected.abs().max()) < 1e-4
    text = text_of(graph.module)
    again = ir.Module.parse(text, graph.module.context)
    assert text_of(again) == text
