"""What only scenarios do: bring the office into a state that people cannot order."""

from pydantic import Field
from sqlalchemy import delete, select, update

from engine.ids import new_id
from engine.runtime.handlers import HandlerRegistry, JobContext, handler
from engine.storage.contents import ContentStore
from engine.storage.tables import Attachment, Membership
from handlers.dispatch.tables import Employee
from handlers.documents.render import file_document
from handlers.fields import Instant, Names, Request, in_utc
from handlers.parts.ledger import post
from handlers.parts.tables import StockItem


class Away(Request):
    """Who is out; without names all engineers are."""

    engineers: Names = Field(default_factory=list)


@handler("given.engineers_out", title="工程师不在站内", title_en="Engineers are out")
def engineers_out(ctx: JobContext, request: Away) -> None:
    """Nobody of them is in the station."""
    change = update(Employee).values(in_station=False)
    ctx.session.execute(change.where(Employee.user_id.in_(request.engineers)) if request.engineers else change)


class Absent(Request):
    """Who is absent, and until when; without names all engineers are."""

    engineers: Names = Field(default_factory=list)
    until: Instant


@handler("given.engineers_absent", title="工程师请假", title_en="Engineers are absent")
def engineers_absent(ctx: JobContext, request: Absent) -> None:
    """They cannot be assigned before they are back."""
    change = update(Employee).values(absent_until=in_utc(ctx, request.until))
    ctx.session.execute(change.where(Employee.user_id.in_(request.engineers)) if request.engineers else change)


class EmptyShelf(Request):
    """Of which part."""

    part_no: str
    left: int = 0
    """Pieces that stay."""


@handler("given.empty_shelf", title="货架上没有这种备件", title_en="A part is out of stock")
def empty_shelf(ctx: JobContext, request: EmptyShelf) -> None:
    """All good pieces of a part but some are gone, through the ledger like everything else."""
    shelf = select(StockItem).where(StockItem.part_no == request.part_no, StockItem.place == "shelf", StockItem.qty > 0)
    keep = request.left
    for item in ctx.session.scalars(shelf.order_by(StockItem.barcode)).all():
        kept = min(keep, item.qty)
        keep -= kept
        if item.qty > kept:
            gone = item.qty - kept
            post(
                ctx, "adjust", part_no=item.part_no, barcode=item.barcode, qty=gone, from_place="shelf", to_place="difference",
                reference="given",
            )  # fmt: skip


class SmallStaff(Request):
    """Who works here; nobody else does."""

    people: Names


@handler("given.small_staff", title="只有这些员工", title_en="Nobody else is staff")
def small_staff(ctx: JobContext, request: SmallStaff) -> None:
    """All others are no staff any more; their other groups stay."""
    ctx.session.execute(delete(Membership).where(Membership.group_id == "staff", Membership.user_id.not_in(request.people)))


class Papers(Request):
    """Of which order, and which kinds of paper."""

    order_id: str
    kinds: Names


@handler("given.papers", title="单据已在案", title_en="Papers are on file")
def papers(ctx: JobContext, request: Papers) -> None:
    """Papers of an order that somebody filed before."""
    for kind in request.kinds:
        stored = ContentStore(ctx.settings).put(f"{kind}.txt", f"{request.order_id} {kind}\n".encode())
        attachment = Attachment(
            id=new_id(),
            name=f"{kind}.txt",
            kind="document",
            media_type=stored.media_type,
            size_bytes=stored.size_bytes,
            sha256=stored.sha256,
            added_at=ctx.now(),
        )
        ctx.session.add(attachment)
        ctx.session.flush()
        file_document(ctx, request.order_id, None, kind=kind, number=f"{request.order_id}-{kind}", attachment=attachment, note=None)


def preparations() -> HandlerRegistry:
    """All of them."""
    return HandlerRegistry((engineers_out, engineers_absent, empty_shelf, small_staff, papers))
