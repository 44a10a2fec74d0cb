"""What may be taught from: material that the company has reviewed."""

from pydantic import Field
from sqlalchemy import or_, select

from engine.errors import InvalidInput
from engine.runtime.handlers import JobContext, handler
from handlers.fields import Names, Option, Request, Result
from handlers.numbers import plain_number
from handlers.training.tables import TrainingMaterial

_TOPICS = {"use": "使用", "maintenance": "维护", "overhaul": "检修", "emergency": "应急"}


class FindMaterial(Request):
    """What is to be taught on which product."""

    product: str | None = None
    topics: Names = Field(default_factory=list)


class Material(Result):
    """One text."""

    material_no: str
    title: str
    title_en: str
    version: int
    reviewed: bool
    topics: list[str]


class MaterialFound(Result):
    """Reviewed texts that together cover the topics, and what could be reviewed for those that are left."""

    material_reviewed: bool
    materials: list[Material]
    material_text: str
    material_text_en: str
    uncovered_topics: list[str]
    uncovered_text: str
    uncovered_text_en: str
    candidate_options: list[Option]


@handler("training.find_material", title="找评审过的教材", title_en="Find reviewed training material")
def find_material(ctx: JobContext, request: FindMaterial) -> MaterialFound:
    """Reviewed material for a product, its own before the general; topics without any are named."""
    fitting = [item for item in _of_product(ctx, request.product) if set(item.topics) & set(request.topics)]
    chosen: list[TrainingMaterial] = []
    open_topics = [topic for topic in _TOPICS if topic in request.topics]
    for item in fitting:
        if item.reviewed and set(item.topics) & set(open_topics):
            chosen.append(item)
            open_topics = [topic for topic in open_topics if topic not in item.topics]
    candidates = [item for item in fitting if not item.reviewed and set(item.topics) & set(open_topics)]
    return MaterialFound(
        material_reviewed=not open_topics,
        materials=[_described(item) for item in chosen],
        material_text="；".join(f"{item.title}（{item.no} 第 {item.version} 版）" for item in chosen),
        material_text_en="; ".join(f"{item.title_en or item.title} ({item.no}, version {item.version})" for item in chosen),
        uncovered_topics=open_topics,
        uncovered_text="、".join(_TOPICS[topic] for topic in open_topics),
        uncovered_text_en=", ".join(open_topics),
        candidate_options=[_option(item) for item in candidates],
    )


class ReviewMaterial(Request):
    """The verdict on a text that is on the list, or on a new one."""

    material_no: str | None = None
    title: str | None = None
    product: str | None = None
    topics: Names = Field(default_factory=list)
    attachment_ids: Names = Field(default_factory=list)
    approved: bool
    remarks: str | None = None
    reviewed_by: str | None = None


class MaterialReviewed(Result):
    """The text."""

    material_no: str
    material_version: int


@handler("training.review_material", title="登记教材评审", title_en="Record the review of training material")
def review_material(ctx: JobContext, request: ReviewMaterial) -> MaterialReviewed:
    """Keep the review of a text; a new text comes on the list by its title, and new files of a listed one are a new version."""
    material = _listed(ctx, request)
    if material is None:
        material = TrainingMaterial(
            no=plain_number(ctx.session, "JC"),
            title=request.title,
            product=request.product,
            topics=request.topics,
            version=1,
            attachment_ids=request.attachment_ids,
        )
        ctx.session.add(material)
    elif request.attachment_ids and request.attachment_ids != material.attachment_ids:
        material.version += 1
        material.attachment_ids = request.attachment_ids
    material.reviewed = request.approved
    material.reviewed_at = ctx.now()
    material.reviewed_by = request.reviewed_by or ctx.actor
    material.remarks = request.remarks
    ctx.session.flush()
    return MaterialReviewed(material_no=material.no, material_version=material.version)


def _listed(ctx: JobContext, request: ReviewMaterial) -> TrainingMaterial | None:
    if request.material_no:
        return ctx.session.get(TrainingMaterial, request.material_no)
    if not request.title or not request.topics:
        raise InvalidInput("新教材要写明名称和内容。", "New material needs a title and its topics.")
    known = select(TrainingMaterial).where(TrainingMaterial.title == request.title, TrainingMaterial.product == request.product)
    return ctx.session.scalars(known).first()


def _of_product(ctx: JobContext, product: str | None) -> list[TrainingMaterial]:
    found = select(TrainingMaterial).where(or_(TrainingMaterial.product.is_(None), TrainingMaterial.product == product))
    return sorted(ctx.session.scalars(found), key=lambda item: (item.product is None, item.no))


def _described(item: TrainingMaterial) -> Material:
    return Material(
        material_no=item.no,
        title=item.title,
        title_en=item.title_en or item.title,
        version=item.version,
        reviewed=item.reviewed,
        topics=item.topics,
    )


def _option(item: TrainingMaterial) -> Option:
    return Option(label=f"{item.title}（{item.no}）", label_en=f"{item.title_en or item.title} ({item.no})", value=item.no)
