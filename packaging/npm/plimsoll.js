#!/usr/bin/env node
// Starts the program of the package for this system, which npm has installed beside this one.
"use strict";

const { spawnSync } = require("child_process");

const system = `${process.platform}-${process.arch}`;

function program() {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const name = `@plimsoll-charts/${system}/bin/plimsoll${suffix}`;
  try {
    return require.resolve(name);
  } catch {
    console.error(
      `Error: the package @plimsoll-charts/${system} is not installed.\n` +
        "hint: install plimsoll without `--omit=optional`; there are packages for Linux and macOS, x64 and arm64, and for Windows, x64"
    );
    process.exit(2);
  }
}

const { error, status, signal } = spawnSync(program(), process.argv.slice(2), { stdio: "inherit" });
if (error) {
  console.error(`Error: plimsoll cannot be started: ${error.message}`);
  process.exit(2);
}
if (signal) {
  process.kill(process.pid, signal);
}
process.exit(status);
