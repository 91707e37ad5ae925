/** Columns of an IRCTC log as CSV bytes. */
import { AsciiTexts, fields } from "../ascii-texts";
import { comma, newline, RowWriter, thenComma } from "../row-writer";
import { actions, devices, gateways, irctcHeader, none, quotas, travelClasses } from "./columns";
import type { IrctcColumns } from "./columns";
import { regions, stations } from "./stations";
import { trains } from "./trains";

/** No row is longer: 15 fields, the longest ten digits, and the fixed ones. */
const maxRowBytes = 160;

/** `none` is the last of so many places. */
const places = none + 1;
const field = {
  action: fields(actions),
  train: fields(
    trains.map((train) => train.number),
    places,
  ),
  station: fields(stations, places),
  travelClass: fields(travelClasses, places),
  quota: fields(quotas, places),
  gateway: fields(gateways, places),
  device: fields(devices),
  region: fields(regions),
};

export function csvHeader(): string {
  return irctcHeader.join(",") + "\n";
}

/** The rows as CSV lines. `date` is the day of the log, as "2026-01-15". */
export function toCsv(columns: IrctcColumns, date: string): Uint8Array {
  const writer = RowWriter.borrow(columns.rows * maxRowBytes);
  const datePrefix = new AsciiTexts([`${date}T`]);
  for (let row = 0; row < columns.rows; row++) {
    writer.copy(datePrefix, 0);
    writeRow(writer, columns, row);
  }
  return writer.giveBack();
}

function writeRow(writer: RowWriter, columns: IrctcColumns, row: number): void {
  writer.clock(columns.timeMs[row]);
  writer.byte(comma);
  writeLettered(writer, 117, columns.user[row]);
  writeLettered(writer, 115, columns.session[row]);
  writer.copy(field.action, columns.action[row]);
  writer.copy(field.train, columns.train[row]);
  writer.copy(field.station, columns.from[row]);
  writer.copy(field.station, columns.to[row]);
  writer.copy(field.travelClass, columns.travelClass[row]);
  writer.copy(field.quota, columns.quota[row]);
  writePnr(writer, columns.pnr[row]);
  writer.numberAnd(thenComma, columns.status[row]);
  writer.numberAnd(thenComma, columns.responseMs[row]);
  writer.copy(field.gateway, columns.gateway[row]);
  writer.copy(field.device, columns.device[row]);
  writer.copy(field.region, columns.region[row]);
  writer.bytes[writer.at - 1] = newline;
}

/** A letter and a number, such as "u482113,". */
function writeLettered(writer: RowWriter, code: number, value: number): void {
  writer.byte(code);
  writer.numberAnd(thenComma, value);
}

/** Ten digits, which is more than `number` takes. */
function writePnr(writer: RowWriter, value: number): void {
  if (value !== 0) {
    const high = Math.floor(value / 100_000);
    writer.number(high);
    writer.digits(value - high * 100_000, 5);
  }
  writer.byte(comma);
}
