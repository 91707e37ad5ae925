/** How many requests fail while a back end is killed, and another drained and then killed. */
import type { BenchmarkRow } from "../benchmark";
import { pause } from "../contest/closed-loops";
import { nginxProxy, nginxServer } from "./nginx";
import type { Nginx } from "./nginx";
import { clients, disturbed, OurProxy, workers } from "./sides";

export async function failureRow(version: string): Promise<BenchmarkRow> {
  const ours = await withServers(async (servers, ports) => {
    const proxy = await OurProxy.start("least-connections", ports);
    const result = await disturbed(proxy.port, async () => {
      await pause(1_500);
      servers[0].kill();
      await pause(1_000);
      await proxy.drain("b1");
      servers[1].kill();
    });
    const { retries } = await proxy.metrics();
    await proxy.stop();
    return { ...result, retries };
  });
  // To take one out, nginx reads its configuration anew, which ends its clients' connections too.
  const theirs = await withServers(async (servers, ports) => {
    const nginx = await nginxProxy({ workers, policy: "least_conn;", ports });
    const result = await disturbed(nginx.port, async () => {
      await pause(1_500);
      servers[0].kill();
    });
    await nginx.stop();
    return result;
  });
  const count = (requests: number): string => Math.round(requests).toLocaleString("en-GB");
  return {
    work: `proxy, one of 4 servers killed and one drained under load, ${clients} clients`,
    ours: `${ours.failed} failed of ${count(ours.answered)}, ${ours.retries} sent again`,
    peer: `nginx ${version}, one killed: ${theirs.failed} failed of ${count(theirs.answered)}`,
    ratio: ours.failed === 0 ? 1 : 0,
    bar: 1,
  };
}

async function withServers<R>(
  work: (servers: readonly Nginx[], ports: readonly number[]) => Promise<R>,
): Promise<R> {
  const servers = await Promise.all(Array.from({ length: 4 }, () => nginxServer()));
  try {
    return await work(
      servers,
      servers.map(({ port }) => port),
    );
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}
