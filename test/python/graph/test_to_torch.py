# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Back to PyTorch: names, equality, gradients and training through every pass, and weights back into a design."""

from __future__ import annotations

import copy
import io
import pickle
import re
from functools import cache
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils import _pytree as pytree

import xplat
from xplat import ir, models
from xplat.frontend import Graph, import_model
from xplat.graph.reference import run_reference
from xplat.mlir.passes import run_pipeline
from xplat.software import calibrate
from xplat.support.errors import InputError, PassError, XplatError
from xplat.testing.networks import DepthwiseCnn, Mlp, ResidualCnn, settle_batch_norm

ROOT = Path(__file__).resolve().parents[3]
IMAGES = torch.randn(24, 1, 8, 8, generator=torch.Generator().manual_seed(3))
FEATURES = torch.randn(24, 6, 16, generator=torch.Generator().manual_seed(4))


class Attention(nn.Module):
    """Attention by hand and by PyTorch, a table of positions, chains of element-wise operations, repeated work."""

    def __init__(self) -> None:
        super().__init__()
        self.positions = nn.Parameter(torch.randn(1, 9, 16) * 0.3)
        self.scale = nn.Parameter(torch.tensor([0.7]))
        self.query, self.key, self.value = (nn.Linear(16, 16) for _ in range(3))
        self.norm = nn.LayerNorm(16)
        self.inner, self.outer = nn.Linear(16, 24), nn.Linear(24, 16)
        self.register_buffer("table", torch.linspace(-1, 1, 16).reshape(1, 1, 16))
        self.head = nn.Linear(16, 3)

    def heads(self, x):
        return x.reshape(-1, 6, 2, 8).transpose(1, 2)

    def forward(self, x):
        x = x + self.positions[:, :6] * self.scale + (self.table * 2).exp()
        q, k, v = self.heads(self.query(x)), self.heads(self.key(x)), self.heads(self.value(x))
        by_hand = ((q @ k.transpose(-1, -2)) / 8**0.5).softmax(-1) @ v
        causal = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        y = self.norm((by_hand + causal).transpose(1, 2).reshape(-1, 6, 16))
        z = F.gelu(self.inner(y))
        y = y + self.outer(z * torch.sigmoid(1.5 * z) + torch.relu(z) / 2 - F.gelu(self.inner(y)) * 0.25)
        return self.head(y.mean(1))


def residual() -> nn.Module:
    torch.manual_seed(0)
    return settle_batch_norm(ResidualCnn(), IMAGES).eval()


def depthwise() -> nn.Module:
    torch.manual_seed(1)
    return settle_batch_norm(DepthwiseCnn(), IMAGES).eval()


def attention() -> nn.Module:
    torch.manual_seed(2)
    return Attention().eval()


MODELS = {"residual": (residual, IMAGES), "depthwise": (depthwise, IMAGES), "attention": (attention, FEATURES)}


@cache
def imported(name: str) -> tuple[nn.Module, Graph, torch.Tensor]:
    make, data = MODELS[name]
    model = make()
    return model, import_model(model, data), data


def after(graph: Graph, *passes: str) -> Graph:
    return graph.with_module(run_pipeline(graph.module, ",".join(passes), where="test"))


def quantized(name: str, form: str = "int8") -> xplat.Graph:
    model, _, data = imported(name)
    return xplat.quantize(model, example_inputs=data, calibration=data, quantize=form)


def gradients(module: nn.Module, *inputs: torch.Tensor) -> dict[str, torch.Tensor | None]:
    """Of a loss that weighs every output differently, by parameter name."""
    module.zero_grad()
    outputs = [leaf for leaf in pytree.tree_leaves(module(*inputs)) if isinstance(leaf, torch.Tensor)]
    generator = torch.Generator().manual_seed(7)
    sum((out * torch.randn(out.shape, generator=generator)).sum() for out in outputs).backward()
    return {name: parameter.grad for name, parameter in module.named_parameters()}


def assert_same_gradients(module: nn.Module, model: nn.Module, *inputs: torch.Tensor) -> None:
    got, wanted = gradients(module, *inputs), gradients(model, *inputs)
    assert got.keys() == wanted.keys()
    for name, gradient in wanted.items():
        if gradient is None:
            assert got[name] is None, name
        else:
            # Some gradients are differences of large numbers, e.g. of a bias before a normalisation.
            torch.testing.assert_close(got[name], gradient, rtol=1e-3, atol=1e-4, msg=lambda m, n=name: f"{n}: {m}")


def same_numbers(a: nn.Module, b: nn.Module, *inputs: torch.Tensor, tolerance: float = 1e-4) -> None:
    with torch.no_grad():
        got, wanted = pytree.tree_leaves(a(*inputs)), pytree.tree_leaves(b(*inputs))
    assert len(got) == len(wanted)
    for x, y in zip(got, wanted, strict=True):
        torch.testing.assert_close(x, y, rtol=tolerance, atol=tolerance * float(y.abs().max()))


# ---- names


class Tied(nn.Module):
    """Tied weights, a layer under two names, unused and frozen state, temporary buffers, several number types."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("temporary", torch.arange(5.0), persistent=False)
        self.embed = nn.Embedding(11, 5)
        self.layers = nn.ModuleList([nn.Linear(5, 5) for _ in range(2)])
        self.again = self.layers[0]
        self.extra = nn.ParameterDict({"b": nn.Parameter(torch.ones(5)), "unused": nn.Parameter(torch.ones(3))})
        self.act = nn.Sequential(nn.ReLU(), nn.Identity())
        self.register_buffer("counter", torch.tensor(3))
        self.register_buffer("unused_buffer", torch.arange(4, dtype=torch.int32))
        self.norm = nn.BatchNorm1d(5)
        self.head = nn.Linear(5, 11, bias=False)
        self.head.weight = self.embed.weight
        self.layers[1].bias.requires_grad_(False)

    def forward(self, ids, scale):
        x = self.embed(ids).mean(1) + self.temporary
        for layer in [*self.layers, self.again]:
            x = self.act(layer(x))
        x = self.norm(x * scale + self.extra["b"])
        return {"logits": self.head(x), "states": (x, ids + 1)}


@cache
def tied() -> tuple[nn.Module, Graph]:
    torch.manual_seed(3)
    model = Tied().eval()
    ids, scale = torch.randint(0, 11, (2, 4)), torch.randn(2, 5)
    return model, import_model(model, (ids, scale))


def tied_inputs(count: int = 6) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(9)
    return torch.randint(0, 11, (count, 4), generator=generator), torch.randn(count, 5, generator=generator)


def test_state_dict_and_modules_are_the_models_own() -> None:
    model, graph = tied()
    module = graph.to_torch()
    wanted, got = model.state_dict(), module.state_dict()
    assert list(got) == list(wanted)
    for key, value in wanted.items():
        assert got[key].dtype == value.dtype, key
        assert torch.equal(got[key], value), key
    assert list(dict(module.named_parameters())) == list(dict(model.named_parameters()))
    assert dict(module.named_buffers()).keys() == dict(model.named_buffers()).keys()
    trainable = {name: parameter.requires_grad for name, parameter in model.named_parameters()}
    assert {name: parameter.requires_grad for name, parameter in module.named_parameters()} == trainable
    assert module.head.weight is module.embed.weight
    assert module.again.weight is module.layers[0].weight
    names = {name for name, _ in model.named_modules(remove_duplicate=False)}
    # Containers without state that are not run themselves leave no trace.
    assert {name for name, _ in module.named_modules(remove_duplicate=False)} <= names
    assert {"act", "act.0", "layers.1", "extra"} <= {name for name, _ in module.named_modules()}
    assert module.layers[0]._get_name() == "Linear"


def test_state_goes_back_into_the_model() -> None:
    model, graph = tied()
    module, other = graph.to_torch(), copy.deepcopy(model)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(0.25)
    other.load_state_dict(module.state_dict(), strict=True)
    same_numbers(module.eval(), other, *tied_inputs())


def test_call_and_result_have_the_models_structure() -> None:
    model, graph = tied()
    module = graph.to_torch().eval()
    ids, scale = tied_inputs()
    with torch.no_grad():
        wanted = model(ids, scale)
        for got in (module(ids, scale), module(ids, scale=scale), module(scale=scale, ids=ids)):
            assert pytree.tree_structure(got) == pytree.tree_structure(wanted)
            torch.testing.assert_close(got["logits"], wanted["logits"])
            assert torch.equal(got["states"][1], wanted["states"][1])
    with pytest.raises(InputError, match="no input 'mask'"):
        module(ids, mask=scale)
    with pytest.raises(InputError, match="got 1 tensors by position, expected 2"):
        module(ids)
    with pytest.raises(XplatError, match="part of an xplat module"):
        module.head(scale)


def test_gradients_reach_every_trainable_parameter() -> None:
    model, graph = tied()
    ids, scale = tied_inputs()
    wrapped, original = graph.to_torch(), copy.deepcopy(model)
    loss = wrapped(ids, scale)["logits"].square().sum()
    loss.backward()
    original(ids, scale)["logits"].square().sum().backward()
    for (name, a), (_, b) in zip(wrapped.named_parameters(), original.named_parameters(), strict=True):
        assert (a.grad is None) == (b.grad is None), name
        if a.grad is not None:
            torch.testing.assert_close(a.grad, b.grad, rtol=1e-3, atol=1e-4)


def test_copies_pickles_and_functional_calls() -> None:
    _, graph = tied()
    module = graph.to_torch().eval()
    inputs = tied_inputs()
    with torch.no_grad():
        wanted = module(*inputs)["logits"]
        for other in (copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
            assert torch.equal(other(*inputs)["logits"], wanted)
            assert other.head.weight is other.embed.weight
        file = io.BytesIO()
        torch.save(module.state_dict(), file)
        file.seek(0)
        fresh = graph.to_torch().eval()
        fresh.load_state_dict(torch.load(file))
        assert torch.equal(fresh(*inputs)["logits"], wanted)
        zeros = {"embed.weight": torch.zeros(11, 5)}
        assert not torch.func.functional_call(module, zeros, inputs)["logits"].any()


def test_evaluation_sees_every_change_of_the_weights() -> None:
    _, graph = tied()
    module = graph.to_torch().eval()
    inputs = tied_inputs()
    with torch.no_grad():
        first = module(*inputs)["logits"]
        assert torch.equal(module(*inputs)["logits"], first)
        module.layers[0].weight.data.mul_(2)
        second = module(*inputs)["logits"]
        assert not torch.equal(second, first)
        module.layers[0].weight.mul_(0.5)
        assert torch.equal(module(*inputs)["logits"], first)


def test_half_precision_parameters_keep_their_type() -> None:
    torch.manual_seed(0)
    model = Mlp().half().eval()
    graph = import_model(model, IMAGES)
    module = graph.to_torch().eval()
    assert {parameter.dtype for parameter in module.parameters()} == {torch.float16}
    with torch.no_grad():
        torch.testing.assert_close(module(IMAGES), model(IMAGES.half()).float(), rtol=1e-2, atol=1e-2)
    module.train()(IMAGES).sum().backward()
    assert all(parameter.grad is not None for parameter in module.parameters())


def test_a_model_without_values_is_told() -> None:
    graph = import_model("resnet18")
    with pytest.raises(XplatError, match="have no values"):
        graph.to_torch()


# ---- numbers


@pytest.mark.parametrize("name", models.names())
def test_small_zoo_model_equals_the_original(name: str) -> None:
    spec = models.get(name)
    torch.manual_seed(0)
    model = spec.build_small().eval()
    graph = import_model(model, spec.small_inputs())
    inputs = spec.small_inputs(batch=3, seed=5)
    with torch.no_grad():
        wanted = [leaf for leaf in pytree.tree_leaves(model(*inputs)) if isinstance(leaf, torch.Tensor)]
    results = run_reference(graph.module, graph.parameters, inputs)
    for got, value in zip(results if isinstance(results, tuple) else (results,), wanted, strict=True):
        torch.testing.assert_close(got, value, rtol=1e-4, atol=1e-4 * float(value.abs().max()))
    module = graph.to_torch()
    assert list(module.state_dict()) == list(model.state_dict())
    same_numbers(module.eval(), model, *inputs)
    inputs = spec.small_inputs(batch=2, seed=6)
    # The row for padding gets a gradient here, unlike in the original.
    inputs = tuple(x if x.is_floating_point() else x.masked_fill(x <= 1, 2) for x in inputs)
    assert_same_gradients(module.train(), model, *inputs)


@pytest.mark.parametrize("name", ["mobilenetv3_small", "bert-base", "llama-1.1b", "unet"])
def test_small_zoo_model_quantized_equals_its_reference(name: str) -> None:
    spec = models.get(name)
    torch.manual_seed(0)
    model = spec.build_small().eval()
    data = spec.small_inputs(batch=4, seed=3)
    result = xplat.quantize(model, example_inputs=spec.small_inputs(), calibration=data)
    module, inputs = result.to_torch().eval(), spec.small_inputs(batch=2, seed=9)
    with torch.no_grad():
        got, wanted = module(*inputs), model(*inputs)
        assert torch.equal(got, result.reference(inputs))
    assert (got - wanted).norm() <= 0.1 * wanted.norm()
    trained = {key for key, gradient in gradients(module.train(), *inputs).items() if gradient is not None}
    assert trained == {key for key, gradient in gradients(model, *inputs).items() if gradient is not None}


def software_passes() -> list[str]:
    """Flags of the passes whose code lies in lib/Transforms/Software, and upstream's that the pipeline runs."""
    text = (ROOT / "lib/Transforms/Software/Passes.td").read_text()
    sources = {file.stem for file in (ROOT / "lib/Transforms/Software").glob("*.cpp")}
    found = [flag for name, flag in re.findall(r'^def (\w+) : Pass<"([\w-]+)"', text, re.MULTILINE) if name in sources]
    assert len(found) >= 4
    return [*found, "canonicalize", "cse", "xplat-software"]


def prepared(flag: str, graph: Graph, data: torch.Tensor) -> Graph:
    """What a pass needs to be done before it."""
    return calibrate(after(graph, "xplat-software"), data) if flag == "xplat-quantize" else graph


@pytest.mark.parametrize("flag", software_passes())
def test_equal_to_the_original_after_every_pass(flag: str) -> None:
    """A new pass is covered by being there. What it does not take it may refuse, but not on all models."""
    taken = 0
    for name in MODELS:
        model, graph, data = imported(name)
        try:
            graph = after(prepared(flag, graph, data), flag)
        except PassError:
            continue
        taken += 1
        module = graph.to_torch()
        assert list(module.state_dict()) == list(model.state_dict())
        if module._xplat_interpreter.exact:
            with torch.no_grad():
                assert torch.equal(module.eval()(data), run_reference(graph.module, graph.parameters, data))
            assert all(gradient is not None for gradient in gradients(module.train(), data).values())
        else:
            same_numbers(module.eval(), model, data)
            same_numbers(module.train(), model, data)
            assert_same_gradients(module, copy.deepcopy(model), data)
    assert taken


def test_training_after_folding_reaches_normalisation() -> None:
    model, graph, data = imported("residual")
    module = after(graph, "xplat-software").to_torch().train()
    assert "xplat.batch_norm" not in module._xplat_text
    got = gradients(module, data)
    norms = [name for name, part in model.named_modules() if isinstance(part, nn.BatchNorm2d)]
    assert all(bool(got[f"{name}.{kind}"].any()) for name in norms for kind in ("weight", "bias"))
    before = {name: buffer.clone() for name, buffer in module.named_buffers()}
    torch.optim.SGD(module.parameters(), 0.1).step()
    assert all(torch.equal(before[name], buffer) for name, buffer in module.named_buffers())


# ---- quantized


FORMATS = ["int8", "int4", "w4a8", "int8-per-tensor", "msfp4", "mxint8", "mxfp6", "e4m3", "w=mxfp4,a=int8"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", MODELS)
def test_eval_equals_the_reference_bit_for_bit(name: str, form: str) -> None:
    model, _, data = imported(name)
    result = quantized(name, form)
    module = result.to_torch()
    with torch.no_grad():
        got = module.eval()(data)
        assert torch.equal(got, result.reference(data))
        assert torch.equal(torch.cat([module(data[i : i + 1]) for i in range(4)]), got[:4])
        # Float32 is less exact only where a sum leaves its 24 bits, which then may round to the neighbouring value.
        assert (module.train()(data) - got).norm() <= 0.1 * got.norm()
    assert (got - model(data)).abs().max() > 0
    assert got.dtype == torch.float32
    assert all(bool(gradient.any()) for gradient in gradients(module, data).values())


# ---- constants computed by the graph


def test_functions_of_parameters_stay_trainable() -> None:
    text = """
        xplat.param @w : tensor<1x4xf32>
        xplat.param @e {derivation = #xplat.derivation<evaluate(@w) function = @double>} : tensor<1x4xf32>
        func.func private @double(%a: tensor<1x4xf32>) -> tensor<1x4xf32> {
          %0 = xplat.add %a, %a : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
          return %0 : tensor<1x4xf32>
        }
        func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
          %0 = xplat.host_input %x : tensor<1x4xf32> -> tensor<1x4xf32>
          %c = xplat.constant @e : tensor<1x4xf32>
          %1 = xplat.mul %0, %c : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
          %2 = xplat.host_output %1 : tensor<1x4xf32> -> tensor<1x4xf32>
          return %2 : tensor<1x4xf32>
        }"""
    from xplat.frontend import StateEntry

    with ir.Context():
        module = ir.Module.parse(text)
    w, x = torch.randn(1, 4), torch.randn(3, 4)
    state = (StateEntry(key="w", shape=(1, 4), dtype="float32", kind="parameter", trainable=True),)
    wrapped = Graph(module=module, parameters={"w": w}, state=state).to_torch()
    torch.testing.assert_close(wrapped(x), 2 * x * w)
    (gradient,) = torch.autograd.grad(wrapped(x).sum(), [wrapped.w])
    torch.testing.assert_close(gradient, 2 * x.sum(0, keepdim=True))
