/** A replica of PBFT that knows what it spent its time on; loaded in its thread by file name. */
const { Pbft } = require("dabbawala/consensus");

/** In milliseconds. */
function nowMs() {
  return Number(process.hrtime.bigint()) / 1e6;
}

class TimedPbft extends Pbft {
  constructor(id, peers, options) {
    super(id, peers, options);
    /** Time in steps, and what of it proofs took to make and to check; how many of each. */
    this.stepsMs = 0;
    this.proofsMs = 0;
    this.proofs = 0;
  }

  get authentication() {
    const own = super.authentication;
    const timed =
      (work) =>
      (...given) => {
        const beganMs = nowMs();
        try {
          return work(...given);
        } finally {
          this.proofsMs += nowMs() - beganMs;
          this.proofs++;
        }
      };
    return { ...own, prove: timed(own.prove), isProven: timed(own.isProven) };
  }

  handle(event, host) {
    const beganMs = nowMs();
    super.handle(event, host);
    this.stepsMs += nowMs() - beganMs;
  }
}

module.exports = { TimedPbft };
