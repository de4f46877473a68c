"""What the settings of a Django project name: databases, panels, tools, views, headers, and where they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.model import State, Value
from batten.understand import DictSources, Understanding, resolve, understand
from batten.understand.code_subjects import Throttle

if TYPE_CHECKING:
    from batten.understand.subjects import App, Panel

WSGI = """\
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()
"""
PROJECT = {
    "shop/__init__.py": "",
    "shop/wsgi.py": WSGI,
    "shop/urls.py": "urlpatterns = []\n",
    "Procfile": "web: gunicorn shop.wsgi\n",
}
HEAD = 'import os\nSECRET_KEY = os.environ["KEY"]\nROOT_URLCONF = "shop.urls"\n'
OPEN = 'import json\nMIDDLEWARE = json.load(open("/etc/middleware.json"))\n'


def seen(files: dict[str, str], requirements: str = "django==5.2\n") -> Understanding:
    sources = DictSources({**PROJECT, "requirements.txt": requirements, **files})
    return understand(sources, resolve(sources, lambda _: None), {})


def app(settings: str, requirements: str = "django==5.2\n", **files: str) -> App:
    held = {f"shop/{name}.py": text for name, text in files.items()}
    (found,) = seen({"shop/settings.py": HEAD + settings, **held}, requirements).apps
    return found


def header(found: App, name: str) -> Value | None:
    return found.headers[0].values.get(name)


# Databases and keys


def test_logins_of_databases_are_read_as_addresses() -> None:
    found = app(
        'one = {"ENGINE": "django.db.backends.postgresql", "USER": "me", "PASSWORD": "p/w", "NAME": "shop"}\n'
        'DATABASES = {"default": {**one, "HOST": "db.example"}, "copy": {**one, "PASSWORD": ""}, \n'
        '             "log": {"NAME": "x"},'
        '             "other": {"PASSWORD": os.environ["PW"]}, "odd": 3}\n'
    )
    held = {one.setting: one.value for one in found.credentials}
    assert held["DATABASES['default']"].value == "postgresql://me:p%2Fw@db.example/shop"
    assert held["DATABASES['copy']"].value == ""
    assert held["DATABASES['other']"].state is not State.KNOWN
    assert not {"DATABASES['log']", "DATABASES['odd']"} & set(held)


def test_one_of_two_passwords() -> None:
    found = app(
        'import sys\npassword = "a" if os.path.exists("/etc/big") else "b"\n'
        'DATABASES = {"default": {"ENGINE": "x.mysql", "PASSWORD": password}}\n'
    )
    (held,) = (one.value for one in found.credentials if one.setting.startswith("DATABASES"))
    assert {case.value for case in held.cases()} == {"mysql://:a@localhost/", "mysql://:b@localhost/"}


def test_the_key_of_tokens_is_a_key_of_its_own() -> None:
    keys = {key.setting: key.value for key in app('SIMPLE_JWT = {"SIGNING_KEY": "simple"}\n').keys}
    assert keys["SIMPLE_JWT['SIGNING_KEY']"].value == "simple"
    assert "SIMPLE_JWT['SIGNING_KEY']" not in {key.setting for key in app('SIMPLE_JWT = {"ALGORITHM": "HS256"}\n').keys}


def test_password_validators_by_their_names() -> None:
    apps = 'INSTALLED_APPS = ["django.contrib.auth"]\n'
    (policy,) = app(apps + 'AUTH_PASSWORD_VALIDATORS = [{"NAME": "a.B"}, {}]\n').passwords
    assert policy.validators.value == ("a.B", "")
    (policy,) = app(apps + "AUTH_PASSWORD_VALIDATORS = None\n").passwords
    assert policy.validators.value is None
    assert not app("").passwords


def test_throttles_of_rest_framework() -> None:
    found = app('REST_FRAMEWORK = {"DEFAULT_THROTTLE_RATES": {"anon": "5/min"}}\n')
    (throttle,) = found.code
    assert isinstance(throttle, Throttle)
    assert throttle.rates.value == {"anon": "5/min"}
    assert not app("").code


# Panels and tools

PANELS = """\
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from graphene_django.views import GraphQLView
from strawberry.django.views import AsyncGraphQLView

urlpatterns = [
    path("admin/", admin.site.urls),
    path("schema/", SpectacularAPIView.as_view({permissions})),
    path("graphql/", {graphql}),
    path("silk/", include("silk.urls", namespace="silk")),
    re_path(r"^", include("django_prometheus.urls")),
]
"""


def panels(settings: str = "", permissions: str = "", graphql: str = "GraphQLView.as_view()") -> dict[str, Panel]:
    urls = PANELS.format(permissions=permissions, graphql=graphql)
    return {panel.what: panel for panel in app(settings, urls=urls).panels}


def test_panels_and_what_stands_before_them() -> None:
    found = panels()
    assert {what: panel.path for what, panel in found.items()} == {
        "Django's admin": "/admin/",
        "the API's schema (drf-spectacular)": "/schema/",
        "GraphiQL": "/graphql/",
        "django-silk": "/silk/",
        "Prometheus metrics": "/",
    }
    assert {what for what, panel in found.items() if panel.guarded.is_true()} == {"Django's admin"}
    assert panels("SILKY_AUTHENTICATION = True\n")["django-silk"].guarded.is_true()


@pytest.mark.parametrize(
    ("settings", "permissions", "state"),
    [
        ("", "", State.UNSET),
        ("", "permission_classes=[]", State.UNKNOWN),
        ('SPECTACULAR_SETTINGS = {"SERVE_PERMISSIONS": ["a.B"]}\n', "", State.UNKNOWN),
        ('SPECTACULAR_SETTINGS = {"TITLE": "shop"}\n', "", State.UNSET),
    ],
)
def test_whether_permissions_guard_a_schema(settings: str, permissions: str, state: State) -> None:
    assert panels(settings, permissions)["the API's schema (drf-spectacular)"].guarded.state is state


@pytest.mark.parametrize(
    ("graphql", "enabled"),
    [
        ("GraphQLView.as_view()", False),
        ("GraphQLView.as_view(graphiql=True)", True),
        ("AsyncGraphQLView.as_view()", True),
        ("AsyncGraphQLView.as_view(graphql_ide=None)", None),
    ],
)
def test_graphiql_is_off_in_graphene_and_on_in_strawberry(graphql: str, enabled: object) -> None:
    assert panels(graphql=graphql)["GraphiQL"].enabled.value is enabled


OWN_CALLBACK = """\
def show(request):
    return DEBUG
DEBUG = True
DEBUG_TOOLBAR_CONFIG = {"SHOW_TOOLBAR_CALLBACK": "shop.settings.show"}
"""
BAR = 'MIDDLEWARE = ["debug_toolbar.middleware.DebugToolbarMiddleware"]\n'


@pytest.mark.parametrize(
    ("callback", "shown"),
    [
        ("", False),
        ('DEBUG_TOOLBAR_CONFIG = {"INSERT_BEFORE": "</body>"}\n', False),
        ('DEBUG_TOOLBAR_CONFIG = {"SHOW_TOOLBAR_CALLBACK": "debug_toolbar.middleware.show_toolbar"}\n', False),
        ('DEBUG_TOOLBAR_CONFIG = {"SHOW_TOOLBAR_CALLBACK": lambda request: True}\n', True),
        ('DEBUG_TOOLBAR_CONFIG = {"SHOW_TOOLBAR_CALLBACK": lambda request: request.user.is_staff}\n', None),
        ('DEBUG_TOOLBAR_CONFIG = {"SHOW_TOOLBAR_CALLBACK": "elsewhere.show"}\n', None),
        (OWN_CALLBACK, True),
    ],
)
def test_whom_the_toolbar_is_shown(callback: str, shown: bool | None) -> None:  # noqa: FBT001 - a row
    (tool,) = app(BAR + callback).tools
    assert tool.what == "Django Debug Toolbar"
    assert tool.enabled.state is (State.UNKNOWN if shown is None else State.KNOWN)
    assert tool.enabled.value is shown


def test_the_profiler_is_open_unless_it_asks_for_a_login() -> None:
    listed = 'MIDDLEWARE = ["silk.middleware.SilkyMiddleware"]\n'
    urls = PANELS.format(permissions="", graphql="None")
    (tool,) = app(listed, urls=urls).tools
    assert (tool.what, tool.enabled.value) == ("django-silk", True)
    (tool,) = app(listed + "SILKY_AUTHENTICATION = True\n", urls=urls).tools
    assert tool.enabled.value is False
    assert not app(listed).tools


def test_forwarded_headers_that_are_believed() -> None:
    found = app('USE_X_FORWARDED_HOST = True\nSECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")\n')
    assert {(one.what, one.headers) for one in found.proxies} == {
        ("SECURE_PROXY_SSL_HEADER", ("x-forwarded-proto",)),
        ("USE_X_FORWARDED_HOST", ("x-forwarded-host",)),
    }
    assert not app("USE_X_FORWARDED_HOST = False\nSECURE_PROXY_SSL_HEADER = None\n").proxies


def test_settings_that_nobody_reads() -> None:
    lines = 'MIDDLEWARE = []\nSECURE_SSL_REDIRECT = True\nX_FRAME_OPTIONS = ""\nMIDDLEWARE_CLASSES = ["a.B"]\n'
    assert {one.setting for one in app(lines).no_effect} == {"SECURE_SSL_REDIRECT", "MIDDLEWARE_CLASSES"}
    assert not app(OPEN + "SECURE_SSL_REDIRECT = True\n").no_effect


# Headers


def test_headers_of_a_middleware_list_that_is_not_known_are_not_known() -> None:
    found = app(OPEN + "SECURE_HSTS_SECONDS = 60\n")
    held = header(found, "strict-transport-security")
    assert held is not None
    assert (held.state, held.why) == (State.UNKNOWN, "MIDDLEWARE could not be read completely")
    assert found.headers[0].unsure


OWN = """\
class Own:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
{lines}        return response
"""


def own(*lines: str, settings: str = "") -> App:
    listed = 'MIDDLEWARE = ["shop.own.Own", "django.middleware.clickjacking.XFrameOptionsMiddleware"]\n'
    text = OWN.format(lines="".join(f"        {line}\n" for line in lines))
    return app(listed + settings, own=f"import os\nfrom django.http import HttpResponse\n\n\n{text}")


def test_descriptions_of_an_api_by_other_libraries() -> None:
    urls = (
        "from django.urls import path, re_path\nfrom drf_yasg.views import get_schema_view\n"
        "from rest_framework.documentation import include_docs_urls\n"
        "from rest_framework import schemas\nfrom rest_framework_swagger.views import get_swagger_view\n"
        "view = get_schema_view(public=True{})\n"
        "urlpatterns = [re_path(r'^swagger/$', view.with_ui('swagger', cache_timeout=0)),\n"
        "    path('a/', schemas.get_schema_view(title='x')), path('b/', include_docs_urls()),\n"
        "    path('c', get_swagger_view())]\n"
    )
    found = {panel.path: panel for panel in app("", urls=urls.format("")).panels}
    assert set(found) == {"/swagger/", "/a/", "/b/", "/c"}
    assert {panel.guarded.state for panel in found.values()} == {State.UNSET}
    shut = 'REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}\n'
    assert {panel.guarded.state for panel in app(shut, urls=urls.format("")).panels} == {State.UNKNOWN}
    (closed,) = (p for p in app("", urls=urls.format(", permission_classes=[int]")).panels if p.path == "/swagger/")
    assert closed.guarded.state is State.UNKNOWN


def test_headers_that_own_middleware_sets() -> None:
    found = own(
        'response.setdefault("Permissions-Policy", "camera=()")',
        'response["x-powered-by"] = "shop"',
        'response["X-Powered-By"] = "nobody"',
        'response["X-Gone"] = "1"',
        'del response["x-gone"]',
        "if request.is_secure():",
        '    response["X-Secure"] = "1"',
    )
    values = {name: value.value for name, value in found.headers[0].values.items()}
    assert values["permissions-policy"] == "camera=()"
    assert values["x-powered-by"] == "nobody"
    assert values["x-gone"] is None
    assert values["x-secure"] == "1"
    assert values["x-frame-options"] == "DENY"
    assert "header.X-Gone" not in found.settings


def test_a_header_that_own_middleware_takes_away_is_not_known() -> None:
    held = header(own('del response["X-Frame-Options"]'), "x-frame-options")
    assert held is not None
    assert held.state is State.UNKNOWN


def test_a_header_whose_name_is_not_known_may_be_any() -> None:
    assert "names are not known" in own('response[os.environ["NAME"]] = "1"').headers[0].unsure
    assert not own('response["X-A"] = "1"').headers[0].unsure


def test_own_middleware_that_lets_every_origin_read() -> None:
    (policy,) = own('response["Access-Control-Allow-Origin"] = request.headers["Origin"]').cors
    assert policy.reflects
    (policy,) = own('response["Access-Control-Allow-Origin"] = "https://a.example"').cors
    assert (policy.reflects, policy.origins.value) == (False, "https://a.example")
    assert not own('response["X-Origin"] = request.META.get("HTTP_ORIGIN")').cors


def test_own_middleware_that_answers_by_itself() -> None:
    found = own('response = HttpResponse("x")', 'response["X-Own"] = "1"')
    assert header(found, "x-own") is None
    assert header(found, "x-frame-options").value == "DENY"  # type: ignore[union-attr]


CSP3 = "django==5.2\ndjango-csp==3.8\n"
CSP4 = "django==5.2\ndjango-csp==4.0\n"
CSP = 'MIDDLEWARE = ["csp.middleware.CSPMiddleware"]\n'


@pytest.mark.parametrize(
    ("requirements", "lines", "policy"),
    [
        (CSP3, "", "default-src 'self'"),
        (CSP3, 'CSP_IMG_SRC = ("a", "b")\n', "default-src 'self'; img-src a b"),
        (CSP3, 'CSP_DEFAULT_SRC = "x"\nCSP_IMG_SRC = None\nCSP_BASE_URI = ["y"]\n', "default-src x; base-uri y"),
        (CSP4, 'CSP_IMG_SRC = ("a",)\n', None),
        (
            CSP4,
            'CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"img-src": ["a"], "x": None}}\n',
            "default-src 'self'; img-src a",
        ),
        (CSP4, "CONTENT_SECURITY_POLICY = None\n", None),
        (CSP4, 'CONTENT_SECURITY_POLICY = {"EXCLUDE_URL_PREFIXES": ["/x"]}\n', None),
        (CSP4, 'CONTENT_SECURITY_POLICY = {"DIRECTIVES": 3}\n', None),
        ("django==5.2\n", "", None),
        ("django==6.0\n", 'SECURE_CSP = {"default-src": {"b", "a"}, "sandbox": True}\n', "default-src a b; sandbox"),
    ],
)
def test_policies_of_each_library(requirements: str, lines: str, policy: str | None) -> None:
    held = header(app(CSP + lines, requirements), "content-security-policy")
    assert (None if held is None else held.value) == policy


def test_a_policy_that_is_only_reported() -> None:
    found = app(CSP + "CSP_REPORT_ONLY = True\n", CSP3)
    assert header(found, "content-security-policy") is None
    assert header(found, "content-security-policy-report-only") is not None


def test_a_directive_that_is_not_known_makes_the_policy_unknown() -> None:
    held = header(app(CSP + 'CSP_IMG_SRC = os.environ["IMG"]\n', CSP3), "content-security-policy")
    assert held is not None
    assert held.state is not State.KNOWN


def test_a_star_import_that_was_not_found_may_hold_the_policy() -> None:
    held = header(app(CSP + "from elsewhere.settings import *\n"), "content-security-policy")
    assert held is not None
    assert held.state is State.UNKNOWN


CORS = 'MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware"]\n'


def test_cors_under_old_names_and_for_some_paths() -> None:
    (policy,) = app(CORS + 'CORS_ORIGIN_ALLOW_ALL = True\nCORS_URLS_REGEX = "^/api/"\n').cors
    assert (policy.origins.value, policy.wildcard_echoes, policy.paths) == ("*", True, "^/api/")
    (policy,) = app(CORS + 'CORS_ORIGIN_REGEX_WHITELIST = ["^https://a$"]\n').cors
    assert (policy.pattern, policy.origins.value) == (True, ["^https://a$"])
    (policy,) = app(CORS + 'import json\nCORS_ALLOW_ALL_ORIGINS = json.load(open("/etc/cors"))\n').cors
    assert policy.origins.state is State.UNKNOWN
    assert not app(CORS).cors
    assert not app("MIDDLEWARE = []\nCORS_ALLOW_ALL_ORIGINS = True\n").cors


# Views

VIEWS = """\
import os

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.decorators.cache import never_cache


@csrf_exempt
@require_POST
def pay(request):
    response = JsonResponse({})
    response.set_cookie("seen", "1", 60, secure=True)
    response.set_signed_cookie("signed", "1", "salt", httponly=True)
    return response


@csrf_exempt
def unserved(request):
    return None


@login_required()
@never_cache
def page(request):
    try:
        1 / 0
    except Exception as error:
        return render(request, "page.html", {"error": error})


@method_decorator(csrf_exempt, name="dispatch")
class Hook(View):
    def post(self, request):
        request.META.get("HTTP_ORIGIN")
        if request.is_secure():
            return HttpResponse(request.headers.get("Origin"))
        return HttpResponse(os.environ["SECRET"])


class Other(View):
    @method_decorator(csrf_exempt)
    def dispatch(self, request):
        return super().dispatch(request)


class Bare(View):
    pass


class Plain(View):
    @method_decorator(never_cache)
    def get(self, request):
        return HttpResponse("x")


urlpatterns_views = [pay, page]
"""
ROUTES = """\
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from shop import views

urlpatterns = [
    path("pay/", views.pay), path("page/", views.page), path("hook/", views.Hook.as_view()),
    path("bare/", csrf_exempt(views.Bare.as_view())), path("print/", csrf_exempt(print)),
    path("other/", views.Other.as_view()), path("plain/", views.Plain.as_view()),
]
"""
FORMS = """\
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware"]
"""


def test_views_that_need_no_token_and_what_they_send() -> None:
    found = app(FORMS, urls=ROUTES, views=VIEWS)
    (guard,) = found.csrf
    assert {name for name, _ in guard.exempt} == {"pay", "Hook", "dispatch", "Bare"}
    cookies = {cookie.name: cookie for cookie in found.cookies if cookie.name in {"seen", "signed"}}
    assert (cookies["seen"].secure.value, cookies["seen"].httponly.is_true()) == (True, False)
    assert (cookies["signed"].secure.is_true(), cookies["signed"].httponly.value) == (False, True)
    assert found.routes == ("/pay/", "/page/", "/hook/", "/bare/", "/print/", "/other/", "/plain/")


INCLUDING = """\
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import include, path, re_path
from django.views.generic import TemplateView
from shop import settings, more

class Old(TemplateView):
    pass


mine = [path("one/", None)]
urlpatterns = [
    path("a/", include("shop.more")), path("b/", include((mine, "name"))), path("c/", include(mine)),
    path("d/", include(more)), path("f/", (mine)), path(route, None),
    mine, path("g/", TemplateView.as_view()), path("h/", Old.as_view()), 3,
    re_path(r"^i/$", print), path("j/", include(unknown)), path("k/", include("elsewhere.urls")),
    path("l/", include(settings)),
]
urlpatterns += i18n_patterns(path("m/", None))
urlpatterns += static(settings.MEDIA_URL, document_root="/srv")
"""


@pytest.mark.parametrize(("debug", "files"), [("DEBUG = False\n", ()), ("DEBUG = True\n", ("/media/",))])
def test_the_addresses_that_are_served(debug: str, files: tuple[str, ...]) -> None:
    urls = f"import os\nroute = os.environ['ROUTE']\nfrom elsewhere import unknown\n{INCLUDING}"
    more = "from django.urls import path\n\nurlpatterns = [path('two/', None)]\n"
    found = app(debug + 'MEDIA_URL = "/media/"\n', urls=urls, more=more)
    assert found.routes == (
        "/a/two/", "/b/one/", "/c/one/", "/d/two/", "/f/one/", "/…", "/one/", "/g/", "/h/", "/i/", "/j/", "/k/",
        "/en-us/m/", *files,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "options", "path"),
    [
        ("", "", "/en-us/m/"),
        ('LANGUAGE_CODE = "de"\n', "", "/de/m/"),
        ('LANGUAGE_CODE = os.environ["LANGUAGE"]\n', "", "/…m/"),
        ("", ", prefix_default_language=False", "/m/"),
        ("USE_I18N = False\n", "", "/m/"),
    ],
)
def test_addresses_below_a_language(settings: str, options: str, path: str) -> None:
    urls = (
        "from django.conf.urls.i18n import i18n_patterns\nfrom django.urls import path\n\n"
        f"urlpatterns = i18n_patterns(path('m/', None){options})\n"
    )
    assert app(settings, urls=urls).routes == (path,)


def test_an_app_of_the_project_is_no_panel_of_the_same_name() -> None:
    urls = 'from django.urls import include, path\n\nurlpatterns = [path("x/", include("flower.urls"))]\n'
    files = {"shop/settings.py": HEAD, "shop/urls.py": urls}
    assert [panel.what for panel in seen(files).apps[0].panels] == ["Flower"]
    mine = {"flower/__init__.py": "", "flower/urls.py": "urlpatterns = []\n"}
    assert not seen({**files, **mine}).apps[0].panels


# The program around the settings


def test_settings_without_a_module() -> None:
    wsgi = (
        "from django.conf import settings\nfrom django.core.wsgi import get_wsgi_application\n\n"
        "ready = settings.configured\n"
        "settings.configure({}DEBUG=ready, SECRET_KEY='k', ROOT_URLCONF='shop.urls')\n"
        "application = get_wsgi_application()\n"
    )
    (found,) = seen({"shop/wsgi.py": wsgi.format("")}).apps
    assert found.setting("DEBUG").value is False
    assert found.setting("SECRET_KEY").value == "k"
    assert found.setting("ALLOWED_HOSTS").value == []
    (found,) = seen({"shop/wsgi.py": wsgi.format("object(), ")}).apps
    assert found.setting("ALLOWED_HOSTS").state is State.UNKNOWN
    assert found.setting("SECRET_KEY").value == "k"


NAMED = """\
import json
import os

from django.core.wsgi import get_wsgi_application

{chosen}
application = get_wsgi_application()
"""
MADE = """\
import sys
class Made:
    DEBUG = True
sys.modules["shop.made"] = Made()
os.environ["DJANGO_SETTINGS_MODULE"] = "shop.made"
"""
TWO = {
    "shop/one.py": HEAD + "DEBUG = True\nONLY = 1\n",
    "shop/two.py": HEAD + "DEBUG = False\n",
}


def test_one_of_two_settings_modules() -> None:
    chosen = 'os.environ["DJANGO_SETTINGS_MODULE"] = "shop.one" if os.path.exists("/etc/shop") else "shop.two"'
    (found,) = seen({**TWO, "shop/wsgi.py": NAMED.format(chosen=chosen)}).apps
    assert {case.value for case in found.setting("DEBUG").cases()} == {True, False}
    assert found.setting("X_FRAME_OPTIONS").value == "DENY"


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ('os.environ["DJANGO_SETTINGS_MODULE"] = json.load(open("/etc/shop.json"))', "which settings production has"),
        ('os.environ["DJANGO_SETTINGS_MODULE"] = "elsewhere.settings"', "not in the repository"),
        (MADE, "an object of its own"),
    ],
)
def test_settings_that_are_not_there_to_read(chosen: str, why: str) -> None:
    found = seen({**TWO, "shop/wsgi.py": NAMED.format(chosen=chosen)})
    assert any(why in one.why for one in found.unsure), found.unsure
    assert found.apps[0].setting("DEBUG").state is State.UNKNOWN


def test_settings_that_other_code_reads() -> None:
    wsgi = WSGI + (
        "from django.conf import settings\nsettings.ADMINS = settings.EMAIL_TIMEOUT\n"
        "settings.DEBUG = settings.EITHER\n"
        "try:\n    settings.NOTHING\nexcept AttributeError:\n    settings.X_FRAME_OPTIONS = 'none'\n"
    )
    either = 'if os.path.exists("/etc/shop"):\n    EITHER = True\nelse:\n    EITHER = False\n'
    (found,) = seen({"shop/wsgi.py": wsgi, "shop/settings.py": HEAD + either}).apps
    assert {case.value for case in found.setting("DEBUG").cases()} == {True, False}
    assert found.setting("X_FRAME_OPTIONS").value == "none"
    assert found.setting("ADMINS").state is State.UNKNOWN
    (found,) = seen({"shop/wsgi.py": wsgi, "shop/settings.py": HEAD + either + "from elsewhere import *\n"}).apps
    assert found.setting("X_FRAME_OPTIONS").state is not State.KNOWN


def test_a_setting_that_may_be_bound_is_the_default_otherwise() -> None:
    found = app('if os.path.exists("/etc/shop"):\n    X_FRAME_OPTIONS = "SAMEORIGIN"\n    MEDIA_URL = "m/"\n')
    assert {case.value for case in found.setting("X_FRAME_OPTIONS").cases()} == {"SAMEORIGIN", "DENY"}


@pytest.mark.parametrize(
    ("given", "url"), [("m/", "/m/"), ("/m/", "/m/"), ("https://cdn.example/", "https://cdn.example/")]
)
def test_addresses_of_files_are_below_the_root(given: str, url: str) -> None:
    found = app(f"MEDIA_URL = {given!r}\nLOGIN_URL = MEDIA_URL\n")
    assert (found.setting("MEDIA_URL").value, found.setting("LOGIN_URL").value) == (url, given)


def test_what_an_app_raises_is_told_and_stops_nothing() -> None:
    files = {
        "shop/settings.py": HEAD + 'INSTALLED_APPS = ["broken", "fine.apps.Fine", "elsewhere", "endless"]\n',
        "broken/__init__.py": "raise RuntimeError('no')\n",
        "fine/__init__.py": "",
        "fine/apps.py": "from django.conf import settings\nsettings.DEBUG = True\n",
        "fine/models.py": "",
        "endless/__init__.py": "n = 0\nwhile n < 10 ** 9:\n    n += 1\n",
    }
    found = seen(files)
    assert found.apps[0].setting("DEBUG").value is True
    told = {one.what: one.why for one in found.unsure}
    assert told["broken"] == "importing it raises RuntimeError: no"
    assert "elsewhere" not in told


MANAGE = """\
import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.one")
execute_from_command_line(sys.argv)
"""


@pytest.mark.parametrize(
    ("command", "debug"),
    [
        ("runserver 0.0.0.0:8000", [True]),
        ("runserver --settings=shop.two 0.0.0.0:8000", [False]),
        ("migrate", []),
    ],
)
def test_commands_of_manage(command: str, debug: list[bool]) -> None:
    found = seen({**TWO, "manage.py": MANAGE, "Procfile": f"web: python manage.py {command}\n"})
    assert [one.setting("DEBUG").value for one in found.apps] == debug


@pytest.mark.parametrize(
    "wrapped",
    [
        "from whitenoise import WhiteNoise\napplication = WhiteNoise(application, root='/srv')\n",
        "from dj_static import Cling\napplication = Cling(application)\n",
        "from channels.routing import ProtocolTypeRouter\napplication = ProtocolTypeRouter({'http': application})\n",
        "import django\nfrom django.core.handlers import wsgi\ndjango.setup()\napplication = wsgi.WSGIHandler()\n",
    ],
)
def test_the_app_inside_what_is_served(wrapped: str) -> None:
    (found,) = seen({"shop/settings.py": HEAD, "shop/wsgi.py": WSGI + wrapped}).apps
    assert (found.framework, found.setting("DEBUG").value) == ("django", False)
    assert [one.name for one in found.servers] == ["gunicorn"]


# django-configurations

CONFIGURED = """\
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
os.environ.setdefault("DJANGO_CONFIGURATION", {chosen})
{imported}
{served}
"""
CLASSES = """\
import os
from pathlib import Path

from configurations import Configuration, values


class Base(Configuration):
    DOTENV = {dotenv}
    SECRET_KEY = "k"
    DEBUG = values.BooleanValue(False)
    EMAIL_HOST = values.Value("localhost", environ_prefix=None)
    EMAIL_HOST_USER = property(lambda self: os.environ.get("WHO"))

    @classmethod
    def post_setup(cls):
        os.environ["AFTER"] = "1"


class Dev(Base):
    DEBUG = True


NOT_A_CLASS = 3
"""
GET = "from configurations.wsgi import get_wsgi_application"


def configured(
    chosen: str = '"Base"',
    dotenv: str = "None",
    imported: str = GET,
    served: str = "application = get_wsgi_application()",
    **files: str,
) -> Understanding:
    wsgi = CONFIGURED.format(imported=imported, chosen=chosen, served=served)
    return seen({"shop/wsgi.py": wsgi, "shop/settings.py": CLASSES.format(dotenv=dotenv), **files})


@pytest.mark.parametrize(
    ("imported", "served"),
    [
        (GET, "application = get_wsgi_application()"),
        ("", "from configurations.wsgi import application"),
        (
            "import configurations\nfrom django.core.wsgi import get_wsgi_application",
            "configurations.setup()\napplication = get_wsgi_application()",
        ),
    ],
)
def test_ways_to_serve_a_class_of_settings(imported: str, served: str) -> None:
    (found,) = configured('"Dev"', imported=imported, served=served).apps
    assert (found.setting("DEBUG").value, found.setting("SECRET_KEY").value) == (True, "k")


@pytest.mark.parametrize("chosen", ['"Absent"', '"NOT_A_CLASS"', 'os.environ["WHICH"]'])
def test_a_class_that_is_not_known(chosen: str) -> None:
    found = configured(chosen)
    assert "DJANGO_CONFIGURATION" in {one.what for one in found.unsure}
    assert found.apps[0].setting("DEBUG").state is State.UNKNOWN


LINES = """\
DJANGO_DEBUG=yes
# WHO=comment
EMAIL_HOST="a\\"b"
WHO='it"s'
OTHER
"""


@pytest.mark.parametrize(
    "dotenv", ['os.path.join(os.path.dirname(__file__), "words.env")', 'Path(__file__).parent / "words.env"']
)
def test_a_file_of_variables(dotenv: str) -> None:
    (found,) = configured(dotenv=dotenv, **{"shop/words.env": LINES}).apps
    held = [found.setting(name).value for name in ("DEBUG", "EMAIL_HOST", "EMAIL_HOST_USER")]
    assert held == [True, 'a"b', 'it"s']


def test_which_file_of_variables_is_not_known() -> None:
    assert "DOTENV" in {one.what for one in configured(dotenv='os.environ["FILE"]').unsure}
    assert "DOTENV" not in {one.what for one in configured(dotenv='""').unsure}


def test_the_command_line_names_the_class() -> None:
    manage = MANAGE.replace("django.core", "configurations").replace("shop.one", "shop.settings")
    files = {"manage.py": manage, "shop/settings.py": CLASSES.format(dotenv="None")}
    command = "web: python manage.py runserver --configuration=Dev 0.0.0.0:8000\n"
    (found,) = seen({**files, "Procfile": command}).apps
    assert found.setting("DEBUG").value is True
