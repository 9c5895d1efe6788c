# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares a kernel's contract with its RTL: files, module, parameters, ports and their directions.

slang elaborates the module; nothing here parses SystemVerilog. Cycles are compared by simulation and areas by
synthesis, in the kernel tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.mlir import MLIRError
from xplat.mlir.passes import run_pipeline
from xplat.support.errors import KernelError, PassError, ToolMissingError
from xplat.support.paths import plain_path
from xplat.support.text import slang_command
from xplat.target.library import CONTRACT, cell_sources, contract_files, fragments_file, link_pass

#: Ports that the conventions demand of a stream or a memory for look-ups: suffix and direction.
CONSUMER = {"_valid_i": "in", "_ready_o": "out", "_data_i": "in"}
PRODUCER = {"_valid_o": "out", "_ready_i": "in", "_data_o": "out"}
LOOKUP = {"_en_o": "out", "_addr_o": "out", "_data_i": "in"}
CLOCKING = {"clk_i": "in", "rst_ni": "in"}


def read_contracts(file: Path) -> Iterator[xp.KernelOp]:
    """The `xplat.kernel` ops of a contract file, with their fragments. Raises `KernelError` with MLIR's own message."""
    context = ir.Context()
    try:
        module = ir.Module.parseFile(str(file), context)
        module = run_pipeline(module, link_pass([fragments_file()]), where="kernel")
    except MLIRError as error:
        details = "\n".join(f"{item.location}: {item.message}" for item in error.error_diagnostics)
        raise KernelError(f"kernel folder '{file.parent}': {CONTRACT} is malformed\n{details}") from None
    except PassError as error:
        raise KernelError(f"kernel folder '{file.parent}': {CONTRACT} is malformed\n{error}") from None
    # An op does not keep its module alive; this frame does, for as long as somebody iterates.
    yield from (op for op in module.body.operations if isinstance(op, xp.KernelOp))


def implemented_ops(kernels: str | Path | Sequence[str | Path], *, signed: bool = False) -> list[str]:
    """The ops that the kernels in a folder, or in several, implement, sorted. Raises `KernelError`.

    `signed`: those alone of which a kernel takes fixed point with a sign only.
    """
    folders = [kernels] if isinstance(kernels, str | Path) else kernels
    contracts = (contract for folder in folders for file in contract_files(folder) for contract in read_contracts(file))
    return sorted({str(kernel.implements.value) for kernel in contracts if not signed or _needs_signs(kernel)})


def _needs_signs(kernel: xp.KernelOp) -> bool:
    """Whether some port takes no number without a sign; RTL that says nothing of formats takes none."""
    taken: dict[str, set[str]] = {}
    for clause in map(xp.FormatAttr, kernel.formats):
        taken.setdefault(clause.port, set()).add(clause.format)
    streams = [names for port, names in taken.items() if port not in ("weight", "bias", "param")]
    return any("fixed" in names and "ufixed" not in names for names in streams) or not streams


def check_kernel(folder: str | Path) -> list[str]:
    """Names of the kernels in `folder` (or in the folders below it), whose contracts agree with their RTL.

    Raises `KernelError` that lists every disagreement, `ToolMissingError` without slang.
    """
    problems: list[str] = []
    names: list[str] = []
    for file in contract_files(folder):
        for kernel in read_contracts(file):
            names.append(kernel.sym_name.value)
            if kernel.backend.keyword == "rtl":
                # Contracts name files of folders beside their own.
                beside = file.parent.parent
                with plain_path(beside) as home:
                    texts = _check_rtl(kernel, home / file.parent.name)
                    found = [text.replace(str(home), str(beside)) for text in texts]
                problems += [f"@{kernel.sym_name.value}: {text}" for text in found]
    if problems:
        raise KernelError(
            f"kernel folder '{folder}' disagrees with its contract:\n    " + "\n    ".join(problems),
            hint=f"correct the RTL or {CONTRACT}; docs/KernelRtl.md states the conventions of ports",
        )
    return names


def _check_rtl(kernel: xp.KernelOp, folder: Path) -> list[str]:
    files = [folder / attribute.value for attribute in kernel.files]
    missing = [f"file '{file}' does not exist" for file in files if not file.is_file()]
    if missing:
        return missing
    files += cell_sources([file.read_text() for file in files], files)
    module = kernel.rtl_module.value
    problems: list[str] = []
    formulas = {parameter.name for parameter in map(xp.ParameterAttr, kernel.parameters)}
    in_order = xp.takes_words_in_order(kernel)
    for name, expected in _expected_ports(kernel, module, files).items():
        found = _elaborate(name, files)
        if isinstance(found, str):
            problems.append(found)
            continue
        ports, parameters = found
        for stream in kernel.in_streams:
            # A stream may come with a clock of its own; then a reset comes with it.
            if f"{stream.value}_clk_i" in ports:
                expected = expected | {f"{stream.value}_{port}": way for port, way in CLOCKING.items()}
        problems += _compare_ports(name, expected, ports)
        problems += [
            f"module '{name}' has no parameter '{parameter}', for which the contract has a formula"
            for parameter in sorted(formulas - parameters)
        ]
        if in_order and xp.LATE_PARAMETER not in parameters:
            problems.append(
                f"module '{name}' has no parameter '{xp.LATE_PARAMETER}', which says whether the words of its "
                "parameters may be late"
            )
    return problems


def _expected_ports(kernel: xp.KernelOp, module: str, files: list[Path]) -> dict[str, dict[str, str]]:
    """Direction of every port that the contract implies, by module."""
    consumed = _with_suffixes([attribute.value for attribute in kernel.in_streams], CONSUMER)
    produced = _with_suffixes([attribute.value for attribute in kernel.out_streams], PRODUCER)
    if {f"{module}_tx.sv", f"{module}_rx.sv"} <= {file.name for file in files}:
        # A kernel with an end on either of two devices: phits go one way, credits the other.
        send = {"phit_valid_o": "out", "phit_data_o": "out", "credit_i": "in"}
        receive = {"phit_valid_i": "in", "phit_data_i": "in", "credit_o": "out"}
        return {f"{module}_tx": CLOCKING | consumed | send, f"{module}_rx": CLOCKING | receive | produced}
    memories = [xp.MemoryPortAttr(memory) for memory in kernel.memories]
    looked_up = _with_suffixes([memory.name for memory in memories if memory.lookup], LOOKUP)
    in_order = _with_suffixes([memory.name for memory in memories if not memory.lookup], CONSUMER)
    return {module: CLOCKING | consumed | produced | looked_up | in_order}


def _with_suffixes(prefixes: list[str], ports: dict[str, str]) -> dict[str, str]:
    return {prefix + suffix: direction for prefix in prefixes for suffix, direction in ports.items()}


def _compare_ports(module: str, expected: dict[str, str], found: dict[str, str]) -> list[str]:
    problems = []
    for port in sorted(expected.keys() - found.keys()):
        problems.append(f"module '{module}' lacks port '{port}' ({expected[port]}put)")
    for port in sorted(found.keys() - expected.keys()):
        problems.append(f"module '{module}' has port '{port}', which the contract does not declare")
    for port in sorted(expected.keys() & found.keys()):
        if expected[port] != found[port]:
            problems.append(f"port '{port}' of module '{module}' is {found[port]}put, expected {expected[port]}put")
    return problems


def _elaborate(module: str, files: list[Path]) -> tuple[dict[str, str], set[str]] | str:
    """Ports with their directions and parameters of `module` at its defaults; a text when slang refuses it."""
    try:
        import pyslang
    except ImportError:
        raise ToolMissingError("checking RTL needs slang", hint="pip install 'xplat[synth]'") from None
    includes = sorted({f"-I{file.parent}" for file in files})
    sources = [str(file) for file in files if file.suffix != ".svh"]
    driver = pyslang.driver.Driver()
    driver.addStandardArgs()
    if not driver.parseCommandLine(slang_command(["slang", "--top", module, *includes, *sources])):
        return f"slang cannot read the file list of '{module}'"
    if not (driver.processOptions() and driver.parseAllSources()):
        return f"slang cannot read the files of '{module}'"
    compilation = driver.createCompilation()
    errors = [item for item in compilation.getAllDiagnostics() if item.isError()]
    if errors:
        report = pyslang.DiagnosticEngine.reportAll(compilation.sourceManager, errors).strip()
        return f"slang refuses module '{module}': {report}"
    directions = {"ArgumentDirection.In": "in", "ArgumentDirection.Out": "out", "ArgumentDirection.InOut": "in/out"}
    body = compilation.getRoot().topInstances[0].body
    ports = {port.name: directions.get(str(port.direction), "other") for port in body.portList}
    return ports, {parameter.name for parameter in body.parameters if not parameter.isLocalParam}
