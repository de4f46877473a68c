import os

import flask

backroom = flask.Flask(__name__)
backroom.config["SECRET_KEY"] = os.getenv("BACKROOM_KEY", "backroom")


@backroom.route("/")
def stock():
    return "stock"


if __name__ == "__main__":
    backroom.run(port=8700, host="0.0.0.0", debug=True)
