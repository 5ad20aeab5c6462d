"""Which columns no order erases though they can carry words or values, and why."""

from collections.abc import Mapping
from enum import StrEnum


class Why(StrEnum):
    """Why a column stays."""

    CODE = "a code, a state or a period: it says nothing that the company's own lists do not say"
    FIGURE = (
        "points, places and amounts: the ranks of others and the accounts rest on them, under the staff number alone"
    )
    OFFICE = "who acted in office on something that is another's, whose proof it is"
    COMPANY = "words about the company's own things"
    PROOF = "a hash, a key or a signature, which proves without saying"


ANYWHERE: Mapping[str, Why] = {
    **dict.fromkeys(
        ("kind", "state", "event", "role", "meaning", "method", "trigger", "step", "way", "period", "currency"),
        Why.CODE,
    ),
    **dict.fromkeys(("code", "subject_kind", "subject_code", "person_code", "scheme_code", "item_code"), Why.CODE),
    **dict.fromkeys(("digest", "hash", "content_hash", "previous_hash", "body_hash", "file_hash"), Why.PROOF),
    **dict.fromkeys(("total", "points", "grade", "level", "rate"), Why.FIGURE),
}
"""Names that mean the same wherever they stand."""

KEPT: Mapping[Why, Mapping[str, str]] = {
    Why.CODE: {
        "account": "language",
        "action_item": "bonus",
        "adjustment": "cause",
        "card_question": "item asker_role",
        "committee_seat": "vote",
        "customer_figure": "part",
        "evidence_file": "media_type",
        "growth_target": "part",
        "import_batch": "columns counts",
        "improvement": "frequency measured_by better before_period after_period",
        "interview": "held_at",
        "kept_answer": "key target",
        "ledger_entry": "cause",
        "level": "employment",
        "log_ahead": "known_by",
        "measurement": "item frequency",
        "membership": "post",
        "objection": "item",
        "payroll_line": "card_number gaps",
        "plan": "disclosure calendar contents",
        "ranking": "family within group_code",
        "ranking_entry": "absence",
        "rating": "rater_group",
        "record": "entity_kind request_id",
        "role_grant": "items",
        "scheme_version": "effective_from",
        "scorecard": "number missing",
        "unit": "path",
        "unit_function": "function",
    },
    Why.FIGURE: {
        "action_item": "evidence",  # periods and ranks
        "bonus_base": "amount",
        "customer_figure": "last_year growth",
        "growth_target": "growth",
        "improvement": "before_value after_value",
        "level": "figures",
        "measurement": "value",
        "payroll_line": "attendance bonus_base base benefit bonus arithmetic paid_before difference",
        "ranking_entry": "tie_values",
        "report": "statistics",  # cards stand there by their ids
        "scorecard": "provisional_total sections",
    },
    Why.OFFICE: {
        "card_question": "asker_name answerer_name",
        "committee_seat": "name",
        "erasure": "order_text",
        "improvement_note": "name",
        "interview": "held_by",
        "interview_correction": "name",
        "report_signature": "name on_behalf_of",
        "scheme_signature": "name on_behalf_of",
        "signature": "name on_behalf_of",
    },
    Why.COMPANY: {
        "action_item": "title function",
        "calendar_day": "title",
        "customer": "name",
        "exchange_rate": "source reason",
        "improvement": "item_title",
        "measurement": "source",
        "plan": "title",
        "ranking": "group_title",
        "ranking_group": "title",
        "report_remark": "title",
        "scheme_version": "title content",
        "unit": "title",
    },
    Why.PROOF: {
        "ledger_evidence": "hash",
        "log_checkpoint": "note",
        "log_cosignature": "witness line",
        "log_entry": "leaf_hash",
        "log_key": "vkey",
        "log_tile": "root hashes",
        "payroll_line": "card_digest",
    },
}
"""By reason and table the columns that stay; those in `ANYWHERE` need no line."""
