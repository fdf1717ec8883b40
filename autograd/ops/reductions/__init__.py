"""Sums, products, extremes and moments along axes, running ones too."""
