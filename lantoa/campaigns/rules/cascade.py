"""From the letter's tasks to assignments down the tree, and to questions where the tree does not say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantoa.places.rules import Tree, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lantoa.letters.rules.letter import Letter, LetterTask

# A channel kind that is people, not a medium -> the kind of place that holds them: the task is handed on to each.
HANDED_ON = {
    "community_digital_team": "digital_team",
    "project06_team": "project06_team",
    "school": "school",
}
TEAM_NAMES = {
    "digital_team": "tổ công nghệ số cộng đồng",
    "project06_team": "tổ công tác Đề án 06",
    "school": "trường học",
}


@dataclass(frozen=True, slots=True)
class PlannedAssignment:
    """Task number `task` (from 0) for one place; `given_by` is the place that hands it on."""

    task: int
    place_id: int
    phrase: str
    given_by: int | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Something a person must say: what it is about, the words, why, and the task it holds up (from 0)."""

    about: str
    subject: str
    why: str
    task: int | None = None


@dataclass(frozen=True, slots=True)
class CascadePlan:
    """What opening a campaign will assign and ask."""

    addressed: tuple[int, ...]
    assignments: tuple[PlannedAssignment, ...]
    asks: tuple[Ask, ...]


def plan_cascade(letter: Letter, tree: Tree, anchor_id: int) -> CascadePlan:
    """Resolve addressees and assignees from the issuer's territory `anchor_id`, and hand tasks on to teams."""
    addressed: list[int] = []
    asks: list[Ask] = []
    for line in letter.addressees:
        found = resolve(line, tree, anchor_id)
        addressed += found.place_ids
        asks += [Ask("addressee", part, _unknown(part)) for part in found.unresolved]
    assignments: list[PlannedAssignment] = []
    for number, task in enumerate(letter.tasks):
        mine, questions = _assign(number, task, tree, anchor_id, tuple(dict.fromkeys(addressed)))
        assignments += mine
        asks += questions
    return CascadePlan(tuple(dict.fromkeys(addressed)), tuple(_once(assignments)), tuple(asks))


def _assign(
    number: int,
    task: LetterTask,
    tree: Tree,
    anchor_id: int,
    addressed: tuple[int, ...],
) -> tuple[list[PlannedAssignment], list[Ask]]:
    assignments: list[PlannedAssignment] = []
    asks: list[Ask] = []
    if not task.assignees:
        asks.append(
            Ask("assignee", f"mục {task.index or number + 1}", "văn bản không nói rõ giao việc này cho ai", number)
        )
    for phrase in task.assignees:
        found = resolve(phrase, tree, anchor_id, addressed)
        asks += [Ask("assignee", part, _unknown(part), number) for part in found.unresolved]
        for place_id in found.place_ids:
            assignments.append(PlannedAssignment(number, place_id, phrase))
            handed = list(_hand_on(number, task, tree, place_id))
            assignments += handed
            asks += _missing_teams(number, task, tree, place_id, handed)
    return assignments, asks


def _hand_on(number: int, task: LetterTask, tree: Tree, place_id: int) -> Iterator[PlannedAssignment]:
    territory = tree.territory(place_id)
    kinds = {HANDED_ON[kind] for kind in task.channels if kind in HANDED_ON}
    for place in tree.below(territory.id) if territory and kinds else ():
        if place.kind in kinds and place.id != place_id:
            yield PlannedAssignment(number, place.id, place.name, given_by=place_id)


def _missing_teams(
    number: int, task: LetterTask, tree: Tree, place_id: int, handed: Sequence[PlannedAssignment]
) -> Iterator[Ask]:
    """What is to be handed on where the tree has nobody to take it."""
    territory = tree.territory(place_id)
    found = {tree.by_id[item.place_id].kind for item in handed} | {tree.by_id[place_id].kind}
    for channel_kind in task.channels:
        kind = HANDED_ON.get(channel_kind)
        if territory and kind and kind not in found:
            why = f"cây đơn vị chưa có {TEAM_NAMES[kind]} nào ở {territory.name} để nhận việc này"
            yield Ask("assignee", f"{TEAM_NAMES[kind]} ({territory.name})", why, number)


def _once(assignments: Sequence[PlannedAssignment]) -> Iterator[PlannedAssignment]:
    seen: set[tuple[int, int]] = set()
    for assignment in sorted(assignments, key=lambda item: item.given_by is not None):
        if (assignment.task, assignment.place_id) not in seen:
            seen.add((assignment.task, assignment.place_id))
            yield assignment


def _unknown(part: str) -> str:
    return f"không tìm thấy, hoặc có hơn một đơn vị ứng với “{part}” trong cây đơn vị"
