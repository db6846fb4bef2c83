"""Giving records their places, many at a time."""

from sqlalchemy.orm import Session, scoped_session

from services.ledger.merkle import leaf_hash
from services.ledger.records import LONGEST_RECORD, encode
from services.ledger.statements import WRITE_RECORDS
from services.ledger.tiles import Tree, save_grown

RECORDS_AT_A_TIME = 5_000
BYTES_AT_A_TIME = 4 * 1024 * 1024


class Writer:
    """Appends to the log; holds a few megabytes at most. What is last has to be flushed."""

    def __init__(self, session: scoped_session[Session], tree: Tree) -> None:
        self.tree = tree
        self._session = session
        self._kinds: list[str] = []
        self._campaign_ids: list[int] = []
        self._ballot_ids: list[int | str] = []
        self._data: list[bytes] = []
        self._bytes = 0

    def add(self, kind: str, campaign_id: int, content: dict[str, object]) -> None:
        """Append a record; `content` lacks only its type and campaign."""
        self.add_encoded(
            kind, campaign_id, encode({"type": kind, "campaign": campaign_id} | content)
        )

    def add_encoded(
        self, kind: str, campaign_id: int, data: bytes, ballot_id: int | str = "NULL"
    ) -> None:
        """Append what is encoded already; a ballot tells its id."""
        if len(data) > LONGEST_RECORD:
            raise ValueError(f"a record of {len(data)} bytes does not fit into a bundle")
        self._kinds.append(kind)
        self._campaign_ids.append(campaign_id)
        self._ballot_ids.append(ballot_id)
        self._data.append(data)
        self._bytes += len(data)
        if len(self._data) >= RECORDS_AT_A_TIME or self._bytes >= BYTES_AT_A_TIME:
            self.flush()

    def flush(self) -> None:
        """Write what was added, and let the tree grow by it."""
        if not self._data:
            return
        values = {
            "first": self.tree.size,
            "kinds": _array(self._kinds),
            "campaign_ids": _array(self._campaign_ids),
            "ballot_ids": _array(self._ballot_ids),
            "data": b"\n".join(self._data).decode(),
        }
        self._session.execute(WRITE_RECORDS, values)
        self.tree.append([leaf_hash(data) for data in self._data])
        save_grown(self._session, self.tree)
        for pending in (self._kinds, self._campaign_ids, self._ballot_ids, self._data):
            pending.clear()
        self._bytes = 0


def _array(values) -> str:
    """An array in PostgreSQL's own notation; the driver would build it element by element."""
    return "{" + ",".join(map(str, values)) + "}"
