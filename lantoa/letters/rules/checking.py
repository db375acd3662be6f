"""Checking a letter against the form fixed by Nghị định 30/2020/NĐ-CP.

Only what can be decided from a `Letter` read out of a file is checked here; sizes, margins and fonts are not
in it. Each rule names its source, and its messages are for the officer who has to mend the letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from lantoa.letters.rules.letter import CitedDocument, Letter

Severity = Literal["error", "warning"]

TYPE_NAMES = {
    "cong_van": "Công văn", "ke_hoach": "Kế hoạch", "thong_bao": "Thông báo", "chi_thi": "Chỉ thị",
    "quyet_dinh": "Quyết định", "bao_cao": "Báo cáo", "to_trinh": "Tờ trình", "cong_dien": "Công điện",
    "huong_dan": "Hướng dẫn", "giay_moi": "Giấy mời", "chuong_trinh_phoi_hop": "Chương trình phối hợp",
    "other": "Văn bản",
}
"""The types of NĐ 30/2020, Điều 7, that a campaign meets."""

TYPE_ABBREVIATIONS = {
    "ke_hoach": "KH", "thong_bao": "TB", "chi_thi": "CT", "quyet_dinh": "QĐ", "bao_cao": "BC", "to_trinh": "TTr",
    "cong_dien": "CĐ", "huong_dan": "HD", "giay_moi": "GM", "chuong_trinh_phoi_hop": "CTr",
}
"""NĐ 30/2020, Phụ lục III, mục I. A công văn has none."""

OTHER_TYPES = {
    "NQ": "Nghị quyết", "QC": "Quy chế", "QyĐ": "Quy định", "TC": "Thông cáo", "CTr": "Chương trình",
    "PA": "Phương án", "ĐA": "Đề án", "DA": "Dự án", "BB": "Biên bản", "HĐ": "Hợp đồng", "BGN": "Bản ghi nhớ",
    "BTT": "Bản thỏa thuận", "GUQ": "Giấy ủy quyền", "GGT": "Giấy giới thiệu", "GNP": "Giấy nghỉ phép",
    "PG": "Phiếu gửi", "PC": "Phiếu chuyển", "PB": "Phiếu báo",
}
"""The abbreviations of Phụ lục III for types outside our list, and their names."""

TITLED_TYPES = frozenset(TYPE_ABBREVIATIONS)
ADDRESSED_TYPES = frozenset({"cong_van", "to_trinh", "bao_cao", "cong_dien", "giay_moi", "other"})
"""Types that name their addressees above the text (Phụ lục I, mục II.9a; mẫu 1.6 and 1.7)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One departure from the decree: which rule, in which field, what is there and what should be."""

    rule: str
    where: str
    found: str
    expected: str
    severity: Severity
    source: str


Rule = Callable[[Letter], Iterator[Fault]]


def check_letter(letter: Letter) -> tuple[Fault, ...]:
    """Return the faults of `letter` against NĐ 30/2020/NĐ-CP, in the order of the page, top to bottom."""
    return tuple(fault for rule in RULES for fault in rule(letter))


# Number and symbol (ô 3).

_NUMBER_SOURCE = "NĐ 30/2020, Phụ lục I, phần I, mục II.3"


def _number_form(letter: Letter) -> Iterator[Fault]:
    number = letter.number
    if number is None:
        yield Fault("so-de-trong", "number", "chưa ghi số", "ghi số khi đăng ký, phát hành", "warning", _NUMBER_SOURCE)
    elif not re.fullmatch(r"\d+[A-Za-z]?", number):
        yield Fault("so-sai-dang", "number", number, "chỉ ghi số thứ tự bằng chữ số Ả Rập, không ghi năm", "error",
                    _NUMBER_SOURCE)
    elif len(number) == 1:
        yield Fault("so-thieu-so-0", "number", number, f"số nhỏ hơn 10 ghi thêm số 0 phía trước: 0{number}", "error",
                    _NUMBER_SOURCE)


def _symbol_form(letter: Letter) -> Iterator[Fault]:
    symbol = letter.symbol
    if symbol is None:
        yield Fault("ky-hieu-thieu", "symbol", "không có ký hiệu", "ghi ký hiệu sau số, cách bằng dấu gạch chéo (/)",
                    "error", _NUMBER_SOURCE)
        return
    if re.search(r"\s", symbol):
        tight = re.sub(r"\s+", "", symbol)
        yield Fault("ky-hieu-co-dau-cach", "symbol", symbol, f"không cách chữ trong ký hiệu: {tight}", "error",
                    _NUMBER_SOURCE)
    yield from _symbol_type(letter.doc_type, re.sub(r"\s+", "", symbol))


def _symbol_type(doc_type: str, symbol: str) -> Iterator[Fault]:
    source = "NĐ 30/2020, Phụ lục III, mục I"
    first = symbol.partition("-")[0]
    wanted = TYPE_ABBREVIATIONS.get(doc_type)
    if wanted and first != wanted:
        yield Fault("ky-hieu-sai-ten-loai", "symbol", symbol,
                    f"{TYPE_NAMES[doc_type]} viết tắt là {wanted}, ví dụ {wanted}-{_issuer_code(symbol)}", "error",
                    source)
    elif doc_type == "cong_van" and (first == "CV" or first in _ALL_ABBREVIATIONS):
        yield Fault("ky-hieu-cong-van", "symbol", symbol,
                    f"công văn không có chữ viết tắt tên loại: {_issuer_code(symbol)}", "error", source)


def _issuer_code(symbol: str) -> str:
    first, dash, rest = symbol.partition("-")
    return rest if dash and (first == "CV" or first in _ALL_ABBREVIATIONS) else symbol


_ALL_ABBREVIATIONS = frozenset(TYPE_ABBREVIATIONS.values()) | frozenset(OTHER_TYPES)


# Place and date (ô 4), issuer (ô 2), abstract (ô 5).

_DATE_SOURCE = "NĐ 30/2020, Phụ lục I, phần I, mục II.4"
_ISSUER_SOURCE = "NĐ 30/2020, Phụ lục I, phần I, mục II.2"
_ABSTRACT_SOURCE = "NĐ 30/2020, Phụ lục I, phần I, mục II.5"


_UNFILLED = {0: "chưa ghi ngày, tháng, năm", 4: "chưa ghi ngày, tháng", 7: "chưa ghi ngày"}
"""What is blank, by the length of the part of the date that is printed."""


def _place_and_date(letter: Letter) -> Iterator[Fault]:
    place = letter.place
    if not place:
        yield Fault("dia-danh-thieu", "place", "không có địa danh",
                    "ghi địa danh trước ngày tháng, sau địa danh có dấu phẩy",
                    "error", _DATE_SOURCE)
    elif re.match(r"(?:TP|Tp|T\.P|Q|H|P|X)\.\s*\S", place):
        yield Fault("dia-danh-viet-tat", "place", place, "ghi đầy đủ, không viết tắt (Thành phố Hồ Chí Minh)", "error",
                    _DATE_SOURCE)
    elif place[0].islower():
        yield Fault("dia-danh-viet-thuong", "place", place, place[0].upper() + place[1:], "error", _DATE_SOURCE)
    if letter.date is None:
        left = _UNFILLED[len(letter.date_partial or "")]
        yield Fault("ngay-de-trong", "date", left, "ghi đủ ngày, tháng, năm ban hành", "warning", _DATE_SOURCE)


def _date_order(letter: Letter) -> Iterator[Fault]:
    for place, cited in enumerate(letter.cited_documents):
        if letter.date and cited.date and cited.date > letter.date:
            yield Fault("vien-dan-sau-ngay-ban-hanh", f"cited_documents[{place}].date", _vietnamese(cited.date),
                        f"không muộn hơn ngày ban hành {_vietnamese(letter.date)}", "error", _DATE_SOURCE)


def _vietnamese(date: str) -> str:
    year, month, day = date.split("-")
    return f"{day}/{int(month)}/{year}"


def _issuer_named(letter: Letter) -> Iterator[Fault]:
    if not letter.issuer:
        yield Fault("co-quan-thieu", "issuer", "không có tên cơ quan ban hành", "ghi tên chính thức, đầy đủ", "error",
                    _ISSUER_SOURCE)
    elif re.match(r"(?:UBND|HĐND|STTTT|SYT|SGDĐT)\b", letter.issuer):
        yield Fault("co-quan-viet-tat", "issuer", letter.issuer,
                    "tên cơ quan ban hành ghi đầy đủ; chỉ cơ quan chủ quản được viết tắt cụm từ thông dụng", "error",
                    _ISSUER_SOURCE)


def _abstract(letter: Letter) -> Iterator[Fault]:
    subject = letter.subject
    if not subject:
        yield Fault("trich-yeu-thieu", "subject", "không có trích yếu", "ghi ngắn gọn nội dung chủ yếu của văn bản",
                    "error",
                    _ABSTRACT_SOURCE)
        return
    if letter.doc_type == "cong_van" and re.match(r"về việc\b", subject, flags=re.IGNORECASE):
        yield Fault("trich-yeu-v-v", "subject", subject[:60],
                    "trích yếu công văn ghi sau chữ “V/v”, đặt dưới số và ký hiệu",
                    "error", _ABSTRACT_SOURCE)
    if subject.endswith((".", ";", ",")):
        yield Fault("trich-yeu-dau-cau", "subject", subject[-20:], "không có dấu câu ở cuối trích yếu", "warning",
                    _ABSTRACT_SOURCE)
    if len(subject) > 500:
        yield Fault("trich-yeu-dai", "subject", f"{len(subject)} ký tự", "không quá 500 ký tự", "warning",
                    "NĐ 30/2020, Phụ lục VI, phần II (trường Subject)")


# Addressees and recipients (ô 9).

_RECIPIENT_SOURCE = "NĐ 30/2020, Phụ lục I, phần I, mục II.9"
_UNADDRESSED_TYPES = frozenset({"ke_hoach", "thong_bao", "chi_thi", "quyet_dinh", "huong_dan", "chuong_trinh_phoi_hop"})


def _addressed(letter: Letter) -> Iterator[Fault]:
    if letter.doc_type in {"cong_van", "to_trinh"} and not letter.addressees:
        yield Fault("kinh-gui-thieu", "addressees", "không có “Kính gửi”",
                    f"{TYPE_NAMES[letter.doc_type]} phải ghi nơi nhận sau “Kính gửi:”", "error", _RECIPIENT_SOURCE)
    if letter.doc_type in _UNADDRESSED_TYPES and letter.addressees:
        yield Fault("kinh-gui-thua", "addressees", letter.addressees[0],
                    f"{TYPE_NAMES[letter.doc_type]} không ghi “Kính gửi”; nơi nhận ghi ở cuối văn bản", "error",
                    _RECIPIENT_SOURCE)


def _recipients(letter: Letter) -> Iterator[Fault]:
    lines = letter.recipients_lines
    if not lines:
        yield Fault("noi-nhan-thieu", "recipients_lines", "không có “Nơi nhận”", "ghi “Nơi nhận:” và các nơi nhận",
                    "error",
                    _RECIPIENT_SOURCE)
        return
    last = len(lines) - 1
    where = f"recipients_lines[{last}]"
    if not lines[last].startswith("Lưu"):
        yield Fault("noi-nhan-dong-luu", where, lines[last], "dòng cuối ghi “Lưu:” rồi “VT” và đơn vị soạn thảo",
                    "error",
                    _RECIPIENT_SOURCE)
    elif not re.match(r"Lưu\s*:\s*VT\b", lines[last]):
        yield Fault("noi-nhan-luu-vt", where, lines[last],
                    "sau “Lưu:” ghi “VT”, dấu phẩy, chữ viết tắt đơn vị soạn thảo",
                    "error", _RECIPIENT_SOURCE)
    if letter.doc_type == "cong_van" and letter.addressees and not lines[0].startswith("Như"):
        yield Fault("noi-nhan-nhu-tren", "recipients_lines[0]", lines[0], "công văn: dòng đầu ghi “Như trên”",
                    "warning",
                    _RECIPIENT_SOURCE)


# Signing (ô 7).

_SIGNING_SOURCE = "NĐ 30/2020, Điều 13 và Phụ lục I, phần I, mục II.7"
_SINGLE_HEAD = re.compile(r"(?:Bộ|Sở|Phòng|Cục|Chi cục|Vụ|Trường|Trung tâm|Văn phòng|Công an)\b")


def _signing_forms(letter: Letter) -> Iterator[Fault]:
    for form in _forms(letter):
        found = re.match(r"(T/M|K/T|T/L|TM|KT|TL|TUQ|TƯQ|Q|QUYỀN)(\.?)(\s*)", form)
        if not found:
            continue
        plain = {"T/M": "TM", "K/T": "KT", "T/L": "TL", "TƯQ": "TUQ", "QUYỀN": "Q"}.get(found[1], found[1])
        wanted = f"{plain}. {form[found.end():]}"
        if form != wanted:
            yield Fault("ky-thay-viet-sai", "signing_authority", form, wanted, "error", _SIGNING_SOURCE)


def _forms(letter: Letter) -> list[str]:
    return [part.strip() for part in (letter.signing_authority or "").split(" / ") if part.strip()]


def _mark_of(form: str) -> str:
    return re.split(r"[.\s]", form.replace("/", ""), maxsplit=1)[0]


def _signing_chain(letter: Letter) -> Iterator[Fault]:
    marks = [_mark_of(form) for form in _forms(letter)]
    title = (letter.signer_title or "").upper()
    deputy = title.startswith(("PHÓ ", "THỨ TRƯỞNG"))
    shown = " / ".join(part for part in (letter.signing_authority, letter.signer_title) if part)
    if "KT" in marks and title and not deputy:
        yield Fault("ky-thay-khong-phai-cap-pho", "signer_title", shown, "ký thay (KT.) là cấp phó của người đứng đầu",
                    "error", _SIGNING_SOURCE)
    if deputy and "KT" not in marks and not _is_collective_deputy(letter, title):
        yield Fault("cap-pho-thieu-kt", "signing_authority", shown or title,
                    "cấp phó ký phải ghi “KT.” và chức vụ của người đứng đầu ở dòng trên", "error", _SIGNING_SOURCE)
    if "TUQ" in marks and "KT" in marks[marks.index("TUQ"):]:
        yield Fault("uy-quyen-lai", "signing_authority", shown,
                    "người được ủy quyền không được ủy quyền lại cho người khác ký",
                    "error", "NĐ 30/2020, Điều 13, khoản 3")
    if "TM" in marks and ("TL" in marks or "TUQ" in marks):
        yield Fault("tm-va-tl", "signing_authority", shown, "chỉ dùng một trong các thể thức TM., TL., TUQ.", "error",
                    _SIGNING_SOURCE)


def _is_collective_deputy(letter: Letter, title: str) -> bool:
    """Tell whether a board's own deputy signs for it: `TM. BAN CHỈ ĐẠO / PHÓ TRƯỞNG BAN` needs no KT."""
    return "BAN" in title or bool(re.match(r"T/?M\.? BAN", letter.signing_authority or ""))


def _signing_body(letter: Letter) -> Iterator[Fault]:
    marks = [_mark_of(form) for form in _forms(letter)]
    issuer = letter.issuer or ""
    if "TM" in marks and _SINGLE_HEAD.match(issuer):
        yield Fault("tm-co-quan-thu-truong", "signing_authority", letter.signing_authority or "",
                    f"{issuer} làm việc theo chế độ thủ trưởng: không ghi “TM.”", "error", _SIGNING_SOURCE)
    if issuer.startswith("Ủy ban nhân dân") and not marks and (letter.signer_title or "").upper() == "CHỦ TỊCH" \
            and letter.doc_type not in {"quyet_dinh", "chi_thi", "cong_dien"}:
        yield Fault("thieu-tm", "signing_authority", letter.signer_title or "",
                    "ký thay mặt tập thể ghi “TM. ỦY BAN NHÂN DÂN” ở dòng trên", "warning", _SIGNING_SOURCE)


def _signer(letter: Letter) -> Iterator[Fault]:
    name = letter.signer_name
    if not name:
        yield Fault("nguoi-ky-thieu", "signer_name", "không có họ tên người ký", "ghi họ, đệm và tên người ký", "error",
                    _SIGNING_SOURCE)
        return
    if re.match(r"(?:GS|PGS|TS|ThS|CN|KS|BS|DS|LS|NGƯT|NGND)\b\.?", name):
        yield Fault("nguoi-ky-hoc-ham", "signer_name", name,
                    "không ghi học hàm, học vị trước họ tên (trừ lực lượng vũ trang, y tế, giáo dục, khoa học)",
                    "warning",
                    _SIGNING_SOURCE)
    if name.isupper():
        yield Fault("nguoi-ky-in-hoa", "signer_name", name, name.title(), "error", _SIGNING_SOURCE)


# The text (ô 6).

_TEXT_SOURCE = "NĐ 30/2020, Phụ lục I, phần I, mục II.6"


def _citations(letter: Letter) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, cited in enumerate(letter.cited_documents):
        key = cited.number_symbol or f"#{place}"
        missing = [] if key in seen or _is_law(cited) else list(_missing(cited))
        seen.add(key)
        if missing:
            yield Fault("vien-dan-thieu", f"cited_documents[{place}]",
                        cited.number_symbol or cited.title or "không rõ số",
                        f"lần đầu viện dẫn ghi đủ: thiếu {', '.join(missing)}", "warning", _TEXT_SOURCE)


def _is_law(cited: CitedDocument) -> bool:
    """Tell whether it is a law, of which only type and name are given."""
    return bool(re.search(r"/QH\d+$", cited.number_symbol or "") or (cited.title or "").startswith(("Luật", "Bộ luật")))


def _missing(cited: CitedDocument) -> Iterator[str]:
    for value, name in ((cited.number_symbol, "số, ký hiệu"), (cited.date, "thời gian ban hành"),
                        (cited.issuer, "tên cơ quan ban hành"), (cited.title, "trích yếu nội dung")):
        if not value:
            yield name


def _closing_mark(letter: Letter) -> Iterator[Fault]:
    if letter.body and not letter.body[-1].rstrip().endswith("./."):
        yield Fault("ket-thuc", f"body[{len(letter.body) - 1}]", letter.body[-1].rstrip()[-40:],
                    "kết thúc nội dung bằng “./.”", "warning", "NĐ 30/2020, Phụ lục III, mẫu 1.4 và 1.5")


_POINTS = "abcdđeghiklmnopqrstuvxy"


def _point_letters(letter: Letter) -> Iterator[Fault]:
    """Points follow the Vietnamese alphabet: after `d)` comes `đ)`, and f, j, w, z are none of its letters."""
    before = ""
    for place, line in enumerate(letter.body):
        found = re.match(r"([a-zđ])\)", line)
        if found:
            wanted = _POINTS[_POINTS.index(before) + 1] if before and before != "y" else "a"
            if found[1] not in {wanted, "a"}:
                yield Fault("diem-sai-thu-tu", f"body[{place}]", f"{found[1]})", f"{wanted})", "warning", _TEXT_SOURCE)
            before = found[1] if found[1] in _POINTS else ""
        elif re.match(r"(?:\d+|[IVX]+)\.", line):
            before = ""


# Capitals (Phụ lục II).

_CAPITALS_SOURCE = "NĐ 30/2020, Phụ lục II"
_COMMON_NAMES = (
    "Ủy ban nhân dân", "Hội đồng nhân dân", "Mặt trận Tổ quốc", "Thủ tướng Chính phủ", "Sở Thông tin và Truyền thông",
    "Bộ Thông tin và Truyền thông", "Sở Giáo dục và Đào tạo", "Bộ Giáo dục và Đào tạo", "Phòng Giáo dục và Đào tạo",
    "Sở Khoa học và Công nghệ", "Bộ Khoa học và Công nghệ", "Phòng Văn hóa và Thông tin", "Sở Nội vụ", "Bộ Nội vụ",
    "Sở Tài chính", "Bộ Tài chính", "Sở Y tế", "Bộ Y tế", "Trung tâm Phục vụ hành chính công",
)
_ANY_CASE = re.compile("|".join(_COMMON_NAMES).replace("Ủy", "(?:Ủy|Uỷ)"), flags=re.IGNORECASE)
_RIGHT_NAMES = {name.casefold(): name for name in _COMMON_NAMES}
_CAPITAL_UNIT = re.compile(r"(?<=\w )(Quận|Huyện|Phường|Xã|Thị xã|Thị trấn|Tỉnh) (?=[A-ZĐ][^\W\d_]+)")


def _capitals(letter: Letter) -> Iterator[Fault]:
    for where, text in _named_texts(letter):
        for name in _ANY_CASE.finditer(text):
            shown = name[0].replace("Uỷ", "Ủy").replace("uỷ", "ủy")
            right = _RIGHT_NAMES[shown.casefold()]
            if shown != right and not shown.isupper():
                yield Fault("viet-hoa-ten-co-quan", where, name[0], right, "warning", _CAPITALS_SOURCE)
        for found in _CAPITAL_UNIT.finditer(text):
            yield Fault("viet-hoa-don-vi-hanh-chinh", where, text[found.start():found.end() + 12],
                        f"danh từ chung viết thường: {found[1].lower()}", "warning", _CAPITALS_SOURCE)


def _named_texts(letter: Letter) -> Iterator[tuple[str, str]]:
    """Return the texts that name agencies, each with its field."""
    for name in ("issuer", "parent_issuer", "subject"):
        value = getattr(letter, name)
        if value:
            yield name, value
    for name in ("addressees", "recipients_lines", "body"):
        for place, text in enumerate(getattr(letter, name)):
            yield f"{name}[{place}]", text


RULES: tuple[Rule, ...] = (
    _issuer_named, _number_form, _symbol_form, _place_and_date, _date_order, _abstract, _addressed, _citations,
    _closing_mark, _point_letters, _recipients, _signing_forms, _signing_chain, _signing_body, _signer, _capitals,
)
"""All rules, in the order of the page."""
