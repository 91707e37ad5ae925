/** What the clients of a Raft storm ask for. */
import type { Random } from "../../../basics";
import type { ClientOperation } from "../messages";

const wallets = ["asha", "ravi", "meena", "dabbawala"];
const depositPaise = 100_000;

/** All there is: each wallet's deposit has one idempotency key among all clients. */
export const totalPaise = depositPaise * wallets.length;

/** Reads, appends and puts of unique values. */
export function keyOperations(client: number, keys: number, random: Random): ClientOperation[] {
  return Array.from({ length: 300 }, (_, i): ClientOperation => {
    const key = `k${random.below(keys)}`;
    const value = client * 1_000 + i;
    // The first client only reads, so that nothing keeps it from a leader that has been deposed.
    const kind = client === 1 ? 0 : random.below(5);
    if (kind < 2) return { query: { op: "get", key } };
    if (kind === 2) return { command: { op: "append", key, value: `${value},` } };
    return { command: { op: "put", key, value: `${value},` } };
  });
}

/** Opens all wallets, fills them, and moves money between them. */
export function paymentOperations(client: number, random: Random): ClientOperation[] {
  const opened = wallets.map((wallet) => ({ command: { op: "openWallet", wallet } }));
  const deposits = wallets.map((wallet) => ({
    command: { op: "deposit", wallet, paise: depositPaise, idempotencyKey: `first ${wallet}` },
  }));
  const transfers = Array.from({ length: 300 }, (_, i): ClientOperation => {
    if (random.chance(0.2)) return { query: { op: "total" } };
    const [from, to] = random.shuffle(wallets);
    const paise = 1 + random.below(depositPaise / 2);
    const idempotencyKey = `c${client} ${i}`;
    return { command: { op: "transfer", from, to, paise, idempotencyKey } };
  });
  return [...opened, ...deposits, ...transfers];
}
