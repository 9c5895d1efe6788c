# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import: which PyTorch operation becomes which node, names and lines, and what the float graph computes."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from xplat import ir
from xplat.dialects import func
from xplat.dialects import xplat as xp
from xplat.frontend import Graph, Unsupported, import_model, known_operations, register_rule
from xplat.graph.reference import run_reference
from xplat.support.errors import ModelImportError
from xplat.testing.networks import DepthwiseCnn, Mlp, PlainCnn, RandomNetwork, ResidualCnn, settle_batch_norm

IMAGES = torch.randn(20, 1, 8, 8, generator=torch.Generator().manual_seed(1))


def nodes(graph: Graph) -> list[ir.OpView]:
    (function,) = (op for op in graph.module.body.operations if isinstance(op, func.FuncOp))
    return [op for op in function.entry_block.operations if xp.is_node(op)]


def kinds(graph: Graph) -> list[str]:
    return [op.operation.name.removeprefix("xplat.") for op in nodes(graph)]


class Wrap(nn.Module):
    """A function as a module."""

    def __init__(self, function, **modules: nn.Module) -> None:
        super().__init__()
        self.function = function
        for name, module in modules.items():
            self.add_module(name, module)

    def forward(self, *inputs: torch.Tensor):
        return self.function(self, *inputs)


def check_equal(model: nn.Module, *inputs: torch.Tensor) -> Graph:
    graph = import_model(model, inputs)
    expected = model.eval()(*inputs)
    result = run_reference(graph.module, graph.parameters, inputs)
    torch.testing.assert_close(result, expected, rtol=1e-5, atol=1e-5)
    return graph


# ---- what becomes what


@pytest.mark.parametrize("make", [Mlp, PlainCnn, ResidualCnn, DepthwiseCnn], ids=lambda make: make.__name__)
def test_network_computes_what_pytorch_computes(make) -> None:
    torch.manual_seed(0)
    check_equal(settle_batch_norm(make(), IMAGES), IMAGES)


@pytest.mark.parametrize("seed", range(8))
def test_random_network_computes_what_pytorch_computes(seed: int) -> None:
    model = RandomNetwork(seed)
    images = torch.randn(8, *model.input_shape)
    check_equal(settle_batch_norm(model, images), images)


def test_mlp_nodes() -> None:
    graph = import_model(Mlp(), IMAGES)
    assert kinds(graph) == ["host_input", "reshape", "linear", "relu", "linear", "relu", "linear", "host_output"]
    assert set(graph.parameters) == {f"fc{i}.{kind}" for i in (1, 2, 3) for kind in ("weight", "bias")}


def test_depthwise_is_its_own_op() -> None:
    counts = kinds(import_model(DepthwiseCnn(), IMAGES))
    assert counts.count("depthwise_conv2d") == 2
    assert counts.count("conv2d") == 2
    assert counts.count("batch_norm") == 3
    assert counts.count("global_avg_pool2d") == 1


@pytest.mark.parametrize(
    ("model", "shape", "kind"),
    [
        (nn.Conv2d(2, 4, 3, stride=(1, 2), padding=(1, 0)), (2, 6, 7), "conv2d"),
        (nn.Conv2d(2, 4, 3, padding="same"), (2, 6, 7), "conv2d"),
        (nn.Conv2d(2, 4, 3, padding="valid", bias=False), (2, 6, 7), "conv2d"),
        (nn.Conv2d(4, 8, 3, groups=4), (4, 6, 6), "conv2d"),
        (nn.Conv2d(4, 4, 3, groups=4), (4, 6, 6), "depthwise_conv2d"),
        (nn.BatchNorm2d(4), (4, 5, 5), "batch_norm"),
        (nn.BatchNorm2d(4, affine=False), (4, 5, 5), "batch_norm"),
        (nn.BatchNorm1d(4), (4,), "batch_norm"),
        (nn.MaxPool2d(3, stride=2, padding=1), (2, 7, 7), "max_pool2d"),
        (nn.MaxPool2d(2, ceil_mode=True), (2, 8, 8), "max_pool2d"),
        (nn.AvgPool2d(3, stride=2, padding=1), (2, 7, 7), "avg_pool2d"),
        (nn.AvgPool2d(2, count_include_pad=False), (2, 8, 8), "avg_pool2d"),
        (nn.AdaptiveAvgPool2d(1), (2, 5, 5), "global_avg_pool2d"),
        (nn.AdaptiveAvgPool2d(2), (2, 6, 4), "avg_pool2d"),
        (nn.ReLU(inplace=True), (3,), "relu"),
        (Wrap(lambda _, x: x.clamp(min=0)), (3,), "relu"),
        (Wrap(lambda _, x: x.mean((-1, -2), keepdim=True)), (2, 3, 3), "global_avg_pool2d"),
        (Wrap(lambda _, x: x.reshape(len(x), 3, 4)), (12,), "reshape"),
        (Wrap(lambda _, x: x.unsqueeze(1)), (12,), "reshape"),
        (Wrap(lambda _, x: x + x), (3,), "add"),
        (nn.Linear(5, 3), (2, 5), "linear"),
    ],
    ids=lambda value: str(value)[:48],
)
def test_operation(model: nn.Module, shape: tuple[int, ...], kind: str) -> None:
    torch.manual_seed(2)
    graph = check_equal(model.eval(), torch.randn(3, *shape))
    assert kinds(graph) == ["host_input", kind, "host_output"]


def test_nothing_is_left_of_dropout_identity_and_copies() -> None:
    layers = Wrap(
        lambda self, x: self.drop(self.identity(x)).contiguous().clone(), drop=nn.Dropout(), identity=nn.Identity()
    )
    assert kinds(import_model(layers, torch.randn(2, 3))) == ["host_input", "host_output"]


def test_several_inputs_and_outputs() -> None:
    model = Wrap(lambda self, a, b: (self.fc(a) + b, torch.relu(b)), fc=nn.Linear(4, 3))
    graph = check_equal(model, torch.randn(5, 4), torch.randn(5, 3))
    assert kinds(graph).count("host_input") == 2
    assert kinds(graph).count("host_output") == 2


def test_shared_layer_and_tied_weights() -> None:
    shared = Wrap(lambda self, x: self.fc(torch.relu(self.fc(x))), fc=nn.Linear(4, 4))
    assert set(check_equal(shared, torch.randn(5, 4)).parameters) == {"fc.weight", "fc.bias"}
    tied = Wrap(lambda self, x: self.b(self.a(x)), a=nn.Linear(4, 4), b=nn.Linear(4, 4))
    tied.b.weight = tied.a.weight
    check_equal(tied, torch.randn(5, 4))


def test_model_is_left_as_it_was() -> None:
    model = ResidualCnn().train()
    model.bn.eval()
    graph = import_model(model, IMAGES)
    assert model.training and model.block1.training and not model.bn.training
    # Imported in evaluation mode all the same.
    expected = model.eval()(IMAGES)
    torch.testing.assert_close(run_reference(graph.module, graph.parameters, IMAGES), expected, rtol=1e-5, atol=1e-5)


def test_double_precision_model_becomes_f32() -> None:
    graph = import_model(nn.Linear(3, 2).double(), torch.randn(2, 3))
    assert graph.parameters["weight"].dtype == torch.float32


def test_exported_program() -> None:
    program = torch.export.export(Mlp().eval(), (IMAGES[:1],), strict=False)
    assert kinds(import_model(program)) == kinds(import_model(Mlp(), IMAGES))


def test_names_and_lines() -> None:
    graph = import_model(ResidualCnn(), IMAGES)
    names = [xp.node_name(op) for op in nodes(graph)]
    assert len(set(names)) == len(names)
    assert {"x", "stem", "bn", "block1.conv1", "block1.bn2", "block2.project.0", "fc", "output"} <= set(names)
    assert "block1.add" in names and "block1.relu" in names
    (conv,) = (op for op in nodes(graph) if xp.node_name(op) == "block2.conv2")
    place = conv.location.child_loc
    line = Path(place.filename).read_text().splitlines()[place.start_line - 1]
    assert Path(place.filename).name == "networks.py"
    assert "self.conv2(y)" in line


# ---- what is refused


def refused(model: nn.Module, *inputs, match: str) -> str:
    with pytest.raises(ModelImportError, match=match) as error:
        import_model(model, inputs)
    return str(error.value)


def test_everything_that_is_refused_is_listed() -> None:
    class Inner(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("calls", torch.zeros(1))

        def forward(self, x):
            self.calls.add_(1)
            return torch.bernoulli(x.sigmoid()) + self.calls

    model = Wrap(lambda self, x: torch.fft.fft(self.inner(x)).real + torch.rand_like(x), inner=Inner())
    text = refused(model, torch.randn(2, 4), match="4 things in the model cannot be imported")
    for part in (
        "aten.bernoulli.default: the result is random",
        "aten.rand_like.default: the result is random",
        "complex numbers are not supported",
        "aten.add.Tensor: the model changes 'inner.calls' when it runs",
    ):
        assert part in text
    assert text.count("inner (") == 2 and text.count("test_frontend.py:") == 4


def test_shapes_that_depend_on_values() -> None:
    refused(Wrap(lambda _, x: x[x > 0]), torch.randn(2, 4), match="not static|depend on values")


def test_control_flow_that_depends_on_values() -> None:
    text = refused(Wrap(lambda _, x: x if x.sum() > 0 else -x), torch.randn(2, 4), match="depend on values")
    assert "test_frontend.py" in text


def test_dynamic_batch() -> None:
    batch = torch.export.Dim("batch")
    program = torch.export.export(Mlp().eval(), (IMAGES,), dynamic_shapes=({0: batch},), strict=False)
    with pytest.raises(ModelImportError, match="not static") as error:
        import_model(program)
    assert "input 'x'" in str(error.value) and "torch.export.Dim" in str(error.value)


def test_example_inputs_that_do_not_fit() -> None:
    text = refused(PlainCnn(), torch.randn(2, 3, 8, 8), match="conv1")
    assert "1, 3, 8, 8" in text and "Traceback" not in text
    refused(Mlp(), torch.randn(2, 1, 9, 9), match="fc1")
    refused(Mlp(), IMAGES, IMAGES, match="forward")


@pytest.mark.parametrize(
    ("inputs", "match"),
    [
        ("image", "is a str"),
        (None, "is a NoneType"),
        ((1, 2), "example input 0 is a int"),
        (torch.zeros(2, 3, dtype=torch.int8), "torch.int8"),
        (torch.zeros(3), "shape"),
        (torch.zeros(0, 3), "at least one sample"),
        ((), "expected tensors"),
    ],
)
def test_example_inputs_that_are_no_samples(inputs, match: str) -> None:
    with pytest.raises(ModelImportError, match=match):
        import_model(nn.Linear(3, 2), inputs)


def test_weights_that_are_no_numbers() -> None:
    model = PlainCnn()
    with torch.no_grad():
        model.conv2.weight[0, 0, 0, :2] = float("nan")
        model.fc.bias[1] = float("inf")
    text = refused(model, IMAGES, match="2 of 8 parameters")
    assert "conv2.weight: 2 NaN and 0 infinite of 432" in text
    assert "fc.bias: 0 NaN and 1 infinite of 10" in text


def test_input_that_is_not_used() -> None:
    refused(Wrap(lambda _, a, b: torch.relu(a)), torch.randn(2, 3), torch.randn(2, 3), match="'.*' is not used")
    # Computing something that nobody reads is no use.
    model = Wrap(lambda _, a, b: (torch.relu(a), torch.rand_like(b).sum())[0])
    refused(model, torch.randn(2, 3), torch.randn(2, 3), match="'.*' is not used")


def test_nothing_is_said_about_what_nobody_reads() -> None:
    model = Wrap(lambda _, x: (torch.relu(x), torch.rand_like(x))[0])
    assert kinds(check_equal(model, torch.randn(2, 3))) == ["host_input", "relu", "host_output"]


def test_state_that_changes() -> None:
    class Counter(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("calls", torch.zeros(1))

        def forward(self, x):
            self.calls = self.calls + 1
            return x + self.calls

    text = refused(Counter(), torch.randn(2, 3), match="the model changes 'calls' when it runs")
    assert "make it an input and an output" in text


class Keeper(nn.Module):
    """Assigns attributes in forward; `reads` says which it also reads."""

    def __init__(self, reads: str) -> None:
        super().__init__()
        self.reads = reads
        self.last = torch.ones(1)
        self.calls = 0
        self.table = torch.zeros(1)

    def forward(self, x):
        y = x + (self.last if self.reads == "last" else self.calls)
        if self.reads == "calls":
            self.calls += 1
        if self.reads == "table":
            self.table.add_(1)
            y = y + self.table
        self.last = x.sum()
        self.seen = x
        return y


@pytest.mark.parametrize(
    ("reads", "match"),
    [
        ("last", "attribute 'last': the model changes it when it runs"),
        ("calls", "attribute 'calls': the model changes it when it runs"),
        ("table", "table is mutated"),
    ],
)
def test_attributes_that_are_state(reads: str, match: str) -> None:
    refused(Keeper(reads), torch.randn(2, 3), match=match)


def test_attributes_that_are_only_looked_at() -> None:
    model = Keeper("nothing")
    graph = import_model(model, torch.randn(2, 3))
    assert kinds(graph) == ["host_input", "splat", "add", "host_output"]
    assert torch.equal(model.last, torch.ones(1)) and not hasattr(model, "seen"), "the model has changed"


@pytest.mark.parametrize(
    ("function", "match"),
    [
        (lambda _, x: nn.functional.dropout(x, 0.5, training=True), "dropout in training mode is random"),
        (lambda _, x: torch.cond(x.sum() > 0, lambda x: x + 1, lambda x: x - 1, (x,)), "depend on values"),
        (lambda _, x: x * x.max().item(), "depend on values"),
        (lambda _, x: x.as_strided((1, 2), (1, 1)), "lies in memory"),
        (lambda _, x: x.view(torch.int32).float(), "lies in memory"),
        (lambda _, x: x.unfold(-1, 2, 1).add_(1), "internal overlap"),
        (lambda _, x: x.to(torch.uint8).float(), "uint8 is not supported"),
        (lambda _, x: x[:, :0].sum(), "has no elements"),
        (lambda _, x: x + 1e39, r"the number 1e\+39 is beyond the range of float32"),
        (lambda _, x: torch.add(x, x, alpha=-1e39), r"-1e\+39 is beyond"),
        (lambda _, x: nn.functional.softplus(x, threshold=1e39), r"1e\+39 is beyond"),
        (lambda _, x: x + x.new_full((4,), 1e300), r"1e\+300 is beyond"),
        (lambda _, x: torch.nonzero(x).sum(), "not static"),
        (lambda _, x: nn.functional.batch_norm(x.view(1, 2, 2), None, None, training=True), "depends on the others"),
    ],
)
def test_what_cannot_be_imported(function, match: str) -> None:
    text = refused(Wrap(function), torch.randn(2, 4), match=match)
    assert "test_frontend.py:" in text and "Traceback" not in text


def test_output_that_is_no_tensor() -> None:
    refused(
        Wrap(lambda _, a: (torch.relu(a), 3)), torch.randn(2, 3), match="output 1 of the model is not a tensor but 3"
    )


def test_no_module() -> None:
    with pytest.raises(ModelImportError, match=r"expected a torch\.nn\.Module"):
        import_model(lambda x: x, torch.randn(2, 3))  # type: ignore[arg-type]


# ---- rules of one's own


def test_rule_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    from xplat.frontend.rules import registry

    monkeypatch.setattr(registry, "_RULES", dict(registry._RULES))
    operation = torch.ops.aten.erfinv.default
    assert "aten.erfinv.default" not in known_operations()

    @register_rule(operation)
    def absolute(context, node):
        x = context.value(context.argument(node, "self"))
        if len(context.shape(node)) > 2:
            context.reject("too many dimensions")
        return xp.ReluOp(context.result_type(node), x).result

    assert "aten.erfinv.default" in known_operations()
    assert kinds(import_model(Wrap(lambda _, x: x.erfinv()), torch.randn(2, 3))) == [
        "host_input",
        "relu",
        "host_output",
    ]
    graph = import_model(Wrap(lambda _, x: x.erfinv()), torch.randn(2, 3, 4))
    assert kinds(graph) == ["host_input", "aten", "host_output"]
    assert [note.reason for note in graph.notes] == ["too many dimensions"]
    assert issubclass(Unsupported, Exception)


def test_rule_of_the_documentation(monkeypatch: pytest.MonkeyPatch) -> None:
    from xplat.frontend.rules import registry

    monkeypatch.setattr(registry, "_RULES", dict(registry._RULES))
    page = Path(__file__).parents[3] / "docs" / "HowTo" / "add-an-import-rule.md"
    exec(page.read_text().split("```python\n")[1].split("```")[0], {})
    model = Wrap(lambda _, x: nn.functional.threshold(x, 0.0, 0.0))
    assert kinds(check_equal(model, torch.randn(3, 4))) == ["host_input", "relu", "host_output"]
    (note,) = import_model(Wrap(lambda _, x: nn.functional.threshold(x, 1.0, 0.0)), torch.randn(3, 4)).notes
    assert note.operation == "aten.threshold.default" and "only 0 with 0" in note.reason
