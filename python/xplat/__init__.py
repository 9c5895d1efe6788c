"""xplat: maps PyTorch models to systems of FPGAs and writes the hardware that runs them."""
