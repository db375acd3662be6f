"""The feed of a public page: valid, true to the ledger, and silent about what was true before."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from lxml import etree

from lantoa.campaigns.models import Fact
from lantoa.content.makers.tests.builders import found
from lantoa.content.makers.tests.test_write_feed import NS, SCHEMA
from lantoa.delivery.models import Publication
from lantoa.web.tests.builders import ON, make_rendering

if TYPE_CHECKING:
    from django.test import Client

    from lantoa.campaigns.models import Campaign
    from lantoa.web.tests.builders import Land

LATER = ON + dt.timedelta(days=20)


def feed(client: Client, campaign: Campaign, form: str = "atom", **asked: str) -> Any:
    return client.get(reverse("public_feed", args=[campaign.slug, form]), {"noi": "c0", **asked})


def said(root: etree._Element, path: str) -> str:
    (text,) = found(root, f"string({path})", NS)
    return str(text)


def correct(campaign: Campaign, land: Land, value: str = "2024-10-16", version: int = 2) -> None:
    """The date moved, and the page was replaced."""
    old = campaign.facts.get(key="cutoff_date", version=1)
    values = {**{f.attname: getattr(old, f.attname) for f in Fact._meta.fields}, "version": version, "value": value}
    Fact.objects.create(**{key: one for key, one in values.items() if key not in {"id", "recorded_at"}})
    stood = Publication.objects.get(place=land.committees[0], live_to=None)
    new = make_rendering(campaign, land.communes[0], facts={"cutoff_date": version}, is_current=False)
    Publication.objects.filter(pk=stood.pk).update(live_to=LATER)
    Publication.objects.create(
        campaign=campaign, rendering=new, place=stood.place, channel=stood.channel, channel_kind=stood.channel_kind,
        facts=new.facts, state="sent", live_from=LATER + dt.timedelta(days=version), target="x",
    )  # fmt: skip


def test_it_is_an_atom_feed_anyone_may_read_and_the_page_names_it(client: Client, campaign: Campaign) -> None:
    response = feed(client, campaign)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = etree.fromstring(response.content)
    SCHEMA.assertValid(root)
    assert said(root, "a:title") == "Dừng công nghệ 2G – Xã Bến Mẫu"
    assert said(root, "a:entry/a:author/a:name") == "Ủy ban nhân dân xã Bến Mẫu"
    assert said(root, "a:entry/a:link/@href").endswith(f"/c/{campaign.slug}/?noi=c0")
    assert "<script" not in said(root, "a:entry/a:content")
    assert "16/9/2024" in said(root, "a:entry/a:content")
    page = client.get(reverse("public_page", args=[campaign.slug]), {"noi": "c0"}).content.decode()
    assert f'type="application/atom+xml" title="Atom" href="/c/{campaign.slug}/tin.atom?noi=c0"' in page
    assert "sessionid" not in response.cookies


def test_the_same_is_there_as_rss(client: Client, campaign: Campaign) -> None:
    response = feed(client, campaign, "rss")
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    item = etree.fromstring(response.content).find("channel/item")
    assert item is not None
    atom = etree.fromstring(feed(client, campaign).content)
    assert item.findtext("guid") == said(atom, "a:entry/a:id")


def test_a_reader_that_has_it_is_not_sent_it_again(client: Client, campaign: Campaign) -> None:
    first = feed(client, campaign)
    address = reverse("public_feed", args=[campaign.slug, "atom"])
    for headers in ({"if-none-match": first["ETag"]}, {"if-none-match": f"W/{first['ETag']}"}):
        again = client.get(address, {"noi": "c0"}, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        assert "max-age=300" in again["Cache-Control"]
    assert client.get(address, {"noi": "c0"}, headers={"if-none-match": '"x"'}).status_code == 200
    since = ON.strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert client.get(address, {"noi": "c0"}, headers={"if-modified-since": since}).status_code == 304


def test_a_corrected_entry_keeps_its_id_and_says_what_holds_now_but_never_what_held_before(
    client: Client, campaign: Campaign, land: Land
) -> None:
    before = etree.fromstring(feed(client, campaign).content)
    correct(campaign, land)
    response = feed(client, campaign)
    after = etree.fromstring(response.content)
    SCHEMA.assertValid(after)
    assert said(after, "a:entry/a:id") == said(before, "a:entry/a:id")
    assert said(after, "a:entry/a:updated") > said(before, "a:entry/a:updated")
    assert said(after, "a:entry/a:published") == said(before, "a:entry/a:published")
    assert said(after, "a:entry/a:content").startswith("<p><strong>Đã cập nhật. Nay là: Ngày dừng 2G: 16/10/2024.")
    told = said(after, "a:entry/a:summary").partition("Nay là: ")[2]
    assert told.startswith("Ngày dừng 2G: 16/10/2024")
    assert "16/9/2024" not in told.partition(".")[0]


def test_a_value_that_came_back_has_not_changed(client: Client, campaign: Campaign, land: Land) -> None:
    correct(campaign, land)
    correct(campaign, land, "2024-09-16", 3)
    assert "Đã cập nhật" not in feed(client, campaign).content.decode()


def test_the_english_feed_is_in_english(client: Client, campaign: Campaign, land: Land) -> None:
    correct(campaign, land)
    make_rendering(campaign, land.communes[0], words="English", language="en", facts={"cutoff_date": 2})
    response = feed(client, campaign, lang="en")
    assert response["Content-Language"] == "en"
    root = etree.fromstring(response.content)
    assert found(root, "a:entry/@xml:lang", NS) == ["en"]
    assert "Updated. What holds now: Ngày dừng 2G: 16 October 2024." in said(root, "a:entry/a:summary")


def test_where_nothing_stands_the_feed_is_empty_and_where_no_campaign_is_there_is_none(
    client: Client, campaign: Campaign
) -> None:
    Publication.objects.update(live_to=LATER)
    root = etree.fromstring(feed(client, campaign).content)
    SCHEMA.assertValid(root)
    assert not found(root, "a:entry", NS)
    assert feed(client, campaign, "json").status_code == 404
    campaign.is_rehearsal = True
    campaign.save()
    assert feed(client, campaign).status_code == 404
