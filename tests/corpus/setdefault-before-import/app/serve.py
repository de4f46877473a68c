from os import environ

environ.setdefault("FLASK_DEBUG", "true")

import mill  # noqa: E402

application = mill.build()
