# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is imported is declared, and what is declared is pinned, once and within its range."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[3]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())
BASE = CONFIG["project"]["dependencies"]
EXTRAS = [pin for group in CONFIG["project"]["optional-dependencies"].values() for pin in group]
BUILD = CONFIG["build-system"]["requires"]
DEVELOPMENT = [*BUILD, *(name for group in CONFIG["dependency-groups"].values() for name in group)]
LOCK = [line.split("#")[0].strip() for line in (ROOT / "requirements.lock").read_text().splitlines()]
PINS = [Requirement(line) for line in LOCK if line]


def names(pins: list[str]) -> set[str]:
    return {re.split(r"[=<>~! ]", pin)[0].lower().replace("_", "-") for pin in pins}


def undeclared(folders: list[str], declared: set[str]) -> list[str]:
    """Imports of third-party packages, anywhere in the files, that no declared package provides."""
    providers = packages_distributions()
    found = []
    for file in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        local = {path.stem for path in file.parent.iterdir()} | {"xplat"}
        for node in ast.walk(ast.parse(file.read_text())):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                modules = [node.module or ""]
            for module in (module.split(".")[0] for module in modules):
                if module in sys.stdlib_module_names or module in local:
                    continue
                if not declared & {name.lower().replace("_", "-") for name in providers.get(module, [])}:
                    found.append(f"{file.relative_to(ROOT)}: {module}")
    return found


def test_the_package_imports_what_it_depends_on() -> None:
    assert undeclared(["python"], names(BASE + EXTRAS)) == []


def test_tests_and_tools_import_what_is_pinned() -> None:
    folders = ["test/python", "test/kernels", "benchmarks", "tools", "tools/fuzz", "examples"]
    helpers = {path.stem for folder in folders for path in (ROOT / folder).glob("*.py")}
    helpers |= {path.stem for path in (ROOT / "examples").rglob("*.py")}
    helpers |= {path.parent.name for folder in folders for path in (ROOT / folder).glob("*/__init__.py")}
    missing = undeclared(folders, names(BASE + EXTRAS + DEVELOPMENT))
    assert [entry for entry in missing if entry.rpartition(" ")[2] not in helpers] == []


def pins_of(*arguments: str) -> list[str]:
    command = [sys.executable, str(ROOT / "tools" / "pins.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_one_version_of_each_package() -> None:
    printed = [*pins_of(), *pins_of("--bench")]
    assert all("==" in pin for pin in printed)
    assert len(names(printed)) == len(printed)
    assert names(printed) == names(BASE + EXTRAS + DEVELOPMENT)


def test_pins_lie_in_the_ranges() -> None:
    versions = {pin.name.lower().replace("_", "-"): next(iter(pin.specifier)).version for pin in PINS}
    for text in BASE + EXTRAS + DEVELOPMENT:
        wanted = Requirement(text)
        version = versions[wanted.name.lower().replace("_", "-")]
        assert wanted.specifier.contains(version), f"requirements.lock has {wanted.name} {version}, not '{text}'"


def test_a_user_may_have_other_versions() -> None:
    """A dependency that allows one version alone can rarely be installed beside another package."""
    fixed = [text for text in BASE + EXTRAS if "==" in text]
    assert names(fixed) == {"torch-mlir"}


def test_no_version_is_written_elsewhere() -> None:
    versions = {next(iter(pin.specifier)).version for pin in PINS}
    cmake = map(str, (ROOT / "cmake").iterdir())
    for file in ("Makefile", "CMakeLists.txt", ".ci/run", "tools/pins.py", *cmake):
        assert not [version for version in versions if version in (ROOT / file).read_text()], file


def test_licence_stands_in_the_tree_and_in_the_metadata() -> None:
    assert CONFIG["project"]["license"] == "Apache-2.0 WITH LLVM-exception"
    (name,) = CONFIG["project"]["license-files"]
    text = (ROOT / name).read_text()
    assert "Version 2.0, January 2004" in text and "LLVM Exceptions to the Apache 2.0 License" in text
