/** Columns of an IRCTC log as CSV bytes. */
import { comma, encodeNames, newline, RowWriter } from "../row-writer";
import { actions, devices, gateways, irctcHeader, none, quotas, travelClasses } from "./columns";
import type { IrctcColumns } from "./columns";
import { regions, stations } from "./stations";
import { trains } from "./trains";

/** No row is longer: 15 fields, the longest ten digits, and the fixed ones. */
const maxRowBytes = 160;

const field = {
  action: encodeNames(actions),
  train: encodeNames(trains.map((train) => train.number)),
  station: encodeNames(stations),
  travelClass: encodeNames(travelClasses),
  quota: encodeNames(quotas),
  gateway: encodeNames(gateways),
  device: encodeNames(devices),
  region: encodeNames(regions),
};

export function csvHeader(): string {
  return irctcHeader.join(",") + "\n";
}

/** The rows as CSV lines. `date` is the day of the log, as "2026-01-15". */
export function toCsv(columns: IrctcColumns, date: string): Uint8Array {
  const writer = new CsvWriter(new Uint8Array(columns.rows * maxRowBytes), date);
  for (let row = 0; row < columns.rows; row++) writer.row(columns, row);
  return writer.written();
}

class CsvWriter extends RowWriter {
  private readonly datePrefix: Uint8Array;

  constructor(bytes: Uint8Array, date: string) {
    super(bytes);
    this.datePrefix = Buffer.from(`${date}T`);
  }

  row(columns: IrctcColumns, row: number): void {
    this.copy(this.datePrefix);
    this.clock(columns.timeMs[row]);
    this.byte(comma);
    this.letter(117, columns.user[row]);
    this.letter(115, columns.session[row]);
    this.name(field.action, columns.action[row]);
    this.name(field.train, columns.train[row]);
    this.name(field.station, columns.from[row]);
    this.name(field.station, columns.to[row]);
    this.name(field.travelClass, columns.travelClass[row]);
    this.name(field.quota, columns.quota[row]);
    this.pnr(columns.pnr[row]);
    this.number(columns.status[row]);
    this.byte(comma);
    this.number(columns.responseMs[row]);
    this.byte(comma);
    this.name(field.gateway, columns.gateway[row]);
    this.name(field.device, columns.device[row]);
    this.name(field.region, columns.region[row]);
    this.bytes[this.at - 1] = newline;
  }

  /** A letter and a number, such as "u482113,". */
  private letter(code: number, value: number): void {
    this.byte(code);
    this.number(value);
    this.byte(comma);
  }

  private name(names: readonly Uint8Array[], index: number): void {
    if (index !== none) this.copy(names[index]);
    this.byte(comma);
  }

  /** Ten digits, which is more than `number` takes. */
  private pnr(value: number): void {
    if (value !== 0) {
      const high = Math.floor(value / 100_000);
      this.number(high);
      this.digits(value - high * 100_000, 5);
    }
    this.byte(comma);
  }
}
