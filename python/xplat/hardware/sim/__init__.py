# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Simulation of emitted designs, bit for bit and cycle by cycle."""

from xplat.hardware.sim.simulation import FifoUse, Run, Simulation, simulate, simulate_samples
from xplat.hardware.streams import StreamPort

__all__ = ["FifoUse", "Run", "Simulation", "StreamPort", "simulate", "simulate_samples"]
