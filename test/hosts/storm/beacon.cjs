/**
 * A toy with a known bug, for tests of the storm: beacons count their beats on their disks and
 * trust them, so that a beacon which comes back without its disk counts from 0 again. The fewest
 * faults that show it: one crash that loses the disk, and the restart of the same beacon. The
 * variant "frail" throws when it hears a beat that it has heard before.
 */
const { Simulator, faultLabel, randomFaults } = require("dabbawala/hosts");

class Beacon {
  constructor(id, peers) {
    this.id = id;
    this.peers = peers;
    this.beats = 0;
  }

  handle(event, host) {
    if (event.kind === "message") return;
    if (event.kind === "start") this.beats = event.saved.beats ?? 0;
    else this.beat(host);
    host.setTimer("beat", 10);
  }

  beat(host) {
    this.beats++;
    host.save("beats", this.beats);
    host.note("beat", this.beats);
    for (const peer of this.peers) host.send(peer, { type: "beat", beats: this.beats });
  }
}

class FrailBeacon extends Beacon {
  beat(host) {
    super.beat(host);
    if (this.beats === 3) throw new Error("the third beat is too much");
  }
}

const names = ["n1", "n2", "n3"];
const episodes = { everyMs: 120, minMs: 10, maxMs: 80 };

function draw(seed) {
  const faults = { crash: { ...episodes, disk: "either" }, pause: episodes, partition: episodes };
  return randomFaults({ seed, names, untilMs: 1_000, ...faults });
}

function play(seed, beacon, { actions = draw(seed), untilMs = 1_000, isTraced = false } = {}) {
  const last = new Map();
  let failure;
  const hear = ({ node, detail }) => {
    if (detail > (last.get(node) ?? 0) || failure !== undefined) return last.set(node, detail);
    failure = {
      property: "beats grow",
      detail: `${node} went from ${last.get(node)} to ${detail}`,
    };
    simulator.stop();
  };
  const simulator = new Simulator({ seed, isTraced, onNote: hear });
  for (const name of names) simulator.add(name, beacon);
  simulator.schedule(...actions.filter(({ atMs }) => atMs <= untilMs));
  const { events, nowMs } = simulator.run({ untilMs });
  const counts = new Map([["beat", events]]);
  return { failure, actions, nowMs, events, counts, trace: simulator.trace };
}

exports.storm = {
  name: "beacon",
  modulePath: __filename,
  variants: ["frail"],
  describe: ({ fault }) => faultLabel(fault),
  build: (seed, variant) => {
    const beacon = variant === "frail" ? FrailBeacon : Beacon;
    return { plan: { seed }, run: (options) => play(seed, beacon, options) };
  },
};
