"""A page to try GraphQL queries is open to everybody.

GraphiQL and its like complete every type and field of the schema as one types, the forgotten and the
internal ones too. They are made for developers; whoever looks for a way in gets the same
help.

Silent when the page is switched off in production, when a login may stand before it, and for an
endpoint without such a page.

Fix: `graphiql=False`, `graphql_ide=None`; switch introspection off too where only your own
pages ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, live, rule
from batten.rules.app.docs_exposed._opened import told
from batten.rules.app.docs_exposed._shown import opened
from batten.rules.samples import served, shown
from batten.understand.answers.site import Site
from batten.understand.exposures.panels import found
from batten.understand.subjects import Panel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

APP = """\
from flask import Flask
from flask_graphql import GraphQLView

from schema import schema

app = Flask(__name__)
app.add_url_rule(  # <- here
    "/graphql",
    view_func=GraphQLView.as_view("graphql", schema=schema, graphiql=True),
)
"""

SCHEMA = """\
import graphene


class Query(graphene.ObjectType):
    name = graphene.String()


schema = graphene.Schema(Query)
"""
FILES = {"schema.py": SCHEMA, "Procfile": "web: gunicorn app:app\n"}


@rule(
    id="docs-exposed/graphql",
    severity=Severity.LOW,
    cwe=497,
    over=Panel,
    sources=[
        "Flask-GraphQL 2.0 GraphQLView",
        "Strawberry 0.341 docs, Flask",
        "OWASP GraphQL Cheat Sheet",
        "ASVS 5.0, 13.4.5",
        "OWASP A02:2025",
    ],
    bad=[
        Bad(
            "GraphiQL beside the endpoint",
            {"app.py": APP, **FILES},
            fixed={"app.py": APP.replace("graphiql=True", "graphiql=False")},
        )
    ],
    good=[
        Good("off", {"app.py": APP.replace("graphiql=True", "graphiql=False"), **FILES}),
        Good("Flask-GraphQL's default", {"app.py": APP.replace(", graphiql=True", ""), **FILES}),
        Good(
            "it follows debug mode, which is off",
            {"app.py": APP.replace("graphiql=True", "graphiql=app.debug"), **FILES},
        ),
    ],
)
def query_page_open(panel: Panel) -> Iterator[Finding]:
    """Yield the finding about a query page that is served to everybody."""
    if panel.kind == "graphql":
        fix = "Switch it off in production."
        yield from opened(panel, Severity.LOW, "helps every visitor through the whole schema", fix)


@live(
    over=Site,
    bad=[
        Bad(
            "introspection by GET",
            answers={
                "GET /": shown(),
                "GET /graphql?query=%7B__schema%7BqueryType%7Bname%7D%7D%7D # <- here": served(
                    '{"data": {"__schema": {"queryType": {"name": "Query"}}}}', "application/json"
                ),
            },
        ),
        Bad(
            "GraphiQL",
            answers={
                "GET /": shown(),
                "GET /graphql # <- here": shown("<script>React.createElement(GraphiQL, {})</script>"),
            },
        ),
    ],
    good=[
        Good(
            "the query comes back", answers={"GET *": served('{"query": "{path}", "data": null}', "application/json")}
        ),
        Good(
            "introspection is refused",
            answers={
                "GET /graphql?*": served(
                    '{"errors": [{"message": "GraphQL introspection has been disabled"}], "data": {"__schema": null}}',
                    "application/json",
                )
            },
        ),
    ],
)
def queries_seen(site: Site) -> Iterator[Finding]:
    """Yield a finding when a visitor can ask for the whole schema."""
    for what, parts in found(site, "graphql"):
        effect = "helps every visitor through the whole schema"
        yield told(what, parts, Severity.LOW, effect, "Switch the page and introspection off in production.")
