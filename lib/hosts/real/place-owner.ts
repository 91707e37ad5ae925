/** The owner's end of one place: starts its body, asks it, ends it. */
import { InputError } from "../../basics";
import type { Answers, Order, Question, Report } from "./channel";
import type { AddressBook } from "./sockets";
import type { PlaceSetup } from "./setup";

/** A thread or a process. */
export interface Body {
  send(order: Order): void;
  onReport(listener: (report: Report) => void): void;
  /** Called once, when it is gone for whatever reason. */
  onEnd(listener: (reason: string) => void): void;
  /** At once, with nothing tidied up: SIGKILL, or the end of the thread. */
  kill(): void;
}

export type Launch = (place: string) => Body;

/** A place that does not say that it listens after so long is given up. */
const openTimeoutMs = 30_000;
/** A place that is told to stop and does not is killed after so long. */
const stopTimeoutMs = 5_000;

interface Asked {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class PlaceOwner {
  /** 0 until it listens. A place that starts again takes the same port. */
  port: number;
  private body: Body | undefined;
  private ended: Promise<string> = Promise.resolve("");
  private readonly asked = new Map<number, Asked>();
  private nextNumber = 0;

  constructor(
    private readonly setup: PlaceSetup,
    private readonly launch: Launch,
    private readonly log: (sentence: string) => void,
  ) {
    this.port = setup.port;
  }

  get isUp(): boolean {
    return this.body !== undefined;
  }

  /** Until it listens. Rejects with InputError: a port that is taken, saves that are damaged... */
  open(): Promise<void> {
    const body = this.launch(this.setup.place);
    this.body = body;
    return new Promise((resolve, reject) => {
      const { place } = this.setup;
      const late = (): void => {
        body.kill();
        reject(new InputError(`${place} did not start within ${openTimeoutMs / 1_000} seconds`));
      };
      const timer = setTimeout(late, openTimeoutMs);
      let failure: string | undefined;
      body.onReport((report) => {
        if (report.kind === "listening") {
          this.port = report.port;
          clearTimeout(timer);
          resolve();
        } else if (report.kind === "failed") failure = report.sentence;
        else this.hear(report);
      });
      this.ended = new Promise((end) => {
        body.onEnd((reason) => {
          clearTimeout(timer);
          this.gone(body, failure ?? reason);
          reject(new InputError(failure ?? `${place} ${reason}`));
          end(reason);
        });
      });
      body.send({ kind: "open", setup: { ...this.setup, port: this.port } });
    });
  }

  start(book: AddressBook): void {
    this.body?.send({ kind: "start", book });
  }

  send(order: Order): void {
    this.body?.send(order);
  }

  /** Rejects when the place ends before it has answered. */
  ask<W extends Question["what"]>(question: Question & { what: W }): Promise<Answers[W]> {
    const { body } = this;
    if (body === undefined) return Promise.reject(new InputError(`${this.setup.place} is down`));
    const number = ++this.nextNumber;
    return new Promise<unknown>((resolve, reject) => {
      this.asked.set(number, { resolve, reject });
      body.send({ kind: "ask", number, question });
    }) as Promise<Answers[W]>;
  }

  async kill(): Promise<void> {
    this.expectEnd();
    this.body?.kill();
    await this.ended;
  }

  async stop(): Promise<void> {
    const { body } = this;
    if (body === undefined) return;
    this.expectEnd();
    body.send({ kind: "stop" });
    const timer = setTimeout(() => body.kill(), stopTimeoutMs);
    await this.ended;
    clearTimeout(timer);
  }

  private isExpected = false;

  private expectEnd(): void {
    this.isExpected = true;
  }

  private hear(report: Report): void {
    if (report.kind === "log") return this.log(`${this.setup.place}: ${report.sentence}`);
    if (report.kind !== "answer") return;
    this.asked.get(report.number)?.resolve(report.answer);
    this.asked.delete(report.number);
  }

  private gone(body: Body, reason: string): void {
    if (this.body !== body) return;
    this.body = undefined;
    const { place } = this.setup;
    for (const { reject } of this.asked.values()) reject(new InputError(`${place} ${reason}`));
    this.asked.clear();
    if (!this.isExpected) this.log(`${place} has ended: ${reason}`);
    this.isExpected = false;
  }
}
