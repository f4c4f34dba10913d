"""A self-contained HTML page: templates escape by themselves, the style is named by its digest, nothing else may load.

The policy in the page's head forbids every script, every request and every inline style but the one that it carries,
so that even a mistake in escaping would do nothing.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from reconciler.errors import Misconfigured
from reconciler.text.sanitize import printable
from reconciler.text.word_diff import word_parts
from reconciler.views.results.format_value import amount, flat, plain_number, spell

if TYPE_CHECKING:
    from jinja2 import Environment


def page(template: str, **values: Any) -> str:
    """The page that `template` makes of `values`. Raises Misconfigured when the templates' library is not there."""
    environment = _environment()
    style = environment.get_template("style.css").render().strip()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return environment.get_template(template).render(style=_Trusted.of(style), policy=policy, **values)


class _Trusted:
    """Marks the project's own style and plots as markup; nothing of other people's ever passes here."""

    @staticmethod
    def of(markup: str) -> Any:
        from markupsafe import Markup

        return Markup(markup)  # noqa: S704 - the style sheet of this package and the plots that a library drew


def plot(svg: str) -> Any:
    """A drawn plot as markup."""
    return _Trusted.of(svg)


def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError:
        raise missing("HTML pages") from None
    environment = Environment(
        loader=PackageLoader("reconciler.views.results", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "said": lambda text: printable(str(text), keep_newlines=True),
        "number": plain_number,
        "spell": spell,
        "amount": lambda fact: printable(amount(fact.kind, fact.value), keep_newlines=True),
        "flat": lambda value: [(depth, printable(line)) for depth, line in flat(value)],
    }
    environment.globals |= {"word_parts": word_parts, "is_link": is_link}
    return environment


def is_link(address: Any) -> bool:
    """Whether an address may be followed: https only, so that no other scheme is ever one click away."""
    return isinstance(address, str) and address.startswith("https://") and address.isprintable()


def require() -> None:
    """Raises Misconfigured when a library of the extra is missing, before an hour of reading."""
    from importlib.util import find_spec

    if not all(map(find_spec, ("jinja2", "mpmath", "vl_convert"))):
        raise missing("reports")


def missing(what: str) -> Misconfigured:
    """What to say when the extra is not installed."""
    return Misconfigured("pages need more libraries", f"{what} needs them", hint="pip install 'jmctl[report]'")
