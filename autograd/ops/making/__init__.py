"""Arrays and tensors from nothing: filled ones, ranges, random draws."""
