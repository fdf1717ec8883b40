"""Neural networks on `autograd`."""
