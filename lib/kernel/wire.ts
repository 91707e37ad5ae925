/**
 * Jupyter messages as frames: parsed, checked, signed.
 *
 * Source: jupyter-client documentation, "Messaging in Jupyter", section "The wire protocol" (5.3).
 */
import { createHmac, randomUUID } from "crypto";

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

/** A message that a client sent; `identities` lead its answer back. */
export interface Request {
  readonly identities: readonly Buffer[];
  readonly header: Header;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface Socket {
  send(frames: readonly (Buffer | string)[]): Promise<void>;
}

const delimiter = Buffer.from("<IDS|MSG>");
const protocolVersion = "5.3";

export class Wire {
  constructor(private readonly key: string) {}

  /** Throws an Error when the frames are no message or its signature is wrong. */
  parse(frames: readonly Buffer[]): Request {
    const at = frames.findIndex((frame) => frame.equals(delimiter));
    if (at < 0) throw new Error("a message without delimiter arrived");
    const parts = frames.slice(at + 2);
    const signature = String(frames[at + 1]);
    if (this.key !== "" && this.sign(parts) !== signature) {
      throw new Error("a message with a wrong signature arrived");
    }
    return {
      identities: frames.slice(0, at),
      header: JSON.parse(String(parts[0])) as Header,
      content: JSON.parse(String(parts[3])) as Record<string, unknown>,
    };
  }

  /** The frames of a message of that type, in answer to `parent`. */
  frames(type: string, parent: Request, content: unknown): (Buffer | string)[] {
    const header: Header = {
      msg_id: randomUUID(),
      msg_type: type,
      session: parent.header.session,
      username: parent.header.username,
      date: new Date().toISOString(),
      version: protocolVersion,
    };
    const parts = [header, parent.header, {}, content].map(toJson);
    return [...parent.identities, delimiter, this.sign(parts), ...parts];
  }

  private sign(parts: readonly (Buffer | string)[]): string {
    const hmac = createHmac("sha256", this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }
}

/** Counts come from databases as bigint, which JSON does not know: as numbers where they fit. */
function toJson(part: unknown): string {
  try {
    return JSON.stringify(part);
  } catch {
    return JSON.stringify(part, (_name, value: unknown) => {
      if (typeof value !== "bigint") return value;
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    });
  }
}
