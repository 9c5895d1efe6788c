# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat.quantize` and `xplat.compile` take, and that nothing given to them is ignored."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import xplat
from xplat.frontend import import_model
from xplat.support.errors import CalibrationError, InputError, KernelError, ModelImportError, PruningError

X = torch.randn(5, 8, generator=torch.Generator().manual_seed(0))


class Two(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.left = nn.Linear(8, 4)
        self.right = nn.Linear(8, 4)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return torch.relu(self.left(x)) + torch.relu(self.right(y))


def test_a_state_dict_for_a_graph() -> None:
    graph = import_model(nn.Linear(8, 4), X)
    with pytest.raises(ModelImportError, match="nonsense: the model has no such key"):
        xplat.quantize(graph, calibration=X, state_dict={"nonsense": torch.ones(3)})
    other = nn.Linear(8, 4)
    result = xplat.quantize(graph, calibration=X, state_dict=other.state_dict(), quantize="int16")
    torch.testing.assert_close(result.reference(X), other(X).detach(), atol=1e-3, rtol=0)


def test_pruning_takes_what_quantization_takes() -> None:
    other = nn.Linear(8, 4).state_dict()
    wanted = xplat.prune(import_model(nn.Linear(8, 4), X), "2:4", state_dict=other)
    by_name = xplat.prune(nn.Linear(8, 4), "2:4", example_kwargs={"input": X.numpy()}, state_dict=other)
    pruned = other["weight"].clone()
    pruned[wanted.parameters["weight:mask"] == 0] = 0
    torch.testing.assert_close(wanted(X), X @ pruned.T + other["bias"])
    assert torch.equal(by_name(X), wanted(X)) and int((pruned == 0).sum()) == 16
    with pytest.raises(PruningError, match="quantized already\n  prune first"):
        xplat.prune(xplat.quantize(nn.Linear(8, 4), example_inputs=X), "2:4")


def test_formats_of_a_quantized_model_are_chosen() -> None:
    result = xplat.quantize(nn.Linear(8, 4), example_inputs=X)
    with pytest.raises(InputError, match="quantized already\n  leave out quantize and calibration_method"):
        xplat.compile(result, "z7020", quantize="msfp4", calibration_method="nonsense")
    with pytest.raises(CalibrationError, match="unknown calibration method 'nonsense'"):
        xplat.compile(nn.Linear(8, 4), "z7020", example_inputs=X, calibration_method="nonsense")


def test_example_inputs_calibrate_a_model_of_several_inputs() -> None:
    by_tuple, by_list = (xplat.quantize(Two().eval(), example_inputs=kind([X, X])) for kind in (tuple, list))
    assert by_list.reference((X, X)).shape == by_tuple.reference((X, X)).shape == (5, 4)
    assert xplat.quantize(nn.Linear(8, 4), example_inputs=[X]).reference(X).shape == (5, 4)


def test_calibration_data_that_is_none() -> None:
    model = nn.Linear(8, 4)
    for data, kind in (([1, 2], "int"), (["x"], "str"), ([X.numpy(), None], "NoneType")):
        with pytest.raises(CalibrationError, match=f"a sample of the calibration data is a {kind}"):
            xplat.quantize(model, example_inputs=X, calibration=data)
    with pytest.raises(CalibrationError, match="a tuple with a tensor for each input"):
        xplat.quantize(Two(), example_inputs=[X, X], calibration=[X, X])


def test_one_folder_of_kernels() -> None:
    with pytest.raises(KernelError, match="'/no/such/folder' holds no kernel"):
        xplat.compile(nn.Linear(8, 4), "z7020", example_inputs=X, kernels="/no/such/folder")
