// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: the bound.

// expected-error@below {{[mapping C1] expected a bound between 1 and 100 cycles but got 101}}
xplat.mapping @f on @s clock_mhz 1.0 cycles 100 latency_cycles 1 bound_cycles 101
    bound_kind node bound_reason "" bottleneck "" usage []

// -----

// expected-error@below {{[mapping C1] expected a bound between 1 and 100 cycles but got 0}}
xplat.mapping @f on @s clock_mhz 1.0 cycles 100 latency_cycles 1 bound_cycles 0
    bound_kind node bound_reason "" bottleneck "" usage []

// -----

// C2: the share of the devices.

// expected-error@below {{[mapping C2] expected a 'max_utilization' above 0 and up to 1 but got 1.5}}
xplat.mapping @f on @s clock_mhz 1.0 cycles 100 latency_cycles 1 bound_cycles 50
    bound_kind node bound_reason "" max_utilization 1.5 device_bound_cycles 40 bottleneck "" usage []

// -----

// expected-error@below {{[mapping C2] expected a 'max_utilization' above 0 and up to 1 but got 0}}
xplat.mapping @f on @s clock_mhz 1.0 cycles 100 latency_cycles 1 bound_cycles 50
    bound_kind node bound_reason "" max_utilization 0.0 device_bound_cycles 40 bottleneck "" usage []

// -----

// C3: the bound of the whole devices.

// expected-error@below {{[mapping C3] expected a bound of the whole devices between 1 and 50 cycles but got 51}}
xplat.mapping @f on @s clock_mhz 1.0 cycles 100 latency_cycles 1 bound_cycles 50
    bound_kind node bound_reason "" max_utilization 0.5 device_bound_cycles 51 bottleneck "" usage []

// -----

// expected-error@below {{[mapping C3] expected a bound of the whole devices between 1 and 50 cycles but got 0}}
xplat.mapping @f on @s clock_mhz 1.0 cycles 100 latency_cycles 1 bound_cycles 50
    bound_kind node bound_reason "" max_utilization 0.5 device_bound_cycles 0 bottleneck "" usage []

// -----

// C4: the two of them belong together.

// expected-error@below {{[mapping C4] expected 'max_utilization' and 'device_bound_cycles' both or neither}}
xplat.mapping @f on @s clock_mhz 1.0 cycles 100 latency_cycles 1 bound_cycles 50
    bound_kind node bound_reason "" max_utilization 0.5 bottleneck "" usage []

// -----

// expected-error@below {{[mapping C4] expected 'max_utilization' and 'device_bound_cycles' both or neither}}
xplat.mapping @f on @s clock_mhz 1.0 cycles 100 latency_cycles 1 bound_cycles 50
    bound_kind node bound_reason "" device_bound_cycles 50 bottleneck "" usage []

// -----

// C5: at most the cycles that were asked for.

// expected-error@below {{[mapping C5] expected at most 99 cycles per sample, the target, but got 100}}
xplat.mapping @f on @s clock_mhz 1.0 cycles 100 latency_cycles 1 bound_cycles 50
    bound_kind node bound_reason "" bottleneck "" target_cycles 99 usage []

// -----

// C6: at least the throughput that was asked for.

// expected-error@below {{[mapping C6] expected a 'target_per_second' above 0 and up to 1.000000e+04, which 100 cycles per sample reach, but got 1.000100e+04}}
xplat.mapping @f on @s clock_mhz 1.0 cycles 100 latency_cycles 1 bound_cycles 50
    bound_kind node bound_reason "" bottleneck "" target_per_second 10001.0 usage []

// -----

// expected-error@below {{[mapping C6] expected a 'target_per_second' above 0 and up to 1.000000e+04, which 100 cycles per sample reach, but got 0.000000e+00}}
xplat.mapping @f on @s clock_mhz 1.0 cycles 100 latency_cycles 1 bound_cycles 50
    bound_kind node bound_reason "" bottleneck "" objective area target_per_second 0.0 usage []
