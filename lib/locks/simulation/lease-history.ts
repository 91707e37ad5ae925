/**
 * The notes of lock clients as a history, lock by lock: acquire, upgrade, downgrade and release
 * with their answers; and for each lock that was not given back in an orderly way an "expire" of
 * unknown outcome, since its lease may have ended at any time after it was asked for, or not yet.
 */
import type { HistoryEvent } from "../../protocol";

interface Note {
  readonly atMs: number;
  readonly node: string;
  readonly label: string;
  readonly detail: unknown;
}

interface Call {
  readonly f: string;
  readonly key: string;
  readonly value: unknown;
  readonly mode?: string;
}

/** A hold of one lock, as the history names it. */
interface Hold {
  readonly key: string;
  readonly label: string;
}

export function leaseHistory(notes: readonly Note[]): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const clients = new Map<string, ClientStory>();
  for (const note of notes) {
    if (!note.node.startsWith("c")) continue;
    const client = clients.get(note.node) ?? new ClientStory(note.node, events);
    clients.set(note.node, client);
    client.hear(note);
  }
  const orderly = new Set([...clients.values()].flatMap(({ released }) => released));
  return events.filter(({ f, process }) => f !== "expire" || !orderly.has(String(process)));
}

class ClientStory {
  private call: (Call & { readonly calledMs: number }) | undefined;
  private readonly holds = new Map<string, Hold & { count: number }>();
  private calls = 0;
  /** Leases that ended by a release that was answered. */
  readonly released: string[] = [];

  constructor(
    private readonly client: string,
    private readonly events: HistoryEvent[],
  ) {}

  hear({ label, detail, atMs }: Note): void {
    if (label === "invoke") {
      // A client that has crashed in between never ended its call.
      this.call = { ...(detail as Call), calledMs: atMs };
      this.calls++;
      this.invoke(this.call, atMs);
    } else if (["ok", "fail", "info"].includes(label) && this.call !== undefined) {
      this.end(label as "ok" | "fail" | "info", this.call, (detail as Call).value, atMs);
      this.call = undefined;
    } else if (label === "opened") this.holds.clear();
    else if (label === "lost") for (const name of detail as string[]) this.holds.delete(name);
  }

  private names({ f, key }: Call): readonly string[] {
    return f === "acquire" ? [...new Set(key.split("+"))] : [key];
  }

  /** Each lock of a batch is acquired by itself, so each has a process of its own. */
  private process(key: string): string {
    return `${this.client}/${this.calls} ${key}`;
  }

  private invoke(call: Call, time: number): void {
    for (const key of this.names(call)) {
      const hold = this.holds.get(key);
      if (call.f === "acquire" && hold !== undefined) continue; // once more: nothing changes
      if (call.f === "release" && (hold?.count ?? 1) > 1) continue;
      const label = hold?.label ?? `${this.client}/${String(call.value)}`;
      const value = { label, mode: call.mode ?? "exclusive" };
      this.push({ process: this.process(key), type: "invoke", f: call.f, key, value, time });
      if (call.f !== "acquire") continue;
      this.push({
        process: `lease ${label} ${key}`,
        type: "invoke",
        f: "expire",
        key,
        value,
        time,
      });
    }
  }

  private end(type: "ok" | "fail" | "info", call: Call, answer: unknown, time: number): void {
    for (const key of this.names(call)) {
      const hold = this.holds.get(key);
      // Not known whether it was given back; it is not used any more.
      if (type === "info" && call.f === "release") this.holds.delete(key);
      const isAgain = call.f === "acquire" ? hold !== undefined : (hold?.count ?? 1) > 1;
      if (type === "ok" && call.f === "acquire") this.hold(key, call);
      if (type === "ok" && call.f === "release" && hold !== undefined) {
        if (--hold.count === 0) this.giveBack(hold);
      }
      if (isAgain && (call.f === "acquire" || call.f === "release")) continue;
      const value = call.f === "release" ? answer : (answer as Record<string, number>)?.[key];
      const event = { process: this.process(key), f: call.f, key, time };
      this.push({ ...event, type, value: type === "ok" ? value : undefined });
    }
  }

  private hold(key: string, call: Call): void {
    const hold = this.holds.get(key);
    if (hold !== undefined) hold.count++;
    else this.holds.set(key, { key, label: `${this.client}/${String(call.value)}`, count: 1 });
  }

  private giveBack({ key, label }: Hold): void {
    this.holds.delete(key);
    this.released.push(`lease ${label} ${key}`);
  }

  private push(event: HistoryEvent): void {
    this.events.push(event);
  }
}
