import { Presets, SingleBar } from "cli-progress";

/** A progress bar on stderr for `onProgress`; silent where stderr is not a terminal. */
export function progressBar(label: string): {
  onProgress: (done: number, total: number) => void;
  stop: () => void;
} {
  const format = `${label} [{bar}] {percentage} % | {value}/{total} | {eta_formatted} left`;
  const bar = new SingleBar(
    { format, stream: process.stderr, hideCursor: true },
    Presets.shades_grey,
  );
  let isStarted = false;
  return {
    onProgress(done, total) {
      if (!isStarted) bar.start(total, 0);
      isStarted = true;
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}
