"""The description of the interface, for programs and for people."""

from flask import render_template

from web.rest import tree
from web.rest.answers import Answer, json_answer
from web.rest.openapi import description
from web.rest.operation import operation


@operation("GET", "/openapi.json", tag="description", scope="open")
def openapi() -> Answer:
    """This description, as OpenAPI 3.1."""
    return json_answer(description() | {"servers": [{"url": tree.root()}]})


@operation("GET", "/docs", tag="description", scope="open", media_type="text/html")
def docs() -> Answer:
    """This description, as a page."""
    return Answer(render_template("rest/docs.html", api=description(), root=tree.root()), content_type="text/html; charset=utf-8")
