"""The chandlery, a shop for ship supplies, left open on purpose. Never expose it: see README.md."""

from flask import Flask
from flask_cors import CORS
from flask_wtf import CSRFProtect

from admin import admin
from api import api
from config import Config
from pages import pages

csrf = CSRFProtect()


def create_app(config=Config):
    """Return the shop."""
    app = Flask(__name__, static_folder=".", static_url_path="")  # the style sheet, and .env, .git and config.py too
    app.config.from_object(config)
    app.jinja_env.autoescape = False  # what a visitor types becomes part of the page
    CORS(app, origins="*", supports_credentials=True)  # every website reads the visitor's orders
    csrf.init_app(app)  # looks like protection; WTF_CSRF_ENABLED turns it off
    app.register_blueprint(pages)
    app.register_blueprint(api, url_prefix="/api")
    app.register_blueprint(admin, url_prefix="/admin")
    return app


app = create_app()

if __name__ == "__main__":
    # Flask's own server, for everyone on the network, with its debugger.
    app.run(host="0.0.0.0", port=5000, debug=app.config["DEBUG"])
