"""Who is to do a thing: the phrase before the verb, parted into the offices it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Words an office, a post or a group of people begins with, folded.
_HEADS = (
    r"(?:(?:tat ca |toan bo )?(?:cac |nhung |moi |tung )?(?:to truong|truong|pho|dong chi|thanh vien)?\s?"
    r"(?:uy ban|u ban|ubnd|hdnd|hoi dong|van phong|so|bo|ban|phong|cuc|tong cuc|chi cuc|vu|vien|trung tam|truong"
    r"|thanh tra"
    r"|cong an|cong doan|lien doan|doan|(?:huyen|tinh|thanh|quan|xa|thi|phuong) doan|chi (?:hoi|doan)|cau lac bo|hoi"
    r"|dang uy|tinh uy"
    r"|thanh uy|huyen uy|quan uy|cap uy"
    r"|chi bo|dang bo|benh vien|tram|dien luc|bao|dai|thue|kho bac|ngan hang|cong ty|tong cong ty|tap doan|doanh nghiep"
    r"|thu truong|chu tich|giam doc|bi thu|hieu truong|cuc truong|chanh|tong|giao vien|cong chuc|vien chuc"
    r"|bao ve|luc luong|to|doi|nhom|khoi|co quan|don vi|dia phuong|nganh|bo phan|ap|thon|khu pho|xom|xa|phuong|huyen"
    r"|quan|thanh pho|thi xa|thi tran|mat tran|mttq|lhpn|nha truong|nha mang|vnpt|viettel|mobifone|vinaphone|evn"
    r"|thong tan xa|cong thong tin|lien minh|lien hiep|hiep hoi|to chuc|cap uy|hop tac xa|chu dau tu"
    r"|chu (?:rung|tau|be|ho|cac|nha tro|nuoi|quan|xe|vuon|trang trai|phuong tien|doanh nghiep|cho|vua|lo|hieu"
    r"|xuong)|khoa"
    r"|can bo|nhan vien|dang vien|doan vien|cong nhan|dai dien|gvcn|bch|bgh|cdcs|ldld|dich vu|khu|hat|toa an"
    r"|vien kiem sat|nguoi dung dau|co so|hat|quy|chu ho"
    r"|cong tac vien|tt[a-z]{2}|tyt|xi nghiep|buu dien|nha may|ben xe|cho))"
)
# Words that look like a head only once their marks are off, or are no office at all.
_NOT_HEADS = re.compile(
    r"(?:mời|mới|môi trường|bố|bỏ|bổ|bộ đội|số|sổ|bao|bảo (?!vệ|hiểm)|tô|tối|đối|đổi|hồi|hỏi|trường hợp|ban hành|bàn"
    r"|bán"
    r"|tổ chức(?! chính trị| đoàn| đảng)"
    r"|hội nghị|hội thảo|tổng (?!cục|công ty|phụ trách|biên tập|giám đốc)|báo (?:cáo|ngay|về|động)|cấp (?!ủy|uỷ)"
    r"|phòng,? (?:chống|ngừa|bệnh)|cụ|cúc"
    r"|(?:các |những )(?:nội dung|việc|hoạt động|trường hợp|biện pháp|nhiệm vụ|quy định|văn bản|vấn đề|khó khăn|mục"
    r"|hình thức|tiêu chí|hộ|biểu|nhóm dữ liệu|thông tin)"
    r"|viên|phương (?:pháp|tiện|án|hướng|châm|thức)|khoa học|khóa|khoá|sơ|sờ|cho|chỗ|chờ|chở|xã hội|khu vực"
    r"|quy định|quỹ đất|toàn|đại"
    r"|khối lượng|đoàn kết|huyện lỵ|thuế suất|đội (?:mũ|ngũ|nón)|thu|dịch|nhóm dữ liệu|cơ sở (?:dữ liệu|pháp lý"
    r"|hạ tầng)|tỏ|hôi|quản|quán|bản (?:gửi|in|này|cam kết"
    r"|đăng|báo|ghi|sao|vẽ|tin|chính)|công tác|địa chỉ|phó mặc)\b"
)
# Verbs of two syllables are known by their letters alone, as scans leave them; those of one need their marks.
_LONG_VERBS = (
    r"(?:bien tap|bien soan|chay chu|bo tri|pho bien|thong bao|thong tin(?= t)|chi dao|chu tri|phoi hop"
    r"|to chuc(?! chinh tri| doan the| dang| xa hoi| ca nhan| co lien quan| lien quan| thu nghiem|, don vi|, ca nhan)"
    r"|tuyen truyen(?! vien)|xay dung|nhan tin(?! bao)|bao cao|tong hop|su dung|kiem tra|theo do[i]|don doc"
    r"|huong dan|lien he|tham muu|cung cap|cung ung"
    r"|thanh lap|duy tri|kien toan|cong khai|cong bo|hoan thanh|chia se|quan triet|van hanh|ra soat|trien khai"
    r"|thuc hien"
    r"|phan cong|van dong|gap go"
    r"|chiu trach nhiem|chuan bi|long ghep|niem yet|huy dong|can cu|dat hang|tham gia|bao dam|dam bao|nang cao"
    r"|day manh|tang cuong"
    r"|nhanh chong|kien quyet|tuyet doi|dong loat|dinh ky|lien tuc|phoi ket hop|lap tuc|quyet liet|san long"
    r"|(?:hang|moi) (?:ngay|tuan|thang|quy|nam)"
    r"|khan truong|nghiem tuc|chu dong|tiep tuc|thuong xuyen|kip thoi|tap trung|theo chuc nang|theo tham quyen"
    r"|xac nhan|tich cuc|trao doi"
    r"|tiep thu|tiep nhan|tiep phat|thiet lap|tao dieu kien|quan tam|co trach nhiem|co ke hoach|co van ban|thong ke"
    r"|xu ly|ho tro|cap nhat"
    r"|nghien cuu|de xuat|hoan chinh|nhan thuc|tap huan|ban giao|ban hanh|ung dung|gioi thieu|tien hanh|phan anh"
    r"|giam sat|dan dau|lam dau moi"
    r"|dam nhan|chap hanh|bam sat|phat dong|phat huy|ket hop|quan ly(?= [a-z])|dieu phoi|nghiem cam|phat hien"
    r"|lang nghe|giup do|dau tranh|tang thoi luong"
    r"|phat hanh|phat thanh(?= [a-z]+ (?:cao|dung|nay))|ngan chan|phong ngua|tung buoc|dau moi|truc tiep|tu choi"
    r"|mo rong|truyen tai|xem xet|san sang|quyet dinh(?! so)|cung co|ra quan|dua tin|hiep dong|tham du|dua vao|ghi am"
    r"|doi thoai|di chuyen|ve sinh|bo sung|tap hop|gop y|cho y kien|thao luan|chap nhan|thu gom|thong tin(?= cho)"
    r"|ban giao|tang cuong|bien dich|phien am|xuat ban|in an|cap phat|phan phat|phan phoi|chuyen (?:tai|giao|phat)"
    r"|dang (?:tai|ky(?! kinh))|phat (?:song|tay|di)|tiep (?:song|am|can|xuc|thu|don)|san xuat(?= [a-z0-9]+ )|ghi hinh"
    r"|thu am|bien tap|bo tri|sap xep|ke (?:ve|khai)|trang tri|thao do|thao go|thu hoi|thay the|thay moi|sua chua"
    r"|bao (?:quan|duong)|kiem (?:ke|dinh|nghiem|soat|diem)|tham dinh|thanh tra(?= [a-z]+ [a-z]+ (?:viec|cac))|danh gia"
    r"|xac minh|xu phat|lap chot|lap (?:danh|ke|nhom|to|doi|bien|so|ho)|lay mau|phun(?= [a-z]+)|diet (?:lang|muoi"
    r"|chuot)"
    r"|tiem (?:phong|chung|vac)|kham (?:suc|sang)|cham soc|cuu (?:ho|nan|tro|chua)|so tan|di doi|canh (?:gac|bao)"
    r"|tuan tra|truc ban|tiep te|du tru|gia co|chang chong|cat tia|nao vet|khoi thong|tong ve sinh|don dep|phan loai"
    r"|trong (?:cay|rung|hoa)|thong ke|dieu (?:tra|chinh|tiet|dong|xe)|chu trong|uu tien|cham dut|dinh chi"
    r"|tam (?:dung|ngung|hoan)|nhac nho|ky (?:cam|ket|so)|cam ket|giai (?:quyet|dap|thich|trinh|ngan)|tra loi"
    r"|phuc vu|dam duong|quyen gop|ung ho|tham (?:hoi|gia)|tang (?:qua|thuong)|khen thuong|bieu duong|binh (?:chon|xet)"
    r"|guong mau|neu guong|so ket|tong ket|danh gia|do luong|khao sat|dieu tra|thu thap|nhap (?:du|so|thong)|so hoa"
    r"|ket noi|tich hop|cai dat|kich hoat|nang cap|khac phuc|bao tri|cap (?:nhat|tai|phep|giay)|van dung|phat hien"
    r"|to giac|tham van|phong van|mo (?:lop|chuyen|dot|diem|hoi|rong|cac)|khoi dong|khai truong|dang cai|tiep tuc"
    r"|chi tra|thanh toan|quyet toan|chuyen khoan|trich (?:kinh|nguon)|tu (?:giac|van|kiem)|tinh toan"
    r"|livestream|quay (?:clip|phim|video)|chup (?:anh|hinh)|dung (?:clip|phim|video)|thiet ke|truyen (?:dat|dan"
    r"|hinh t))"
)
_SHORT_VERBS = (
    r"(?:phát(?! thanh| triển)|đăng(?! ký kinh)|chạy|đưa|cùng|treo|dán|nhắn|nhắc|gửi|gởi|báo(?= về| ngay| cho"
    r"| ubnd)|cử|không|tăng|mở|dừng|gỡ|sửa|hủy|huỷ|cắm|in"
    r"|cấp(?! ủy| uỷ| huyện| xã| tỉnh| cơ sở| nước| trên| dưới| trung| phòng)|nắm(?= )|đặt|chiếu|đến|là"
    r"|thu(?! nhập)|ghi|mời|nộp|soạn|giao(?! thông| dịch| dục| lưu| ban)"
    r"|chọn|đọc|cho|lập|lấy|cần|phải|gọi|nêu|dựng|trình|trực(?! thuộc| tiếp)|làm(?= đầu mối| việc| ảnh)"
    r"|lãnh đạo(?= [^,;.]* (?:duy|đẩy|thực|tổ|xây|phối)| cán bộ| đảng viên| quần chúng)|vẫn|rút|ký"
    r"|phụ trách(?= việc)|giữ|liên hệ|đề nghị|yêu cầu|về(?= nói| dự)|tiêu hủy|hoãn|ngừng|bắn|kêu gọi|rà|tự|đón"
    r"|dự(?! án| toán| thảo| báo| phòng| trữ)"
    r"|đi|sẽ|đã|phun|tưới|chốt|chặn|khoanh|dọn|quét|tiêm|kéo|trồng|sơn|kẻ|vẽ|quay|chụp|diệt|khử|rải|viết"
    r"|xếp|gom|chia|góp|tháo|thay|lắp|gắn(?! với)|chuyển|xuống|phân(?= công| loại)|nhập|tặng|trao|chịu|dùng(?! chung)"
    r"|cấm|lên|trả|họp|dành|sớm|bám|ra(?= soát| quân| mắt)|hướng dẫn|luôn|xin(?= (?:thông|trân|kính|gửi))"
    r"|truyền(?= đạt| tải| dẫn))"
)
_ORDER = (
    r"(?:de nghi|yeu cau|giao(?! vien| thong| duc)(?: cho)?|phan cong|doi voi|rieng(?: doi voi)?|uy quyen"
    r"|kinh de nghi|uy nhiem|giao trach nhiem|den nghi)"
)
_PREFIX = re.compile(rf"\W*(?:(?:tiep tuc )?{_ORDER}\s+)+")
_START = re.compile(_HEADS + r"\b")
_STOP_LONG = re.compile(
    rf"\s(?={_LONG_VERBS}\b)|\s?:|\s?[.;](?:\s|$)|,\s(?={_LONG_VERBS}\b|trong do|nham)|\s(?=nham\b|tai diem"
    rf"|ngoai (?:ra|cac|nhiem vu|viec)\b"
    rf"|dua tren|tu nay)"
)
_STOP_SHORT = re.compile(rf",?\s(?=(?:{_SHORT_VERBS}|để)(?!\w))")
_LONG_VERB = re.compile(_LONG_VERBS + r"\b")
_SHORT_VERB = re.compile(_SHORT_VERBS + r"(?!\w)")
# What stands before a word that only looks like a verb: `các tổ chức`, `sự nghiệp công lập`, `cơ quan, tổ chức`.
_NO_VERB_AFTER = re.compile(
    r"(?:^|\W)(?:các|những|và|của|công tác|phụ trách|công|cơ quan,|đã|xây|đầu mối|thường|dịch vụ)\W*$"
)
_NAMED_BY_VERB = re.compile(
    r"Ban (?=chấp hành|chỉ đạo|tổ chức|vận động|biên tập)|(?:cơ quan|tổ chức) (?=quản lý)|đơn vị (?=đầu mối)"
    r"|(?:cơ quan|tổ chức) quản lý (?=trực tiếp)"
    r"|(?:[Đđ]ơn vị|[Cc]ơ quan|[Dd]oanh nghiệp|[Tt]ổ chức) (?=sử dụng (?:lao động|điện|nước|đất|ngân sách))"
    r"|(?:[Đđ]ơn vị|[Cc]ơ quan|[Cc]á nhân|[Đđ]ịa phương) được giao (?=chủ trì|nhiệm vụ)"
    r"|nơi (?=tổ chức|xảy ra|đặt)|[Tt]ổ (?:đi )?(?=đi phát|phát phiếu|phát thư|thu gom|tuyên truyền)"
    r"|[Cc]ơ quan (?=chủ trì (?:[Dd]ự án|[Cc]hương trình))"
)
"""Names with a verb in them: `Ban chấp hành`, `cơ quan quản lý`."""
# A name goes on after `. ` where a scan has put a speck: an office is not broken off before a small letter.
_BREAKS_OFF = re.compile(r"(?:^|\W)(?:các|những|và|của)\W*$")
_SPLIT = re.compile(r"[;,]\s+(?:va\s+)?|\s+va\s+(?!cac\b|doan|to chuc|don vi|[a-z]+ lien quan)")
_LOWER_SPLITS = re.compile(
    r"(?:cac\s+)?(?:dia phuong|doanh nghiep|to dan pho|ap|thon|khu pho|luc luong|bo phan|cong doan co so"
    r"|cac (?:chu dau tu|don vi dau moi))\b"
)
_PERSON = re.compile(r"(?:Ông|Bà|Anh|Chị|[Đđ]ồng chí|[Đđ]/c|Thầy|Cô)\s+(?=[A-ZĐÀ-Ỹ])")
_TITLES = re.compile(
    r"(?:truong (?:thon|ap|ban\b|khu|to|khoi|xom|buon)|bi thu|chi huy truong|to truong|hieu truong|bao ve\b)"
)
"""Posts set in small letters that stand beside another doer: `Chủ tịch UBND xã, trưởng thôn`."""
_IN_PLACES = re.compile(
    r"(?:ubnd|uy ban nhan dan|cong an|hoi [a-z ]+) cac (?:xa|phuong|huyen|thon|ap)(?:, [a-z]+){0,3}"
)
_PLACES = re.compile(r"\s(?:[A-ZĐÀ-Ỹ]\w+ ){1,4}?[A-ZĐÀ-Ỹ]\w+, ")
"""`: Đồng Tiến, Vân Phú`: the places an office is named of."""
_POSTS = re.compile(r"(?:chi hoi |to )?truong (?:phu nu )?(?:cac )?(?:thon|buon|ban|ap|xom|khu|khoi|to)\b")
_PARTS = re.compile(r"(?:ban|don vi|nganh|dia phuong|doan the|to chuc|co quan)\b(?: [a-z]+)?(?=[,;:]|$| va )")
"""Words that go on with a name in a heading in capitals: `CÁC PHÒNG, BAN, ĐƠN VỊ`."""
_HEADED = ("thu truong", "lanh dao", "nguoi dung dau")
_NO_NAME = re.compile(r"\bve viec\b|\bngay \d|\bcong van so|dien thoai|email|\bnhan duoc\b")
"""What no office is called: where it stands, the words only began like one."""
_LONGEST = 260


@dataclass(frozen=True, slots=True)
class Actors:
    """Offices named at a place: their texts with offsets, and where the words after them begin."""

    names: tuple[tuple[int, int, str], ...]
    end: int
    ordered: bool
    """Whether an order (`đề nghị`, `giao`) stands before them."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The names alone."""
        return tuple(name for _, _, name in self.names)


def read_actors(text: str, plain: str, at: int, *, heading: bool = False) -> Actors | None:
    """Read the offices named from offset `at`, up to the verb of what they are to do; None when none is named.

    With `heading`, the words may end without a verb, as in `2. Sở Y tế:`.
    """
    prefix = _PREFIX.match(plain, at)
    start = prefix.end() if prefix else at
    while start < len(text) and text[start] in " *-–_“\"'":
        start += 1
    small = text.lower()
    head = _START.match(plain, start)
    if (head and _NOT_HEADS.match(small, start)) or (not head and not _looks_proper(text, start)):
        return None
    end = _end_of_actors(text, plain, start)
    if end is None:
        if not heading or len(plain) - start > _LONGEST:
            return None
        end = len(text)
    phrase = text[start:end].rstrip(" ,:*")
    if not phrase or len(phrase) > _LONGEST or (not head and len(phrase) > 60):
        return None
    if _NO_NAME.search(plain, start, start + len(phrase)):
        return None
    names = tuple(_split(text, plain, start, start + len(phrase)))
    return Actors(names, end, prefix is not None) if names else None


def _looks_proper(text: str, start: int) -> bool:
    """Whether a brand (`VNPT`, `MobiFone`) stands here, not a heading set in capitals."""
    words = text[start : start + 24].split()
    word = words[0].strip(",.:;") if words else ""
    if _PERSON.match(text, start):
        return True
    if text[: start + len(word)].isupper() and " " in text[:start].strip(" .-0123456789"):
        return False  # the last word of a heading in capitals
    branded = len(word) > 1 and word.isascii() and word.isalpha() and word[0].isupper() and word[1:] != word[1:].lower()
    return branded and not (len(words) > 1 and words[1].isupper() and words[1].isalpha())


def _end_of_actors(text: str, plain: str, start: int) -> int | None:
    """Find where the first verb begins: in small letters, so that `Ban Chỉ đạo` is not cut, and outside brackets."""
    small = text.lower()
    at, reach = start, start + _LONGEST + 80  # a longer doer is none
    while True:
        long, short = _STOP_LONG.search(plain, at, reach), _STOP_SHORT.search(small, at, reach)
        found = min((stop for stop in (long, short) if stop), key=lambda stop: stop.start(), default=None)
        if found is None:
            return None
        spot = found.start()
        if plain.count("(", start, spot) > plain.count(")", start, spot):
            at = plain.find(")", spot)
            if at < 0:
                return None
        elif _is_stop(text, plain, start, found):
            return spot
        else:
            at = found.end()


_SIGNS = {":", ";", "."}


def _is_stop(text: str, plain: str, start: int, found: re.Match[str]) -> bool:
    sign = found[0].strip()
    before = text[start : found.start()].lower()
    if sign in _SIGNS:
        if sign == ".":
            return not (_BREAKS_OFF.search(before) and text[found.end() : found.end() + 1].islower())
        goes_on = _lists_offices(text, plain, start, found.start()) if sign == ":" else _START.match(plain, found.end())
        return not goes_on
    pairs = _NAMED_BY_VERB.finditer(text, start, found.end() + 40)
    named = any(pair.start() <= found.start() < pair.end() for pair in pairs)
    return text[found.end()].islower() and not named and not _NO_VERB_AFTER.search(before)


def _lists_offices(text: str, plain: str, start: int, colon: int) -> bool:
    """`Các Sở: Tài chính, Y tế` names offices after its colon."""
    if _IN_PLACES.fullmatch(plain, start, colon):
        return not starts_with_verb(plain, plain, colon + 2) and _PLACES.match(text, colon + 1) is not None
    return (
        re.fullmatch(r"cac (?:so|ban|bo|phong|cuc)(?:, (?:nganh|ban|ban nganh))*", plain[start:colon].strip())
        is not None
    )


def _split(text: str, plain: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    begin = start
    brands = all(part.strip()[:1].isupper() and " " not in part.strip() for part in text[start:end].split(","))
    for found in _SPLIT.finditer(plain, start, end):
        inside = plain.count("(", start, found.start()) > plain.count(")", start, found.start())
        if inside or not _parts(text, plain, begin, found, brands=brands):
            continue
        yield begin, found.start(), text[begin : found.start()].strip(" *")
        begin = found.end()
    tail = text[begin:end].strip(" ,;:*.")
    if tail:
        yield begin, begin + len(text[begin:end].rstrip(" ,;:*.")), tail


def _parts(text: str, plain: str, begin: int, found: re.Match[str], *, brands: bool) -> bool:
    """Whether a comma, semicolon or `và` parts two offices rather than two words of one name."""
    rest = found.end()
    if brands and "," in found[0]:
        return True
    if ":" in text[begin : found.start()] or ";" in found[0]:
        return ";" in found[0] and _START.match(plain, rest) is not None
    capital = text[rest : rest + 1].isupper() and not _NOT_HEADS.match(text.lower(), rest)
    if text[begin : found.start()].isupper() and _PARTS.match(plain, rest):
        return False
    if " va " in found[0] and "," not in found[0]:
        return plain.startswith("bo phan ", rest) or (
            capital
            and _START.match(plain, rest) is not None
            and not plain[begin : found.start()].endswith(("hdnd", "hoi dong nhan dan"))
        )
    if capital:
        return _START.match(plain, rest) is not None
    return _parts_small(text, plain, begin, found)


def _parts_small(text: str, plain: str, begin: int, found: re.Match[str]) -> bool:
    """Whether an office set in small letters begins after a sign."""
    rest = found.end()
    if plain.startswith("chu tich ubnd", begin) and _TITLES.match(plain, rest):
        return True
    if plain.startswith(("ubnd cac", "uy ban nhan dan cac", "chu tich ubnd", *_HEADED), begin):
        return re.match(r"cac (?!xa|phuong|thi|huyen|quan)", plain[rest:]) is not None
    goes_on = plain.startswith("cac ", rest) and _START.match(plain, rest) is not None
    if "," in found[0] and (goes_on or _same_kind(text, plain, begin, rest)):
        return True
    if "," in found[0] and _TITLES.match(plain, rest) and _START.match(plain, begin):
        return True
    lower = _LOWER_SPLITS.match(plain, rest)
    if lower is not None and _POSTS.match(plain, begin):
        return False  # `Trưởng các buôn, thôn`: one post in places of several kinds
    return lower is not None and lower[0] not in plain[begin : found.start()]


def _same_kind(text: str, plain: str, begin: int, rest: int) -> bool:
    """`ấp Tân Lập, ấp Rạch Gốc`: the same word before another name of its own."""
    head = re.match(r"(?:to|ap|thon|xa|phuong|xom|khu pho|khu|buon|truong) ", plain[rest:])
    return head is not None and plain.startswith(head[0], begin) and not text[rest + head.end()].islower()


def starts_with_verb(text: str, plain: str, at: int) -> bool:
    """Whether words begin with what is to be done, as an order that names nobody does."""
    return _LONG_VERB.match(plain, at) is not None or _SHORT_VERB.match(text.lower(), at) is not None
