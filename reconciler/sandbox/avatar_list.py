"""merchant-avatar-list: the seeded templates; signed media URLs differ on every read (docs/service.md#6-lists)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconciler.sandbox import fixtures, languages
from reconciler.sandbox.auth import scoped
from reconciler.sandbox.clock import DAY, iso, new_id
from reconciler.sandbox.paging import page_of

if TYPE_CHECKING:
    from reconciler.sandbox.auth import Caller
    from reconciler.sandbox.database import Database
    from reconciler.sandbox.switches import Switches

_FIRST_DAY_US = 1_760_000_000_000_000


def avatars_listed(_db: Database, switches: Switches, caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """One page of templates."""
    merchant = scoped(caller, query["merchant_id"], switches)
    matching = [template for template in fixtures.TEMPLATES.values() if _matches(template, query)]
    items = [_item(template, merchant, number) for number, template in enumerate(matching)]
    items.sort(key=lambda item: str(item["updated_at"]), reverse=True)
    shown, pages = page_of(items, query, switches)
    return {"data": shown, "pagination": pages}


def _matches(template: fixtures.Template, query: dict[str, Any]) -> bool:
    spoken = languages.speech(template.language)[1]
    archived_too = query["include_archived"] == "true" or query["status"] == "archived"
    text = (query["filter_text"] or "").casefold()
    return (
        (archived_too or template.status != "archived")
        and query["status"] in {None, template.status}
        and (query["include_public"] == "true" or not template.is_public)
        and query["type"] in {None, template.kind}
        and query["mojito_language_code"] in {None, template.language}
        and (text in template.name.casefold() or text in spoken.casefold())
    )


def _item(template: fixtures.Template, merchant: str, number: int) -> dict[str, Any]:
    stamp = iso(_FIRST_DAY_US + number * DAY)
    media = f"https://media.example/{template.id}"
    return {
        "id": template.id,
        "merchant_id": None if template.is_public else merchant,
        "name": template.name,
        "type": template.kind,
        "status": template.status,
        "visibility": "public" if template.is_public else "merchant_public",
        "mojito_language_code": template.language,
        "video_voice_language_name": languages.speech(template.language)[1],
        "media_url": f"{media}/clip.mp4?token={new_id()}",
        "background_url": f"{media}/background.jpg?token={new_id()}",
        "background_blur": 0.2,
        "video_background_remove": False,
        "video_avatar_image_url": f"{media}/still.jpg?token={new_id()}",
        "video_avatar_aspect_ratio": "16:9",
        "created_at": stamp,
        "updated_at": stamp,
    }
