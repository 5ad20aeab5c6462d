"""`kaogong records`: proving the written record."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from workflow import web
from workflow.cli.application import on_database
from workflow.cli.check_form import check_form_file
from workflow.cli.keys import read_keys
from workflow.cli.saying import saying_refusals
from workflow.policy import SYSTEM
from workflow.records.faults import Fault
from workflow.records.naming import KIND_NAMES
from workflow.records.notes import NoteError, Verifier
from workflow.records.receipt import UNREADABLE, Checked, ReceiptError, check_receipt
from workflow.services.erasing import erase
from workflow.services.erasing.look_up_erasures import TOLD
from workflow.services.erasing.reach_of_erasure import Foreseen
from workflow.services.record import export_log, log_key, verify_records
from workflow.services.record.log_key import Keyholder
from workflow.services.record.verify_records import Verdict
from workflow.wording import Language, Phrase

HOLDS = Phrase(
    "书面记录完整无误:{records} 条记录,{entities} 个对象;日志 {size} 条,已签署至 {signed},另有 {pending} 条待入日志",
    "The written record holds: {records} records of {entities} entities; the log has {size}, signed up to {signed}, and"
    " {pending} wait for it",
)
NOT_COMPARED = Phrase(
    "数据库之外没有保存检查点,因此无法判断日志末尾是否被截去",
    "No checkpoint is kept outside the database, so nobody can tell whether the end of the log was cut off",
)
BROKEN = Phrase(
    "书面记录在此处被破坏(此前的 {records} 条无误):",
    "The written record is broken here ({records} records before hold):",
)


RECEIPT_HOLDS = Phrase(
    "凭据成立:{subject_name} {period} 评分表 {number},总分 {total},等级 {grade}",
    "The receipt holds: card {number} of {subject_name}, {period}, total {total}, grade {grade}",
)
RECEIPT_RECORDS = Phrase(
    "  {records} 条记录都在大小为 {size} 的日志中;其中 {withheld} 条只给出内容的校验值",
    "  Its {records} records stand in the log of {size}; of {withheld} only the hash of the content is told",
)
RECEIPT_ERASED = Phrase(
    "  {erased} 条记录的内容已按令删除:{orders}", "  The content of {erased} records was erased by order: {orders}"
)
KEY_GIVEN = Phrase("  由您给出的日志公钥签名:{key}", "  Signed by the log's key that you gave: {key}")
KEY_NOT_GIVEN = Phrase(
    "  由凭据自己写明的公钥签名:{key};请与公司公布的公钥核对,或用 --key 给出",
    "  Signed by the key that the receipt names itself: {key}; compare it with the one published, or give it by --key",
)
WOULD_GO = Phrase(
    "将删除 {name}({code})的文字及 {records} 条记录的内容,凭证文件 {files} 份,导入文件 {imports} 份:",
    "Of {name} ({code}) all words would be erased, with the content of {records} records, {files} files of evidence and"
    " {imports} imported files:",
)
WOULD_STAY = Phrase(
    "保留:工号、得分、名次、金额、日期和状态;任职时在他人处的签名 {signed} 个;他人的 {named} 条记录中仍有此姓名",
    "Staff number, points, ranks, amounts, days and states stay; so do {signed} signatures in office; {named} records of"
    " others still hold the name",
)
UNFINISHED = Phrase("须先批准或作废:{cards}", "To be approved or voided first: {cards}")
SEEN_BY = Phrase("  见证人 {name} 于 {at} 见过这份日志", "  The witness {name} saw this log at {at}")


@click.group("records")
def records_group() -> None:
    """Prove the written record."""


@records_group.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@on_database
def verify(*, as_json: bool) -> None:
    """Prove every record and that all that is there is what the records tell; exit 1 names the first broken place."""
    with click.progressbar(length=verify_records.count(), label="校验 / Verify", file=sys.stderr) as bar:
        verdict = verify_records.verify_installation(web.settings(), bar.update)
    click.echo(json.dumps(verdict.as_data(), ensure_ascii=False) if as_json else "\n".join(lines(verdict)))
    sys.exit(0 if verdict.holds else 1)


@records_group.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@on_database
def export(folder: Path) -> None:
    """Write the log to FOLDER as C2SP tlog-tiles lays it out: checkpoint, tiles, entries, and the log's keys."""
    with saying_refusals(), click.progressbar(length=verify_records.count(), label="导出 / Export") as bar:
        tree = export_log.export(folder, bar.update)
    click.echo(f"{folder}: {tree.size}")


@records_group.command("rotate-key")
@click.option("--reason", required=True, help="Why another key signs from now on; it is recorded.")
@on_database
def rotate_key(reason: str) -> None:
    """Have another key sign the log from now on; prints its public half, to be published and given to witnesses."""
    try:
        key = log_key.rotate(Keyholder(web.settings().log_key_file), web.clock(), reason)
    except NoteError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    click.echo(str(key))


@records_group.command("erase")
@click.argument("person")
@click.option("--order", required=True, help="The order by which it is erased, such as its number and who gave it.")
@click.option("--yes", is_flag=True, help="Do not ask, once it is shown what goes and what stays.")
@on_database
def erase_person(person: str, order: str, *, yes: bool) -> None:
    """Erase what is kept of PERSON (a staff number) and the name itself, by order; this can't be undone."""
    with saying_refusals():
        for language in Language:
            click.echo("\n".join(foreseen_lines(erase.foresee(SYSTEM, person), language)))
        if not yes:
            click.confirm("删除后不能恢复。继续? / This can't be undone. Go on?", abort=True)
        erasure = erase.erase_person(SYSTEM, web.clock(), person, order)
    click.echo(f"删除令 {erasure.number} 已执行 / Order of erasure {erasure.number} is carried out.")


@records_group.command("check-receipt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "keys", multiple=True, callback=read_keys, help="The log's public key, as you got it elsewhere.")
@click.option("--witness", "witnesses", multiple=True, callback=read_keys, help="The public key of a witness.")
def check_receipt_file(file: Path, keys: Sequence[Verifier], witnesses: Sequence[Verifier]) -> None:
    """Check the receipt of a published card, with no database at hand; exit 1 says what does not hold."""
    try:
        found = check_receipt(json.loads(file.read_bytes()), keys, witnesses)
    except ReceiptError as wrong:
        raise click.ClickException("\n".join(wrong.sentence(language) for language in Language)) from wrong
    except ValueError as unreadable:
        raise click.ClickException(" / ".join(UNREADABLE.say(language) for language in Language)) from unreadable
    for language in Language:
        click.echo("\n".join(receipt_lines(found, language, trusted=bool(keys))))


records_group.add_command(check_form_file)


def foreseen_lines(found: Foreseen, language: Language) -> list[str]:
    """Tell what an order would erase, and what would stay."""
    person = {"code": found.person.code, "name": found.person.name}
    kinds = [f"{KIND_NAMES[kind].say(language)} {count}" for kind, count in sorted(found.entities.items())]
    shown = [
        WOULD_GO.say(language, **person, records=found.records, files=found.files, imports=found.imports),
        f"  {', '.join(kinds)}",
        WOULD_STAY.say(language, signed=found.signed, named=found.named),
    ]
    return [*shown, *(UNFINISHED.say(language, cards=each) for each in found.unfinished)]


def receipt_lines(found: Checked, language: Language, *, trusted: bool) -> list[str]:
    """Tell what a receipt that holds shows."""
    card, tree = found.card, found.checkpoint
    shown = [
        RECEIPT_HOLDS.say(language, **card),
        RECEIPT_RECORDS.say(language, records=found.records, size=tree.size, withheld=found.withheld),
        (KEY_GIVEN if trusted else KEY_NOT_GIVEN).say(language, key=found.key),
    ]
    if found.erased:
        orders = "; ".join(f"{each['number']} ({each['at'][:10]}, {each['order']})" for each in found.orders)
        shown.append(RECEIPT_ERASED.say(language, erased=found.erased, orders=orders))
    shown += [SEEN_BY.say(language, name=name, at=at.isoformat()) for name, at in found.witnesses.items()]
    return shown


def lines(verdict: Verdict) -> list[str]:
    """Tell the verdict in both languages."""
    log = {"size": verdict.log.size, "signed": verdict.log.signed}
    counts = {"records": verdict.records, "entities": verdict.entities, "pending": verdict.pending, **log}
    if verdict.fault is None:
        phrases = (HOLDS,) if verdict.log.compared else (HOLDS, NOT_COMPARED)
        told = [phrase.say(language, **counts) for language in Language for phrase in phrases]
        orders = [TOLD.say(language, **each.facts()) for each in verdict.erasures for language in Language]
        return [*told, *(f"  {each}" for each in orders)]
    return [line for language in Language for line in _broken(verdict.fault, counts, language)]


def _broken(fault: Fault, counts: dict[str, int], language: Language) -> list[str]:
    return [BROKEN.say(language, **counts), f"  {fault.sentence(language)}", f"  {fault.advice(language)}"]
