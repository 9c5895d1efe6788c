# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Pruning: masks that last through training, channels that go for good, zeros that hardware skips."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import prune as torch_prune

import xplat
from xplat.cli import main
from xplat.dialects import xplat as xp
from xplat.frontend import Graph, import_model
from xplat.graph.reference import run_reference
from xplat.graph.sparsity import best_group
from xplat.mlir import extents
from xplat.mlir.passes import run_pipeline
from xplat.software import PruneRule, Pruning, annotate_sparsity, prune
from xplat.support.errors import DesignFileError, PruningError
from xplat.testing.networks import DepthwiseCnn, Mlp, PlainCnn, ResidualCnn

IMAGES = torch.rand(16, 1, 8, 8, generator=torch.Generator().manual_seed(1)) - 0.3


def seeded(model: type[nn.Module], **options: int) -> nn.Module:
    """A model with weights of its own, and batch norms that do something."""
    torch.manual_seed(3)
    made = model(**options).eval()
    for part in made.modules():
        if isinstance(part, nn.BatchNorm2d):
            for tensor in (part.weight, part.bias, part.running_mean, part.running_var):
                tensor.data.uniform_(0.3, 1.2)
    return made


def imported(model: nn.Module) -> Graph:
    return import_model(model, IMAGES[:1])


def run(graph: Graph) -> Tensor:
    return run_reference(graph.module, graph.parameters, IMAGES)


def params(graph: Graph) -> dict[str, xp.ParamOp]:
    return {op.sym_name.value: op for op in graph.module.body.operations if isinstance(op, xp.ParamOp)}


class Mobile(nn.Module):
    """Expand, filter each channel, project; a residual; two branches joined; a flatten."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, 8, 3, padding=1)
        self.expand = nn.Conv2d(8, 16, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.depthwise = nn.Conv2d(16, 16, 3, padding=1, groups=16, bias=False)
        self.bn2 = nn.BatchNorm2d(16)
        self.project = nn.Conv2d(16, 8, 1)
        self.left = nn.Conv2d(8, 4, 1)
        self.right = nn.Conv2d(8, 4, 3, padding=1)
        self.fc = nn.Linear(8 * 4 * 4, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        y = torch.relu(self.bn1(self.expand(x)))
        x = x + self.project(torch.relu(self.bn2(self.depthwise(y))))
        x = torch.cat([torch.relu(self.left(x)), self.right(x)], 1)
        return self.fc(torch.flatten(torch.max_pool2d(x, 2), 1))


# ---- requests


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("2:4", PruneRule("n:m", n=2, m=4)),
        ("0.5", PruneRule("unstructured", fraction=0.5)),
        ("unstructured:0.5", PruneRule("unstructured", fraction=0.5)),
        ("channel:0.25,l2", PruneRule("channel", fraction=0.25, norm="l2")),
        ("existing", PruneRule("existing")),
        ("none", PruneRule()),
    ],
)
def test_rules_as_text(text, rule):
    assert PruneRule.parse(text) == rule
    assert PruneRule.parse(str(rule)) == rule


def test_a_file_with_globs(tmp_path):
    file = tmp_path / "pruning.yaml"
    file.write_text(
        'default: none\nmodules:\n  "block*": {method: channel, fraction: 0.5, norm: l2}\n  "fc": "2:4"\n'
        '  "block2.conv2": none\n'
    )
    request = Pruning.parse(file)
    assert request.rule_of("block1.conv1") == PruneRule("channel", fraction=0.5, norm="l2")
    assert request.rule_of("block2.conv2") == PruneRule()
    assert request.rule_of("fc") == PruneRule("n:m", n=2, m=4)
    assert request.rule_of("stem") == PruneRule()
    as_json = tmp_path / "pruning.json"
    as_json.write_text(json.dumps({"modules": {"fc": {"n": 1, "m": 4}}}))
    assert Pruning.parse(str(as_json)).rule_of("fc") == PruneRule("n:m", n=1, m=4)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ("half", "'half' says not how to prune"),
        ("2,4", "is it 2:4?"),
        ("5:4", "keeps 5 of 4 weights"),
        ("channel:1.5", "expected at least 0 and less than 1"),
        ({"default": "2:4", "module": {}}, "unknown key 'module'"),
        ({"method": "channel", "fracton": 0.5}, "did you mean 'fraction'"),
        ({"modules": {"fc": {"fraction": "half"}}}, "'fc': 'fraction' is 'half'"),
        ("missing.yaml", "cannot read 'missing.yaml'"),
        ("channel:0.5,l3", "unknown norm 'l3'"),
        ({"method": "unstructured:0.5", "fraction": 0.9}, "'unstructured:0.5' does not use 'fraction', but got 0.9"),
        ({"method": "2:4", "fraction": 0.3}, "'2:4' does not use 'fraction'"),
        ({"method": "n:m", "n": 2, "m": 4, "fraction": 0.3}, "'n:m' does not use 'fraction'"),
        ({"method": "existing", "m": 4}, "'existing' does not use 'm'"),
        ({"method": "channel"}, "'channel' needs 'fraction'"),
        ({"method": "unstructured", "norm": "l2"}, "'unstructured' needs 'fraction'"),
        ({"modules": {"fc": {"method": "n:m", "n": 2}}}, "'fc': 'n:m' needs 'm'"),
    ],
)
def test_requests_that_make_no_sense(request_, message):
    with pytest.raises(PruningError, match=message):
        Pruning.parse(request_)


@pytest.mark.parametrize("text", ["default: 2:4", "modules: {fc: 2:4}", "modules: {fc: {method: 2:4}}"])
def test_groups_without_quotes_in_yaml(text, tmp_path):
    (tmp_path / "pruning.yaml").write_text(text)
    with pytest.raises(PruningError, match=r'124 says not how to prune\n.*write "2:4" in quotes'):
        Pruning.parse(tmp_path / "pruning.yaml")


def test_a_glob_that_matches_nothing():
    with pytest.raises(PruningError, match=r"'fc9' matches no module.*'fc1'"):
        prune(imported(seeded(Mlp)), {"modules": {"fc9": "2:4"}})


def test_groups_that_do_not_divide():
    model = seeded(Mlp, inputs=64, hidden=30)
    with pytest.raises(PruningError, match="'fc2' sums over 30 weights, which 4 does not divide"):
        prune(imported(model), {"modules": {"fc2": "2:4"}})
    assert "fc2.weight:mask" not in params(prune(imported(model), "2:4"))


# ---- masks


class Tied(nn.Module):
    """Two layers with one weight."""

    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Linear(64, 64)
        self.b = nn.Linear(64, 64)
        self.b.weight = self.a.weight

    def forward(self, x: Tensor) -> Tensor:
        return self.b(torch.relu(self.a(torch.flatten(x, 1))))


def test_a_shared_weight_has_one_rule():
    graph = imported(seeded(Tied))
    with pytest.raises(PruningError, match=r"'a' and 'b' share the weight 'a\.weight', but have the rules"):
        prune(graph, {"modules": {"a": "unstructured:0.2", "b": "unstructured:0.9"}})
    # Whichever of the two a glob names, it decides for both.
    for module in ("a", "b"):
        mask = prune(graph, {"default": "unstructured:0.5", "modules": {module: "2:4"}}).parameters["a.weight:mask"]
        assert bool((mask.reshape(-1, 4).sum(1) == 2).all())
        assert "a.weight:mask" not in prune(graph, {"default": "2:4", "modules": {module: "none"}}).parameters


@pytest.mark.parametrize("groups", [1, 2])
def test_groups_of_a_transposed_convolution(groups):
    torch.manual_seed(0)
    layer = nn.ConvTranspose2d(8, 6, 3, groups=groups)
    graph = prune(layer, "2:4", example_inputs=torch.randn(1, 8, 4, 4))
    # Its products sum over dimension 0.
    mask = graph.parameters["weight:mask"].unflatten(0, (-1, 4))
    assert bool((mask.sum(1) == 2).all())
    kept = (layer.weight.detach().abs().unflatten(0, (-1, 4)) * mask).sum(1)
    assert torch.equal(kept, layer.weight.detach().abs().unflatten(0, (-1, 4)).topk(2, 1).values.sum(1))
    sparsity = params(graph)["weight:masked"].sparsity
    assert (sparsity.n, sparsity.m, sparsity.nonzeros) == (1, 1, mask.sum())
    with pytest.raises(PruningError, match=f"sums over {8 // groups} weights, which 3 does not divide"):
        prune(layer, {"modules": {"*": "1:3"}}, example_inputs=torch.randn(1, 8, 4, 4))


def test_unstructured_takes_the_smallest():
    model = seeded(Mlp)
    graph = prune(imported(model), "unstructured:0.75")
    mask = graph.parameters["fc1.weight:mask"]
    weight = model.fc1.weight.detach()
    assert int(mask.sum()) == weight.numel() // 4
    assert weight[mask].abs().min() >= weight[~mask].abs().max()
    expected = seeded(Mlp)
    for name in ("fc1", "fc2", "fc3"):
        torch_prune.l1_unstructured(getattr(expected, name), "weight", 0.75)
    assert torch.allclose(run(graph), expected(IMAGES), atol=1e-6)


def test_two_of_four():
    graph = prune(imported(seeded(Mlp)), "2:4")
    weight = seeded(Mlp).fc2.weight.detach().reshape(-1, 4)
    mask = graph.parameters["fc2.weight:mask"].reshape(-1, 4)
    assert bool((mask.sum(1) == 2).all())
    assert torch.equal((weight.abs() * mask).sum(1), weight.abs().topk(2).values.sum(1))
    sparsity = params(graph)["fc2.weight:masked"].sparsity
    assert (sparsity.n, sparsity.m, sparsity.nonzeros) == (2, 4, mask.sum())


def test_best_group():
    weight = torch.ones(2, 16)
    assert best_group(weight) == (1, 1)
    weight[:, ::2] = 0
    assert best_group(weight) == (1, 2)
    weight = torch.zeros(4, 48)
    weight[:, :3] = 1
    assert best_group(weight) == (3, 48)


def test_masks_last_through_training():
    graph = prune(imported(seeded(Mlp)), "2:4")
    module = graph.to_torch().train()
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    before = module.state_dict()["fc1.weight"].clone()
    for _ in range(3):
        optimizer.zero_grad()
        module(IMAGES).square().mean().backward()
        optimizer.step()
    mask = graph.parameters["fc1.weight:mask"]
    after = module.state_dict()["fc1.weight"]
    assert not torch.equal(after[mask], before[mask])
    assert torch.equal(after[~mask], before[~mask])
    trained = graph.with_state_dict(module.state_dict())
    values = xplat.software.evaluate_parameters(trained.module, trained.parameters)
    assert bool((values["fc1.weight:masked"][~mask] == 0).all())


def test_zeros_that_are_there_already():
    model = seeded(Mlp)
    torch_prune.l1_unstructured(model.fc1, "weight", 0.5)
    torch_prune.remove(model.fc1, "weight")
    mask = model.fc1.weight != 0
    graph = annotate_sparsity(imported(model))
    assert params(graph)["fc1.weight"].sparsity.nonzeros == mask.sum()
    assert params(graph)["fc2.weight"].sparsity is None
    frozen = prune(imported(model), "existing")
    assert torch.equal(frozen.parameters["fc1.weight:mask"], mask)
    assert "fc2.weight:mask" not in frozen.parameters


def test_a_model_that_torch_is_pruning():
    model = seeded(PlainCnn)
    for part in (model.conv3, model.fc):
        torch_prune.l1_unstructured(part, "weight", 0.5)  # weight_orig and weight_mask in the state dict
    graph = annotate_sparsity(imported(model))
    for name, part in (("conv3", model.conv3), ("fc", model.fc)):
        masked = params(graph)[f"{name}.weight_orig:masked"]
        assert [source.value for source in masked.derivation.sources] == [f"{name}.weight_orig", f"{name}.weight_mask"]
        assert masked.sparsity.nonzeros == int((part.weight != 0).sum())
    assert torch.allclose(run(graph), model(IMAGES), atol=1e-6)
    assert set(model.state_dict()) == set(graph.to_torch().state_dict())


# ---- channels


@pytest.mark.parametrize("network", [Mlp, PlainCnn, ResidualCnn, DepthwiseCnn, Mobile])
@pytest.mark.parametrize("norm", ["l1", "l2"])
def test_removed_channels_change_nothing(network, norm):
    graph = prune(imported(seeded(network)), f"channel:0.5,{norm}")
    removed = graph.with_module(run_pipeline(graph.module, "xplat-remove-channels", where="test"))
    kept = [op for op in params(removed).values() if op.sym_name.value.endswith(":kept")]
    assert kept
    expected, got = run(graph), run(removed)
    assert float((got - expected).abs().max()) <= 1e-6 * float(expected.abs().max())


def shape(graph: Graph, node: str) -> list[int]:
    ops = [op for op in xplat.software.masks._operations(graph.module) if xp.node_name(op) == node]
    return extents(ops[-1].results[0])


def test_channels_that_belong_together_go_together():
    graph = prune(imported(seeded(Mobile)), "channel:0.5")
    graph = graph.with_module(run_pipeline(graph.module, "xplat-remove-channels", where="test"))
    assert shape(graph, "expand") == shape(graph, "bn1") == shape(graph, "depthwise") == [1, 8, 8, 8]
    assert shape(graph, "stem") == shape(graph, "project") == [1, 4, 8, 8]
    assert shape(graph, "left") == shape(graph, "right") == [1, 2, 8, 8]
    assert shape(graph, "fc") == [1, 10]


def test_a_rule_for_one_of_those_that_have_to_agree_removes_nothing():
    graph = prune(imported(seeded(Mobile)), {"modules": {"stem": "channel:0.5"}})
    assert "stem.weight:mask" not in graph.parameters


def test_pruned_channels_train_and_keep_the_model_s_names():
    model = seeded(ResidualCnn)
    quantized = xplat.quantize(model, example_inputs=IMAGES[:1], calibration=IMAGES, pruning="channel:0.5")
    module = quantized.to_torch()
    assert set(module.state_dict()) == set(model.state_dict())
    assert torch.equal(module.eval()(IMAGES), quantized.reference(IMAGES))
    module.train()(IMAGES).square().mean().backward()
    gradient = module.get_parameter("stem.weight").grad
    mask = quantized.parameters["stem.weight:mask"]
    assert int(mask.flatten(1).any(1).sum()) == 8
    assert bool((gradient[~mask] == 0).all()) and bool((gradient[mask] != 0).any())
    retrained = quantized.with_state_dict(module.state_dict())
    assert torch.equal(retrained.reference(IMAGES), quantized.reference(IMAGES))


# ---- hardware


def compiled(model: nn.Module, **options) -> xplat.Design:
    return xplat.compile(model, "z7020", example_inputs=IMAGES[:1], calibration=IMAGES, **options)


def check_simulation(design: xplat.Design, **options) -> None:
    simulation = design.simulate(IMAGES[:6], **options)
    assert torch.equal(simulation.outputs, design.reference(IMAGES[:6]))
    if not options:
        assert set(simulation.cycles_per_sample) == {design.report().cycles_per_sample}


def test_skipped_weights_take_fewer_cycles():
    target = dict(target_cycles=64)
    dense, pruned = (compiled(seeded(Mlp), pruning=rule, **target) for rule in (None, "2:4"))
    assert {node.kernel for node in pruned.report().nodes if node.op == "linear"} == {"linear_sparse"}
    assert {node.kernel for node in dense.report().nodes if node.op == "linear"} == {"linear"}
    (before,), (after,) = dense.report().devices, pruned.report().devices
    assert after.used["dsp"] <= 0.6 * before.used["dsp"]
    work = pruned.report().pruning
    assert work.multiply_accumulates == work.dense_multiply_accumulates // 2
    assert dense.report().pruning is None
    check_simulation(pruned)
    check_simulation(pruned, backpressure=0.3)


@pytest.mark.parametrize("network", [DepthwiseCnn, ResidualCnn])
def test_removed_channels_take_fewer_cycles(network):
    dense, pruned = (compiled(seeded(network), pruning=rule) for rule in (None, "channel:0.5"))
    assert pruned.report().cycles_per_sample < dense.report().cycles_per_sample
    work = pruned.report().pruning
    assert work.channels_removed > 0
    assert work.parameters < work.dense_parameters
    check_simulation(pruned)


def test_weights_that_outgrow_the_hardware(tmp_path):
    design = compiled(seeded(Mlp), pruning="existing", target_cycles=64)
    assert design.report().pruning is None
    model = seeded(Mlp)
    with torch.no_grad():
        model.fc1.weight[:, ::2] = 0
    design = compiled(model, target_cycles=64)
    grown = design.graph.with_constants({"fc1.weight": torch.ones_like(model.fc1.weight)})
    with pytest.raises(DesignFileError, match="neighbouring weights"):
        replace(design, graph=grown).emit(tmp_path / "rtl")


def test_the_command_and_what_it_saves(tmp_path, capsys):
    (tmp_path / "model.py").write_text(
        "import torch\n\ndef make_model():\n    torch.manual_seed(3)\n"
        "    from xplat.testing.networks import Mlp\n    return Mlp().eval()\n"
    )
    (tmp_path / "pruning.yaml").write_text('modules:\n  "fc1": "2:4"\n  "fc2": "channel:0.5"\n')
    torch.save(IMAGES, tmp_path / "images.pt")
    arguments = ["compile", f"{tmp_path / 'model.py'}:make_model", "--system", "z7020", "--quiet", "--target-cycles=64"]
    arguments += ["--calibration", str(tmp_path / "images.pt"), "--prune", str(tmp_path / "pruning.yaml")]
    assert main([*arguments, "--output", str(tmp_path / "design")]) == 0
    printed = capsys.readouterr().out
    assert "pruning      1,696 / 3,392 (50%) of the weights" in printed and "16 channels removed" in printed
    design = xplat.Design.load(tmp_path / "design")
    assert {node.name: node.kernel for node in design.report().nodes}["fc1"] == "linear_sparse"
    assert torch.equal(
        design.reference(IMAGES), compiled(seeded(Mlp), pruning=tmp_path / "pruning.yaml").reference(IMAGES)
    )


def test_groups_that_divide_nothing_are_an_error() -> None:
    with pytest.raises(PruningError, match="'3:5' prunes nothing: 5 divides what none of the weights sums over"):
        prune(nn.Sequential(nn.Linear(8, 4), nn.Linear(4, 2)), "3:5", example_inputs=torch.zeros(1, 8))
