"""The server process: uvicorn on a socket that the supervisor holds, so that a restart loses no connection attempt."""

import argparse
import socket
import warnings

import uvicorn

from podlab.cli.sockets import Sockets


def main() -> None:
    """Serve until a signal comes; then give open requests three seconds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True)
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")  # WhiteNoise's small files
    listener = socket.socket(fileno=parser.parse_args().fd)
    config = uvicorn.Config(
        "podlab.asgi:application",
        loop="uvloop",
        http="httptools",
        ws=Sockets,
        ws_max_size=1024 * 1024,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
