// Before the tests: takes the demo catalogue into a data folder of its own, and serves it on a free port. After them: stops, and removes that
// folder and whatever the tests made for a while.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demo, root } from "./demo";

export default async function setup(): Promise<() => Promise<void>> {
  // A server that is already running, with the demo catalogue in it.
  if (process.env.VITRINE_URL) return async () => {};
  const vitrine = process.env.VITRINE_BIN;
  if (!vitrine) throw new Error("Set VITRINE_BIN to the built server, for example ~/.cache/vitrine/target/debug/vitrine, or run ./test end2end.");
  const made = mkdtempSync(join(tmpdir(), "vitrine-end2end-"));
  // The tests' own temporary files, the browser's not: the paths of its sockets have to be short.
  process.env.VITRINE_END2END = made;
  const data = join(made, "data");
  // Two workers search far more often than one shopper does.
  const env = { ...process.env, VITRINE_DATA: data, VITRINE_SEARCHES_PER_MINUTE: "0", VITRINE_LOG: process.env.VITRINE_LOG ?? "warn" };
  const ingest = spawnSync(vitrine, ["ingest", join(demo, "listings.jsonl"), "--photos", join(demo, "photos")], {
    cwd: root,
    env,
    encoding: "utf8",
  });
  if (ingest.status !== 0) throw new Error(`The demo catalogue could not be taken in (status ${ingest.status}):\n${ingest.stderr}`);

  const port = await freePort();
  const server = spawn(vitrine, ["serve", "--address", `127.0.0.1:${port}`], { cwd: root, env, stdio: ["ignore", "ignore", "inherit"] });
  process.env.VITRINE_URL = `http://127.0.0.1:${port}`;
  await ready(server, process.env.VITRINE_URL);
  return async () => {
    await stopped(server);
    rmSync(made, { recursive: true, force: true });
  };
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const listener = createServer();
    listener.once("error", reject);
    listener.listen(0, "127.0.0.1", () => {
      const address = listener.address();
      listener.close(() => (typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}

async function ready(server: ChildProcess, url: string): Promise<void> {
  const until = Date.now() + 120_000;
  while (Date.now() < until) {
    if (server.exitCode !== null) throw new Error(`The server ended with status ${server.exitCode} before it was ready.`);
    const answer = await fetch(`${url}/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  server.kill();
  throw new Error("The server was not ready within two minutes.");
}

async function stopped(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  server.kill("SIGTERM");
  const timer = setTimeout(() => server.kill("SIGKILL"), 15_000);
  await ended;
  clearTimeout(timer);
}
