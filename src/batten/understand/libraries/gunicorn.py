"""gunicorn 23 and later started from Python: subclasses of `gunicorn.app.base.BaseApplication`.

Facts from gunicorn 27.0.1 `gunicorn.app.base` and `gunicorn.config`: making
the object loads the defaults and calls its `load_config`; `run` serves what
its `load` returns. `bind` defaults to 127.0.0.1:8000, with PORT set to
0.0.0.0:PORT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import BASES, Call, attribute, calls, inits
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Instance,
    Known,
    Library,
    Mapping,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.addresses import EVERYWHERE, split
from batten.understand.libraries.extension import as_bool, default, served_app
from batten.understand.libraries.serving import SCHEME, note, trusts

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.origin import Place

BASE = "gunicorn.app.base.BaseApplication"
BASES["gunicorn.app.base.Application"] = (BASE,)
_CONFIG = "gunicorn.config.Config"
_SETTINGS = (
    "access_log_format accesslog backlog bind ca_certs capture_output cert_reqs certfile chdir check_config child_exit "
    "ciphers config daemon default_proc_name disable_redirect_access_to_syslog do_handshake_on_connect dogstatsd_tags "
    "enable_stdio_inheritance errorlog forwarded_allow_ips graceful_timeout group initgroups keepalive keyfile "
    "limit_request_field_size limit_request_fields limit_request_line logconfig logconfig_dict logger_class loglevel "
    "max_requests max_requests_jitter nworkers_changed on_exit on_reload on_starting paste pidfile post_fork "
    "post_request post_worker_init pre_exec pre_fork pre_request preload_app print_config proc_name proxy_allow_ips "
    "proxy_protocol pythonpath raw_env raw_paste_global_conf reload reload_engine reload_extra_files reuse_port "
    "secure_scheme_headers sendfile spew ssl_version statsd_host statsd_prefix strip_header_spaces "
    "suppress_ragged_eofs syslog syslog_addr syslog_facility syslog_prefix threads timeout tmp_upload_dir umask user "
    "when_ready worker_abort worker_class worker_connections worker_exit worker_int worker_tmp_dir workers wsgi_app"
).split()


@inits(BASE, "gunicorn.app.base.Application")
def _init(machine: Interpreter, instance: Instance, call: Call) -> None:
    config = Instance(Library(_CONFIG), call.place, Origin(call.place))
    machine.put(instance.cells, "cfg", config)
    instance.facts["call"] = call
    machine.special(instance, "load_config", [], call.place)


@attribute(f"{_CONFIG}.settings")
def _settings(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Mapping({name: Unknown(f"gunicorn's setting {name}") for name in _SETTINGS}, Origin(place))


@calls(f"{_CONFIG}.set")
def _set(machine: Interpreter, call: Call) -> Abstract:
    config = plain_object(call.receiver or Known(None))
    name, value = call.get("name", 0), call.get("value", 1)
    if isinstance(config, Instance) and value is not None:
        if isinstance(name, Known) and isinstance(name.value, str):
            machine.put(config.cells, name.value.lower(), value)
        else:
            machine.put(config.cells, "*", Known(value=True))
    return Known(None)


@calls(f"{BASE}.run")
def _run(machine: Interpreter, call: Call) -> Abstract:
    instance = plain_object(call.receiver or Known(None))
    if not isinstance(instance, Instance):
        return Known(None)
    if "cfg" not in instance.cells:
        _init(machine, instance, call)
    config = plain_object(instance.cells["cfg"])
    app = served_app(machine.special(instance, "load", [], call.place))
    cells = config.cells if isinstance(config, Instance) else {}
    if "*" in cells:
        unknown = Unknown("a setting of gunicorn that is not known", Origin(call.place))
        note(machine, "gunicorn", app, unknown, unknown, instance.facts["call"])
        return Known(None)
    trusts(machine, app, "forwarded_allow_ips", cells.get("forwarded_allow_ips"), instance.facts["call"], SCHEME)
    reload = as_bool(machine, cells.get("reload", Known(value=False)), call.place)
    bind = cells.get("bind") or _default_bind(machine, call.place)
    texts = machine.iterate(bind) if isinstance(plain_object(bind), Sequence) else _listed(bind)
    for text in texts or [Unknown("an address that is not known")]:
        host, port = split(machine, text, call.place, otherwise=EVERYWHERE, port=8000)
        note(machine, "gunicorn", app, host, port, instance.facts["call"], reload=reload)
    return Known(None)


def _listed(bind: Abstract) -> list[Abstract]:
    """Return the addresses of a string: gunicorn splits it at commas (`validate_list_string`)."""
    if isinstance(bind, Known) and isinstance(bind.value, str):
        return [Known(part.strip(), bind.origin) for part in bind.value.split(",") if part.strip()]
    return [bind]


def _default_bind(machine: Interpreter, place: Place) -> Abstract:
    """Return `gunicorn.config.Bind.default`, which reads PORT."""
    port = machine.environ.cells.get("PORT", ABSENT)
    if port is ABSENT:
        return default("127.0.0.1:8000", place)
    return machine.compute(place, lambda text: f"{EVERYWHERE}:{text}", port, of="str")
