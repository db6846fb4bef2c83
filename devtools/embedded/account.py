"""The system user who runs the engines, and the files that user needs.

PostgreSQL refuses to run as root. Root therefore runs the engines as a system user of their own;
an ordinary user runs them as themselves.
"""

import os
import pwd
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

ENGINE_USER = "sain-engines"


class EngineError(Exception):
    """One sentence, in Chinese, that says what is wrong and what to do; print it and exit."""


@dataclass(frozen=True)
class Account:
    """The system user who runs the engines."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    def run_as(self) -> dict:
        """Arguments for subprocess which switch to this user, if it is not the present one."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def take(self, path: Path) -> None:
        if self.is_other:
            os.chown(path, self.uid, self.gid)


def account_for(data_dir: Path) -> Account:
    """The present user; for root, the folder's owner or the user kept for the engines."""
    if os.geteuid() != 0:
        return _ordinary_account(data_dir)
    if data_dir.exists() and (owner := data_dir.stat()).st_uid != 0:
        return Account(f"uid {owner.st_uid}", owner.st_uid, owner.st_gid)
    entry = _find_user(ENGINE_USER) or _create_user(ENGINE_USER)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _ordinary_account(data_dir: Path) -> Account:
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise EngineError(
            f"当前用户（uid {os.geteuid()}）没有用户名，PostgreSQL 无法运行；"
            "请在 /etc/passwd 中添加该用户。"
        ) from None
    if data_dir.exists() and data_dir.stat().st_uid != entry.pw_uid:
        raise EngineError(f"数据目录 {data_dir} 属于另一用户；请换回该用户运行，或另设 VAR_DIR。")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _find_user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _create_user(name: str) -> pwd.struct_passwd:
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--shell", "/usr/sbin/nologin", name]
    deadline = time.monotonic() + 10
    while True:
        # Two copies may start at once; the loser of the race finds the winner's user.
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            raise EngineError(
                f"缺少 useradd，无法为 PostgreSQL 创建系统用户 {name}；请改用普通用户运行。"
            ) from None
        if entry := _find_user(name):
            return entry
        if time.monotonic() > deadline:
            raise EngineError(
                f"无法创建系统用户 {name}：{done.stderr.strip()}；请改用普通用户运行。"
            )
        time.sleep(0.2)


def open_path_for(account: Account, path: Path) -> None:
    """Lets the engines' user pass through the folders above `path`, and no more: o+x only."""
    if not account.is_other:
        return
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def open_tree_for(account: Account, folder: Path, probe: str) -> None:
    """Makes installed binaries readable for the engines' user if a strict umask hid them."""
    open_path_for(account, folder / probe)
    if not account.is_other or (folder / probe).stat().st_mode & stat.S_IROTH:
        return
    for path in [folder, *folder.rglob("*")]:
        mode = path.stat().st_mode
        path.chmod(mode | (mode & 0o500) >> 6)


def make_private_dir(path: Path, account: Account) -> None:
    """Creates `path` for `account` alone. In a shared folder, a stranger's is not trusted."""
    try:
        path.mkdir(mode=0o700)
        account.take(path)
    except FileExistsError:
        found = path.lstat()
        is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid
        if not is_ours or found.st_mode & 0o077:
            raise EngineError(f"{path} 不属于本程序；请删除它后重试。") from None


def write_private(path: Path, text: str, account: Account) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text)
    account.take(path)
