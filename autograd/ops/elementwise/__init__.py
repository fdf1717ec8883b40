"""Ops that compute each element of the result from the elements in the same place."""
