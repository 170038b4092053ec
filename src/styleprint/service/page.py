"""The web page: a form, and answers as a person reads them. It works without its script too."""

import base64
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException

from styleprint.reports.identification_page import AnswerView, look_at_answer, render_identifications
from styleprint.service.answering import Answered, answer_form
from styleprint.service.api import NDJSON
from styleprint.service.problems import ProblemError
from styleprint.service.rendering import ASSETS, asset, asset_tag, card_html, render
from styleprint.service.uploads import Form, read_form
from styleprint.support.text import show_json
from styleprint.workflows.identify_csv import ResultsFile

__all__ = ["router"]

_A_YEAR = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home(request: Request) -> HTMLResponse:
    """The form."""
    return _page(request)


@router.post("/results")
async def results(request: Request) -> Response:
    """Answers as a page; to the page's script as lines of JSON, each a part of the page, as they are known."""
    is_script = NDJSON in request.headers.get("accept", "")
    try:
        form = await read_form(request, request.app.state.settings)
    except ProblemError as problem:
        if is_script:
            raise
        request.state.code = problem.content["code"]
        return _page(request, problem=problem)
    if is_script:
        return StreamingResponse(_parts(request, form), media_type=NDJSON)
    found = [answered async for answered in answer_form(request, form, explained=True)]
    views = [_view(request, answered) for answered in found]
    return _page(request, views=views, downloads=_downloads(request, found, views))


@router.get("/card")
async def card(request: Request) -> HTMLResponse:
    """What the bundle is."""
    facts = request.app.state.desk.facts
    return HTMLResponse(render("card.html", facts=facts, card=card_html(facts.as_json["card"])))


@router.get("/static/{name}")
async def static(request: Request, name: str) -> Response:
    """Style, script and icon."""
    if name not in ASSETS:
        raise HTTPException(404)
    is_pinned = request.query_params.get("v") == asset_tag(name)
    headers = {"cache-control": _A_YEAR if is_pinned else "no-cache"}
    return Response(asset(name), media_type=ASSETS[name], headers=headers)


def _page(
    request: Request,
    *,
    views: Sequence[AnswerView] = (),
    downloads: Sequence[tuple[str, str, str]] = (),
    problem: ProblemError | None = None,
) -> HTMLResponse:
    state = request.app.state
    values = {"facts": state.desk.facts, "settings": state.settings, "problem": problem and problem.content}
    html = render("home.html", views=views, downloads=downloads, **values)
    return HTMLResponse(html, problem.status, problem.headers) if problem else HTMLResponse(html)


async def _parts(request: Request, form: Form) -> AsyncIterator[str]:
    found, views = [], []
    total = len(form.files)
    async for answered in answer_form(request, form, explained=True):
        found.append(answered)
        views.append(_view(request, answered))
        html = render("part.html", views=views[-1:], downloads=())
        told = f"{views[-1].record['path']}: {views[-1].verdict}"
        yield show_json({"html": html, "told": told, "done": len(found), "total": total}) + "\n"
    html = render("part.html", views=(), downloads=_downloads(request, found, views))
    yield show_json({"html": html, "told": "", "done": total, "total": total}) + "\n"


def _view(request: Request, answered: Answered) -> AnswerView:
    return look_at_answer(answered.record, answered.explanation, request.app.state.desk.facts.descriptions)


def _downloads(
    request: Request, found: Sequence[Answered], views: Sequence[AnswerView]
) -> tuple[tuple[str, str, str], ...]:
    """Reports to keep, whole in the page itself, since nothing is kept here: name of the file, words, address."""
    facts = request.app.state.desk.facts
    prior = found[0].identification.prior if found else "corpus"
    results = ResultsFile(Path(), tuple(facts.as_json["classes"]), prior, facts.identity[:16])
    page = render_identifications(views, source={**facts.as_json, "identity": facts.identity})
    records = show_json([answered.record for answered in found], indent=1)
    return (
        ("styleprint.html", "as a page (HTML)", _address("text/html", page)),
        ("styleprint.csv", "as a table (CSV)", _address("text/csv", results.text(a.identification for a in found))),
        ("styleprint.json", "for programs (JSON)", _address("application/json", records)),
    )


def _address(kind: str, text: str) -> str:
    return f"data:{kind};charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}"
