"""The shop, as visitors see it."""

import os

from flask import Flask, render_template
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config

csrf = CSRFProtect()


def create_app():
    """Return the shop."""
    app = Flask(__name__)
    app.config.from_object(Config)
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)
    csrf.init_app(app)
    app.register_error_handler(Exception, apologise)
    app.after_request(isolate)

    @app.get("/")
    def index():
        return render_template("index.html")

    return app


def isolate(response):
    """Keep other sites' windows and pages apart from ours."""
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def apologise(error):
    """Answer an error with nothing that helps an attacker."""
    if isinstance(error, HTTPException):
        return error
    return "Something went wrong on our side.", 500


app = create_app()

if __name__ == "__main__":
    app.run(debug=os.environ.get("SHOP_DEBUG") == "true")
