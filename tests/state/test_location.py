"""Which settings of `state` name a store, and why the others do not."""

from __future__ import annotations

import pytest

from reconciler.state.location import Location, parse_location


@pytest.mark.parametrize(
    ("setting", "location"),
    [
        ("state", Location("folder", "state")),
        ("../shared/state", Location("folder", "../shared/state")),
        ("git", Location("git", "", "refs/jmctl/state")),
        ("git:https://host/x", Location("git", "https://host/x", "refs/jmctl/state")),
        (
            "git:git@host:acme/x.git#live",
            Location("git", "git@host:acme/x.git", "refs/heads/live"),
        ),
        ("git:ssh://git@host:22/x#refs/jmctl/hr", Location("git", "ssh://git@host:22/x", "refs/jmctl/hr")),
        ("git:/srv/states.git", Location("git", "/srv/states.git", "refs/jmctl/state")),
        ("git:file:///srv/states.git", Location("git", "file:///srv/states.git", "refs/jmctl/state")),
        ("s3://bucket/hr/jmctl", Location("object", "s3://bucket/hr/jmctl")),
        ("gs://bucket", Location("object", "gs://bucket")),
        ("az://container/x/", Location("object", "az://container/x")),
        (
            "https://gitlab.com/api/v4/projects/7/terraform/state/hr",
            Location("http", "https://gitlab.com/api/v4/projects/7/terraform/state/hr"),
        ),
        ("http://127.0.0.1:8080/hr", Location("http", "http://127.0.0.1:8080/hr")),
    ],
)
def test_location_is_parsed(setting: str, location: Location) -> None:
    assert parse_location(setting) == location


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("git:", "a repository's address"),
        ("git:--upload-pack=touch x", "a repository's address"),
        ("git:ext::sh -c touch% x", "a repository's address"),
        ("git:ssh://-oProxyCommand=x/y", "a repository's address"),
        ("git:-host:path", "a repository's address"),
        ("git:git://host/x", "a repository's address"),
        ("git:states", "a repository's address"),
        ("git:https://user:secret@host/x", "it holds a user name or password"),
        ("git:http://host/x", "in the clear"),
        ("git:file://host/x", "write file:///PATH"),
        ("git:https://host/x#", "a ref is a branch"),
        ("git:https://host/x#-f", "a ref is a branch"),
        ("git:https://host/x#a..b", "a ref is a branch"),
        ("git:https://host/x#a:b", "a ref is a branch"),
        ("git:https://host/x#refs/x", "three parts"),
        ("git:https://host/x#a/.lock", "a ref is a branch"),
        ("s3://", "write s3://BUCKET/PREFIX"),
        ("s3://key:secret@bucket/x", "credentials come from the environment"),
        ("s3://bucket/../x", "a prefix"),
        ("s3://bucket/x?endpoint=evil", "write s3://BUCKET/PREFIX"),
        ("ftp://host/x", "no store is called ftp"),
        ("https://user:secret@host/x", "TF_HTTP_USERNAME"),
        ("https://host", "write https://HOST/PATH"),
        ("https://host/x?ID=1", "without what follows"),
        ("http://host/x", "in the clear"),
    ],
)
def test_location_is_refused_with_its_reason(setting: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason.replace("?", r"\?")):
        parse_location(setting)
