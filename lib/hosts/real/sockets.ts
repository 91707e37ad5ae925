/** The knobs of connections, and where places are. */
import type { NodeId } from "../../protocol";
import { wholeInRange, withDefaults } from "../../basics";

export interface SocketOptions {
  /** A longer frame closes its connection; a longer message is dropped. Default 16 MiB. */
  readonly maxFrameBytes: number;
  /** Messages that wait for a slow peer; past that new ones are dropped. Default 8 MiB. */
  readonly maxQueueBytes: number;
  /** A lost connection is tried again after so long, in ms, then after twice as long... */
  readonly reconnectMinMs: number;
  /** ...up to this; each wait is shortened by chance to between half and all. 20 and 1,000 ms. */
  readonly reconnectMaxMs: number;
  /** A caller that has not said hello by then is hung up on; default 5,000 ms. */
  readonly helloTimeoutMs: number;
  /** Sends that wait for the disk; past that nothing is read until it has caught up. 8 MiB. */
  readonly maxHeldBytes: number;
}

export const defaultSocketOptions: SocketOptions = {
  maxFrameBytes: 16 * 2 ** 20,
  maxQueueBytes: 8 * 2 ** 20,
  reconnectMinMs: 20,
  reconnectMaxMs: 1_000,
  helloTimeoutMs: 5_000,
  maxHeldBytes: 8 * 2 ** 20,
};

/** With the defaults. Throws a RangeError that names the option that is wrong. */
export function socketOptions(given: Partial<SocketOptions>): SocketOptions {
  const options = withDefaults("a socket", defaultSocketOptions, given);
  for (const name of Object.keys(options) as (keyof SocketOptions)[]) {
    wholeInRange(name, options[name], { min: 1, max: 2 ** 30 });
  }
  return options;
}

/** Where everybody is: the place of each node, and the port of each place on 127.0.0.1. */
export interface AddressBook {
  readonly placeOf: Readonly<Record<NodeId, string>>;
  readonly portOf: Readonly<Record<string, number>>;
}

export const loopback = "127.0.0.1";
