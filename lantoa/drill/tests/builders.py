"""A letter of a province, its tree and the small pack that a drill is held with in tests."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lantoa.campaigns.tests.builders import MESSAGE_PIECES, write_pack
from lantoa.cli.drill import own_environment

if TYPE_CHECKING:
    from pathlib import Path

PIECES = """
[[piece]]
kind = "correction_sms"
audience = "residents"
[piece.slots]
text = ["update_sms"]

[[piece]]
kind = "correction_email"
audience = "residents"
[piece.slots]
title = ["update_title"]
lead = ["update_lead"]

[[piece]]
kind = "correction_push"
audience = "residents"
[piece.slots]
title = ["update_title"]
text = ["update_sms"]

[[piece]]
kind = "correction_zns"
audience = "residents"
[piece.slots]
title = ["update_title"]
text = ["update_sms"]
"""
LETTER = """
ỦY BAN NHÂN DÂN
TỈNH MẪU

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Số: 12/UBND-NN
V/v tuyên truyền đo mưa

Mẫu, ngày 10 tháng 5 năm 2025

Kính gửi: Ủy ban nhân dân các phường.

Để người dân biết và thực hiện việc đo mưa, Ủy ban nhân dân tỉnh đề nghị như sau:

1. Ủy ban nhân dân các phường tuyên truyền về đo mưa trên Cổng thông tin điện tử phường.

Nơi nhận:
- Như trên;
- Lưu: VT.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Nguyễn Văn Mẫu
"""
PLACES = """code,name,kind,parent_code,valid_from,valid_to
90,Tỉnh Mẫu,province,,,
90-UB,Ủy ban nhân dân tỉnh Mẫu,committee,90,,
901,Phường Một,ward,90,,
901-UB,Ủy ban nhân dân phường Một,committee,901,,
902,Phường Hai,ward,90,,
902-UB,Ủy ban nhân dân phường Hai,committee,902,,
901.1,Tổ dân phố số 1,neighbourhood,901,,
902.1,Tổ dân phố số 1,neighbourhood,902,,
"""


def write_letter(folder: Path) -> Path:
    """Write the letter, with its tree beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "places.csv").write_text(PLACES, encoding="utf-8")
    letter = folder / "letter.txt"
    letter.write_text(LETTER, encoding="utf-8")
    return letter


def environment(home: Path) -> dict[str, str]:
    """The environment of a drill in `home`, with the small pack as the only one."""
    packs = write_pack(home / "packs", MESSAGE_PIECES, PIECES)
    return {**own_environment(os.environ, home), "LANTOA_PACKS": str(packs)}
