"""Measures become what is proposed to leave: counts, means, indicators, and what binds them."""
