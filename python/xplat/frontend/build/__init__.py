"""From an exported program to a graph of nodes."""
