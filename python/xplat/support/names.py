# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names that are given once."""

from __future__ import annotations

from collections.abc import Set


def unique(
    name: str, taken: set[str], *, reserved: Set[str] = frozenset(), numbers: dict[str, int] | None = None
) -> str:
    """`name`, or `name` with the first number that makes it neither taken nor reserved; adds it to `taken`.

    `numbers`: the first number behind each name that may be free, kept from call to call where one name is asked for
    often and none is ever given back.
    """
    result, count = name, numbers.get(name, 1) if numbers is not None else 1
    while result in taken or result in reserved:
        result, count = f"{name}_{count}", count + 1
    taken.add(result)
    if numbers is not None:
        numbers[name] = count
    return result
