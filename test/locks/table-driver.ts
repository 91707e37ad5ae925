/** The lock table by hand: commands with the time that a leader would stamp them with. */
import { lockMachine } from "dabbawala/locks";
import type { LockAnswer, LockCommand, LockNews, LockState, Opening } from "dabbawala/locks";

type Wish<O extends LockCommand["op"]> = Partial<Extract<LockCommand, { op: O }>>;

export class Table {
  readonly machine = lockMachine("by hand");
  state: LockState = this.machine.initial();
  nowMs = 1_000;
  private readonly sequences = new Map<string, number>();
  private readonly sessions = new Map<string, number>();

  /** Opens a session of 1,000 ms for each client. */
  constructor(...clients: readonly string[]) {
    for (const client of clients) this.open(client);
  }

  open(client: string, ttlMs = 1_000, opening: Opening = [1, 7, 1]): LockAnswer {
    const answer = this.apply(client, { op: "open", opening, ttlMs });
    if (answer.kind === "opened") this.sessions.set(client, answer.session);
    return answer;
  }

  acquire(client: string, name: string | string[], wish: Wish<"acquire"> = {}): LockAnswer {
    const names = typeof name === "string" ? [name] : name;
    const sequence = this.next(client);
    const plain = { names, mode: "exclusive", waitMs: null, label: sequence } as const;
    return this.apply(client, { op: "acquire", ...this.of(client, sequence), ...plain, ...wish });
  }

  upgrade(client: string, name: string, waitMs: number | null = null): LockAnswer {
    const stamp = this.of(client, this.next(client));
    return this.apply(client, { op: "upgrade", ...stamp, label: 77, name, waitMs });
  }

  downgrade(client: string, name: string, token = this.tokenOf(client, name)): LockAnswer {
    const stamp = this.of(client, this.next(client));
    return this.apply(client, { op: "downgrade", ...stamp, name, token });
  }

  release(client: string, name: string, token = this.tokenOf(client, name)): LockAnswer {
    return this.apply(client, {
      op: "release",
      ...this.of(client, this.next(client)),
      name,
      token,
    });
  }

  withdraw(client: string, asked: number): LockAnswer {
    return this.apply(client, { op: "withdraw", ...this.of(client, this.next(client)), asked });
  }

  watch(client: string, name: string): LockAnswer {
    return this.apply(client, { op: "watch", ...this.of(client, this.next(client)), name });
  }

  close(client: string): LockAnswer {
    return this.apply(client, { op: "close", ...this.of(client, this.next(client)) });
  }

  keepAlive(client: string, seen = 0): LockAnswer {
    return this.apply(client, { op: "keepAlive", session: this.sessionOf(client), seen });
  }

  tick(afterMs: number): void {
    this.nowMs += afterMs;
    this.apply("n1", { op: "tick" });
  }

  apply(client: string, command: LockCommand): LockAnswer {
    const stamped = { ...command, atMs: this.nowMs, client };
    return this.machine.apply(this.state, stamped) as LockAnswer;
  }

  of(client: string, sequence: number): { session: number; sequence: number } {
    return { session: this.sessionOf(client), sequence };
  }

  next(client: string): number {
    const sequence = (this.sequences.get(client) ?? 0) + 1;
    this.sequences.set(client, sequence);
    return sequence;
  }

  sessionOf(client: string): number {
    return this.sessions.get(client) ?? 0;
  }

  tokenOf(client: string, name: string): number {
    return this.state.locks.get(name)?.holders.get(this.sessionOf(client))?.token ?? 0;
  }

  news(client: string): readonly LockNews[] {
    return this.state.sessions.get(this.sessionOf(client))?.news ?? [];
  }

  /** Clients that hold a lock, then those in line. */
  look(name: string): string {
    const entry = this.state.locks.get(name);
    const client = (id: number): string => this.state.sessions.get(id)?.client ?? "?";
    const holders = [...(entry?.holders.keys() ?? [])].map(client);
    const line = (entry?.queue ?? []).map((id) => client(this.state.claims.get(id)?.session ?? 0));
    return `${holders.join(" ")} | ${line.join(" ")}`;
  }
}
