"""From a mapped module to a folder of hardware, and its simulation."""
