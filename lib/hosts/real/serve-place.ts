/** The other end of a cluster: what a thread or process does that was started to be a place. */
import type { Order, Question, Report } from "./channel";
import { Place } from "./place";

export interface Superior {
  report(report: Report): void;
  onOrder(listener: (order: Order) => void): void;
  /** Ends this thread or process once what was reported has left. */
  exit(): void;
}

/** Serves until it is told to stop, or the place fails. */
export function servePlace(superior: Superior): void {
  let place: Place | undefined;
  const fail = (sentence: string): void => {
    place?.stop();
    superior.report({ kind: "failed", sentence });
    superior.exit();
  };
  superior.onOrder((order) => {
    if (order.kind === "open") {
      try {
        place = new Place(order.setup, {
          log: (sentence) => superior.report({ kind: "log", sentence }),
          fail,
        });
      } catch (error) {
        return fail((error as Error).message);
      }
      void place.listen().then(
        (port) => superior.report({ kind: "listening", port }),
        (error: Error) => fail(error.message),
      );
    } else if (place !== undefined) obey(place, order, superior);
  });
}

function obey(place: Place, order: Exclude<Order, { kind: "open" }>, superior: Superior): void {
  switch (order.kind) {
    case "start":
      place.start(order.book);
      return superior.report({ kind: "started" });
    case "ask":
      return superior.report({
        kind: "answer",
        number: order.number,
        answer: answerOf(place, order.question),
      });
    case "tell":
      return place.receive(order.from, order.to, order.message);
    case "stop":
      place.stop();
      superior.report({ kind: "stopped" });
      return superior.exit();
  }
}

function answerOf(place: Place, question: Question): unknown {
  switch (question.what) {
    case "metrics":
      return place.metrics();
    case "resetMetrics":
      place.resetMetrics();
      return null;
    case "history":
      return { events: place.story.history, lost: place.story.lost };
    case "notes":
      return place.story.latestNotes();
    case "fields":
      return place.fieldsOf(question.node, question.names) ?? null;
  }
}
