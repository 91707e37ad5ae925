import { describe, expect, it } from "vitest";
import { step } from "dabbawala/protocol";
import type { Event, Host, Message, Node } from "dabbawala/protocol";

class Echo implements Node<Message, string> {
  constructor(readonly id: string) {}
  handle(event: Event<Message, string>, host: Host<Message, string>): void {
    if (event.kind !== "message") return;
    host.save("last", event.message);
    host.send(event.from, { type: "echoed", requestId: event.message.requestId });
    host.setTimer("idle", 100);
  }
}

describe("step", () => {
  it("returns the effects in the order in which the node asked for them", () => {
    const message = { type: "echo", requestId: 4 };
    const senses = { nowMs: 0, random: () => 0.5 };
    expect(step(new Echo("n1"), { kind: "message", from: "c1", message }, senses)).toEqual([
      { kind: "save", key: "last", value: message },
      { kind: "send", to: "c1", message: { type: "echoed", requestId: 4 } },
      { kind: "setTimer", timer: "idle", afterMs: 100 },
    ]);
  });
});
