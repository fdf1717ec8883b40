"""Kernels: what layers and losses compute, as ops with one fast NumPy text each way, and a batching rule each."""
