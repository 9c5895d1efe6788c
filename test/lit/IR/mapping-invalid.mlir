// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: the bound.

// expected-error@below {{[mapping C1] expected a bound between 1 and 100 cycles but got 101}}
xplat.mapping @f on @s clock_mhz 1.0 cycles 100 latency_cycles 1 bound_cycles 101
    bound_kind node bound_reason "" bottleneck "" usage []

// -----

// expected-error@below {{[mapping C1] expected a bound between 1 and 100 cycles but got 0}}
xplat.mapping @f on @s clock_mhz 1.0 cycles 100 latency_cycles 1 bound_cycles 0
    bound_kind node bound_reason "" bottleneck "" usage []
