"""How every page is made: a template, our style, and a policy that forbids scripts and anything from outside."""

from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from styleprint.support.text import show_text

__all__ = ["render"]


def render(template: str, **values: Any) -> str:
    """A page as HTML.

    Parameters
    ----------
    template : str
        A file of the folder ``templates``. Every value is escaped, but for Markup; control characters are shown.
    **values
        What the template names.
    """
    environment = Environment(loader=FunctionLoader(_read), autoescape=True, undefined=StrictUndefined)
    page: str = environment.get_template(template).render(
        css=Markup(_read("page.css")),  # noqa: S704  # our own file
        **values,
    )
    return show_text(page)


def _read(name: str) -> str:
    return files("styleprint.reports").joinpath("templates", name).read_text(encoding="utf-8")
