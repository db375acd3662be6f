"""The time phrases of an order: days, hours, periods, what recurs, and the occasions an office counts by."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from lantoa.letters.rules.dates import iso_date

_DAY = r"\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}|\d{1,2} thang \d{1,2} nam \d{4}"
_SHORT_DAY = r"(?!24/7\b|24/24\b)\d{1,2}/(?:0?[1-9]|1[0-2])(?!/?\d|%)"
_CLOCK = (
    r"(?:\d{1,2} ?gio(?: \d{2})?(?: phut)?|\d{1,2} ?[hg] ?\d{2}(?!\d)'?|(?<=[a-z] )\d{1,2}:\d{2}(?!\d)|\d{1,2}h(?!\w))"
)
_PART = r"(?:sang|trua|chieu|toi|dem)"
_UNIT = r"(?:gio|ngay|tuan|thang|quy|nam|hoc k[yi]|lan|dot|dia phuong)"
_LEAST = r"(?:it nhat|toi thieu|toi da|khong qua|khong duoi|khong it hon|tu|moi|cu)"
_NUMBER = r"(?:\d+(?: ?- ?\d+)?|mot|hai|ba|bon)"
_NOUN = (
    r"(?:lan|buoi|luot|tin(?:,? bai)?|bai|phut|gio|ky(?: phat thanh| phat song)?|clip|video|ban tin|phien|dot"
    r"|chuyen muc|chuong trinh|phong su"
    r"|tiet(?: hoc)?(?: thuc hanh)?)"
)
_OFTEN = (
    rf"(?:{_LEAST} )?\s*{_NUMBER} {_NOUN}\s?/\s?(?:\d+ )?{_UNIT}(?!\w)"
    rf"|(?:{_LEAST} )?{_NUMBER} {_NOUN} (?:trong )?(?:mot|moi|hang) (?:ngay|tuan|thang|quy|nam)(?!\w)"
    rf"|(?:hang|moi) (?:ngay|tuan|thang|quy|nam)(?: phat)?,? (?:{_LEAST} )?{_NUMBER} {_NOUN}(?!\w)(?: luc {_CLOCK})?"
    rf"|(?<!trong )(?<!\d )(?:ngay|tuan) (?:{_LEAST} )?{_NUMBER} (?:lan|buoi|luot|bai|tin)(?!\w)"
    rf"|cu \d+ \w+(?: cap nhat| bao cao)? (?:mot|\d+) lan|\d+ (?:ngay|tuan|thang) (?:mot|\d+) lan"
    rf"|(?:{_LEAST} )?\d+ (?:gio|ngay|tuan|thang) ?/ ?lan(?!\w)"
    r"|(?:hang|moi) (?:ngay|tuan|thang|quy)(?! (?:hoc|nay|qua)\b)"
)
_WEEKDAY = r"(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)(?!\w)"
_LEAD = (
    r"(?:(?:hoan thanh|xong|thoi gian(?: thuc hien| hoan thanh)?:?|tien do:?) )?"
    r"(?:truoc(?: het)?|(?:cham|muon|som) nhat(?: (?:la|vao|den|truoc|trong|het))*"
    r"|(?:thoi )?han(?: (?:chot|cuoi(?: cung)?|nop|gui|bao cao|hoan thanh|thuc hien|dang ky))?(?: la| truoc)?:?"
    r"|khong (?:qua|muon hon|cham hon)(?= ngay| \d{1,2}/\d)"
    r"|(?:cho )?(?:den|toi)(?: het)?|bat dau tu|tu|trong|ke tu(?: khi)?|sau|het|(?:vao )?luc|vao|hoi|dung|tai"
    r"|dot \d hoan thanh truoc)"
)
_FIRST = (
    r"(?=\d|(?:hoan|xong|thoi|truoc|den|tu|tuan|han|trong|ke|sau|het|vao|luc|dot|ngay|sang|trua|chieu|toi|dem|thang"
    r"|quy|moi|cu|hang|cho|dinh|cuoi|dau|giua|ram|mung|mong)(?![a-z])|(?:cham|muon|som|it) nhat|tien do|lien tuc"
    r"|khong (?:qua|duoi|it)|bat dau|toi thieu|chu nhat|khi tuu|khi hop|theo dinh|theo lich|hom nay"
    r"|gio ra choi|buoi chao co"
    r"|thu (?:hai|ba|tu|nam|sau|bay|\d)|cac (?:ngay|buoi|sang|trua|chieu|toi|dem|thu)|(?:hoi|dung|tai) (?=\d|ngay"
    r"|luc|buoi"
    r"|cuoc|sang|chieu|toi|het)|(?:mot|hai|ba|bon) (?:lan|buoi|luot|tin|bai|phut|gio|ky|clip|video|ban|phien|dot"
    r"|chu|phong"
    r"|tiet))"
)
"""What a time phrase may begin with: looked at first, so that other words are passed over quickly."""
_TAIL = r"[^.;,:()]"
_END = r"(?=\s*(?:[.;,:()]|$))"
_OCCASIONS = (
    # before, in or after what everybody knows the day of
    rf"truoc, trong va sau {_TAIL}{{3,40}}"
    r"|truoc (?:ngay|moi|gio|buoi|dot|lan)(?: [a-z]+){1,5}? (?:it nhat |toi thieu )?\d+ (?:ngay|gio|phut|tuan|tieng)\b"
    rf"|truoc (?:ban tin|chuong trinh) {_TAIL}{{2,30}}|theo lich (?:tai|o|trong|kem theo|dinh kem){_TAIL}{{0,30}}"
    r"|(?:trong |tai )(?:phien|cuoc|buoi|ky) hop(?: [a-z]+){0,4} thang \d{1,2}(?:/\d{4})?"
    rf"|(?:trong|tai) hoi nghi [^.;:()]{{2,30}} (?:cuoi|dau) (?:nam|thang|quy){_END}"
    rf"|khi hop (?:dau|cuoi) {_TAIL}{{2,30}}"
    r"|buoi chao co (?:dau (?:tuan|thang)|sang [a-z]+ [a-z]+|hang tuan)|(?:vao |trong )?gio ra choi"
    r"|(?:dau|cuoi) gio (?:sang|chieu)(?= hang| moi| cac)"
    r"|6 thang(?: dau nam)?(?:, 9 thang)?(?:,| va|, va) (?:ca )?nam\b"
    r"|(?:vao |truoc )?(?:cac )?ngay \d{1,2}(?:, \d{1,2})*,? va ngay (?:lam viec )?cuoi(?: cung)?(?: cua)?"
    r" (?:thang|quy)(?: hang thang)?"
    r"|(?:hoan thanh |xong )?truoc (?:mua|ky|dip|dot|le|tet|nam hoc|hoc k[yi]|vu|phien|gio|thoi diem|dem"
    rf"|ngay (?:le|khai|bau cu|ra quan|hoi|tet))(?!\w){_TAIL}{{0,40}}"
    r"|trong (?:ngay (?:le|khai mac|khai giang|bau cu|ra quan|hoi)|tuan le|hoc k[yi] (?:\d|[iv]+\b)|nam hoc \d"
    r"|ky (?:sinh hoat|hop|nghi) (?:thang|quy|he|tet|le|dau|cuoi|gan|toi)|thang (?:cao diem|ra quan)|gio hanh chinh"
    rf"|dot (?:cao diem|ra quan|\d)|suot)(?!\w){_TAIL}{{0,40}}"
    rf"|(?:bat dau )?tu (?:ky|dot|phien|tuan|vu|nam hoc) {_TAIL}{{2,40}}"
    r"|(?:truoc|sau|den|het) (?:ngay |ky nghi |dip )?tet(?!\w)(?: nguyen dan)?(?: [a-z]+ [a-z]+)?"
    # on what happens
    rf"|ngay (?:sau )?khi (?:nhan|ket thuc|co|hoan thanh|duoc|phat hien|xay ra|xong|ban hanh) {_TAIL}{{2,56}}"
    rf"|(?:ke )?tu ngay (?:ky|ban hanh|nhan|co|duoc){_TAIL}{{0,40}}|ngay sau (?:hoi nghi|buoi|cuoc|le|dot|ngay"
    rf"|ky) {_TAIL}{{3,50}}"
    rf"|moi khi {_TAIL}{{4,50}}"
    rf"|sau khi (?:nhan|co|ket thuc|hoan thanh) {_TAIL}{{3,50}}|sau moi (?:dot|buoi|ky|quy|thang|tuan|hoi nghi|lan)"
    rf"{_TAIL}{{0,30}}"
    rf"|(?:cho )?(?:den|toi) khi {_TAIL}{{4,50}}|(?:ke )?tu khi [^.;,]{{3,40}}|truoc khi [^.;,]{{3,30}}"
    # today and tomorrow
    rf"|(?:(?:tu|truoc|trong|den|ke tu|ngay trong) )?(?:{_CLOCK},? )?(?:hom nay|ngay mai|{_PART} (?:nay|mai))(?!\w)"
    # the parts of a year, a month, a week, where nothing follows
    rf"|(?:(?:vao|truoc|den|tu|trong) )?(?:dau|giua|cuoi) (?:moi )?(?:thang|quy|tuan) (?:\d{{1,2}}|[iv]+)(?:/\d{{4}})?"
    rf"(?!\w)|(?:(?:vao|truoc|den|tu|trong) )?(?:dau|giua|cuoi) (?:moi )?(?:nam(?: hoc)?|thang|quy|tuan|gio(?: chieu)?"
    rf"|buoi|ky){_END}"
    rf"|tai (?:buoi|cuoc) (?:hop|sinh hoat|giao ban|le) {_TAIL}{{2,30}}{_END}"
    rf"|(?:vao |truoc )?(?:ngay \d{{1,2}}(?:,| va) )?ngay (?:lam viec )?cuoi(?: cung)?(?: cua)? (?:thang|quy|tuan|nam)"
)
_LUNAR = (
    r"(?:ngay )?(?:mung|mong) \d{1,2} tet(?!\w)|(?:ngay |ram |mung |mong )?(?:\d{1,2}(?: ?/"
    r"| ) ?)?(?:thang )?(?:gieng|chap)(?!\w)(?: am lich)?"
    r"|(?:ngay |mung |mong )?(?:\d{1,2} )?thang (?:\d{1,2}|ba|tu|nam|sau|bay|tam|chin|muoi) am lich"
)
_WEEKLY = (
    rf"(?:(?:dinh ky|truoc|vao|cham nhat(?: la| vao)?|tu|den|trong) )*(?:{_CLOCK},? )?(?:cac |ngay |buoi )*"
    rf"(?:{_PART} )?{_WEEKDAY}(?:(?:,| va|, va| hoac) (?:{_PART} |ngay )?{_WEEKDAY})*"
    r"(?:,? (?:hang|moi|cuoi) (?:tuan|thang)|,? tuan (?:nay|toi|sau|cuoi|dau|thu \w+)(?: hang thang|(?: cua"
    r"| trong)? (?:moi )?thang)?"
    r"| trong thang)?"
)
_MONTHLY = (
    r"(?:cac )?ngay (?:mung |mong )?\d{1,2}(?:(?:,| va) (?:ngay )?\d{1,2})*(?: cua)?"
    r" (?:(?:hang|moi) (?:thang|quy)|thang (?:dau|cuoi)(?: cua)? (?:hang |moi )?quy|cuoi quy)"
)
_DAYS = (
    rf"(?:\d{{1,2}} )?(?:cac )?(?:ngay|{_PART}) \d{{1,2}}(?:/\d{{1,2}})?(?:(?:,| va|, va| -|-) (?:ngay )?\d{{1,2}}"
    r"(?!\d|/\d{1,2}/\d{4})(?:/\d{1,2})?)*(?:,| va|, va| -|-) (?:ngay )?\d{1,2}(?:/\d{1,2}(?:/\d{4})?"
    r"| thang \d{1,2}(?: nam \d{4})?)(?![\d/])"
)
_FROM_TO = (
    r"tu (?:ngay )?\d{1,2}(?:(?:/| thang )\d{1,2}(?:(?:/| nam )\d{4})?)? (?:den|toi|-) (?:het )?(?:ngay )?\d{1,2}"
    r"(?:/| thang )\d{1,2}(?:(?:/| nam )\d{4})?(?![\d/])"
)
_ATOM = re.compile(
    rf"\b{_FIRST}(?:"
    rf"{_OCCASIONS}|{_WEEKLY}|{_FROM_TO}|(?:{_LEAD} )?(?:{_LUNAR}|{_MONTHLY}|{_DAYS}"
    rf"|(?:{_CLOCK},? )?(?:(?:het |trong )?ngay )?(?:{_DAY})"
    rf"|(?:{_PART} )?(?:tu |luc )?{_CLOCK}(?:(?:,| va| den|-) (?:{_PART} "
    rf")?(?:tu |luc )?{_CLOCK})*(?:,? (?:cung ngay|ngay (?:{_DAY}|{_SHORT_DAY})|ngay cuoi (?:thang|tuan|quy)"
    rf"|(?:{_PART} )?(?:{_DAY}|{_SHORT_DAY})"
    rf"|(?:cac )?(?:ngay )?thu \w+(?: trong thang| hang (?:thang|tuan))?"
    rf"|hang ngay|hang tuan))?"
    rf"|(?:het )?(?:ngay )?{_SHORT_DAY})"
    rf"|(?:trong |het |den het |cho den het |toi het |truoc )?(?:thang|quy) (?:\d{{1,2}}|[iv]+)(?:/\d{{4}}"
    rf"| nam \d{{4}})?(?:(?:,| va) (?:thang )?\d{{1,2}}(?:/\d{{4}}| nam \d{{4}})?)?(?![\w/])"
    rf"|{_OFTEN}"
    r"|trong nam \d{4}|(?:trong |sau )(?:vong |thoi han |thoi gian )?(?:toi da )?\d+ (?:ngay|gio|tuan)(?: lam viec"
    r"| lien tuc| lien tiep)?"
    r"(?:,? (?:ke )?tu (?:ngay|khi) [^.;,]{3,50})?(?! ?/)"
    rf"|(?:ngay )?trong tuan(?: (?:nay|toi|sau)|{_END})|(?:trong )?tuan (?:thu )?(?:\d|\w+|dau"
    rf"|cuoi)(?: tien)?(?: cua)? thang \d{{1,2}}"
    r"(?:/\d{4})?"
    r"|trong tuan (?:dau|cuoi)[^.;,]{0,24}|lien tuc trong \d+ ngay"
    r"|tu nay"
    r"|khi tuu truong|truoc (?:ngay |khi )?(?:khai giang|be giang|nghi he|nghi tet|tet nguyen dan)|ngay trong ngay"
    r"|truoc (?:it nhat |toi thieu )?\d+ (?:tieng|gio|ngay|tuan)(?: lam viec)?(?! ?/)"
    r"|vao (?:gio|dip|thoi diem) [^.;,]{3,40}(?:, (?:chieu|toi))?"
    r"|vao (?:cac )?(?:buoi|khung gio|phien|dem|ky|dot) [^.;,:()]{2,40}"
    r"|trong suot [^.;,]{4,50}"
    r"|(?:theo )?dinh ky (?:hang (?:thang|quy|nam|tuan|ngay)|(?:\d+|mot|hai|ba|sau) (?:thang|tuan|ngay)(?:,"
    r" (?:\d+ thang|(?:hang )?nam))*)|theo dinh ky"
    r"|dinh ky"
    r"|tai cuoc hop \w+ gan nhat|cuoi (?:ngay|hoc ky \d|hoc ki \d)(?: va cuoi hoc ky \d)?|(?:chieu"
    r"|sang) \d{1,2}(?: va (?:chieu|sang) \d{1,2}(?:/\d{1,2})?)"
    r")"
)
_GLUE = re.compile(
    r"^(?:\s?[,;]\s?|\s(?:va|den|cho|cho den|vao|ke tu|bat dau tu|cua|luc|den het|dinh ky|trong)\s|\s|\s?\(\s?"
    r"|,?\s(?:va )?dot \d{1,2}:?\s|\)\s?,?\s?|,\s(?:bat dau|ke tu|va|tuc)\s)$"
)
_PLAIN_DAY = re.compile(
    r"(?:ngay (?=trong))?(?:(?:hoan thanh|xong|thoi gian(?: thuc hien| hoan thanh)?:?|tien do:?) )?"
    r"(?P<lead>truoc|khong (?:qua|muon hon|cham hon)|(?:cham|muon|som) nhat(?: (?:la|vao|den|truoc|trong|het))*"
    r"|(?:thoi )?han(?: (?:chot|cuoi(?: cung)?|nop|gui|bao cao|hoan thanh|thuc hien|dang ky))?(?: la| truoc)?:?"
    r"|trong|(?:cho )?(?:den|toi)|het|vao|dung)?\s?(?:het "
    r"|trong )?(?:ngay )?"
    r"(\d{1,2})\s?(?:[/.-]|thang)\s?(\d{1,2})\s?(?:[/.-]|nam)\s?(\d{4})"
)
_RANGE = re.compile(
    r"(?:tu )?(?:ngay )?(\d{1,2})(?:(?:/| thang )(\d{1,2})(?:(?:/| nam )(\d{4}))?)? (?:den|toi|-|–) (?:het )?(?:ngay )?"
    r"(\d{1,2})(?:/| thang )(\d{1,2})(?:/| nam )(\d{4})"
)
_TOO_LATE = re.compile(r"sau (?:ngay )?(\d{1,2})/(\d{1,2})/(\d{4})")
"""`Sau ngày … sẽ không …`: the day itself is the last."""
_WEAK = re.compile(
    rf"(?:dinh ky|tu nay|ngay|trong suot|(?:(?:den|tu|ngay|cac|buoi) )*(?:{_WEEKDAY}(?:,| va|, va)? ?)+)"
)
_DATED_WEEKDAY = re.compile(rf"(?:{_PART} )?{_WEEKDAY},? (?:ngay )?(?=\d{{1,2}}/\d{{1,2}}/\d{{4}}$)")
"""`sáng Chủ nhật 23/6/2024`: the day says it all."""
_LEADING = re.compile(r"^(?:hoan thanh|xong|thoi gian(?: thuc hien| hoan thanh)?:?|tien do:?)\s+")
_LED = re.compile(_LEAD)
_CITED = re.compile(
    r"(?:\d\s?[/-]\s?(?!ngay|tuan|thang|quy|nam|lan|buoi)[a-z&][\w&/-]*(?:-\s[a-z&]+)?|s[oe] \d+|cong van"
    r"|quyet dinh|nghi dinh|chi thi|ke hoach|thong tu"
    r"|nghi quyet|ghi moc|moc|thay cho|duong|(?<!khu )(?<!dan )pho|\bvi|\bqua|huong ung(?: ngay)?|ky niem(?: ngay)?"
    r"|\btuc(?: la)?(?: ngay)?|thi dua|xep loai)\W*$"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A value read from a paragraph and its offsets there."""

    value: str
    start: int
    end: int


@functools.lru_cache(maxsize=1024)
def read_times(text: str, plain: str, start: int, end: int) -> tuple[Phrase, ...]:
    """Read the time phrases between two offsets: one whole date as ISO, a plain period as ISO/ISO, else the words."""
    plain = plain.replace("*", " ")  # emphasis
    spans: list[list[int]] = []
    for found in _ATOM.finditer(plain, start, end):
        first, last = found.span()
        last -= len(found[0]) - len(found[0].rstrip())
        if _CITED.search(plain[max(0, first - 24) : first]) and not _LED.match(found[0]):
            continue
        if first and (plain[first - 1].isalnum() or plain[first - 1] in "/-"):
            continue
        if spans and _GLUE.match(plain[spans[-1][1] : first]):
            spans[-1][1] = last
        elif spans and first <= spans[-1][1]:
            spans[-1][1] = max(last, spans[-1][1])
        else:
            spans.append([first, last])
    return tuple(phrase for first, last in spans if (phrase := _phrase(text, plain, first, last)))


def _phrase(text: str, plain: str, first: int, last: int) -> Phrase | None:
    words = plain[first:last]
    if _WEAK.fullmatch(words.strip(" ,")):
        return None
    weekday = _DATED_WEEKDAY.match(words)
    if weekday:
        day = _PLAIN_DAY.fullmatch("ngay " + words[weekday.end() :])
        return Phrase(iso_date(int(day[2]), int(day[3]), int(day[4])) or words, first, last) if day else None
    late = _TOO_LATE.fullmatch(words)
    if late:
        iso = iso_date(int(late[1]), int(late[2]), int(late[3])) if plain.startswith(" se khong", last) else None
        return Phrase(iso, first, last) if iso else Phrase(text[first:last], first, last)
    day = _PLAIN_DAY.fullmatch(words)
    if day:
        iso = iso_date(int(day[2]), int(day[3]), int(day[4]))
        return Phrase(iso, first, last) if iso and not re.match(r"\d", words) else None
    lead = _LEADING.match(words)
    first += lead.end() if lead else 0
    period = _RANGE.fullmatch(plain[first:last])
    iso_period = _iso_period(period) if period else None
    if iso_period:
        return Phrase(iso_period, first, last)
    if words.count("(") > words.count(")"):
        last = last + 1 if text[last : last + 1] == ")" else first + text[first:last].rfind("(")
    return Phrase(text[first:last].strip(" ,;("), first, last)


def _iso_period(period: re.Match[str]) -> str | None:
    begin = iso_date(int(period[1]), int(period[2] or period[5]), int(period[3] or period[6]))
    end = iso_date(int(period[4]), int(period[5]), int(period[6]))
    return f"{begin}/{end}" if begin and end else None
