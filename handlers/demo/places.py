"""Where the demo plays: an office in Wuhan, the districts it serves and the towns around."""

from handlers.dispatch.tables import Area, Office

OFFICE_ID = "wuhan"

#: Name, latitude and longitude (degrees) of the seat of the district or town, whether it belongs to the office's own area.
_AREAS = (
    ("武汉市江岸区", 30.5998, 114.3093, True),
    ("武汉市江汉区", 30.6015, 114.2708, True),
    ("武汉市硚口区", 30.5820, 114.2149, True),
    ("武汉市汉阳区", 30.5540, 114.2187, True),
    ("武汉市武昌区", 30.5539, 114.3160, True),
    ("武汉市青山区", 30.6403, 114.3849, True),
    ("武汉市洪山区", 30.5003, 114.3437, True),
    ("武汉市东西湖区", 30.6199, 114.1367, True),
    ("武汉市江夏区", 30.3494, 114.3136, True),
    ("武汉市蔡甸区", 30.5820, 114.0293, False),
    ("武汉市黄陂区", 30.8825, 114.3756, False),
    ("武汉市新洲区", 30.8415, 114.8012, False),
    ("孝感市孝南区", 30.9168, 113.9111, False),
    ("鄂州市鄂城区", 30.3996, 114.8916, False),
    ("黄冈市黄州区", 30.4347, 114.8801, False),
    ("咸宁市咸安区", 29.8529, 114.2987, False),
    ("黄石市黄石港区", 30.2225, 115.0660, False),
    ("仙桃市", 30.3625, 113.4538, False),
    ("荆州市沙市区", 30.3111, 112.2554, False),
    ("宜昌市西陵区", 30.7107, 111.2857, False),
)


def office() -> Office:
    """The office."""
    return Office(
        id=OFFICE_ID,
        name="启明电脑武汉服务站",
        level="office",
        address="武汉市洪山区珞喻路 1037 号",
        phone="027-87000000",
        latitude=30.5130,
        longitude=114.4050,
    )


def areas() -> list[Area]:
    """The districts and towns."""
    return [
        Area(name=name, office_id=OFFICE_ID, latitude=latitude, longitude=longitude, in_service_area=own)
        for name, latitude, longitude, own in _AREAS
    ]
