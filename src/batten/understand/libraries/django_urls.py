"""Django 5.2's URL patterns: which views are served under which path.

Facts from `django.urls.conf`, `django.contrib.admin.sites` and the URL
modules that apps ask to be included.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, BASES, CALLS, Call, attribute, calls, value
from batten.understand.evaluate.objects import (
    Abstract,
    Bound,
    Instance,
    Known,
    Library,
    Module,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import NOWHERE, Origin, Place, combined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.evaluate.interpreter import Interpreter

PATTERN = "django.urls.URLPattern"
INCLUDED = "django.urls.included"
VIEW = "django.views.View"
DEEPEST = 8
MOST = 3_000

ALIASES.update(
    {
        "django.urls.conf.path": "django.urls.path",
        "django.urls.conf.re_path": "django.urls.re_path",
        "django.urls.conf.include": "django.urls.include",
        "django.conf.urls.include": "django.urls.include",
        "django.conf.urls.url": "django.urls.re_path",
        "django.views.generic.View": VIEW,
        "django.views.generic.base.View": VIEW,
    }
)
_VIEWS = (
    *(
        f"django.views.generic.{name}"
        for name in (
            "TemplateView RedirectView ListView DetailView FormView CreateView UpdateView DeleteView ArchiveIndexView"
        ).split()
    ),
    *(
        "rest_framework.views.APIView rest_framework.viewsets.ViewSet rest_framework.viewsets.ModelViewSet "
        "rest_framework.viewsets.ReadOnlyModelViewSet rest_framework.viewsets.GenericViewSet "
        "rest_framework.generics.GenericAPIView rest_framework.generics.ListAPIView "
        "rest_framework.generics.CreateAPIView rest_framework.generics.RetrieveAPIView "
        "rest_framework.generics.ListCreateAPIView rest_framework.generics.RetrieveUpdateDestroyAPIView "
        "drf_spectacular.views.SpectacularAPIView drf_spectacular.views.SpectacularJSONAPIView "
        "drf_spectacular.views.SpectacularYAMLAPIView drf_spectacular.views.SpectacularSwaggerView "
        "drf_spectacular.views.SpectacularSwaggerSplitView drf_spectacular.views.SpectacularRedocView "
        "drf_yasg.views.SchemaView "
        "graphene_django.views.GraphQLView strawberry.django.views.GraphQLView strawberry.django.views.AsyncGraphQLView"
    ).split(),
)
for _class in _VIEWS:
    BASES[_class] = (VIEW,)


@calls("django.urls.path", "django.urls.re_path")
def _path(machine: Interpreter, call: Call) -> Abstract:
    made = Instance(Library(PATTERN), call.place)
    made.facts["conditions"] = combined(None, *machine.control)
    made.facts["route"] = call.get("route", 0) or call.get("regex", 0) or Unknown("no route")
    made.facts["view"] = call.get("view", 1) or Known(None)
    return made


@calls("django.urls.include")
def _include(machine: Interpreter, call: Call) -> Abstract:
    """`include("app.urls")`, `include((patterns, "name"))`, `include(patterns)`."""
    given = plain_object(call.args[0]) if call.args else Known(None)
    made = Instance(Library(INCLUDED), call.place)
    made.facts["patterns"] = given
    if isinstance(given, Known) and isinstance(given.value, str):
        if machine.find(given.value.partition(".")[0]) is None:
            made.facts["name"] = given.value
        else:
            module = machine.import_module(given.value, call.place)
            made.facts["patterns"] = (
                module.cells.get("urlpatterns", Unknown("no urlpatterns")) if isinstance(module, Module) else given
            )
    elif isinstance(given, Module):
        made.facts["patterns"] = given.cells.get("urlpatterns", Unknown("no urlpatterns"))
    elif isinstance(given, Library):
        made.facts["name"] = given.name
    elif isinstance(given, Sequence) and given.of == "tuple" and given.items:
        made.facts["patterns"] = given.items[0]
    return made


@calls("django.conf.urls.i18n.i18n_patterns")
def _i18n(machine: Interpreter, call: Call) -> Abstract:
    """Put the patterns below the language, as `LocalePrefixPattern` does for a visitor who asks for no other."""
    from batten.understand.libraries.django import settings  # noqa: PLC0415 - it imports this file

    held = settings(machine, call.place).cells
    patterns = Sequence("list", tuple(call.args), Origin(call.place))
    prefixed = machine.truth(call.kwargs.get("prefix_default_language", Known(value=True)))
    if prefixed is False or machine.truth(held.get("USE_I18N", Known(value=True))) is False:
        return patterns
    language = plain_object(held.get("LANGUAGE_CODE", Known("en-us")))
    made = Instance(Library(PATTERN), call.place)
    made.facts["route"] = Known(f"{language.value}/") if isinstance(language, Known) else Unknown("no language")
    made.facts["view"] = patterns
    return Sequence("list", (made,), Origin(call.place))


@calls("django.conf.urls.static.static")
def _static(machine: Interpreter, call: Call) -> Abstract:
    """Return `[]` unless DEBUG is on, as `static()` does."""
    from batten.understand.libraries.django import settings  # noqa: PLC0415 - it imports this file

    debug = machine.truth(settings(machine, call.place).cells.get("DEBUG", Known(value=False)))
    if debug is False:
        return Sequence("list", (), Origin(call.place))
    made = Instance(Library(PATTERN), call.place)
    made.facts.update(route=call.get("prefix", 0) or Unknown("no prefix"), view=Library("django.views.static.serve"))
    return Sequence("list", (made,), Origin(call.place))


@value("django.contrib.admin.site")
def _admin_site(machine: Interpreter, place: Place) -> Abstract:
    del machine
    return Instance(Library("django.contrib.admin.sites.AdminSite"), place)


@attribute("django.contrib.admin.sites.AdminSite.urls")
def _admin_urls(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine
    made = Instance(Library(INCLUDED), place)
    made.facts.update(name="django.contrib.admin.site.urls", patterns=Unknown("Django's admin"))
    made.facts["site"] = instance
    return made


@calls(f"{VIEW}.as_view")
def _as_view(machine: Interpreter, call: Call) -> Abstract:
    del machine
    made = Instance(Library("django.views.function"), call.place)
    made.facts["view"] = plain_object(call.receiver or Known(None))
    made.facts["options"] = dict(call.kwargs)
    return made


def _library_view(name: str, machine: Interpreter, call: Call) -> Abstract:
    """Return a view of a library, or the URLs that it gives, by the name of what makes them."""
    del machine
    made = Instance(Library("django.views.function"), call.place)
    made.facts.update(view=Library(name), options=dict(call.kwargs))
    return made


for _function in (
    "rest_framework.schemas.get_schema_view",
    "rest_framework.documentation.include_docs_urls",
    "rest_framework_swagger.views.get_swagger_view",
):
    CALLS[_function] = partial(_library_view, _function)


for _class in _VIEWS:
    CALLS[f"{_class}.as_view"] = partial(_library_view, _class)


@calls("drf_yasg.views.get_schema_view")
def _yasg(machine: Interpreter, call: Call) -> Abstract:
    """Return the class that drf-yasg 1.21 makes, whose `with_ui()` and `without_ui()` are views."""
    del machine
    made = Instance(Library("drf_yasg.views.SchemaView"), call.place)
    made.facts["options"] = dict(call.kwargs)
    return made


@calls("drf_yasg.views.SchemaView.with_ui", "drf_yasg.views.SchemaView.without_ui")
def _yasg_view(machine: Interpreter, call: Call) -> Abstract:
    del machine
    owner = plain_object(call.receiver or Known(None))
    made = Instance(Library("django.views.function"), call.place)
    made.facts["view"] = Library("drf_yasg.views.SchemaView")
    made.facts["options"] = dict(owner.facts["options"]) if isinstance(owner, Instance) else {}
    return made


CALLS["django.contrib.admin.autodiscover"] = lambda _machine, _call: Known(None)


class Served:
    """One URL pattern as a visitor meets it."""

    __slots__ = ("conditions", "name", "path", "place", "view")

    def __init__(self, path: str, view: Abstract, name: str, made: Instance) -> None:
        """Hold the path (a prefix where it is not wholly known), the view, or the name of what is included."""
        self.path = path
        self.view = view
        self.name = name
        self.place = made.made
        self.conditions: Origin = made.facts.get("conditions", NOWHERE)
        """What decided that the pattern is there."""


def served(patterns: Abstract | None, prefix: str = "/", depth: int = 0) -> Iterator[Served]:
    """Yield the patterns below `patterns` (a list of them), included ones too."""
    inner = plain_object(patterns) if patterns is not None else None
    if not isinstance(inner, Sequence) or depth > DEEPEST:
        return
    for item in (inner.items or ())[:MOST]:
        one = plain_object(item)
        if isinstance(one, Sequence):
            yield from served(one, prefix, depth + 1)
        if not isinstance(one, Instance) or one.library != PATTERN:
            continue
        route = one.facts["route"]
        text = str(route.value) if isinstance(route, Known) else "…"
        path = prefix + text.lstrip("^").rstrip("$").lstrip("/")
        view = plain_object(one.facts["view"])
        if isinstance(view, Instance) and view.library == INCLUDED:
            if view.facts.get("name"):
                yield Served(path, view, str(view.facts["name"]), one)
            yield from served(view.facts["patterns"], path, depth + 1)
        elif isinstance(view, Sequence):  # `path("x/", [..])`, `router.urls`
            yield from served(view, path, depth + 1)
        else:
            yield Served(path, one.facts["view"], _name(view), one)


def _name(view: Abstract) -> str:
    if isinstance(view, Library):
        return view.name
    if isinstance(view, Bound) and isinstance(view.function, Library):
        return view.function.name
    if isinstance(view, Instance):
        made = view.facts.get("view")
        if isinstance(made, Library):
            return made.name
        library = getattr(made, "order", ())
        return next((base.name for base in library if isinstance(base, Library)), view.library)
    return ""


__all__ = ["PATTERN", "Served", "served"]
