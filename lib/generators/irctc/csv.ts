/** Columns of an IRCTC log as CSV bytes, written straight into a buffer: no strings on the way. */
import { actions, devices, gateways, irctcHeader, none, quotas, travelClasses } from "./columns";
import type { IrctcColumns } from "./columns";
import { regions, stations } from "./stations";
import { trains } from "./trains";

/** No row is longer: 15 fields, the longest ten digits, and the fixed ones. */
const maxRowBytes = 160;
const comma = 44;
const newline = 10;
const zero = 48;

const field = {
  action: encode(actions),
  train: encode(trains.map((train) => train.number)),
  station: encode(stations),
  travelClass: encode(travelClasses),
  quota: encode(quotas),
  gateway: encode(gateways),
  device: encode(devices),
  region: encode(regions),
};
/** Every number below 100 as two digits. */
const twoDigits = encode(Array.from({ length: 100 }, (_, n) => String(n).padStart(2, "0")));

export function csvHeader(): string {
  return irctcHeader.join(",") + "\n";
}

/** The rows as CSV lines. `date` is the day of the log, as "2026-01-15". */
export function toCsv(columns: IrctcColumns, date: string): Uint8Array {
  const writer = new CsvWriter(new Uint8Array(columns.rows * maxRowBytes), date);
  for (let row = 0; row < columns.rows; row++) writer.row(columns, row);
  return writer.bytes.subarray(0, writer.at);
}

class CsvWriter {
  at = 0;
  private readonly datePrefix: Uint8Array;

  constructor(
    readonly bytes: Uint8Array,
    date: string,
  ) {
    this.datePrefix = Buffer.from(`${date}T`);
  }

  row(columns: IrctcColumns, row: number): void {
    this.time(columns.timeMs[row] as number);
    this.letter(117, columns.user[row] as number);
    this.letter(115, columns.session[row] as number);
    this.name(field.action, columns.action[row] as number);
    this.name(field.train, columns.train[row] as number);
    this.name(field.station, columns.from[row] as number);
    this.name(field.station, columns.to[row] as number);
    this.name(field.travelClass, columns.travelClass[row] as number);
    this.name(field.quota, columns.quota[row] as number);
    this.pnr(columns.pnr[row] as number);
    this.number(columns.status[row] as number);
    this.bytes[this.at++] = comma;
    this.number(columns.responseMs[row] as number);
    this.bytes[this.at++] = comma;
    this.name(field.gateway, columns.gateway[row] as number);
    this.name(field.device, columns.device[row] as number);
    this.name(field.region, columns.region[row] as number);
    this.bytes[this.at - 1] = newline;
  }

  /** "2026-01-15T10:00:03.123," */
  private time(ms: number): void {
    this.copy(this.datePrefix);
    const seconds = Math.floor(ms / 1000);
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    this.pair(hours, 58);
    this.pair(minutes - hours * 60, 58);
    this.pair(seconds - minutes * 60, 46);
    const rest = ms - seconds * 1000;
    this.bytes[this.at++] = zero + Math.floor(rest / 100);
    this.pair(rest % 100, comma);
  }

  private pair(value: number, separator: number): void {
    const digits = twoDigits[value] as Uint8Array;
    this.bytes[this.at++] = digits[0] as number;
    this.bytes[this.at++] = digits[1] as number;
    this.bytes[this.at++] = separator;
  }

  /** A letter and a number, such as "u482113,". */
  private letter(code: number, value: number): void {
    this.bytes[this.at++] = code;
    this.number(value);
    this.bytes[this.at++] = comma;
  }

  private name(names: readonly Uint8Array[], index: number): void {
    if (index !== none) this.copy(names[index] as Uint8Array);
    this.bytes[this.at++] = comma;
  }

  private pnr(value: number): void {
    if (value !== 0) {
      const high = Math.floor(value / 100_000);
      this.number(high);
      const low = value - high * 100_000;
      for (let unit = 10_000; unit >= 1; unit /= 10) {
        this.bytes[this.at++] = zero + (Math.floor(low / unit) % 10);
      }
    }
    this.bytes[this.at++] = comma;
  }

  /** A whole number from 0 to 2^31 - 1, without leading zeros. */
  private number(value: number): void {
    let length = 1;
    for (let bound = 10; value >= bound; bound *= 10) length++;
    let rest = value | 0;
    for (let at = this.at + length - 1; at >= this.at; at--) {
      const next = (rest / 10) | 0;
      this.bytes[at] = zero + rest - next * 10;
      rest = next;
    }
    this.at += length;
  }

  private copy(source: Uint8Array): void {
    for (let i = 0; i < source.length; i++) this.bytes[this.at++] = source[i] as number;
  }
}

function encode(names: readonly string[]): Uint8Array[] {
  return names.map((name) => new Uint8Array(Buffer.from(name)));
}
