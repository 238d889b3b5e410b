"""What ends a run."""


class Fault(RuntimeError):
    """A side answered wrongly or not at all: there is nothing to compare."""
