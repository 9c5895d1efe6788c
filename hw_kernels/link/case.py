# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel: both ends, with a cable between two devices."""

from random import Random

from xplat.kernels import Case, Stream


def case(width: int, lanes: int, phit: int, latency: int, spare: int = 0) -> Case:
    """A link with as many credits as keep it busy, and `spare` more; docs/KernelRtl.md has the bound."""
    phits = -(-width * lanes // phit)
    credits = 1 + -(-(2 * latency + 3) // phits) + spare
    x = Stream((1, 12 * lanes), width, 0, lanes)
    op = (
        f"xplat.link %x over @pair::@cable to <@pair::@fpga1> phit_bits {phit} latency_cycles {latency} "
        f"credits {credits}"
    )
    return Case(op, {"x": x}, x, reference=lambda inputs: inputs["x"], result_device=1)


def cases() -> list[Case]:
    """Beats as wide as a phit and wider; short and long cables, the longest with a FIFO that has an output register."""
    return [
        case(8, 4, 8, 3),
        case(8, 1, 8, 0),
        case(5, 4, 8, 1),
        case(9, 1, 1, 10),
        case(8, 2, 9, 7, spare=2),
        case(8, 2, 16, 24),
    ]


def random_case(generator: Random) -> Case:
    """Any beat, phit and cable."""
    width, lanes = generator.randint(2, 12), generator.randint(1, 4)
    return case(width, lanes, generator.randint(1, width * lanes), generator.randint(0, 40), generator.randint(0, 2))
