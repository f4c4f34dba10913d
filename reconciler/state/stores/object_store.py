"""State as one object in S3, GCS, Azure or a compatible store, replaced by a put that the store itself conditions.

A first write is create-only, each later one names the entity tag (and generation, where the store has one) that it
replaces. obstore's own retries may repeat a put whose answer was lost, and then answer that the object exists: after a
Conflict the caller reads again and compares (`state.shared`). Credentials come from the process environment, in the
ways that each provider's own tools know.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from reconciler.errors import Misconfigured, Where
from reconciler.state.stores.cas import Conflict, Stored, Unreachable

if TYPE_CHECKING:
    from obstore.store import ObjectStore as Client

_EXTRA = "pip install 'jmctl[objectstore]'"
_SECONDS = 30
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT", "AZURE_STORAGE_ENDPOINT", "GOOGLE_BASE_URL")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class ObjectStore:
    """The document in the object `key` of the bucket or container that `address` names, as s3://BUCKET/PREFIX.

    `environ` is the process environment as values; only an endpoint on this machine may be spoken to without TLS.
    """

    def __init__(self, address: str, key: str, environ: Mapping[str, str]) -> None:
        self._address = address
        self._key = key
        self._environ = environ
        self._client: Client | None = None

    @property
    def label(self) -> str:
        return f"{self._address}/{self._key}"

    @property
    def notices(self) -> tuple[str, ...]:
        return ()

    def get(self) -> Stored | None:
        from obstore.exceptions import BaseError

        try:
            found = self._open().get(self._key)
            return Stored(bytes(found.bytes()), _version(found.meta["e_tag"], found.meta["version"]))
        except (FileNotFoundError, BaseError) as error:
            if isinstance(error, FileNotFoundError) and not _no_bucket(error):
                return None
            raise self._failed("the state cannot be read", error) from None

    def put(self, data: bytes, expected: str | None, note: str = "") -> str:  # noqa: ARG002 - objects keep no notes
        from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError

        mode: Any = "create" if expected is None else orjson.loads(expected)
        try:
            done = self._open().put(self._key, data, mode=mode)
        except (AlreadyExistsError, PreconditionError) as error:
            raise Conflict(_line(error)) from None
        except (FileNotFoundError, BaseError) as error:
            if expected is not None and isinstance(error, FileNotFoundError) and not _no_bucket(error):
                raise Conflict("the object is gone") from None
            raise self._failed("the state cannot be written", error) from None
        return _version(done["e_tag"], done["version"])

    def scratch(self, name: str) -> ObjectStore:
        return ObjectStore(self._address, f"{self._key}.probe-{name}", self._environ)

    def remove(self) -> None:
        from obstore.exceptions import BaseError

        try:
            self._open().delete(self._key)
        except (FileNotFoundError, BaseError) as error:
            raise self._failed("the state cannot be written", error) from None

    def _open(self) -> Client:
        if self._client is None:
            try:
                from obstore.store import from_url
            except ImportError:
                detail = f"{self._address} needs the library obstore"
                raise Misconfigured("the store is not installed", detail, hint=_EXTRA) from None
            from obstore.exceptions import BaseError

            try:
                self._client = from_url(
                    self._address,
                    client_options={"timeout": timedelta(seconds=_SECONDS), "allow_http": self._is_local()},
                    retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=_SECONDS)},
                )
            except (ValueError, BaseError) as error:
                raise self._failed("the state's store cannot be opened", error) from None
        return self._client

    def _is_local(self) -> bool:
        named = [self._environ[name] for name in _ENDPOINTS if self._environ.get(name)]
        return bool(named) and all(urlsplit(address).hostname in _LOOPBACK for address in named)

    def _failed(self, summary: str, error: Exception) -> Misconfigured | Unreachable:
        from obstore.exceptions import PermissionDeniedError, UnauthenticatedError

        where, detail = Where(self.label), _line(error)
        if isinstance(error, PermissionDeniedError | UnauthenticatedError):
            return Misconfigured(summary, detail, hint="check the credentials and their rights", where=where)
        if isinstance(error, FileNotFoundError):
            hint = "make the bucket first, and check its name and AWS_ENDPOINT_URL"
            return Misconfigured(summary, detail, hint=hint, where=where)
        return Unreachable(
            summary, detail, hint="check the network and the credentials, then run it again", where=where
        )


def _version(e_tag: str | None, version: str | None) -> str:
    """What a later put names: a store compares what it knows, and must not be shown what it did not give."""
    return orjson.dumps({name: value for name, value in (("e_tag", e_tag), ("version", version)) if value}).decode()


def _no_bucket(error: Exception) -> bool:
    return any(sign in str(error) for sign in ("NoSuchBucket", "ContainerNotFound", "bucket does not exist"))


def _line(error: Exception) -> str:
    """The first line of the library's message, which goes on with its own source."""
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
