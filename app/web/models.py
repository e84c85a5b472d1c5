"""Every table of the program: importing this makes the metadata whole. A room with a models.py is found by itself."""

from importlib import import_module
from pathlib import Path

from sqlalchemy import MetaData

from app.platform.db import db

APP = Path(__file__).resolve().parent.parent


def all_tables() -> MetaData:
    """Import the models of every room and return the metadata that holds their tables."""
    for models in sorted([*APP.glob("*/models.py"), *APP.glob("*/models/*.py")]):
        parts = models.relative_to(APP).with_suffix("").parts
        if parts[0] != "web":
            import_module(".".join(("app", *parts)).removesuffix(".__init__"))
    return db.metadata
