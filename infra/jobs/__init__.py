"""Background work: what the shop does by itself, from a queue in its own database."""
