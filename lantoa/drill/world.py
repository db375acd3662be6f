"""What a drill is held with: people who do not exist, browsers, and a template nobody has to approve."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import TYPE_CHECKING

from django.conf import settings

from lantoa.content.rules.zns import FILE_NAME
from lantoa.delivery.models import PushSubscription
from lantoa.places.models import TERRITORIES, Place
from lantoa.residents.models import Resident

if TYPE_CHECKING:
    from pathlib import Path

    from lantoa.campaigns.models import Campaign

BY_SMS, BY_SERVICE, BY_ZALO = "tuyen-smpp", "tuyen-http", "tuyen-zalo"
"""Carriers that do not exist: by which of them somebody is, they are sent to by one channel or another."""
NAMES = (
    "Nguyễn Thị Ánh",
    "Trần Văn Bảy",
    "Lê Hoàng Đức",
    "Phạm Thị Ngọc Hằng",
    "Vũ Đình Khuê",
    "Đỗ Thị Út",
    'Hoàng "Bé" Sáu',
    "O'Hara Thị Mai",
    "Ngô <b>Đậm</b> Tư",
    "Bùi & Con",
    "Đặng Thị {{name}}",
    "",
    "Ý",
    "Tôn Nữ Thị Công Tằng Ngọc Anh Phương",
    "Cao Văn 100%",
    "Lý\\Thị\\Gạch",
)
"""Names as registers have them, and some that break what is badly written."""
SOURCE = "tổng diễn tập"


def carrier_of(number: int) -> str:
    """Four of ten by SMPP, two by an SMS service over HTTP, four by Zalo."""
    return BY_SMS if number % 10 < 4 else BY_SERVICE if number % 10 < 6 else BY_ZALO


def make_people(campaign: Campaign, number: int) -> int:
    """Residents of the campaign's territory, each with a telephone, half with an e-mail address; returns how many."""
    homes = _homes(campaign)
    Resident.objects.bulk_create(
        (
            Resident(
                phone=f"09{index:08d}",
                email=f"nguoi{index}@hop-thu.example" if index % 2 else "",
                name=NAMES[index % len(NAMES)],
                place=homes[index % len(homes)],
                carrier=carrier_of(index),
                source=SOURCE,
            )
            for index in range(1, number + 1)
        ),
        batch_size=2000,
    )
    return number


def make_browsers(campaign: Campaign, addresses: list[str]) -> None:
    """Let these browsers subscribe; a real page takes only addresses of public services."""
    homes = _homes(campaign)
    PushSubscription.objects.bulk_create(
        PushSubscription(address=address, place=homes[index % len(homes)]) for index, address in enumerate(addresses)
    )


def _homes(campaign: Campaign) -> list[Place]:
    """The territories farthest down."""
    under = Place.objects.under([campaign.place]).filter(kind__in=TERRITORIES)
    found = list(under.exclude(children__kind__in=TERRITORIES).order_by("pk"))
    return found or [campaign.place]


def make_templates(packs: Path, home: Path) -> None:
    """Give each pack that the agency has no Zalo template for one that shows its key fact."""
    path = home / FILE_NAME
    told = path.read_text(encoding="utf-8") if path.exists() else ""
    known = {str(one.get("pack")) for one in tomllib.loads(told).get("template", [])}
    for pack in sorted(packs.glob("*/pack.toml")):
        key = tomllib.loads(pack.read_text(encoding="utf-8")).get("key_fact", "")
        facts = pack.parent / "facts.toml"
        if key and pack.parent.name not in known and facts.exists():
            kind = tomllib.loads(facts.read_text(encoding="utf-8"))[key]["kind"]
            told += "".join(_template(pack.parent.name, key, kind, of) for of in ("zns", "correction_zns"))
    path.write_text(told, encoding="utf-8")


def _template(pack: str, key: str, kind: str, of: str) -> str:
    number, said = ("900001", "Thông báo: mốc") if of == "zns" else ("900002", "Đính chính: mốc mới")
    form = "time" if kind == "date" else "product"
    return f"""
[[template]]
id = "{number}"
pack = "{pack}"
kind = "{of}"
title = "{said} <moc>"
text = "Kính gửi quý khách <ten>. {said} <moc>. <don_vi> không thu tiền và không hỏi mã OTP."
confirmed_by = "{SOURCE}"
confirmed_on = 2020-01-01
[template.params]
moc = {{ type = "{form}", value = "{{{key}}}" }}
ten = {{ type = "customer_name", value = "{{{{name|quý vị}}}}" }}
don_vi = {{ type = "product", value = "{{publisher}}" }}
"""


def next_value(kind: str, value: str) -> str:
    """Another value of a fact, such as a change would bring: a date a month later, a number one more."""
    if kind == "date":
        return (dt.date.fromisoformat(value) + dt.timedelta(days=30)).isoformat()
    return str(int(value) + 1) if value.lstrip("-").isdecimal() else f"{value} (đã đổi)"


def home() -> Path:
    """The copy's home."""
    found: Path = settings.LANTOA_HOME
    return found
