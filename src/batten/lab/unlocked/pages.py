"""The pages that visitors see."""

from pathlib import Path

import requests
from flask import Blueprint, current_app, redirect, render_template, request, session, url_for

import store

pages = Blueprint("pages", __name__)

RATES = "https://rates.example/latest.json"


@pages.get("/")
def catalogue():
    """Show what is for sale, or what was searched for."""
    wanted = request.args.get("q", "")
    goods = {key: row for key, row in store.GOODS.items() if wanted.lower() in row[0].lower()}
    return render_template("catalogue.html", goods=goods, wanted=wanted, user=session.get("user"))


@pages.post("/login")
def login():
    """Remember who the visitor is."""
    session["user"] = request.form["user"]
    return redirect(url_for("pages.catalogue"))


@pages.post("/order")
def order():
    """Order an item."""
    item = request.form["item"]
    title, price = store.GOODS[item]
    store.place_order(current_app.config["DATABASE_URL"], session["user"], item)
    return render_template("ordered.html", title=title, price=price)


@pages.get("/price/<item>/<currency>")
def price(item, currency):
    """Show a price in another currency."""
    title, euros = store.GOODS[item]
    rates = requests.get(RATES, timeout=5, verify=False).json()  # believes whoever answers
    return render_template("ordered.html", title=title, price=euros * rates[currency])


@pages.get("/files/")
def files():
    """List the invoices for whoever asks."""
    folder = Path(current_app.root_path, "files")
    rows = "".join(f'<li><a href="{name}">{name}</a>' for name in sorted(path.name for path in folder.iterdir()))
    return f"<title>Index of /files/</title><h1>Index of /files/</h1><ul>{rows}</ul>"
