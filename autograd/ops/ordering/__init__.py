"""What depends on the order of elements: sorting, quantiles, sets, histograms."""
