"""The aggregates: one module each, with its root, its parts and its rules."""
