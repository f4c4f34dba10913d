"""Runs the sandbox's server for as long as a command lasts, and names its addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconciler.sandbox.service import Service


def listen(service: Service, host: str, port: int, listening: Callable[[str, int], None]) -> None:
    """Serves until SIGINT or SIGTERM, then closes `service`; calls `listening` with host and port once it answers."""
    try:
        import asyncio
        from contextlib import ExitStack

        from reconciler.sandbox.served import announced
        from reconciler.sandbox.server import serve
    except ImportError as error:
        raise missing() from error
    with ExitStack() as served:

        def begin(host: str, chosen: int) -> None:
            served.enter_context(announced(service.folder, embed_page(host, chosen)))
            listening(host, chosen)

        asyncio.run(serve(service, host, port, begin))
    service.close()


def embed_page(host: str, port: int) -> str:
    return f"http://{address(host, port)}/embed"


def address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def missing() -> Misconfigured:
    """The error for libraries of the extra `sandbox` that are not there."""
    return Misconfigured("the sandbox is not installed", hint="pip install 'jmctl[sandbox]'")
