"""Refusals as answers: RFC 9457 problems in the reader's language, made in this one place."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from workflow import web
from workflow.errors import STATUS, TITLES, Denied, ErrorCode, FieldError, Reason, Refusal
from workflow.records.canonical import plain
from workflow.wording import Language, Phrase

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 100
"""As many wrong values as one answer names; a bulk request can hold thousands."""
LONGEST_PATH = 200

# What the framework refuses by a status alone.
_BY_STATUS: Mapping[int, tuple[ErrorCode, Phrase]] = {
    400: (ErrorCode.BAD_REQUEST, Phrase("无法读取此请求。", "The request cannot be read.")),
    404: (ErrorCode.NOT_FOUND, Phrase("没有这个地址。", "There is no such address.")),
    405: (ErrorCode.METHOD_NOT_ALLOWED, Phrase("此地址不支持 {method}。", "This address does not take {method}.")),
    415: (
        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
        Phrase(
            "请以 application/json 发送,文件以 multipart/form-data 发送。",
            "Send it as application/json, a file as multipart/form-data.",
        ),
    ),
}
_UNEXPECTED = (
    ErrorCode.UNAVAILABLE,
    Phrase("出现意外错误,编号 {request}。", "Something unexpected happened, see {request}."),
)


def problem(refusal: Refusal, language: Language) -> dict[str, Any]:
    """Give the problem that tells of a refusal: its code is stable, its sentences are for people."""
    code = refusal.denied.code
    body = _problem(code, STATUS[code], refusal.denied.sentence(language), language)
    if refusal.errors:
        body["errors"] = by_path(refusal.errors, language)
    if refusal.current is not None:
        body["current"] = plain(refusal.current)
    return body


def by_path(errors: tuple[FieldError, ...], language: Language) -> dict[str, list[str]]:
    """Give the sentences of wrong values by the path of each, the first hundred."""
    found: dict[str, list[str]] = {}
    for error in errors[:MOST_ERRORS]:
        found.setdefault(error.path[:LONGEST_PATH], []).append(_say(error, language))
    return found


def answer(refusal: Refusal) -> Response:
    """Answer a refusal; who is not signed in is told by which scheme to do so."""
    body = problem(refusal, web.language())
    response = _respond(body)
    if refusal.denied.code is ErrorCode.NOT_AUTHENTICATED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if refusal.denied.code is ErrorCode.UNAVAILABLE:
        response.headers["Retry-After"] = "1"
    return response


def answer_http(error: HTTPException) -> Response:
    """Answer what the framework refuses, such as a method or a size, and what nobody expected."""
    if isinstance(error, RequestEntityTooLarge):
        limit = f"{current_app.config['MAX_CONTENT_LENGTH'] / 1024**2:g} MB"
        return answer(Refusal(Denied(Reason.TOO_LARGE, {"limit": limit})))
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    beyond = _UNEXPECTED if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _BY_STATUS[HTTPStatus.BAD_REQUEST]
    code, phrase = _BY_STATUS.get(status, beyond)
    language = web.language()
    sentence = phrase.say(language, method=request.method, request=web.request_id())
    response = _respond(_problem(code, status, sentence, language))
    response.headers.extend({name: value for name, value in error.get_headers() if name == "Allow"})
    return response


def _problem(code: ErrorCode, status: int, detail: str, language: Language) -> dict[str, Any]:
    return {
        "type": f"/api/v1/docs#{code}",
        "title": TITLES[code].say(language),
        "status": int(status),
        "detail": detail,
        "code": str(code),
    }


def _say(error: FieldError, language: Language) -> str:
    facts = {name: fact.say(language) if isinstance(fact, Phrase) else fact for name, fact in error.facts.items()}
    return error.phrase.say(language, **facts)


def _respond(body: dict[str, Any]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status=body["status"], content_type=MEDIA_TYPE)
