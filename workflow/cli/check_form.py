"""`kaogong records check-form`: is a printed form as the organisation signed it?"""

import sys
from pathlib import Path

import click

from workflow import web
from workflow.cli.application import on_database
from workflow.services.printing.signing import CheckedForm
from workflow.services.printing.signing import check_form as check_signatures
from workflow.services.printing.stated import FormKind, Stated
from workflow.services.record import check_form, form_key
from workflow.wording import Language, Phrase

HOLDS = Phrase("签名成立:文件自签名后未被改动", "The signature holds: the file is as it was signed")
BROKEN = Phrase(
    "签名不成立:文件在签名后被改动", "The signature does not hold: the file was changed after it was signed"
)
NOT_SIGNED = Phrase(
    "文件没有可读的签名:未批准的评分表和考核报告不签名,或文件已损坏",
    "The file has no signature that can be read: cards and reports not yet approved have none, or the file is damaged",
)
BY = Phrase(
    "  证书:{signer},SHA-256 指纹 {fingerprint};时间 {at}",
    "  Certificate: {signer}, SHA-256 fingerprint {fingerprint}; at {at}",
)
STATES = {
    FormKind.CARD: Phrase(
        "  评分表 {number},更正 {revision},记录摘要 {digest}",
        "  Card {number}, revision {revision}, record digest {digest}",
    ),
    FormKind.REPORT: Phrase(
        "  考核报告 {number},更正 {revision},记录摘要 {digest}",
        "  Report on the plan {number}, revision {revision}, record digest {digest}",
    ),
}
STATES_NOTHING = Phrase("  签名没有写明评分表或报告", "  The signature names no card and no report")
AGREES = Phrase("  与数据库中已签署的内容一致", "  It agrees with what was signed in the database")
DIFFERS = Phrase("  与数据库中已签署的内容不一致", "  It does not agree with what was signed in the database")
OTHERS_KEY = Phrase("  证书不是本单位的,请勿采信", "  The certificate is not the organisation's: do not rely on it")
COMPARE = Phrase(
    "  请把指纹与公司公布的核对,或用 --certificate 给出",
    "  Compare the fingerprint with the one published, or give it by --certificate",
)


@click.command("check-form")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--certificate", help="The SHA-256 fingerprint of the organisation's certificate, as you got it elsewhere."
)
@click.option("--database", is_flag=True, help="Compare with what is kept in the database as well.")
def check_form_file(file: Path, certificate: str | None, *, database: bool) -> None:
    """Say whether a printed form is as it was signed, by whose certificate, and what it states; exit 1 if not."""
    found = check_signatures(file.read_bytes())
    if not found:
        say(NOT_SIGNED)
        sys.exit(1)
    expected = certificate.replace(":", "").replace(" ", "").lower() if certificate else None
    good = [_report(each, expected, database=database) for each in found]
    sys.exit(0 if all(good) else 1)


def say(phrase: Phrase, **facts: object) -> None:
    """Say a sentence in both languages."""
    for language in Language:
        click.echo(phrase.say(language, **facts))


def _report(found: CheckedForm, expected: str | None, *, database: bool) -> bool:
    say(HOLDS if found.holds else BROKEN)
    say(BY, signer=found.signer, fingerprint=found.fingerprint, at=found.at.isoformat() if found.at else "-")
    good = found.holds and found.stated is not None
    if found.stated is None:
        say(STATES_NOTHING)
    else:
        told = found.stated
        say(STATES[told.kind], number=told.number, revision=told.revision, digest=told.digest)
    if database and found.stated is not None:
        agreed, expected = _compare(found.stated)
        say(AGREES if agreed else DIFFERS)
        good = good and agreed
    if expected is None:
        say(COMPARE)
    elif expected != found.fingerprint:
        say(OTHERS_KEY)
        good = False
    return good


@on_database
def _compare(stated: Stated) -> tuple[bool, str]:
    """Whether what is kept agrees, and the fingerprint of the installation's own certificate."""
    return check_form.agrees(stated), form_key.of(web.settings()).fingerprint()
