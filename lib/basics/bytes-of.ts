const encoder = new TextEncoder();

/** The bytes of a text in UTF-8; bytes as they are. */
export function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === "string" ? encoder.encode(data) : data;
}
