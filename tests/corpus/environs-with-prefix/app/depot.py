import flask

depot = flask.Flask(__name__)
depot.config.from_object("stock")
