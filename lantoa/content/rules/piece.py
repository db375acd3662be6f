"""A `Piece`: the finished words of one rendering, before a maker gives them their form."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Point:
    """One short point: a heading of a few words and a text of one to three sentences."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a message whose words its carrier has approved: its value, its type there, its most characters."""

    name: str
    value: str
    """Slots of the recipient stand in it still."""
    type: str
    most: int


@dataclass(frozen=True, slots=True)
class Piece:
    """What a maker needs to make one rendering; every fact is already in the words.

    Makers are pure: the same piece gives the same bytes.
    """

    kind: str
    """The rendering kind: `article`, `leaflet`, `poster`, …"""
    title: str
    lead: str = ""
    """The one or two sentences that matter most."""
    text: str = ""
    """Running text, paragraphs parted by a blank line."""
    key_figure: str = ""
    """The one thing to remember, in large type: `16/10/2024`."""
    key_label: str = ""
    """What the key figure is: `Ngày dừng dịch vụ điện thoại chỉ có 2G`."""
    points: tuple[Point, ...] = ()
    questions: tuple[Point, ...] = ()
    """Questions and answers: heading is the question."""
    warning: str = ""
    """The fraud warning, in every printed and posted piece."""
    contacts: tuple[str, ...] = ()
    own_words: tuple[str, ...] = ()
    """What of the contacts no other place says: names of people and houses. Places that differ in these look alike."""
    publisher: str = ""
    """Who speaks: `Ủy ban nhân dân phường Anh Dũng`."""
    place: str = ""
    """Whose residents it is for: `phường Anh Dũng`."""
    url: str = ""
    """The public page of the campaign for this place; also in the QR code."""
    sources: tuple[str, ...] = ()
    """Legal bases and letters the facts rest on, one a line."""
    dated: str = ""
    """ISO date the words were made true for; the date of the document's metadata."""
    language: str = "vi"
    labels: Mapping[str, str] = field(default_factory=dict)
    """Short fixed words of the form in the piece's language (`questions`, `warning`, `contact`, `scan`)."""

    template: str = ""
    """The carrier's name of the template whose words these are."""
    parameters: tuple[Parameter, ...] = ()
    """What is handed to the carrier in place of the words."""

    def rewritten(self, write: Callable[[str], str]) -> Piece:
        """The same with each of its words written anew; the address of its page too."""

        def points(items: tuple[Point, ...]) -> tuple[Point, ...]:
            return tuple(Point(write(item.heading), write(item.text)) for item in items)

        return replace(
            self,
            title=write(self.title),
            lead=write(self.lead),
            text=write(self.text),
            key_figure=write(self.key_figure),
            key_label=write(self.key_label),
            points=points(self.points),
            questions=points(self.questions),
            warning=write(self.warning),
            contacts=tuple(map(write, self.contacts)),
            publisher=write(self.publisher),
            place=write(self.place),
            url=write(self.url),
            sources=tuple(map(write, self.sources)),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain data for a template or a hash."""
        return asdict(self)
