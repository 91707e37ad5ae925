import { crc32 } from "../checksum";
import type { VotesRow } from "./rows";

/** The checksum that an upload should carry, as eight hexadecimal digits. */
export function uploadChecksum(
  row: Pick<VotesRow, "machine" | "form_17c" | "total" | "nota" | "votes">,
): string {
  const text = [row.machine, row.form_17c, row.total, row.nota, row.votes].join(",");
  return crc32(Buffer.from(text)).toString(16).padStart(8, "0");
}
