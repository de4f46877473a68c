"""Panels that libraries add to an app: what Batten tells of each, as the library's own documentation has it."""

from __future__ import annotations

import pytest

from batten.understand import DictSources, resolve, understand

_TEXT = """\
from data import engine
from fastapi import FastAPI, Depends
from sqladmin import Admin
app = FastAPI(openapi_url=None)
Admin(app, engine)
=> admin | SQLAdmin | /admin | True | False | authentication_backend
--
from data import engine
from fastapi import FastAPI, Depends
import os
from sqladmin import Admin
from auth import backend
app = FastAPI(openapi_url=None)
Admin(app, engine, base_url='/manage', authentication_backend=backend)
=> admin | SQLAdmin | /manage | True | True | authentication_backend
--
from fastapi import FastAPI, Depends
from sqladmin import Admin
from auth import options
app = FastAPI(openapi_url=None)
Admin(app, None, **options)
=> admin | SQLAdmin |  | True | unknown | authentication_backend
--
from data import engine
from fastapi import FastAPI, Depends
from starlette_admin.contrib.sqla import Admin
app = FastAPI(openapi_url=None)
admin = Admin(engine, title='x')
admin.mount_to(app)
=> admin | starlette-admin | /admin | True | False | auth_provider
--
from data import engine
from fastapi import FastAPI, Depends
from starlette_admin.contrib.sqla import Admin
from auth import Provider
app = FastAPI(openapi_url=None)
admin = Admin(engine, base_url='/a', auth_provider=Provider())
admin.mount_to(app)
=> admin | starlette-admin | /a | True | True | auth_provider
--
from fastapi import FastAPI, Depends
from fastapi_admin.app import app as admin_app
app = FastAPI(openapi_url=None)
admin_app.configure(x=1)
app.mount('/admin', admin_app)
=> admin | fastapi-admin | /admin | True | unknown |
--
from fastapi import FastAPI, Depends
from prometheus_client import make_asgi_app
app = FastAPI(openapi_url=None)
app.mount('/metrics', make_asgi_app())
=> metrics | prometheus_client | /metrics | True | False |
--
from fastapi import FastAPI, Depends
from prometheus_fastapi_instrumentator import Instrumentator
app = FastAPI(openapi_url=None)
Instrumentator().instrument(app).expose(app)
=> metrics | prometheus_fastapi_instrumentator | /metrics | True | False |
--
from fastapi import FastAPI, Depends
from prometheus_fastapi_instrumentator import Instrumentator
app = FastAPI(openapi_url=None)
Instrumentator(should_respect_env_var=True, env_var_name='METRICS').instrument(app).expose(app, endpoint='/m')
=> metrics | prometheus_fastapi_instrumentator | /m | False | False |
--
from fastapi import FastAPI, Depends
import os
from prometheus_fastapi_instrumentator import Instrumentator
app = FastAPI(openapi_url=None)
Instrumentator(should_respect_env_var=True, env_var_name=os.environ['X']).expose(app)
=> metrics | prometheus_fastapi_instrumentator | /metrics | error | False |
--
from data import check
from fastapi import FastAPI, Depends
from prometheus_fastapi_instrumentator import Instrumentator
app = FastAPI(openapi_url=None)
Instrumentator().instrument(app).expose(app, dependencies=[Depends(check)])
=> metrics | prometheus_fastapi_instrumentator | /metrics | True | unknown |
--
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette_exporter import PrometheusMiddleware, handle_metrics
app = Starlette(routes=[Route('/metrics', handle_metrics)])
=> metrics | starlette_exporter | /metrics | True | False |
--
from fastapi import FastAPI, Depends
from starlette_exporter import PrometheusMiddleware, handle_metrics
app = FastAPI(openapi_url=None)
app.add_middleware(PrometheusMiddleware)
app.add_route('/metrics', handle_metrics)
=> metrics | starlette_exporter | /metrics | True | False |
--
from fastapi import FastAPI, Depends
from starlette_prometheus import metrics, PrometheusMiddleware
app = FastAPI(openapi_url=None)
app.add_route('/metrics/', metrics)
=> metrics | starlette_prometheus | /metrics/ | True | False |
--
from data import schema
from fastapi import FastAPI, Depends
from strawberry.fastapi import GraphQLRouter
app = FastAPI(openapi_url=None)
app.include_router(GraphQLRouter(schema), prefix='/graphql')
=> graphql | GraphiQL | /graphql | True | False | graphql_ide
--
from data import schema
from fastapi import FastAPI, Depends
from strawberry.fastapi import GraphQLRouter
app = FastAPI(openapi_url=None)
app.include_router(GraphQLRouter(schema, path='/g', graphql_ide=None))
=> graphql | GraphiQL | /g | False | False | graphql_ide
--
from data import schema
from fastapi import FastAPI, Depends
from strawberry.fastapi import GraphQLRouter
app = FastAPI(openapi_url=None)
app.include_router(GraphQLRouter(schema, path='/g', graphiql=False))
=> graphql | GraphiQL | /g | False | False | graphiql
--
from data import schema
from fastapi import FastAPI, Depends
from strawberry.asgi import GraphQL
app = FastAPI(openapi_url=None)
app.mount('/graphql', GraphQL(schema))
=> graphql | GraphiQL | /graphql | True | False | graphql_ide
--
from data import schema
from fastapi import FastAPI, Depends
from ariadne.asgi import GraphQL
app = FastAPI(openapi_url=None)
app.mount('/graphql', GraphQL(schema, debug=True))
=> graphql | Ariadne's explorer | /graphql | True | False | explorer
--
from data import schema
from fastapi import FastAPI, Depends
from ariadne.asgi import GraphQL
from ariadne.explorer import ExplorerHttp405
app = FastAPI(openapi_url=None)
app.mount('/graphql', GraphQL(schema, explorer=ExplorerHttp405()))
=> graphql | Ariadne's explorer | /graphql | False | False | explorer
--
from data import schema
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette_graphene3 import GraphQLApp, make_graphiql_handler
app = Starlette()
app.mount('/', GraphQLApp(schema, on_get=make_graphiql_handler()))
=> graphql | GraphiQL | / | unknown | False | on_get
--
from data import schema
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette_graphene3 import GraphQLApp
app = Starlette(routes=[Mount('/g', GraphQLApp(schema))])
=> graphql | GraphiQL | /g | False | False | on_get
--
from data import schema
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.graphql import GraphQLApp
app = Starlette()
app.add_route('/', GraphQLApp(schema=schema, graphiql=False))
=> graphql | GraphiQL | / | False | False | graphiql
--
from data import schema
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.graphql import GraphQLApp
app = Starlette()
app.add_route('/', GraphQLApp(schema=schema))
=> graphql | GraphiQL | / | True | False | graphiql
--
from flask import Flask
from prometheus_flask_exporter import PrometheusMetrics
app = Flask(__name__)
PrometheusMetrics(app)
=> metrics | prometheus_flask_exporter | /metrics | True | unset |
--
from flask import Flask
from prometheus_flask_exporter import PrometheusMetrics
app = Flask(__name__)
m = PrometheusMetrics(None, path='/m')
m.init_app(app)
=> metrics | prometheus_flask_exporter | /m | True | unset |
--
from flask import Flask
from prometheus_flask_exporter import PrometheusMetrics
app = Flask(__name__)
PrometheusMetrics(app, path=None)
--
from flask import Flask
from prometheus_flask_exporter.multiprocess import GunicornPrometheusMetrics
app = Flask(__name__)
GunicornPrometheusMetrics(app)
--
from flask import Flask
from prometheus_client import make_wsgi_app
from werkzeug.middleware.dispatcher import DispatcherMiddleware
app = Flask(__name__)
app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {'/metrics': make_wsgi_app()})
=> metrics | prometheus_client | /metrics | True | unset |
--
from flask import Flask
import rq_dashboard
app = Flask(__name__)
app.config.from_object(rq_dashboard.default_settings)
rq_dashboard.web.setup_rq_connection(app)
app.register_blueprint(rq_dashboard.blueprint, url_prefix='/rq')
=> panel | RQ Dashboard | /rq | True | False |
--
from flask import Flask
import flask_monitoringdashboard as dashboard
app = Flask(__name__)
dashboard.config.init_from(file='/x.cfg')
dashboard.bind(app)
=> panel | Flask-MonitoringDashboard | /dashboard | True | True |
--
from flask import Flask
from flask_smorest import Api
app = Flask(__name__)
app.config.update(OPENAPI_URL_PREFIX='/', OPENAPI_SWAGGER_UI_PATH='/docs', OPENAPI_SWAGGER_UI_URL='x')
Api(app)
=> openapi | flask-smorest's API documentation | / | True | unset | OPENAPI_URL_PREFIX
--
from flask import Flask
from flask_restx import Api
app = Flask(__name__)
Api(app, doc='/swagger')
=> openapi | Flask-RESTX's Swagger UI | /swagger | True | unset | doc
--
from flask import Flask, Blueprint
from flask_restx import Api
app = Flask(__name__)
b = Blueprint('api', __name__, url_prefix='/api')
Api(b, doc=False)
app.register_blueprint(b)
=> openapi | Flask-RESTX's Swagger UI |  | False | unset | doc
--
from apiflask import APIFlask
app = APIFlask(__name__, docs_path='/d')
=> openapi | APIFlask's API documentation | /d | True | False | enable_openapi
--
from apiflask import APIFlask
app = APIFlask(__name__, enable_openapi=False)
=> openapi | APIFlask's API documentation | /docs | False | False | enable_openapi
--
from flask_openapi3 import OpenAPI, Info
app = OpenAPI(__name__, info=Info(title='x', version='1'))
=> openapi | flask-openapi3's API documentation | /openapi | True | unset | doc_ui
--
from flask import Flask
from flasgger import Swagger
app = Flask(__name__)
Swagger(app, config={'headers': [], 'specs': [], 'specs_route': '/docs/'})
=> openapi | Flasgger's Swagger UI | /docs/ | True | unset |
--
from flask import Flask
from flask_admin import Admin
app = Flask(__name__)
Admin(app, name='x')
--
from flask import Flask
import flask_profiler
app = Flask(__name__)
app.config['flask_profiler'] = {'enabled': True, 'basicAuth': {'enabled': True, 'username': 'a', 'password': 'b'}}
flask_profiler.init_app(app)
"""
"""Programs; the lines after `=>` are the panels: kind, name, path, whether it is served, behind a login, by what."""


def _blocks() -> list[tuple[str, list[str]]]:
    found = []
    for block in _TEXT.rstrip("\n").split("\n--\n"):
        lines = block.split("\n")
        source = "".join(f"{line}\n" for line in lines if not line.startswith("=> "))
        found.append((source, [line[3:] for line in lines if line.startswith("=> ")]))
    return found


@pytest.mark.parametrize(("source", "wanted"), _blocks())
def test_the_panels_of_an_app(source: str, wanted: list[str]) -> None:
    server = "uvicorn" if "fastapi" in source or "starlette" in source else "gunicorn"
    sources = DictSources({"app.py": source, "Procfile": f"web: {server} app:app\n"})
    found = understand(sources, resolve(sources, lambda _: None), {})
    told = [
        f"{panel.kind} | {panel.what} | {panel.path} | {panel.enabled} | {panel.guarded} | {panel.setting}"
        for app in found.apps
        for panel in app.panels
        if (panel.what, str(panel.enabled)) != ("the API's documentation", "False")
    ]
    assert [line.rstrip() for line in told] == wanted
