import flask

import defaults

site = flask.Flask(__name__)
site.config.update(defaults.CHOICES)
