/** What comes over a socket that nobody trusts, what is lost, and what waits. */
import { connect } from "node:net";
import type { Socket } from "node:net";
import { join } from "node:path";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { Place } from "dabbawala/dist/hosts/real/place";
import { saveOptions } from "dabbawala/dist/hosts/real/save-options";
import { defaultSocketOptions, socketOptions } from "dabbawala/dist/hosts/real/sockets";
import type { SocketOptions } from "dabbawala/dist/hosts/real/sockets";
import { encodeFrame, FrameReader } from "dabbawala/dist/hosts/real/frames";
import { encodeHello } from "dabbawala/dist/hosts/real/hello";

const file = join(__dirname, "nodes.cjs");
const places: Place[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const place of places.splice(0)) place.stop();
  for (const socket of sockets.splice(0)) socket.destroy();
});

interface Opened {
  readonly place: Place;
  readonly port: number;
  readonly logs: string[];
  readonly directory: string;
}

interface PlaceOptions {
  readonly name?: string;
  readonly exportName?: string;
  readonly options?: Record<string, unknown>;
  readonly sockets?: Partial<SocketOptions>;
}

/** A place of one node, n1, whose only peer is n2. */
async function open({
  name = "n1",
  exportName = "Counter",
  options = {},
  sockets: given = {},
}: PlaceOptions = {}): Promise<Opened> {
  const logs: string[] = [];
  const directory = mkdtempSync(join(tmpdir(), "place-"));
  const peers = [name === "n1" ? "n2" : "n1"];
  const place = new Place(
    {
      cluster: "secret",
      place: name,
      nodes: [{ id: name, peers, options, protocol: { module: file, exportName } }],
      port: 0,
      directory,
      saves: saveOptions(),
      sockets: { ...defaultSocketOptions, ...given },
      maxHistory: 10,
    },
    { log: (sentence) => logs.push(sentence), fail: (sentence) => logs.push(sentence) },
  );
  places.push(place);
  return { place, port: await place.listen(), logs, directory };
}

function introduce(first: Opened, second?: Opened): void {
  const portOf = { n1: first.port, n2: second?.port ?? 1 };
  const book = { placeOf: { n1: "n1", n2: "n2" }, portOf };
  second?.place.start(book);
  first.place.start(book);
}

const hello = { cluster: "secret", from: "n2", to: "n1" };
const ping = ["n2", "n1", { type: "ping", requestId: 1 }];

/** Sends bytes as a caller would; resolves when the place has hung up, or after `waitMs`. */
async function call(port: number, pieces: readonly (string | Buffer)[]): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  sockets.push(socket);
  socket.on("error", () => undefined);
  socket.resume();
  for (const piece of pieces) {
    socket.write(typeof piece === "string" ? encodeFrame(piece) : piece);
  }
  return socket;
}

async function until(condition: () => boolean): Promise<void> {
  const endMs = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > endMs) throw new Error("it has not happened in 5 seconds");
    await new Promise((wake) => setTimeout(wake, 5));
  }
}

const countOf = ({ place }: Opened): unknown => place.fieldsOf("n1", ["count"])?.["count"];

describe("callers that are hung up on, in one sentence", () => {
  const good = encodeHello(hello);
  const wrongSum = encodeFrame(good);
  wrongSum[4] ^= 1;
  const tooLong = Buffer.alloc(8);
  tooLong.writeUInt32LE(2 ** 31, 0);
  const cases: Record<string, [pieces: (string | Buffer)[], reason: string]> = {
    "a browser": [[Buffer.from("GET / HTTP/1.1\r\n\r\n")], "a frame of 542393671 bytes, more than"],
    "no hello": [["[]"], "its first frame is not a hello"],
    "no JSON as hello": [["{"], "its first frame is not a hello"],
    "another version": [
      [good.replace('"version":1', '"version":2')],
      "it speaks version 2, and this place speaks 1",
    ],
    "another cluster": [[good.replace("secret", "guess")], "it belongs to another cluster"],
    "an unknown name": [[good.replace("n2", "n9")], 'nobody here is called "n9"'],
    "the wrong place": [[good.replace('"to":"n1"', '"to":"n2"')], 'it wants "n2", and this is n1'],
    "a wrong checksum": [[wrongSum], "a frame with a wrong checksum"],
    "a frame that is too long": [
      [good, tooLong],
      "a frame of 2147483648 bytes, more than 16777216",
    ],
    "no JSON": [[good, "[1,"], "a frame that is not JSON"],
    "no list": [[good, '{"type":"ping"}'], "a frame that is no list of messages"],
    "half a message": [[good, '["n2","n1"]'], "a frame that is no list of messages"],
    "no type": [[good, '["n2","n1",null]'], "a message without a type"],
    "a false sender": [[good, '["n1","n1",{"type":"ping"}]'], 'a message from "n1", who is not at'],
    "an unknown addressee": [
      [good, '["n2","n7",{"type":"ping"}]'],
      'a message to "n7", who is not',
    ],
  };

  it.each(Object.entries(cases))("%s", async (_, [pieces, reason]) => {
    const opened = await open();
    introduce(opened);
    const socket = await call(opened.port, pieces);
    await until(() => socket.closed);
    expect(opened.logs).toHaveLength(1);
    expect(opened.logs[0]).toMatch(/^the connection from (n2|port \d+) is closed: /);
    expect(opened.logs[0]).toContain(reason);
    expect(opened.place.counts.connectionsRefused).toBe(1);
    const other = await call(opened.port, [good, JSON.stringify(ping)]);
    await until(() => countOf(opened) === 1);
    expect(other.destroyed, "the place serves others as before").toBe(false);
  });

  it("one that calls before the place knows the others waits, and is heard", async () => {
    const opened = await open();
    await call(opened.port, [good, JSON.stringify(ping)]);
    await new Promise((wake) => setTimeout(wake, 50));
    expect(countOf(opened)).toBeUndefined();
    introduce(opened);
    await until(() => countOf(opened) === 1);
    expect(opened.logs).toEqual([]);
  });

  it("one that never says hello", async () => {
    const opened = await open({ sockets: { helloTimeoutMs: 30 } });
    introduce(opened);
    const socket = await call(opened.port, []);
    await until(() => socket.closed);
    expect(opened.logs[0]).toContain("it has not said hello");
  });
});

describe("frames", () => {
  it("are put together from any pieces", () => {
    const texts = ["[]", '["ज्ञान"]', JSON.stringify(["x".repeat(300)])];
    const stream = Buffer.concat(texts.map((text) => encodeFrame(text)));
    for (let size = 1; size <= stream.length; size++) {
      const read: string[] = [];
      const reader = new FrameReader(1_000, (text) => void read.push(text));
      for (let at = 0; at < stream.length; at += size) {
        expect(reader.take(stream.subarray(at, at + size)).kind).toBe("ok");
      }
      expect(read).toEqual(texts);
    }
  });

  it("a message that fits no frame is dropped and told; the rest is split among frames", async () => {
    const given = { maxFrameBytes: 1_000 };
    const flood = { exportName: "Flood", options: { messages: 7, length: 300, everyMs: 60_000 } };
    const [from, to] = [
      await open({ ...flood, sockets: given }),
      await open({ name: "n2", exportName: "Flood", sockets: given }),
    ];
    introduce(from, to);
    await until(() => to.place.fieldsOf("n2", ["got"])?.["got"] === 7);
    expect(from.place.counts.framesSent).toBe(4);
    const long = await open({
      ...flood,
      options: { ...flood.options, length: 999 },
      sockets: given,
    });
    introduce(long, to);
    await until(() => long.place.counts.messagesDropped === 7);
    expect(long.logs[0]).toMatch(
      /^a message of \d+ bytes to n2 was dropped: maxFrameBytes is 1000$/,
    );
  });
});

describe("a peer that is away or slow", () => {
  it("is called again and again, ever less often; what is sent meanwhile is lost and counted", async () => {
    const flood = { exportName: "Flood", options: { messages: 3, length: 10, everyMs: 5 } };
    const quick = { reconnectMinMs: 5, reconnectMaxMs: 40 };
    const from = await open({ ...flood, sockets: quick });
    introduce(from);
    await until(() => from.place.counts.messagesDropped > 30);
    expect(from.place.counts.connectionsMade).toBe(0);
    expect(from.place.counts.messagesSent).toBe(0);
    const to = await open({ name: "n2", exportName: "Flood" });
    from.place.stop();
    const again = await open({ ...flood, sockets: quick });
    introduce(again, to);
    await until(() => to.place.counts.messagesReceived > 10);
    expect(again.place.counts.connectionsMade).toBe(1);
    to.place.stop();
    await until(() => again.place.counts.messagesDropped > 10);
  });

  it("one that reads too slowly: the queue is bounded, and what is too much is lost", async () => {
    const options = { messages: 200, length: 10_000, everyMs: 10 };
    const given = { maxQueueBytes: 200_000 };
    const from = await open({ exportName: "Flood", options, sockets: given });
    const to = await open({ name: "n2", exportName: "Flood" });
    // It takes the connection and never reads.
    Reflect.get(to.place, "listener").pause();
    introduce(from, to);
    await until(() => from.place.counts.messagesDropped > 1_000);
    expect(Reflect.get(Reflect.get(from.place, "links").get("n2"), "queuedBytes")).toBeLessThan(
      200_001,
    );
    Reflect.get(to.place, "listener").resume();
    const { messagesSent } = from.place.counts;
    await until(() => to.place.counts.messagesReceived >= messagesSent);
  });

  it("a disk that is behind: nothing is read until it has caught up", async () => {
    const opened = await open({ sockets: { maxHeldBytes: 2_000 } });
    introduce(opened);
    const many = Array.from({ length: 50 }, () => ping).flat();
    const pieces = Array.from({ length: 200 }, () => JSON.stringify(many));
    await call(opened.port, [encodeHello(hello), ...pieces]);
    await until(() => countOf(opened) === 10_000);
    expect(opened.place.counts.readPauses).toBeGreaterThan(0);
    await until(() => opened.place.counts.durableSaves === 10_000);
    expect(opened.place.counts.syncs).toBeLessThan(5_000);
    const saves = readFileSync(join(opened.directory, "n1.saves"), "latin1");
    expect(saves).toContain("count10000");
  });
});

it("options of sockets have ranges", () => {
  expect(() => socketOptions({ maxFrameBytes: 0.5 })).toThrow(
    "maxFrameBytes must be a whole number",
  );
  expect(() => socketOptions({ speed: 1 } as Partial<SocketOptions>)).toThrow(
    'a socket has no option "speed"',
  );
});
