"""Panels inside Flask apps: metrics, RQ's dashboard, Flask-MonitoringDashboard, Flask-APScheduler's API.

Facts from prometheus_flask_exporter 0.23 `PrometheusMetrics`, RQ Dashboard
0.9 `rq_dashboard.web`, Flask-MonitoringDashboard 5.1
`flask_monitoringdashboard.bind` and its `Config`, and Flask-APScheduler 1.13
`APScheduler._load_config` and `_apply_auth`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import CALLS, Call, calls, inits, value
from batten.understand.evaluate.objects import (
    Abstract,
    Instance,
    Known,
    Library,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.extension import app_of, as_bool, extension, given, is_none, setting
from batten.understand.libraries.flask import BLUEPRINT
from batten.understand.libraries.panels import Noted, serve, text

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

# prometheus_flask_exporter

METRICS = "prometheus_flask_exporter.PrometheusMetrics"


def _metrics(machine: Interpreter, app: Instance | None, call: Call, options: dict[str, Abstract]) -> None:
    path = options.get("path") or given(call, "path", 1, "/metrics")
    if isinstance(path, Known) and not path.value:
        return
    panel = Noted("metrics", "prometheus_flask_exporter", path, call.place, app)
    if not is_none(options.get("metrics_decorator")):
        panel.guarded = Unknown("its decorator may ask for a login", Origin(call.place))
    serve(machine, panel)


@extension(METRICS)
def _exporter(machine: Interpreter, instance: Instance, app: Instance | None, call: Call) -> None:
    """`PrometheusMetrics(app, path="/metrics")`; its subclasses for several processes serve no path."""
    _metrics(machine, app, call, {**instance.facts.get("options", {}), **call.kwargs})


@calls(f"{METRICS}.for_app_factory")
def _for_factory(machine: Interpreter, call: Call) -> Abstract:
    del machine
    made = Instance(Library(METRICS), call.place, Origin(call.place))
    made.facts["options"] = dict(call.kwargs)
    return made


# RQ Dashboard: a blueprint without a login

_RQ = "rq_dashboard.blueprint"


@value(_RQ, "rq_dashboard.web.blueprint")
def _rq(machine: Interpreter, place: Place) -> Abstract:
    held = machine.hooks.setdefault(_RQ, [])
    if not held:
        made = Instance(Library(BLUEPRINT))
        panel = Noted("panel", "RQ Dashboard", "/", place, None)
        panel.power = "changes data"
        panel.guarded = lambda: _rq_guard(made, panel)
        made.facts.update(routes=[], hooks={}, panel=panel)
        held.append(made)
    found: Abstract = held[0]
    return found


@calls("rq_dashboard.cli.add_basic_auth")
def _rq_login(machine: Interpreter, call: Call) -> Abstract:
    """Note that a password was put before the blueprint."""
    del machine
    blueprint = plain_object(call.get("blueprint", 0) or Known(None))
    if isinstance(blueprint, Instance):
        blueprint.facts["guarded"] = Known(value=True, origin=Origin(call.place))
    return Known(None)


def _rq_guard(blueprint: Instance, panel: Noted) -> Abstract:
    guard: Abstract | None = blueprint.facts.get("guarded")
    if guard is not None:
        return guard
    if blueprint.facts["hooks"].get("before_request"):
        return Unknown("a function before each request may ask for a login", Origin(panel.place))
    return Known(value=False, origin=Origin(panel.place))


# Flask-MonitoringDashboard

_MONITOR = "flask_monitoringdashboard.config"


@value(_MONITOR)
def _monitor_config(machine: Interpreter, place: Place) -> Abstract:
    del place
    held = machine.hooks.setdefault(_MONITOR, [])
    if not held:
        held.append(Instance(Library("flask_monitoringdashboard.core.config.Config")))
    found: Abstract = held[0]
    return found


@calls("flask_monitoringdashboard.core.config.Config.init_from")
def _monitor_file(machine: Interpreter, call: Call) -> Abstract:
    config = plain_object(call.receiver or Known(None))
    if isinstance(config, Instance):
        for name in ("username", "password"):
            machine.put(config.cells, name, Unknown("its configuration file says it", Origin(call.place)))
    return Known(None)


@calls("flask_monitoringdashboard.bind")
def _monitor(machine: Interpreter, call: Call) -> Abstract:
    """Record the dashboard, and the account that it has unless the configuration names another."""
    app = app_of(call.get("app", 0))
    config = plain_object(_monitor_config(machine, call.place))
    shown = given(call, "include_dashboard", 2, otherwise=True)
    panel = Noted("panel", "Flask-MonitoringDashboard", "/dashboard", call.place, app)
    panel.guarded = Known(value=True, origin=Origin(call.place))
    serve(machine, panel, as_bool(machine, shown, call.place))
    if isinstance(config, Instance) and machine.truth(shown) is not False:
        account = [config.cells.get(name, Known("admin", Origin(call.place))) for name in ("username", "password")]
        machine.record.append(("account", *account, "Flask-MonitoringDashboard", call.place))
    return Known(None)


# Flask-APScheduler: its API adds jobs, and a job is any function that can be imported

SCHEDULER = "flask_apscheduler.APScheduler"


@extension(SCHEDULER)
def _scheduler(machine: Interpreter, instance: Instance, app: Instance | None, call: Call) -> None:
    """Record the API, off by default, and the login that SCHEDULER_AUTH puts before it."""
    off = Known(value=False, origin=Origin(call.place))
    old = setting(machine, app, "SCHEDULER_VIEWS_ENABLED", instance.cells.get("api_enabled", off), call.place)
    enabled = as_bool(machine, setting(machine, app, "SCHEDULER_API_ENABLED", old, call.place), call.place)
    prefix = setting(machine, app, "SCHEDULER_API_PREFIX", Known("/scheduler"), call.place)
    panel = Noted("panel", "Flask-APScheduler's API", text(prefix, "/scheduler"), call.place, app)
    panel.power = "runs code"
    panel.setting = "SCHEDULER_API_ENABLED"

    def guard() -> Abstract:
        login = setting(machine, app, "SCHEDULER_AUTH", instance.cells.get("auth", Known(None)), call.place)
        if is_none(login):
            return Known(value=False, origin=Origin(call.place))
        return Unknown("SCHEDULER_AUTH asks for a login", Origin(call.place))

    panel.guarded = guard
    serve(machine, panel, enabled)


CALLS[f"{SCHEDULER}.authenticate"] = lambda _machine, call: call.args[0] if call.args else Known(None)


# Metrics of prometheus_client, mounted beside the app


@inits("prometheus_client.make_wsgi_app", "prometheus_client.exposition.make_wsgi_app")
def _wsgi_metrics(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["panel"] = Noted("metrics", "prometheus_client", "/metrics", call.place, None)
