"""Who should go: skill, load and distance, weighed by the decision table."""

from dataclasses import dataclass

from pydantic import Field

from engine.runtime.handlers import JobContext, handler
from handlers.dispatch.places import Place, distance_km, find_area, whereabouts
from handlers.dispatch.tables import Employee
from handlers.dispatch.workload import available_engineers, loads, on_the_road
from handlers.fields import Instant, Names, Option, Request, Result, in_utc
from handlers.refusals import refusal


class StationQuery(Request):
    """At which instant; now when left out."""

    at: Instant | None = None


class StationEngineer(Result):
    """An engineer at the office."""

    engineer_id: str
    engineer_name: str
    grade: int
    load: int


class InStation(Result):
    """The engineers at the office, the least busy first."""

    engineer_in_station: bool
    station_engineers: list[StationEngineer]
    engineer_options: list[Option]
    suggested_engineer_id: str | None = None


@handler("dispatch.engineers_in_station", title="查在站工程师", title_en="Find engineers in the station")
def engineers_in_station(ctx: JobContext, request: StationQuery) -> InStation:
    """On-site engineers who are at the office: there by habit, not absent and not on a visit."""
    busy, away = loads(ctx), on_the_road(ctx)
    people = [
        StationEngineer(engineer_id=item.user_id, engineer_name=item.name, grade=item.grade, load=busy.get(item.user_id, 0))
        for item in available_engineers(ctx, in_utc(ctx, request.at) or ctx.now())
        if item.in_station and item.user_id not in away
    ]
    people.sort(key=lambda person: (person.load, -person.grade, person.engineer_id))
    return InStation(
        engineer_in_station=bool(people),
        station_engineers=people,
        engineer_options=[_option(item) for item in people],
        suggested_engineer_id=people[0].engineer_id if people else None,
    )


def _option(person: StationEngineer) -> Option:
    return Option(
        label=f"{person.engineer_name}（{person.grade} 级，在手 {person.load} 单）",
        label_en=f"{person.engineer_name} (grade {person.grade}, {person.load} open job(s))",
        value=person.engineer_id,
    )


class RankEngineers(Request):
    """What the visit needs, where it is, and what counts how much."""

    required_skills: Names = Field(default_factory=list)
    grade_min: int = Field(default=1, ge=1, le=3)
    address: str | None = None
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    w_skill: float = Field(default=1, ge=0)
    w_load: float = Field(default=1, ge=0)
    w_distance: float = Field(default=1, ge=0)
    exclude: Names = Field(default_factory=list)
    visit_at: Instant | None = None


class RankedEngineer(Result):
    """One candidate; `score` from 0 to 1, higher is better."""

    engineer_id: str
    engineer_name: str
    score: float
    skill_match: float
    load: int
    distance_km: float | None
    grade: int
    reason: str
    reason_en: str
    label: str
    label_en: str
    value: str


class Ranking(Result):
    """The candidates, the best first."""

    ranked: list[RankedEngineer]
    engineer_options: list[Option]
    suggested_engineer_id: str
    suggested_engineer_name: str
    suggestion_text: str
    suggestion_text_en: str


@dataclass(frozen=True)
class _Candidate:
    person: Employee
    skill: float  #: share of the required skills
    load: int
    km: float | None


@handler("dispatch.rank_engineers", title="工程师排序", title_en="Rank the engineers", errors=("NO_ENGINEER",))
def rank_engineers(ctx: JobContext, request: RankEngineers) -> Ranking:
    """Rank the engineers who could go, with the reasons in words.

    Each part of the score lies between 0 and 1: the share of the skills needed; load and distance relative to the busiest and the
    farthest candidate. The weights come from the decision table and are normalised.

    Raises:
        BpmnError: NO_ENGINEER, nobody of the grade has any of the skills.
    """
    candidates = _candidates(ctx, request)
    if not candidates:
        needed = "、".join(request.required_skills) or "—"
        raise refusal(
            "NO_ENGINEER",
            f"没有可派的工程师（技能：{needed}，等级不低于 {request.grade_min}）。",
            f"No engineer is available (skills: {', '.join(request.required_skills) or 'any'}, grade {request.grade_min} or higher).",
        )
    busiest = max(item.load for item in candidates)
    farthest = max((item.km for item in candidates if item.km is not None), default=0.0)
    weights = request.w_skill + request.w_load + request.w_distance or 1

    def score(item: _Candidate) -> float:
        ease = 1 - item.load / busiest if busiest else 1.0
        nearness = 0.0 if item.km is None else 1 - item.km / farthest if farthest else 1.0
        return (request.w_skill * item.skill + request.w_load * ease + request.w_distance * nearness) / weights

    ordered = sorted(candidates, key=lambda item: (-round(score(item), 6), -item.person.grade, item.person.user_id))
    ranked = [_described(item, round(score(item), 3)) for item in ordered]
    best = ranked[0]
    return Ranking(
        ranked=ranked,
        engineer_options=[Option(label=item.label, label_en=item.label_en, value=item.value) for item in ranked],
        suggested_engineer_id=best.engineer_id,
        suggested_engineer_name=best.engineer_name,
        suggestion_text=f"建议派 {best.engineer_name}：{best.reason}。",
        suggestion_text_en=f"Suggested: {best.engineer_name}: {best.reason_en}.",
    )


def _candidates(ctx: JobContext, request: RankEngineers) -> list[_Candidate]:
    site = _site(ctx, request)
    busy = loads(ctx)
    needed = set(request.required_skills)
    found = []
    for person in available_engineers(ctx, in_utc(ctx, request.visit_at) or ctx.now()):
        if person.grade < request.grade_min or person.user_id in request.exclude:
            continue
        skill = len(needed & set(person.skills)) / len(needed) if needed else 1.0
        start = whereabouts(ctx, person)
        if skill > 0:
            found.append(_Candidate(person, skill, busy.get(person.user_id, 0), distance_km(start, site) if start and site else None))
    return found


def _site(ctx: JobContext, request: RankEngineers) -> Place | None:
    if request.latitude is not None and request.longitude is not None:
        return Place(request.latitude, request.longitude)
    area = find_area(ctx, request.address) if request.address else None
    return Place(area.latitude, area.longitude) if area else None


def _described(item: _Candidate, score: float) -> RankedEngineer:
    far = f"{item.km:.1f} 公里" if item.km is not None else "距离不明"
    far_en = f"{item.km:.1f} km away" if item.km is not None else "distance unknown"
    reason = f"技能符合 {item.skill:.0%}，在手 {item.load} 单，{far}"
    reason_en = f"has {item.skill:.0%} of the skills, {item.load} open job(s), {far_en}"
    return RankedEngineer(
        engineer_id=item.person.user_id,
        engineer_name=item.person.name,
        score=score,
        skill_match=round(item.skill, 3),
        load=item.load,
        distance_km=None if item.km is None else round(item.km, 1),
        grade=item.person.grade,
        reason=reason,
        reason_en=reason_en,
        label=f"{item.person.name}（{item.person.grade} 级）：{reason}",
        label_en=f"{item.person.name} (grade {item.person.grade}): {reason_en}",
        value=item.person.user_id,
    )
