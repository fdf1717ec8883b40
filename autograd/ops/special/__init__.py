"""Special functions, as in ``scipy.special``."""
