"""The blueprint of requests: its pages stand in several modules."""

from flask import Blueprint

request_pages = Blueprint("request_pages", __name__)
