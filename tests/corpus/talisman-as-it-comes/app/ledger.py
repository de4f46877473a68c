import os

from flask import Flask
from flask_talisman import Talisman

ledger = Flask(__name__)
ledger.secret_key = os.environ["LEDGER_KEY"]
headers = Talisman(ledger)


@ledger.get("/balance")
def balance():
    return {"balance": 12}
