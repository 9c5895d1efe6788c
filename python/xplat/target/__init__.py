"""What a model is mapped to: systems of devices, and libraries of kernels."""
