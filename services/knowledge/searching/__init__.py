"""Finding what was published: what it is found by, and how questions are understood."""
