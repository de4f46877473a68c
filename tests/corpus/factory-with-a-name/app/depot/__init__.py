import os

from flask import Flask

from depot.profiles import profiles


def create_app(profile=None):
    app = Flask(__name__)
    app.config.from_object(profiles[profile or os.environ.get("DEPOT_PROFILE") or "local"])
    profiles[profile or os.environ.get("DEPOT_PROFILE") or "local"].prepare(app)
    return app
