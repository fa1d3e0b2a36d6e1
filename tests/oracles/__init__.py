"""Reference cases from R, and how our functions answer them."""
