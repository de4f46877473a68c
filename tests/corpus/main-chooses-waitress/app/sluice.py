from os import getenv

from flask import Flask

sluice = Flask(__name__)


@sluice.get("/level")
def level():
    return {"cm": 41}


if __name__ == "__main__":
    if getenv("SLUICE_AT", "river") != "desk":
        from waitress import serve

        serve(sluice, port=8800, host="127.0.0.1")
    else:
        sluice.run(debug=True)
