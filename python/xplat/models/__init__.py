# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The zoo: models by name, whole or small, with random weights.

    spec = xplat.models.get("resnet50")
    graph = xplat.import_model(spec.build(), spec.example_inputs())

`xplat import resnet50` does the same without weights in memory.
"""

from __future__ import annotations

import difflib

from xplat.models.spec import ModelSpec, Published
from xplat.support.errors import ModelImportError

__all__ = ["ModelSpec", "Published", "get", "names"]


def names() -> tuple[str, ...]:
    """Names of all models of the zoo, the ten of MASE's Table V first."""
    return tuple(_zoo())


def get(name: str) -> ModelSpec:
    """A model by name or alias; case and `_` for `-` do not matter.

    Raises `ModelImportError` for a name that is none, with the ones nearest to it.
    """
    wanted = _normal(name)
    known = {_normal(label): spec for spec in _zoo().values() for label in (spec.name, *spec.aliases)}
    if wanted in known:
        return known[wanted]
    near = dict.fromkeys(known[label].name for label in difflib.get_close_matches(wanted, known, n=4, cutoff=0.5))
    hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(names())}"
    raise ModelImportError(f"there is no model '{name}' in the zoo", hint=hint)


def _normal(name: str) -> str:
    return name.strip().lower().replace("_", "-")


def _zoo() -> dict[str, ModelSpec]:
    from xplat.models.zoo import ZOO

    return ZOO
