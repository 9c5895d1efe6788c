"""What users call: `compile`, and the design that it returns, with all that can be done to it."""
