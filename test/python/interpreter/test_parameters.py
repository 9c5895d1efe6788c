# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Derived parameters: every kind against torch, differentiable to the model's own tensors, computed once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.formats import FixedPoint, Minifloat, Msfp, parse
from xplat.interpreter.parameters import Parameters, evaluate_parameters, parameter_values
from xplat.support.errors import DesignFileError

FUNCTION = """
func.func private @twice(%a: tensor<3x4xf32>, %b: tensor<3x4xf32>) -> tensor<4x3xf32> {
  %c = xplat.splat 2.0 : tensor<3x4xf32>
  %0 = xplat.mul %a, %c : tensor<3x4xf32>, tensor<3x4xf32> -> tensor<3x4xf32>
  %1 = xplat.add %0, %b : tensor<3x4xf32>, tensor<3x4xf32> -> tensor<3x4xf32>
  %2 = xplat.transpose %1 permutation [1, 0] : tensor<3x4xf32> -> tensor<4x3xf32>
  return %2 : tensor<4x3xf32>
}
"""
W4, V4 = {"w": "4x3x2x2"}, {name: "4" for name in ("gamma", "beta", "mean", "var")}
EPSILON = 1e-3

KINDS: dict[str, tuple[dict[str, str], str, str, Callable[..., torch.Tensor]]] = {
    "fold_batch_norm_weight": (
        {**W4, "gamma": "4", "var": "4"},
        "fold_batch_norm_weight(@w, @gamma, @var) epsilon = 1.0e-3",
        "4x3x2x2xf32",
        lambda w, gamma, var: w * (gamma / (var + EPSILON).sqrt()).reshape(4, 1, 1, 1),
    ),
    "fold_batch_norm_weight alone": (
        {"gamma": "4", "var": "4"},
        "fold_batch_norm_weight(@gamma, @var) epsilon = 1.0e-3",
        "4x1x1x1xf32",
        lambda gamma, var: (gamma / (var + EPSILON).sqrt()).reshape(4, 1, 1, 1),
    ),
    "fold_batch_norm_bias": (
        {"b": "4", **V4},
        "fold_batch_norm_bias(@b, @gamma, @beta, @mean, @var) epsilon = 1.0e-3",
        "4xf32",
        lambda b, gamma, beta, mean, var: (b - mean) * gamma / (var + EPSILON).sqrt() + beta,
    ),
    "fold_batch_norm_bias alone": (
        V4,
        "fold_batch_norm_bias(@gamma, @beta, @mean, @var) epsilon = 1.0e-3",
        "4xf32",
        lambda gamma, beta, mean, var: -mean * gamma / (var + EPSILON).sqrt() + beta,
    ),
    "transpose": (
        {"w": "2x3x4"},
        "transpose(@w) shape = [2, 0, 1]",
        "4x2x3xf32",
        lambda w: w.permute(2, 0, 1),
    ),
    "reshape": ({"w": "2x3x4"}, "reshape(@w)", "6x4xf32", lambda w: w.reshape(6, 4)),
    "select": (
        {"w": "4x5x2"},
        "select(@w) axis = 1 : i64 shape = [4, 0, 3]",
        "4x3x2xf32",
        lambda w: w[:, [4, 0, 3]],
    ),
    "mask": (
        {"w": "4x5", "m": "4x5"},
        "mask(@w, @m)",
        "4x5xf32",
        lambda w, m: torch.where(m != 0, w, torch.zeros_like(w)),
    ),
    "evaluate": (
        {"a": "3x4", "b": "3x4"},
        "evaluate(@a, @b) function = @twice",
        "4x3xf32",
        lambda a, b: (2 * a + b).T,
    ),
}  # fmt: skip


def parse_module(text: str) -> ir.Module:
    with ir.Context():
        return ir.Module.parse(text)


def module_of(sources: dict[str, str], derivation: str, kind: str) -> ir.Module:
    lines = [f"xplat.param @{name} : tensor<{extents}xf32>" for name, extents in sources.items()]
    lines.append(f"xplat.param @d {{derivation = #xplat.derivation<{derivation}>}} : tensor<{kind}>")
    return parse_module("\n".join(lines) + (FUNCTION if "@twice" in derivation else ""))


def state_of(sources: dict[str, str], seed: int = 0) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    state = {}
    for name, extents in sources.items():
        values = torch.randn([int(extent) for extent in extents.split("x")], generator=generator)
        state[name] = values.abs() if name == "var" else (values > 0).float() if name == "m" else values
    return state


@pytest.mark.parametrize("name", KINDS)
def test_derivation_equals_torch_and_is_differentiable(name: str) -> None:
    sources, derivation, kind, function = KINDS[name]
    module, state = module_of(sources, derivation, kind), state_of(sources)
    trained = [tensor.requires_grad_() for key, tensor in state.items() if key != "m"]
    value = Parameters(module, state)["d"]
    wanted = function(*(tensor.double() for tensor in state.values()))
    torch.testing.assert_close(value, wanted)
    weight = torch.randn(wanted.shape, dtype=torch.float64)
    got = torch.autograd.grad((value * weight).sum(), trained)
    for a, b in zip(got, torch.autograd.grad((wanted * weight).sum(), trained), strict=True):
        torch.testing.assert_close(a, b)


def test_every_kind_is_covered() -> None:
    covered = {name.split()[0] for name in KINDS}
    covered |= {"quantize", "compress", "compress_index", "every_number", "exponents"}
    assert covered == {kind.name for kind in xp.DerivationKind}


def test_every_number_of_a_format_is_where_its_code_says() -> None:
    module = parse_module("xplat.param @d = <every_number()> : tensor<8x!quant.uniform<i3:f32, 0.5>>")
    assert parameter_values(module, {})["d"].tolist() == [0.0, 0.5, 1.0, 1.5, -2.0, -1.5, -1.0, -0.5]
    assert evaluate_parameters(module, {})["d"].tolist() == [0, 1, 2, 3, -4, -3, -2, -1]


def test_blocks_as_patterns_and_exponents() -> None:
    module = parse_module("""
      xplat.param @w : tensor<2x6xf32>
      xplat.param @q = <quantize(@w)> : tensor<2x6x!xplat.msfp<4, 4, axis = 1>>
      xplat.param @x = <exponents(@q)> : tensor<2x2xi8>
    """)
    w = torch.tensor([[1.0, -1.5, 0.25, 0.0, 8.0, -8.0], [0.0, 0.0, 0.0, 0.0, 2.0**-20, 0.0]])
    values = evaluate_parameters(module, {"w": w})
    codes = Msfp(4, 4).encode(w.double(), axis=1)
    assert torch.equal(values["q"], codes.elements) and torch.equal(values["x"], codes.exponents)
    assert values["q"].tolist() == [[4, 8 + 6, 1, 0, 4, 8 + 4], [0, 0, 0, 0, 4, 0]]
    assert values["x"].tolist() == [[127, 130], [0, 107]]


FORMATS = {
    "!quant.uniform<i4:f32, 0.25>": FixedPoint(4, (2,)),
    "!quant.uniform<i4:f32:0, {0.25, 0.5, 0.125}>": FixedPoint(4, (2, 1, 3), per_channel=True),
    "!xplat.minifloat<3, 2>": Minifloat(3, 2),
    "!xplat.msfp<4, 16>": Msfp(4, 16, axis=-1),
    "!xplat.msfp<4, 2, axis = 0>": Msfp(4, 2, axis=0),
    "!xplat.mx<f4E2M1FN, 32>": parse("mxfp4"),
}


@pytest.mark.parametrize("element", FORMATS)
def test_quantize_rounds_once_straight_through(element: str) -> None:
    module = module_of({"w": "3x40"}, "quantize(@w)", f"3x40x{element}")
    state = {"w": (torch.randn(3, 40) * 0.4).requires_grad_()}
    value = Parameters(module, state)["d"]
    form = FORMATS[element]
    axis = {"axis": 0} if "axis = 0" in element else {"axis": -1}
    assert torch.equal(value, form.round(state["w"].detach().double(), **axis))
    (gradient,) = torch.autograd.grad(value.sum(), [state["w"]])
    inside = form.representable(state["w"].detach().double())
    assert torch.equal(gradient, torch.ones(3, 40) if inside is None else inside.float())


def test_compressed_weights_and_their_places() -> None:
    module = parse_module("""
        xplat.param @w : tensor<2x7xf32>
        xplat.param @c {derivation = #xplat.derivation<compress(@w)>} : tensor<2x2x2xf32>
        xplat.param @i {derivation = #xplat.derivation<compress_index(@w)>} : tensor<2x2x2xi2>""")
    w = torch.tensor([[0.0, 5, 0, 7, 1, 0, 2], [0, 0, 0, 0, 0, 3, 0]], requires_grad=True)
    values = Parameters(module, {"w": w})
    assert values["c"].tolist() == [[[5, 1], [7, 2]], [[0, 3], [0, 0]]]
    assert values["i"].tolist() == [[[1, 0], [3, 2]], [[0, 1], [0, 0]]]
    assert torch.autograd.grad(values["c"].sum(), [w])[0][0].tolist() == [0, 1, 0, 1, 1, 0, 1]
    with pytest.raises(DesignFileError, match="holds 2 of 4 neighbouring weights, but 3 are not zero"):
        evaluate_parameters(module, {"w": torch.tensor([[1.0, 5, 0, 7, 1, 0, 2], [0, 0, 0, 0, 0, 3, 0]])})


def test_stored_integers_and_what_they_mean() -> None:
    module = module_of({"w": "2x3"}, "quantize(@w)", "2x3x!quant.uniform<i4:f32, 0.25>")
    state = {"w": torch.tensor([[0.3, -0.375, 9.0], [-9.0, 0.125, -0.0]])}
    assert evaluate_parameters(module, state)["d"].tolist() == [[1, -2, 7], [-8, 0, 0]]
    assert parameter_values(module, state)["d"].tolist() == [[0.25, -0.5, 1.75], [-2, 0, 0]]


def test_a_chain_is_computed_once_and_only_when_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    module = parse_module("""
        xplat.param @w : tensor<4x6xf32>
        xplat.param @unused : tensor<9xf32>
        xplat.param @t {derivation = #xplat.derivation<transpose(@w) shape = [1, 0]>} : tensor<6x4xf32>
        xplat.param @a {derivation = #xplat.derivation<reshape(@t)>} : tensor<24xf32>
        xplat.param @b {derivation = #xplat.derivation<reshape(@t)>} : tensor<3x8xf32>""")
    import xplat.interpreter.parameters as parameters

    calls = []
    original = parameters._DERIVATIONS[xp.DerivationKind.transpose]
    monkeypatch.setitem(
        parameters._DERIVATIONS, xp.DerivationKind.transpose, lambda *args: calls.append(0) or original(*args)
    )
    w = torch.randn(4, 6)
    values = Parameters(module, {"w": w})
    for _ in range(2):
        assert torch.equal(values["a"], w.double().T.reshape(24))
        assert torch.equal(values["b"], w.double().T.reshape(3, 8))
    assert len(calls) == 1


def test_integers_stay_integers() -> None:
    module = parse_module("xplat.param @ids : tensor<1x4xi64>\nxplat.param @mask : tensor<4xi1>")
    state = {"ids": torch.tensor([[0, 5, 1 << 40, -1]]), "mask": torch.tensor([True, False, True, True])}
    values = evaluate_parameters(module, state)
    assert torch.equal(values["ids"], state["ids"])
    assert torch.equal(values["mask"], state["mask"])
    assert values["ids"].dtype == torch.int64


def test_missing_and_misshapen_values_are_told() -> None:
    module = parse_module("xplat.param @w : tensor<2x3xf32>")
    with pytest.raises(DesignFileError, match="'w' has no values"):
        evaluate_parameters(module, {})
    with pytest.raises(DesignFileError, match=r"shape \[3, 2\], expected \[2, 3\]"):
        evaluate_parameters(module, {"w": torch.zeros(3, 2)})
