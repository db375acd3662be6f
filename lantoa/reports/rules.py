"""What a report says and in which order: figures as queries, and the words around them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lantoa.channels.base import FAILED, SHOWN
from lantoa.letters.writing.document import Block, Heading, Item, OfficialDocument, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lantoa.letters.rules.letter import Letter



@dataclass(frozen=True, slots=True)
class FigureQuery:
    """A figure as a question to the ledger: which rows of which model it counts."""

    key: str
    label: str
    model: str
    filters: Mapping[str, Any]
    distinct: str = ""
    """Count different values of this field instead of rows."""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its value, and the query that opens its rows."""

    query: FigureQuery
    value: int

    def to_json(self) -> dict[str, Any]:
        """The figure as others read it; `query` opens its rows."""
        query = self.query
        return {
            "key": query.key,
            "label": query.label,
            "value": self.value,
            "unit": query.unit,
            "query": {"model": query.model, "filters": dict(query.filters), "distinct": query.distinct or None},
        }


LOST = sorted(state.value for state in FAILED)
LIVE = {"live_to__isnull": True, "state__in": sorted(state.value for state in SHOWN)}

QUERIES: tuple[FigureQuery, ...] = (
    FigureQuery(
        "tasks",
        "Nhiệm vụ trong văn bản",
        "campaigns.Task",
        {"campaign": "{campaign}", "is_correction": False},
        unit="việc",
    ),
    FigureQuery(
        "places",
        "Cơ quan, đơn vị, tổ được giao việc",
        "campaigns.Assignment",
        {"task__campaign": "{campaign}", "task__is_correction": False},
        distinct="place",
        unit="đơn vị",
    ),
    FigureQuery("assignments", "Lượt giao việc", "campaigns.Assignment", {"task__campaign": "{campaign}"}, unit="lượt"),
    FigureQuery(
        "assignments_done",
        "Lượt giao việc đã hoàn thành",
        "campaigns.Assignment",
        {"task__campaign": "{campaign}", "state": "06"},
        unit="lượt",
    ),
    FigureQuery(
        "assignments_not_started",
        "Lượt giao việc chưa tiếp nhận",
        "campaigns.Assignment",
        {"task__campaign": "{campaign}", "state": "01"},
        unit="lượt",
    ),
    FigureQuery(
        "renderings",
        "Sản phẩm truyền thông đang dùng",
        "content.Rendering",
        {"campaign": "{campaign}", "is_current": True},
        unit="sản phẩm",
    ),
    FigureQuery(
        "publications",
        "Nội dung đang hiện trên các kênh",
        "delivery.Publication",
        {"campaign": "{campaign}", **LIVE},
        unit="lượt",
    ),
    FigureQuery(
        "articles",
        "Bài trên cổng thông tin điện tử",
        "delivery.Publication",
        {"campaign": "{campaign}", "channel_kind": "portal", **LIVE},
        unit="bài",
    ),
    FigureQuery(
        "posts",
        "Bài và ảnh trên mạng xã hội",
        "delivery.Publication",
        {"campaign": "{campaign}", "channel_kind__in": ["fanpage", "social_network", "zalo"], **LIVE},
        unit="bài, ảnh",
    ),
    FigureQuery(
        "bulletins",
        "Bản tin phát thanh đã gửi tới đài, hệ thống thông tin cơ sở",
        "delivery.Publication",
        {"campaign": "{campaign}", "rendering__kind": "audio", **LIVE},
        unit="bản tin",
    ),
    FigureQuery(
        "deliveries",
        "Tài liệu đã gửi tới cơ quan, tổ",
        "delivery.Delivery",
        {"campaign": "{campaign}", **LIVE},
        unit="bản",
    ),
    FigureQuery(
        "recipients",
        "Cơ quan, tổ đã nhận tài liệu",
        "delivery.Delivery",
        {"campaign": "{campaign}", **LIVE},
        distinct="recipient",
        unit="đơn vị",
    ),
    FigureQuery(
        "failed",
        "Lượt gửi không thành công",
        "delivery.Delivery",
        {"campaign": "{campaign}", "state__in": LOST},
        unit="lượt",
    ),
    FigureQuery(
        "failed_publications",
        "Lượt đăng, phát không thành công",
        "delivery.Publication",
        {"campaign": "{campaign}", "state__in": LOST},
        unit="lượt",
    ),
    FigureQuery("visits", "Lượt đến nhà dân", "field.Visit", {"campaign": "{campaign}"}, unit="lượt"),
    FigureQuery(
        "converted",
        "Lượt đến nhà có kết quả đã chuyển đổi",
        "field.Visit",
        {"campaign": "{campaign}", "result__in": ["converted", "verified"]},
        unit="lượt",
    ),
    FigureQuery(
        "proofs", "Minh chứng đã nộp", "evidence.Proof", {"assignment__task__campaign": "{campaign}"}, unit="tệp"
    ),
    FigureQuery(
        "corrections",
        "Lần đính chính đã thực hiện",
        "delivery.Correction",
        {"campaign": "{campaign}", "state": "carried_out"},
        unit="lần",
    ),
    FigureQuery(
        "questions",
        "Câu hỏi còn chờ trả lời",
        "campaigns.Question",
        {"campaign": "{campaign}", "answered_at__isnull": True},
        unit="câu",
    ),
)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One territory's line of the annex."""

    place: str
    assignments: int
    done: int
    publications: int
    deliveries: int


@dataclass(frozen=True, slots=True)
class PeopleRow:
    """One way by which a correction told many people: how many, when, and who is left. No person is named."""

    what: str
    """The words and the channel."""
    people: int
    told: int
    first: str
    """The day and hour of the first who was told; empty when nobody was."""
    last: str
    missed: int
    """Whom it did not reach, or of whom nobody knows."""
    waiting: int
    holding: int
    """Who still holds the old value."""


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One correction or withdrawal: what changed, and how far those who held the old value were reached."""

    day: str
    what: str
    acts: int
    replaced: int
    told: int
    tasks: int
    tasks_done: int
    holding: int
    """Where the old value may still be read."""
    holders: Sequence[tuple[str, str, str]] = ()
    """Place, what it holds, and why it still does: the first of them."""
    people: Sequence[PeopleRow] = ()
    left_out: int = 0
    """People who hold the old value and were told by nothing."""


@dataclass(frozen=True, slots=True)
class ReportGround:
    """What the report is written from."""

    title: str
    issuer: str
    place: str
    letter: Letter
    letter_name: str
    figures: Mapping[str, Figure]
    rows: Sequence[PlaceRow]
    facts: Sequence[tuple[str, str, str]]
    """Label, value and source of each verified fact."""
    corrections: Sequence[CorrectionRow]
    questions: Sequence[str] = field(default=())
    on: dt.date = dt.date.min


def compose_report(ground: ReportGround) -> OfficialDocument:
    """The report in the form of NĐ 30/2020, Phụ lục III, mẫu 1.4; sections as is the custom of the trade."""
    blocks: list[Block] = [
        Paragraph(
            f"Thực hiện {ground.letter_name} về việc {ground.letter.subject or ground.title}, "
            f"{ground.issuer} báo cáo kết quả triển khai tính đến ngày {ground.on:%d/%m/%Y} như sau:"
        )
    ]
    blocks += _direction(ground)
    blocks += _results(ground)
    blocks += _difficulties(ground)
    blocks += [Paragraph(f"Trên đây là báo cáo kết quả triển khai của {ground.issuer}./.")]
    return OfficialDocument(
        doc_type="bao_cao",
        issuer=ground.issuer,
        blocks=tuple(blocks),
        annex=tuple(_corrections_annex(ground)),
        symbol="BC-UBND",
        place=ground.place,
        date_partial=str(ground.on.year),
        subject=f"Kết quả triển khai {ground.letter.subject or ground.title}",
        recipients_lines=(*_superiors(ground.letter), "Các cơ quan, đơn vị được giao nhiệm vụ", "Lưu: VT"),
        signing_authority="TM. ỦY BAN NHÂN DÂN",
        signer_title="CHỦ TỊCH",
    )


def _superiors(letter: Letter) -> tuple[str, ...]:
    issuers = (cited.issuer for cited in letter.cited_documents if cited.issuer)
    return tuple(dict.fromkeys(f"{issuer} (để báo cáo)" for issuer in issuers))


def _said(ground: ReportGround, key: str) -> str:
    figure = ground.figures[key]
    return f"{figure.value:,}".replace(",", ".") + f" {figure.query.unit}".rstrip()


def _direction(ground: ReportGround) -> list[Block]:
    return [
        Heading(1, "I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI"),
        Paragraph(
            f"Văn bản giao {_said(ground, 'tasks')}; đã giao tới {_said(ground, 'places')}, tổng cộng "
            f"{_said(ground, 'assignments')}, trong đó {_said(ground, 'assignments_done')} đã hoàn thành và "
            f"{_said(ground, 'assignments_not_started')} chưa tiếp nhận."
        ),
        Paragraph("Các dữ kiện đã dùng thống nhất trong mọi nội dung:"),
        Table(("Dữ kiện", "Giá trị", "Căn cứ, nguồn"), tuple(ground.facts), (3, 2, 4)),
    ]


def _results(ground: ReportGround) -> list[Block]:
    shown = [figure for key, figure in ground.figures.items() if key not in {"tasks", "places", "questions"}]
    table = tuple(
        (str(number), figure.query.label, f"{figure.value:,}".replace(",", "."), figure.query.unit)
        for number, figure in enumerate(shown, start=1)
    )
    places = tuple(
        (row.place, *(str(n) for n in (row.assignments, row.done, row.publications, row.deliveries)))
        for row in ground.rows
    )
    return [
        Heading(1, "II. KẾT QUẢ"),
        Heading(2, "1. Số liệu chung"),
        Table(("STT", "Nội dung", "Số lượng", "Đơn vị tính"), table, (1, 6, 2, 2)),
        Heading(2, "2. Theo địa bàn"),
        Table(
            ("Địa bàn", "Lượt giao việc", "Hoàn thành", "Nội dung đang hiện", "Tài liệu đã gửi"),
            places,
            (4, 2, 2, 2, 2),
        ),
        Heading(2, "3. Đính chính"),
        *(
            [
                Table(
                    ("Ngày", "Nội dung thay đổi", "Số việc"),
                    tuple((row.day, row.what, _count(row.acts)) for row in ground.corrections),
                    (2, 6, 2),
                ),
                Paragraph("Chi tiết tại Phụ lục kèm theo."),
            ]
            if ground.corrections
            else [Paragraph("Không có dữ kiện nào phải đính chính.")]
        ),
    ]


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _corrections_annex(ground: ReportGround) -> list[Block]:
    """Who was told both values, and who still holds the old one: the same figures as the page of corrections."""
    if not ground.corrections:
        return []
    table = tuple(
        (row.day, row.what, *map(_count, (row.replaced, row.told, row.tasks, row.tasks_done, row.holding)))
        for row in ground.corrections
    )
    columns = ("Ngày", "Nội dung", "Đã thay, gỡ", "Đã được báo", "Giao việc", "Đã thu lại", "Còn giữ bản cũ")
    blocks: list[Block] = [
        Heading(0, "PHỤ LỤC. ĐÍNH CHÍNH, THU HỒI NỘI DUNG"),
        Table(columns, table, (3, 6, 2, 2, 2, 2, 2)),
    ]
    blocks += _people_told(ground)
    holders = tuple(holder for row in ground.corrections for holder in row.holders)
    if holders:
        blocks += [
            Heading(2, "Nơi còn giữ bản cũ"),
            Table(("Đơn vị", "Nội dung", "Tình trạng"), holders, (4, 4, 4)),
        ]
    left = sum(row.holding - len(row.holders) for row in ground.corrections)
    if left:
        blocks += [Paragraph(f"Còn {_count(left)} nơi khác: xem danh sách đầy đủ trên trang Đính chính.")]
    return blocks


def _people_told(ground: ReportGround) -> list[Block]:
    """People told one by one, by channel: how many, from when to when, and how many are left."""
    rows = tuple(
        (
            row.day, one.what, *map(_count, (one.people, one.told)), _span(one.first, one.last),
            *map(_count, (one.missed, one.waiting, one.holding)),
        )
        for row in ground.corrections for one in row.people
    )
    if not rows and not any(row.left_out for row in ground.corrections):
        return []
    columns = ("Ngày", "Báo bằng", "Số người", "Đã báo", "Từ – đến", "Không tới, chưa rõ", "Chờ gửi", "Còn giữ bản cũ")
    blocks: list[Block] = [Heading(2, "Người đã nhận tin được báo")]
    if rows:
        blocks += [Table(columns, rows, (3, 5, 2, 2, 3, 2, 2, 2))]
    if left := max((row.left_out for row in ground.corrections), default=0):
        blocks += [Paragraph(f"Còn {_count(left)} người giữ giá trị cũ mà chưa có thông báo cho kênh của họ.")]
    return blocks


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


def _difficulties(ground: ReportGround) -> list[Block]:
    questions: list[Block] = [Item("-", question) for question in ground.questions]
    return [
        Heading(1, "III. KHÓ KHĂN, VƯỚNG MẮC"),
        *(questions or [Paragraph("Không có nội dung còn vướng mắc.")]),
        Heading(1, "IV. NHIỆM VỤ THỜI GIAN TỚI"),
        Paragraph(
            "Tiếp tục đôn đốc các đơn vị chưa hoàn thành; cập nhật và đính chính kịp thời khi dữ kiện thay đổi; "
            "ưu tiên đến tận nhà các hộ còn thuộc diện phải chuyển đổi."
        ),
    ]
