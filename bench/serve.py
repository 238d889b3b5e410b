"""`python -m bench.serve module:app FD`: one uvicorn worker on a listening socket it inherits, the same for every side."""

import socket
import sys

import uvicorn


def main() -> None:
    """Serve until SIGTERM."""
    target, descriptor = sys.argv[1:]
    with socket.socket(fileno=int(descriptor)) as listener:
        config = uvicorn.Config(
            target, loop="uvloop", http="httptools", ws="none", access_log=False, log_level="warning", lifespan="on"
        )
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
