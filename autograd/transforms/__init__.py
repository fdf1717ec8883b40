"""Functions of functions: what takes a function and returns one that computes its derivatives."""
