/** The laws of design and contract, for every protocol that the library exports. */
import { describe, expect, it } from "vitest";
import type { Event, Host, Message, Node } from "dabbawala/protocol";
import * as laws from "./laws";
import type { Law } from "./laws";
import { exportedProtocols, scenarioOf } from "./scenarios";
import type { AnyProtocol } from "./scenarios";

const seeds = [1, 2];
const protocols = exportedProtocols();
const { classesIn, ...named } = laws;

it("there are protocols", () => {
  expect([...protocols.keys()]).toEqual(expect.arrayContaining(["Raft", "Coordinator", "Echo"]));
});

/** A protocol of each scenario and its name; where all protocols are in one, all their names. */
const systems = new Map<unknown, { names: string[]; protocol: AnyProtocol }>();
for (const [name, protocol] of protocols) {
  const scenario = scenarioOf(name);
  const key = scenario.isWhole ? scenario : name;
  const { names = [] } = systems.get(key) ?? {};
  systems.set(key, { names: [...names, name], protocol });
}

describe.each(Array.from(systems.values(), (s) => ({ ...s, title: s.names.join(", ") })))(
  "$title",
  ({ names, protocol }) => {
    const scenario = scenarioOf(names[0] as string);

    it("is in its scenario", () => {
      const classes = classesIn(protocol, scenario);
      const isThere = (wanted: AnyProtocol): boolean => {
        return classes.some((one) => one === wanted || one.prototype instanceof wanted);
      };
      expect(names.filter((name) => !isThere(protocols.get(name) as AnyProtocol))).toEqual([]);
    });

    it.each(Object.entries(named))("%s", (_, law) => {
      for (const seed of seeds) expect(law(protocol, scenario, seed)).toEqual([]);
    });
  },
);

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
