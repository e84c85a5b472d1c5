"""Put the web program together."""

from urllib.parse import urlsplit

from apiflask import APIFlask
from flask import Blueprint, Flask, g
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from app.alerts.routes.inbox import alert_pages
from app.alerts.routes.outbox import outbox_pages
from app.alerts.routes.practice_texts import practice_text_pages
from app.alerts.routes.preferences import preference_pages
from app.alerts.routes.replies import reply_pages
from app.alerts.routes.roster import roster_pages
from app.alerts.routes.texts import text_pages
from app.alerts.routes.webhooks import webhook_pages
from app.api.access import keep_tokens
from app.api.routes.about import about_api, api_pages
from app.api.routes.alerts import alerts_api
from app.api.routes.authorizations import authorizations_api
from app.api.routes.finder import rules_api
from app.api.routes.imports import imports_api
from app.api.routes.patients import coverages_api, patients_api
from app.api.routes.tokens import token_pages
from app.api.routes.visits import visits_api
from app.backups.routes import backup_pages
from app.booking.routes.gate import booking_pages
from app.booking.routes.papers import paper_pages
from app.casework.routes.appeals import appeal_pages
from app.casework.routes.approvals import approval_pages
from app.casework.routes.breaking import break_pages
from app.casework.routes.casebook import casebook_pages
from app.casework.routes.cases import case_pages
from app.casework.routes.charting import fact_pages
from app.casework.routes.course import course_pages
from app.casework.routes.coverages import coverage_pages
from app.casework.routes.criteria import criteria_pages
from app.casework.routes.decisions import decision_pages
from app.casework.routes.denials import denial_pages
from app.casework.routes.exporting import case_export_pages
from app.casework.routes.gold_cards import gold_card_pages
from app.casework.routes.papers import case_document_pages
from app.casework.routes.patients import patient_pages
from app.casework.routes.performed import performed_pages
from app.casework.routes.requests import request_pages
from app.casework.routes.several import case_work_pages
from app.casework.routes.supplies import supply_pages
from app.casework.routes.wishes import wish_pages
from app.clearance.routes import visit_pages
from app.coverage.routes import participation_pages
from app.documents.routes import document_pages
from app.eligibility.routes.asking import asking_pages
from app.eligibility.routes.pages import eligibility_pages
from app.eligibility.routes.plan_changes import plan_change_pages
from app.eligibility.routes.plan_year import plan_year_pages
from app.exports.routes import export_pages
from app.imports.routes.files import import_pages
from app.imports.routes.names import payer_name_pages
from app.imports.routes.undo import import_undo_pages
from app.mailroom.routes.mail import mail_pages
from app.mailroom.routes.matching import match_pages
from app.mailroom.routes.pas import pas_pages
from app.mailroom.routes.pas_hook import pas_hook_pages
from app.oversight.routes import audit_pages
from app.platform.clock import Clock, SystemClock
from app.platform.db import db, prepare_engine
from app.platform.logs import set_up_logs
from app.policies.routes.finder import finder_pages
from app.policies.routes.payer_answers import payer_answer_pages
from app.practice.access import current_staff, may, sees, sight_is_limited
from app.practice.facts.staff import Look, Permission
from app.practice.routes.codes import code_pages
from app.practice.routes.people import people_pages
from app.practice.routes.person_sign_in import person_sign_in_pages
from app.practice.routes.providers import provider_pages
from app.practice.routes.settings import settings_pages
from app.practice.routes.sign_in_rule import sign_in_rule_pages
from app.practice.routes.sites import site_pages
from app.practice.rules.fields import Field
from app.questions.routes import question_pages
from app.remittances.routes import remittance_pages
from app.rule_changes.routes import rule_change_pages
from app.schedule.routes import type_pages
from app.web.account_pages import account_pages
from app.web.admin import admin_pages
from app.web.again_pages import again_pages
from app.web.bell import add_bell
from app.web.beside import add_beside
from app.web.desk import desk_pages
from app.web.doorkeeping import refuse_unguarded
from app.web.doors import doors
from app.web.errors import show_errors
from app.web.first_hour import add_first_hour
from app.web.gate import OF_A_PERSON, keep_gate
from app.web.guard import keep_doors
from app.web.headers import set_headers
from app.web.idle_pages import add_idle, idle_pages
from app.web.kept import forget_forms_that_were_taken
from app.web.kept_pages import kept_pages
from app.web.navigation import add_navigation
from app.web.opened import add_opened
from app.web.opening import Installation, open_installation
from app.web.own_pages import own_pages
from app.web.routes import health, home_pages, setup_pages
from app.web.sample.routes import tour_pages
from app.web.set_up_pages import set_up_pages
from app.web.sign_in_pages import sign_in_pages, take_over_sign_in
from app.web.signin import set_up_sign_in
from app.web.source import trust_proxies
from app.web.standing import add_standing
from app.web.strict_json import StrictJson
from app.web.uploads import MemoryRequest
from app.worklists.routes.december import rules_pages
from app.worklists.routes.printing import print_pages
from app.worklists.routes.schedule import schedule_pages
from app.worklists.routes.starting import visit_start_pages
from app.worklists.routes.today import today_pages
from app.worklists.routes.work import visit_work_pages
from config import ROOT, Settings, load

BLUEPRINTS: tuple[Blueprint, ...] = (
    home_pages,
    setup_pages,
    desk_pages,
    settings_pages,
    account_pages,
    sign_in_pages,
    set_up_pages,
    again_pages,
    own_pages,
    idle_pages,
    kept_pages,
    admin_pages,
    site_pages,
    provider_pages,
    people_pages,
    person_sign_in_pages,
    code_pages,
    sign_in_rule_pages,
    participation_pages,
    today_pages,
    schedule_pages,
    visit_start_pages,
    visit_work_pages,
    print_pages,
    visit_pages,
    question_pages,
    patient_pages,
    break_pages,
    approval_pages,
    request_pages,
    casebook_pages,
    booking_pages,
    paper_pages,
    remittance_pages,
    case_work_pages,
    case_export_pages,
    case_pages,
    criteria_pages,
    fact_pages,
    decision_pages,
    denial_pages,
    appeal_pages,
    supply_pages,
    gold_card_pages,
    course_pages,
    performed_pages,
    coverage_pages,
    wish_pages,
    document_pages,
    case_document_pages,
    rules_pages,
    rule_change_pages,
    asking_pages,
    plan_change_pages,
    eligibility_pages,
    plan_year_pages,
    finder_pages,
    payer_answer_pages,
    import_pages,
    mail_pages,
    match_pages,
    import_undo_pages,
    payer_name_pages,
    type_pages,
    tour_pages,
    alert_pages,
    text_pages,
    reply_pages,
    practice_text_pages,
    preference_pages,
    roster_pages,
    outbox_pages,
    audit_pages,
    webhook_pages,
    pas_pages,
    pas_hook_pages,
    visits_api,
    patients_api,
    coverages_api,
    authorizations_api,
    rules_api,
    imports_api,
    alerts_api,
    about_api,
    api_pages,
    token_pages,
    backup_pages,
    export_pages,
)
"""The pages of every room. A new room adds its blueprint here and its entry in navigation.py."""


def make_app(settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """Put the program together on the database that the settings name.

    Raises DoorsError, UnguardedRouteError, SettingsError, KeyFileError, SchemaError and OpeningError: it does not start
    half right.
    """
    settings = settings or load()
    clock, table = clock or SystemClock(), doors()
    set_up_logs()
    installation = open_installation(settings)
    static, templates = str(ROOT / "app/static"), str(ROOT / "templates")
    app = APIFlask("app", json_errors=False, enable_openapi=False, static_folder=static, template_folder=templates)
    app.request_class, app.json_provider_class = MemoryRequest, StrictJson
    app.extensions.update(
        cleared_doors=table,
        cleared_clock=clock,
        cleared_keys=installation.live,
        cleared_gateways=installation.gateways,
        cleared_keeping=installation.keeping,
    )
    _configure(app, settings, installation)
    trust_proxies(app, settings)
    set_headers(app, settings)
    keep_gate(app, settings)
    keep_doors(app)
    tokens = CSRFProtect(app)  # after the doors, so that a form with an old token finds its person
    forget_forms_that_were_taken(app)
    set_up_sign_in(app, settings)
    take_over_sign_in(app)
    show_errors(app)
    add_standing(app, clock.now())
    add_bell(app)
    _add_pages(app)
    refuse_unguarded(app, table)
    keep_tokens(app)
    for endpoint in table.without_form_token():
        tokens.exempt(app.view_functions[endpoint])
    return app


def _configure(app: Flask, settings: Settings, installation: Installation) -> None:
    app.config.update(
        SQLALCHEMY_DATABASE_URI=installation.url,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True, "pool_pre_ping": True},
        MAX_CONTENT_LENGTH=OF_A_PERSON,
        MAX_FORM_MEMORY_SIZE=OF_A_PERSON,
        TRUSTED_HOSTS=_hosts(settings),
        PROVIDE_AUTOMATIC_OPTIONS=False,  # no method but those of the table of doors
        WTF_CSRF_SSL_STRICT=False,  # the gate asks more: Origin and Sec-Fetch-Site of every change
        WTF_CSRF_TIME_LIMIT=None,  # the session's own limits are shorter
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    installation.engine.dispose()
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def _hosts(settings: Settings) -> list[str]:
    """The names that we answer under: in production the one that people type, at a desk also this machine's."""
    named = str(urlsplit(settings.base_url).hostname)
    return [named] if settings.production else [named, "127.0.0.1", "localhost"]


def _look() -> Look:
    """How whoever opened the page wants it; a stranger's follows the machine."""
    return current_staff().look if hasattr(g, "staff") else Look()


def _add_pages(app: Flask) -> None:
    Bootstrap5(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(may=may, Permission=Permission, current_staff=current_staff, look=_look)
    app.jinja_env.globals.update(sees=sees, Field=Field, sight_is_limited=sight_is_limited)
    add_opened(app)
    add_beside(app)
    add_idle(app)
    add_navigation(app)
    add_first_hour(app)
    app.add_url_rule("/health", "health", health)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
