# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of these kernels, and the configurations whose area is measured."""

from collections.abc import Mapping, Sequence
from math import prod
from random import Random

from xplat.kernels import Case, Stream

KINDS = ["sum", "mean", "maximum", "minimum", "argmax", "argmin"]
POSITIONS = ("argmax", "argmin")


def case(
    kind: str,
    shape: tuple[int, ...],
    dims: Sequence[int],
    lanes: int = 1,
    iw: int = 8,
    ow: int = 8,
    shift: int = 0,
    keep: bool = False,
    unsigned: tuple[bool, bool] = (False, False),
) -> Case:
    """Over these dimensions; `shift`: fractional bits of the input above those of the result; `unsigned`: whether they
    have no sign.

    Channels that travel innermost in an image, and not in the result, would have to be kept for the whole sample: there
    the reduced dimension stays.
    """
    keep |= len(shape) == 4 and list(dims) in ([2], [3])
    kept = tuple(1 if dim in dims else extent for dim, extent in enumerate(shape))
    after = kept if keep else tuple(extent for dim, extent in enumerate(shape) if dim not in dims)
    innermost = 1 if len(shape) == 4 else len(shape) - 1
    tail = innermost in dims
    if kind in ("maximum", "minimum"):
        ow, shift, unsigned = iw, 0, (unsigned[0], unsigned[0])
    result = Stream(after, ow, 4 - shift, 1 if tail else lanes, unsigned[1])
    if kind in POSITIONS:
        extent = shape[dims[0]]
        result = Stream(after, max(2, (extent - 1).bit_length() + 1), lanes=result.lanes, rows=extent)
    return Case(
        f"xplat.reduce %x {kind} over {sorted(dims)}",
        {"x": Stream(shape, iw, 4, lanes, unsigned[0])},
        result,
        unroll=(1, 1, 1, lanes) if tail else (1, 1, lanes, 1),
        kernel="reduce_mean" if kind == "mean" else "reduce_position" if kind in POSITIONS else "reduce",
    )


def cases() -> list[Case]:
    """Rows, columns, tokens, pixels, channels, planes; one element, one lane and all; sums that saturate."""
    return [
        case("sum", (1, 3, 16), [2], lanes=4, ow=12),
        case("mean", (1, 3, 16), [2], lanes=16, keep=True),
        case("maximum", (1, 5, 12), [2], lanes=3, keep=True),
        case("minimum", (1, 5, 12), [2], lanes=12),
        case("mean", (1, 7, 8), [1], lanes=2),
        case("sum", (1, 4, 6), [1], lanes=6, iw=4, ow=4),
        case("maximum", (1, 4, 3, 5), [2, 3], lanes=2),
        case("minimum", (1, 6, 3, 4), [1, 2], lanes=2, keep=True),
        case("sum", (1, 4, 3, 5), [2], lanes=2, ow=16, shift=-3),
        case("mean", (1, 6, 3, 5), [1, 2], lanes=3, ow=16, shift=-4),
        case("mean", (1, 4, 2, 8), [3], lanes=4, shift=1, ow=4),
        case("sum", (1, 9, 2), [1, 2], lanes=1, shift=2),
        case("mean", (1, 2, 3, 4), [3], lanes=1),
        case("sum", (1, 3, 16), [2], lanes=4, ow=10, unsigned=(True, True)),
        case("sum", (1, 3, 4), [1], lanes=2, ow=8, unsigned=(False, True)),
        case("mean", (1, 7, 8), [1], lanes=2, unsigned=(True, True)),
        case("maximum", (1, 5, 12), [2], lanes=3, unsigned=(True, True)),
        case("minimum", (1, 6, 3, 4), [1, 2], lanes=2, unsigned=(True, True)),
        # Few numbers, so that the first of equal ones counts; in a beat, in several, over all and over none between.
        case("argmax", (1, 4, 10), [2], iw=2),
        case("argmin", (1, 4, 12), [2], lanes=3, iw=2),
        case("argmax", (1, 3, 12), [2], lanes=12, iw=3, keep=True),
        case("argmin", (1, 7, 6), [1], lanes=2, iw=3),
        case("argmax", (1, 6, 3, 4), [1], lanes=2, iw=2),
        case("argmin", (1, 4, 5, 3), [2], lanes=2, iw=2, unsigned=(True, False)),
        case("argmax", (1, 4, 3, 5), [3], lanes=4, iw=3),
        case("argmax", (1, 2, 3), [0], lanes=3),
        case("argmin", (1, 16), [1], lanes=4, iw=16, unsigned=(True, False)),
    ]


def random_case(generator: Random) -> Case:
    """Any dimensions and formats, small."""
    lanes, rows, columns = generator.choice([1, 2, 3]), generator.randint(1, 5), generator.randint(1, 5)
    inner = lanes * generator.randint(1, 4)
    shape = generator.choice([(1, inner, rows, columns), (1, rows, inner)])
    kind = generator.choice(KINDS)
    dims = [dim for dim in range(1, len(shape)) if generator.random() < 0.5] or [len(shape) - 1]
    if kind in POSITIONS:
        dims = [generator.randrange(1, len(shape))]
    return case(
        kind,
        shape,
        dims,
        lanes,
        iw=generator.choice([2, 4, 8, 12]),
        ow=generator.choice([2, 4, 8, 16]),
        shift=generator.randint(-4, 4),
        keep=generator.random() < 0.5,
        unsigned=(generator.random() < 0.4, generator.random() < 0.4),
    )


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas."""
    kind, lanes, terms = KINDS[p["Kind"]], p.get("Lanes", 1), p.get("Terms", 1)
    repeats, kept, tail = p.get("Repeats", 1), p.get("Kept", 1) * lanes, p.get("Tail", 1) * terms
    shape, dims = ((1, repeats, kept, tail), [1, 3]) if tail > 1 else ((1, repeats, kept), [1])
    if tail > 1 and repeats == 1:
        shape, dims = (1, kept, tail), [2]
    elif tail > 1:
        shape, dims = (1, tail, repeats, kept), [1, 2]
    assert prod(shape) == repeats * kept * tail
    return case(
        kind,
        shape,
        dims,
        terms if tail > 1 else lanes,
        iw=p.get("InWidth", 8),
        ow=p.get("OutWidth", 8),
        shift=p.get("Shift", 0),
    )
