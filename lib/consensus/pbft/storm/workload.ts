/** What the clients of a PBFT storm ask for. */
import type { Random } from "../../../basics";
import type { PbftOperation } from "../messages";
import type { PbftStormPlan } from "./plan";

const wallets = ["asha", "ravi", "meena"];
const depositPaise = 100_000;

/** All there is: each wallet's deposit has one idempotency key among all clients. */
export const totalPaise = depositPaise * wallets.length;

export function operationsOf(plan: PbftStormPlan, client: number, random: Random): PbftOperation[] {
  const { operationsEach, machine } = plan;
  if (machine === "payments") return payments(client, operationsEach, random);
  return Array.from({ length: operationsEach }, (_, i) => keyOperation(client * 1_000 + i, random));
}

function keyOperation(value: number, random: Random): PbftOperation {
  const key = `k${random.below(2)}`;
  const kind = random.below(6);
  if (kind < 2) return { query: { op: "get", key } };
  if (kind < 4) return { command: { op: "append", key, value: `${value},` } };
  return { command: { op: "put", key, value: `${value},` } };
}

function payments(client: number, count: number, random: Random): PbftOperation[] {
  const opened = wallets.map((wallet) => ({ command: { op: "openWallet", wallet } }));
  const deposits = wallets.map((wallet) => ({
    command: { op: "deposit", wallet, paise: depositPaise, idempotencyKey: `first ${wallet}` },
  }));
  const transfers = Array.from({ length: count }, (_, i): PbftOperation => {
    if (random.chance(0.2)) return { query: { op: "total" } };
    const [from, to] = random.shuffle(wallets);
    const paise = 1 + random.below(depositPaise / 2);
    return { command: { op: "transfer", from, to, paise, idempotencyKey: `c${client} ${i}` } };
  });
  return [...opened, ...deposits, ...transfers];
}
