/**
 * A cache server: keeps rows of a database for the clients that look there first, and says who may
 * fill what is missing.
 *
 * Source: R. Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, sections 2, 3.2.1
 * (leases) and 3.3 (gutters); each file beside this one names its own. Ours counts a row's life
 * from the miss that led to it, and names the server's life in each permit.
 * Assumes: crashes that lose all but the count of lives; messages are lost, repeated, reordered.
 * Guarantees: refills by "leases" or "versions": after it has answered a delete it has no row older
 * than that, whatever comes later. "any": it may, until the TTL ends, if its clock is not set back.
 * Cost: an answer a request; `capacity` rows, and as many leases or tombstones.
 */
import type { Event, Node, NodeId } from "../../protocol";
import { countRequest, noHotKeys } from "./hot-keys";
import { bury, endLease, grant, voidLease } from "./leases";
import type { CacheMessage, CacheRequest, CacheTimer, Found, LogRow, Permit } from "./messages";
import { cacheServerOptions } from "./options";
import type { CacheServerOptions } from "./options";
import { cacheRules } from "./rules";
import type { CacheRules } from "./rules";
import { dequeue, emptyQueue, enqueue } from "./service-queue";
import type { Service } from "./service-queue";
import { isEarly } from "./stampede";
import type { Entry } from "./records";
import type { CacheHost, ServerState } from "./state";
import { drop, find, keep, loadedEntry, ttlOf } from "./store";
import { onFlushTimer, onStored, onWrite, onWriteTimer } from "./write-policies";

type Job = { from: NodeId; request: CacheRequest };

export class CacheServer implements Node<CacheMessage, CacheTimer>, ServerState {
  readonly options: CacheServerOptions;
  readonly entries: ServerState["entries"] = new Map();
  readonly leases: ServerState["leases"] = new Map();
  readonly tombstones: ServerState["tombstones"] = new Map();
  forgottenMs = -Infinity;
  readonly hotKeys = noHotKeys();
  readonly queue: ServerState["queue"] = emptyQueue();
  readonly writes: ServerState["writes"] = new Map();
  readonly dirty: ServerState["dirty"] = new Map();
  readonly orders: ServerState["orders"] = new Map();
  life = 0;
  tokens = 0;
  requestId = 0;

  /** `peers`: of no use to it. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<CacheServerOptions> = {},
  ) {
    this.options = cacheServerOptions(options);
  }

  /** What is safe; see `CacheRules`. */
  get rules(): CacheRules {
    return cacheRules;
  }

  handle(event: Event<CacheMessage, CacheTimer>, host: CacheHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.ringBell(event.timer, host);
    else this.hear(event.from, event.message, host);
  }

  /** Cold, but for what the rules restore: what was deleted meanwhile nobody can tell. */
  private start(saved: Readonly<Record<string, unknown>>, host: CacheHost): void {
    this.life = ((saved["life"] as number | undefined) ?? 0) + 1;
    this.requestId = this.life * 2 ** 32;
    host.save("life", this.life);
    for (const [key, entry] of this.rules.restored(saved, host.nowMs)) this.entries.set(key, entry);
    if (this.life > 1) host.note("rejoined", this.life);
  }

  private ringBell(timer: CacheTimer, host: CacheHost): void {
    if (timer === "poll") return;
    if (timer === "flush") onFlushTimer(this, host);
    else if ("write" in timer) onWriteTimer(this, timer.write, host);
    else if ("job" in timer) {
      const job = dequeue(this.queue, timer.job, { service: this.service, host });
      if (job !== undefined) this.serve(job.from, job.request, host);
    }
  }

  private hear(from: NodeId, message: CacheMessage, host: CacheHost): void {
    switch (message.type) {
      case "get":
        if (this.options.serviceMs === 0) return this.onGet(from, message, host);
        if (enqueue(this.queue, { from, request: message }, { service: this.service, host }))
          return;
        return host.send(from, { type: "busy", requestId: message.requestId });
      case "set":
      case "release":
      case "delete":
      case "deletes":
      case "write":
        return this.serve(from, message, host);
      case "stored":
        return onStored(this, message, host);
      default:
        return host.note("ignoredMessage", message.type);
    }
  }

  private get service(): Service<Job> {
    const { serviceMs, maxQueue } = this.options;
    return { workers: 1, maxQueue, begin: () => serviceMs };
  }

  private serve(from: NodeId, request: CacheRequest, host: CacheHost): void {
    switch (request.type) {
      case "get":
        return this.onGet(from, request, host);
      case "set":
        return this.onSet(from, request, host);
      case "release":
        return endLease(this, request.key, request.permit);
      case "delete":
        this.forget(request, host);
        return host.send(from, { type: "deleted", requestId: request.requestId });
      case "deletes":
        for (const row of request.rows) this.forget(row, host);
        return host.send(from, { type: "allDeleted", requestId: request.requestId });
      case "write":
        return onWrite(this, from, request, host);
    }
  }

  private onGet(from: NodeId, request: { requestId: number; key: string }, host: CacheHost): void {
    const { requestId, key } = request;
    const isNewlyHot = countRequest(this.hotKeys, key, this.options);
    if (isNewlyHot) host.note("hotKey", key);
    const entry = find(this, key);
    const { found, permit } = this.look(key, entry, host);
    host.note(found, key);
    const row = found === "hit" || found === "stale" ? (entry as Entry).row : null;
    const isHot = this.options.hotReplicas > 1 && this.hotKeys.hot.has(key);
    host.send(from, { type: "got", requestId, key, found, row, permit, isHot });
  }

  private look(
    key: string,
    entry: Entry | undefined,
    host: CacheHost,
  ): { found: Found; permit: Permit | null } {
    const { earlyBeta, staleMs } = this.options;
    const { nowMs } = host;
    if (entry?.isDirty) return { found: "hit", permit: null };
    if (entry !== undefined && nowMs < entry.endsAtMs) {
      const isToBeLoaded =
        earlyBeta > 0 && isEarly(entry, { nowMs, beta: earlyBeta, random: host.random() });
      return { found: "hit", permit: isToBeLoaded ? grant(this, key, host) : null };
    }
    if (entry !== undefined && nowMs < entry.endsAtMs + staleMs) {
      return { found: "stale", permit: grant(this, key, host) };
    }
    if (entry !== undefined) drop(this, key, host);
    const permit = grant(this, key, host);
    return { found: permit === null ? "wait" : "miss", permit };
  }

  private onSet(
    from: NodeId,
    request: Extract<CacheRequest, { type: "set" }>,
    host: CacheHost,
  ): void {
    const { key, permit, row, requestId } = request;
    const { life, forgottenMs } = this;
    const [lease, tombstone] = [this.leases.get(key), this.tombstones.get(key)];
    const state = { row, permit, life, lease, tombstone, forgottenMs, nowMs: host.nowMs };
    const mayFill = this.rules.mayFill(state, this.options) && !this.isNewer(key, row.version);
    if (!mayFill) host.note("refusedSet", key);
    else endLease(this, key, permit);
    const isKept = mayFill && ttlOf(this, row) > 0;
    const wasSet = isKept && keep(this, key, loadedEntry(this, request, host), host);
    host.send(from, { type: "wasSet", requestId, isKept: wasSet });
  }

  /** Where refills go by version, or the server writes itself, what is here may be later. */
  private isNewer(key: string, version: number): boolean {
    const { refills, writes } = this.options;
    if (this.writes.has(key) && writes === "through" && refills !== "any") return true;
    const here = this.entries.get(key);
    if (here?.isDirty) return true;
    return refills === "versions" && (here?.row.version ?? 0) > version;
  }

  /** What is older than this version; and nobody may bring it back. */
  private forget({ key, version }: LogRow, host: CacheHost): void {
    const here = this.entries.get(key);
    const isLater = this.options.refills === "versions" && (here?.row.version ?? 0) >= version;
    const isSpared = here?.row.value === null && !this.rules.isNegativeDeleted;
    if (!isLater && !isSpared) drop(this, key, host);
    voidLease(this, key);
    bury(this, key, version, host);
    host.note("deleted", key);
  }
}
