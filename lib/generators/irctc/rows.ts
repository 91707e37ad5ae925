import { formatClock } from "../calendar";
import { actions, devices, gateways, none, quotas, travelClasses } from "./columns";
import type { IrctcColumns } from "./columns";
import { regions, stations } from "./stations";
import { trains } from "./trains";

/** One request to IRCTC. Fields that do not apply to its action are empty strings. */
export interface IrctcRow {
  /** Local time (IST), ISO 8601 with milliseconds: "2026-01-15T10:00:03.123". */
  readonly time: string;
  readonly user: string;
  readonly session: string;
  readonly action: string;
  readonly train: string;
  readonly from: string;
  readonly to: string;
  readonly class: string;
  readonly quota: string;
  /** Ten digits, on payments that succeeded and on cancellations. */
  readonly pnr: string;
  /** HTTP status code. */
  readonly status: number;
  readonly response_ms: number;
  readonly gateway: string;
  readonly device: string;
  readonly region: string;
}

const trainNumbers = trains.map((train) => train.number);

/** Row `row` of the columns as an object. */
export function rowAt(columns: IrctcColumns, row: number, date: string): IrctcRow {
  const name = (names: readonly string[], index: number): string =>
    index === none ? "" : (names[index] as string);
  const pnr = columns.pnr[row] as number;
  return {
    time: `${date}T${formatClock(columns.timeMs[row] as number)}`,
    user: `u${columns.user[row]}`,
    session: `s${columns.session[row]}`,
    action: name(actions, columns.action[row] as number),
    train: name(trainNumbers, columns.train[row] as number),
    from: name(stations, columns.from[row] as number),
    to: name(stations, columns.to[row] as number),
    class: name(travelClasses, columns.travelClass[row] as number),
    quota: name(quotas, columns.quota[row] as number),
    pnr: pnr === 0 ? "" : String(pnr),
    status: columns.status[row] as number,
    response_ms: columns.responseMs[row] as number,
    gateway: name(gateways, columns.gateway[row] as number),
    device: name(devices, columns.device[row] as number),
    region: name(regions, columns.region[row] as number),
  };
}
