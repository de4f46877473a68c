"""What the walk through the lab asks and teaches, in order."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Lesson:
    """One request, and what its answer teaches."""

    title: str
    path: str
    why: str
    """Paragraphs, with an empty line between them."""
    rules: tuple[str, ...]
    form: Mapping[str, str] = field(default_factory=dict)
    """What is posted; empty: the path is read."""
    is_redis: bool = False

    @property
    def asked(self) -> str:
        """What a visitor does, in short."""
        if self.is_redis:
            return "PING, to the port of Redis"
        sent = " ".join(f"{name}={value}" for name, value in self.form.items())
        return f"POST {self.path} {sent}" if sent else f"GET {self.path}"


LESSONS = (
    Lesson(
        "An error, and what it tells",
        "/price/anchor/usd",
        """\
The shop sells no anchor, so a lookup fails. That is an ordinary bug. With DEBUG on, Flask's own server answers
it with Werkzeug's debugger: where the code lies on the disk, each function on the way, and the source around
it. Whoever sends a request that fails reads the program.

EVALEX = true says that each step of that traceback has a Python prompt, inside the function as it stood when it
failed: one line there, dump(), lists its variables. SECRET is the token that the page sends along with what is
typed; every visitor is given it. What is left is in the next step.

The twin says one sentence and writes the same traceback to its log. You lose nothing; they learn nothing.
""",
        ("debug-mode/flask", "verbose-errors/no-handler"),
    ),
    Lesson(
        "The console: why debug=True is remote code execution",
        "/console",
        """\
This page is a Python prompt inside the running shop. It needs no error: the debugger serves it at /console.
What is typed there runs as the shop: it reads the variables with every password, the database, the files; it
starts programs. This walk types nothing.

All that stands before it is a PIN of nine digits. It is not drawn by lot: Werkzeug computes it from the user's
name, the path of Flask, the machine's network address and its id, so that it stays the same. Whoever finds
another hole through which a few files of the machine can be read computes it as well. Ten wrong tries lock
the console until the next start; WERKZEUG_DEBUG_PIN=off, in many a tutorial, removes even the PIN.
Werkzeug asks for a Host header of this machine, too: that stops the scripts of other websites, but who attacks
by hand writes that header as they like.

So: debug=True on an address that others reach means that others run code on it. Not a leak that may lead to
more, but the end. In production there is no debugger because nothing starts it: gunicorn never reaches
app.run(), and DEBUG is off when nobody says otherwise. Here it is for 127.0.0.1 alone.
""",
        ("debug-mode/flask",),
    ),
    Lesson(
        "A traceback without the debugger",
        "/api/orders",
        """\
This one is the shop's own doing: an error handler writes traceback.format_exc() into the answer. Turning DEBUG
off does not shut it. Paths, versions and the names of variables help in the next attack, and an exception's own
message may hold a password: database drivers put the address into theirs.
""",
        ("verbose-errors/returned",),
    ),
    Lesson(
        "The file with the passwords",
        "/.env",
        """\
static_folder is the folder of the code, so the server hands out what lies there: the style sheet, and this.
Programs ask every site on the internet for /.env, all day. Whatever it holds is known from then on; deleting
the file does not take it back, only new passwords do.
""",
        ("exposed-path/env", "secrets-in-repo/password"),
    ),
    Lesson(
        "The repository",
        "/.git/HEAD",
        """\
One line, and no secret. But it proves that .git is served, and public tools then fetch the rest, object by
object: the whole source with its history, and each password that somebody once committed and removed.
""",
        ("exposed-path/git",),
    ),
    Lesson(
        "A folder that lists itself",
        "/files/",
        """\
No page links here, but /files/ is one of the first names that anybody tries. The names of all files are listed,
and behind each of these is somebody's address. A folder without an index page does the same under nginx
(autoindex on) and Apache (Options Indexes).
""",
        ("directory-listing/served",),
    ),
    Lesson(
        "admin, admin",
        "/admin/",
        """\
Default passwords are lists that programs try, in minutes. This one is the default of a setting: whoever deploys
and sets nothing has it. The twin has no default. It keeps a hash, and with none set, nobody gets in.
""",
        ("default-credentials/login", "default-credentials/seeded-user"),
        form={"user": "admin", "password": "admin"},
    ),
    Lesson(
        "Redis without a password",
        "",
        """\
Redis speaks with whoever connects. All that it holds can be read and changed; before Redis 7, CONFIG SET also
said where it writes its file, and that was used to leave keys to log in with and jobs to run. compose.yaml
publishes the port on every network, and Docker's rules come before those of most firewalls on the host. (In
this lab it is on 127.0.0.1 only.)
""",
        ("datastore-auth/no-password", "published-port/cache"),
        is_redis=True,
    ),
)
