/**
 * Runs cells one after another and answers as the protocol says. One session a kernel process.
 *
 * Source: jupyter-client documentation, "Messaging in Jupyter", "Execute" and "Execution results".
 */
import { cellFile, compileError, interruptError, thrownError } from "./cell-error";
import type { CellError } from "./cell-error";
import { mimeBundle } from "./mime-bundle";
import { StreamBuffer } from "./output";
import { watchRuns } from "./run-hook";
import type { Outcome, Run } from "./run-hook";
import { expandShorthand } from "./shorthand";
import type { DisplayData, TslabParts, TslabServer } from "./tslab";
import { Wire } from "./wire";
import type { Request, Socket } from "./wire";

/** How long requests that were sent before a failure may take to arrive: they are aborted. */
const settleMs = 20;

interface ExecuteContent {
  readonly code: string;
  readonly silent?: boolean;
  readonly store_history?: boolean;
  readonly stop_on_error?: boolean;
  readonly user_expressions?: Readonly<Record<string, string>>;
}

/** The cell in work, or the last one, to which late output still belongs. */
interface Cell {
  readonly request: Request;
  readonly isSilent: boolean;
  readonly streams: StreamBuffer;
  run?: Run;
  /** What failed outside the cell's own flow: a timer, a promise that nobody awaited. */
  failure?: CellError;
}

export class Session {
  private count = 0;
  private readonly history: [number, number, string][] = [];
  private queue: Promise<void> = Promise.resolve();
  private arrived = 0;
  private abortedUpTo = 0;
  private cell: Cell | undefined;
  private isRunning = false;
  /** A failure after its cell had ended: told by the next cell, which then fails. */
  private lateFailure: CellError | undefined;

  constructor(private readonly parts: TslabParts) {
    watchRuns(
      () => cellFile(this.count),
      (run) => {
        if (this.cell !== undefined && this.isRunning) this.cell.run = run;
      },
    );
  }

  get streams(): StreamBuffer | undefined {
    return this.cell?.streams;
  }

  get inputs(): readonly (readonly [number, number, string])[] {
    return this.history;
  }

  interrupt(): void {
    this.cell?.run?.interrupt();
  }

  /** Something failed in a timer or in a promise that nobody awaited. */
  failLate(error: unknown): void {
    const cell = this.cell;
    const code = { emitted: cell?.run?.emitted ?? "", source: sourceOf(cell) };
    const failure = thrownError(error, code);
    if (this.isRunning && cell !== undefined) {
      cell.failure ??= failure;
      cell.run?.interrupt();
    } else this.lateFailure ??= failure;
  }

  /** Queues the request; a request that was waiting when a cell failed is answered "aborted". */
  execute(server: TslabServer, socket: Socket, request: Request): Promise<void> {
    const order = ++this.arrived;
    this.queue = this.queue.then(() => this.executeNext(server, socket, request, order));
    return this.queue;
  }

  private async executeNext(
    server: TslabServer,
    socket: Socket,
    request: Request,
    order: number,
  ): Promise<void> {
    const wire = new Wire(server.connInfo.key);
    const publish = (type: string, content: unknown): void => {
      void server.iopub.send(wire.frames(type, { ...request, identities: [] }, content));
    };
    publish("status", { execution_state: "busy" });
    const content = request.content as unknown as ExecuteContent;
    const isAborted = order <= this.abortedUpTo;
    const reply = isAborted ? { status: "aborted" } : await this.runCell(server, request, publish);
    if (reply.status === "error" && content.stop_on_error !== false) {
      await new Promise((resolve) => setTimeout(resolve, settleMs));
      this.abortedUpTo = this.arrived;
    }
    void socket.send(wire.frames("execute_reply", request, reply));
    publish("status", { execution_state: "idle" });
  }

  private async runCell(
    server: TslabServer,
    request: Request,
    publish: (type: string, content: unknown) => void,
  ): Promise<Record<string, unknown> & { status: string }> {
    const content = request.content as unknown as ExecuteContent;
    const isSilent = content.silent === true;
    if (!isSilent) this.remember(content);
    const publishShown = isSilent ? () => {} : publish;
    publishShown("execute_input", { code: content.code, execution_count: this.count });
    const streams = new StreamBuffer((name, text) => publishShown("stream", { name, text }));
    const cell: Cell = { request, isSilent, streams };
    this.start(cell, publishShown);
    const result = await this.outcomeOf(server, cell);
    this.isRunning = false;
    if ("ename" in result) {
      publishShown("error", result);
      return { status: "error", execution_count: this.count, ...result };
    }
    await this.publishResult(result.value, publishShown);
    return { status: "ok", execution_count: this.count, payload: [], user_expressions: {} };
  }

  private remember(content: ExecuteContent): void {
    this.count++;
    if (content.store_history !== false) this.history.push([0, this.count, content.code]);
  }

  private start(cell: Cell, publish: (type: string, content: unknown) => void): void {
    this.cell?.streams.flush();
    this.cell = cell;
    this.isRunning = true;
    this.parts.jupyter.lastWriteDisplayData = (content: DisplayData, isUpdate: boolean) => {
      cell.streams.flush();
      publish(isUpdate ? "update_display_data" : "display_data", content);
    };
  }

  private async outcomeOf(
    server: TslabServer,
    cell: Cell,
  ): Promise<CellError | { readonly value: unknown }> {
    const source = sourceOf(cell);
    const expanded = expandShorthand(this.parts.typescript, source);
    const isAccepted = await server.handler.executor.execute(expanded.code);
    if (cell.run === undefined && !isAccepted) {
      return compileError(cell.streams.takeErrors(), expanded);
    }
    const outcome: Outcome = (await cell.run?.outcome) ?? { kind: "done", value: undefined };
    await settled();
    cell.streams.flush();
    const failure = cell.failure ?? this.lateFailure;
    this.lateFailure = undefined;
    if (failure !== undefined) return failure;
    if (outcome.kind === "interrupted") return interruptError;
    if (outcome.kind === "done") return { value: outcome.value };
    return thrownError(outcome.error, { emitted: cell.run?.emitted ?? "", source });
  }

  private async publishResult(
    value: unknown,
    publish: (type: string, content: unknown) => void,
  ): Promise<void> {
    if (value === undefined || value === null) return;
    const data = await mimeBundle(value);
    publish("execute_result", { execution_count: this.count, data, metadata: {} });
  }
}

/** Rejections that nobody handles are known one turn after the cell has ended. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function sourceOf(cell: Cell | undefined): string {
  return String(cell?.request.content["code"] ?? "");
}
