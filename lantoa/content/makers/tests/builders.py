"""A piece to make things of: a campaign of our own, about rain gauges, so that no form can lean on another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lantoa.content.rules.piece import Piece, Point

FULL = Piece(
    kind="leaflet",
    title="Mỗi nhà ven sông ghi một số đo mưa",
    lead="Nhà ở ven sông đọc thùng đo mưa lúc bảy giờ sáng và báo số cho tổ trưởng trước tám giờ.",
    text="Nước lên nhanh hơn trước.\n\nSố đo của từng nhà giúp phường báo lũ sớm hơn hai giờ.",
    key_figure="07/6/2025",
    key_label="Bắt đầu ghi số đo từ ngày",
    points=(
        Point("Đổ hết nước trong thùng", "Làm lúc bảy giờ sáng, kể cả Chủ nhật."),
        Point("Đọc vạch và ghi lại", "Mắt ngang mặt nước. Ghi số vào bảng phát kèm."),
        Point("Báo cho tổ trưởng", "Nhắn tin hoặc nói trực tiếp, trước tám giờ."),
    ),
    questions=(
        Point("Hôm không mưa thì sao?", "Vẫn báo số không. Số không cũng quý như số khác."),
        Point("Tôi không đọc được vạch?", "Nhờ tổ trưởng đến đọc giúp. Ai cũng có thể nhờ."),
    ),
    warning="Không ai thu tiền cho việc này. Người lạ đòi tiền, xin từ chối và báo công an phường.",
    contacts=("Trực ban phường: 0225 3881 234", "Tổng đài: 1800 5588"),
    publisher="Ủy ban nhân dân phường Bến Nghĩa",
    place="phường Bến Nghĩa",
    url="https://bennghia.example.vn/do-mua",
    sources=("Thông báo số 12/TB-UBND ngày 01/6/2025",),
    dated="2025-06-02",
)

BARE = Piece(kind="leaflet", title="Mỗi nhà ven sông ghi một số đo mưa")

ENGLISH = Piece(
    kind="leaflet",
    title="Bring your rain gauge readings home",
    lead="Every household on the river side reads its gauge each morning.",
    key_figure="7 June",
    key_label="Readings start on",
    points=(Point("Empty the gauge", "Do it at seven, also on Sundays."),),
    questions=(Point("What if it did not rain?", "Send zero."),),
    warning="Nobody collects money for this.",
    contacts=("River office: 0225 3123 456",),
    publisher="Ward of Long Bank",
    place="Long Bank",
    url="https://longbank.example/rain",
    dated="2025-06-01",
    language="en",
)

LONG = replace(
    FULL,
    title=(
        "Thông báo về việc tổ chức tuyên truyền, hướng dẫn và hỗ trợ các hộ gia đình sinh sống ven sông trên địa "
        "bàn phường ghi và báo số đo mưa hằng ngày theo kế hoạch phòng chống thiên tai và tìm kiếm cứu nạn"
    ),
    publisher="Ban Chỉ huy phòng thủ dân sự phường Nam Bến Nghĩa – Thượng Vĩnh Hưng Đông, thành phố Hải Phòng",
    key_label="Ngày mà mọi hộ ven sông trên địa bàn phường bắt đầu ghi và báo số đo mưa",
    key_figure="từ 7 giờ ngày 07/6/2025 đến hết ngày 30/11/2025",
    url="https://nambennghiathuongvinhhungdong.haiphong.example.vn/chuyen-muc/phong-chong-thien-tai/so-do-mua",
)

ENDLESS = replace(FULL, title="Ghi số đo mưa. " * 200, lead="Đọc thùng đo mưa. " * 400)


def build(**changes: Any) -> Piece:
    """The full piece with some fields changed."""
    return replace(FULL, **changes)


def found(node: Any, path: str, namespaces: dict[str, str] | None = None) -> list[Any]:
    """What an XPath finds, as a list whatever it is."""
    result = node.xpath(path, namespaces=namespaces)
    return result if isinstance(result, list) else [result]
