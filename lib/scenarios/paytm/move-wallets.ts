/**
 * Wallets on a ring whose nodes come and go: after each change every wallet still has its copies,
 * all the money is there, and no more was moved than had to be.
 */
import { wholeInRange } from "../../basics";
import { at, crash } from "../../hosts";
import { DynamoCluster } from "../../replication";
import type { RingChange } from "../../replication";

export interface WalletMove {
  /** Any whole number; default 1. */
  readonly seed?: number;
  /** 1 to 20,000; default 2,000 wallets of Rs 1,000. */
  readonly wallets?: number;
  readonly rupeesEach?: number;
}

export interface WalletMoveRow {
  readonly after: string;
  readonly nodes: number;
  /** Copies on the nodes that own them; three of each wallet are wanted. */
  readonly copies: number;
  readonly wantedCopies: number;
  readonly rupees: number;
  readonly wantedRupees: number;
  /** Copies that came to an owner that did not own them before, and how many that had to be. */
  readonly copiesMoved: number;
  /** Copies sent to newcomers: each comes from two old owners, so that none is missed. */
  readonly copiesSent: number;
  readonly kilobytes: number;
}

/** Join, leave, and the replacement of a node that has crashed for good. */
export function moveWallets(move: WalletMove = {}): WalletMoveRow[] {
  const wallets = wholeInRange("wallets", move.wallets ?? 2_000, { min: 1, max: 20_000 });
  const rupees = wholeInRange("rupeesEach", move.rupeesEach ?? 1_000, { min: 1, max: 1e9 });
  return new MovedWallets(move.seed ?? 1, wallets, rupees).run();
}

class MovedWallets {
  private readonly cluster: DynamoCluster;
  private readonly keys: readonly string[];
  private isDone = false;

  constructor(
    seed: number,
    private readonly wallets: number,
    private readonly rupees: number,
  ) {
    this.keys = Array.from({ length: wallets }, (_, i) => `wallet/${i + 1}`);
    this.cluster = new DynamoCluster({
      seed,
      servers: 5,
      spares: 2,
      options: { partitions: 64, merkleDepth: 6, pageKeys: 100, antiEntropyMs: 50 },
      onNote: ({ node, label }) => {
        this.isDone ||= node === "c1" && label === "ended";
      },
    });
  }

  run(): WalletMoveRow[] {
    const operations = this.keys.map((key) => ({ op: "put" as const, key, value: this.rupees }));
    this.cluster.addClient("c1", { operations });
    this.until("all wallets are there", () => this.isDone);
    const rows = [this.row("the beginning", new Map())];
    rows.push(this.change("n6 joins", { kind: "join", node: "n6" }));
    rows.push(this.change("n2 leaves", { kind: "leave", node: "n2" }));
    this.cluster.schedule(at(Math.ceil(this.cluster.nowMs), crash(["n4"])));
    rows.push(this.change("n4 crashes, n7 replaces it", { kind: "replace", node: "n4", by: "n7" }));
    return rows;
  }

  private change(after: string, change: RingChange): WalletMoveRow {
    const before = this.owners();
    const { epoch } = this.cluster.living()[0];
    this.cluster.traffic.clear();
    this.cluster.notes.length = 0;
    this.cluster.change("n1", change);
    this.until(after, () => {
      const [{ epoch: now }] = this.cluster.living();
      return now >= epoch + 2 && this.cluster.isSettled() && this.hasNoSurplus();
    });
    return this.row(after, before);
  }

  /** Nobody keeps what is not his own any more. */
  private hasNoSurplus(): boolean {
    return this.cluster.disorder() === undefined;
  }

  private until(what: string, isSo: () => boolean): void {
    const limitMs = this.cluster.nowMs + 600_000;
    while (!isSo()) {
      if (this.cluster.nowMs > limitMs) throw new Error(`not within ten minutes: ${what}`);
      this.cluster.run(this.cluster.nowMs + 100);
    }
  }

  /** Who has each wallet. */
  private owners(): Map<string, string[]> {
    const owners = new Map<string, string[]>(this.keys.map((key) => [key, []]));
    for (const node of this.cluster.living()) {
      for (const key of node.entries.keys()) owners.get(key)?.push(node.id);
    }
    return owners;
  }

  private row(after: string, before: ReadonlyMap<string, readonly string[]>): WalletMoveRow {
    const { cluster, wallets, rupees } = this;
    const living = cluster.living();
    const owners = this.owners();
    const balances = new Map(
      living.flatMap(({ entries }) =>
        [...entries].map(([key, { versions }]) => [key, versions[0].value.value as number]),
      ),
    );
    const news = (key: string, ids: readonly string[]): number =>
      before.has(key) ? ids.filter((id) => !before.get(key)?.includes(id)).length : 0;
    const sent = cluster.notes.filter(({ label }) => label === "streamed");
    const kinds = ["stream", "streamed", "compare", "same", "sync"];
    const bytes = kinds.reduce((sum, kind) => sum + (cluster.traffic.get(kind)?.bytes ?? 0), 0);
    return {
      after,
      nodes: Object.values(living[0].ring.members).filter(({ status }) => status === "up").length,
      copies: cluster.copies(),
      wantedCopies: 3 * wallets,
      rupees: [...balances.values()].reduce((sum, balance) => sum + balance, 0),
      wantedRupees: wallets * rupees,
      copiesMoved: [...owners].reduce((sum, [key, ids]) => sum + news(key, ids), 0),
      copiesSent: sent.reduce((sum, { detail }) => sum + (detail as { keys: number }).keys, 0),
      kilobytes: Math.round(bytes / 1_000),
    };
  }
}
