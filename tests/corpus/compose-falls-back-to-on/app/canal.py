from os import environ

from flask import Flask

canal = Flask(__name__)
canal.config["DEBUG"] = environ["CANAL_DEBUG"] == "1"
canal.config["SECRET_KEY"] = environ["CANAL_KEY"]
