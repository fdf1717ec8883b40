"""Ops that move elements and compute nothing: indices, shapes, orders of axes, joining, splitting, repeating."""
