"""Schemes as documents: loaded as a draft version, signed into force by three people, then immutable."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.company_fixtures import Company
from tests.support.refusals import refused
from tests.support.world import BY_PASSWORD
from workflow.errors import Reason, Refusal
from workflow.models.database import db
from workflow.models.schemes import SchemeSignature, SchemeVersion
from workflow.scoring.periods import Period
from workflow.services.accounts.identify import Proof
from workflow.services.record import verify_records
from workflow.services.record.verify_cards import faults_of_scheme
from workflow.services.schemes import maintain_schemes
from workflow.services.scorecards.asking import Asked

SCHEME: Mapping[str, Any] = {
    "code": "small",
    "title": "小方案",
    "frequency": "month",
    "subject": "unit",
    "sections": [
        {
            "code": "all",
            "title": "全部",
            "items": [
                {"code": "quality", "title": "质量", "rule": {"kind": "rating", "levels": {"好": "100", "差": "0"}}}
            ],
        }
    ],
}


OCTOBER = Period.parse("2026-10")


def load(company: Company, *, by: str = "admin", **changes: Any) -> SchemeVersion:
    return maintain_schemes.load_version(company.actor(by), company.clock, {**SCHEME, **changes})


def move(
    company: Company, version: SchemeVersion, username: str, trigger: str, *, seen: int | None = -1, **asked: Any
) -> SchemeVersion:
    start = asked.pop("effective_from", None)
    request = Asked(trigger, asked.pop("proof", BY_PASSWORD), **asked)
    company.clock.advance(minutes=1)
    return maintain_schemes.move(
        company.actor(username),
        company.clock,
        version.code,
        version.number,
        request,
        seen_version=version.version if seen == -1 else seen,
        effective_from=start,
    )


def signed(company: Company, *steps: tuple[str, str]) -> SchemeVersion:
    version = load(company)
    for username, trigger in steps:
        move(company, version, username, trigger)
    return version


PREPARED = (("admin", "prepare"),)
REVIEWED = (*PREPARED, ("reviewer", "review"))
APPROVED = (*REVIEWED, ("approver", "approve"))


def standing(version: SchemeVersion) -> list[tuple[str, str]]:
    return [(each.meaning, each.name) for each in maintain_schemes.standing_signatures(version.id)]


def test_each_loading_makes_the_next_version_as_a_draft(company: Company) -> None:
    first, second = load(company), load(company)
    assert [(each.code, each.number, each.state) for each in (first, second)] == [
        ("small", 1, "draft"),
        ("small", 2, "draft"),
    ]
    ((record, _),) = company.records(second.id)
    assert (record.event, record.role, record.version) == ("scheme.load", "administrator", 1)


def test_what_is_stored_is_read_back_as_the_same_scheme(company: Company) -> None:
    version = load(company)
    scorer = maintain_schemes.scorer_of(version.id)
    db.session.expire_all()
    assert version.content == scorer.scheme.to_data()


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"title": "长" * 129}, "title"),
        ({"code": "x" * 65}, "code"),
        ({"frequency": "fortnight"}, "frequency"),
        ({"unheard_of": 1}, "unheard_of"),
        ({"sections": []}, "sections"),
    ],
)
def test_a_wrong_scheme_is_refused_with_the_path_of_its_fault(
    company: Company, changes: dict[str, Any], path: str
) -> None:
    with refused(Reason.INVALID_INPUT, path):
        load(company, **changes)


def test_only_the_administrator_loads_schemes(company: Company) -> None:
    with refused(Reason.NO_GRANT):
        load(company, by="reviewer")


def test_three_people_bring_it_into_force(company: Company) -> None:
    assert maintain_schemes.in_force("small", OCTOBER) is None
    version = signed(company, *APPROVED)
    assert standing(version) == [("prepare", "绩效管理岗"), ("review", "李强"), ("approve", "王敏")]
    assert len({each.digest for each in maintain_schemes.standing_signatures(version.id)}) == 1
    in_force = maintain_schemes.in_force("small", OCTOBER)
    assert in_force is not None
    assert in_force.id == version.id
    roles = [record.role for record, _ in company.records(version.id)]
    assert roles == ["administrator", "administrator", "reviewer", "approver"]


def test_a_newer_draft_does_not_replace_what_is_in_force_until_it_is_approved(company: Company) -> None:
    first = signed(company, *APPROVED)
    second = signed(company, *REVIEWED)
    assert maintain_schemes.in_force("small", OCTOBER) == first
    move(company, second, "approver", "approve")
    assert maintain_schemes.in_force("small", OCTOBER) == second
    move(company, second, "admin", "retire")
    assert maintain_schemes.in_force("small", OCTOBER) == first
    assert maintain_schemes.newest("small").number == 2


def test_a_version_counts_from_the_period_for_which_it_was_signed(company: Company) -> None:
    first, second = signed(company, *APPROVED), load(company)
    move(company, second, "admin", "prepare", effective_from="2026-11")
    for step in APPROVED[1:]:
        move(company, second, *step)
    assert second.effective_from == "2026-11"
    assert maintain_schemes.in_force("small", OCTOBER) == first
    assert maintain_schemes.in_force("small", OCTOBER.next()) == second


def test_a_start_that_was_signed_is_proved_with_the_content(company: Company) -> None:
    version = load(company)
    move(company, version, "admin", "prepare", effective_from="2026-11")
    for step in APPROVED[1:]:
        move(company, version, *step)
    assert verify_records.verify().fault is None
    columns = ("id", "meaning", "name", "digest", "at")
    given = [{name: getattr(row, name) for name in columns} for row in seals(version)]
    said = {"state": version.state, "content": version.content, "effective_from": "2026-11"}
    assert list(faults_of_scheme(said, {"scheme_signature": given}, frozenset())) == []
    moved = {**said, "effective_from": "2026-12"}
    assert len(list(faults_of_scheme(moved, {"scheme_signature": given}, frozenset()))) == len(APPROVED)


def seals(version: SchemeVersion) -> Sequence[SchemeSignature]:
    query = select(SchemeSignature).where(SchemeSignature.scheme_version_id == version.id)
    return db.session.scalars(query.order_by(SchemeSignature.at)).all()


def test_its_start_is_a_period_of_its_frequency_said_when_it_is_prepared(company: Company) -> None:
    version = load(company)
    with refused(Reason.INVALID_INPUT, "effective_from"):
        move(company, version, "admin", "prepare", effective_from="2026-Q4")
    move(company, version, "admin", "prepare")
    with refused(Reason.INVALID_INPUT, "effective_from"):
        move(company, version, "reviewer", "review", effective_from="2026-11")


def test_a_draft_has_no_signature_that_stands(company: Company) -> None:
    version = signed(company, *REVIEWED)
    move(company, version, "approver", "return", reason="条款有误请改")
    assert (version.state, standing(version)) == ("draft", [])


def test_a_return_to_prepared_takes_back_the_review_only(company: Company) -> None:
    version = signed(company, *REVIEWED)
    move(company, version, "approver", "return", reason="请再审一遍", to="prepared")
    assert (version.state, standing(version)) == ("prepared", [("prepare", "绩效管理岗")])
    move(company, version, "reviewer-2", "review")
    assert standing(version) == [("prepare", "绩效管理岗"), ("review", "孙燕")]


def test_who_reviewed_what_was_returned_may_approve_it_afterwards(company: Company) -> None:
    version = signed(company, *PREPARED, ("triple", "review"))
    with refused(Reason.SAME_SIGNER):
        move(company, version, "triple", "approve")
    move(company, version, "approver", "return", reason="请再审一遍", to="prepared")
    move(company, version, "reviewer", "review")
    move(company, version, "triple", "approve")


def test_two_accounts_of_one_person_are_one_signer(company: Company) -> None:
    """The accounts tell whose they are; the signature itself names the account."""
    version = signed(company, *PREPARED)
    move(company, version, "reviewer", "review")
    facts = maintain_schemes.as_facts(maintain_schemes.standing_signatures(version.id))
    assert [each.person_id for each in facts] == [None, None]
    twin = replace(company.actor("approver"), account_id=company.world.accounts["reviewer"])
    with refused(Reason.SAME_SIGNER):
        maintain_schemes.move(
            twin, company.clock, "small", 1, Asked("approve", BY_PASSWORD), seen_version=version.version
        )


def test_refusals_come_in_the_stated_order(company: Company) -> None:
    version = load(company)
    for username, asked, reason in (
        ("employee", {"seen": None}, Reason.NOT_SEEN),
        ("reviewer", {"seen": None}, Reason.NO_GRANT),
        ("admin", {"seen": None}, Reason.NO_VERSION),
        ("admin", {"seen": 9, "proof": Proof(None)}, Reason.STALE),
        ("admin", {"proof": Proof(None)}, Reason.PROOF_NEEDED),
        ("admin", {"proof": Proof(None, wrong=True)}, Reason.PROOF_WRONG),
    ):
        with refused(reason):
            move(company, version, username, "prepare", **asked)  # type: ignore[arg-type]
    with refused(Reason.WRONG_STATE):
        move(company, version, "approver", "approve", seen=9)
    assert version.state == "draft"


def test_a_stale_move_is_told_the_newest_version_and_state(company: Company) -> None:
    version = signed(company, *PREPARED)
    with pytest.raises(Refusal) as refusal:
        move(company, version, "reviewer", "review", seen=1)
    assert refusal.value.current == {"version": 2, "value": "prepared"}


def test_a_version_that_is_not_there(company: Company) -> None:
    with refused(Reason.NOT_SEEN):
        maintain_schemes.move(company.actor("admin"), company.clock, "small", 1, Asked("prepare"), seen_version=1)
    with refused(Reason.NOT_SEEN):
        maintain_schemes.newest("small")
    with refused(Reason.NOT_SEEN):
        maintain_schemes.scorer_of(1)
