"""The addresses of the pages."""

from __future__ import annotations

from django.urls import path

from lantoa.web.views import (
    accounts,
    campaigns,
    corrections,
    dev,
    exposures,
    facts,
    field,
    history,
    kit,
    letters,
    public_page,
    questions,
    register,
    reports,
    work,
)

CAMPAIGN = "chien-dich/<slug:slug>"

urlpatterns = [
    path("", campaigns.list_campaigns, name="campaigns"),
    path("dang-nhap", accounts.sign_in, name="sign_in"),
    path("dang-xuat", accounts.sign_out, name="sign_out"),
    path("ngon-ngu", accounts.switch_language, name="switch_language"),
    path("nhan-van-ban", campaigns.upload_letter, name="upload_letter"),
    path("nhan-van-ban/<uuid:job_id>", campaigns.show_progress, name="progress"),
    path(CAMPAIGN, campaigns.show_overview, name="overview"),
    path(f"{CAMPAIGN}/van-ban", letters.show_letter, name="letter"),
    path(f"{CAMPAIGN}/viec", work.list_work, name="work"),
    path(f"{CAMPAIGN}/viec/<int:pk>", work.show_assignment, name="assignment"),
    path(f"{CAMPAIGN}/viec/<int:pk>/trang-thai", work.move, name="move_assignment"),
    path(f"{CAMPAIGN}/viec/<int:pk>/minh-chung", work.attach, name="attach_proof"),
    path(f"{CAMPAIGN}/minh-chung/<int:pk>", work.open_proof, name="proof"),
    path(f"{CAMPAIGN}/du-kien", facts.list_facts, name="facts"),
    path(f"{CAMPAIGN}/du-kien/<slug:key>", facts.show_fact, name="fact"),
    path(f"{CAMPAIGN}/bo-noi-dung", kit.list_kit, name="kit"),
    path(f"{CAMPAIGN}/bo-noi-dung.zip", kit.download_all, name="kit_zip"),
    path(f"{CAMPAIGN}/bo-noi-dung/<int:pk>", kit.show_rendering, name="rendering"),
    path(f"{CAMPAIGN}/bo-noi-dung/<int:pk>/tep", kit.open_file, name="rendering_file"),
    path(f"{CAMPAIGN}/bo-noi-dung/<int:pk>/trang-dau.png", kit.show_first_page, name="rendering_page"),
    path(f"{CAMPAIGN}/da-phat", exposures.list_exposures, name="exposures"),
    path(f"{CAMPAIGN}/da-phat.<str:ending>", exposures.export, name="exposures_file"),
    path(f"{CAMPAIGN}/cau-hoi", questions.list_questions, name="questions"),
    path(f"{CAMPAIGN}/cau-hoi/<int:pk>", questions.answer, name="answer_question"),
    path(f"{CAMPAIGN}/dinh-chinh", corrections.list_corrections, name="corrections"),
    path(f"{CAMPAIGN}/dinh-chinh/<int:pk>/thuc-hien", corrections.perform, name="carry_out"),
    path(f"{CAMPAIGN}/bao-cao", reports.list_figures, name="report"),
    path(f"{CAMPAIGN}/bao-cao.<str:kind>", reports.download, name="report_file"),
    path(f"{CAMPAIGN}/bao-cao/<slug:key>", reports.show_rows, name="figure"),
    path(f"{CAMPAIGN}/nhat-ky", history.list_history, name="history"),
    path("van-ban-den", register.list_letters, name="register"),
    path("van-ban-den.xlsx", register.export, name="register_file"),
    path("tham/<slug:slug>", field.visit, name="visit"),
    path("kiem-tra-may", field.check_phone, name="check_phone"),
    path("c/<slug:slug>/", public_page.show, name="public_page"),
    path("dev/outbox", dev.outbox, name="dev_outbox"),
    path("dev/letters", dev.letters, name="dev_letters"),
]
