"""A connection over TLS accepts any certificate.

Encryption without a check of the other side protects from nobody who can stand between: an
access point, a neighbour in the network, a name that resolves elsewhere. He answers with a
certificate of his own, reads the tokens and passwords that the app sends, and the app believes
what he answers.

Silent for `verify=True`, for a bundle of one's own (`verify="/etc/ssl/our-ca.pem"`), and for
`verify=None`, which requests takes for its default.

Fix: delete `verify=False`; for an authority of one's own give its file,
`verify="/etc/ssl/our-ca.pem"`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.form import replaced
from batten.understand.subjects import ClientCall

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Value

APP = """\
import requests
from flask import Flask

app = Flask(__name__)


@app.get("/rates")
def rates():
    return requests.get("https://rates.example.com/today", verify=False, timeout=5).text  # <- here
"""

CONTEXT = """\
import ssl

from flask import Flask

app = Flask(__name__)
context = ssl.create_default_context()
context.check_hostname = False  # <- here
context.verify_mode = ssl.CERT_NONE  # <- here
"""


@rule(
    id="tls-verify/off",
    severity=Severity.HIGH,
    cwe=295,
    over=ClientCall,
    sources=["requests 2.32 Session.request, verify", "Python 3.13 ssl.SSLContext.verify_mode", "OWASP A02:2025"],
    bad=[
        Bad(
            "a call that believes everybody",
            {"app.py": APP, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace("verify=False", "verify=True")},
        ),
        Bad(
            "a context that does",
            {"app.py": CONTEXT, "Procfile": "web: gunicorn app:app\n"},
        ),
    ],
    good=[
        Good(
            "an authority of one's own",
            {
                "app.py": APP.replace("verify=False", 'verify="/etc/ssl/our-ca.pem"'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "the default",
            {"app.py": APP.replace(", verify=False", ""), "Procfile": "web: gunicorn app:app\n"},
        ),
        Good(
            "None is the default too",
            {"app.py": APP.replace("verify=False", "verify=None"), "Procfile": "web: gunicorn app:app\n"},
        ),
    ],
)
def anyone_answers(call: ClientCall) -> Iterator[Finding]:
    """Yield a finding for a connection that may accept any certificate."""
    for case in call.verify.cases():
        if _is_off(case):
            yield Finding(
                at=call.at,
                says=f"{call.function} accepts {_whose(call)} ({call.option} is {case})",
                evidence=case.evidence,
                confidence=case.confidence,
                fix=_fix(call, case),
                symbol=call.function,
                proof=call.option,
            )
            return


def _is_off(case: Value) -> bool:
    # requests 2.32 merge_setting: None means the session's value, which is True unless it was changed.
    return case.value is not None and (not case.value or str(case.value).upper().endswith("CERT_NONE"))


def _whose(call: ClientCall) -> str:
    return "a certificate of any host" if "hostname" in call.option else "any certificate"


def _fix(call: ClientCall, case: Value) -> Fix:
    says = f"Delete it; for an authority of your own give its file to `{call.option}`."
    is_switch = isinstance(case.value, bool) and call.option in _SWITCHES
    return replaced(case, "True", says) if is_switch else Fix(says)


_SWITCHES = frozenset({"verify", "verify_ssl"})
"""Options that may be turned one by one.

Those of a context may not: `check_hostname = True` before `verify_mode = CERT_NONE` is a ValueError
(Python 3.13 `ssl.SSLContext.verify_mode`).
"""
