"""The norm of a post, as the manuals that are in force say it."""

from typing import Any

from sqlalchemy import select

from engine.manuals.catalogue import CLAUSES, Clause, read_catalogue
from engine.runtime.handlers import JobContext
from engine.storage.tables import Deployment, Resource
from handlers.positions.tables import PostNorm

#: The posts that have a table in the manual of the office (M3, 3.2): their group, and how the ids of their clauses begin.
POSTS = {
    "hotline": "M3-3.2-hotline-",
    "coordinator": "M3-3.2-coord-",
    "onsite": "M3-3.2-onsite-",
    "reception": "M3-3.2-recep-",
    "inhouse": "M3-3.2-inhouse-",
    "parts": "M3-3.2-parts-",
}
#: How everybody appears, whatever their post.
_APPEARANCE = "M3-2.4-9"
#: Clauses that say how something is done; the others say what a post is for and what it is equipped with.
_OBSERVABLE = ("rule", "step", "record", "prohibition", "deadline")


def norm_of(ctx: JobContext, post: str) -> PostNorm:
    """The norm of a post in force; made as a new version when the manual says something else than the last one."""
    newest = ctx.session.scalars(select(PostNorm).where(PostNorm.post == post).order_by(PostNorm.version.desc()).limit(1)).first()
    items = _items(ctx, post)
    if newest is not None and newest.items == items:
        return newest
    norm = PostNorm(post=post, version=newest.version + 1 if newest else 1, items=items, since=ctx.now())
    ctx.session.add(norm)
    ctx.session.flush()
    return norm


def _items(ctx: JobContext, post: str) -> list[dict[str, Any]]:
    live = select(Resource.content).join(Deployment).where(Resource.name == CLAUSES, Deployment.state == "live")
    content = ctx.session.scalars(live.order_by(Deployment.id.desc()).limit(1)).first()
    clauses = read_catalogue(content or b"").clauses.values()
    return [_item(clause) for clause in clauses if clause.id == _APPEARANCE or _observable(clause, post)]


def _observable(clause: Clause, post: str) -> bool:
    return clause.id.startswith(POSTS[post]) and clause.kind in _OBSERVABLE


def _item(clause: Clause) -> dict[str, Any]:
    return {
        "clause": clause.id,
        "item": clause.title_zh,
        "item_en": clause.title_en,
        "standard": clause.requirement_zh,
        "standard_en": clause.requirement_en,
    }
