// Preloaded (node -r) before the set-up, in words that every old Node understands: an old one would
// otherwise die of a syntax error before it could be told that it is too old.
var parts = process.versions.node.split(".");
var major = Number(parts[0]);
var minor = Number(parts[1]);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    "Node " +
      process.versions.node +
      " is too old: install Node 20.19 or newer from https://nodejs.org, then run this again.",
  );
  process.exit(1);
}
