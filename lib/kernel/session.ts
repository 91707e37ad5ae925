/**
 * Runs cells one after another and answers as the protocol says. One session a kernel process.
 *
 * Source: jupyter-client documentation, "Messaging in Jupyter", "Execute" and "Execution results".
 */
import { cellFile, compileError, interruptError, thrownError } from "./cell-error";
import type { CellCode, CellError } from "./cell-error";
import { publishSymbol } from "./clear-output";
import type { Publish } from "./clear-output";
import { lookAgain } from "./compiler-watches";
import { nextTurn, pause } from "./kernel-timers";
import { interruptReason, LeftBehind } from "./left-behind";
import { mimeBundle } from "./mime-bundle";
import { captureStreams, StreamBuffer } from "./output";
import { SharedPhase } from "./phase";
import { prepareCell } from "./prepare-cell";
import { RebuiltLibrary } from "./rebuilt-library";
import { installProbe } from "./probe";
import { watchRuns } from "./run-hook";
import type { Outcome, Run } from "./run-hook";

import type { DisplayData, TslabParts, TslabServer } from "./tslab";
import { Wire } from "./wire";
import type { Request, Socket } from "./wire";

/** How long requests that were sent before a failure may take to arrive: they are aborted. */
const settleMs = 20;
/** How long the last replies may take to leave before the process ends. */
const farewellMs = 100;
const rebuiltNotice =
  "The library was rebuilt: run the cells that import it again (restart for a clean state).\n";

interface ExecuteContent {
  readonly code: string;
  readonly silent?: boolean;
  readonly store_history?: boolean;
  readonly stop_on_error?: boolean;
  readonly user_expressions?: Readonly<Record<string, string>>;
}

type Reply = Record<string, unknown> & { status: string };

/** The cell in work, or the last one, to which late output still belongs. */
interface Cell {
  readonly code: string;
  readonly streams: StreamBuffer;
  readonly publish: Publish;
  run?: Run;
  /** What failed outside the cell's own flow: a timer, a promise that nobody awaited. */
  failure?: CellError;
  /** While the forms of its last value are made: gives them up. */
  stopForms?: () => void;
}

export class Session {
  /** Shared with the thread that serves interrupts. */
  readonly shared = new SharedPhase();
  /** What else is to be closed before the process ends. */
  beforeExit: () => Promise<unknown> = () => Promise.resolve();
  private count = 0;
  private readonly history: [number, number, string][] = [];
  private readonly codes = new Map<number, CellCode>();
  private readonly leftBehind = new LeftBehind();
  private readonly library = new RebuiltLibrary();
  private queue: Promise<void> = Promise.resolve();
  private arrived = 0;
  private abortedUpTo = 0;
  private cell: Cell | undefined;
  private isRunning = false;
  /** A failure after its cell had ended: the next cell fails with it. */
  private lateFailure: CellError | undefined;

  constructor(private readonly parts: TslabParts) {
    this.leftBehind.watch();
    installProbe(this.shared);
    watchRuns({ fileName: () => cellFile(this.count), onRun: (run) => this.note(run) });
  }

  get inputs(): readonly (readonly [number, number, string])[] {
    return this.history;
  }

  /** Ends the cell in work and what it started; with none in work, what any cell started. */
  interrupt(): void {
    this.shared.noteHeard();
    this.hearSignal();
    void this.leftBehind.end(this.isRunning ? this.leftBehind.cell : undefined);
    if (this.isRunning) this.cell?.run?.interrupt();
    this.cell?.stopForms?.();
  }

  /**
   * Listens to SIGINT, alone. Again after each interrupt: Node.js takes the listeners away while a
   * cell begins, and when that is unwound it does not put them back.
   */
  hearSignal(): void {
    process.removeAllListeners("SIGINT");
    process.on("SIGINT", () => this.interrupt());
  }

  /** Something failed in a timer or in a promise that nobody awaited. */
  failLate(error: unknown): void {
    if ((error as Error | undefined)?.cause === interruptReason) return;
    const known = { cells: this.codes, current: this.isRunning ? this.count : 0 };
    const failure = thrownError(error, known);
    const cell = this.cell;
    if (this.isRunning && cell !== undefined) {
      cell.failure ??= failure;
      cell.run?.interrupt();
      return;
    }
    cell?.streams.flush();
    cell?.publish("error", failure);
    this.lateFailure ??= { ...failure, traceback: [...failure.traceback, leftRunning] };
  }

  /** Queues the request; a request that was waiting when a cell failed is answered "aborted". */
  execute(server: TslabServer, socket: Socket, request: Request): Promise<void> {
    if (this.arrived === 0) this.takeOver(server);
    const order = ++this.arrived;
    const turn = (): Promise<void> => this.executeNext(server, socket, { request, order });
    this.queue = this.queue.then(turn);
    return this.queue;
  }

  /** Cells that a stock kernel has run, or still has to run, before it was repaired come first. */
  private takeOver({ handler }: TslabServer): void {
    this.queue = handler.execQueue.prev.then(
      () => void (this.count = handler.execCount),
      () => void (this.count = handler.execCount),
    );
  }

  /** Closes the channels, and ends the process even if a cell has left a timer running. */
  async shutDown(server: TslabServer): Promise<void> {
    this.cell?.streams.flush();
    await pause(farewellMs);
    await this.beforeExit();
    server.close();
    process.exit(0);
  }

  private note(run: Run): void {
    if (this.cell === undefined || !this.isRunning) return;
    this.cell.run = run;
    this.codes.set(this.count, { emitted: run.emitted, source: this.cell.code });
  }

  private async executeNext(
    server: TslabServer,
    socket: Socket,
    { request, order }: { request: Request; order: number },
  ): Promise<void> {
    const wire = new Wire(server.connInfo.key);
    const publish: Publish = (type, content) => {
      void server.iopub.send(wire.frames(type, { ...request, identities: [] }, content));
    };
    publish("status", { execution_state: "busy" });
    const content = request.content as unknown as ExecuteContent;
    const isAborted = order <= this.abortedUpTo;
    const reply = isAborted ? { status: "aborted" } : await this.reply(server, content, publish);
    if (reply.status === "error" && content.stop_on_error !== false) {
      await pause(settleMs);
      this.abortedUpTo = this.arrived;
    }
    void socket.send(wire.frames("execute_reply", request, reply));
    publish("status", { execution_state: "idle" });
  }

  /** Always an answer: a request without one leaves its client waiting, and all later cells too. */
  private async reply(
    server: TslabServer,
    content: ExecuteContent,
    publish: Publish,
  ): Promise<Reply> {
    try {
      return await this.runCell(server, content, publish);
    } catch (error) {
      const failure = this.failure(error);
      publish("error", failure);
      return { status: "error", execution_count: this.count, ...failure };
    }
  }

  private failure(error: unknown): CellError {
    return thrownError(error, { cells: this.codes, current: this.count });
  }

  private async runCell(
    server: TslabServer,
    content: ExecuteContent,
    publish: Publish,
  ): Promise<Reply> {
    const isSilent = content.silent === true;
    if (!isSilent) this.remember(content);
    const shown: Publish = isSilent ? () => {} : publish;
    shown("execute_input", { code: content.code, execution_count: this.count });
    this.start(content.code, shown);
    if (this.library.forgetIfChanged()) {
      lookAgain();
      shown("stream", { name: "stderr", text: rebuiltNotice });
    }
    const result = await this.outcome(server, isSilent ? undefined : this.takeLateFailure());
    this.library.note();
    const data = "ename" in result ? result : await this.forms(result.value);
    if ("ename" in data) {
      shown("error", data);
      return { status: "error", execution_count: this.count, ...data };
    }
    if (data.isShown) {
      shown("execute_result", { execution_count: this.count, data: data.bundle, metadata: {} });
    }
    const user_expressions = await this.evaluate(server, content.user_expressions ?? {});
    return { status: "ok", execution_count: this.count, payload: [], user_expressions };
  }

  private remember(content: ExecuteContent): void {
    this.count++;
    if (content.store_history !== false) this.history.push([0, this.count, content.code]);
  }

  private takeLateFailure(): CellError | undefined {
    const failure = this.lateFailure;
    this.lateFailure = undefined;
    return failure;
  }

  private start(code: string, publish: Publish): void {
    this.cell?.streams.flush();
    const streams = new StreamBuffer((name, text) => publish("stream", { name, text }));
    this.cell = { code, streams, publish };
    captureStreams(() => this.cell?.streams);
    this.leftBehind.cell++;
    const flushed: Publish = (type, content) => {
      streams.flush();
      publish(type, content);
    };
    this.parts.jupyter.lastWriteDisplayData = (content: DisplayData, isUpdate: boolean) =>
      flushed(isUpdate ? "update_display_data" : "display_data", content);
    (globalThis as unknown as Record<symbol, Publish>)[publishSymbol] = flushed;
  }

  /** Runs the started cell to its end: its last value, or why it failed. */
  private async outcome(
    server: TslabServer,
    lateFailure?: CellError,
  ): Promise<CellError | { readonly value: unknown }> {
    const cell = this.cell as Cell;
    // Out of the callback of the socket: native code would not survive an unwinding interrupt.
    await nextTurn();
    this.isRunning = true;
    const result = await this.compileAndRun(server, cell);
    await nextTurn();
    this.isRunning = false;
    cell.streams.flush();
    return cell.failure ?? lateFailure ?? result;
  }

  private async compileAndRun(
    server: TslabServer,
    cell: Cell,
  ): Promise<CellError | { readonly value: unknown }> {
    const prepared = prepareCell(this.parts.typescript, cell.code);
    let isAccepted: boolean;
    try {
      isAccepted = await server.handler.executor.execute(prepared.code);
    } catch (error) {
      return this.failure(restartNeeded(error));
    }
    if (cell.run === undefined && !isAccepted) {
      return compileError(cell.streams.takeErrors(), prepared);
    }
    const outcome: Outcome = (await cell.run?.outcome) ?? { kind: "done", value: undefined };
    if (outcome.kind === "interrupted") return interruptError;
    if (outcome.kind === "done") return { value: outcome.value };
    return this.failure(outcome.error);
  }

  /** The forms of a last value, or the failure of the value's own method that makes them. */
  private async forms(
    value: unknown,
  ): Promise<CellError | { isShown: boolean; bundle: Record<string, unknown> }> {
    const isShown = value !== undefined && value !== null;
    if (!isShown) return { isShown, bundle: {} };
    const cell = this.cell as Cell;
    const given = new Promise<CellError>((resolve) => {
      cell.stopForms = () => resolve(interruptError);
    });
    // In a turn of their own: an interrupt unwinds whatever waits on the stack below.
    const made = nextTurn().then(() => mimeBundle(value));
    try {
      return await Promise.race([given, made.then((bundle) => ({ isShown, bundle }))]);
    } catch (error) {
      return this.failure(error);
    } finally {
      delete cell.stopForms;
    }
  }

  /** The values of expressions that came with a request, each as a result or an error. */
  private async evaluate(
    server: TslabServer,
    expressions: Readonly<Record<string, string>>,
  ): Promise<Record<string, Reply>> {
    const replies: Record<string, Reply> = {};
    for (const [name, code] of Object.entries(expressions)) {
      this.start(code, () => {});
      const result = await this.outcome(server);
      const data = "ename" in result ? result : await this.forms(result.value);
      replies[name] =
        "ename" in data
          ? { status: "error", ...data }
          : { status: "ok", data: data.bundle, metadata: {} };
    }
    return replies;
  }
}

const leftRunning = "    (thrown by code that an earlier cell had left running)";

/** tslab's compiler cannot go on after some changes of packages, if it was started unrepaired. */
function restartNeeded(error: unknown): unknown {
  const isStuck = /rebuildTimer/.test(String((error as Error | undefined)?.message));
  if (!isStuck) return error;
  return new Error("An imported package changed and the compiler lost track: restart the kernel.");
}
