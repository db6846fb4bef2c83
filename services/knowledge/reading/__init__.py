"""Reading what was published, what readers leave there, and what staff answer them."""
