"""What is done to evidence: proofs are attached and checked, the history is verified."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import pypdfium2
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone

from lantoa.evidence.history import verify_history
from lantoa.evidence.models import Proof
from lantoa.evidence.rules import (
    MAX_BYTES,
    MEDIA_TYPES,
    HistoryCheck,
    ProofCheck,
    ProofFacts,
    WorkFacts,
    check_proof,
    image_is_whole,
    media_type,
    taken_at,
)
from lantoa.lib.vietnamese import nfc
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from django.core.files.base import File

    from lantoa.campaigns.models import Assignment
    from lantoa.places.models import User

__all__ = ["HistoryCheck", "attach_proof", "check_attach_proof", "checks_of", "verify_history"]


def check_attach_proof(assignment: Assignment, shown: File[bytes] | str, by: User | None) -> str:
    """Check that `shown` may be attached, and tell its media type (`""` for an address).

    Raises `RefusedError`: no permission, not an address, too large, or not a type that is taken.
    """
    require(by, "attach_proof", assignment.place)
    if isinstance(shown, str):
        try:
            URLValidator(schemes=["http", "https"])(shown)
        except ValidationError:
            why = "Đường dẫn phải bắt đầu bằng https:// hoặc http://. Hãy chép lại từ trình duyệt."
            raise RefusedError(why) from None
        return ""
    if not shown.size:
        raise RefusedError("Tệp trống. Hãy chọn lại tệp.")
    if shown.size > MAX_BYTES:
        raise RefusedError(f"Tệp quá lớn, chỉ nhận đến {MAX_BYTES // 1024 // 1024} MB. Hãy chụp lại cỡ nhỏ hơn.")
    shown.seek(0)
    found = media_type(shown.read(32))
    if found is None:
        raise RefusedError(f"Không nhận loại tệp này. Các loại nhận được: {', '.join(MEDIA_TYPES.values())}.")
    return found


@transaction.atomic
def attach_proof(assignment: Assignment, shown: File[bytes] | str, by: User | None, note: str = "") -> Proof:
    """Attach a file or a web address to an assignment. The same one again is the proof that is there already.

    A file lies in the store under its SHA-256, so the store proves by itself that it has not been changed.
    """
    found = check_attach_proof(assignment, shown, by)
    if isinstance(shown, str):
        values = {"url": shown}
        proof, is_new = Proof.objects.get_or_create(assignment=assignment, **values, defaults={"by": by, "note": note})
    else:
        name = nfc(PurePath((shown.name or "").replace("\\", "/")).name)[-200:]
        defaults = {"by": by, "note": note, "file_name": name, "media_type": found}
        proof, is_new = Proof.objects.get_or_create(assignment=assignment, hash=_store(shown), defaults=defaults)
    if is_new:
        detail = {"assignment": assignment.pk, "hash": proof.hash, "url": proof.url, "file": proof.file_name}
        record(Event(by, "attach_proof", proof, assignment.task.campaign_id, detail))
    return proof


def _store(shown: File[bytes]) -> str:
    """Write the file under its hash, whole or not at all, and return the hash."""
    settings.LANTOA_STORE.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    handle, name = tempfile.mkstemp(dir=settings.LANTOA_STORE)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in shown.chunks():
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        path = settings.LANTOA_STORE / digest.hexdigest()[:2] / digest.hexdigest()
        path.parent.mkdir(exist_ok=True, mode=0o700)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def checks_of(proof: Proof) -> list[ProofCheck]:
    """Check a proof automatically: in time, readable, taken after the work was given, on the place's own site."""
    assignment = proof.assignment
    campaign = assignment.task.campaign
    own = [address for place in (assignment.place, campaign.place) for address in (place.portal_url, place.fanpage)]
    home = assignment.place.parent
    own += [home.portal_url, home.fanpage] if home else []
    work = WorkFacts(
        given_at=timezone.make_naive(campaign.opened_at), due_on=assignment.due_on,
        portals=tuple(address for address in own if address),
    )
    facts = ProofFacts(attached_at=timezone.localtime(proof.attached_at), url=proof.url)
    if proof.hash:
        facts = _file_facts(proof, facts)
    return check_proof(facts, work)


def _file_facts(proof: Proof, facts: ProofFacts) -> ProofFacts:
    if not proof.path.exists():
        return ProofFacts(facts.attached_at, is_readable=False)
    if proof.media_type == "application/pdf":
        return ProofFacts(facts.attached_at, is_readable=_pdf_opens(proof.path))
    data = proof.path.read_bytes()
    taken = taken_at(data) if proof.media_type == "image/jpeg" else None
    return ProofFacts(facts.attached_at, is_readable=image_is_whole(data), taken_at=taken)


def _pdf_opens(path: Path) -> bool:
    try:
        with pypdfium2.PdfDocument(path) as document:
            return len(document) > 0
    except pypdfium2.PdfiumError:
        return False
