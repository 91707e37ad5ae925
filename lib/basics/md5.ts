import { createHash } from "crypto";

/** 16 bytes. For what others have defined by it, such as ketama; not against an adversary. */
export function md5(data: string | Uint8Array): Uint8Array {
  return createHash("md5").update(data).digest();
}
