"""Starts the kernel that notebooks get and runs 1 + 1; prints what came back as one JSON line."""

import json
import sys
import time

from jupyter_client.manager import start_new_kernel

start = time.time()
manager, client = start_new_kernel(startup_timeout=30, kernel_name="tslab", cwd=sys.argv[1])
try:
    said = []
    ready = time.time()

    def hear(message):
        content = message["content"]
        said.append(content.get("text") or content.get("data", {}).get("text/plain") or "")

    client.execute_interactive("1 + 1", timeout=30, output_hook=hear)
    answer = "".join(said).strip()
    print(json.dumps({"answer": answer, "start": ready - start, "cell": time.time() - ready}))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
