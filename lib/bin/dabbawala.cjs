#!/usr/bin/env node
const { existsSync } = require("fs");
const { join } = require("path");

const program = join(__dirname, "..", "dist", "cli", "index.js");
if (existsSync(program)) {
  require(program).main(process.argv);
} else {
  console.error("dabbawala: the library is not built: run `npm start`, or `npm run build`");
  process.exitCode = 1;
}
