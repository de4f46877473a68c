"""Flask-JWT-Extended 4.7: tokens in headers or cookies.

Facts from Flask-JWT-Extended 4.7.4 `JWTManager._set_default_configuration_options`
and `flask_jwt_extended.config`: a token is signed with JWT_SECRET_KEY, where
that is None with SECRET_KEY.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES
from batten.understand.evaluate.objects import Abstract, Instance, Known, Sequence
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.extension import default, extension, keeps, runtime, set_default

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.library import Call

MANAGER = "flask_jwt_extended.JWTManager"
ALIASES.update(
    {
        "flask_jwt_extended.jwt_manager.JWTManager": MANAGER,
        "flask_jwt_extended.view_decorators.jwt_required": "flask_jwt_extended.jwt_required",
    }
)
_DEFAULTS: dict[str, object] = {
    "JWT_ALGORITHM": "HS256",
    "JWT_COOKIE_CSRF_PROTECT": True,
    "JWT_COOKIE_DOMAIN": None,
    "JWT_COOKIE_SAMESITE": None,
    "JWT_COOKIE_SECURE": False,
    "JWT_ACCESS_COOKIE_NAME": "access_token_cookie",
    "JWT_REFRESH_COOKIE_NAME": "refresh_token_cookie",
    "JWT_CSRF_CHECK_FORM": False,
    "JWT_CSRF_IN_COOKIES": True,
    "JWT_DECODE_ALGORITHMS": None,
    "JWT_PRIVATE_KEY": None,
    "JWT_PUBLIC_KEY": None,
    "JWT_SECRET_KEY": None,
    "JWT_SESSION_COOKIE": True,
    "JWT_VERIFY_SUB": True,
}
_LISTS = {
    "JWT_TOKEN_LOCATION": ("tuple", ("headers",)),
    "JWT_CSRF_METHODS": ("list", ("POST", "PUT", "PATCH", "DELETE")),
}
_DECORATORS = (
    "additional_claims_loader additional_headers_loader expired_token_loader invalid_token_loader "
    "needs_fresh_token_loader revoked_token_loader token_in_blocklist_loader token_verification_failed_loader "
    "token_verification_loader unauthorized_loader user_identity_loader user_lookup_error_loader user_lookup_loader "
    "encode_key_loader decode_key_loader"
).split()
keeps("flask_jwt_extended.jwt_required", *(f"{MANAGER}.{_name}" for _name in _DECORATORS))
runtime(
    *(
        f"flask_jwt_extended.{_name}"
        for _name in (
            "create_access_token create_refresh_token decode_token get_jwt get_jwt_identity get_csrf_token "
            "get_current_user get_jwt_header verify_jwt_in_request get_jti"
        ).split()
    ),
    why="a token, or what it holds",
)


@extension(MANAGER)
def _install(machine: Interpreter, instance: Instance, app: Instance | None, call: Call) -> None:
    instance.facts["app"] = app
    for name, value in _DEFAULTS.items():
        set_default(machine, app, name, default(value, call.place))
    for name, (of, items) in _LISTS.items():
        parts: tuple[Abstract, ...] = tuple(Known(item) for item in items)
        set_default(machine, app, name, Sequence(of, parts, Origin(call.place)))
    machine.record.append(("jwt", app, call.place))
