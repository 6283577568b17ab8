"""A standalone Spark master with two workers on this machine, for as long as a command runs.

``python tests/spark/cluster.py pytest tests/spark`` starts them from the installed pyspark, tells the command where they are
(``JOURNEYKIT_SPARK_MASTER``), and stops them when it ends. Its exit code is the command's.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORKERS = 2
PATIENCE = 90.0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def start(name: str, folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "PYSPARK_PYTHON": sys.executable,
    }
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [str(home / "bin" / "spark-class"), *arguments], env=environment, stdout=log, stderr=subprocess.STDOUT
        )


def wait_for(folder: Path, name: str, text: str, count: int, running: list[subprocess.Popen[bytes]]) -> None:
    log = folder / f"{name}.log"
    end = time.monotonic() + PATIENCE
    while log.read_text(errors="replace").count(text) < count:
        if time.monotonic() > end or any(process.poll() is not None for process in running):
            raise SystemExit(
                f"the Spark cluster did not start; {name} says:\n{log.read_text(errors='replace')[-4000:]}"
            )
        time.sleep(0.2)


def main(command: list[str]) -> int:
    if not command:
        raise SystemExit(__doc__)
    running: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory(prefix="journeykit-spark-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        try:
            port, page = free_port(), free_port()
            where = ["--host", "127.0.0.1", "--port", str(port), "--webui-port", str(page)]
            running.append(start("master", folder, "org.apache.spark.deploy.master.Master", *where))
            wait_for(folder, "master", "I have been elected leader", 1, running)
            url = f"spark://127.0.0.1:{port}"
            for number in range(WORKERS):
                options = ["--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", str(free_port())]
                options += ["--work-dir", str(folder / f"work-{number}"), url]
                running.append(start(f"worker-{number}", folder, "org.apache.spark.deploy.worker.Worker", *options))
            wait_for(folder, "master", "Registering worker", WORKERS, running)
            print(f"Spark: {url} with {WORKERS} workers", flush=True)
            environment = {**os.environ, "JOURNEYKIT_SPARK_MASTER": url}
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            for process in reversed(running):
                process.terminate()
            for process in running:
                process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
