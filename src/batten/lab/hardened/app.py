"""The chandlery, a shop for ship supplies, battened down."""

from flask import Flask
from flask_cors import CORS
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException

from admin import admin
from api import api
from config import Config
from pages import pages

csrf = CSRFProtect()


def create_app(config=Config):
    """Return the shop."""
    app = Flask(__name__)
    app.config.from_object(config)
    CORS(app, resources={"/api/*": {"origins": ["https://partners.chandlery.example"]}})
    csrf.init_app(app)
    app.register_blueprint(pages)
    app.register_blueprint(api, url_prefix="/api")
    app.register_blueprint(admin, url_prefix="/admin")
    app.register_error_handler(Exception, apologise)
    app.after_request(protect)
    return app


def apologise(error):
    """Answer an error with nothing that helps an attacker; the detail goes to the log."""
    if isinstance(error, HTTPException):
        return error
    app.logger.error("unhandled error", exc_info=error)
    return "Something went wrong on our side. It is in our log.", 500


def protect(response):
    """Put the headers on an answer with which browsers help."""
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    return response


app = create_app()

if __name__ == "__main__":
    app.run(debug=app.config["DEBUG"])
