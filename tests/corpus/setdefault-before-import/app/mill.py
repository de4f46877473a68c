from flask import Flask


def build():
    mill = Flask("mill")
    mill.config["TEMPLATES_AUTO_RELOAD"] = False
    return mill
