/** The first frame of a connection: who calls, whom, in which version, and of which cluster. */

export const wireVersion = 1;
const protocol = "dabbawala";

/** A hello is short; a longer first frame is not one. */
export const maxHelloBytes = 4_096;

export interface Hello {
  /** Drawn at random when a cluster is made: a stray program does not know it. */
  readonly cluster: string;
  readonly from: string;
  readonly to: string;
}

export function encodeHello(hello: Hello): string {
  return JSON.stringify({ protocol, version: wireVersion, ...hello });
}

/** The caller's place, or why it is not let in. */
export type Greeting =
  | { readonly kind: "welcome"; readonly from: string }
  | { readonly kind: "refused"; readonly reason: string };

/** `known`: the places there are. */
export function readHello(
  text: string,
  { cluster, place, known }: { cluster: string; place: string; known: ReadonlySet<string> },
): Greeting {
  const hello = parseObject(text);
  if (hello?.["protocol"] !== protocol) return refused("its first frame is not a hello");
  if (hello["version"] !== wireVersion) {
    return refused(`it speaks version ${hello["version"]}, and this place speaks ${wireVersion}`);
  }
  if (hello["cluster"] !== cluster) return refused("it belongs to another cluster");
  if (hello["to"] !== place) return refused(`it wants "${hello["to"]}", and this is ${place}`);
  const { from } = hello;
  if (typeof from === "string" && known.has(from)) return { kind: "welcome", from };
  return refused(`nobody here is called "${String(from)}"`);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function refused(reason: string): Greeting {
  return { kind: "refused", reason };
}
