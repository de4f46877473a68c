"""The back office: who ordered what."""

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for

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
    """Let in whoever knows the password; everybody does."""
    config = current_app.config
    if request.form["user"] != config["ADMIN_USER"] or request.form["password"] != config["ADMIN_PASSWORD"]:
        return render_template("office.html", staff=False), 401
    session["staff"] = True
    return redirect(url_for("admin.office"))
