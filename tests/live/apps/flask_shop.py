"""A Flask shop whose search fails on what is no number. DEBUG, HARDENED and LOGIN choose what it is."""

import os
import secrets

from flask import Flask, redirect, request, session
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.secret_key = os.environ.get("SECRET_KEY", secrets.token_hex())
HARDENED = bool(os.environ.get("HARDENED"))
PASSWORD = os.environ.get("LOGIN", "")
PAGE = """<!doctype html><html lang="en"><head><title>Shop</title></head><body>
<a href="/item/1">Rope</a> <a href="/items?count=3">Three</a>
<form action="/items"><input name="count"></form></body></html>"""


@app.get("/")
def index():
    return PAGE


@app.get("/item/<number>")
def item(number):
    return {1: "Rope", 2: "Lamp"}[int(number)]


@app.get("/items")
def items():
    return "Rope" * int(request.args.get("count", "1"))


if PASSWORD:

    @app.route("/login", methods=["GET", "POST"])
    def login():
        said = ""
        if request.method == "POST":
            if request.form.get("token") != session.get("token"):
                return "the form is too old", 400
            if (request.form.get("user"), request.form.get("password")) == ("admin", PASSWORD):
                session["user"] = "admin"
                return redirect("/account")
            said = "Wrong user or password."
        session["token"] = secrets.token_hex()
        return f"""<!doctype html><html lang="en"><head><title>Log in</title></head><body><p>{said}</p>
<form method="post"><input type="hidden" name="token" value="{session["token"]}">
<input name="user"><input type="password" name="password"><button>Log in</button></form></body></html>"""

    @app.get("/account")
    def account():
        if "user" not in session:
            return redirect("/login")
        return '<!doctype html><title>Account</title><h1>Welcome, admin</h1><a href="/logout">Log out</a>'


if HARDENED:
    app.config.update(SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_HTTPONLY=True)
    app.wsgi_app = ProxyFix(app.wsgi_app)

    @app.errorhandler(Exception)
    def failed(error):
        return "Something went wrong.", getattr(error, "code", 500) or 500

    @app.after_request
    def harden(response):
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        response.headers["Content-Security-Policy"] = (
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


if os.environ.get("DEBUGGER") == "behind gunicorn":
    from werkzeug.debug import DebuggedApplication

    app.wsgi_app = DebuggedApplication(app.wsgi_app, evalex=True)

if __name__ == "__main__":
    if os.environ.get("DEBUGGER") == "alone":
        app.run(port=0, use_debugger=True, use_reloader=False)
    else:
        app.run(port=0, debug=True)
