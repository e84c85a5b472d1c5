"""Make every blind index anew under another key, while nothing else runs: one transaction, then the key file.

Member ids, numbers and names of two index keys cannot be compared, so no program may run meanwhile. What a schedule
named of a member id was never kept in words: such an index follows that of the coverage which it fits, and one that
fits none goes on fitting none.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, insert, select, tuple_, update
from sqlalchemy.orm import Session

from app.alerts.store.people import PHONE
from app.audit.actions import record
from app.authorizations import store as authorizations
from app.casework.store import entries as case_entries
from app.patients import store as patients
from app.patients.rules import Key, keys_of, member_keys, number_key
from app.platform.caller import Caller
from app.platform.db import Model, writing
from app.platform.key_checks import finish_index, note_index
from app.platform.keys import random_key, write_keys
from app.platform.lock import held
from app.platform.sealed import Keyring
from app.platform.sessions import equip
from app.remittances.rows import chain_of, claim_digest, payment_digest
from app.web.opening import Installation
from app.web.rekeying import RekeyingError, alone, written

PIECE = 500
PHONES = (
    ("staff_contact", "phone", "phone_key"),
    ("text_stop", "number", "number_key"),
    ("text_reply", "number", "number_key"),
)
FORGOTTEN = ("header_match", "api_answer", "sign_in_count", "password_check")
"""Tables whose indexes are of words that are not kept: matched headers, repeated requests, failed sign-ins."""


def rotate_index(caller: Caller, installation: Installation) -> int:
    """Make the blind indexes anew under a new key. Returns how many rows changed.

    Raises    RekeyingError while the program runs, or messages are on their way, which are found by their index.
    """
    with alone(installation), _stopped(installation):
        content = written(installation)
        content.setdefault("next_index", random_key())
        write_keys(installation.live.place.path, content)
        keys = installation.keys
        assert keys.next_index is not None
        ring = keys.keyring
        new = Keyring(ring.sealing, ring.current, keys.next_index, ring.written)
        try:
            with writing(caller.session) as session:
                rows = _Anew(session, ring, new).run()
                note_index(session.connection(), keys.next_index, caller.clock.now())
                record(caller, "keys.index_rotated", rows=rows)
            finish_index(installation.engine, installation.live)
        finally:
            equip(caller.session, installation.keys)
        return rows


@contextmanager
def _stopped(installation: Installation) -> Iterator[None]:
    with ExitStack() as stack:
        for name in ("web", "scheduler"):
            if not stack.enter_context(held(installation.engine, name)):
                raise RekeyingError("Cleared runs. Stop the web server and the scheduler, then run this again.")
        yield


class _Anew:
    """One run: the session, the keyring of before and the one to come, and which index became which."""

    def __init__(self, session: Session, old: Keyring, new: Keyring) -> None:
        self.session, self.old, self.new = session, old, new
        self.members: dict[bytes, bytes] = {}
        self.rows = 0

    def run(self) -> int:
        """Make all indexes anew."""
        message = _table("outbox_message")
        if self.session.execute(select(message.c.id).where(message.c.state == "claimed").limit(1)).first():
            raise RekeyingError("Messages are on their way. Run scripts/manage jobs once deliver, then this again.")
        for name in FORGOTTEN:
            self.session.execute(delete(_table(name)))
        self._each("patient", ("mrn",), self._mrn)
        self._each("patient_former_number", ("mrn",), partial(self._mrn, table="patient_former_number"))
        self._each("coverage", ("member_id", "natural_key"), self._coverage)
        self._each("authorization", ("member_id",), self._member)
        for name, sealed, key in PHONES:
            self._each(name, (sealed,), partial(self._phone, table=name, sealed=sealed, key=key))
        self._each("visit", ("named_members",), self._named)
        self._each("service_line", ("row_facts",), self._facts)
        self._each("case_entry", ("reference",), self._reference)
        self._each("remittance_claim", ("content", "remittance_id"), self._claim)
        self._questions()
        self._natural_keys()
        self._search_keys()
        return self.rows

    def _each(self, name: str, columns: Sequence[str], change: Callable[[Any], dict[str, Any]]) -> None:
        table = _table(name)
        for rows in self._pieces(table, columns):
            for row in rows:
                values = change(row)
                if values:
                    mine = (table.c.practice_id == row[0]) & (table.c[_owner(table)] == row[1])
                    self.session.execute(update(table).where(mine).values(**values))
                    self.rows += 1

    def _pieces(self, table: Table, columns: Sequence[str]) -> Iterator[Sequence[Any]]:
        key = table.c.practice_id, table.c[_owner(table)]
        wanted = select(*key, *(table.c[one] for one in columns)).order_by(*key).limit(PIECE)
        after = UUID(int=0), UUID(int=0)
        while rows := self.session.execute(wanted.where(tuple_(*key) > after)).all():
            yield rows
            after = rows[-1][0], rows[-1][1]

    def _mrn(self, row: Any, table: str = "patient") -> dict[str, Any]:
        mrn = self.old.unseal(f"{table}.mrn", row[0], row[1], row.mrn)
        return {"mrn_index": patients.mrn_index(self.new, row[0], mrn)}

    def _member(self, row: Any, table: str = "authorization") -> dict[str, Any]:
        if row.member_id is None:
            return {}
        member = self.old.unseal(f"{table}.member_id", row[0], row[1], row.member_id)
        before, after = self.old.member_key(row[0], member), self.new.member_key(row[0], member)
        for name in ("whole", "base", "cut"):
            self.members[getattr(before, name)] = getattr(after, name)
        return {f"member_{name}": getattr(after, name) for name in ("whole", "base", "cut")}

    def _coverage(self, row: Any) -> dict[str, Any]:
        values = self._member(row, "coverage")
        rank, payer, _member, begins = row.natural_key.split("|")
        return values | {"natural_key": f"{rank}|{payer}|{values['member_whole'].hex()}|{begins}"}

    def _phone(self, row: Any, table: str, sealed: str, key: str) -> dict[str, Any]:
        if row[2] is None:
            return {}
        return {key: self.new.blind(PHONE, row[0], self.old.unseal(f"{table}.{sealed}", row[0], row[1], row[2]))}

    def _reference(self, row: Any) -> dict[str, Any]:
        if row.reference is None:
            return {}
        text = self.old.unseal("case_entry.reference", row[0], row[1], row.reference)
        return {"reference_index": case_entries.reference_index(self.new, row[0], text)}

    def _claim(self, row: Any) -> dict[str, Any]:
        """A claim's indexes are made of what it says, and so is that of its payment."""
        payment, claim = json.loads(self.old.unseal("remittance_claim.content", row[0], row[1], row.content))
        table = _table("remittance")
        mine = (table.c.practice_id == row[0]) & (table.c.id == row.remittance_id)
        self.session.execute(update(table).where(mine).values(digest=payment_digest(self.new, row[0], payment)))
        return {
            "digest": claim_digest(self.new, row[0], payment, claim),
            "chain": chain_of(self.new, row[0], payment, claim, row[1]),
        }

    def _named(self, row: Any) -> dict[str, Any]:
        named = row.named_members
        if named is None:
            return {}
        parts = (named[at : at + 16] for at in range(0, len(named), 16))
        return {"named_members": b"".join(self.members.get(part, part) for part in parts)}

    def _facts(self, row: Any) -> dict[str, Any]:
        facts = row.row_facts or {}
        if not facts.get("named_member"):
            return {}
        named = [self.members.get(bytes.fromhex(one), bytes.fromhex(one)).hex() for one in facts["named_member"]]
        return {"row_facts": facts | {"named_member": named}}

    def _questions(self) -> None:
        """A question's id is the index of its key: the rows that name it go along."""
        question, waiting = _table("question"), _table("visit_question")
        for row in self.session.execute(select(question)).all():
            own_id = self._question_id(row.practice_id, row.key)
            self.session.execute(insert(question).values(**dict(row._mapping) | {"id": own_id}))
            mine = (waiting.c.practice_id == row.practice_id) & (waiting.c.question_id == row.id)
            self.session.execute(update(waiting).where(mine).values(question_id=own_id))
            self.session.execute(
                delete(question).where(question.c.practice_id == row.practice_id, question.c.id == row.id)
            )
            self.rows += 1
        self._each("question_answer", ("key",), lambda row: {"question_id": self._question_id(row[0], row.key)})

    def _question_id(self, practice_id: UUID, key: str) -> UUID:
        return UUID(bytes=self.new.blind("question", practice_id, key))

    def _natural_keys(self) -> None:
        table = _table("authorization")
        self.session.info["keyring"] = self.new
        for rows in self._pieces(table, ("payer",)):
            for (practice_id, payer), ids in _grouped(rows).items():
                for row_id, key in authorizations.keys_under(self.session, practice_id, ids, payer).items():
                    mine = (table.c.practice_id == practice_id) & (table.c.id == row_id)
                    self.session.execute(update(table).where(mine).values(natural_key=key))

    def _search_keys(self) -> None:
        self.session.execute(delete(_table("patient_search_key")))
        for rows in self._pieces(_table("patient"), ("mrn",)):
            for practice_id in {row[0] for row in rows}:
                ids = [row[1] for row in rows if row[0] == practice_id]
                patients.add_keys(self.session, practice_id, self._found_under(practice_id, ids))

    def _found_under(self, practice_id: UUID, ids: Sequence[UUID]) -> Iterable[tuple[UUID, Key]]:
        for patient_id, details in patients.seen(self.session, practice_id, ids).items():
            yield from ((patient_id, key) for key in keys_of(details))
        coverage = _table("coverage")
        wanted = select(coverage.c.id, coverage.c.patient_id, coverage.c.member_id)
        mine = (coverage.c.practice_id == practice_id) & coverage.c.patient_id.in_(ids)
        for row in self.session.execute(wanted.where(mine)).all():
            member = self.new.unseal("coverage.member_id", practice_id, row.id, row.member_id)
            yield from ((row.patient_id, key) for key in member_keys(member))
        for patient_id, held_ in authorizations.of_patients(self.session, practice_id, ids).items():
            for one in held_:
                yield from ((patient_id, number_key(text)) for text in (one.number, one.reference) if text)
        for patient_id, references in case_entries.references_of_patients(self.session, practice_id, ids).items():
            yield from ((patient_id, number_key(text)) for text in references)


def _grouped(rows: Sequence[Any]) -> dict[tuple[UUID, str], list[UUID]]:
    found: dict[tuple[UUID, str], list[UUID]] = {}
    for row in rows:
        found.setdefault((row[0], row.payer), []).append(row[1])
    return found


def _owner(table: Table) -> str:
    return "id" if "id" in table.c else "staff_id"


def _table(name: str) -> Table:
    return Model.metadata.tables[name]
