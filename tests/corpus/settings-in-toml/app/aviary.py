import tomllib

from flask import Flask

aviary = Flask(__name__)
aviary.config.from_file("nest/aviary.toml", load=tomllib.load, text=False)
aviary.config.from_prefixed_env("AVIARY")


@aviary.get("/")
def birds():
    return "birds"
