"""The target of a mapping: systems of devices, and libraries of kernels."""
