"""Functions that turn a password into what is stored: Werkzeug, bcrypt, passlib, argon2, Flask-Security.

Facts from Werkzeug 3.1 `werkzeug.security`, Flask-Bcrypt 1.0, bcrypt 4.3,
passlib 1.7 `passlib.hash` and `passlib.context`, argon2-cffi 25.1,
Flask-Security 5.9 `flask_security.utils` and pwdlib 0.2. What they return has
a random salt. A literal that reaches one of them is the password of an
account that the code creates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, CALLS, Call, calls
from batten.understand.evaluate.objects import Abstract, Instance, Known, Sequence, Unknown, plain_object
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

ALIASES.update(
    {
        "werkzeug.generate_password_hash": "werkzeug.security.generate_password_hash",
        "flask_security.utils.hash_password": "flask_security.hash_password",
        "flask_security.utils.encrypt_password": "flask_security.hash_password",
        "flask_security.encrypt_password": "flask_security.hash_password",
    }
)
HASHED = "a hash with a random salt"


def noted(machine: Interpreter, function: str, call: Call, method: Abstract | None = None) -> Abstract:
    """Record that a password is hashed, and the account that a literal one makes; return the hash."""
    machine.record.append(("password hash", function, method, call.place))
    password = call.get("password", 0) or call.kwargs.get("secret")
    if isinstance(password, Known) and isinstance(password.value, str | bytes):
        machine.record.append(("account", Known(None), password, function, call.place))
    return Unknown(HASHED, Origin(call.place), kind="runtime", of="str")


def _hashes(function: str) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        return noted(machine, function, call)

    return model


@calls("werkzeug.security.generate_password_hash")
def _werkzeug(machine: Interpreter, call: Call) -> Abstract:
    """`generate_password_hash(password, method="scrypt", salt_length=16)`."""
    return noted(machine, "generate_password_hash", call, call.get("method", 1))


for _name, _called in {
    "flask_bcrypt.Bcrypt.generate_password_hash": "Bcrypt.generate_password_hash",
    "flask_bcrypt.generate_password_hash": "Bcrypt.generate_password_hash",
    "bcrypt.hashpw": "bcrypt.hashpw",
    "argon2.PasswordHasher.hash": "PasswordHasher.hash",
    "flask_argon2.Argon2.generate_password_hash": "Argon2.generate_password_hash",
    "flask_security.hash_password": "hash_password",
    "pwdlib.PasswordHash.hash": "PasswordHash.hash",
}.items():
    CALLS[_name] = _hashes(_called)

SCHEMES = (
    "argon2 bcrypt bcrypt_sha256 scrypt pbkdf2_sha1 pbkdf2_sha256 pbkdf2_sha512 sha256_crypt sha512_crypt sha1_crypt "
    "md5_crypt des_crypt bsdi_crypt bigcrypt crypt16 apr_md5_crypt phpass hex_md4 hex_md5 hex_sha1 hex_sha256 "
    "hex_sha512 ldap_plaintext ldap_md5 ldap_sha1 ldap_salted_md5 ldap_salted_sha1 plaintext mysql323 mysql41 "
    "nthash lmhash"
).split()
"""Hashers of `passlib.hash`."""


def _passlib(scheme: str) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        return noted(machine, f"passlib.hash.{scheme}", call, Known(scheme, Origin(call.place)))

    return model


for _scheme in SCHEMES:
    for _method in ("hash", "encrypt"):
        CALLS[f"passlib.hash.{_scheme}.{_method}"] = _passlib(_scheme)


@calls("passlib.context.CryptContext.hash", "passlib.context.CryptContext.encrypt")
def _context(machine: Interpreter, call: Call) -> Abstract:
    """Hash with the context's default, which is its first scheme unless another is named."""
    context = plain_object(call.receiver) if call.receiver is not None else None
    made = context.facts.get("args") if isinstance(context, Instance) else None
    method: Abstract | None = None
    if isinstance(made, Call):
        schemes = plain_object(made.get("schemes", 0) or Known(None))
        method = made.kwargs.get("default")
        if method is None and isinstance(schemes, Sequence) and schemes.items:
            method = schemes.items[0]
    return noted(machine, "CryptContext.hash", call, method)


ALIASES["passlib.apps.custom_app_context.hash"] = "passlib.hash.sha512_crypt.hash"
