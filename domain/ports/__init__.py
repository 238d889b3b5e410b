"""What the shop needs from outside. The docstrings are the contract; fakes and PostgreSQL pass the same suite."""
