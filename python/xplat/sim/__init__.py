"""Simulation of emitted designs, bit for bit and cycle by cycle."""

from xplat.sim.simulation import FifoUse, Run, Simulation, simulate, simulate_design
from xplat.sim.streams import StreamPort

__all__ = ["FifoUse", "Run", "Simulation", "StreamPort", "simulate", "simulate_design"]
