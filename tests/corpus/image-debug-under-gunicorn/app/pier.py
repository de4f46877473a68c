from flask import Flask

pier = Flask(__name__)


@pier.get("/")
def boats():
    return "two boats"
