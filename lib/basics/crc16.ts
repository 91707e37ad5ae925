/**
 * CRC-16/XMODEM, and the hash slot of a key as Redis Cluster has it.
 *
 * Source: the Redis Cluster specification, "Key distribution model": polynomial 0x1021, from 0.
 */
import { bytesOf } from "./bytes-of";

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

/** From 0 to 65,535. */
export function crc16(data: string | Uint8Array): number {
  let crc = 0;
  for (const byte of bytesOf(data)) crc = ((crc << 8) ^ table[(crc >>> 8) ^ byte]) & 0xffff;
  return crc;
}

/** From 0 to 16,383. Of "{asha}.balance" only "asha" counts, so that such keys stay together. */
export function clusterSlot(key: string): number {
  const open = key.indexOf("{");
  const close = open < 0 ? -1 : key.indexOf("}", open + 1);
  return crc16(close > open + 1 ? key.slice(open + 1, close) : key) % 16_384;
}
