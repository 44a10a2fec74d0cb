"""Where addresses and engineers are, and how far apart."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from sqlalchemy import select

from engine.runtime.handlers import JobContext, handler
from handlers.dispatch.tables import Area, Employee, Office
from handlers.fields import Request, Result
from handlers.refusals import refusal

#: Mean radius of the Earth, km (IUGG).
_EARTH_KM = 6371.0088


@dataclass(frozen=True)
class Place:
    """A point on the map, degrees."""

    latitude: float
    longitude: float


def distance_km(a: Place, b: Place) -> float:
    """Great-circle distance (haversine)."""
    north = radians(b.latitude - a.latitude) / 2
    east = radians(b.longitude - a.longitude) / 2
    chord = sin(north) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(east) ** 2
    return 2 * _EARTH_KM * asin(sqrt(chord))


def find_area(ctx: JobContext, address: str) -> Area | None:
    """The area an address lies in: the longest name that the address contains, with its city, or without any city."""
    areas = ctx.session.scalars(select(Area).order_by(Area.name)).all()
    return max((area for area in areas if _lies_in(address, area)), key=lambda area: len(area.name), default=None)


def _lies_in(address: str, area: Area) -> bool:
    """A district's bare name may occur in other cities too, so it only counts where no city is named."""
    if area.name in address:
        return True
    _city, _, district = area.name.partition("市")
    before, found, _after = address.partition(district) if district else ("", "", "")
    return bool(found) and "市" not in before


def office_of(ctx: JobContext, area: Area) -> Place:
    """Where the office that serves an area stands."""
    office = ctx.session.get_one(Office, area.office_id)
    return Place(office.latitude, office.longitude)


def whereabouts(ctx: JobContext, engineer: Employee) -> Place | None:
    """Where an engineer starts from: the office when they wait there, else the middle of their home area."""
    if engineer.in_station or engineer.home_area is None:
        office = ctx.session.get_one(Office, engineer.office_id)
        return Place(office.latitude, office.longitude)
    area = ctx.session.get(Area, engineer.home_area)
    return Place(area.latitude, area.longitude) if area else None


class CheckArea(Request):
    """A customer's address."""

    address: str


class AreaChecked(Result):
    """Whether we serve it as our own area, and the straight-line distance from the office."""

    in_service_area: bool
    distance_km: float
    area_name: str
    latitude: float
    longitude: float


@handler("dispatch.check_service_area", title="查区域与距离", title_en="Check area and distance", errors=("ADDRESS_UNKNOWN",))
def check_service_area(ctx: JobContext, request: CheckArea) -> AreaChecked:
    """Recognise the district of an address.

    Raises:
        BpmnError: ADDRESS_UNKNOWN, no district of the list is part of the address.
    """
    area = find_area(ctx, request.address)
    if area is None:
        raise refusal(
            "ADDRESS_UNKNOWN",
            f"地址“{request.address}”里没有认得的区县，请人工填写距离。",
            f"No known district in the address {request.address!r}; enter the distance by hand.",
        )
    km = distance_km(office_of(ctx, area), Place(area.latitude, area.longitude))
    return AreaChecked(
        in_service_area=area.in_service_area,
        distance_km=round(km, 1),
        area_name=area.name,
        latitude=area.latitude,
        longitude=area.longitude,
    )
