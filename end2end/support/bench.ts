// What the bench's tests share: folders of photos as a dealer has them, and the command line that takes what the bench saves.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { demo, listings, root, type Listing } from "./demo";
import { temporary } from "./temporary";

/** Pieces for sale with two photos, each of another dealer. */
export const pieces: Listing[] = listings.filter(
  (listing, place) =>
    listing.status === "available" && listing.photos.length > 1 && listings.findIndex((other) => other.dealer.id === listing.dealer.id) === place,
);

/** The file of a listing's photo, from 1. */
export const photoOf = (listing: Listing, number = 1): string => join(demo, "photos", listing.photos[number - 1]);

/** The ending of the demo's photos: ".webp". */
export const ending = extname(pieces[0].photos[0]);

/** A folder of its own with these files in it: names and what they are copies of, or their text. */
export function folderOf(files: Record<string, string | { text: string }>): string {
  const folder = join(temporary("bench"), "photos");
  mkdirSync(folder);
  for (const [name, from] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof from === "string") copyFileSync(from, path);
    else writeFileSync(path, from.text);
  }
  return folder;
}

/** Runs the server's own command line on a data folder; what it printed as JSON. */
export function vitrine(data: string, ...args: string[]): { status: number | null; json: any; said: string } {
  const ran = spawnSync(process.env.VITRINE_BIN!, [...args, "--json"], { cwd: root, env: { ...process.env, VITRINE_DATA: data }, encoding: "utf8" });
  return { status: ran.status, json: ran.status === 0 ? JSON.parse(ran.stdout) : undefined, said: ran.stderr };
}

/** Waits until this many pieces have been looked up. */
export async function lookedUp(page: Page, count: number): Promise<void> {
  await expect(page.locator(".bench-progress .bench-said")).toContainText(`${count} of ${count} looked up.`, { timeout: 45_000 });
}
