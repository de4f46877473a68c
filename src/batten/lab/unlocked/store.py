"""The shop's goods and its orders."""

import sqlite3

GOODS = {
    "rope": ("Rope, 20 m", 30),
    "lantern": ("Storm lantern", 45),
    "batten": ("Batten for a hatch", 12),
}


def connect(url):
    """Return a connection to the database that the URL names."""
    if url.startswith("sqlite:///"):
        return sqlite3.connect(url.removeprefix("sqlite:///"))
    import psycopg

    return psycopg.connect(url)


def place_order(url, customer, item):
    """Write an order down."""
    with connect(url) as db:
        db.execute("CREATE TABLE IF NOT EXISTS orders (customer TEXT, item TEXT)")
        mark = "?" if url.startswith("sqlite:") else "%s"
        db.execute(f"INSERT INTO orders VALUES ({mark}, {mark})", (customer, item))


def orders(url):
    """Return all orders, as pairs of customer and item."""
    with connect(url) as db:
        db.execute("CREATE TABLE IF NOT EXISTS orders (customer TEXT, item TEXT)")
        return db.execute("SELECT customer, item FROM orders").fetchall()
