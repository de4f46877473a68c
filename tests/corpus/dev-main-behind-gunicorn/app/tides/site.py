from flask import Flask

board = Flask(__name__)


@board.get("/tides/<harbour>")
def tides(harbour):
    return {"harbour": harbour, "high": "06:12"}


def try_it_here():
    board.run("0.0.0.0", 8080, True)


if __name__ == "__main__":
    try_it_here()
