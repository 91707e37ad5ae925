/** The answers to everything that is not a cell: kernel_info, is_complete, history and so on. */
import type { Session } from "./session";
import type { TslabParts, TslabServer } from "./tslab";
import type { Request } from "./wire";

type Answer = Record<string, unknown>;
type Input = Session["inputs"][number];

/** Request type without "_request" -> the content of the reply of the same name. */
export function answers(
  parts: TslabParts,
  session: Session,
): Record<string, (server: TslabServer, request: Request) => Answer> {
  return {
    kernel_info: () => kernelInfo(parts),
    is_complete: (server, request) => isComplete(parts, server, request),
    inspect: (server, request) => server.handler.handleInspect(request.content) as Answer,
    complete: (server, request) => server.handler.handleComplete(request.content) as Answer,
    comm_info: () => ({ status: "ok", comms: {} }),
    history: (_server, request) => history(session, request),
    interrupt: () => {
      session.interrupt();
      return { status: "ok" };
    },
    shutdown: (_server, request) => ({
      status: "ok",
      restart: request.content["restart"] === true,
    }),
  };
}

function kernelInfo(parts: TslabParts): Answer {
  return {
    status: "ok",
    protocol_version: "5.3",
    implementation: "tslab",
    implementation_version: parts.version,
    banner: `TypeScript ${parts.typescriptVersion}, tslab ${parts.version}`,
    help_links: [{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" }],
    language_info: {
      name: "typescript",
      version: parts.typescriptVersion,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
    },
  };
}

/** tslab knows complete and incomplete; what it takes for complete may still be no TypeScript. */
function isComplete(parts: TslabParts, server: TslabServer, request: Request): Answer {
  const code = String(request.content["code"]);
  const answer = server.handler.handleIsComplete({ code });
  if (answer.status !== "complete") return answer;
  const latest = 99;
  const file = parts.typescript.createSourceFile("cell.ts", code, latest, false);
  const problems = (file as { parseDiagnostics?: readonly unknown[] }).parseDiagnostics ?? [];
  return { status: problems.length === 0 ? "complete" : "invalid" };
}

function history(session: Session, request: Request): Answer {
  const { hist_access_type: access, n, start, stop, pattern, unique } = request.content;
  let found = [...session.inputs];
  if (access === "range") {
    found = found.slice(Math.max(0, Number(start ?? 1) - 1), Number(stop ?? found.length + 1) - 1);
  }
  if (access === "search") found = found.filter(([, , code]) => matches(code, String(pattern)));
  if (access === "search" && unique === true) found = withoutRepeats(found);
  if (access !== "range" && typeof n === "number") found = found.slice(-n);
  const isWithOutput = request.content["output"] === true;
  const rows = found.map(([session, line, code]) => [
    session,
    line,
    isWithOutput ? [code, null] : code,
  ]);
  return { status: "ok", history: rows };
}

/** A glob as the protocol has it: `*` any text, `?` any character. */
function matches(code: string, glob: string): boolean {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\*/g, ".*").replace(/\?/g, ".")}$`, "s").test(code);
}

/** Of equal inputs the latest. */
function withoutRepeats(rows: readonly Input[]): Input[] {
  const latest = new Map(rows.map((row) => [row[2], row]));
  return rows.filter((row) => latest.get(row[2]) === row);
}
