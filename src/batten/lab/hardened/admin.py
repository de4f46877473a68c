"""The back office: who ordered what."""

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from werkzeug.security import check_password_hash

import store

admin = Blueprint("admin", __name__)


@admin.get("/")
def office():
    """Show the orders, or the form to log in."""
    if not session.get("staff"):
        return render_template("office.html", staff=False)
    return render_template("office.html", staff=True, orders=store.orders(current_app.config["DATABASE_URL"]))


@admin.post("/")
def enter():
    """Let in who knows the password, of which only the hash is kept."""
    config = current_app.config
    known = config["ADMIN_PASSWORD_HASH"]
    is_user = request.form.get("user") == config["ADMIN_USER"]
    if not known or not check_password_hash(known, request.form.get("password", "")) or not is_user:
        return render_template("office.html", staff=False), 401
    session.clear()
    session["staff"] = True
    return redirect(url_for("admin.office"))
