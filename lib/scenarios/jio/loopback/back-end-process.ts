/**
 * A back end as a process of its own: it answers over HTTP after real work, so many rounds of
 * SHA-256, and says its name. It ends with its parent.
 */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const [name = "", rounds = "1"] = process.argv.slice(2);

function work(): string {
  let digest: Buffer = Buffer.from(name);
  for (let round = Number(rounds); round > 0; round--) {
    digest = createHash("sha256").update(digest).digest();
  }
  return digest.toString("hex");
}

const server = createServer({ keepAliveTimeout: 60_000 }, (_request, response) => {
  const body = work();
  response.writeHead(200, { "content-length": body.length, "x-back-end": name });
  response.end(body);
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit());
