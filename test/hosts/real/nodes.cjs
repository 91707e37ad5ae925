/** Nodes for tests of hosts with threads and processes, loaded there by this file's name. */

/** Answers every "ping" with how many there were, which it saves; "fall" breaks it. */
class Counter {
  constructor(id, peers) {
    this.id = id;
    this.peers = peers;
    this.count = 0;
  }

  handle(event, host) {
    if (event.kind === "start") this.count = event.saved.count ?? 0;
    if (event.kind !== "message") return;
    const { from, message } = event;
    if (message.type === "fall") throw new Error(`fallen\nand more`);
    this.count++;
    host.save("count", this.count);
    host.send(from, { type: "pong", requestId: message.requestId, count: this.count });
  }
}

/** Sends its peer so many messages of so many characters at once, again and again. */
class Flood {
  constructor(id, peers, options = {}) {
    this.id = id;
    this.peers = peers;
    this.options = { messages: 0, length: 0, everyMs: 10, ...options };
    this.got = 0;
  }

  handle(event, host) {
    if (event.kind === "message") {
      this.got++;
      return;
    }
    const { messages, length, everyMs } = this.options;
    for (let count = 0; count < messages; count++) {
      host.send(this.peers[0], { type: "water", text: "x".repeat(length) });
    }
    if (messages > 0) host.setTimer("more", everyMs);
  }
}

/** Blocks its thread for a while whenever it is told to. */
class Sleeper extends Flood {
  handle(event, host) {
    super.handle(event, host);
    if (event.kind !== "message") return;
    const end = host.nowMs + 20;
    while (performance.now() < end);
  }
}

module.exports = { Counter, Flood, Sleeper };
