"""The pages on which words are written, compared and approved; what they mean is tested beside the actions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from lantoa.campaigns.actions import pack_of
from lantoa.campaigns.actions.opening import _first_version
from lantoa.campaigns.models import Campaign, Fact
from lantoa.content.models import Draft, Message
from lantoa.content.rules.findings import Finding
from lantoa.evidence.models import HistoryEntry
from lantoa.places.models import User
from lantoa.web import jobs
from lantoa.web.rules.marking import cut_at, shade
from lantoa.web.tests.builders import make_rendering

if TYPE_CHECKING:
    from django.conf import LazySettings
    from django.test import Client

    from lantoa.web.tests.builders import Cast, Land

LEAD = "Từ {cutoff_date|long}, máy chỉ có 2G dừng. Bà con {place} xem lại máy trong tuần này."


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    """The campaign with all facts of its pack: its pieces fill."""
    own = set(campaign.facts.values_list("key", flat=True))
    known = pack_of(campaign).facts_as_of(campaign.as_of)
    Fact.objects.bulk_create(_first_version(campaign, fact) for fact in known if fact.key not in own)
    return campaign


@pytest.fixture
def officer(client: Client, cast: Cast) -> Client:
    client.force_login(cast.officer)
    return client


def address(campaign: Campaign, page: str = "message", key: str = "lead") -> str:
    return reverse(page, args=[campaign.slug, key])


def send(client: Client, campaign: Campaign, page: str = "message", **values: Any) -> Any:
    values.setdefault("text", LEAD)
    values.setdefault("base", "0")
    return client.post(address(campaign, page), values)


def messages(campaign: Campaign, key: str = "lead") -> list[Message]:
    return list(Message.objects.filter(campaign=campaign, key=key, language="vi"))


# --- the list ----------------------------------------------------------------------------------------


def test_every_message_is_listed_with_what_it_is_for_and_how_it_stands(officer: Client, campaign: Campaign) -> None:
    page = officer.get(reverse("messages", args=[campaign.slug]), {"tim": "sẽ không gọi đi"}).content.decode()
    assert "Từ ngày 16 tháng 9 năm 2024, điện thoại chỉ có 2G" in page, "named as it will be printed"
    assert "Câu mở đầu" in page
    assert "Lời của gói" in page


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ({"tim": "ke lua dao"}, "warning", "lead"),
        ({"muc": "questions"}, "q_network", "title_article"),
        ({"trong": "sms"}, "sms_text", "title_article"),
        ({"tieng": "en", "tim": "b_hello"}, "Chưa có bản dịch", "lead"),
        ({"tinh": "thieu"}, "b_hello", "title_article"),
        ({"tinh": "cho-duyet"}, "Không có thông điệp nào khớp", "title_article"),
        ({"xep": "-ten"}, "<code>", "↑"),
    ],
)
def test_the_list_is_narrowed_and_sorted(
    officer: Client, campaign: Campaign, query: dict[str, str], there: str, gone: str
) -> None:
    page = officer.get(reverse("messages", args=[campaign.slug]), query).content.decode()
    assert there in page
    assert f"<code>{gone}</code>" not in page


def test_the_list_is_taken_away_with_all_words(officer: Client, campaign: Campaign) -> None:
    table = officer.get(reverse("messages_file", args=[campaign.slug, "csv"]), {"tim": "lead_short"})
    rows = table.content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Khóa;Tiếng;Mục đích;Dùng trong")
    assert rows[1].startswith("lead_short;Tiếng Việt;Câu mở đầu;")
    assert "{cutoff_date|long}" in rows[1]
    assert officer.get(reverse("messages_file", args=[campaign.slug, "xlsx"])).content.startswith(b"PK")
    assert officer.get(reverse("messages_file", args=[campaign.slug, "exe"])).status_code == 404


def test_without_its_pack_the_campaign_says_so(officer: Client, campaign: Campaign, settings: LazySettings) -> None:
    settings.LANTOA_PACKS = settings.LANTOA_HOME
    for page in ("messages", "approve_messages"):
        response = officer.get(reverse(page, args=[campaign.slug]), follow=True)
        assert "Không có gói nội dung" in response.content.decode(), page


# --- writing -----------------------------------------------------------------------------------------


def test_the_editor_shows_the_words_their_references_and_what_they_become(officer: Client, campaign: Campaign) -> None:
    page = officer.get(address(campaign)).content.decode()
    assert "Từ {cutoff_date|long}, điện thoại" in page
    assert re.search(r'name="insert" value="\{cutoff_date\|long\}"[^>]*>(<span[^>]*>)?ngày 16 tháng 9 năm 2024', page)
    assert "Bài đăng cổng thông tin" in page
    assert f'src="{address(campaign)}/xem-truoc/article?ngon-ngu=vi&amp;' in page.replace("\n", "")
    assert officer.get(address(campaign))["Cache-Control"] == "no-store"


def test_saving_adds_a_version_that_waits(officer: Client, campaign: Campaign, cast: Cast) -> None:
    response = send(officer, campaign, save="1", reason="rõ hơn")
    assert response.status_code == 302
    pack, row = messages(campaign)
    assert (pack.version, row.version, row.text, row.by, row.reason) == (0, 1, LEAD, cast.officer, "rõ hơn")
    page = officer.get(response["Location"]).content.decode()
    assert "Đã lưu phiên bản 1" in page
    assert "chờ duyệt" in page
    assert HistoryEntry.objects.get(verb="edit_message").by == cast.officer
    listed = officer.get(reverse("messages", args=[campaign.slug])).content.decode()
    assert "1 thông điệp có lời mới, chờ duyệt" in listed


def test_words_with_a_fault_are_kept_as_a_draft_and_the_fault_shown_at_its_place(
    officer: Client, campaign: Campaign, cast: Cast
) -> None:
    page = send(officer, campaign, save="1", text="Từ 16/9/2024 máy dừng.").content.decode()
    assert "Chưa lưu được: 1 lỗi" in page
    assert '<mark class="blocks">16/9/2024</mark>' in page
    assert 'value="text:3:12:{cutoff_date}"' in page
    assert messages(campaign) == []
    assert Draft.objects.get(writer=cast.officer).text == "Từ 16/9/2024 máy dừng."
    assert "Từ 16/9/2024 máy dừng." in officer.get(address(campaign)).content.decode()


def test_a_mend_and_a_reference_are_put_in_without_a_script_too(
    officer: Client, campaign: Campaign, cast: Cast
) -> None:
    send(officer, campaign, mend="text:3:12:{cutoff_date}", text="Từ 16/9/2024 máy dừng.")
    assert Draft.objects.get(writer=cast.officer).text == "Từ {cutoff_date} máy dừng."
    send(officer, campaign, insert="{place}", text="Máy dừng ở")
    assert Draft.objects.get(writer=cast.officer).text == "Máy dừng ở {place}"
    for wrong in ("text:90:95:x", "khac:1:2:x", "text:a:b:x", "x"):
        assert send(officer, campaign, mend=wrong, text="Máy dừng.").status_code == 200


def test_of_two_writers_the_second_sees_both_and_saves_after_the_first(
    client: Client, campaign: Campaign, cast: Cast
) -> None:
    client.force_login(cast.officer)
    send(client, campaign, save="1")
    client.force_login(cast.leader)
    page = send(client, campaign, save="1", text="Từ {cutoff_date|long}, máy chỉ có 2G dừng.").content.decode()
    assert "Nguyễn Thị Phụ Trách đã lưu phiên bản 1" in page
    assert re.search(r"<del>[^/]*Bà con .*?trong tuần này", page), "word by word"
    assert 'name="base" value="1"' in page
    assert len(messages(campaign)) == 2
    again = client.get(address(campaign)).content.decode()
    assert "Từ {cutoff_date|long}, máy chỉ có 2G dừng.</textarea>" in again, "nothing typed is lost"
    send(client, campaign, save="1", text="Từ {cutoff_date|long}, máy chỉ có 2G dừng.", base="1")
    assert [row.by for row in messages(campaign)][1:] == [cast.officer, cast.leader]


def test_a_draft_begun_before_somebody_saved_is_shown_beside_it(client: Client, campaign: Campaign, cast: Cast) -> None:
    client.force_login(cast.leader)
    send(client, campaign, "preview_message", text="Bản của lãnh đạo.")
    client.force_login(cast.officer)
    assert "Vũ Lãnh Đạo cũng đang sửa" in send(client, campaign, "preview_message").content.decode()
    send(client, campaign, save="1")
    client.force_login(cast.leader)
    assert "đã lưu phiên bản 1 lúc" in client.get(address(campaign)).content.decode()
    assert "vừa lưu phiên bản 1" in send(client, campaign, "preview_message", text="Bản khác.").content.decode()
    client.post(address(campaign, "drop_draft"), {})
    assert not Draft.objects.filter(writer=cast.leader).exists()
    assert LEAD in client.get(address(campaign)).content.decode()


def test_a_translation_is_written_beside_the_vietnamese(officer: Client, campaign: Campaign) -> None:
    page = officer.get(f"{address(campaign, key='b_hello')}?ngon-ngu=en").content.decode()
    assert "Chưa có bản dịch" in page
    sent = {"text": "Dear people of {place}.", "base": "", "ngon-ngu": "en", "save": "1"}
    officer.post(address(campaign, key="b_hello"), sent)
    row = Message.objects.get(campaign=campaign, key="b_hello", language="en")
    assert (row.version, row.text) == (1, "Dear people of {place}.")


# --- previews ----------------------------------------------------------------------------------------


def test_typing_keeps_a_draft_and_shows_faults_and_previews(officer: Client, campaign: Campaign, cast: Cast) -> None:
    part = officer.post(
        address(campaign, "preview_message", "sms_text"),
        {"text": "{publisher}: từ thứ Sáu {cutoff_date} máy dừng ngay lập tức.", "base": "0"},
    ).content.decode()
    assert "<html" not in part
    assert "Đã giữ bản nháp" in part
    assert 'hx-swap-oob="true"' in part
    assert "1 phần tin nhắn" in part
    assert '<mark class="blocks">thứ Sáu</mark>' in part
    assert re.search(r'name="mend" value="text:\d+:\d+:thứ Hai"', part)
    assert "thu Sau" in part, "the message without tones beside it"
    assert Draft.objects.get(writer=cast.officer).key == "sms_text"


def test_the_same_words_again_leave_no_draft(officer: Client, campaign: Campaign) -> None:
    send(officer, campaign, "preview_message")
    assert Draft.objects.count() == 1
    pack = re.search(r"<textarea[^>]*>([^<]*)</textarea>", officer.get(address(campaign)).content.decode())
    assert pack is not None
    officer.post(address(campaign, "drop_draft"), {})
    before = re.search(r'id="f-text"[^>]*>([^<]*)</textarea>', officer.get(address(campaign)).content.decode())
    assert before is not None
    part = send(officer, campaign, "preview_message", text=before[1]).content.decode()
    assert "Chưa có gì khác" in part
    assert not Draft.objects.exists()


def test_pages_pictures_and_sound_are_made_of_the_draft_when_asked_for(officer: Client, campaign: Campaign) -> None:
    send(officer, campaign, "preview_message", text="Lời đang viết {cutoff_date}.")
    page = officer.get(f"{address(campaign, 'preview_message')}/article")
    assert "Lời đang viết 16/9/2024." in page.content.decode()
    assert page["Content-Security-Policy"].startswith("sandbox;")
    assert "no-store" in page["Cache-Control"]
    picture = officer.get(f"{address(campaign, 'preview_message', 'lead_short')}/leaflet")
    assert picture["Content-Type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    gone = officer.get(f"{address(campaign, 'preview_message')}/poster")
    assert gone.status_code == 409
    assert "không có trong nội dung loại này" in gone.content.decode()


def test_a_preview_is_for_the_place_and_the_phase_chosen(officer: Client, campaign: Campaign, land: Land) -> None:
    other = land.communes[1]
    part = send(officer, campaign, "preview_message", **{"noi": other.code, "giai-doan": "t90"}).content.decode()
    assert other.name in part
    assert f"noi={other.code}" in part
    silent = send(officer, campaign, "preview_message", **{"giai-doan": "t3"}).content.decode()
    assert "Không nội dung nào nói thông điệp này" in silent


# --- versions and approval ---------------------------------------------------------------------------


def test_versions_say_who_when_why_and_what_changed(officer: Client, campaign: Campaign) -> None:
    before = officer.get(address(campaign, "message_versions")).content.decode()
    assert "Lời của gói" in before
    send(officer, campaign, save="1", reason="rõ hơn")
    page = officer.get(address(campaign, "message_versions"), {"cu": "0", "moi": "1"}).content.decode()
    assert "Nguyễn Thị Phụ Trách" in page
    assert "rõ hơn" in page
    assert "<ins>" in page
    assert "Từ phiên bản 0 sang phiên bản 1" in page
    assert '<span class="ref" title="{cutoff_date|long}">ngày 16 tháng 9 năm 2024</span>' in page
    assert officer.get(address(campaign, "message_versions", "khong-co")).status_code == 404


def test_the_packs_words_are_taken_again_as_a_new_version(officer: Client, campaign: Campaign) -> None:
    send(officer, campaign, save="1")
    response = officer.post(address(campaign, "restore_message"), {"version": "0", "base": "1"}, follow=True)
    assert "Đã lấy lại lời của phiên bản 0 thành phiên bản 2" in response.content.decode()
    pack, _one, back = messages(campaign)
    assert (back.restores, back.text, back.approved_at is not None) == (0, pack.text, True)
    late = officer.post(address(campaign, "restore_message"), {"version": "1", "base": "1"}, follow=True)
    assert "đã lưu phiên bản 2" in late.content.decode()
    assert officer.post(address(campaign, "restore_message"), {"version": "x"}).status_code == 404


def test_whoever_approves_sees_what_changed_and_the_kit_is_made(
    client: Client, campaign: Campaign, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "start", jobs.perform)
    client.force_login(cast.officer)
    send(client, campaign, save="1", reason="rõ hơn")
    row = messages(campaign)[-1]
    client.force_login(cast.leader)
    page = client.get(reverse("approve_messages", args=[campaign.slug])).content.decode()
    assert "rõ hơn" in page
    assert "<del>" in page
    assert f'name="message" value="{row.pk}" checked' in page
    response = client.post(reverse("approve_messages", args=[campaign.slug]), {"message": [row.pk]}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("kit", args=[campaign.slug])
    row.refresh_from_db()
    assert row.approved_by == cast.leader
    article = campaign.rendering_set.current().get(kind="article", place=campaign.place)
    assert "trong tuần này" in article.words
    assert "Không có lời nào chờ duyệt" in client.get(page_of(campaign)).content.decode()


def page_of(campaign: Campaign) -> str:
    return reverse("approve_messages", args=[campaign.slug])


def test_an_approval_that_fails_says_why_and_leads_back(
    officer: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "start", jobs.perform)
    words = {"text": "{publisher}: đổi máy ngay lập tức, trước ngày {cutoff_date}.", "base": "0", "save": "1"}
    officer.post(address(campaign, key="sms_text"), words)
    row = messages(campaign, "sms_text")[-1]
    response = officer.post(page_of(campaign), {"message": [row.pk]}, follow=True)
    page = response.content.decode()
    assert "Chưa duyệt được" in page
    assert f'href="{page_of(campaign)}">Quay lại' in page
    assert "Chưa chọn thông điệp" in officer.post(page_of(campaign), {}, follow=True).content.decode()


# --- who may -----------------------------------------------------------------------------------------


def test_a_clerk_writes_and_sees_but_does_not_approve(client: Client, campaign: Campaign, land: Land) -> None:
    clerk = User.objects.create_user(username="van-thu", role=User.Role.CLERK, place=land.district)
    client.force_login(clerk)
    send(client, campaign, save="1")
    page = client.get(page_of(campaign)).content.decode()
    assert "Bạn xem được nhưng không duyệt" in page
    assert client.post(page_of(campaign), {"message": [messages(campaign)[-1].pk]}).status_code == 403


@pytest.mark.parametrize("page", ["message", "preview_message", "restore_message", "drop_draft"])
def test_a_unit_reads_the_words_and_changes_none(client: Client, campaign: Campaign, cast: Cast, page: str) -> None:
    client.force_login(cast.unit_officer)
    assert client.post(address(campaign, page), {"text": LEAD, "save": "1"}).status_code == 403
    assert client.get(reverse("messages", args=[campaign.slug])).status_code == 200
    assert client.get(address(campaign, "message_versions")).status_code == 200
    client.force_login(cast.colleague)
    assert client.get(address(campaign, "message_versions")).status_code == 404


def test_unknown_messages_are_not_there(officer: Client, campaign: Campaign) -> None:
    assert officer.get(address(campaign, key="khong-co")).status_code == 404
    assert officer.get(f"{address(campaign)}?ngon-ngu=fr").status_code == 404


def test_own_words_are_shaded_and_what_was_found_is_never_cut() -> None:
    text = "một hai ba bốn"
    cuts = shade(cut_at(text, [Finding("hai ba", "", start=4, end=10)]), [(4, 7), (8, 14)])
    assert "".join(cut.text for cut in cuts) == text
    assert [(cut.text, cut.at, cut.is_own) for cut in cuts] == [
        ("một ", 0, False),
        ("hai ba", 1, True),
        (" bốn", 0, True),
    ]


def test_what_is_out_in_old_words_is_shown_and_replaced_by_a_plan(
    client: Client, campaign: Campaign, cast: Cast
) -> None:
    old = campaign.rendering_set.filter(kind="article").first()
    assert old is not None
    make_rendering(campaign, old.place, title="Lời mới", is_current=False)
    campaign.rendering_set.filter(pk=old.pk).update(is_current=False)
    campaign.rendering_set.filter(title="Lời mới").update(is_current=True)
    client.force_login(cast.officer)
    kit = reverse("kit", args=[campaign.slug])
    assert "1 nơi đang hiện lời cũ" in client.get(kit).content.decode()
    planned = client.post(reverse("plan_renewal", args=[campaign.slug]), follow=True)
    assert planned.redirect_chain[-1][0] == reverse("corrections", args=[campaign.slug])
    assert "Thay lời mới đã duyệt" in planned.content.decode()
    assert "Xác nhận và thực hiện 1 việc" in planned.content.decode()
    again = client.post(reverse("plan_renewal", args=[campaign.slug]), follow=True).content.decode()
    assert "Hãy thực hiện đính chính đó trước" in again
    client.force_login(cast.unit_officer)
    assert client.post(reverse("plan_renewal", args=[campaign.slug])).status_code == 403
