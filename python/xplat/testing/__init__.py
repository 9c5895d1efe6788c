"""Networks and data for tests, the demo and the benchmarks."""
