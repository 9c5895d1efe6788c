# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a user fixes of a mapping is kept exactly, or refused with the node, what was asked, and the limit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import xplat
from xplat.api.mapping import FixedMapping
from xplat.support.errors import MappingError, PassError

X = torch.rand(8, 3, 8, 8, generator=torch.Generator().manual_seed(1))


class Net(nn.Module):
    """Two convolutions in a module, then a classifier."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(8, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.pool(self.features(x)).flatten(1))


def compiled(mapping: Any, system: str = "2xz7020", **options: Any) -> xplat.Design:
    torch.manual_seed(0)
    return xplat.compile(Net(), system, example_inputs=X[:1], calibration=X, mapping=mapping, **options)


def nodes(design: xplat.Design) -> dict[str, Any]:
    return {node.name: node for node in design.report().nodes}


def test_unroll_and_device_and_kernel() -> None:
    request = {
        "features.*": {"device": "fpga1", "unroll": {"oc": 2}},
        "features.2": {"unroll": {"oc": 4, "kw": 3}, "kernel": "conv2d"},
        "fc": {"device": "fpga0"},
    }
    design = compiled(request)
    found = nodes(design)
    first, second = found["features.0"], found["features.2"]
    assert first.device == second.device == "fpga1" and found["fc"].device == "fpga0"
    assert first.unroll["oc"] == 2, "a later glob says nothing of the first convolution"
    assert (second.unroll["oc"], second.unroll["kw"], second.kernel) == (4, 3, "conv2d")
    result = design.simulate(X[:3])
    assert torch.equal(result.outputs, design.reference(X[:3]))
    assert set(result.cycles_per_sample) == {design.report().cycles_per_sample}


def test_a_stream_may_return_to_a_device() -> None:
    found = nodes(
        compiled({"features.0": {"device": "fpga1"}, "features.2": {"device": "fpga0"}, "fc": {"device": "fpga1"}})
    )
    assert [found[name].device for name in ("features.0", "features.2", "fc")] == ["fpga1", "fpga0", "fpga1"]


def test_nothing_fixed_changes_nothing() -> None:
    assert str(compiled({}).mapped) == str(compiled(None).mapped)


def test_what_the_search_chose_may_be_fixed() -> None:
    """All of a design's own choices as the request give the same design."""
    free = compiled(None, "z7020")
    request = {
        name: {"device": node.device, "kernel": node.kernel, "unroll": node.unroll}
        for name, node in nodes(free).items()
        if node.op in ("conv2d", "linear", "global_avg_pool2d")
    }
    assert len(request) == 4
    fixed = compiled(request, "z7020")
    assert fixed.report().json() == free.report().json()
    assert str(fixed.mapped).count("fixed = #xplat.config<kernel") == 4 and "fixed =" not in str(free.mapped)


@pytest.mark.parametrize("name", ["mapping.json", "mapping.yaml"])
def test_files(tmp_path: Path, name: str) -> None:
    request = {"features.2": {"device": "fpga0", "unroll": {"oc": 4}}}
    file = tmp_path / name
    file.write_text(json.dumps(request), encoding="utf-8")  # YAML reads JSON, too
    assert FixedMapping.parse(file).rules == FixedMapping.parse(request).rules
    assert nodes(compiled(str(file), "z7020"))["features.2"].unroll["oc"] == 4


@pytest.mark.parametrize(
    ("request_", "match"),
    [
        (
            {"layer9.*": {"unroll": {"oc": 2}}},
            r"'layer9.\*' matches no node; nearest: 'flatten'",
        ),
        ({"fc": {"device": "fpga7"}}, r"system '\S+' has no device 'fpga7'\n  it has 'fpga0', 'fpga1'"),
        ({"fc": {"kernel": "conv2d"}}, r"kernel 'conv2d' implements xplat.conv2d, expected one for 'xplat.linear'"),
        ({"fc": {"kernel": "gemm"}}, r"kernel 'gemm' does not exist(.|\n)*kernels .*'block_linear', 'linear'"),
        ({"fc": {"unroll": {"oc": 2}}}, r"no node that it matches has a loop 'oc'\n  loops are 'm', 'n', 'k'"),
        ({"fc": {"unroll": {"n": 3}}}, r"'fc' cannot unroll 'n' by 3; the loop has 4 iterations\n  legal.* 1, 2, 4"),
        ({"fc": {"unrol": {"n": 2}}}, r"unknown key 'unrol', did you mean 'unroll'\?"),
        ({"fc": {"unroll": {"n": 0}}}, "unroll 'n' is 0, expected a factor of at least 1"),
        ({"fc": {"unroll": {"n": True}}}, "unroll 'n' is True, expected a factor"),
        ({"fc": {"unroll": 2}}, "'unroll' is 2, expected loops with their factors"),
        ({"fc": {"device": 0}}, "'device' is 0, expected a name"),
        ({"fc": "fpga0"}, "'fc' is 'fpga0', expected device, kernel, unroll or memories"),
        ({3: {"device": "fpga0"}}, "glob 3 is not a string"),
        (5, "expected a mapping or a file but got 5"),
        ("gone.yaml", "cannot read 'gone.yaml'"),
    ],
)
def test_refused(request_: Any, match: str) -> None:
    with pytest.raises(MappingError, match=match):
        compiled(request_)


def test_factors_that_exclude_each_other() -> None:
    """Each is legal alone. A later glob may mend what an earlier one asks."""
    every = {"oc": 4, "ic": 1, "kh": 3, "kw": 3, "oh": 1, "ow": 2}
    with pytest.raises(MappingError, match=r"'features.0' cannot unroll {oh: 1, ow: 2, .*}: factor 2 of loop ow needs"):
        compiled({"features.0": {"unroll": every}})
    mended = {"features.*": {"unroll": every}, "features.[02]": {"unroll": {"ow": 1}}}
    assert nodes(compiled(mended))["features.0"].unroll["oc"] == 4


def test_refused_for_resources() -> None:
    with pytest.raises(PassError, match=r"'features.2' fits no device of system(.|\n)*it needs 576 dsp but 176 may be"):
        compiled({"features.2": {"unroll": {"oc": 8, "ic": 8, "kh": 3, "kw": 3}}})
    with pytest.raises(PassError, match=r"with the unroll factors fixed for it, but the target is 100"):
        compiled({"features.2": {"unroll": {"oc": 1, "ic": 1, "kh": 1, "kw": 1}}}, target_cycles=100)


def test_a_file_that_holds_no_mapping(tmp_path: Path) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text("- fc\n", encoding="utf-8")
    with pytest.raises(MappingError, match="holds list, expected globs with what is fixed"):
        FixedMapping.parse(file)
