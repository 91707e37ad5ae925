/** The reading of HTTP/1.1, byte by byte and without a socket. */
import { bodyOf } from "dabbawala/dist/balancing/proxy/http/body";
import type { Framing } from "dabbawala/dist/balancing/proxy/http/fields";
import {
  HeadBytes,
  isBroken,
  isTooLong,
  wantsMore,
} from "dabbawala/dist/balancing/proxy/http/head-bytes";
import {
  forwardedRequest,
  parseRequestHead,
} from "dabbawala/dist/balancing/proxy/http/request-head";
import {
  forwardedResponse,
  parseResponseHead,
} from "dabbawala/dist/balancing/proxy/http/response-head";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const lines = (...all: string[]): string => all.map((line) => `${line}\r\n`).join("");
const asked = (...all: string[]) => parseRequestHead(lines(...all));
const refusal = (...all: string[]): number => {
  const head = asked(...all);
  return head.kind === "refused" ? head.status : 0;
};

/** The bytes in pieces that end at those places. */
function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % bytes.length)), bytes.length];
  ends.sort((left, right) => left - right);
  // Each its own memory: chunks are moved together in it.
  return ends.map((end, at) => Buffer.from(bytes.subarray(ends[at - 1] ?? 0, end)));
}

describe("a request's head", () => {
  it("is read", () => {
    const head = asked("POST /a?b HTTP/1.1", "Host: x", "Content-Length: 5 ", "X:\t 1");
    expect(head).toMatchObject({
      ...{ kind: "request", method: "POST", target: "/a?b", minor: 1, isKeptAlive: true },
      framing: { kind: "length", bytes: 5 },
    });
    expect(asked("GET / HTTP/1.0")).toMatchObject({ minor: 0, isKeptAlive: false });
    expect(asked("GET http://shop:80/x?y HTTP/1.1", "Host: other")).toMatchObject({
      ...{ target: "/x?y", authority: "shop:80" },
    });
    expect(asked("GET http://shop?y HTTP/1.1", "Host: a")).toMatchObject({ target: "/?y" });
    expect(asked("OPTIONS * HTTP/1.1", "Host: a")).toMatchObject({ target: "*" });
    for (const host of ["", "a", "a-b.c_d:8080", "127.0.0.1:1", "[::1]:9001", "[fe80::1]", "a:"]) {
      expect(asked("GET / HTTP/1.1", `Host: ${host}`)).toMatchObject({ kind: "request" });
    }
  });

  it.each([
    ["both lengths", ["Content-Length: 5", "Transfer-Encoding: chunked"]],
    ["two lengths", ["Content-Length: 5", "Content-Length: 5"]],
    ["a list of lengths", ["Content-Length: 5, 5"]],
    ["a length with a sign", ["Content-Length: +5"]],
    ["a length of base 16", ["Content-Length: 0x5"]],
    ["a length that no number holds", ["Content-Length: 9999999999999999"]],
    ["chunks twice", ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"]],
    ["a folded line", ["X: 1", " 2"]],
    ["a first field with space before", [" X: 1"]],
    ["a space before the colon", ["Content-Length : 5"]],
    ["a bare line feed", ["X: 1\nContent-Length: 5"]],
    ["a bare carriage return", ["X: 1\rY: 2"]],
    ["a zero byte", ["X: \0"]],
    ["a name that is none", ["X(): 1"]],
    ["no name", [": 1"]],
    ["a second host", ["Host: y"]],
  ])("with %s is refused", (_what, fields) => {
    expect(refusal("POST / HTTP/1.1", "Host: x", ...fields)).toBe(400);
  });

  it("says what else is wrong", () => {
    expect(refusal("GET / HTTP/1.1")).toBe(400); // no Host
    for (const host of ["a b", "a/b", "a?b", "a@b", "a:b", "a:80:80", "[::1", "a,\tb", '"a"']) {
      expect([host, refusal("GET / HTTP/1.1", `Host: ${host}`)]).toEqual([host, 400]);
    }
    expect(refusal("GET http://a,%3ab:x/ HTTP/1.1", "Host: a")).toBe(400);
    expect(refusal("GET  / HTTP/1.1", "Host: x")).toBe(400);
    expect(refusal("GET / HTTP/1.1 ", "Host: x")).toBe(400);
    expect(refusal("GET /\u00e9 HTTP/1.1", "Host: x")).toBe(400);
    expect(refusal("GET shop HTTP/1.1", "Host: x")).toBe(400);
    expect(refusal("GET http://me@shop/ HTTP/1.1", "Host: x")).toBe(400);
    expect(refusal("POST / HTTP/1.0", "Transfer-Encoding: chunked")).toBe(400);
    expect(refusal("CONNECT a:1 HTTP/1.1", "Host: x")).toBe(405);
    expect(refusal("GET / HTTP/1.1", "Host: x", "Expect: more")).toBe(417);
    expect(refusal("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: gzip, chunked")).toBe(501);
    expect(refusal("GET / HTTP/2.0", "Host: x")).toBe(505);
    expect(refusal("GET / HTTP/1.1", "Host: x", ...Array<string>(100).fill("X: 1"))).toBe(431);
  });

  it("goes on without what is hop by hop, with Forwarded-For and Via", () => {
    const head = asked(
      ...["POST /a HTTP/1.1", "host: x", "Connection: close, X-Own, Host, TE", "X-Own: 1"],
      ...["Keep-Alive: 5", "TE: trailers", "Upgrade: h2c", "Proxy-Authorization: secret"],
      ...["X-Forwarded-For: 9.9.9.9", "Via: 1.0 before", "Accept: */*", "Trailer: X"],
      "Transfer-Encoding: Chunked",
    );
    if (head.kind === "refused") throw new Error(head.reason);
    expect(forwardedRequest(head, { client: "1.2.3.4", backEnd: "b" })).toBe(
      lines(
        ...["POST /a HTTP/1.1", "host: x", "Accept: */*", "Transfer-Encoding: chunked"],
        ...["X-Forwarded-For: 9.9.9.9, 1.2.3.4", "Via: 1.0 before, 1.1 dabbawala", ""],
      ),
    );
  });
});

describe("a response's head", () => {
  it.each([
    [["HTTP/1.1 200 OK", "Content-Length: 3"], { kind: "length", bytes: 3 }],
    [["HTTP/1.1 200", "Transfer-Encoding: chunked"], { kind: "chunked" }],
    [["HTTP/1.1 200 "], { kind: "close" }],
    [["HTTP/1.1 204 No Content", "Content-Length: 3"], { kind: "none" }],
    [["HTTP/1.1 304 Not Modified", "Content-Length: 3"], { kind: "none" }],
    [["HTTP/1.1 100 Continue"], { kind: "none" }],
  ])("%j ends as %j", (head, framing) => {
    expect(parseResponseHead(lines(...head), false)?.framing).toEqual(framing);
  });

  it("of HEAD has no body, and a malformed one is none", () => {
    expect(parseResponseHead(lines("HTTP/1.1 200 OK", "Content-Length: 3"), true)?.framing).toEqual(
      {
        kind: "none",
      },
    );
    const both = lines("HTTP/1.1 200 OK", "Content-Length: 3", "Transfer-Encoding: chunked");
    for (const text of [both, "HTTP/1.1 20 OK\r\n", "HTTP/2 200 OK\r\n", "ICY 200 OK\r\n"]) {
      expect(parseResponseHead(text, false)).toBeUndefined();
    }
  });

  it("goes on with what the client needs to know", () => {
    const text = lines("HTTP/1.1 204 Gone", "Connection: X", "X: 1", "Content-Length: 0", "A: b");
    const head = parseResponseHead(text, false);
    if (head === undefined) throw new Error("malformed");
    expect(forwardedResponse(head, { isKeptAlive: false, isChunked: false })).toBe(
      lines("HTTP/1.1 204 Gone", "A: b", "Connection: close", "Via: 1.1 dabbawala", ""),
    );
  });
});

describe("the bytes of a head", () => {
  const text = lines("GET / HTTP/1.1", "Host: x");

  it("make the same head wherever they are cut", () => {
    const bytes = Buffer.from(`\r\n\r\n${text}\r\nmore`);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), (places) => {
        const head = new HeadBytes(64);
        const rest: string[] = [];
        for (const piece of cutAt(bytes, places)) {
          const end = head.text === "" ? head.take(piece, 0) : 0;
          expect(end).toBeGreaterThanOrEqual(wantsMore);
          if (end >= 0) rest.push(piece.toString("latin1", end));
        }
        expect([head.text, rest.join("")]).toEqual([text, "more"]);
      }),
      { numRuns: 500 },
    );
  });

  it("are too many at the limit, in however many pieces", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.array(fc.nat(), { maxLength: 12 }), (size, places) => {
        const whole = `GET /${"a".repeat(size)} HTTP/1.1\r\n\r\n`;
        const head = new HeadBytes(100);
        let end = wantsMore;
        for (const piece of cutAt(Buffer.from(whole), places)) {
          if (end === wantsMore) end = head.take(piece, 0);
        }
        if (whole.length > 100) expect(end).toBe(isTooLong);
        else expect(end).toBeGreaterThan(0);
      }),
    );
  });

  it("with a bare line feed do not wait for ever", () => {
    expect(new HeadBytes(100).take(Buffer.from("GET / HTTP/1.1\nHost: x\n\n"), 0)).toBe(isBroken);
  });
});

interface Taken {
  readonly data: string;
  readonly rest: string;
  readonly isDone: boolean;
  readonly isBroken: boolean;
}

function take(framing: Framing, pieces: readonly Buffer[]): Taken {
  const body = bodyOf(framing);
  let [data, rest] = ["", ""];
  for (const piece of pieces) {
    const end = body.isDone || body.isBroken ? 0 : body.take(piece, 0);
    if (end > 0) data += piece.toString("latin1", body.dataStart, body.dataEnd);
    rest += piece.toString("latin1", end);
  }
  return { data, rest, isDone: body.isDone, isBroken: body.isBroken };
}

describe("a body", () => {
  const chunks = fc.array(
    fc.record({
      data: fc.string({ minLength: 1, maxLength: 40 }),
      extension: fc.constantFrom("", ";a", ';a="b"', " "),
      isUpper: fc.boolean(),
    }),
    { maxLength: 6 },
  );
  const cuts = fc.array(fc.nat(), { maxLength: 30 });

  it("in chunks is the same wherever it is cut, without extensions and trailers", () => {
    fc.assert(
      fc.property(
        chunks,
        fc.constantFrom("", "A: b\r\n", "A: b\r\nC: d\r\n"),
        cuts,
        (all, ...rest) => {
          const [trailers, places] = rest;
          const data = all.map((chunk) => Buffer.from(chunk.data).toString("latin1"));
          const text = all.map(({ extension, isUpper }, at) => {
            const size = data[at].length.toString(16);
            return `${isUpper ? size.toUpperCase() : size}${extension}\r\n${data[at]}\r\n`;
          });
          const whole = Buffer.from(`${text.join("")}0\r\n${trailers}\r\nGET /`, "latin1");
          const taken = take({ kind: "chunked" }, cutAt(whole, places));
          expect(taken).toEqual({
            data: data.join(""),
            rest: "GET /",
            isDone: true,
            isBroken: false,
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(
    ["x\r\n", "\r\n", "5\nhello", "-1\r\n", "5\r\nhelloX\r\n", "5\r\nhello\n0", "1;\n"].concat([
      "1\rX",
      "0x5\r\n",
      "1000000000000\r\n",
      "0\r\nA\nB\r\n\r\n",
      "5;\0\r\n",
      `5;${"a".repeat(300)}`,
      `0\r\n${"A: b\r\n".repeat(2_000)}`,
    ]),
  )("that is no chunk (%j) is broken wherever it is cut", (text) => {
    fc.assert(
      fc.property(cuts, (places) => {
        expect(take({ kind: "chunked" }, cutAt(Buffer.from(text), places)).isBroken).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it("with a length ends there, and one without goes on", () => {
    const pieces = cutAt(Buffer.from("hello, world"), [3, 7]);
    const taken = take({ kind: "length", bytes: 5 }, pieces);
    expect(taken).toEqual({ data: "hello", rest: ", world", isDone: true, isBroken: false });
    expect(take({ kind: "close" }, pieces)).toMatchObject({ data: "hello, world", isDone: false });
    expect(bodyOf({ kind: "none" }).isDone).toBe(true);
  });
});
