# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`pip install .` into a clean environment gives a package that works from an empty folder, beside old packages too."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

pytestmark = pytest.mark.long
ROOT = Path(__file__).resolve().parents[3]
LOCK = ROOT / "requirements.lock"

USE = """
import xplat, sys
from pathlib import Path
from xplat import ir
from xplat.support import paths
from xplat.dialects import quant, xplat as dialect
from xplat.passmanager import PassManager

assert Path(xplat.__file__).is_relative_to(sys.prefix), xplat.__file__
assert sorted(paths.kernels_dir().glob("*/kernel.mlir"))
with ir.Context(), ir.Location.unknown():
    element = ir.Type.parse("!quant.uniform<i8:f32, 0.5>")
    assert dialect.StreamType.get([1, 4], element, order=[0, 1], beat=[1, 2]).num_beats == 2
    for device in sorted(paths.devices_dir().rglob("*.mlir")):
        PassManager.parse("builtin.module(cse)").run(ir.Module.parse(device.read_text()).operation)
print("works")
"""


def run(*command: str | Path, cwd: Path, **more: str) -> str:
    # Nothing of the environment that runs the test may be found.
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    finished = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment | more,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert finished.returncode == 0, finished.stdout[-4000:] + finished.stderr[-4000:]
    return finished.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built in isolation from what `pyproject.toml` asks for, in the versions of the lock."""
    folder = tmp_path_factory.mktemp("wheel")
    # pip hands a constraint to the isolated build by the environment alone, newer versions of it by the second name.
    constraint = {"PIP_CONSTRAINT": str(LOCK), "PIP_BUILD_CONSTRAINT": str(LOCK)}
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", folder, ROOT, cwd=folder, **constraint)
    (built,) = folder.glob("xplat-*.whl")
    return built


def test_wheel_holds_the_package_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        files = archive.namelist()
    assert {name.split("/")[0].split("-")[0] for name in files} == {"xplat"}
    assert [name for name in files if "libXplatPythonCAPI" in name] == ["xplat/_mlir_libs/libXplatPythonCAPI.so"]
    assert not [name for name in files if name.endswith((".pyc", ".a", ".cmake", ".td"))]
    sources = {str(path.relative_to(ROOT / "python")) for path in (ROOT / "python" / "xplat").rglob("*.py")}
    assert not sources - set(files)
    assert {"xplat/py.typed", "xplat/_mlir_libs/_xplat.pyi", "xplat/_mlir_libs/_mlir/ir.pyi"} <= set(files)
    kernels = {path.parent.name for path in (ROOT / "hw_kernels").glob("*/kernel.mlir")}
    assert not {f"xplat/share/hw_kernels/{kernel}/kernel.mlir" for kernel in kernels} - set(files)


def test_installed_package_works_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    environment, empty = tmp_path / "environment", tmp_path / "empty"
    empty.mkdir()
    run(sys.executable, "-m", "venv", environment, cwd=tmp_path)
    programs = environment / "bin"
    run(programs / "python", "-m", "pip", "install", "--no-compile", "-c", LOCK, wheel, cwd=tmp_path)
    assert run(programs / "python", "-c", USE, cwd=empty) == "works\n"
    assert "OVERVIEW: xplat" in run(programs / "xplat-opt", "--help", cwd=empty)
    assert "usage: xplat" in run(programs / "xplat", "--help", cwd=empty)
    assert "z7020" in run(programs / "xplat", "systems", cwd=empty)
    run(programs / "python", "-m", "pip", "check", cwd=empty)
    assert not list(empty.iterdir())


def test_readme_runs_beside_the_oldest_packages(wheel: Path, tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    oldest = []
    for requirement in map(Requirement, project["dependencies"]):
        (lowest,) = (clause.version for clause in requirement.specifier if clause.operator in (">=", "=="))
        oldest.append(f"{requirement.name}=={lowest}" + (".*" if "." in lowest else ""))
    run(sys.executable, "-m", "venv", tmp_path / "environment", cwd=tmp_path)
    python = tmp_path / "environment" / "bin" / "python"
    run(python, "-m", "pip", "install", "--no-compile", wheel, *oldest, cwd=tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (compiles,) = (block for block in blocks if "design.report()" in block)
    assert "throughput" in run(python, "-c", compiles, cwd=tmp_path)
