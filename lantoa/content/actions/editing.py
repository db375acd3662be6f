"""Editing the words of a message: new versions, the pack's or an old one taken again, and drafts kept as one types."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from lantoa.campaigns.actions import pack_of
from lantoa.campaigns.models import Campaign
from lantoa.content.actions.composing import values_of, words_of_version
from lantoa.content.actions.making import take_messages
from lantoa.content.models import Draft, Message
from lantoa.content.rules.check_words import Subject, check_words
from lantoa.content.rules.editing import FIELDS, Words, entry_of, is_question, reworded
from lantoa.places.events import Event, record
from lantoa.places.permits import RefusedError, require

if TYPE_CHECKING:
    from lantoa.content.rules.check_words import Fault
    from lantoa.places.models import User

AT_WORK = dt.timedelta(minutes=15)
"""Somebody whose draft was kept so lately is writing now."""
MOST_KEPT = 50_000
"""Characters of one field of a draft: more than may be saved, so that what is too long can still be cut."""
_FIELDS = {"title": "tiêu đề", "text": "lời văn", "short": "bản ngắn", "long": "bản dài"}


@dataclass(frozen=True, slots=True)
class Edit:
    """New words of a message in one language, and the version they were begun from.

    That is 0 for the pack's own words, and None where it had no words in this language.
    """

    key: str
    language: str
    words: Words
    base: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Restoring:
    """The version whose words are taken again; 0 is what the pack says. `base` is the newest one that was seen."""

    key: str
    language: str
    version: int
    base: int | None


class EditedMeanwhileError(RefusedError):
    """Somebody saved other words since these were begun; `newest` are theirs. Nothing was overwritten."""

    def __init__(self, newest: Message) -> None:
        self.newest = newest
        who = newest.by or "Người quản trị"
        super().__init__(
            f"{who} đã lưu phiên bản {newest.version} trong lúc bạn đang sửa. Lời của bạn còn nguyên trong bản nháp: "
            "hãy so sánh hai bản rồi lưu lại."
        )


def newest_of(campaign: Campaign, key: str, language: str) -> Message | None:
    """The newest version of a message in one language."""
    rows = Message.objects.filter(campaign=campaign, key=key, language=language)
    return rows.select_related("by", "approved_by").order_by("-version").first()


def words_of_message(campaign: Campaign, key: str, language: str) -> tuple[Words, int | None]:
    """The newest words of a message and their version; before the first kit is made, what the pack says."""
    row, pack = newest_of(campaign, key, language), pack_of(campaign)
    if row is not None:
        return words_of_version(row, pack), row.version
    entry = entry_of(pack, key, language)
    return (Words.of(entry), 0) if entry else (Words(), None)


def words_of_row(campaign: Campaign, row: Message) -> Words:
    """What one version says."""
    return words_of_version(row, pack_of(campaign))


def in_use_of(campaign: Campaign, key: str, language: str) -> Message | None:
    """The version renderings are made of."""
    rows = Message.objects.filter(campaign=campaign, key=key, language=language, approved_at__isnull=False)
    return rows.select_related("by", "approved_by").order_by("-version").first()


def subject_of(campaign: Campaign, key: str, language: str) -> Subject:
    """What the words of a message may say. Raises `RefusedError` when the pack has no such message or language."""
    pack = pack_of(campaign)
    if entry_of(pack, key) is None:
        raise RefusedError(f"Gói nội dung không có thông điệp “{key}”. Hãy chọn trong danh sách thông điệp.")
    if language != "vi" and pack.language(language) is None:
        raise RefusedError(f"Gói nội dung không có thứ tiếng “{language}”.")
    rows = Message.objects.filter(campaign=campaign).newest()
    own = {(row.key, row.language): words_of_version(row, pack) for row in rows}
    return Subject(reworded(pack, own), key, values_of(campaign.facts.current()), language)


def check_edit_message(campaign: Campaign, edit: Edit, by: User | None) -> Message | None:
    """The version these words follow. Raises `RefusedError` naming the first fault, `EditedMeanwhileError` when
    somebody saved other words since.
    """  # noqa: D205 - two refusals, one sentence
    require(by, "edit_message", campaign.place)
    subject = subject_of(campaign, edit.key, edit.language)
    newest = newest_of(campaign, edit.key, edit.language)
    if newest is not None and newest.version != edit.base:
        raise EditedMeanwhileError(newest)
    faults = check_words(edit.words, subject)
    if faults:
        raise RefusedError(_refusal(faults))
    return newest


def _refusal(faults: list[Fault]) -> str:
    first = faults[0]
    quoted = f" “{first.found}”:" if first.found else ""
    mend = f" Nên thay bằng: {first.new}" if first.new else ""
    return f"Chưa lưu được: {len(faults)} lỗi. Lỗi đầu tiên, ở {_FIELDS[first.field]}:{quoted} {first.why}.{mend}"


@transaction.atomic
def edit_message(campaign: Campaign, edit: Edit, by: User | None) -> Message:
    """Add a version with these words; the same words again add none. They wait for approval: nothing is made of them.

    Words that are those in use again need no new approval.
    """
    edit = _prepared(campaign, edit, by)
    before = check_edit_message(campaign, edit, by)
    row = _add_version(campaign, edit, before, by)
    if row.pk != getattr(before, "pk", None):
        detail = {"key": row.key, "language": row.language, "version": row.version, "reason": row.reason}
        record(Event(by, "edit_message", row, campaign.pk, detail))
    return row


def check_restore_message(campaign: Campaign, restoring: Restoring, by: User | None) -> Message:
    """The old version whose words are taken. Raises as `check_edit_message`, and when there is no such version."""
    require(by, "edit_message", campaign.place)
    rows = Message.objects.filter(campaign=campaign, key=restoring.key, language=restoring.language)
    old = rows.filter(version=restoring.version).first()
    if old is None:
        raise RefusedError(f"Thông điệp này không có phiên bản {restoring.version}.")
    return old


@transaction.atomic
def restore_message(campaign: Campaign, restoring: Restoring, by: User | None) -> Message:
    """Take the words of an old version again, as a new one; the history stays. Version 0 is what the pack says."""
    old = check_restore_message(campaign, restoring, by)
    words = words_of_version(old, pack_of(campaign))
    edit = _prepared(campaign, Edit(restoring.key, restoring.language, words, restoring.base), by)
    before = check_edit_message(campaign, edit, by)
    row = _add_version(campaign, edit, before, by, restores=old.version)
    if row.pk != getattr(before, "pk", None):
        detail = {"key": row.key, "language": row.language, "version": row.version, "restores": old.version}
        record(Event(by, "restore_message", row, campaign.pk, detail))
    return row


def _prepared(campaign: Campaign, edit: Edit, by: User | None) -> Edit:
    """Number versions one at a time, have the pack's own as version 0, and tidy the words."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    require(by, "edit_message", campaign.place)
    take_messages(campaign, pack_of(campaign), None)
    return replace(edit, words=edit.words.tidied(), reason=edit.reason.strip()[:300])


def _add_version(
    campaign: Campaign, edit: Edit, before: Message | None, by: User | None, restores: int | None = None
) -> Message:
    Draft.objects.filter(campaign=campaign, key=edit.key, language=edit.language, writer=by).delete()
    pack = pack_of(campaign)
    if before is not None and words_of_version(before, pack) == edit.words:
        return before
    in_use = in_use_of(campaign, edit.key, edit.language)
    approved = in_use if in_use is not None and words_of_version(in_use, pack) == edit.words else None
    entry = entry_of(pack, edit.key)
    return Message.objects.create(
        campaign=campaign,
        key=edit.key,
        language=edit.language,
        version=before.version + 1 if before is not None else 1,
        **{name: getattr(edit.words, name) for name in FIELDS},
        is_question=is_question(pack, edit.key),
        is_optional=entry is not None and entry.optional,
        reason=edit.reason,
        restores=restores,
        by=by,
        approved_at=approved.approved_at if approved else None,
        approved_by=approved.approved_by if approved else None,
    )


# --- drafts ------------------------------------------------------------------------------------------


def keep_draft(campaign: Campaign, edit: Edit, writer: User) -> Draft | None:
    """Keep what somebody is writing; None, and nothing kept, where it is what the version it was begun from says.

    A draft is its writer's own paper: it is no act in the campaign and leaves no entry in the history.
    """
    require(writer, "edit_message", campaign.place)
    subject_of(campaign, edit.key, edit.language)
    slot: dict[str, Any] = {"campaign": campaign, "key": edit.key, "language": edit.language, "writer": writer}
    words = edit.words
    if any(len(text) > MOST_KEPT for text in words.texts().values()):
        raise RefusedError(f"Bản nháp dài quá {MOST_KEPT} ký tự nên chưa lưu được. Hãy rút ngắn.")
    if words.tidied() == _begun_from(campaign, edit):
        Draft.objects.filter(**slot).delete()
        return None
    values = {name: getattr(words, name) for name in FIELDS} | {"base": edit.base}
    draft, _made = Draft.objects.update_or_create(**slot, defaults=values)
    return draft


def _begun_from(campaign: Campaign, edit: Edit) -> Words:
    """What the version says that a text was begun from."""
    pack = pack_of(campaign)
    rows = Message.objects.filter(campaign=campaign, key=edit.key, language=edit.language)
    row = None if edit.base is None else rows.filter(version=edit.base).first()
    if row is not None:
        return words_of_version(row, pack)
    entry = entry_of(pack, edit.key, edit.language)
    return Words.of(entry) if entry else Words()


def drop_draft(campaign: Campaign, key: str, language: str, writer: User) -> None:
    """Throw away what somebody was writing."""
    Draft.objects.filter(campaign=campaign, key=key, language=language, writer=writer).delete()


def others_at_work(campaign: Campaign, key: str, language: str, user: User) -> list[Draft]:
    """Drafts of the same message that others are writing just now."""
    rows = Draft.objects.filter(campaign=campaign, key=key, language=language, kept_at__gte=timezone.now() - AT_WORK)
    return list(rows.exclude(writer=user).select_related("writer"))
