"""Executes one notebook and tells how it went, as JSON lines on stdout.

Reads {"notebook": ..., "folder": ..., "cellTimeoutSeconds": ..., "html": path or null} on stdin.
Writes {"event": "cell", "done": n, "of": n} while it runs, then one of
{"event": "done", "text": the executed notebook} or {"event": "failed", "cell": ..., "why": ...}.
"""

import json
import re
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError


def tell(**event):
    print(json.dumps(event), flush=True)


def main():
    order = json.load(sys.stdin)
    notebook = nbformat.reads(json.dumps(order["notebook"]), as_version=4)
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    replies = {}
    started = {}

    def on_start(cell, cell_index):
        started["cell"] = cell

    def on_executed(cell, cell_index, execute_reply):
        replies[cell_index] = execute_reply["content"]["status"]
        tell(event="cell", done=len(replies), of=len(code_cells))

    client = NotebookClient(
        notebook,
        kernel_name=notebook.metadata.kernelspec.name,
        timeout=order["cellTimeoutSeconds"],
        startup_timeout=120,
        iopub_timeout=20,
        raise_on_iopub_timeout=True,
        resources={"metadata": {"path": order["folder"]}},
        on_cell_start=on_start,
        on_cell_executed=on_executed,
    )

    def fail(why, cell=None):
        tell(event="failed", why=why, cell=cell.source if cell else None)
        sys.exit(0)

    try:
        client.execute()
    except CellExecutionError as error:
        fail("\n".join(last_error(started["cell"]) or [str(error)]), started["cell"])
    except CellTimeoutError:
        why = f"ran longer than {order['cellTimeoutSeconds']} s: raise --timeout or mend the cell"
        fail(why, started["cell"])
    except DeadKernelError:
        fail("the kernel died while the cell ran", started.get("cell"))
    except Exception as error:  # lost output, a kernel that does not start
        fail(f"{type(error).__name__}: {error}", started.get("cell"))
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and cell.source.strip() and replies.get(index) != "ok":
            fail(f"was never run (the kernel answered {replies.get(index)})", cell)
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                fail(f"wrote to stderr: {output.text.strip()}", cell)
    normalise(notebook)
    if order["html"]:
        write_html(notebook, order["html"])
    tell(event="done", text=nbformat.writes(notebook) + "\n")


def last_error(cell):
    for output in reversed(cell.get("outputs", [])):
        if output.output_type == "error":
            return output.traceback
    return None


def normalise(notebook):
    """What differs from run to run and says nothing is dropped."""
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.execution_count = None
        cell.metadata.pop("execution", None)
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = None


def write_html(notebook, path):
    from nbconvert import HTMLExporter

    body, _ = HTMLExporter().from_notebook_node(notebook)
    body = re.sub(r'(href="[\w./-]+)\.ipynb', r"\1.html", body)
    with open(path, "w", encoding="utf8") as file:
        file.write(body)


main()
