"""The one list of jobs: name, cadence, function. Each works from state, for one practice, and is safe to run twice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from app.alerts.jobs.delivering import deliver
from app.alerts.jobs.renewing import open_renewals
from app.alerts.jobs.sweeping import keep_watch, sweep
from app.api.jobs import forget_api_answers
from app.audit.jobs import write_audit_head
from app.backups.jobs import keep_backups, try_backups
from app.booking.jobs import open_estimates
from app.casework.jobs import forget_drafts, keep_cases, make_search_keys
from app.clearance.jobs import rejudge_past_last_day
from app.eligibility.jobs.asking import ask_payers
from app.eligibility.jobs.sentinel import watch_plans
from app.imports.jobs import finish_undos, forget_import_pieces, forget_old_drafts, work_on_drafts
from app.mailroom.jobs.going_on import file_documents, try_records_again
from app.mailroom.jobs.incoming import take_incoming
from app.mailroom.jobs.pas import follow_pas
from app.oversight.jobs import flag_unusual_reading
from app.platform.caller import Caller
from app.platform.jobs import forget_job_runs
from app.platform.runs import Ran
from app.practice.jobs import (
    answer_who_asked,
    forget_ended_sessions,
    forget_kept_forms,
    forget_old_codes,
    forget_sign_in_traces,
)
from app.questions.jobs import drop_past_questions, forget_answers
from app.worklists.jobs import ask_to_verify


@dataclass(frozen=True, slots=True)
class Job:
    """One job. `run` is called for each practice with a session of its own; it returns how much it did.

    A job that may fail for some of what it finds returns `Ran(found, done, failed)`.
    """

    name: str
    every: timedelta
    run: Callable[[Caller], int | Ran]


JOBS: tuple[Job, ...] = (
    Job("work-on-imports", timedelta(seconds=2), work_on_drafts),
    Job("ask-payers", timedelta(minutes=5), ask_payers),
    Job("watch-plans", timedelta(minutes=1), watch_plans),
    Job("take-incoming", timedelta(minutes=1), take_incoming),
    Job("follow-pas", timedelta(minutes=1), follow_pas),
    Job("file-documents", timedelta(minutes=1), file_documents),
    Job("try-records-again", timedelta(days=1), try_records_again),
    Job("forget-old-imports", timedelta(minutes=15), forget_old_drafts),
    Job("open-estimates", timedelta(minutes=10), open_estimates),
    Job("rejudge-past-last-day", timedelta(minutes=5), rejudge_past_last_day),
    Job("keep-cases", timedelta(seconds=10), keep_cases),
    Job("keep-watch", timedelta(seconds=10), keep_watch),
    Job("sweep", timedelta(minutes=1), sweep),
    Job("open-renewals", timedelta(minutes=15), open_renewals),
    Job("ask-to-verify", timedelta(hours=1), ask_to_verify),
    Job("deliver", timedelta(seconds=5), deliver),
    Job("drop-past-questions", timedelta(minutes=30), drop_past_questions),
    Job("forget-answers", timedelta(days=1), forget_answers),
    Job("finish-undos", timedelta(minutes=1), finish_undos),
    Job("forget-import-pieces", timedelta(hours=1), forget_import_pieces),
    Job("make-search-keys", timedelta(hours=1), make_search_keys),
    Job("forget-request-drafts", timedelta(hours=1), forget_drafts),
    Job("answer-forgotten", timedelta(seconds=5), answer_who_asked),
    Job("forget-old-codes", timedelta(hours=1), forget_old_codes),
    Job("forget-ended-sessions", timedelta(hours=1), forget_ended_sessions),
    Job("forget-kept-forms", timedelta(hours=1), forget_kept_forms),
    Job("forget-sign-in-traces", timedelta(hours=1), forget_sign_in_traces),
    Job("flag-unusual-reading", timedelta(minutes=15), flag_unusual_reading),
    Job("forget-api-answers", timedelta(hours=1), forget_api_answers),
    Job("forget-job-runs", timedelta(days=1), forget_job_runs),
    Job("keep-backups", timedelta(minutes=15), keep_backups),
    Job("try-backups", timedelta(hours=1), try_backups),
    Job("write-audit-head", timedelta(hours=1), write_audit_head),
)
