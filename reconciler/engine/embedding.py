"""Links of embedded interviews, for everyone or signed for one visitor, and code that signs them on a server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.embedding.link import Visitor, embed_link, iframe, signed_link
from reconciler.errors import Misused

if TYPE_CHECKING:
    from reconciler.engine.project import Project
    from reconciler.state.model import Entry


@dataclass(frozen=True, slots=True)
class Embedding:
    """The use cases of `jmctl embed`, of one interview. They only read.

    `page` is where the interview opens instead of the page of jmctl.yaml: a sandbox that is being served.
    """

    project: Project
    entry: Entry
    page: str | None = None

    def link(self, visitor: Visitor | None = None, identity: Path | None = None) -> str:
        """The link, signed for `visitor` with the key that `identity` opens.

        Raises Misused when the interview is not embedded or `visitor` is blank, and as `Secrets.reveal`.
        """
        if visitor is None:
            return embed_link(self._page, self._embed_id)
        if not (visitor.name.strip() and visitor.email.strip()):
            hint = "jmctl embed NAME --name NAME --email ADDRESS"
            raise Misused("a signed link needs a name and an email address", hint=hint)
        embed_id = self._embed_id
        key = self.project.secrets.reveal(self.entry, identity)
        return signed_link(self._page, embed_id, key, visitor)

    def iframe(self, link: str) -> str:
        """HTML that shows `link`."""
        title = self.entry.attributes.get("name")
        return iframe(link, title if isinstance(title, str) else self.entry.name)

    def sample(self, language: str) -> str:
        """A function in `language`, one of `samples.LANGUAGES`, that signs links of this interview on a server."""
        from reconciler.embedding.samples import sample

        return sample(language, self._page, self._embed_id)

    @property
    def _page(self) -> str:
        return self.page or self.project.config.embed_url

    @property
    def _embed_id(self) -> str:
        if not self.entry.embed_id:
            hint = "set is_embedded: true in its manifest, and apply"
            raise Misused("the interview is not embedded", self.entry.name, hint=hint)
        return self.entry.embed_id
