"""Writing, reviewing and publishing: what staff do until something can be read."""
