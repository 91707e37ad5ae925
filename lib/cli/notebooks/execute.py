"""Executes one notebook and tells how it went, as JSON lines on stdout.

Reads {"notebook": ..., "folder": ..., "cellTimeoutSeconds": ..., "isHtmlWanted": ...} on stdin.
Writes {"kind": "cell", "done": n, "of": n} while it runs, then one of
{"kind": "done", "text": the executed notebook, "html": its page or null} or
{"kind": "failed", "cell": id or null, "why": ...}.
"""

import json
import os
import re
import sys

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

# How long output may fail to arrive after a cell has ended, before it counts as lost.
OUTPUT_SECONDS = 10
START_SECONDS = 120


# The kernel inherits stdout, may write to it, and makes it non-blocking, which cuts long lines: it
# gets stderr instead, and the events have a descriptor of their own.
events = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def tell(**event):
    print(json.dumps(event), file=events, flush=True)


def fail(why, cell=None):
    tell(kind="failed", why=why, cell=cell.id if cell else None)
    sys.exit(0)


def main():
    order = json.load(sys.stdin)
    notebook = nbformat.reads(json.dumps(order["notebook"]), as_version=4)
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code_cells:
        cell.outputs = []
    replies = {}
    started = {}

    def on_start(cell, cell_index):
        started["cell"] = cell

    def on_executed(cell, cell_index, execute_reply):
        replies[cell_index] = execute_reply["content"]["status"]
        tell(kind="cell", done=len(replies), of=len(code_cells))

    client = NotebookClient(
        notebook,
        kernel_name=notebook.metadata.get("kernelspec", {}).get("name", "tslab"),
        timeout=order["cellTimeoutSeconds"],
        startup_timeout=START_SECONDS,
        iopub_timeout=OUTPUT_SECONDS,
        raise_on_iopub_timeout=True,
        resources={"metadata": {"path": order["folder"]}},
        on_cell_start=on_start,
        on_cell_executed=on_executed,
    )
    execute(client, started, order["cellTimeoutSeconds"])
    check_cells(notebook, replies)
    normalise(notebook)
    html = html_of(notebook) if order["isHtmlWanted"] else None
    tell(kind="done", text=nbformat.writes(notebook) + "\n", html=html)


def execute(client, started, timeout):
    try:
        client.execute()
    except CellExecutionError as error:
        fail("\n".join(last_error(started["cell"]) or [str(error)]), started["cell"])
    except CellTimeoutError as error:
        why = f"ran longer than {timeout} s and was stopped: mend the cell, or raise --timeout"
        if "IOPub" in str(error):  # the reply came, the end of the output did not
            why = f"lost output: {OUTPUT_SECONDS} s after its end the kernel had not told all of it"
        fail(why, started["cell"])
    except DeadKernelError:
        fail("ended the kernel: it ran out of memory, or called process.exit", started.get("cell"))
    except NoSuchKernel as error:
        fail(f'the kernel "{error.name}" is not registered: run `npm start` or `npm test` once')
    except RuntimeError as error:
        if "respond" in str(error):
            fail(f"the kernel did not answer within {START_SECONDS} s: ask `npx dabbawala doctor`")
        raise


def check_cells(notebook, replies):
    """What the client takes for success, and is none."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        answer = replies.get(index, "nothing")
        is_expected = answer == "ok" or "raises-exception" in cell.metadata.get("tags", [])
        if cell.source.strip() and (not is_expected or answer in ("abort", "aborted", "nothing")):
            fail(f"was never run: the kernel answered {answer}", cell)
        if "expects-stderr" in cell.metadata.get("tags", []):
            continue
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                why = "wrote to stderr (tag it `expects-stderr` if it should)"
                fail(f"{why}: {output.text.strip()}", cell)


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


def html_of(notebook):
    from nbconvert import HTMLExporter

    exporter = HTMLExporter()
    # The page opens without a network: scripts are fetched only where a formula needs one.
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    exporter.require_js_url = exporter.jquery_url = exporter.mermaid_js_url = ""
    if not re.search(r"\$[^$\n]+\$|\$\$|\\\\\(", re.sub(r"`[^`]*`", "", text)):
        exporter.mathjax_url = ""
    return exporter.from_notebook_node(notebook)[0]


main()
