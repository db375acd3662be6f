"""Who is to do a thing: the phrase before the verb, parted into the offices it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.lib.vietnamese import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

# Words an office, a post or a group of people begins with, folded.
_HEADS = (
    r"(?:(?:tat ca |toan bo |100% )?(?:cac |nhung |moi )?(?:to truong|truong|pho|dong chi|thanh vien)?\s?"
    r"(?:uy ban|u ban|ubnd|hdnd|hoi dong|van phong|so|bo|ban|phong|cuc|tong cuc|chi cuc|vu|vien|trung tam|truong|thanh tra"
    r"|cong an|cong doan|lien doan|doan|huyen doan|tinh doan|thanh doan|quan doan|xa doan|hoi|dang uy|tinh uy|thanh uy|huyen uy|quan uy|cap uy"
    r"|chi bo|dang bo|benh vien|tram|dien luc|bao|dai|thue|kho bac|ngan hang|cong ty|tong cong ty|tap doan|doanh nghiep"
    r"|thu truong|chu tich|giam doc|bi thu|hieu truong|cuc truong|chanh|tong|giao vien|can bo|cong chuc|vien chuc"
    r"|bao ve|luc luong|to|doi|nhom|khoi|co quan|don vi|dia phuong|nganh|bo phan|ap|thon|khu pho|xom|xa|phuong|huyen"
    r"|quan|thanh pho|thi xa|thi tran|mat tran|mttq|lhpn|nha truong|nha mang|vnpt|viettel|mobifone|vinaphone|evn"
    r"|thong tan xa|cong thong tin|lien minh|lien hiep|hiep hoi|cac to chuc|to chuc|cac cap|cac|hop tac xa|chu dau tu"
    r"|dai dien|gvcn|bch|bgh|cdcs|ldld|dich vu|khu|hat|toa an|vien kiem sat|nguoi dung dau|co so|hat|quy|chu ho|cong tac vien))"
)
_VERBS = (
    r"(?:bien tap|bien soan|phat|dang|chay|bo tri|dua|pho bien|cung(?! cap)|thong bao|thong tin|chi dao|chu tri|phoi hop"
    r"|to chuc|tuyen truyen|truyen thong(?! )|treo|dan|xay dung|nhan tin|nhan|nhac|gui|bao cao|bao(?= ve| ngay| cho)|tong hop|su dung|cu|khong"
    r"|tang|mo|dung|go|sua|kiem tra|theo doi|don doc|huy|huong dan|cam|lien he|tham muu|cung cap|cung ung|in(?= )|cap(?! uy| huyen| xa| tinh| co so)"
    r"|thanh lap|duy tri|kien toan|cong khai|hoan thanh|nam(?= tinh| chac| bat)|chia se|lanh dao(?= [a-z]+ [a-z])|quan triet|dat|van hanh|chieu|ra soat"
    r"|trien khai|thuc hien|phan cong|van dong|gap go|den|la|chiu trach nhiem|chuan bi|thu|long ghep|ghi|moi|nop|soan"
    r"|niem yet|huy dong|giao(?! thong| dich| duc)|chon|can cu|dat hang|tham gia|bao dam|dam bao|nang cao|day manh|tang cuong"
    r"|khan truong|nghiem tuc|chu dong|tiep tuc|thuong xuyen|kip thoi|tap trung|theo chuc nang|theo tham quyen|xac nhan"
    r"|doc|cho|lap|tiep thu|tiep nhan|tiep phat|lay|thiet lap|tao dieu kien|quan tam|co trach nhiem|co ke hoach|co van ban|thong ke|xu ly|ho tro"
    r"|nghien cuu|de xuat|hoan chinh|can|phai|nhan thuc|tap huan|ban(?= giao| hanh)|goi|ung dung|gioi thieu|tien hanh"
    r"|trao doi|phan anh|giam sat|lam(?= dau moi| viec| anh)|dan dau|phu trach(?= viec)|dam nhan|neu|cap nhat|dung(?= \d)"
    r"|chap hanh|bam sat|phat dong|phat huy|day|trinh|de nghi|yeu cau|van|rut|ket hop|quan ly(?= [a-z])|truc(?= )|dieu phoi|nghiem cam)"
)
_ORDER = r"(?:de nghi|yeu cau|giao(?: cho)?|phan cong|doi voi|rieng(?: doi voi)?|uy quyen|moi|chi dao|kinh de nghi|uy nhiem|giao trach nhiem)"
_PREFIX = re.compile(rf"\W*(?:(?:tiep tuc )?{_ORDER}\s+)+")
_START = re.compile(_HEADS + r"\b")
_STOP = re.compile(
    rf"\s(?={_VERBS}\b)|\s?:|\s?[.;](?:\s|$)|,\s(?={_VERBS}\b|hoan thanh|trong do|nham|de\b)|\s(?=nham\b|de\b|tai diem|dua tren|tu nay)"
)
_SPLIT = re.compile(r"[;,]\s+(?:va\s+)?|\s+va\s+(?!cac\b|doan|to chuc|don vi|[a-z]+ lien quan)")
_LOWER_SPLITS = re.compile(r"(?:cac\s+)?(?:dia phuong|doanh nghiep|to dan pho|ap|thon|khu pho|luc luong|cac (?:chu dau tu|don vi dau moi))\b")
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
    head = _START.match(plain, start)
    if not head and not _looks_proper(text, start):
        return None
    end = _end_of_actors(text, plain, start)
    if end is None:
        if not heading or len(plain) - start > _LONGEST:
            return None
        end = len(text)
    phrase = text[start:end].rstrip(" ,:*")
    if not phrase or len(phrase) > _LONGEST or (not head and len(phrase) > 60):
        return None
    names = tuple(_split(text, plain, start, start + len(phrase)))
    return Actors(names, end, prefix is not None) if names else None


def _looks_proper(text: str, start: int) -> bool:
    word = text[start : start + 12].split(" ")[0].strip(",.:;")
    return len(word) > 1 and word.isalpha() and word[0].isupper() and word[1:] != word[1:].lower()


def _end_of_actors(text: str, plain: str, start: int) -> int | None:
    """Where the first verb begins: in small letters, so that names like `Ban Chỉ đạo` are not cut; aside is skipped."""
    at = start
    while found := _STOP.search(plain, at):
        opened = plain.count("(", start, found.start()) - plain.count(")", start, found.start())
        if opened > 0:
            at = plain.find(")", found.start())
            if at < 0:
                return None
            continue
        spot = found.start()
        word = text[spot:].lstrip(" ,")[:1]
        if found[0].strip() == ":" and _lists_offices(plain, start, spot):
            at = spot + 1
            continue
        if found[0].strip() in {":", ".", ";"} or word.islower():
            if found[0].strip() == ";" and _START.match(plain, found.end()):
                at = found.end()
                continue
            return spot
        at = found.end()
    return None


def _lists_offices(plain: str, start: int, colon: int) -> bool:
    """`Các Sở: Tài chính, Y tế` names offices after its colon."""
    return re.fullmatch(r"cac (?:so|ban|bo|phong|cuc)(?:, (?:nganh|ban|ban nganh))*", plain[start:colon].strip()) is not None


def _split(text: str, plain: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    begin = start
    brands = all(part.strip()[:1].isupper() and " " not in part.strip() for part in text[start:end].split(","))
    depth_free = 0
    for found in _SPLIT.finditer(plain, start, end):
        depth_free = plain.count("(", start, found.start()) - plain.count(")", start, found.start())
        if depth_free > 0 or not _parts(text, plain, begin, found, brands=brands):
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
    if ":" in text[begin : found.start()]:
        return False
    if ";" in found[0]:
        return _START.match(plain, rest) is not None
    capital = text[rest : rest + 1].isupper()
    if " va " in found[0] and "," not in found[0]:
        return capital and _START.match(plain, rest) is not None and not plain[begin : found.start()].endswith(("hdnd", "hoi dong nhan dan"))
    if capital:
        return _START.match(plain, rest) is not None
    if plain.startswith(("ubnd cac", "uy ban nhan dan cac", "chu tich ubnd"), begin):
        return re.match(r"cac (?!xa|phuong|thi|huyen|quan)", plain[rest:]) is not None
    return _LOWER_SPLITS.match(plain, rest) is not None or re.match(r"cac [a-z]+ [a-z]+", plain[rest:]) is not None and capital


def same_office(first: str, second: str) -> bool:
    """Whether two names are one office written longer and shorter."""
    one, two = folded(first), folded(second)
    return one in two or two in one
