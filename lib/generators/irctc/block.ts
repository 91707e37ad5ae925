/**
 * Simulates one block of an IRCTC log, from the seed and the block's number alone, so that blocks
 * can be made in any order, by any number of workers, and are always the same.
 *
 * Sessions live within one block: those still open at its end are cut, as users who walk away.
 * The number of sessions open at once grows with the load, at about eight seconds between two
 * requests of a user, and is capped so that at most a few per cent are cut.
 */
import { Random } from "../../basics";
import { makeColumns, none, quotas } from "./columns";
import type { IrctcColumns } from "./columns";
import { loadByMinute, tatkalAcMinute, tatkalNonAcMinute, timeAtShare } from "./load";
import { Action, drawStatus, nextAction } from "./sessions";
import type { Session } from "./sessions";
import { stationRegions } from "./stations";
import { cumulativeTable, drawFrom, logNormalTable, zipfTable } from "../tables";
import { trains } from "./trains";

/** Rows of a block. Part of the format: another number makes another log from the same seed. */
export const blockRows = 32_768;

export interface IrctcSpec {
  /** Rows in all. */
  readonly rows: number;
  readonly seed: number;
}

/** Rows between two look-ups of the daily curve; time is linear within. */
const stretchRows = 64;
const meanThinkMs = 8_000;
const dayMs = 86_400_000;
const baseResponseMs = [95, 160, 120, 420, 780, 300];
const trainTable = zipfTable(trains.length, 0.9);
const responseTable = logNormalTable(0.5);
const deviceTable = cumulativeTable([58, 14, 22, 6]);
const gatewayTable = cumulativeTable([62, 16, 15, 7]);
const classTable = cumulativeTable([2, 9, 26, 7, 44, 12]);
const quotaTable = cumulativeTable([84, 2, 6, 6, 2]);
const acTable = cumulativeTable([4, 22, 62, 12, 0, 0]);
const nonAcTable = cumulativeTable([0, 0, 0, 0, 82, 18]);
const tatkal = quotas.indexOf("TQ");
const mostSessions = 1_024;
/** Sessions are started anew by every block; blocks are made one after another. */
const pool: readonly Session[] = Array.from({ length: mostSessions }, emptySession);
/** By the minute: how many times longer than by idle servers an answer takes, by an M/M/1 queue. */
const queueingByMinute = loadByMinute.map((load) => 1 / (1 - Math.min(0.93, load / 9)));

export function blockCount(spec: IrctcSpec): number {
  return Math.ceil(spec.rows / blockRows);
}

/** The columns of block `block` (0 to blockCount - 1). */
export function makeBlock(spec: IrctcSpec, block: number): IrctcColumns {
  const first = block * blockRows;
  const columns = makeColumns(Math.min(blockRows, spec.rows - first));
  const writer = new BlockWriter(spec, block, columns);
  for (let row = 0; row < columns.rows; row += stretchRows) {
    const end = Math.min(row + stretchRows, columns.rows);
    const startMs = timeAtShare((first + row) / spec.rows);
    const stepMs = (timeAtShare((first + end) / spec.rows) - startMs) / (end - row);
    for (let i = row; i < end; i++) writer.write(i, startMs + stepMs * (i - row));
  }
  return columns;
}

class BlockWriter {
  private readonly random: Random;
  private readonly sessions: Session[];
  private readonly userCount: number;
  private started = 0;

  constructor(
    private readonly spec: IrctcSpec,
    private readonly block: number,
    private readonly columns: IrctcColumns,
  ) {
    this.random = new Random(spec.seed, block);
    this.userCount = Math.max(100, Math.ceil(spec.rows / 8));
    this.sessions = pool.slice(0, this.openSessions());
    for (const session of this.sessions) this.startSession(session);
  }

  /** Little's law: sessions open at once = requests a ms x ms between two requests of a session. */
  private openSessions(): number {
    const share = (this.block * blockRows) / this.spec.rows;
    const load = loadByMinute[Math.floor(timeAtShare(share) / 60_000)] as number;
    const perMs = (this.spec.rows / dayMs) * load;
    return Math.min(mostSessions, Math.max(16, Math.round(perMs * meanThinkMs)));
  }

  write(row: number, atMs: number): void {
    const session = this.sessions[this.random.below(this.sessions.length)] as Session;
    const minute = (atMs / 60_000) | 0;
    const load = loadByMinute[minute] as number;
    const action = session.next;
    if (action === Action.search) this.chooseJourney(session, minute);
    const isTatkal = session.quota === tatkal;
    const status = drawStatus(action, load, this.random, isTatkal);
    if (action === Action.payment && status === 200) session.pnr = this.drawPnr();
    this.copy(row, atMs, session, action);
    this.columns.status[row] = status;
    this.columns.responseMs[row] = this.drawResponseMs(action, minute, status);
    session.next = nextAction(action, status, this.random);
    if (session.next === Action.end) this.startSession(session);
  }

  private copy(row: number, atMs: number, session: Session, action: Action): void {
    const columns = this.columns;
    const hasTrain = action >= Action.availability;
    columns.timeMs[row] = atMs;
    columns.user[row] = session.user;
    columns.session[row] = session.id;
    columns.action[row] = action;
    columns.train[row] = hasTrain ? session.train : none;
    columns.from[row] = action === Action.login ? none : session.from;
    columns.to[row] = action === Action.login ? none : session.to;
    columns.travelClass[row] = hasTrain ? session.travelClass : none;
    columns.quota[row] = hasTrain ? session.quota : none;
    columns.pnr[row] = action >= Action.payment ? session.pnr : 0;
    columns.gateway[row] = action === Action.payment ? session.gateway : none;
    columns.device[row] = session.device;
    columns.region[row] = session.region;
  }

  private startSession(session: Session): Session {
    const random = this.random;
    session.id = this.block * blockRows + this.started++;
    session.user = Math.floor(this.userCount * Math.pow(random.next(), 1.4));
    session.next = Action.login;
    session.pnr = 0;
    session.quota = none;
    session.device = drawFrom(deviceTable, random);
    session.gateway = drawFrom(gatewayTable, random);
    this.chooseStations(session);
    session.region = stationRegions[session.from] as number;
    return session;
  }

  private chooseStations(session: Session): void {
    const random = this.random;
    session.train = drawFrom(trainTable, random);
    const stops = (trains[session.train] as { stops: readonly number[] }).stops;
    const isWholeRoute = random.chance(0.45);
    const from = isWholeRoute ? 0 : random.below(stops.length - 1);
    const to = isWholeRoute ? stops.length - 1 : from + 1 + random.below(stops.length - 1 - from);
    const isOutward = random.chance(0.5);
    session.from = stops[isOutward ? from : to] as number;
    session.to = stops[isOutward ? to : from] as number;
  }

  private chooseJourney(session: Session, minute: number): void {
    this.chooseStations(session);
    const rush = tatkalRush(minute);
    if (rush !== "none" && this.random.chance(0.75)) {
      session.quota = tatkal;
      session.travelClass = drawFrom(rush === "ac" ? acTable : nonAcTable, this.random);
      return;
    }
    session.quota = drawFrom(quotaTable, this.random);
    session.travelClass = drawFrom(classTable, this.random);
  }

  private drawPnr(): number {
    return 2_000_000_000 + this.random.below(8) * 1_000_000_000 + this.random.below(1_000_000_000);
  }

  /** Log-normal around the action's base, growing with the load. */
  private drawResponseMs(action: Action, minute: number, status: number): number {
    const queueing = queueingByMinute[minute] as number;
    const base = status === 429 ? 8 : status === 504 ? 30_000 : (baseResponseMs[action] as number);
    const factor = responseTable[this.random.uint32() >>> 20] as number;
    return Math.max(1, Math.round(base * (status === 504 ? 1 : queueing) * factor));
  }
}

function tatkalRush(minute: number): "ac" | "nonAc" | "none" {
  if (minute >= tatkalAcMinute - 5 && minute < tatkalAcMinute + 30) return "ac";
  if (minute >= tatkalNonAcMinute - 5 && minute < tatkalNonAcMinute + 30) return "nonAc";
  return "none";
}

function emptySession(): Session {
  const zeros = { id: 0, user: 0, train: 0, from: 0, to: 0, travelClass: 0, quota: 0 };
  return { ...zeros, next: Action.login, pnr: 0, gateway: 0, device: 0, region: 0 };
}
