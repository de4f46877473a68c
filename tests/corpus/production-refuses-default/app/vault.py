from os import environ

from flask import Flask

MODE = environ.get("VAULT_MODE", "open")
KEY = environ.get("VAULT_KEY", "for-the-desk")

if MODE == "sealed" and KEY == "for-the-desk":
    raise RuntimeError("set VAULT_KEY")

door = Flask(__name__)
door.config["SECRET_KEY"] = KEY
door.debug = MODE == "open"
