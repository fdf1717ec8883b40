"""Linear algebra: products and contractions, norms, linear systems, decompositions."""
