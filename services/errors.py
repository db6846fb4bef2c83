"""Why a service refuses. Every refusal has a stable code, which the edges put into words."""


class ServiceError(Exception):
    """A refusal its caller should be told about, in words looked up by `code`.

    `details` fill the blanks of those words; `retry_after` is in whole seconds. With
    `keep_changes` the unit of work commits all the same: refusing was itself a change.
    """

    def __init__(
        self,
        code: str,
        *,
        retry_after: int | None = None,
        keep_changes: bool = False,
        **details: object,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
        self.keep_changes = keep_changes
        self.details = details


class Invalid(ServiceError):
    """What was sent cannot be meant; sending it again will not help."""


class SignInRequired(ServiceError):
    """Nobody, or nobody any more, is signed in."""


class Forbidden(ServiceError):
    """The actor is known and may not do this."""


class Missing(ServiceError):
    """There is no such thing, or none that this actor may know of."""


class Conflict(ServiceError):
    """What was asked does not fit the present state."""


class Limited(ServiceError):
    """Too much was asked in too short a time."""


class Unavailable(ServiceError):
    """Something we depend on does not answer; trying again later will help."""
