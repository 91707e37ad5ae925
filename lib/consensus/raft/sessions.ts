/**
 * Client sessions: a command that arrives twice is applied once, and answered twice alike.
 *
 * Source: Ongaro 2014, section 6.3. Sessions are closed least recently used first, by the log's
 * order and not by time, so that all servers close the same ones at the same entry.
 * Cost: O(1) a command; memory is maxSessions x the answers a client still waits for.
 */
import type { SessionStamp } from "./log";

export interface Session {
  /** Answers by sequence number, for those that the client may still ask for again. */
  readonly answers: Map<number, unknown>;
  firstOutstanding: number;
}

/** By session id, least recently used first. */
export type Sessions = Map<number, Session>;

/** A client may wait for so many commands of one session at a time. */
export const maxOutstanding = 256;

export function openSession(sessions: Sessions, id: number, maxSessions: number): void {
  sessions.set(id, { answers: new Map(), firstOutstanding: 1 });
  if (sessions.size <= maxSessions) return;
  const [oldest] = sessions.keys();
  sessions.delete(oldest);
}

export type SessionOutcome =
  | { readonly kind: "answered"; readonly answer: unknown }
  | { readonly kind: "expired" }
  /** The client has said that it no longer waits for this command. */
  | { readonly kind: "forgotten" }
  | { readonly kind: "tooMany" };

/** Applies a command unless this session has had it applied before. */
export function applyOnce(
  sessions: Sessions,
  stamp: SessionStamp,
  apply: () => unknown,
): SessionOutcome {
  const session = sessions.get(stamp.id);
  if (session === undefined) return { kind: "expired" };
  sessions.delete(stamp.id);
  sessions.set(stamp.id, session);
  if (session.answers.has(stamp.sequence)) {
    return { kind: "answered", answer: session.answers.get(stamp.sequence) };
  }
  if (stamp.sequence < session.firstOutstanding) return { kind: "forgotten" };
  forget(session, stamp.firstOutstanding);
  if (session.answers.size >= maxOutstanding) return { kind: "tooMany" };
  const answer = apply();
  session.answers.set(stamp.sequence, answer);
  return { kind: "answered", answer };
}

function forget(session: Session, firstOutstanding: number): void {
  session.firstOutstanding = Math.max(session.firstOutstanding, firstOutstanding);
  for (const sequence of session.answers.keys()) {
    if (sequence < session.firstOutstanding) session.answers.delete(sequence);
  }
}

/** The sessions as JSON, in their order. */
export function sessionsToJson(sessions: Sessions): unknown {
  return [...sessions].map(([id, { answers, firstOutstanding }]) => [
    id,
    firstOutstanding,
    [...answers],
  ]);
}

type SessionJson = [id: number, firstOutstanding: number, answers: [number, unknown][]];

export function sessionsFromJson(json: unknown): Sessions {
  return new Map(
    (json as SessionJson[]).map(([id, firstOutstanding, answers]) => [
      id,
      { firstOutstanding, answers: new Map(answers) },
    ]),
  );
}
