# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""xplat, torch, torch-mlir and CIRCT live in one process, whatever is loaded first.

Each holds an MLIR of its own. Were a symbol of one shared with another, loading
would hang or crash; so every order runs in a process of its own.
"""

import itertools
import subprocess
import sys
import textwrap

import pytest

USES = {
    "xplat": """
        from xplat.ir import Context, Module
        with Context():
            assert "func.func" in str(Module.parse("func.func private @f()"))
    """,
    "torch": """
        import torch
        assert float(torch.ones(3).sum()) == 3.0
    """,
    "torch_mlir": """
        from torch_mlir.ir import Context as TorchContext, Module as TorchModule
        from torch_mlir.dialects import torch as torch_dialect
        with TorchContext() as context:
            torch_dialect.register_dialect(context)
            TorchModule.parse("func.func private @f()")
    """,
    "pycde": """
        from pycde.circt import ir as circt_ir
        import pycde.circt as circt
        with circt_ir.Context() as context:
            circt.register_dialects(context)
            circt_ir.Module.parse("hw.module @m(in %a : i1) { hw.output }")
    """,
}


def run_in_order(names: tuple[str, ...]) -> None:
    program = "\n".join(textwrap.dedent(USES[name]) for name in names)
    # Once more, after everything is loaded.
    program += "\n" + textwrap.dedent(USES["xplat"]) + "\nprint('done')"
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=240)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.endswith("done\n")


@pytest.mark.parametrize(
    "names",
    [("xplat", "torch", "torch_mlir", "pycde"), ("pycde", "torch_mlir", "torch", "xplat"), ("torch", "xplat", "pycde")],
    ids="-".join,
)
def test_order(names: tuple[str, ...]) -> None:
    run_in_order(names)


@pytest.mark.long
@pytest.mark.parametrize("names", list(itertools.permutations(USES)), ids="-".join)
def test_every_order(names: tuple[str, ...]) -> None:
    run_in_order(names)
