/** Caches in which there is something to do, each with its database. */
import * as dabbawala from "dabbawala";
import type { AnyProtocol, Scenario } from "./scenarios";

const servers = ["n1", "n2", "n3"];

/** Three cache servers, one of them a gutter, a database, and two clients that share keys. */
const cache: Scenario = {
  isWhole: true,
  names: [...servers, "db"],
  add(simulator) {
    const { CacheServer, CacheDatabase, CacheClient } = dabbawala.caching as unknown as Record<
      string,
      AnyProtocol
    >;
    const options = { gutters: ["n3"], hotReplicas: 2, staleMs: 50, earlyBeta: 1, ttlMs: 200 };
    for (const id of servers) simulator.add(id, CacheServer, { options });
    simulator.add("db", CacheDatabase, { peers: [] });
    for (const id of ["c1", "c2"]) {
      const list = Array.from({ length: 100 }, (_, i) => {
        const key = `cart-${i % 3}`;
        return i % 5 === 0 ? { op: "write", key, value: `${id} ${i}` } : { op: "read", key };
      });
      const own = { ...options, operations: list, parallel: 3, thinkMs: 20, suspectMs: 100 };
      simulator.add(id, CacheClient, { peers: servers, options: own });
    }
  },
};

/** Two cache servers that hear of writes by the database's log. */
const cacheLog: Scenario = {
  isWhole: true,
  names: [...servers, "db"],
  add(simulator) {
    const { CacheServer, CacheDatabase, CacheClient, CacheInvalidator } =
      dabbawala.caching as unknown as Record<string, AnyProtocol>;
    for (const id of servers) simulator.add(id, CacheServer, { options: { writes: "log" } });
    simulator.add("db", CacheDatabase, { peers: [], options: { hasLog: true } });
    simulator.add("i1", CacheInvalidator, { peers: servers, machine: "db" });
    const operations = Array.from({ length: 60 }, (_, i) => {
      return i % 4 === 0 ? { op: "write", key: "cart", value: i } : { op: "read", key: "cart" };
    });
    const own = { operations, writes: "log", thinkMs: 10 };
    simulator.add("c1", CacheClient, { peers: servers, options: own });
  },
};

/** Two cache servers and a database, all of one class, as real hosts have them. */
const cacheNodes: Scenario = {
  names: servers,
  add(simulator, protocol) {
    const options = { cache: { database: "n3" } };
    for (const id of servers) simulator.add(id, protocol, { options });
    const CacheClient = dabbawala.caching.CacheClient as unknown as AnyProtocol;
    const operations = Array.from({ length: 60 }, (_, i) => {
      return i % 4 === 0 ? { op: "write", key: "cart", value: i } : { op: "read", key: "cart" };
    });
    const own = { operations, database: "n3", thinkMs: 10 };
    simulator.add("c1", CacheClient, { peers: servers, options: own });
  },
};

export const cacheScenarios: Readonly<Record<string, Scenario>> = {
  CacheServer: cache,
  CacheDatabase: cache,
  CacheClient: cache,
  CacheNode: cacheNodes,
  CacheInvalidator: cacheLog,
};
