"""A model as a graph: nodes, state, structure, and what runs it: the reference and PyTorch."""
