"""Schemes as documents: load a version, sign it into force, use it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select

from workflow.errors import Denied, FieldError, Reason, Refusal, invalid, not_seen, stale
from workflow.lifecycle import scheme_version as lifecycle
from workflow.lifecycle.machine import MoveRequest
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.schemes import SchemeSignature, SchemeVersion
from workflow.models.types import new_id
from workflow.policy import (
    COMPANY,
    Action,
    Actor,
    Meaning,
    Role,
    SchemeState,
    SchemeTrigger,
    StandingSignature,
    decide_unit,
    scheme_moved_by,
)
from workflow.records.canonical import digest, plain
from workflow.scoring.engine import Scorer, compile_scheme
from workflow.scoring.errors import SchemeError
from workflow.scoring.loading import NOT_TEXT, load_scheme
from workflow.scoring.periods import Period
from workflow.scoring.scheme import Scheme
from workflow.services.clock import Clock
from workflow.services.fields import Fields
from workflow.services.record import log_ahead
from workflow.services.scorecards.asking import Asked
from workflow.services.unit_of_work import Kept, Part, unit_of_work
from workflow.wording import Phrase

CODE_LENGTH = 64
TITLE_LENGTH = 128

ONLY_ON_PREPARING = Phrase("生效期间在签署编制时填写", "since when it is in force is said when it is prepared")
OTHER_FREQUENCY = Phrase("须是方案周期的一期", "must be a period of the scheme's frequency")


def load_text(actor: Actor, clock: Clock, text: bytes) -> SchemeVersion:
    """Save a scheme from the text of its file, YAML or JSON, as a new draft version; raises Refusal with every fault."""
    _permit(decide_unit(actor, Action.SCHEMES_MANAGE, COMPANY))
    try:
        scheme = load_scheme(text.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise invalid(FieldError("", NOT_TEXT)) from error
    except SchemeError as error:
        raise _faults(error) from error
    return load_version(actor, clock, scheme.to_data())


def load_version(actor: Actor, clock: Clock, data: Mapping[str, Any], kept: Kept | None = None) -> SchemeVersion:
    """Save a scheme as a new draft version; raises Refusal, with the path of each fault, for an invalid one."""
    with unit_of_work(actor, clock, kept) as work:
        _permit(decide_unit(actor, Action.SCHEMES_MANAGE, COMPANY))
        scheme = _parse(data)
        _check_lengths(scheme)
        newest = db.session.scalar(select(func.max(SchemeVersion.number)).where(SchemeVersion.code == scheme.code))
        version = SchemeVersion(
            code=scheme.code,
            number=(newest or 0) + 1,
            title=scheme.title,
            state=SchemeState.DRAFT,
            content=scheme.to_data(),
            effective_from=None,
        )
        work.create(version, "scheme.load", role=Role.ADMINISTRATOR)
        work.finish(version)
        return version


def move(
    actor: Actor,
    clock: Clock,
    code: str,
    number: int,
    asked: Asked,
    *,
    seen_version: int | None,
    effective_from: str | None = None,
    kept: Kept | None = None,
) -> SchemeVersion:
    """Move a scheme version through its life; raises Refusal when policy or lifecycle say no.

    Whoever prepares it may say from which period it is in force; the signatures hold for that as well.
    """
    if asked.trigger in set(Meaning):
        log_ahead.refuse_if_behind()
    with unit_of_work(actor, clock, kept) as work:
        version = _find(code, number)
        signatures = standing_signatures(version.id)
        is_preparing = asked.trigger == SchemeTrigger.PREPARE
        starts = effective_from if is_preparing else version.effective_from
        content = sealed_digest(version.content, starts)
        request = MoveRequest(
            actor=actor,
            seen_version=seen_version,
            reason=asked.reason,
            to=asked.to,
            proof=asked.proof.method,
            proof_wrong=asked.proof.wrong,
            content_matches=not signatures or signatures[-1].digest == content,
        )
        facts = lifecycle.SchemeFacts(version.state, version.version, as_facts(signatures))
        answer = lifecycle.decide(asked.trigger, facts, request)
        if isinstance(answer, Denied):
            raise stale(version.version, version.state) if answer.reason is Reason.STALE else Refusal(answer)
        _check_start(version, effective_from, is_preparing=is_preparing)
        parts = []
        acting = actor.acts_as(scheme_moved_by(answer.trigger, answer.source), COMPANY)
        if answer.meaning is not None:
            signature = SchemeSignature(id=new_id(), scheme_version_id=version.id)
            signed = {
                "meaning": answer.meaning,
                "account_id": actor.account_id,
                "name": actor.name,
                "on_behalf_of": acting.holder.name if acting and acting.holder else None,
                "at": work.now,
                "method": asked.proof.method,
                "digest": content,
            }
            parts.append(Part(signature, f"signatures/{answer.meaning}", signed, is_new=True))
        event = f"scheme.{answer.trigger}"
        values = {"state": answer.target, "effective_from": starts}
        work.change(version, event, values, parts=parts, role=acting, reason=asked.reason or "")
        work.finish(version)
        return version


def sealed_digest(content: object, effective_from: object) -> str:
    """Give the digest of what a signature under a scheme version holds for: its content and since when it is in force.

    Both as the row has them, or in the plain form of the record.
    """
    sealed = content if effective_from is None else {"content": content, "effective_from": effective_from}
    return digest(plain(sealed))


def in_force(code: str, period: Period) -> SchemeVersion | None:
    """Give the newest approved version of a scheme that is in force in a period, if there is one."""
    query = (
        select(SchemeVersion)
        .where(SchemeVersion.code == code, SchemeVersion.state == SchemeState.APPROVED)
        .order_by(SchemeVersion.number.desc())
    )
    return next((version for version in db.session.scalars(query) if _has_begun(version, period)), None)


def _has_begun(version: SchemeVersion, period: Period) -> bool:
    start = version.effective_from
    return start is None or Period.parse(start).first_day <= period.first_day


def _check_start(version: SchemeVersion, effective_from: str | None, *, is_preparing: bool) -> None:
    """Refuse a start of another frequency than the scheme's, or one that is given with another move."""
    if effective_from is None:
        return
    if not is_preparing:
        raise invalid(FieldError("effective_from", ONLY_ON_PREPARING))
    frequency = Scheme.from_data(version.content).frequency
    if Period.parse(effective_from).frequency is not frequency:
        raise invalid(FieldError("effective_from", OTHER_FREQUENCY))


def newest(code: str) -> SchemeVersion:
    """Give the newest version of a scheme in any state; raises Refusal where there is none."""
    query = select(SchemeVersion).where(SchemeVersion.code == code).order_by(SchemeVersion.number.desc())
    version = db.session.scalar(query.limit(1))
    if version is None:
        raise not_seen()
    return version


SIGNED_AS: Mapping[str, tuple[Meaning, ...]] = {
    SchemeState.DRAFT: (),
    SchemeState.PREPARED: (Meaning.PREPARE,),
    SchemeState.REVIEWED: (Meaning.PREPARE, Meaning.REVIEW),
    SchemeState.APPROVED: tuple(Meaning),
    SchemeState.RETIRED: tuple(Meaning),
}
"""Which signatures stand under a version in each of its states: a return takes back the others."""


def standing_signatures(version_id: int) -> tuple[SchemeSignature, ...]:
    """Give the signatures that stand under a version, oldest first: of each meaning that its state has, the newest."""
    query = (
        select(SchemeSignature, SchemeVersion.state)
        .join(SchemeVersion, SchemeVersion.id == SchemeSignature.scheme_version_id)
        .where(SchemeVersion.id == version_id)
        .order_by(SchemeSignature.record_id)
    )
    newest = {signature.meaning: (signature, state) for signature, state in db.session.execute(query)}
    return tuple(signature for meaning, (signature, state) in newest.items() if meaning in SIGNED_AS[state])


@lru_cache(maxsize=512)
def scorer_of(version_id: int) -> Scorer:
    """Give the compiled scheme of an approved version, which never changes."""
    content = db.session.scalar(select(SchemeVersion.content).where(SchemeVersion.id == version_id))
    if content is None:
        raise not_seen()
    return compile_scheme(Scheme.from_data(content))


def _find(code: str, number: int) -> SchemeVersion:
    query = select(SchemeVersion).where(SchemeVersion.code == code, SchemeVersion.number == number).with_for_update()
    version = db.session.scalar(query)
    if version is None:
        raise not_seen()
    return version


def _check_lengths(scheme: Scheme) -> None:
    """Refuse names that are longer than what keeps them."""
    fields = Fields()
    fields.text("code", scheme.code, CODE_LENGTH)
    fields.text("title", scheme.title, TITLE_LENGTH)
    fields.check()


def _parse(data: Mapping[str, Any]) -> Scheme:
    try:
        return Scheme.from_data(data)
    except SchemeError as error:
        raise _faults(error) from error


def _faults(error: SchemeError) -> Refusal:
    return invalid(*(FieldError(each.path, each.phrase, dict(each.values)) for each in error.problems))


def as_facts(signatures: tuple[SchemeSignature, ...]) -> tuple[StandingSignature, ...]:
    """Give signatures as policy knows them: with the people behind the accounts, since one may have several."""
    accounts = {each.account_id for each in signatures}
    people = dict(db.session.execute(select(Account.id, Account.person_id).where(Account.id.in_(accounts))).all())
    return tuple(
        StandingSignature(each.meaning, each.account_id, people[each.account_id], each.name) for each in signatures
    )


def _permit(denied: Denied | None) -> None:
    if denied is not None:
        raise Refusal(denied)
