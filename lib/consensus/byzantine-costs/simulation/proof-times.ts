/** Real time: what one proof takes on this machine, and how many commands PBFT does with each. */
import { inRange, isSigned, signText, signingKeysOf } from "../../../basics";
import { threads } from "../../../hosts";
import { authenticationOf, defaultAuthentication } from "../../pbft/authentication";

export interface ProofTimes {
  /** Microseconds to make, or to check, a code of HMAC-SHA256 as PBFT does it. */
  readonly codeUs: number;
  /** Of an Ed25519 signature. */
  readonly signUs: number;
  readonly checkUs: number;
}

const repeats = 2_000;

function microsecondsOf(work: () => unknown): number {
  for (let i = 0; i < repeats / 10; i++) work();
  const begunMs = performance.now();
  for (let i = 0; i < repeats; i++) work();
  return (1_000 * (performance.now() - begunMs)) / repeats;
}

/** Over a text as long as a commit message. */
export function measureProofs(): ProofTimes {
  const { secretKey, publicKey } = signingKeysOf("a key for measuring");
  const text = JSON.stringify(["commit", "n1", 0, 7, "digest".repeat(7)]);
  const codes = authenticationOf("n1", { ...defaultAuthentication, authentication: "macs" });
  const signature = signText(text, secretKey);
  return {
    codeUs: microsecondsOf(() => codes.prove(text, ["n2"])),
    signUs: microsecondsOf(() => signText(text, secretKey)),
    checkUs: microsecondsOf(() => isSigned(text, signature, publicKey)),
  };
}

/** Four replicas and eight clients on threads; a command is a batch. Commands a second. */
export async function measurePbft(
  authentication: "signatures" | "macs",
  seconds: number,
): Promise<number> {
  inRange("seconds", seconds, { min: 0.1, max: 600 });
  const of = (exportName: string): { module: string; exportName: string } => {
    return { module: "dabbawala/consensus", exportName };
  };
  const cluster = await threads({
    ...{ protocol: of("Pbft"), nodes: 4 },
    options: { authentication, maxBatchRequests: 1, requestTimeoutMs: 10_000 },
    clients: { protocol: of("PbftLoadClient"), count: 8, options: { authentication } },
  });
  try {
    await cluster.until(async () => (await cluster.metrics()).ok > 50);
    await cluster.resetMetrics();
    await new Promise((resolve) => setTimeout(resolve, 1_000 * seconds));
    return (await cluster.metrics()).throughput;
  } finally {
    await cluster.stop();
  }
}
