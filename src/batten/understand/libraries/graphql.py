"""GraphQL views of Flask apps, with the page on which visitors try queries.

Facts from Flask-GraphQL 2.0 `GraphQLView` (graphql-server 2 and 3.0.0b7 the
same: `graphiql=False`), graphql-server 3.0 `graphql_server.flask.GraphQLView`
and Strawberry 0.341 `strawberry.flask.views.GraphQLView` (`graphql_ide`,
"graphiql" unless told otherwise).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, CALLS, Call
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.extension import as_bool, given
from batten.understand.libraries.panels import Noted

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

ALIASES.update(
    {
        "flask_graphql.graphqlview.GraphQLView": "flask_graphql.GraphQLView",
        "graphql_server.flask.views.GraphQLView": "graphql_server.flask.GraphQLView",
        "graphql_server.flask.graphqlview.GraphQLView": "graphql_server.flask.GraphQLView",
        "strawberry.flask.views.AsyncGraphQLView": "strawberry.flask.views.GraphQLView",
    }
)


def _view(distribution: str) -> Callable[[Interpreter, Call], Abstract]:
    """Return the model of `GraphQLView.as_view`; a distribution names one whose page is on unless switched off."""

    def as_view(machine: Interpreter, call: Call) -> Abstract:
        made = Instance(Library("flask.views.function"), call.place, Origin(call.place))
        panel = Noted("graphql", "GraphiQL", "", call.place, None)
        old = call.kwargs.get("graphiql")
        shows_it = distribution == "strawberry" or (bool(distribution) and machine.world.at_least(distribution, 3, 0))
        if old is not None:
            panel.enabled, panel.setting = as_bool(machine, old, call.place), "graphiql"
        elif shows_it:
            ide = given(call, "graphql_ide", None, "graphiql")
            panel.enabled, panel.setting = as_bool(machine, ide, call.place), "graphql_ide"
        else:
            panel.enabled = Known(value=False, origin=Origin(call.place))
        made.facts["panel"] = panel
        return made

    return as_view


CALLS["flask_graphql.GraphQLView.as_view"] = _view("")
CALLS["graphql_server.flask.GraphQLView.as_view"] = _view("graphql-server")
CALLS["strawberry.flask.views.GraphQLView.as_view"] = _view("strawberry")
