"""Staff: accounts and roles, invitations, signing in, sessions."""

from models.staff import ADMINISTRATORS, DUTIES
from services.passwords import LONGEST_PASSWORD
from services.staff.accounts import SORTS as ACCOUNT_SORTS
from services.staff.accounts import STATUSES as ACCOUNT_STATUSES
from services.staff.accounts import (
    create_account,
    disable_account,
    edit_account,
    enable_account,
    get_account,
    list_accounts,
    reset_totp,
    unlock_account,
)
from services.staff.export import export_accounts
from services.staff.grants import end_grant, grant_role, list_roles
from services.staff.invitations import (
    Invitation,
    accept_invitation,
    create_administrator,
    look_at_invitation,
    renew_invitation,
)
from services.staff.sessions import (
    end_own_session,
    list_own_sessions,
    list_own_sign_ins,
    purge_old_sessions,
    require_session,
)
from services.staff.sign_in import (
    change_password,
    describe_session,
    pass_totp,
    password_policy,
    prepare_totp,
    sign_in,
    sign_out,
)

__all__ = [
    "ACCOUNT_SORTS",
    "ACCOUNT_STATUSES",
    "ADMINISTRATORS",
    "DUTIES",
    "LONGEST_PASSWORD",
    "Invitation",
    "accept_invitation",
    "change_password",
    "create_account",
    "create_administrator",
    "describe_session",
    "disable_account",
    "edit_account",
    "enable_account",
    "end_grant",
    "end_own_session",
    "export_accounts",
    "get_account",
    "grant_role",
    "list_accounts",
    "list_own_sessions",
    "list_own_sign_ins",
    "list_roles",
    "look_at_invitation",
    "pass_totp",
    "password_policy",
    "prepare_totp",
    "purge_old_sessions",
    "renew_invitation",
    "require_session",
    "reset_totp",
    "sign_in",
    "sign_out",
    "unlock_account",
]
