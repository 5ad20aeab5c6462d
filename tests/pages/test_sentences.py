"""Sentences of the templates: in the reader's language, with what is put into them escaped."""

import pytest
from flask import Flask, render_template_string


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "已保存"), ("en", "Saved")])
def test_a_sentence_is_said_in_the_readers_language(app: Flask, language: str, said: str) -> None:
    for _ in range(2):  # looked up, and remembered
        with app.test_request_context(headers={"Cookie": f"language={language}"}):
            assert render_template_string("{{ _('已保存') }}") == said


def test_what_is_put_into_a_sentence_is_escaped_and_the_sentence_is_not(app: Flask) -> None:
    with app.test_request_context():
        shown = render_template_string("{{ _('<b>%(name)s</b>', name=name) }}", name="<i>")
        assert shown == "<b>&lt;i&gt;</b>"
        assert render_template_string("{{ _('<b>%(name)s</b>', name=name) }}", name="吴霞") == "<b>吴霞</b>"


def test_a_doubled_per_cent_sign_is_one(app: Flask) -> None:
    with app.test_request_context():
        assert render_template_string("{{ _('占 100%%') }}") == "占 100%"
        assert render_template_string("{{ _('%(n)s 占 100%%', n=1) }}") == "1 占 100%"


def test_a_place_may_have_any_name(app: Flask) -> None:
    with app.test_request_context():
        assert render_template_string("{{ _('“%(text)s”', text='九十') }}") == "“九十”"
