"""What an installation may say of an account at a message centre, and of how its messages are formed."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from lantoa.lib.options import OptionError
from lantoa.lib.smpp.client import Bind, Endpoint, Keeper, Kind, Waits
from lantoa.lib.smpp.connection import Timing
from lantoa.lib.smpp.pdu import Login, SubmitForm, relative_time
from lantoa.lib.smpp.receipts import IdForm  # noqa: TC001 - read at run time by read_options
from lantoa.lib.smpp.text import DefaultAlphabet, LongText  # noqa: TC001 - as above

Judgement = Literal["slow", "later", "never", "refused"]
"""What one of a centre's own status codes means."""


@dataclass(frozen=True, slots=True)
class Access:
    """How an account is reached."""

    host: str
    system_id: str
    port: int = 2775
    password: str = ""
    password_file: str = ""
    system_type: str = ""
    bind: Literal["transceiver", "pair", "transmitter"] = "transceiver"
    connections: int = 1
    addr_ton: int = 0
    addr_npi: int = 0
    address_range: str = ""
    tls: bool = False
    tls_ca: str = ""
    tls_name: str = ""
    tls_certificate: str = ""
    tls_key: str = ""
    connect_timeout: float = 10.0
    answer_timeout: float = 30.0
    enquire_link: float = 30.0
    reconnect: float = 1.0

    def binds(self, keeper: Keeper, window: int) -> list[Bind]:
        """The binds of the account, none of them begun; the window is shared out. Raises `OptionError`."""
        if not 1 <= self.connections <= window:
            raise OptionError(f"connections = {self.connections}: phải từ 1 đến window ({window})")
        for name in ("connect_timeout", "answer_timeout", "enquire_link", "reconnect"):
            if getattr(self, name) <= 0:
                raise OptionError(f"{name} phải là số giây lớn hơn 0")
        endpoint = Endpoint(self.host, self.port, self._tls(), self.tls_name)
        login, timing = self._login(), Timing(self.connect_timeout, self.answer_timeout, self.enquire_link)
        share, over = divmod(window, self.connections)
        kinds: tuple[Kind, ...] = ("transmitter", "receiver") if self.bind == "pair" else (self.bind,)
        return [
            Bind(kind, endpoint, login, keeper, share + (number < over), timing, Waits(self.reconnect))
            for number in range(self.connections) for kind in kinds
        ]

    def _login(self) -> Login:
        login = Login(
            self.system_id, self._password(), self.system_type, self.addr_ton, self.addr_npi, self.address_range,
        )
        try:
            login.body()
        except ValueError as error:
            what = str(error).replace(repr(login.password), "…")
            raise OptionError(f"giao thức SMPP 3.4 không chứa được giá trị này ({what})") from None
        return login

    def _password(self) -> str:
        if not self.password_file:
            return self.password
        try:
            return Path(self.password_file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise OptionError(f"password_file: không đọc được {self.password_file} ({error})") from error

    def _tls(self) -> ssl.SSLContext | None:
        if not self.tls:
            return None
        try:
            context = ssl.create_default_context(cafile=self.tls_ca or None)
            if self.tls_certificate:
                context.load_cert_chain(self.tls_certificate, self.tls_key or None)
        except OSError as error:
            raise OptionError(f"tls_ca, tls_certificate, tls_key: không đọc được chứng chỉ ({error})") from error
        return context


@dataclass(frozen=True, slots=True)
class Forming:
    """How the messages of an account are formed, and how its centre is to be understood."""

    source_addr: str = ""
    source_ton: int = -1
    source_npi: int = -1
    dest_ton: int = 1
    dest_npi: int = 1
    service_type: str = ""
    protocol_id: int = 0
    priority: int = 0
    validity_hours: int = 24
    receipts: bool = True
    gsm7_coding: int = 0
    ucs2_coding: int = 8
    default_alphabet: DefaultAlphabet = "gsm"
    long_text: LongText = "udh"
    country_code: str = "84"
    answer_ids: IdForm = "text"
    receipt_ids: IdForm = "text"
    codes: dict[str, Judgement] = field(default_factory=dict)

    def form(self) -> SubmitForm:
        """What is the same in every message. Raises `OptionError`.

        A sender that is no number is alphanumeric (TON 5, NPI 0, SMPP 3.4 §5.2.5); a short number is of no known kind.
        """
        is_name = not self.source_addr.lstrip("+").isdigit()
        ton, npi = (5, 0) if is_name else (1, 1) if len(self.source_addr) > 6 else (0, 1)
        try:
            form = SubmitForm(
                self.source_addr, ton if self.source_ton < 0 else self.source_ton,
                npi if self.source_npi < 0 else self.source_npi, self.dest_ton, self.dest_npi, self.service_type,
                self.protocol_id, self.priority, relative_time(self.validity_hours), int(self.receipts),
            )
            for coding in (self.gsm7_coding, self.ucs2_coding):
                form.tail(coding)
            form.head()
        except ValueError as error:
            raise OptionError(f"giao thức SMPP 3.4 không chứa được giá trị này ({error})") from error
        return form

    def judgements(self) -> dict[int, Judgement]:
        """The centre's own codes by number. Raises `OptionError`."""
        try:
            return {int(code, 0): judgement for code, judgement in self.codes.items()}
        except ValueError as error:
            raise OptionError(f'codes: mã phải là số, như "0x0401" ({error})') from error
