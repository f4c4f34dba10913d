"""Every environment variable that jmctl reads, with what it does: for the reference, and for a test of completeness."""

from __future__ import annotations

from typing import Final

VARIABLES: Final = {
    "JOBMOJITO_TOKEN": "the access token; counts before the session of `jmctl login` and before a token command",
    "JMCTL_TOKEN_COMMAND": "a command that prints the access token",
    "JMCTL_DIRECTORY": "as the option `-C`: run as if started there",
    "JMCTL_ENV": "as the option `--env`: the environment of jmctl.yaml",
    "JMCTL_QUIET": "as the option `--quiet`, when 1",
    "JMCTL_COLOR": "as the option `--color`: auto, always or never",
    "NO_COLOR": "no colours, whatever its value",
    "FORCE_COLOR": "colours also where the output is no terminal; 0 does nothing",
    "JMCTL_IDENTITY": "the file of the private key that opens embed keys",
    "JMCTL_ALLOW_HOSTS": "further hosts that may receive the access token, separated by commas",
    "JMCTL_TRUST": "the digest of a token command that may run, in place of `jmctl trust`",
    "JMCTL_BASE_REF": "the target branch of a review, in CI systems that jmctl does not know",
    "JMCTL_SAFE_DIRECTORY": "a folder whose jmctl.yaml is used although it belongs to another user",
    "JMCTL_ISSUER": "the address of the sign-in service, in place of JobMojito's",
    "JMCTL_SESSION_DIR": "where `jmctl login` keeps its session when the system has no keyring",
    "JMCTL_CACHE_DIR": "where checked manifests are cached",
    "JMCTL_FORGE_TOKEN": "the token for comments, checks and issues at GitHub or GitLab; else the one of the pipeline",
    "JMCTL_ACTOR": "on whose behalf an apply runs, for `state log`; else as the CI system says",
    "JMCTL_BRANCH": "the branch of an apply, for `state log`; else as the CI system says",
    "JMCTL_RUN_URL": "the address of the run of an apply, for `state log`; else as the CI system says",
}
