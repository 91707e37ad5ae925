/** Writes heads and pieces of bodies with as few system calls as they need. */
import type { Socket } from "node:net";
import type { Piece } from "./back-end-connection";

/** Up to so many bytes go as one string with their head: it is copied, and written at once. */
const smallBytes = 8_192;

export interface OutgoingPiece extends Piece {
  /** Whether it goes as a chunk. */
  readonly isChunked: boolean;
}

/** `text`: what goes before. Returns whether there is room for more. */
export function writePiece(socket: Socket, text: string, piece: OutgoingPiece): boolean {
  const { bytes, start, end, isLast, isChunked } = piece;
  const size = end - start;
  const opening = isChunked && size > 0 ? `${size.toString(16)}\r\n` : "";
  const closing = (opening === "" ? "" : "\r\n") + (isChunked && isLast ? "0\r\n\r\n" : "");
  const before = text + opening;
  if (size <= smallBytes) {
    const whole = size === 0 ? before : before + bytes.toString("latin1", start, end);
    if (whole === "" && closing === "") return true;
    return socket.write(whole + closing, "latin1");
  }
  if (before === "" && closing === "") return socket.write(bytes.subarray(start, end));
  socket.cork();
  if (before !== "") socket.write(before, "latin1");
  const hasRoom = socket.write(bytes.subarray(start, end));
  if (closing === "") {
    socket.uncork();
    return hasRoom;
  }
  const hasRoomAfter = socket.write(closing, "latin1");
  socket.uncork();
  return hasRoomAfter;
}
