/** One active check of a back end: is its answer to a path good, and in time? */
import { get } from "node:http";

export interface Check {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly timeoutMs: number;
}

/** Good is a status from 200 to 399. Never rejects. */
export async function isWell({ host, port, path, timeoutMs }: Check): Promise<boolean> {
  return await new Promise((tell) => {
    const request = get({ host, port, path, agent: false }, ({ statusCode = 0 }) => {
      end(statusCode >= 200 && statusCode < 400);
    });
    // Of the whole check: `timeout` of a request is about silence only.
    const timer = setTimeout(() => end(false), timeoutMs);
    request.on("error", () => end(false));
    function end(isGood: boolean): void {
      clearTimeout(timer);
      request.destroy();
      tell(isGood);
    }
  });
}
