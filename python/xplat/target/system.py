# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Systems: devices, how many, and the links between them."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.mlir import MLIRError, copy_of
from xplat.support.errors import SystemDescriptionError
from xplat.support.paths import devices_dir, families_dir
from xplat.support.versions import FileKind

TOPOLOGIES = {
    "chain": "each device linked to the next one (the default)",
    "ring": "a chain whose ends are linked too",
    "full": "each device linked to every other one",
    "switch": "every port of each device linked to one switch",
}

SWITCH_LATENCY_NS = 300.0
"""From port to port of a switch made of its name alone; a system file states that of another one."""
SWITCH_SOURCE = "typical of cut-through 100 Gb/s Ethernet switches (NVIDIA Spectrum: 300 ns); estimated"

SYSTEM_FILE = FileKind(
    "system",
    version=3,
    unstated=1,
    error=SystemDescriptionError,
    remedy="write the system anew: see docs/HowTo/add-a-device.md",
    upgrades={
        # In the first version, that of release 0.1.0, a cable between two ports was a channel.
        1: lambda text: re.sub(r"\bxplat\.channel\b", "xplat.cable", text),
        # In the second one every device was counted as one of the 7-series.
        2: lambda text: re.sub(r'(\bfpga\s+part\s+"[^"]*")(\s+clock_mhz\b)', r"\1 family @series7\2", text),
    },
)

_NAME = re.compile(r"(?:(?P<count>\d+)x)?(?P<device>[a-z][a-z0-9_]*)(?:-(?P<topology>[a-z]+))?")
# A symbol is a plain word, or any text in quotes.
_SYMBOL = r'@(?:"(?P<{name}_quoted>(?:[^"\\\n]|\\.)*)"|(?P<{name}>[\w$.-]+))'
_INSTANCE_OF = re.compile(
    rf"\bxplat\.instance\s+{_SYMBOL.format(name='instance')}\s+of\s+{_SYMBOL.format(name='device')}"
)
_SYSTEM = re.compile(rf"\bxplat\.system\s+{_SYMBOL.format(name='system')}")
_DEVICE = re.compile(rf"\bxplat\.device\s+{_SYMBOL.format(name='device')}")
_FAMILY_OF = re.compile(rf"\bfamily\s+{_SYMBOL.format(name='family')}")
_FAMILY = re.compile(rf"\bxplat\.family\s+{_SYMBOL.format(name='family')}")


def _symbols(pattern: re.Pattern[str], name: str, text: str) -> set[str]:
    """Matches of the group `name` of a pattern in a system's text: symbols without their quotes."""
    return {match[name] or match[f"{name}_quoted"] or "" for match in pattern.finditer(text)}


@dataclass(frozen=True)
class Instance:
    """One device of a system: `name` is its own, `device` that of its kind."""

    name: str
    device: str


@dataclass(frozen=True)
class System:
    """Device instances, switches and the cables between them, as the text of a module that holds them.

    Make one with `System.load` or `System.from_text`.
    """

    name: str
    instances: tuple[Instance, ...]
    text: str

    @staticmethod
    def load(name: str | Path) -> System:
        """A system by name, or from a user's `.mlir` file.

        Names are a device (`"z7020"`), several of one (`"2xz7020"`: a chain), or with a topology behind
        (`"4xu250-ring"`, `"3xu280-full"`, `"13xu250-switch"`). Raises `SystemDescriptionError`.
        """
        if Path(name).suffix == ".mlir" or "/" in str(name):
            return _from_file(Path(name))
        return System.from_text(_text_of(str(name)), source=f"system '{name}'")

    @staticmethod
    def from_text(text: str, *, source: str = "<text>") -> System:
        """A system from MLIR text that holds one `xplat.system` and its `xplat.device`s.

        Devices and families that xplat knows need not be in it. `source` stands for the file in errors. Raises
        `SystemDescriptionError` with the place in the text, and for a version that this xplat does not read.
        """
        text = SYSTEM_FILE.upgraded_text(text, source)
        used = _symbols(_INSTANCE_OF, "device", text)
        if clash := _symbols(_SYSTEM, "system", text) & used:
            raise SystemDescriptionError(
                f"system and device have the same name, '@{clash.pop()}'", hint="rename the system", location=source
            )
        text += "".join(_device_text(name) for name in _missing_devices(text, used))
        text += "".join(_family_text(name, source) for name in _missing_families(text))
        context = ir.Context()
        try:
            module = ir.Module.parse(text, context)
        except MLIRError as error:
            raise _malformed(error, source, text) from None
        with context:
            systems = [op for op in module.body.operations if isinstance(op, xp.SystemOp)]
            if len(systems) != 1:
                raise SystemDescriptionError(
                    f"expected one 'xplat.system' but got {len(systems)}",
                    hint="a system file holds one xplat.system with its instances and cables",
                    location=source,
                )
            instances = tuple(
                Instance(op.sym_name.value, op.device.value)
                for op in systems[0].body.blocks[0].operations
                if isinstance(op, xp.InstanceOp)
            )
            return System(systems[0].sym_name.value, instances, text)

    def merged_into(self, module: ir.Module) -> ir.Module:
        """A copy of `module` with the system and its devices in front of what it holds."""
        with module.context:
            merged = copy_of(module)
            own = ir.Module.parse(self.text)
            with ir.InsertionPoint.at_block_begin(merged.body):
                for op in own.body.operations:
                    op.operation.clone()
            return merged


def known_devices() -> list[str]:
    """Names of the devices that come with xplat."""
    return sorted(file.stem for file in devices_dir().glob("*.mlir"))


def describe_known() -> str:
    """The devices with what they have, and how names of systems are made of them."""
    lines = ["devices"]
    context = ir.Context()
    for name in known_devices():
        module = ir.Module.parse(_device_text(name), context)
        for op in module.body.operations:
            if not isinstance(op, xp.DeviceOp):
                continue
            amounts = ", ".join(f"{amount:,} {kind}" for kind, amount in op.resources.as_dict().items() if amount)
            clock = f"{op.clock_mhz.value:g} MHz {'promised' if op.promise is not None else 'assumed'}"
            lines.append(f"  {name:<8} {op.part.value}, {clock}: {amounts}")
    lines += ["", "systems: NAME, 2xNAME, 4xNAME-ring, …"]
    lines += [f"  {topology:<8} {meaning}" for topology, meaning in TOPOLOGIES.items()]
    return "\n".join(lines)


# ---- by name


def _device_text(name: str) -> str:
    return "\n" + (devices_dir() / f"{name}.mlir").read_text()


def known_families() -> list[str]:
    """Names of the device families that come with xplat."""
    return sorted(file.stem for file in families_dir().glob("*.mlir"))


def _missing_families(text: str) -> list[str]:
    """Families that devices of the text name and that it does not define."""
    return sorted(_symbols(_FAMILY_OF, "family", text) - _symbols(_FAMILY, "family", text))


def _family_text(name: str, source: str) -> str:
    if name not in known_families():
        raise SystemDescriptionError(
            f"unknown device family '@{name}': known are {', '.join(known_families())}",
            hint="name one of these, or define the xplat.family in the same file; see docs/HowTo/add-a-device.md",
            location=source,
        )
    return "\n" + (families_dir() / f"{name}.mlir").read_text()


def _text_of(name: str) -> str:
    """The text of a system that a name describes."""
    devices = known_devices()
    match = _NAME.fullmatch(name)
    if match is None or match["device"] not in devices:
        asked = match["device"] if match else name
        close = difflib.get_close_matches(asked, devices, n=1, cutoff=0.5)
        suggestion = name.replace(asked, close[0]) if close else "2xz7020"
        raise SystemDescriptionError(
            f"unknown system '{name}': known devices are {', '.join(devices)}",
            hint=f"did you mean '{suggestion}'? Write NAME, 2xNAME or 4xNAME-ring, or give the path of a .mlir file",
        )
    topology = match["topology"] or "chain"
    if topology not in TOPOLOGIES:
        raise SystemDescriptionError(
            f"unknown system '{name}': '{topology}' is not a topology, known are {', '.join(TOPOLOGIES)}"
        )
    count = int(match["count"] or 1)
    if count < 1:
        raise SystemDescriptionError(f"system '{name}' has no device")
    port, ports = _port(match["device"])
    pairs = _cables(count, topology)
    needed = 1 if topology == "switch" else max((sum(i in pair for pair in pairs) for i in range(count)), default=0)
    if needed > ports:
        others = (other for other in ("switch", "chain", "ring") if ports >= 1 + (other != "switch" and count > 2))
        raise SystemDescriptionError(
            f"system '{name}' needs {needed} link ports on a device, but {match['device']} has {ports}",
            hint="choose another topology: " + ", ".join(f"{count}x{match['device']}-{other}" for other in others)
            if ports
            else "choose another device, or give it ports in a system file of your own",
        )
    # The name alone would clash with the device's.
    symbol = name if match["count"] else f"1x{name}"
    lines = [f'xplat.system @"{symbol}" {{']
    lines += [f"  xplat.instance @fpga{index} of @{match['device']}" for index in range(count)]
    lines += [
        f"  xplat.cable @link{index} @fpga{a} port @{port} to @fpga{b} port @{port}"
        for index, (a, b) in enumerate(pairs)
    ]
    if topology == "switch":
        lines.append(f'  xplat.switch @switch latency_ns {SWITCH_LATENCY_NS} source "{SWITCH_SOURCE}"')
        lines += [
            f"  xplat.cable @link{device * ports + index} @fpga{device} port @{port} to @switch"
            for device in range(count)
            for index in range(ports)
        ]
    return "\n".join([*lines, "}", ""])


def _cables(count: int, topology: str) -> list[tuple[int, int]]:
    """The pairs of devices that a cable joins."""
    if topology == "switch":
        return []
    if topology == "full":
        return list(combinations(range(count), 2))
    chain = [(index, index + 1) for index in range(count - 1)]
    return [*chain, (count - 1, 0)] if topology == "ring" and count > 2 else chain


def _port(device: str) -> tuple[str, int]:
    """The device's first kind of link port, and how many it has."""
    module = ir.Module.parse(_device_text(device), ir.Context())
    for op in module.body.operations:
        if isinstance(op, xp.DeviceOp):
            for inner in op.body.blocks[0].operations:
                if isinstance(inner, xp.PortOp):
                    return inner.sym_name.value, inner.count.value
    return "", 0


# ---- from text


def _from_file(path: Path) -> System:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SystemDescriptionError(
            f"there is no system file '{path}'", hint=f"known devices are {', '.join(known_devices())}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SystemDescriptionError(f"system file '{path}' cannot be read: {error}") from None
    return System.from_text(text, source=str(path))


def _missing_devices(text: str, used: set[str]) -> list[str]:
    """Known devices that the text uses and does not define."""
    if re.search(r"^\s*(builtin\.)?module\b", text, re.MULTILINE):
        return []  # closed by a module of its own: nothing can be added behind it
    defined = _symbols(_DEVICE, "device", text)
    return [name for name in known_devices() if name in used - defined]


def _malformed(error: MLIRError, source: str, text: str) -> SystemDescriptionError:
    """MLIR's own diagnostic, at its place in the user's text."""
    hint = f"known devices are {', '.join(known_devices())}"
    if not error.error_diagnostics:
        return SystemDescriptionError(str(error), location=source)
    diagnostic = error.error_diagnostics[0]
    location, where, quote = diagnostic.location, source, ""
    if location.is_a_file():
        where = f"{source}:{location.start_line}:{location.start_col}"
        lines = text.splitlines()
        if 0 < location.start_line <= len(lines):
            quote = f"\n    {lines[location.start_line - 1].strip()}"
    notes = [note.message for note in diagnostic.notes if not note.message.startswith("see current operation")]
    message = "; ".join([diagnostic.message, *notes])
    if "'xplat.channel'" in message:
        return SystemDescriptionError(f"{message}{quote}", location=where, hint="xplat.channel is now xplat.cable")
    return SystemDescriptionError(f"{message}{quote}", location=where, hint=hint if "xplat.device" in message else None)
