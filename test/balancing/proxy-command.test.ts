/** `dabbawala proxy`, the command. */
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { afterwards, httpServer, RawClient, tcpServer } from "./proxy-servers";

const program = join(__dirname, "..", "..", "lib", "bin", "dabbawala.cjs");

describe("dabbawala proxy", () => {
  it("says in one sentence what is wrong", () => {
    const said = (...args: string[]): string => {
      const { status, stderr } = spawnSync(process.execPath, [program, "proxy", ...args]);
      expect(status).not.toBe(0);
      return stderr.toString().split("\n")[0];
    };
    expect(said("--listen", "0")).toContain("required option '--to");
    expect(said("--listen", "0", "--to", "9001")).toBe(
      'dabbawala: --to takes host:port, host:port,weight or host:port,weight,region, not "9001"',
    );
    expect(said("--listen", "x", "--to", "a:1")).toContain("--listen takes a port or host:port");
    expect(said("--listen", "0", "--to", "a:1", "--policy", "best")).toContain(
      'no policy is called "best": choose of round-robin',
    );
    expect(said("--listen", "0", "--to", "a:1", "--policy", "prequal")).toContain(
      "prequal probes its servers, which HTTP cannot: choose of",
    );
    expect(said("--listen", "0", "--to", "a:1", "a:2,2", "a:3,0")).toContain(
      "weight of a:3 must be from 0.000001 to 1000, but was 0",
    );
  });

  it("says when somebody else has the port", async () => {
    const port = await tcpServer(() => undefined);
    const args = [program, "proxy", "--listen", `${port}`, "--to", "127.0.0.1:1"];
    const { stderr, status } = spawnSync(process.execPath, args);
    expect([stderr.toString(), status]).toEqual([
      `dabbawala: somebody listens at ${port} already\n`,
      2,
    ]);
  });

  it("serves until Ctrl-C, which lets requests end", async () => {
    let answer: () => void = () => undefined;
    const back = await httpServer((_, response) => (answer = () => response.end("served.")));
    const args = ["proxy", "--listen", "0", "--to", `127.0.0.1:${back},2`, "--workers", "1"];
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    afterwards(() => child.kill("SIGKILL"));
    let said = "";
    let wake: () => void = () => undefined;
    child.stderr.on("data", (bytes: Buffer) => {
      said += bytes.toString();
      wake();
    });
    const until = async (text: string): Promise<void> => {
      while (!said.includes(text)) await new Promise<void>((more) => (wake = more));
    };
    const ended = new Promise((end) => child.once("close", end));
    await until("Ctrl-C drains");
    const [, port] = /port (\d+): peak-ewma over 1 back end/.exec(said) ?? [];
    const client = new RawClient(Number(port)).write("GET / HTTP/1.1", "Host: x", "", "");
    client.socket.on("end", () => client.socket.end());
    const asked = answer;
    while (answer === asked) await new Promise((more) => setTimeout(more, 2));
    child.kill("SIGINT");
    await until("draining");
    answer();
    expect(await client.until("end")).toMatch(/served.$/);
    expect(await ended).toBe(0);
    expect(said).toMatch(/1 requests, 0 sent again\n127.0.0.1:\d+: 1 answered, 0 failed/);
  });
});
