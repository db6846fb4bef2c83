"""Wire formats: what a request may hold and what an answer shows."""
