"""One open task in front of one person: what they can see, and how they write things down."""

from datetime import datetime, timedelta
from functools import cached_property
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw

from engine.ids import Chance, seeded
from engine.runtime import remarks
from engine.runtime.engine import Engine
from engine.runtime.task_context import task_context
from engine.storage.tables import FormDefinition, UserTask
from handlers.demo.weeks.stories import Story


class Moment:
    """A task at the instant somebody completes it."""

    def __init__(self, engine: Engine, task: UserTask, story: Story, actor: str) -> None:
        """Args: engine: on the simulated clock. actor: who does the task."""
        self.engine = engine
        self.task = task
        self.story = story
        self.actor = actor
        self.chance: Chance = story.chance

    @cached_property
    def known(self) -> dict[str, Any]:
        """What the task's form can show."""
        return task_context(self.engine, self.task.id)

    @property
    def now(self) -> datetime:
        """The simulated present."""
        return self.engine.clock.now()

    def at(self, **delta: float) -> str:
        """A time from now as a form writes it, in the office's zone, to the minute."""
        return self.local(self.now + timedelta(**delta))

    def local(self, instant: datetime) -> str:
        """An instant as a form writes it."""
        return instant.astimezone(ZoneInfo(self.engine.settings.time_zone)).isoformat(timespec="minutes")

    def instant(self, name: str) -> datetime | None:
        """A known time, if it is known."""
        value = self.known.get(name)
        if isinstance(value, datetime):
            return value
        return datetime.fromisoformat(value.split("@")[0]) if isinstance(value, str) and value else None

    def working_day(self, days: int, hour: int, minute: int) -> datetime:
        """An hour of a working day from today on."""
        zone = ZoneInfo(self.engine.settings.time_zone)
        day = self.engine.calendars.get().add_days(self.now, days).due_at.astimezone(zone)
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)

    def happens(self, percent: float) -> bool:
        """Whether something happens that happens so often."""
        return self.chance.random() * 100 < percent

    def routine(self) -> dict[str, Any]:
        """What everybody fills in without thinking: the mandatory points of the card are ticked, questions about special cases say no."""
        with self.engine.database.session() as session:
            form = session.get(FormDefinition, self.task.form_definition_id)
        return _routine(form.form_schema) if form else {}

    def sign(self, name: str) -> str:
        """Somebody signs on the screen; the attachment."""
        return remarks.attach(self.engine, self.task.id, f"签名-{name}.png", signature(name), "signature", self.actor)


def _routine(schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for component in schema.get("components", []):
        required = component.get("validate", {}).get("required")
        if component.get("type") == "group":
            found |= _routine(component)
        elif required and component.get("type") == "checkbox":
            found[component["key"]] = True
        elif required and any(option["value"] is False for option in component.get("values", [])):
            found[component["key"]] = False
    return found


_SIGNATURES: dict[str, bytes] = {}


def signature(name: str) -> bytes:
    """Strokes of a pen that look the same whenever this person signs (PNG, transparent)."""
    if name not in _SIGNATURES:
        hand = seeded(f"signature of {name}")
        picture = Image.new("RGBA", (360, 130), (0, 0, 0, 0))
        pen = ImageDraw.Draw(picture)
        for stroke in range(max(2, len(name))):
            x, y = 30 + stroke * 95, 65
            points = [(x + step * hand.uniform(8, 15), y + hand.uniform(-42, 42)) for step in range(7)]
            pen.line(points, fill=(24, 40, 92, 255), width=hand.choice((3, 4)), joint="curve")
        content = BytesIO()
        picture.save(content, "PNG")
        _SIGNATURES[name] = content.getvalue()
    return _SIGNATURES[name]
