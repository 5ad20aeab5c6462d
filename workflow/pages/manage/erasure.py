"""按令删除: what an order of erasure takes of a person and what it leaves, shown before it is carried out."""

from flask import render_template
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.pages.manage.area import blueprint
from workflow.pages.views.erasure import ErasurePage
from workflow.services.erasing import erase


@blueprint.get("/manage/people/<code>/erasure")
def erasure(code: str) -> ResponseReturnValue:
    """Show what an order would erase, with the form that carries it out."""
    found = erase.foresee(web.actor(), code)
    page = ErasurePage(
        number=found.person.code,
        name=found.person.name,
        entities=tuple(sorted(found.entities.items())),
        records=found.records,
        files=found.files,
        imports=found.imports,
        signed=found.signed,
        named=found.named,
        unfinished=found.unfinished,
        longest_order=erase.LONGEST_ORDER,
    )
    return render_template("manage/erasure.html", page=page)
