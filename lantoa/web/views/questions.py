"""What the system would not guess, and the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from lantoa.campaigns.models import Question
from lantoa.places.models import Place
from lantoa.web.doors import attempt, campaign_page
from lantoa.web.forms import AnswerForm
from lantoa.web.frame import can, show
from lantoa.web.rules import name_of
from lantoa.web.templatetags.lantoa import day

if TYPE_CHECKING:
    from django.http import HttpResponse

    from lantoa.campaigns.models import Campaign
    from lantoa.web.doors import Asked


@campaign_page("see_campaign")
def list_questions(request: Asked, campaign: Campaign) -> HttpResponse:
    """Open questions by what they are about, then those answered."""
    rows = list(campaign.questions.select_related("answered_by", "task"))
    labels = dict(campaign.facts.values_list("key", "label"))
    for row in rows:
        row.subject = in_words(row, labels)
    context = {
        "open": [row for row in rows if row.answered_at is None],
        "answered": [row for row in rows if row.answered_at],
        "may_answer": can(request, "answer_question"),
    }
    return show(request, campaign, "questions", context)


def in_words(question: Question, labels: dict[str, str]) -> str:
    """What a question is about as people call it: the field of the letter, or the fact (`key` or `key = value`)."""
    subject: str = question.subject
    if question.about == Question.About.LETTER:
        return _(name_of(subject))
    key, equals, value = subject.partition(" = ")
    return f"{labels[key]}{equals}{day(value)}" if question.about == Question.About.FACT and key in labels else subject


@campaign_page("answer_question")
def answer(request: Asked, campaign: Campaign, pk: int) -> HttpResponse:
    """Answer one question; where it asks whom to give a task to, choose the places."""
    question = get_object_or_404(campaign.questions.select_related("task"), pk=pk)
    places = Place.objects.under([campaign.place]).on(campaign.as_of) if question.task else Place.objects.none()
    form = AnswerForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        from lantoa.campaigns.actions import answer_question  # noqa: PLC0415 - actions are loaded when one is called

        chosen = list(form.cleaned_data["places"])
        if attempt(request, lambda: answer_question(question, chosen, form.cleaned_data["text"], request.user)):
            messages.success(request, _("Đã ghi câu trả lời."))
            return redirect("questions", campaign.slug)
    labels = dict(campaign.facts.values_list("key", "label"))
    return show(
        request,
        campaign,
        "questions",
        {"template": "question", "question": question, "subject": in_words(question, labels), "form": form},
    )
