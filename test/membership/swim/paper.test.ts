/** A test a sentence: SWIM (Das et al. 2002), then Lifeguard (Dadgar et al. 2018). */
import { describe, expect, it } from "vitest";
import { Swim } from "dabbawala/membership";
import { OneMember, delayOf, ping, sent } from "./one-member";

const plain = { hasLifeguard: false } as const;

/** A member in the period in which it probes n2..; and whom it probes. */
function probing(members = 5, options: object = plain) {
  const one = new OneMember(members, options);
  const [first] = sent(one.ring("period"), "ping");
  return { one, target: first?.to ?? "", requestId: first?.message.requestId ?? -1 };
}

describe("SWIM, section 3.1: the failure detector", () => {
  it("each period a member pings one other", () => {
    const one = new OneMember(5, plain);
    expect(sent(one.ring("period"), "ping")).toHaveLength(1);
    expect(delayOf(one.ring("period"), "period")).toBe(1_000);
  });

  it("who is pinged answers with the number of the ping", () => {
    const one = new OneMember();
    const [ack] = sent(one.hear("n3", ping([], 12)), "ack");
    expect(ack).toMatchObject({ to: "n3", message: { requestId: 12 } });
  });

  it("without an answer in time, k members at random are asked to ping it", () => {
    const { one, target, requestId } = probing(8);
    const asked = sent(one.ring("probe"), "pingRequest");
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ to }) => to)).size).toBe(3);
    expect(asked.map(({ to }) => to)).not.toContain(target);
    for (const { message } of asked) expect(message).toMatchObject({ target, requestId });
  });

  it("who is asked pings the target, and sends its answer back under the asker's number", () => {
    const one = new OneMember();
    const request = { type: "pingRequest", requestId: 40, target: "n4", updates: [] } as const;
    const [own] = sent(one.hear("n3", request), "ping");
    expect(own?.to).toBe("n4");
    const answer = { type: "ack", requestId: own?.message.requestId ?? 0, updates: [] } as const;
    const [back] = sent(one.hear("n4", answer), "ack");
    expect(back).toMatchObject({ to: "n3", message: { requestId: 40 } });
  });

  it("an answer by a detour counts", () => {
    const { one, target, requestId } = probing();
    one.ring("probe");
    one.hear("n4", { type: "ack", requestId, updates: [] });
    one.ring("period");
    expect(one.status(target)).toBe("alive");
  });

  it("an answer to an earlier probe does not count", () => {
    const { one, target, requestId } = probing();
    one.hear(target, { type: "ack", requestId: requestId - 1, updates: [] });
    one.ring("period");
    expect(one.status(target)).toBe("suspect");
  });

  it("nobody is suspected before the period has ended (DAOS 11274)", () => {
    const { one, target } = probing();
    one.ring("probe");
    expect(one.status(target)).toBe("alive");
    one.ring("period");
    expect(one.status(target)).toBe("suspect");
  });
});

describe("SWIM, section 4.1: dissemination on the back of probes", () => {
  it("news goes out with pings and answers", () => {
    const one = new OneMember(5, plain);
    one.told("dead", "n4");
    const [ack] = sent(one.hear("n3", ping()), "ack");
    expect(ack?.message.updates).toContainEqual(
      expect.objectContaining({ status: "dead", member: "n4" }),
    );
  });

  it("an update is passed on lambda log n times, and then no more", () => {
    const one = new OneMember(5, plain);
    one.told("dead", "n4");
    // The answer to the news itself was the first of 4 x ceil(log10 5) = 4.
    const times = Array.from({ length: 10 }, () => {
      const [ack] = sent(one.hear("n3", ping()), "ack");
      return ack?.message.updates.some(({ member }) => member === "n4") ?? false;
    });
    expect(times.filter((isThere) => isThere)).toHaveLength(3);
  });

  it("a message has a bounded number of updates, those first that went out least", () => {
    const one = new OneMember(9, { ...plain, maxUpdates: 2 });
    const members = () =>
      sent(one.hear("n3", ping()), "ack")[0]?.message.updates.map(({ member }) => member);
    for (let i = 0; i < 4; i++) members();
    const updates = ["n5", "n6", "n7"].map((member) => {
      return { status: "dead", member, incarnation: 0, by: "n2" } as const;
    });
    one.hear("n2", { type: "syncAnswer", initial: [], changed: updates });
    expect(members()).toEqual(["n5", "n6"]);
    expect(members()).toEqual(["n7", "n5"]);
  });

  it("newer news of a member replaces the older", () => {
    const one = new OneMember(5, plain);
    one.told("suspect", "n4");
    one.told("alive", "n4", 1);
    const [ack] = sent(one.hear("n3", ping()), "ack");
    const own = ack?.message.updates.filter(({ member }) => member === "n4");
    expect(own).toEqual([expect.objectContaining({ status: "alive", incarnation: 1 })]);
  });
});

describe("SWIM, section 4.2: suspicion and incarnations", () => {
  it("a suspect that does not deny it in time is declared dead", () => {
    const one = new OneMember(5, plain);
    const effects = one.told("suspect", "n4");
    expect(delayOf(effects, "suspicion/n4")).toBe(4_000);
    one.ring("suspicion/n4");
    expect(one.status("n4")).toBe("dead");
  });

  it("an alive of a higher incarnation ends the suspicion", () => {
    const one = new OneMember(5, plain);
    one.told("suspect", "n4");
    const effects = one.told("alive", "n4", 1);
    expect(effects).toContainEqual({ kind: "cancelTimer", timer: "suspicion/n4" });
    one.ring("suspicion/n4");
    expect(one.status("n4")).toBe("alive");
  });

  it("a member that hears it is suspected raises its incarnation, saves it and tells at once", () => {
    const one = new OneMember(5, plain);
    const effects = one.told("suspect", "n1", 3);
    const kinds = effects.map(({ kind }) => kind);
    expect(kinds.indexOf("save")).toBeLessThan(kinds.indexOf("send"));
    expect(one.saved["incarnation"]).toBe(4);
    const [ack] = sent(effects, "ack");
    const alive = { status: "alive", member: "n1", incarnation: 4 };
    expect(ack?.message.updates).toContainEqual(expect.objectContaining(alive));
  });

  it("an old accusation is no reason to raise it", () => {
    const one = new OneMember(5, plain, { incarnation: 6 });
    expect(one.swim.incarnation).toBe(7);
    one.told("suspect", "n1", 6);
    expect(one.swim.incarnation).toBe(7);
  });

  it("a restart begins above the incarnation that was saved (habitat 5581)", () => {
    const one = new OneMember(5, plain, { incarnation: 2 });
    expect(one.started[0]).toEqual({ kind: "save", key: "incarnation", value: 3 });
    expect(one.swim.incarnation).toBe(3);
  });

  it("only the incarnation that was probed is accused, not that of a restart since", () => {
    const { one, target } = probing();
    one.told("alive", target, 1);
    one.ring("period");
    expect(one.status(target)).toBe("alive");
  });

  it("a member that has restarted without its memory is told that it is dead (memberlist 345)", () => {
    const one = new OneMember(5, plain);
    one.told("suspect", "n4", 5);
    one.ring("suspicion/n4");
    const alive = { status: "alive", member: "n4", incarnation: 0, by: "n4" } as const;
    const [ack] = sent(one.hear("n4", ping([alive])), "ack");
    const dead = expect.objectContaining({ status: "dead", member: "n4", incarnation: 5 });
    expect(ack?.message.updates[0]).toEqual(dead);
    one.hear("n4", ping([{ ...alive, incarnation: 6 }]));
    expect(one.status("n4")).toBe("alive");
  });

  it("one that has forgotten its incarnation takes a higher one than others remember", () => {
    const one = new OneMember(5, plain);
    one.told("alive", "n1", 9);
    expect(one.swim.incarnation).toBe(10);
  });
});

describe("SWIM, section 4.3: round-robin probes", () => {
  it.each([0.1, 0.37, 0.5, 0.73, 0.99])("visit all in a pass, with chance %f", (chance) => {
    const one = new OneMember(12, plain);
    one.chance = chance;
    const targets = Array.from({ length: 11 }, () => {
      const [probe] = sent(one.ring("period"), "ping");
      one.hear("n2", { type: "ack", requestId: probe?.message.requestId ?? 0, updates: [] });
      return probe?.to;
    });
    expect(new Set(targets).size).toBe(11);
    expect(targets).not.toContain("n1");
  });

  it("the dead and those who left are not probed", () => {
    const one = new OneMember(4, plain);
    one.told("dead", "n3");
    one.told("left", "n4");
    for (let i = 0; i < 6; i++) {
      const [probe] = sent(one.ring("period"), "ping");
      expect(probe?.to).toBe("n2");
      one.hear("n2", { type: "ack", requestId: probe?.message.requestId ?? 0, updates: [] });
    }
  });
});

describe("joining and leaving", () => {
  it("a new member asks some others for their table, again until one answers", () => {
    const joiner = new Swim("n9", ["n1", "n2"], plain);
    const host = { nowMs: 0, random: () => 0.3 };
    const messages: string[] = [];
    const effects = { ...host, setTimer() {}, cancelTimer() {}, save() {}, note() {} };
    const recording = {
      ...effects,
      send: (_: string, { type }: { type: string }) => messages.push(type),
    };
    joiner.handle({ kind: "start", saved: {} }, recording as never);
    joiner.handle({ kind: "timer", timer: "period" }, recording as never);
    expect(messages.filter((type) => type === "sync")).toHaveLength(4);
    const answer = { type: "syncAnswer", initial: ["n1", "n2", "n3"], changed: [] } as const;
    joiner.handle({ kind: "message", from: "n1", message: answer }, recording as never);
    joiner.handle({ kind: "timer", timer: "period" }, recording as never);
    expect(messages.filter((type) => type === "sync")).toHaveLength(4);
    expect(joiner.standingOf("n3")).toMatchObject({ status: "alive", incarnation: 0 });
  });

  it("news of a member that nobody knows counts only if it is alive", () => {
    const one = new OneMember();
    one.told("dead", "n77");
    expect(one.status("n77")).toBeUndefined();
    one.told("alive", "n78");
    expect(one.status("n78")).toBe("alive");
  });

  it("a member that leaves tells the group, denies nothing any more, and is gone", () => {
    const one = new OneMember(5, plain);
    one.hear("outside", { type: "leave" });
    one.told("suspect", "n1", 4);
    expect(one.swim.incarnation).toBe(0);
    const [ack] = sent(one.hear("n3", ping()), "ack");
    const left = { status: "left", member: "n1" };
    expect(ack?.message.updates).toContainEqual(expect.objectContaining(left));
    for (let i = 0; i < 6; i++) one.ring("period");
    expect(one.swim.part).toBe("gone");
    expect(one.hear("n3", ping())).toEqual([]);
  });
});

describe("Lifeguard", () => {
  it("section IV-A: a member in bad health waits longer", () => {
    const { one } = probing(5, {});
    one.ring("period");
    expect(one.swim.health).toBe(1);
    expect(delayOf(one.ring("period"), "period")).toBe(3_000);
    const { one: well } = probing(5, plain);
    well.ring("period");
    expect(delayOf(well.ring("period"), "period")).toBe(1_000);
  });

  it("section IV-A: an answer makes it better, helpers that say nothing worse, nacks do not", () => {
    const { one, target, requestId } = probing(8, {});
    one.ring("probe");
    one.hear("n3", { type: "nack", requestId });
    one.ring("period");
    expect(one.status(target)).toBe("suspect");
    expect(one.swim.health).toBe(2);
    const [probe] = sent(one.ring("period"), "ping");
    const before = one.swim.health;
    one.hear("n2", { type: "ack", requestId: probe?.message.requestId ?? 0, updates: [] });
    expect(one.swim.health).toBe(before - 1);
  });

  it("section IV-A: who is asked to ping says so when the target does not answer", () => {
    const one = new OneMember();
    const request = { type: "pingRequest", requestId: 40, target: "n4", updates: [] } as const;
    one.hear("n3", request);
    const [nack] = sent(one.ring("relay/1"), "nack");
    expect(nack).toEqual({ to: "n3", message: { type: "nack", requestId: 40 } });
  });

  it("section IV-B: a suspicion is long, and shorter with each independent accuser", () => {
    const one = new OneMember(8);
    expect(delayOf(one.told("suspect", "n4", 0, "n5"), "suspicion/n4")).toBe(24_000);
    expect(delayOf(one.told("suspect", "n4", 0, "n5"), "suspicion/n4")).toBeUndefined();
    const second = delayOf(one.told("suspect", "n4", 0, "n6"), "suspicion/n4");
    expect(second).toBe(Math.floor(24_000 - (20_000 * Math.log(2)) / Math.log(3)));
    expect(delayOf(one.told("suspect", "n4", 0, "n7"), "suspicion/n4")).toBe(4_000);
    expect(delayOf(one.told("suspect", "n4", 0, "n8"), "suspicion/n4")).toBeUndefined();
  });

  it("section IV-C: a suspect is told so first of all; without Lifeguard it is not", () => {
    const accused = (options: object) => {
      const one = new OneMember(5, options);
      one.told("suspect", "n4");
      for (let i = 0; i < 6; i++) one.hear("n3", ping());
      return sent(one.hear("n4", ping()), "ack")[0]?.message.updates[0];
    };
    expect(accused({})).toMatchObject({ status: "suspect", member: "n4" });
    expect(accused(plain)).toBeUndefined();
  });
});

it("an option that is wrong is named", () => {
  const build = (options: object) => () => new Swim("n1", ["n2"], options);
  expect(build({ periodMs: 0 })).toThrow("periodMs must be from 1");
  expect(build({ probeTimeoutMs: 2_000 })).toThrow("probeTimeoutMs must be from 0.1 to 1000");
  expect(build({ probeOrder: "alphabet" })).toThrow("probeOrder must be one of");
  expect(build({ period: 5 })).toThrow('Swim has no option "period"');
});
