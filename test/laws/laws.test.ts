/** The laws of design and contract, for every protocol that the library exports. */
import { describe, expect, it } from "vitest";
import type { Event, Host, Message, Node } from "dabbawala/protocol";
import * as laws from "./laws";
import type { Law } from "./laws";
import { exportedProtocols, scenarioOf } from "./scenarios";
import type { AnyProtocol } from "./scenarios";

const seeds = [1, 2, 3, 4];
const protocols = exportedProtocols();
const named: Readonly<Record<string, Law>> = { ...laws };

it("there are protocols", () => {
  expect([...protocols.keys()]).toEqual(expect.arrayContaining(["Raft", "Coordinator", "Echo"]));
});

describe.each([...protocols])("%s", (name, protocol) => {
  it.each(Object.entries(named))("%s", (_, law) => {
    for (const seed of seeds) expect(law(protocol, scenarioOf(name), seed)).toEqual([]);
  });
});

describe("the laws are broken by", () => {
  class Counter implements Node<Message, string> {
    count = 0;
    constructor(
      readonly id: string,
      readonly peers: readonly string[],
    ) {}
    handle(event: Event<Message, string>, host: Host<Message, string>): void {
      this.count++;
      if (event.kind !== "message") host.setTimer("again", 50);
    }
  }
  let shared = 0;
  class Telepath extends Counter {
    override handle(event: Event<Message, string>, host: Host<Message, string>): void {
      host.note("shared", shared++);
      super.handle(event, host);
    }
  }
  class Mapper extends Counter {
    override handle(event: Event<Message, string>, host: Host<Message, string>): void {
      const message = { type: "map", content: new Map([[1, 2]]) };
      if (event.kind === "timer") host.send(this.peers[0] as string, message);
      super.handle(event, host);
    }
  }
  class Closure extends Counter {
    after: (() => void) | undefined;
    override handle(event: Event<Message, string>, host: Host<Message, string>): void {
      this.after = () => this.count;
      super.handle(event, host);
    }
  }
  class Clerk extends Counter {
    since: unknown;
    override handle(event: Event<Message, string>, host: Host<Message, string>): void {
      if (event.kind === "start") this.since = event.saved["since"];
      host.save("since", new Set([this.count]));
      super.handle(event, host);
    }
  }
  const found = new WeakMap<object, number>();
  class Hider extends Counter {
    override handle(event: Event<Message, string>, host: Host<Message, string>): void {
      found.set(this, (found.get(this) ?? 0) + 1);
      host.note("handled", found.get(this));
      super.handle(event, host);
    }
  }

  const isBroken = (protocol: unknown, law: Law): boolean => {
    return law(protocol as AnyProtocol, scenarioOf("none"), 1).length > 0;
  };

  it("hidden memory, odd messages, functions in fields, odd saves, state elsewhere", () => {
    for (const law of Object.values(named)) expect(isBroken(Counter, law)).toBe(false);
    expect(isBroken(Telepath, laws.sameSeedSameTrace)).toBe(true);
    expect(isBroken(Mapper, laws.effectsSurviveJson)).toBe(true);
    expect(isBroken(Closure, laws.fieldsSurviveStructuredClone)).toBe(true);
    expect(isBroken(Clerk, laws.restartsFromSaves)).toBe(true);
    expect(isBroken(Hider, laws.rewindsToTheSameRun)).toBe(true);
  });
});
