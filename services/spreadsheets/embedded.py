"""Pictures inside cells, as WPS and as Excel 365 store them."""

from collections.abc import Iterator

from services.spreadsheets.archive import Archive
from services.spreadsheets.markup import Event, events, whole
from services.spreadsheets.workbook import relations

_WPS_PICTURES = "xl/cellimages.xml"
_METADATA = "xl/metadata.xml"
_RICH_VALUES = "xl/richData/rdrichvalue.xml"
_RICH_STRUCTURES = "xl/richData/rdrichvaluestructure.xml"
_RICH_RELATIONS = "xl/richData/richValueRel.xml"
_KEY_OF_PICTURE = "_rvRel:LocalImageIdentifier"
_TYPE_OF_RICH_VALUES = "XLRICHVALUE"


def wps_pictures(archive: Archive) -> dict[str, str]:
    """The parts with pictures by the id that WPS's DISPIMG names them by."""
    parts = relations(archive, _WPS_PICTURES)
    found = {}
    name = ""
    for event in _starts(archive, _WPS_PICTURES):
        if event.name == "cNvPr":
            name = event.attributes.get("name", "")
        elif event.name == "blip" and event.attributes.get("embed") in parts:
            found[name] = parts[event.attributes["embed"]].part
    return found


def rich_pictures(archive: Archive) -> dict[int, str]:
    """The parts with pictures by the number, from 1, of the metadata that a cell in Excel has.

    The way from one to the other: metadata of values → rich value → its field that holds a picture
    → relation → part.
    """
    parts = relations(archive, _RICH_RELATIONS)
    related = [
        event.attributes.get("id", "")
        for event in _starts(archive, _RICH_RELATIONS)
        if event.name == "rel"
    ]
    by_rich_value = {
        number: parts[related[place]].part
        for number, place in _places_of_pictures(archive)
        if place < len(related) and related[place] in parts
    }
    return {
        number: by_rich_value[rich_value]
        for number, rich_value in _rich_values_of_metadata(archive)
        if rich_value in by_rich_value
    }


def _starts(archive: Archive, part: str) -> Iterator[Event]:
    """The starts of a part's elements; none if there is no such part."""
    if archive.has(part):
        yield from (event for event in events(archive.chunks(part)) if event.is_start)


def _rich_values_of_metadata(archive: Archive) -> Iterator[tuple[int, int]]:
    """Which rich value the metadata of values, counted from 1, refers to."""
    types: list[str] = []
    rich_values: list[int] = []
    records: list[tuple[int, int]] = []
    section = ""
    for event in _starts(archive, _METADATA):
        attributes = event.attributes
        if event.name == "metadataType":
            types.append(attributes.get("name", ""))
        elif event.name in ("futureMetadata", "cellMetadata", "valueMetadata"):
            section = attributes.get("name", event.name)
        elif event.name == "rvb" and section == _TYPE_OF_RICH_VALUES:
            rich_values.append(whole(attributes.get("i")))
        elif event.name == "rc" and section == "valueMetadata":
            records.append((whole(attributes.get("t")), whole(attributes.get("v"))))
    for number, (kind, place) in enumerate(records, start=1):
        is_rich = 1 <= kind <= len(types) and types[kind - 1] == _TYPE_OF_RICH_VALUES
        if is_rich and place < len(rich_values):
            yield number, rich_values[place]


def _places_of_pictures(archive: Archive) -> Iterator[tuple[int, int]]:
    """The rich values, counted from 0, that are pictures, with the place of their relation."""
    if not archive.has(_RICH_VALUES):
        return
    fields = _fields_with_pictures(archive)
    number = field = wanted = -1
    for event in events(archive.chunks(_RICH_VALUES)):
        if event.name == "rv" and event.is_start:
            number, field = number + 1, -1
            wanted = fields.get(whole(event.attributes.get("s")), -1)
        elif event.name == "v" and not event.is_start:
            field += 1
            if field == wanted:
                yield number, whole(event.text)


def _fields_with_pictures(archive: Archive) -> dict[int, int]:
    """For each structure of rich values that is a picture, which of its fields holds it."""
    fields = {}
    structure = field = -1
    for event in _starts(archive, _RICH_STRUCTURES):
        if event.name == "s":
            structure, field = structure + 1, -1
        elif event.name == "k":
            field += 1
            if event.attributes.get("n") == _KEY_OF_PICTURE:
                fields[structure] = field
    return fields
