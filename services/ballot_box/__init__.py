"""The ballot box: group commit of ballots.

One transaction per ballot would wait for the disk once per ballot. Here every request hands its
ballot to its process's box, whose one thread commits whatever has gathered meanwhile as one batch,
and each request is answered when its batch is on disk.

A batch is one reading statement (all that the rules need, taken from the database itself), the
rules of `decide`, and one writing statement, a transaction of its own, that inserts the ballots
and adds them to the tallies. Between the two another process may have taken a voter's next number;
the unique constraint on it then refuses ours, and the ballot is read and decided again.
"""

from services.ballot_box.ballots import BallotOrigin, CastBallot, CastRequest, Limits
from services.ballot_box.box import BallotBox
from services.ballot_box.connection import BOUNDED_WAITING

__all__ = ["BOUNDED_WAITING", "BallotBox", "BallotOrigin", "CastBallot", "CastRequest", "Limits"]
