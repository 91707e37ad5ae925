"""Jupyter's own test of kernels, against the kernel named in KERNEL_UNDER_TEST.

Not run, with the reasons in jupyter-protocol.test.ts: test_pager, test_recv_iopub_welcome_msg.
"""

import os
import unittest

import jupyter_kernel_test


class TypeScriptKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = os.environ["KERNEL_UNDER_TEST"]
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('to stderr')"
    completion_samples = [{"text": "consol", "matches": {"console"}}]
    complete_code_samples = ["const a: number = 1;", "interface Seat { berth: number }"]
    incomplete_code_samples = ["function sell() {", "const rows = [1,"]
    invalid_code_samples = ["const = )", "let 5 = a"]
    code_generate_error = "throw new Error('expected')"
    code_execute_result = [
        {"code": "1+2+3", "result": "6"},
        {"code": "[1, 2, 3].map((n) => n * n)", "result": "[ 1, 4, 9 ]"},
    ]
    code_display_data = [
        {
            "code": "import * as tslab from 'tslab'; tslab.display.html('<b>bold</b>');",
            "mime": "text/html",
        },
        {
            "code": "import * as tslab from 'tslab'; tslab.display.raw('image/svg+xml', '<svg/>');",
            "mime": "image/svg+xml",
        },
    ]
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "parseFloat"
    code_clear_output = (
        "import { clearOutput } from 'dabbawala/kernel'; clearOutput();"
    )


if __name__ == "__main__":
    unittest.main()
