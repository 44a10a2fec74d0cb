"""What handlers are called, and what they take and give."""

from sqlalchemy.orm import Session

from engine.studio.choices import described_handlers
from engine.studio.fields import DescribedHandler
from engine.studio.together import live_package
from web.current import engine


def handlers_by_topic(session: Session) -> dict[str, DescribedHandler]:
    """Every handler of this installation, by topic."""
    return {item.topic: item for item in described_handlers(engine(), live_package(engine(), session))}
