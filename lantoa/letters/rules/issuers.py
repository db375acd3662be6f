"""Names of offices: from the capitals of a letterhead to the form used in running text (NĐ 30/2020, Phụ lục II)."""

from __future__ import annotations

import re

from lantoa.lib.vietnamese import CAPITAL_LETTERS, folded, with_modern_tones

PLACE_TYPES = ("tỉnh", "thành phố", "thị xã", "thị trấn", "đặc khu", "huyện", "quận", "phường", "xã")
_PLACE_KEYS = {folded(name): name for name in PLACE_TYPES} | {"tp.": "thành phố", "tp": "thành phố"}
# What the words of a letterhead are in running text; a key is folded, the longest that fits is taken.
_KNOWN = {
    "uy ban nhan dan": "Ủy ban nhân dân", "u ban nhan dan": "Ủy ban nhân dân", "ubnd": "Ủy ban nhân dân",
    "hoi dong nhan dan": "Hội đồng nhân dân", "hdnd": "Hội đồng nhân dân",
    "uy ban mat tran to quoc viet nam": "Ủy ban Mặt trận Tổ quốc Việt Nam",
    "uy ban mttq viet nam": "Ủy ban MTTQ Việt Nam",
    "van phong": "Văn phòng", "chinh phu": "Chính phủ", "quoc hoi": "Quốc hội", "thu tuong": "Thủ tướng",
    "so": "Sở", "bo": "Bộ", "ban": "Ban", "phong": "Phòng", "cuc": "Cục", "tong cuc": "Tổng cục", "chi cuc": "Chi cục",
    "vu": "Vụ", "vien": "Viện", "trung tam": "Trung tâm", "truong": "Trường", "thanh tra": "Thanh tra",
    "cong an": "Công an", "cong doan": "Công đoàn", "lien doan lao dong": "Liên đoàn Lao động",
    "tong lien doan": "Tổng Liên đoàn", "doan tncs": "Đoàn TNCS", "hoi": "Hội", "dang bo": "Đảng bộ",
    "chi bo": "Chi bộ",
    "dang uy": "Đảng ủy", "tinh uy": "Tỉnh ủy", "thanh uy": "Thành ủy", "huyen uy": "Huyện ủy", "quan uy": "Quận ủy",
    "tinh doan": "Tỉnh đoàn", "thanh doan": "Thành đoàn", "huyen doan": "Huyện đoàn", "quan doan": "Quận đoàn",
    "thi doan": "Thị đoàn", "xa doan": "Xã đoàn", "phuong doan": "Phường đoàn", "bch": "BCH", "btv": "BTV",
    "ban chap hanh": "Ban Chấp hành", "ban thuong vu": "Ban Thường vụ",
    "benh vien": "Bệnh viện", "tram y te": "Trạm Y tế", "dien luc": "Điện lực", "bao hiem xa hoi": "Bảo hiểm xã hội",
    "bcd": "Ban Chỉ đạo", "bql": "Ban Quản lý",
    "ub mttq viet nam": "Ủy ban MTTQ Việt Nam", "ub mttq": "Ủy ban MTTQ", "uy ban mttq": "Ủy ban MTTQ",
    "uy ban kiem tra": "Ủy ban Kiểm tra", "ban to chuc": "Ban Tổ chức", "ban noi chinh": "Ban Nội chính",
    "tuyen giao va dan van": "Tuyên giáo và Dân vận", "hoi nong dan": "Hội Nông dân", "hoi phu nu": "Hội Phụ nữ",
    "hoi cuu chien binh": "Hội Cựu chiến binh", "hoi chu thap do": "Hội Chữ thập đỏ", "phu nu": "Phụ nữ",
    "hoi lien hiep phu nu": "Hội Liên hiệp Phụ nữ", "hoi lhpn": "Hội LHPN", "cong ty": "Công ty",
    "tong cong ty": "Tổng công ty", "ban thuong truc": "Ban Thường trực",
    "chi nhanh": "Chi nhánh",
    "nha nuoc": "Nhà nước", "khu vuc": "khu vực", "bo tu lenh": "Bộ Tư lệnh", "quan khu": "Quân khu",
    "cap nuoc": "Cấp nước",
    "hop tac xa": "Hợp tác xã", "dich vu": "dịch vụ", "khu cong nghiep": "khu công nghiệp",
    "khu kinh te": "khu kinh tế", "truyen thanh": "Truyền thanh", "truyen hinh": "Truyền hình",
    "co phan": "cổ phần", "tap doan": "Tập đoàn", "ngan hang": "Ngân hàng",
    "kho bac nha nuoc": "Kho bạc Nhà nước", "da khoa": "đa khoa", "suc khoe": "sức khỏe", "cham soc": "chăm sóc",
    "kiem soat benh tat": "Kiểm soát bệnh tật", "phong chong": "phòng, chống",
    "an toan giao thong": "An toàn giao thông",
    "toa an nhan dan": "Tòa án nhân dân", "vien kiem sat nhan dan": "Viện Kiểm sát nhân dân",
    "bo doi bien phong": "Bộ đội Biên phòng", "bo chi huy quan su": "Bộ Chỉ huy Quân sự",
    "ban chi dao": "Ban Chỉ đạo", "ban chi huy": "Ban Chỉ huy", "ban quan ly": "Ban Quản lý",
    "cuc thue": "Cục Thuế", "chi cuc thue": "Chi cục Thuế", "thue": "Thuế",
    "giao duc va dao tao": "Giáo dục và Đào tạo", "giao duc": "Giáo dục", "y te": "Y tế",
    "thong tin va truyen thong": "Thông tin và Truyền thông", "khoa hoc va cong nghe": "Khoa học và Công nghệ",
    "van hoa va thong tin": "Văn hóa và Thông tin", "van hoa, the thao va du lich": "Văn hóa, Thể thao và Du lịch",
    "van hoa - xa hoi": "Văn hóa - Xã hội", "noi vu": "Nội vụ", "kinh te": "Kinh tế", "ha tang": "Hạ tầng",
    "do thi": "Đô thị", "quan ly": "Quản lý", "dan van": "Dân vận", "tuyen giao": "Tuyên giáo", "to chuc": "Tổ chức",
    "hanh chinh": "Hành chính", "van hoa": "Văn hóa", "thong tin": "Thông tin", "truyen thong": "Truyền thông",
    "dan toc": "Dân tộc", "ton giao": "Tôn giáo", "tai nguyen": "Tài nguyên", "moi truong": "Môi trường",
    "nong nghiep": "Nông nghiệp", "khoa hoc": "Khoa học", "cong nghe": "Công nghệ", "du lich": "Du lịch",
    "the thao": "Thể thao", "ke hoach": "Kế hoạch", "dau tu": "Đầu tư", "quan su": "Quân sự",
    "phuc vu hanh chinh cong": "Phục vụ hành chính công",
    "tai chinh": "Tài chính", "tu phap": "Tư pháp",
    "cong thuong": "Công Thương", "xay dung": "Xây dựng", "ke hoach va dau tu": "Kế hoạch và Đầu tư",
    "lao dong - thuong binh va xa hoi": "Lao động - Thương binh và Xã hội",
    "nong nghiep va phat trien nong thon": "Nông nghiệp và Phát triển nông thôn",
    "nong nghiep va moi truong": "Nông nghiệp và Môi trường",
    "tai nguyen va moi truong": "Tài nguyên và Môi trường", "giao thong van tai": "Giao thông vận tải",
    "dan toc va ton giao": "Dân tộc và Tôn giáo", "quoc phong": "Quốc phòng", "ngoai giao": "Ngoại giao",
    "phan loai chat thai ran sinh hoat": "phân loại chất thải rắn sinh hoạt",
    "viet nam": "Việt Nam", "ho chi minh": "Hồ Chí Minh", "nganh": "ngành", "va": "và", "cua": "của", "cac": "các",
    "mam non": "Mầm non", "tieu hoc": "Tiểu học", "trung hoc co so": "Trung học cơ sở",
    "trung hoc pho thong": "Trung học phổ thông", "dai hoc": "Đại học", "cao dang": "Cao đẳng",
    "lao dong": "Lao động", "nhan dan": "nhân dân", "huyen": "huyện", "tinh": "tỉnh",
}  # fmt: skip
_ABBREVIATION = re.compile(r"[A-ZĐ]*&[A-ZĐ]+|[B-DĐF-HJ-NP-TV-XZ]{2,}\d?")
"""Letters that stand for words: no vowel among them, or an ampersand (`GD&ĐT`, `LHPN`)."""
_LONGEST = max(len(key.split()) for key in _KNOWN)
_KEEP = {"THPT", "THCS", "TH", "TNHH", "MTV", "TNCS", "MTTQ", "PTDTNT", "PTDTBT", "GDTX", "GDNN", "LĐLĐ", "CP"}
_HEADS = re.compile(
    r"(?:u\S? ban|ubnd|hdnd|hoi dong|van phong|so|bo|ban|phong|cuc|tong cuc|chi cuc|vu|vien|trung tam|truong|thanh tra"
    r"|cong an|cong doan|lien doan|tong lien doan|doan|hoi|dang bo|dang uy|tinh uy|thanh uy|huyen uy|quan uy|benh vien"
    r"|tram|dien luc|bcd|bql|mttq|hop tac xa|htx|buu dien|nha van hoa"
    r"|thu vien|bao tang|vuon|cau lac bo|tieu ban|chi nhanh|chi bo"
    r"|tram|dien luc|bao hiem|thue|cong ty|tong cong ty|tap doan|ngan hang|kho bac|toa an|ldld|lien hiep|lien minh"
    r"|bao|dai|chinh phu|quoc hoi|thu tuong|hat|doi|to|uy ban|lien hiep|quy|hoc vien|bi thu|mat tran|ub|bch|btv"
    r"|(?:tinh|thanh|huyen|quan|thi|xa|phuong) doan)\b"
)
_PLACE_START = re.compile(
    r"(?:t[ií]nh|thanh ph\S|thi xa|thi tran|dac khu|huyen|quan|phuong|xa|tp)\b(?!\s+(?:uy|doan|doi|hoi)\b)\.?\s*"
)
_WORD = re.compile(r"\S+")
_UNIT_NAME = re.compile(r"(?:^|\s)((?:" + "|".join(PLACE_TYPES) + r")\s(?!(?:hội|đội|ủy|đoàn)\b)\S.*)$")


def starts_office(plain: str) -> bool:
    """Whether folded text begins like the name of an office."""
    return _HEADS.match(plain) is not None


def starts_place(plain: str) -> bool:
    """Whether folded text begins with the type of an administrative unit (`quận`, `xã` …)."""
    return _PLACE_START.match(plain) is not None


_PARTY = re.compile(r"(?:dang|tinh|thanh|huyen|quan|thi|xa|phuong) (?:uy|doan)\b")


def is_party(name: str) -> bool:
    """Whether an office is a committee of the Party or the Youth Union, whose departments are named with it."""
    return _PARTY.match(folded(name)) is not None


_DEPARTMENTS = {"Sở", "Ban", "Phòng", "Cục", "Chi", "Văn", "Thanh", "Trung", "Hội", "Công"}


def takes_place(name: str) -> bool:
    """Whether an office is told apart by the place of the office above it: `Sở Y tế` is, a school is not."""
    return name.split(" ", 1)[0] in _DEPARTMENTS


def place_of(name: str) -> str | None:
    """The administrative unit a name ends with: `UBND tỉnh Bến Tre` → `tỉnh Bến Tre`."""
    found = _UNIT_NAME.search(name)
    return found[1] if found else None


def official_name(capitals: str, known_place: str | None = None) -> str:
    """Put a name set in capitals into running text: `UBND TỈNH BẾN TRE` → `Ủy ban nhân dân tỉnh Bến Tre`.

    `known_place` is the spelling of the place elsewhere in the letter; it mends marks a scan has lost.
    """
    words = _WORD.findall(with_modern_tones(capitals.strip(" .,;:|~_'-–")))
    out: list[str] = []
    at = 0
    while at < len(words):
        place = _place_at(words, at, out)
        if place:
            out += [
                place,
                _place_name(
                    words[at + len(place.split()) if words[at].rstrip(".").upper() != "TP" else at + 1 :], known_place
                ),
            ]
            break
        size, known = _known_at(words, at)
        out.append(known)
        at += size
    name = " ".join(part for part in out if part)
    return name[:1].upper() + name[1:]


def _place_at(words: list[str], at: int, before: list[str]) -> str | None:
    """The unit type starting here, when a unit's name follows it."""
    for size in (2, 1):
        key = folded(" ".join(words[at : at + size]))
        key = {"thanh pho": "thanh pho", "thanh phó": "thanh pho"}.get(key, key)
        if key in _PLACE_KEYS and at + size < len(words) and not _is_common_noun(words, at + size, before):
            return _PLACE_KEYS[key]
    return None


def _is_common_noun(words: list[str], after: int, before: list[str]) -> bool:
    """`BẢO HIỂM XÃ HỘI` and `VĂN HÓA - XÃ HỘI` hold the word `XÃ` but name no commune."""
    following = folded(words[after])
    if folded(words[after - 1]) == "quan" and following in {"khu", "su", "doan", "doi", "chung", "y", "nhan"}:
        return True  # `QUÂN SỰ`, not `QUẬN`
    return following in {"hoi", "doi", "uy", "doan"} and (bool(before) or following != "hoi")


def _place_name(words: list[str], known_place: str | None) -> str:
    name = " ".join(_capitalised(word) for word in words)
    if known_place and folded(known_place) == folded(name):
        return known_place
    return name


def _known_at(words: list[str], at: int) -> tuple[int, str]:
    for size in range(min(_LONGEST, len(words) - at), 0, -1):
        key = folded(" ".join(words[at : at + size]))
        if key in _KNOWN and (size > 1 or at == 0 or _KNOWN[key].lower() == words[at].lower()):
            return size, _KNOWN[key]
    word = words[at]
    return 1, word if word in _KEEP or not word.isupper() or any(sign.isdigit() for sign in word) else _capitalised(
        word
    )


def _capitalised(word: str) -> str:
    if word.upper() in _KEEP or (word.isupper() and _ABBREVIATION.fullmatch(word)):
        return word
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


def is_capitals(text: str) -> bool:
    """Whether the letters of a text are nearly all capitals."""
    letters = [letter for letter in text if letter.isalpha()]
    high = sum(letter in CAPITAL_LETTERS for letter in letters)
    return len(letters) > 1 and high >= 0.8 * len(letters)
