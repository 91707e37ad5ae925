/**
 * Three members of etcd on loopback, and its key-value service over gRPC. The two messages that are
 * needed are written and read by hand: a generated codec would only make the client slower.
 */
import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, credentials } from "@grpc/grpc-js";
import { InputError } from "dabbawala/basics";

/** "3.4.23", or undefined where etcd is not installed. */
export function etcdVersion(): string | undefined {
  try {
    const [line] = execFileSync("etcd", ["--version"], { encoding: "utf8" }).split("\n");
    return line.split(" ").pop();
  } catch {
    return undefined;
  }
}

interface Member {
  readonly name: string;
  readonly clientPort: number;
  readonly peerPort: number;
}

export class EtcdCluster {
  private constructor(
    private readonly members: readonly Member[],
    private readonly processes: readonly ChildProcess[],
    private readonly folder: string,
  ) {}

  /** Three members with etcd's defaults; data on the disk of the temporary folder. */
  static async start(): Promise<EtcdCluster> {
    const folder = mkdtempSync(join(tmpdir(), "etcd-"));
    const ports = await freePorts(6);
    const members = [0, 1, 2].map((index): Member => {
      return { name: `e${index + 1}`, clientPort: ports[index], peerPort: ports[index + 3] };
    });
    const everybody = members.map(({ name, peerPort }) => `${name}=${local(peerPort)}`).join();
    const processes = members.map((member) => startMember(member, { everybody, folder }));
    const cluster = new EtcdCluster(members, processes, folder);
    try {
      await cluster.leaderPort();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** The port for clients of the member that leads. */
  async leaderPort(): Promise<number> {
    const endMs = Date.now() + 20_000;
    while (Date.now() < endMs) {
      for (const { clientPort } of this.members) {
        const client = new EtcdClient(clientPort);
        const { member, leader } = await client.status().catch(() => ({ member: "", leader: "0" }));
        client.close();
        if (leader !== "0" && member === leader) return clientPort;
      }
      await new Promise((wake) => setTimeout(wake, 100));
    }
    throw new InputError("etcd has not found a leader within 20 seconds");
  }

  /** CPU time that the three members have used, in ms. */
  cpuMs(): number {
    const { readFileSync } = require("node:fs") as typeof import("node:fs");
    return this.processes.reduce((sum, { pid }) => {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
      return sum + (Number(fields[11]) + Number(fields[12])) * 10;
    }, 0);
  }

  async stop(): Promise<void> {
    const ended = this.processes.map((child) => {
      if (child.exitCode !== null || child.signalCode !== null) return undefined;
      const end = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      return end;
    });
    await Promise.all(ended);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function startMember(
  { name, clientPort, peerPort }: Member,
  { everybody, folder }: { everybody: string; folder: string },
): ChildProcess {
  const flags = {
    name,
    "data-dir": join(folder, name),
    "listen-client-urls": local(clientPort),
    "advertise-client-urls": local(clientPort),
    "listen-peer-urls": local(peerPort),
    "initial-advertise-peer-urls": local(peerPort),
    "initial-cluster": everybody,
    "initial-cluster-state": "new",
    "log-level": "error",
  };
  const words = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
  return spawn("etcd", words, { stdio: "ignore" });
}

function local(port: number): string {
  return `http://127.0.0.1:${port}`;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(
    servers.map((server) => new Promise<void>((up) => server.listen(0, "127.0.0.1", up))),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((down) => server.close(down))));
  return ports;
}

/** One connection to a member. */
export class EtcdClient {
  private readonly client: Client;

  constructor(port: number) {
    const own = { "grpc.use_local_subchannel_pool": 1 };
    this.client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), own);
  }

  async put(key: string, value: Buffer): Promise<void> {
    const request = Buffer.concat([bytesField(1, Buffer.from(key)), bytesField(2, value)]);
    await this.call("/etcdserverpb.KV/Put", request);
  }

  /** A lease of so many seconds, by its id. */
  async grantLease(seconds: number): Promise<bigint> {
    const answer = await this.call(
      "/etcdserverpb.Lease/LeaseGrant",
      numberField(1, BigInt(seconds)),
    );
    return fieldsOf(answer).get(2) as bigint;
  }

  async revokeLease(lease: bigint): Promise<void> {
    await this.call("/etcdserverpb.Lease/LeaseRevoke", numberField(1, lease));
  }

  /** Waits for its turn. Returns the key that stands for the lock, to unlock it. */
  async lock(name: string, lease: bigint): Promise<Buffer> {
    const request = Buffer.concat([bytesField(1, Buffer.from(name)), numberField(2, lease)]);
    return fieldsOf(await this.call("/v3lockpb.Lock/Lock", request)).get(2) as Buffer;
  }

  async unlock(key: Buffer): Promise<void> {
    await this.call("/v3lockpb.Lock/Unlock", bytesField(1, key));
  }

  /** The ids of this member and of the leader, "0" while there is none. */
  async status(): Promise<{ member: string; leader: string }> {
    const answer = await this.call("/etcdserverpb.Maintenance/Status", Buffer.alloc(0));
    const fields = fieldsOf(answer);
    const header = fieldsOf(fields.get(1) as Buffer);
    return { member: `${header.get(2) ?? 0}`, leader: `${fields.get(4) ?? 0}` };
  }

  close(): void {
    this.client.close();
  }

  private call(path: string, request: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const same = (bytes: Buffer): Buffer => bytes;
      this.client.makeUnaryRequest(path, same, same, request, (error, answer) => {
        if (error !== null) reject(error);
        else resolve(answer as Buffer);
      });
    });
  }
}

/** Protocol buffers: a tag, a length, the bytes. */
function bytesField(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes]);
}

function numberField(number: number, value: bigint): Buffer {
  return Buffer.concat([Buffer.from([number << 3]), varint(value)]);
}

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = BigInt(value); ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
}

/** Numbers as bigint, everything with a length as bytes. */
function fieldsOf(message: Buffer): Map<number, bigint | Buffer> {
  const fields = new Map<number, bigint | Buffer>();
  let at = 0;
  const number = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = Number(number());
    const value = number();
    if ((tag & 7) === 0) fields.set(tag >> 3, value);
    else {
      fields.set(tag >> 3, message.subarray(at, at + Number(value)));
      at += Number(value);
    }
  }
  return fields;
}
